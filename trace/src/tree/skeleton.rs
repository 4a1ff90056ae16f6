//! The upper levels of a tree, kept so that its lower nodes can be computed again one by one.

use alloc::{vec, vec::Vec};
use core::{fmt, marker::PhantomData, ops::Range};

use assay_primitives::{
	merkle::{self, node, root, Path, ARITY},
	Hash, Hasher,
};

use super::{Node, Opening, Segment, SegmentError, TreeShape};

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

/// Builds a [`Skeleton`] from leaves that arrive in order.
#[derive(Clone, Debug)]
pub struct SkeletonBuilder<H> {
	shape: TreeShape,
	base: u32,
	leaves: Segment<H>,
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
		Self { shape, base, leaves: Segment::new(0, base) }
	}

	/// How many leaves have come.
	pub const fn leaves(&self) -> u64 {
		self.leaves.leaves()
	}

	/// How many hashes are held.
	pub fn held(&self) -> usize {
		self.leaves.held()
	}

	/// A segment of this tree, from leaf `start` on.
	pub fn segment(&self, start: u64) -> Segment<H> {
		Segment::new(start, self.base)
	}

	/// Appends the hash of a leaf.
	pub fn push(&mut self, leaf: Hash) {
		self.leaves.push(leaf);
	}

	/// Appends leaves that were folded apart.
	///
	/// # Errors
	/// If they are not the next ones; nothing is appended then.
	pub fn append(&mut self, segment: Segment<H>) -> Result<(), SegmentError> {
		self.leaves.append(segment)
	}

	/// The upper levels; `None` unless as many leaves have come as the tree has.
	pub fn finish(self) -> Option<Skeleton<H>> {
		if self.leaves.leaves() != self.shape.leaves() {
			return None;
		}
		let (nodes, edge) = self.leaves.finish();
		Some(Skeleton::above(self.shape, self.base, nodes, edge))
	}
}

/// The upper levels of a tree. What lies below is computed again from [`Leaves`] when it is asked for,
/// except for the way to the last leaf.
#[derive(Clone, Debug)]
pub struct Skeleton<H> {
	shape: TreeShape,
	/// The lowest level that is kept.
	base: u32,
	/// The kept levels, lowest first.
	levels: Vec<Vec<Hash>>,
	/// Of each level below, from the leaves up: the children of the last parent.
	edge: Vec<Vec<Hash>>,
	hasher: PhantomData<fn() -> H>,
}

impl<H: Hasher> Skeleton<H> {
	/// The skeleton whose lowest kept level has these nodes.
	fn above(shape: TreeShape, base: u32, nodes: Vec<Hash>, edge: Vec<Vec<Hash>>) -> Self {
		let mut levels = vec![nodes];
		for level in base..shape.depth() {
			let below = levels.last().map(Vec::as_slice).unwrap_or_default();
			let above = merkle::nodes::<H>(below);
			debug_assert_eq!(above.len() as u64, shape.width(level + 1));
			levels.push(above);
		}
		Self { shape, base, levels, edge, hasher: PhantomData }
	}

	/// The skeleton of a tree of this form that [was](Self::nodes) taken apart.
	///
	/// `None` unless there are as many hashes as such a tree has on these levels, and those of the edge
	/// lead to the last node. That the nodes are the right ones is what the [root](Self::root) tells.
	pub fn from_parts(shape: TreeShape, nodes: Vec<Hash>, edge: Vec<Vec<Hash>>) -> Option<Self> {
		let base = u32::try_from(edge.len()).ok().filter(|&base| base <= shape.depth())?;
		let is_level = |level, count: usize| u64::try_from(count) == Ok(shape.width(level));
		let above = edge.iter().skip(1).map(|level| level.last()).chain([nodes.last()]);
		for ((level, children), parent) in (0..).zip(&edge).zip(above) {
			let before = u64::try_from(children.len()).ok()?;
			let first = shape.width(level).checked_sub(before)?;
			let is_last =
				first.is_multiple_of(super::ARITY) && (1..=ARITY).contains(&children.len());
			if !is_last || parent != Some(&node::<H>(children)) {
				return None;
			}
		}
		is_level(base, nodes.len()).then(|| Self::above(shape, base, nodes, edge))
	}

	/// The nodes of the lowest level that is kept.
	pub fn nodes(&self) -> &[Hash] {
		self.levels.first().map(Vec::as_slice).unwrap_or_default()
	}

	/// Of each level below those that are kept, from the leaves up, the children of the last parent.
	pub fn edge(&self) -> &[Vec<Hash>] {
		&self.edge
	}

	/// The lowest level that is kept.
	pub const fn base(&self) -> u32 {
		self.base
	}

	/// The form of the tree.
	pub const fn shape(&self) -> TreeShape {
		self.shape
	}

	/// The root.
	pub fn root(&self) -> Hash {
		let top = self.levels.last().and_then(|level| level.first()).copied();
		root::<H>(self.shape.leaves(), &top.unwrap_or_default())
	}

	/// How many hashes are kept of the upper levels.
	pub fn kept(&self) -> usize {
		self.levels.iter().map(Vec::len).sum()
	}

	/// The hash of a node, unless it has to be computed from leaves.
	pub fn known(&self, asked: Node) -> Option<Hash> {
		let level = match asked.level.checked_sub(self.base) {
			Some(level) => self.levels.get(usize::try_from(level).ok()?)?,
			None => self.edge.get(usize::try_from(asked.level).ok()?)?,
		};
		let first = self.shape.width(asked.level).checked_sub(u64::try_from(level.len()).ok()?)?;
		level.get(usize::try_from(asked.index.checked_sub(first)?).ok()?).copied()
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
		if let Some(hash) = self.known(asked) {
			return Ok(hash);
		}
		let mut segment = Segment::<H>::new(range.start, asked.level);
		let expected = range.end - range.start;
		leaves.hashes(range, &mut |hash| segment.push(hash)).map_err(OpeningError::Leaves)?;
		let found = segment.leaves();
		if found != expected {
			return Err(OpeningError::LeafCount { expected, found });
		}
		segment.finish().0.first().copied().ok_or(none)
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
