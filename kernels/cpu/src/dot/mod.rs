//! The one kernel of integer products: rows of unsigned codes against a panel of signed weights.
//!
//! A panel holds [`PANEL`] outputs. Its bytes are `[step][output][4]`: a step is four inputs of every
//! output, so that one vector holds the same four inputs of neighbouring outputs, and the four codes
//! of a row are broadcast against it. Codes are bytes 0..=255 (a signed digit plus [`OFFSET`], or a
//! digit that is never negative), weights are signed bytes. No instruction used here saturates.

#![allow(unsafe_code, reason = "the trait's loads and stores go through pointers")]

mod scalar;
mod tile;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod avx_vnni;
#[cfg(target_arch = "aarch64")]
mod neon;

pub(crate) use scalar::Scalar;
pub(crate) use tile::{rows_at_once, Operands, Sums, Tile, MAX_ROWS};

#[cfg(target_arch = "aarch64")]
pub(crate) use neon::Neon;
#[cfg(target_arch = "x86_64")]
pub(crate) use {avx2::Avx2, avx512::Avx512, avx_vnni::AvxVnni};

/// Outputs of a panel.
pub(crate) const PANEL: usize = 32;
/// Inputs of a step.
pub(crate) const STEP: usize = 4;
/// Bytes of a step of a panel.
pub(crate) const STEP_BYTES: usize = PANEL * STEP;
/// What is added to a signed digit to make it an unsigned byte.
pub(crate) const OFFSET: i32 = 128;

/// Work that is compiled once per level. `run` and all that it calls in a loop must be
/// `#[inline(always)]`, or it is compiled without the level's instructions.
pub(crate) trait Kernel {
	/// What the work gives back.
	type Output;

	/// Does the work with the instructions that `dot` stands for.
	fn run<D: Dot>(self, dot: D) -> Self::Output;
}

/// The vector operations of a level. A value of the type is a proof that the processor has them.
pub(crate) trait Dot: Copy {
	/// Outputs of a vector; divides [`PANEL`] / 2.
	const LANES: usize;
	/// Rows whose sums, for two vectors of outputs, fit the registers.
	const ROWS: usize;

	/// One sum per output of a vector.
	type Sum: Copy;
	/// Four codes of a row, for every output.
	type Codes: Copy;
	/// A step of the weights of a vector.
	type Weights: Copy;

	/// Runs a kernel compiled for this level.
	fn enter<K: Kernel>(self, kernel: K) -> K::Output;

	/// Sums of zero.
	fn zero(self) -> Self::Sum;

	/// Loads a step.
	///
	/// # Safety
	/// 4 * `LANES` bytes at `at` are readable.
	unsafe fn weights(self, at: *const i8) -> Self::Weights;

	/// Loads and broadcasts four codes.
	///
	/// # Safety
	/// Four bytes at `at` are readable.
	unsafe fn codes(self, at: *const u8) -> Self::Codes;

	/// `sum` + the four products of each output, wrapping.
	fn add(self, sum: Self::Sum, codes: Self::Codes, weights: Self::Weights) -> Self::Sum;

	/// `total` + `sum` * the multiplier of each output, wrapping.
	///
	/// # Safety
	/// `LANES` bytes at `multipliers` are readable.
	unsafe fn add_multiplied(
		self,
		total: Self::Sum,
		sum: Self::Sum,
		multipliers: *const u8,
	) -> Self::Sum;

	/// Writes the sums.
	///
	/// # Safety
	/// `LANES` elements at `to` are writable.
	unsafe fn store(self, sum: Self::Sum, to: *mut i32);

	/// Asks for the cache line at `at`, which need not be readable.
	fn prefetch(self, at: *const i8);
}
