//! The reference backend: what a program means, in terms of `assay-kernels-exact`.
//!
//! The [`Interpreter`] walks through a program operation by operation; the folder `ops` has a file for
//! each kind. It is written to be read beside `kernels/SPEC.md` and to be obviously right; other backends
//! are fast, and right when they give the same bytes.
//!
//! # What is computed
//! A [`Pass`] takes some consecutive positions of a sequence through the whole program. Every
//! operation works on the rows of these positions alone, except for attention: each attention
//! operation of each iteration has a cache of the keys and values of all positions so far,
//! appends those of the pass, and lets each query see what its mask admits. So a sequence may be cut
//! into passes anywhere.

#![allow(
	clippy::cast_possible_truncation,
	reason = "a valid program has at most 2^15 positions, and codes of one digit are in i8's range"
)]

mod cache;
mod executor;
mod faulty;
mod interpreter;
mod memory;
mod observer;
mod ops;
mod registers;
mod rows;
mod tensors;
mod traced;
mod value;

pub use executor::{Reference, ReferenceExecutor};
pub use faulty::{Faulty, Lie};
pub use interpreter::{Interpreter, Pass};
pub use observer::Observer;
pub use value::{
	CodeRows, Codes, Computed, FloatRows, HeadRows, NormStatistics, Pooled, Range, Value,
};
