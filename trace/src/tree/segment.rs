//! Consecutive leaves, folded to as few hashes as their place in the tree allows.

use alloc::vec::Vec;
use core::{fmt, marker::PhantomData};

use assay_primitives::{
	merkle::{node, nodes, ARITY},
	Hash, Hasher,
};

/// Consecutive leaves of a tree, which may begin anywhere in it.
///
/// Segments that follow each other are [joined](Self::append) to one, so that parts of a tree can be
/// computed on several threads, or before what lies between them. A segment holds, besides the nodes
/// of its top level, less than 31 hashes per level, however many leaves it has.
#[derive(Clone, Debug)]
pub struct Segment<H> {
	start: u64,
	leaves: u64,
	/// The levels below the one to which leaves are folded.
	levels: Vec<Level>,
	/// The complete nodes of that level.
	nodes: Vec<Hash>,
	hasher: PhantomData<fn() -> H>,
}

/// The hashes of a level that are not folded, with the last ones that are.
#[derive(Clone, Debug)]
struct Level {
	/// How many nodes from the segment's start on have a parent that begins before it.
	shared: usize,
	/// These, as far as they have come.
	left: Vec<Hash>,
	/// The children of the last parent that begins in the segment. They are folded as soon as they
	/// are [`ARITY`], and kept until the next one comes.
	right: Vec<Hash>,
}

/// A segment that is not the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentError {
	/// The leaf and the level that come next.
	pub expected: (u64, usize),
	/// Where the segment begins, and the level that it is folded to.
	pub found: (u64, usize),
}

impl fmt::Display for SegmentError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let ((leaf, level), (start, folded)) = (self.expected, self.found);
		write!(
			f,
			"a segment from leaf {leaf} on, folded to level {level}, comes next; found one from leaf \
			 {start} on, folded to level {folded}"
		)
	}
}

impl core::error::Error for SegmentError {}

impl<H: Hasher> Segment<H> {
	/// No leaf yet, from leaf `start` on. Leaves are folded to nodes so many levels above them.
	pub fn new(start: u64, levels: u32) -> Self {
		let mut first = start;
		let level = |_| {
			let next = first.div_ceil(super::ARITY);
			// Less than 16.
			let shared = usize::try_from(next.saturating_mul(super::ARITY).saturating_sub(first));
			first = next;
			let (left, right) = (Vec::new(), Vec::new());
			Level { shared: shared.unwrap_or_default(), left, right }
		};
		let levels = (0..levels).map(level).collect();
		Self { start, leaves: 0, levels, nodes: Vec::new(), hasher: PhantomData }
	}

	/// No leaf yet, from leaf `start` on, folded to the same level.
	pub fn following(&self, start: u64) -> Self {
		Self::new(start, u32::try_from(self.levels.len()).unwrap_or(u32::MAX))
	}

	/// The leaf that is next.
	pub const fn end(&self) -> u64 {
		self.start.saturating_add(self.leaves)
	}

	/// How many leaves have come.
	pub const fn leaves(&self) -> u64 {
		self.leaves
	}

	/// How many hashes are held.
	pub fn held(&self) -> usize {
		let levels = self.levels.iter().map(|level| level.left.len() + level.right.len());
		levels.sum::<usize>() + self.nodes.len()
	}

	/// Appends the hash of the next leaf.
	pub fn push(&mut self, leaf: Hash) {
		self.leaves = self.leaves.saturating_add(1);
		self.push_at(0, leaf);
	}

	/// Appends the hashes of the next leaves; faster than one by one.
	pub fn extend(&mut self, leaves: &[Hash]) {
		self.leaves = self.leaves.saturating_add(u64::try_from(leaves.len()).unwrap_or(u64::MAX));
		self.extend_at(0, leaves);
	}

	/// Appends the segment that follows.
	///
	/// # Errors
	/// If it begins elsewhere, or is folded to another level; nothing is appended then.
	pub fn append(&mut self, next: Self) -> Result<(), SegmentError> {
		let (expected, found) = ((self.end(), self.levels.len()), (next.start, next.levels.len()));
		if expected != found {
			return Err(SegmentError { expected, found });
		}
		self.leaves = self.leaves.saturating_add(next.leaves);
		// What shares a parent with what is here completes it, level by level.
		let mut rights = Vec::with_capacity(next.levels.len());
		for (index, level) in next.levels.into_iter().enumerate() {
			level.left.into_iter().for_each(|hash| self.push_at(index, hash));
			rights.push(level.right);
		}
		self.nodes.extend(next.nodes);
		for (level, right) in self.levels.iter_mut().zip(rights) {
			if !right.is_empty() {
				level.right = right;
			}
		}
		Ok(())
	}

	/// Folds what is left over on each level; no leaf may follow. Returns the nodes of the top level,
	/// and on each level below, from the leaves up, the children of the last parent.
	pub(super) fn finish(mut self) -> (Vec<Hash>, Vec<Vec<Hash>>) {
		for index in 0..self.levels.len() {
			let right = &self.levels[index].right;
			if (1..ARITY).contains(&right.len()) {
				let parent = node::<H>(right);
				self.push_at(index + 1, parent);
			}
		}
		(self.nodes, self.levels.into_iter().map(|level| level.right).collect())
	}

	/// Puts hashes on a level; complete parents move up together.
	fn extend_at(&mut self, index: usize, hashes: &[Hash]) {
		let Some(Level { shared, left, right }) = self.levels.get(index) else {
			self.nodes.extend_from_slice(hashes);
			return;
		};
		let missing = match shared.saturating_sub(left.len()) {
			0 => (ARITY - right.len() % ARITY) % ARITY,
			missing => missing,
		};
		let (head, rest) = hashes.split_at(missing.min(hashes.len()));
		let (groups, tail) = rest.split_at(rest.len() - rest.len() % ARITY);
		head.iter().for_each(|&hash| self.push_at(index, hash));
		if let Some(last) = groups.chunks(ARITY).next_back() {
			self.levels[index].right = last.to_vec();
			self.extend_at(index + 1, &nodes::<H>(groups));
		}
		tail.iter().for_each(|&hash| self.push_at(index, hash));
	}

	/// Puts a hash on a level; complete parents move up.
	fn push_at(&mut self, mut level: usize, mut hash: Hash) {
		while let Some(Level { shared, left, right }) = self.levels.get_mut(level) {
			if left.len() < *shared {
				left.push(hash);
				return;
			}
			if right.len() == ARITY {
				right.clear();
			}
			right.push(hash);
			if right.len() < ARITY {
				return;
			}
			hash = node::<H>(right);
			level += 1;
		}
		self.nodes.push(hash);
	}
}
