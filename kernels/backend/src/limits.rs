//! How much an executor holds.

/// Bounds of an executor's memory. They decide what is refused, never what is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
	/// Most sequences open at a time.
	pub sequences: u32,
	/// Most positions of all open sequences together, as reserved when they are opened.
	pub positions: u64,
	/// Most tokens of one step, all chunks together.
	pub step_tokens: u32,
}

impl Limits {
	/// Whatever the machine can hold.
	pub const NONE: Self = Self { sequences: u32::MAX, positions: u64::MAX, step_tokens: u32::MAX };
}
