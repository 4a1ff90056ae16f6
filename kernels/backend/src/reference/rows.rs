//! Computing many rows. Rows are independent of each other, so that threads cannot change a byte.

use alloc::vec::Vec;

/// `f` of every index below `count`, in the order of the indices.
#[cfg(feature = "std")]
pub(super) fn map<T: Send, E: Send>(
	count: usize,
	f: impl Fn(usize) -> Result<T, E> + Send + Sync,
) -> Result<Vec<T>, E> {
	use rayon::prelude::*;
	(0..count).into_par_iter().map(f).collect()
}

/// `f` of every index below `count`, in the order of the indices.
#[cfg(not(feature = "std"))]
pub(super) fn map<T, E>(count: usize, f: impl Fn(usize) -> Result<T, E>) -> Result<Vec<T>, E> {
	(0..count).map(f).collect()
}
