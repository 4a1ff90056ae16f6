//! The operations of `kernels/exact` with the vector instructions of the processor, over batches of
//! rows, bit-equal to it for every honest operand (SPEC 18).
//!
//! # How
//! - An [`Engine`] is a thread pool and a [`Level`] of instructions. Every operation takes one and
//!   writes into memory of the caller; the result depends on neither.
//! - Integer products run on one register-blocked kernel over *panels*: 32 outputs side by side, four
//!   inputs of each together, the order in which `vpdpbusd` multiplies. Weights, keys and values all
//!   lie in panels, so linear layers, scores and weighted values share it.
//! - f32 operations are single and in the order of the specification, written once without branches
//!   and compiled for every level; the compiler neither contracts nor reorders them.
//! - The [`backend`] composes the operations to whole programs.
//!
//! # What callers keep
//! f32 operands are members of F (what an operation wrote, or a value passed through
//! [`canon`](assay_kernels_exact::float::canon) when it was loaded), and scales of values are not
//! negative. Weights, gains and scales given to a constructor are passed through CANON there.
//! Other bits give a result that is safe but is not the specification's.

#![allow(
	clippy::cast_possible_truncation,
	clippy::cast_possible_wrap,
	clippy::cast_sign_loss,
	reason = "conversions are what this crate is about: each keeps the value by a bound of the \
	          specification, or takes a digit of it on purpose"
)]

mod bytes;
mod codes;
mod dot;
mod elementary;
mod engine;
mod error;
mod float;
mod level;
mod scratch;

pub mod attention;
pub mod backend;
pub mod elementwise;
pub mod heads;
pub mod linear;
pub mod norm;
pub mod pool;
pub mod quantise;
pub mod replay;
pub mod rope;

pub use codes::Codes;
pub use engine::Engine;
pub use error::Error;
pub use level::Level;
