//! What is decided, and what decides it.

use alloc::vec::Vec;

use assay_kernels_exact::sampler::Sampling;
use assay_primitives::{merkle, Hash, Hasher, TokenRoot, WeightsRoot};
use assay_programs::Typed;
use assay_trace::{grid::WORDS, Layout, Leaf, TreeShape};

use crate::{
	epilogue,
	error::{Error, Fault},
	ops,
	reader::Reader,
	source::{Source, Tree},
	witness::{Reading, Witness},
};

/// What both sides of a dispute agree on besides the program, the lengths and how tokens are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roots {
	/// Of the model's weights.
	pub weights: WeightsRoot,
	/// Of the input tokens.
	pub input: TokenRoot,
	/// Of the committed output: tokens, or the bits of an embedding.
	pub output: TokenRoot,
}

/// What one side claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
	/// The root of its trace.
	pub root: Hash,
	/// The hash of the leaf in question.
	pub leaf: Hash,
}

/// Whose claim is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
	/// The first.
	Left,
	/// The second.
	Right,
	/// None.
	Neither,
}

/// Recomputes leaves of the trace of one run.
#[derive(Clone, Debug)]
pub struct Referee<'t, 'p> {
	layout: Layout<'t, 'p>,
	sampling: Sampling,
}

impl<'t, 'p> Referee<'t, 'p> {
	/// For the run of an admitted program over so many input and output tokens; an embedding program has
	/// no output tokens and ignores the sampling.
	///
	/// `None` if the run is empty or longer than the program admits.
	pub fn new(
		typed: &'t Typed<'p>,
		inputs: u32,
		outputs: u32,
		sampling: Sampling,
	) -> Option<Self> {
		Some(Self { layout: Layout::new(typed, inputs, outputs)?, sampling })
	}

	/// The layout of the trace.
	pub const fn layout(&self) -> &Layout<'t, 'p> {
		&self.layout
	}

	/// How tokens are chosen.
	pub const fn sampling(&self) -> &Sampling {
		&self.sampling
	}

	/// The form of a tree that leaves are read from.
	pub fn shape(&self, tree: Tree) -> TreeShape {
		let token_leaves = |tokens: u32| TreeShape::new(tokens.div_ceil(WORDS).into());
		match tree {
			Tree::Trace => self.layout.tree(),
			Tree::Weights => TreeShape::new(self.layout.typed().weight_leaves()),
			Tree::Input => token_leaves(self.layout.inputs()),
			Tree::Output => token_leaves(self.layout.epilogue().words()),
		}
	}

	/// The content of a leaf, computed from other leaves.
	///
	/// # Errors
	/// If there is no such leaf, the source lacks what is read, or the program is not an admitted one.
	pub fn recompute<S: Source>(&self, leaf: u64, source: &mut S) -> Result<Vec<u8>, S::Error> {
		let located = self.layout.locate(leaf).ok_or(Fault::NoSuchLeaf { leaf })?;
		let mut reader = Reader::new(&self.layout, leaf, source);
		match located {
			Leaf::Program(location) => ops::recompute(&location, &mut reader),
			Leaf::Epilogue(leaf) => epilogue::recompute(&leaf, &self.sampling, &mut reader),
		}
	}

	/// Decides which of two claims about a leaf is right.
	///
	/// The game has established that the claimed hashes lie at this leaf under the sides' roots, and that
	/// all leaves before it are the same in both traces; neither is looked at here.
	///
	/// # Errors
	/// If the witness does not hold exactly what is read, or not what the roots stand for; or if there is
	/// nothing to decide.
	pub fn decide<H: Hasher>(
		&self,
		leaf: u64,
		left: &Claim,
		right: &Claim,
		roots: &Roots,
		witness: &Witness,
	) -> Result<Verdict, Error> {
		if left.leaf == right.leaf {
			return Err(Fault::EqualClaims.into());
		}
		witness.check_length()?;
		let mut reading = Reading::new(witness);
		// Computed before anything is proved, because some leaves say which others are read. That is
		// harmless: operations are total, and without the proofs the result is dropped.
		let content = self.recompute(leaf, &mut reading)?;
		for tree in Tree::ALL {
			let Some(root) = reading.prove::<H>(tree, self.shape(tree))? else { continue };
			let expected = match tree {
				Tree::Trace => root == left.root || root == right.root,
				Tree::Weights => root == roots.weights.0,
				Tree::Input => root == roots.input.0,
				Tree::Output => root == roots.output.0,
			};
			if !expected {
				return Err(Error::OtherRoot { tree });
			}
		}
		let hash = merkle::leaf::<H>(&content);
		Ok(if hash == left.leaf {
			Verdict::Left
		} else if hash == right.leaf {
			Verdict::Right
		} else {
			Verdict::Neither
		})
	}
}
