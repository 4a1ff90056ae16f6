//! Golden vectors of the exact kernels.
//!
//! The files in `data/` state inputs and outputs of every operation, in the text format of
//! `kernels/SPEC.md` section 17. This crate parses them, expands their generated inputs, and replays
//! them on `assay-kernels-exact`; other kernels replay the same cases on their own operations, and a
//! backend replays whole programs by [`run_on`].
//!
//! A data file is its own source: [`refreshed`] computes the outputs of every case anew and keeps
//! inputs and comments. `cargo run --example regenerate` writes the result back.

#![no_std]
#![forbid(unsafe_code)]
#![allow(
	clippy::cast_possible_truncation,
	clippy::cast_possible_wrap,
	clippy::cast_sign_loss,
	reason = "generated elements are low bits of a word by definition, and counts are bounded by the \
	          size of a file"
)]

extern crate alloc;

mod case;
mod error;
mod generator;
mod ops;
mod values;

pub use case::{cases, refreshed, Case, Field};
pub use error::Error;
pub use generator::stream;
pub use ops::{run, run_on, sampling, Op, Outputs, OPS};
pub use values::{Element, Values};

/// Name and content of every data file.
pub const FILES: &[(&str, &str)] = &[
	("values.txt", include_str!("../data/values.txt")),
	("elementary.txt", include_str!("../data/elementary.txt")),
	("elementwise.txt", include_str!("../data/elementwise.txt")),
	("quantise.txt", include_str!("../data/quantise.txt")),
	("linear.txt", include_str!("../data/linear.txt")),
	("norm.txt", include_str!("../data/norm.txt")),
	("rope.txt", include_str!("../data/rope.txt")),
	("attention.txt", include_str!("../data/attention.txt")),
	("pool.txt", include_str!("../data/pool.txt")),
	("sampler.txt", include_str!("../data/sampler.txt")),
	("protocol.txt", include_str!("../data/protocol.txt")),
	("program.txt", include_str!("../data/program.txt")),
];

/// Replays all cases of one file's text on the exact kernels and returns their number.
///
/// # Errors
/// The first line that cannot be read, or the first case whose outputs differ.
pub fn replay(text: &str) -> Result<usize, Error> {
	let cases = cases(text)?;
	for case in &cases {
		case.check(&run(case)?)?;
	}
	Ok(cases.len())
}
