//! Memory that a thread keeps from one task to the next.

use core::cell::Cell;

thread_local! {
	static ROW: Cell<Vec<f32>> = const { Cell::new(Vec::new()) };
}

/// Calls `f` with `len` elements of unspecified content.
pub(crate) fn with_row<R>(len: usize, f: impl FnOnce(&mut [f32]) -> R) -> R {
	// Taken, not borrowed: a task that waits for others may run one of them on this thread, which
	// then starts with a memory of its own.
	let mut row = ROW.take();
	if row.len() < len {
		row.resize(len, 0.0);
	}
	let result = f(&mut row[..len]);
	ROW.set(row);
	result
}
