//! The definition of Assay's arithmetic: every operation of a model program as a small function over
//! slices, exact and the same bit for bit on every machine. `kernels/SPEC.md` states the same in
//! words; the two and the vectors in `kernels/vectors` agree.
//!
//! # Promises
//! - **Total in values.** Whatever bits the slices hold, NaN and infinity included, the result is
//!   defined. Only shapes can be wrong, and then an [`Error`] names the operand.
//! - **Closed.** Every f32 read or returned passes through [`canon`](float::canon), so that results
//!   lie in F = {+0} and +-[2^-80, 2^40].
//! - **Order-free.** Sums and maxima over an index are integer; f32 operations stand alone in the
//!   parenthesisation written. The one exception is [`moe::combine`], whose order is given.
//! - **Portable.** f32 uses +, -, *, / and conversion from integers only, each rounded once; there is
//!   no fused operation, no library function and no conversion to an integer. Only the constant
//!   [`softmax_constant`](attention::softmax_constant), computed at import, uses f64.
//!
//! # What an implementation on other hardware may do
//! Anything that gives the same bytes for honest data; `kernels/vectors` tells.

#![no_std]
#![forbid(unsafe_code)]
#![allow(
	clippy::cast_possible_truncation,
	clippy::cast_possible_wrap,
	clippy::cast_sign_loss,
	reason = "conversions are what this crate is about: each keeps the value by a bound stated beside \
	          it, or reads bits as another type on purpose"
)]

extern crate alloc;
#[cfg(test)]
extern crate std;

// Without SSE2 an x86 processor keeps f32 in wider registers and rounds twice.
#[cfg(all(target_arch = "x86", not(target_feature = "sse2")))]
compile_error!("assay-kernels-exact needs SSE2 on x86: the older unit rounds f32 twice");

pub mod activation;
pub mod attention;
pub mod elementary;
pub mod elementwise;
pub mod embedding;
pub mod float;
pub mod linear;
pub mod moe;
pub mod norm;
pub mod pool;
pub mod quantise;
pub mod rope;
pub mod sampler;
pub mod tile;
pub mod verdict;

mod error;
mod sqrt;

pub use error::Error;
pub use sqrt::sqrt;

/// Version of the arithmetic. Two versions may give different bits; a job names the one it means.
pub const NUMERICS_VERSION: u32 = 1;

/// Longest row of any operation. Programs are admitted up to 49152 only.
pub const MAX_K: usize = 65_536;
