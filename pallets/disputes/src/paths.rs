//! Paths of last leaves in trees of which nothing else is known, for benchmarks.

use alloc::vec;

use assay_primitives::{
	merkle::{leaf, Path, ARITY},
	Hash,
};

use crate::hashing::Blake2;

/// The path of the last of so many leaves, which holds this byte, and the root. Everything beside it is
/// the same hash.
pub(crate) fn path_of_last(leaves: u64, byte: u8) -> (Path, Hash) {
	let arity = u64::try_from(ARITY).unwrap_or(u64::MAX);
	let (index, mut width, mut siblings) = (leaves.saturating_sub(1), leaves, 0_usize);
	let mut place = index;
	while width > 1 {
		let first = place / arity * arity;
		siblings += usize::try_from((width - first).min(arity) - 1).unwrap_or(usize::MAX);
		(place, width) = (place / arity, width.div_ceil(arity));
	}
	let path = Path { index, leaves, siblings: vec![Hash([7; 32]); siblings] };
	let root = path.root::<Blake2>(leaf::<Blake2>(&[byte])).unwrap_or_default();
	(path, root)
}
