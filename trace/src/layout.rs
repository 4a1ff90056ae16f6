//! Which tile a leaf is, and where a tile lies, for the whole trace of a run.

use assay_primitives::{merkle::Path, Hash, Hasher};
use assay_programs::{
	dataflow::StepId,
	stage::{Location, Section, Stage, Trace},
	Kind, Shape, Typed,
};

use crate::{
	epilogue::{Epilogue, EpilogueLeaf},
	tree::TreeShape,
};

/// The layout of a run's trace. Every question is answered in time that follows from the length of the
/// program as written.
#[derive(Clone, Debug)]
pub struct Layout<'t, 'p> {
	typed: &'t Typed<'p>,
	program: Trace<'t, 'p>,
	epilogue: Epilogue,
	inputs: u32,
	outputs: u32,
}

/// A leaf by what it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaf {
	/// A tile of the program.
	Program(Location),
	/// A leaf of the protocol.
	Epilogue(EpilogueLeaf),
}

impl<'t, 'p> Layout<'t, 'p> {
	/// The layout for so many input and output tokens; an embedding program has no output tokens.
	///
	/// `None` if the run is empty or longer than the program admits.
	pub fn new(typed: &'t Typed<'p>, inputs: u32, outputs: u32) -> Option<Self> {
		let program = typed.program();
		let shape = Shape::new(program, inputs, outputs)?;
		let epilogue = match program.kind {
			Kind::Generate { .. } => Epilogue::generate(outputs, program.vocabulary),
			Kind::Embed => Epilogue::embed(typed.result().form.columns()),
		};
		Some(Self { typed, program: Trace::new(typed, shape), epilogue, inputs, outputs })
	}

	/// The program with its types.
	pub const fn typed(&self) -> &'t Typed<'p> {
		self.typed
	}

	/// The lengths of the run.
	pub const fn shape(&self) -> Shape {
		self.program.shape()
	}

	/// Input tokens.
	pub const fn inputs(&self) -> u32 {
		self.inputs
	}

	/// Output tokens; 0 for a program that embeds.
	pub const fn outputs(&self) -> u32 {
		self.outputs
	}

	/// Where the program's tiles lie.
	pub const fn program(&self) -> &Trace<'t, 'p> {
		&self.program
	}

	/// The protocol's leaves, which follow the program's.
	pub const fn epilogue(&self) -> &Epilogue {
		&self.epilogue
	}

	/// How many leaves there are.
	pub fn leaves(&self) -> u64 {
		self.program.leaves().saturating_add(self.epilogue.leaves())
	}

	/// The leaf that holds the verdict: one byte, OK or `NOT_OK`.
	pub fn last(&self) -> u64 {
		self.leaves().saturating_sub(1)
	}

	/// Whether a path shows that the trace under a root ends in this verdict.
	pub fn ends_in<H: Hasher>(&self, verdict: u8, path: &Path, root: &Hash) -> bool {
		(path.index, path.leaves) == (self.last(), self.leaves())
			&& path.verify::<H>(&[verdict], root)
	}

	/// The form of the tree.
	pub fn tree(&self) -> TreeShape {
		TreeShape::new(self.leaves())
	}

	/// What a leaf is.
	pub fn locate(&self, leaf: u64) -> Option<Leaf> {
		match leaf.checked_sub(self.program.leaves()) {
			None => self.program.locate(leaf).map(Leaf::Program),
			Some(leaf) => self.epilogue.locate(leaf).map(Leaf::Epilogue),
		}
	}

	/// Where a leaf is.
	pub fn index(&self, leaf: &Leaf) -> Option<u64> {
		match leaf {
			Leaf::Program(Location { step, section, tile }) => {
				let (found, first) = self.program.section(*step, section.stage)?;
				(found == *section && *tile < section.tiles()).then_some(first.checked_add(*tile)?)
			}
			Leaf::Epilogue(leaf) => self.program.leaves().checked_add(self.epilogue.index(leaf)?),
		}
	}

	/// Bytes of a leaf.
	pub fn bytes(&self, leaf: u64) -> Option<u64> {
		match self.locate(leaf)? {
			Leaf::Program(Location { section, tile, .. }) => section.tile_bytes(tile),
			Leaf::Epilogue(leaf) => Some(self.epilogue.bytes(&leaf)),
		}
	}

	/// The section of a stage of a step and the number of its first leaf.
	pub fn section(&self, step: StepId, stage: Stage) -> Option<(Section, u64)> {
		self.program.section(step, stage)
	}

	/// The section that holds the value which a step writes: that of its last stage; and the number of
	/// its first leaf.
	pub fn value(&self, step: StepId) -> Option<(Section, u64)> {
		let last = self.typed.sections(step.block, step.op, self.shape()).last()?;
		self.section(step, last.stage)
	}

	/// The step that writes the program's result.
	pub fn result(&self) -> Option<StepId> {
		self.typed.step(self.typed.steps().checked_sub(1)?)
	}
}
