//! The tree of the weights, whose leaves stay where they are.

use core::ops::Range;

use assay_kernels_backend::{Piece, WeightSource};
use assay_primitives::{
	merkle::{leaf, LeafBatch},
	Hash, Native, WeightsRoot,
};
use assay_programs::{Program, TensorId, WeightLeaf};
use assay_trace::{Leaves, Node, Skeleton, SkeletonBuilder, TreeShape};

use crate::error::ProverError;

/// Bytes of weights that are read at once, unless a leaf has more.
const PIECE: u64 = 1 << 20;
/// Most nodes that are kept: 2 MiB.
const NODES: u64 = 1 << 16;

/// The upper levels of the tree over a program's weights. Leaves are read from their source.
#[derive(Clone, Debug)]
pub struct WeightTree {
	upper: Skeleton<Native>,
}

impl WeightTree {
	/// Reads all weights once.
	///
	/// # Errors
	/// If a weight cannot be read.
	pub fn new(program: &Program, source: &dyn WeightSource) -> Result<Self, ProverError> {
		let leaves = program.weight_leaves();
		let mut tree = SkeletonBuilder::new(TreeShape::new(leaves), NODES);
		let (mut bytes, mut hashes) = (Vec::new(), Vec::new());
		for (id, tensor) in (0..).map(TensorId).zip(&program.tensors) {
			let leaf_bytes = tensor.rows_per_leaf().saturating_mul(tensor.row_bytes()).max(1);
			let piece = (PIECE / leaf_bytes).max(1).saturating_mul(leaf_bytes);
			let of = tensor.copy_bytes();
			for copy in 0..tensor.copies {
				let mut start = 0;
				while start < of {
					let size = piece.min(of - start);
					bytes.resize(usize::try_from(size).unwrap_or(usize::MAX), 0);
					source.read_piece(id, copy, Piece { start, of }, &mut bytes)?;
					let mut batch = LeafBatch::default();
					let leaf_size = usize::try_from(leaf_bytes).unwrap_or(usize::MAX);
					for content in bytes.chunks(leaf_size) {
						batch.begin();
						batch.extend(content);
					}
					batch.hash_into::<Native>(&mut hashes);
					hashes.drain(..).for_each(|hash| tree.push(hash));
					start += size;
				}
			}
		}
		let found = tree.leaves();
		let upper = tree.finish().ok_or(ProverError::Missing { expected: leaves, found })?;
		Ok(Self { upper })
	}

	/// The root.
	pub fn root(&self) -> WeightsRoot {
		WeightsRoot(self.upper.root())
	}

	/// The content of a leaf.
	///
	/// # Errors
	/// If there is no such leaf, or it cannot be read.
	pub(crate) fn leaf(
		&self,
		program: &Program,
		source: &dyn WeightSource,
		index: u64,
	) -> Result<Vec<u8>, ProverError> {
		let none = ProverError::NoSuchLeaf(index);
		let Some(WeightLeaf { tensor: id, copy, rows }) = program.weight_leaf(index) else {
			return Err(none);
		};
		let Some(tensor) = program.tensors.get(usize::from(id.0)) else { return Err(none) };
		let row_bytes = tensor.row_bytes();
		let size = u64::from(rows.end - rows.start).saturating_mul(row_bytes);
		let mut bytes = vec![0; usize::try_from(size).map_err(|_| none)?];
		let start = u64::from(rows.start).saturating_mul(row_bytes);
		source.read_piece(id, copy, Piece { start, of: tensor.copy_bytes() }, &mut bytes)?;
		Ok(bytes)
	}

	/// The hash of a node.
	///
	/// # Errors
	/// If there is no such node, or a leaf below it cannot be read.
	pub(crate) fn node(
		&self,
		program: &Program,
		source: &dyn WeightSource,
		node: Node,
	) -> Result<Hash, ProverError> {
		self.upper.node(node, &mut Read { tree: self, program, source }).map_err(
			|error| match error {
				assay_trace::OpeningError::Leaves(error) => error,
				_ => ProverError::NoSuchNode(node),
			},
		)
	}
}

/// Leaves that are read again.
struct Read<'a> {
	tree: &'a WeightTree,
	program: &'a Program,
	source: &'a dyn WeightSource,
}

impl Leaves for Read<'_> {
	type Error = ProverError;

	fn hashes(
		&mut self,
		leaves: Range<u64>,
		take: &mut dyn FnMut(Hash),
	) -> Result<(), ProverError> {
		for index in leaves {
			let content = self.tree.leaf(self.program, self.source, index)?;
			take(leaf::<Native>(&content));
		}
		Ok(())
	}
}
