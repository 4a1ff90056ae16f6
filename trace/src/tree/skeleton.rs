//! The upper levels of a tree, kept so that its lower nodes can be computed again one by one.

use alloc::{vec, vec::Vec};
use core::{fmt, marker::PhantomData, ops::Range};

use assay_primitives::{
	merkle::{node, root, Path, ARITY},
	Hash, Hasher,
};

use super::{Node, Opening, TreeShape};

/// Who can compute the leaves of a tree again.
pub trait Leaves {
	/// Why that fails.
	type Error;

	/// Hands the hashes of some leaves to `take`, in order.
	///
	/// # Errors
	/// If a leaf cannot be computed.
	fn hashes(&mut self, leaves: Range<u64>, take: &mut dyn FnMut(Hash))
		-> Result<(), Self::Error>;
}

/// Why a node cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpeningError<E> {
	/// The tree has no such node, or it is a leaf.
	NoSuchNode(Node),
	/// Other than the asked-for number of leaves was handed out.
	LeafCount {
		/// Leaves asked for.
		expected: u64,
		/// Leaves handed out.
		found: u64,
	},
	/// The leaves cannot be computed.
	Leaves(E),
}

impl<E: fmt::Display> fmt::Display for OpeningError<E> {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::NoSuchNode(Node { level, index }) => {
				write!(f, "the tree has no inner node {index} on level {level}")
			}
			Self::LeafCount { expected, found } => {
				write!(f, "{found} leaves were computed where {expected} are needed")
			}
			Self::Leaves(error) => error.fmt(f),
		}
	}
}

impl<E: core::error::Error + 'static> core::error::Error for OpeningError<E> {
	fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
		match self {
			Self::Leaves(error) => error.source(),
			_ => None,
		}
	}
}

/// Folds hashes that arrive in order into nodes a number of levels above.
#[derive(Clone, Debug)]
struct Fold {
	/// Hashes that wait for their siblings, lowest level first; fewer than [`ARITY`] on each.
	waiting: Vec<Vec<Hash>>,
}

impl Fold {
	fn new(levels: u32) -> Self {
		Self { waiting: (0..levels).map(|_| Vec::with_capacity(ARITY)).collect() }
	}

	/// Takes a hash and returns the node that it completes.
	fn push<H: Hasher>(&mut self, mut hash: Hash) -> Option<Hash> {
		for waiting in &mut self.waiting {
			waiting.push(hash);
			if waiting.len() < ARITY {
				return None;
			}
			hash = node::<H>(waiting);
			waiting.clear();
		}
		Some(hash)
	}

	/// The last node, if it was not complete.
	fn finish<H: Hasher>(self) -> Option<Hash> {
		self.waiting.into_iter().fold(None, |below, mut waiting| {
			waiting.extend(below);
			(!waiting.is_empty()).then(|| node::<H>(&waiting))
		})
	}
}

/// Builds a [`Skeleton`] from leaves that arrive in order.
#[derive(Clone, Debug)]
pub struct SkeletonBuilder<H> {
	shape: TreeShape,
	leaves: u64,
	fold: Fold,
	base: u32,
	nodes: Vec<Hash>,
	hasher: PhantomData<fn() -> H>,
}

impl<H: Hasher> SkeletonBuilder<H> {
	/// For a tree of so many leaves, of which as many upper levels are kept as have at most `kept` nodes
	/// together; the top is kept always.
	pub fn new(shape: TreeShape, kept: u64) -> Self {
		let depth = shape.depth();
		let nodes_from = |base: u32| {
			(base..=depth).fold(0_u64, |nodes, level| nodes.saturating_add(shape.width(level)))
		};
		let base = (0..depth).find(|&base| nodes_from(base) <= kept).unwrap_or(depth);
		Self {
			shape,
			leaves: 0,
			fold: Fold::new(base),
			base,
			nodes: Vec::new(),
			hasher: PhantomData,
		}
	}

	/// How many leaves have come.
	pub const fn leaves(&self) -> u64 {
		self.leaves
	}

	/// Appends the hash of a leaf.
	pub fn push(&mut self, leaf: Hash) {
		self.leaves = self.leaves.saturating_add(1);
		self.nodes.extend(self.fold.push::<H>(leaf));
	}

	/// The upper levels; `None` unless as many leaves have come as the tree has.
	pub fn finish(mut self) -> Option<Skeleton<H>> {
		if self.leaves != self.shape.leaves() {
			return None;
		}
		self.nodes.extend(self.fold.finish::<H>());
		let mut levels = vec![self.nodes];
		for level in self.base..self.shape.depth() {
			let below = levels.last().map(Vec::as_slice).unwrap_or_default();
			let above: Vec<Hash> = below.chunks(ARITY).map(node::<H>).collect();
			debug_assert_eq!(above.len() as u64, self.shape.width(level + 1));
			levels.push(above);
		}
		Some(Skeleton { shape: self.shape, base: self.base, levels, hasher: PhantomData })
	}
}

/// The upper levels of a tree. What lies below is computed again from [`Leaves`] when it is asked for.
#[derive(Clone, Debug)]
pub struct Skeleton<H> {
	shape: TreeShape,
	/// The lowest level that is kept.
	base: u32,
	/// The kept levels, lowest first.
	levels: Vec<Vec<Hash>>,
	hasher: PhantomData<fn() -> H>,
}

impl<H: Hasher> Skeleton<H> {
	/// The form of the tree.
	pub const fn shape(&self) -> TreeShape {
		self.shape
	}

	/// The root.
	pub fn root(&self) -> Hash {
		let top = self.levels.last().and_then(|level| level.first()).copied();
		root::<H>(self.shape.leaves(), &top.unwrap_or_default())
	}

	/// How many hashes are kept.
	pub fn kept(&self) -> usize {
		self.levels.iter().map(Vec::len).sum()
	}

	/// The hash of a node.
	///
	/// # Errors
	/// If the tree has no such node, or its leaves cannot be computed.
	pub fn node<L: Leaves>(
		&self,
		asked: Node,
		leaves: &mut L,
	) -> Result<Hash, OpeningError<L::Error>> {
		let none = OpeningError::NoSuchNode(asked);
		let Some(range) = self.shape.descendants(asked, asked.level) else { return Err(none) };
		if let Some(level) = asked.level.checked_sub(self.base) {
			let level = usize::try_from(level).ok().and_then(|level| self.levels.get(level));
			let place = usize::try_from(asked.index).ok();
			return level
				.zip(place)
				.and_then(|(level, place)| level.get(place))
				.copied()
				.ok_or(none);
		}
		let mut fold = Fold::new(asked.level);
		let (mut complete, mut found) = (None, 0_u64);
		let mut take = |hash| {
			complete = fold.push::<H>(hash);
			found += 1;
		};
		let expected = range.end - range.start;
		leaves.hashes(range, &mut take).map_err(OpeningError::Leaves)?;
		if found != expected {
			return Err(OpeningError::LeafCount { expected, found });
		}
		complete.or_else(|| fold.finish::<H>()).ok_or(none)
	}

	/// What a move reveals of a node.
	///
	/// # Errors
	/// If the tree has no such inner node, or its leaves cannot be computed.
	pub fn opening<L: Leaves>(
		&self,
		opened: Node,
		leaves: &mut L,
	) -> Result<Opening, OpeningError<L::Error>> {
		let below = Opening::levels(opened).and_then(|levels| {
			Some((opened.level - levels, self.shape.descendants(opened, levels)?))
		});
		let Some((level, places)) = below else { return Err(OpeningError::NoSuchNode(opened)) };
		let hashes = places.map(|index| self.node(Node { level, index }, leaves));
		hashes.collect::<Result<_, _>>().map(Opening)
	}

	/// The path of a leaf.
	///
	/// # Errors
	/// If the tree has no such leaf, or leaves cannot be computed.
	pub fn path<L: Leaves>(
		&self,
		index: u64,
		leaves: &mut L,
	) -> Result<Path, OpeningError<L::Error>> {
		let mut way = Node { level: 0, index };
		if !self.shape.contains(way) {
			return Err(OpeningError::NoSuchNode(way));
		}
		let mut siblings = Vec::new();
		while way.level < self.shape.depth() {
			for place in self.shape.siblings(way).filter(|&place| place != way.index) {
				siblings.push(self.node(Node { index: place, ..way }, leaves)?);
			}
			way = Node { level: way.level + 1, index: way.index / super::ARITY };
		}
		Ok(Path { index, leaves: self.shape.leaves(), siblings })
	}
}
