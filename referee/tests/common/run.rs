//! A run with all of its trees.

use std::{convert::Infallible, ops::Range};

use assay_kernels_backend::{reference::Interpreter, MemoryWeights};
use assay_kernels_exact::sampler::Sampling;
use assay_primitives::{
	merkle::{leaf, Builder, Path},
	tokens::{leaf_bytes, TOKENS_PER_LEAF},
	Hash, Native, TokenRoot, WeightsRoot,
};
use assay_programs::{Kind, Program, Typed, WeightLeaf};
use assay_referee::{Claim, Data, Error, Referee, Roots, Tree, Verdict, Witness, WitnessBuilder};
use assay_trace::{Layout, Leaf, Leaves, Node, Skeleton, SkeletonBuilder, TraceBuilder, TreeShape};

use super::{
	epilogue::Ending,
	models::{weights, Bytes, Words},
	tiles::Notes,
};

/// A tree of which everything is kept.
#[derive(Clone)]
struct Whole {
	leaves: Vec<Vec<u8>>,
	nodes: Skeleton<Native>,
}

impl Whole {
	fn new(leaves: Vec<Vec<u8>>) -> Self {
		let mut nodes = SkeletonBuilder::new(TreeShape::new(leaves.len() as u64), u64::MAX);
		leaves.iter().for_each(|bytes| nodes.push(leaf::<Native>(bytes)));
		Self { nodes: nodes.finish().unwrap(), leaves }
	}
}

/// What a run is, and the trees that a dispute about it reads.
#[derive(Clone)]
pub(crate) struct Run {
	pub(crate) program: Program,
	pub(crate) inputs: u32,
	pub(crate) outputs: u32,
	pub(crate) sampling: Sampling,
	pub(crate) committed: Vec<u32>,
	/// By number of the tree.
	trees: [Whole; 4],
}

impl Run {
	/// A run of so many input and output tokens that commits what it computes.
	pub(crate) fn honest(program: &Program, inputs: u32, outputs: u32, sampling: Sampling) -> Self {
		Self::committing(program, inputs, outputs, sampling, |_| ())
	}

	/// A run that commits what `change` makes of its output.
	///
	/// The tokens after a changed one are those of the unchanged output: what is traced is the pass over
	/// what was committed.
	pub(crate) fn committing(
		program: &Program,
		inputs: u32,
		outputs: u32,
		sampling: Sampling,
		change: impl Fn(&mut Vec<u32>),
	) -> Self {
		let weights = weights(program, 3, Bytes::Honest);
		let interpreter = Interpreter::new(program, &weights).unwrap();
		let generates = matches!(program.kind, Kind::Generate { .. });
		let input = Words::new(11).tokens(inputs, program);
		let mut committed = Vec::new();
		if generates {
			for _ in 0..outputs {
				let tokens = [&input[..], &committed].concat();
				let result = interpreter.run(&tokens, 1, &mut ()).unwrap();
				let inputs = tokens.len() as u32;
				let sampling = &sampling;
				let ending =
					Ending { result: &result, generates, inputs, committed: &[], sampling };
				committed.extend(ending.words());
			}
		} else {
			let result = interpreter.run(&input, 1, &mut ()).unwrap();
			committed.extend(result.elements.iter().map(|element| element.to_bits()));
		}
		change(&mut committed);

		let typed = program.admit().unwrap();
		let layout = Layout::new(&typed, inputs, outputs).unwrap();
		let continued = if generates { &committed[..committed.len() - 1] } else { &[] };
		let tokens = [&input[..], continued].concat();
		let (notes, result) = Notes::of(&interpreter, &tokens, outputs);
		let ending = Ending {
			result: &result,
			generates,
			inputs,
			committed: &committed,
			sampling: &sampling,
		};
		let tile = |index: u64| match layout.locate(index).unwrap() {
			Leaf::Program(location) => notes.tile(&typed, &location),
			Leaf::Epilogue(leaf) => ending.leaf(&leaf),
		};
		let tiles = (0..layout.leaves()).map(tile).collect();
		let parts = (program, inputs, outputs, sampling);
		Self::with(parts, &weights, tiles, &input, committed)
	}

	/// A run of which every byte is drawn: tiles, weights, tokens.
	pub(crate) fn hostile(
		program: &Program,
		inputs: u32,
		outputs: u32,
		sampling: Sampling,
		seed: u64,
	) -> Self {
		let mut words = Words::new(seed);
		let typed = program.admit().unwrap();
		let layout = Layout::new(&typed, inputs, outputs).unwrap();
		let tiles = (0..layout.leaves()).map(|leaf| words.bytes(layout.bytes(leaf).unwrap()));
		let tiles = tiles.collect();
		let mut token = || words.next() as u32;
		let input: Vec<u32> = (0..inputs).map(|_| token()).collect();
		let committed = (0..layout.epilogue().words()).map(|_| token()).collect();
		let weights = weights(program, seed, Bytes::Hostile);
		Self::with((program, inputs, outputs, sampling), &weights, tiles, &input, committed)
	}

	fn with(
		(program, inputs, outputs, sampling): (&Program, u32, u32, Sampling),
		weights: &MemoryWeights,
		tiles: Vec<Vec<u8>>,
		input: &[u32],
		committed: Vec<u32>,
	) -> Self {
		let tokens = |tokens: &[u32]| tokens.chunks(TOKENS_PER_LEAF).map(leaf_bytes).collect();
		let trees = [tiles, weight_leaves(program, weights), tokens(input), tokens(&committed)];
		let trees = trees.map(Whole::new);
		let program = program.clone();
		let run = Self { program, inputs, outputs, sampling, committed, trees };
		assert_eq!(run.roots().input, TokenRoot::of::<Native>(input));
		run
	}

	pub(crate) fn typed(&self) -> Typed<'_> {
		self.program.admit().unwrap()
	}

	pub(crate) fn referee<'t, 'p>(&self, typed: &'t Typed<'p>) -> Referee<'t, 'p> {
		Referee::new(typed, self.inputs, self.outputs, self.sampling).unwrap()
	}

	fn tree(&self, tree: Tree) -> &Whole {
		&self.trees[match tree {
			Tree::Trace => 0,
			Tree::Weights => 1,
			Tree::Input => 2,
			Tree::Output => 3,
		}]
	}

	pub(crate) fn tile(&self, leaf: u64) -> &[u8] {
		&self.tree(Tree::Trace).leaves[leaf as usize]
	}

	pub(crate) fn leaves(&self) -> u64 {
		self.tree(Tree::Trace).leaves.len() as u64
	}

	/// The path of a leaf of the trace.
	pub(crate) fn path(&self, leaf: u64) -> Path {
		self.trace().path(leaf, &mut Kept).unwrap()
	}

	pub(crate) fn trace(&self) -> &Skeleton<Native> {
		&self.tree(Tree::Trace).nodes
	}

	pub(crate) fn roots(&self) -> Roots {
		let root = |tree| self.tree(tree).nodes.root();
		Roots {
			weights: WeightsRoot(root(Tree::Weights)),
			input: TokenRoot(root(Tree::Input)),
			output: TokenRoot(root(Tree::Output)),
		}
	}

	/// The same run with other tiles in its trace.
	pub(crate) fn with_tiles(&self, change: impl Fn(u64, &mut Vec<u8>)) -> Self {
		let mut tiles = self.trees[0].leaves.clone();
		tiles.iter_mut().enumerate().for_each(|(leaf, tile)| change(leaf as u64, tile));
		let mut run = self.clone();
		run.trees[0] = Whole::new(tiles);
		run
	}

	/// What this run claims about a leaf.
	pub(crate) fn claim(&self, index: u64) -> Claim {
		Claim { root: self.trace().root(), leaf: leaf::<Native>(self.tile(index)) }
	}

	/// A claim about a leaf under this run's root, with other bytes.
	pub(crate) fn claim_of(&self, bytes: &[u8]) -> Claim {
		Claim { root: self.trace().root(), leaf: leaf::<Native>(bytes) }
	}

	/// The witness of a leaf, and the bytes that follow from it.
	pub(crate) fn witness(&self, referee: &Referee<'_, '_>, leaf: u64) -> (Witness, Vec<u8>) {
		WitnessBuilder::new(referee).build::<Native, _>(leaf, &mut Trees(self)).unwrap()
	}

	/// Decides between two claims about a leaf.
	pub(crate) fn decide(
		&self,
		referee: &Referee<'_, '_>,
		index: u64,
		(left, right): (&Claim, &Claim),
		witness: &Witness,
	) -> Result<Verdict, Error> {
		referee.decide::<Native>(index, left, right, &self.roots(), witness)
	}

	/// The root of the trace as a stream of tiles gives it.
	pub(crate) fn streamed_root(&self, referee: &Referee<'_, '_>) -> Hash {
		let mut builder = TraceBuilder::<Native>::new(referee.layout(), 64);
		let mut plain = Builder::<Native>::default();
		for tile in &self.trees[0].leaves {
			builder.push(tile).unwrap();
			plain.push(tile);
		}
		let root = builder.finish().unwrap().root();
		assert_eq!(root, plain.finish());
		root
	}
}

/// A run's trees as the data of a witness.
struct Trees<'r>(&'r Run);

impl Data for Trees<'_> {
	type Error = Infallible;

	fn leaf(&mut self, tree: Tree, index: u64) -> Result<Vec<u8>, Infallible> {
		Ok(self.0.tree(tree).leaves[index as usize].clone())
	}

	fn node(&mut self, tree: Tree, node: Node) -> Result<Hash, Infallible> {
		Ok(self.0.tree(tree).nodes.node(node, &mut Kept).unwrap())
	}
}

/// Nothing is computed again where everything is kept.
pub(crate) struct Kept;

impl Leaves for Kept {
	type Error = Infallible;

	fn hashes(&mut self, _: Range<u64>, _: &mut dyn FnMut(Hash)) -> Result<(), Infallible> {
		unreachable!("every node is kept")
	}
}

/// The leaves of the weights' tree: whole rows of one copy each.
fn weight_leaves(program: &Program, weights: &MemoryWeights) -> Vec<Vec<u8>> {
	let leaf = |index| {
		let WeightLeaf { tensor, copy, rows } = program.weight_leaf(index).unwrap();
		let row_bytes = program.tensors[usize::from(tensor.0)].row_bytes() as usize;
		let copy = weights.get(tensor, copy).unwrap();
		copy[rows.start as usize * row_bytes..rows.end as usize * row_bytes].to_vec()
	};
	(0..program.weight_leaves()).map(leaf).collect()
}

/// Bytes with one bit flipped.
pub(crate) fn flipped(bytes: &[u8], bit: u64) -> Vec<u8> {
	let mut bytes = bytes.to_vec();
	let bit = bit as usize % (8 * bytes.len());
	bytes[bit / 8] ^= 1 << (bit % 8);
	bytes
}
