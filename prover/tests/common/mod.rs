//! Small models with runs of theirs, and what the tests do with them.

#![allow(dead_code, unused_imports, reason = "each test file uses a part")]
#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "lengths are small, and a failed `unwrap` in a test is a failed test"
)]

mod game;
mod models;

pub(crate) use game::{decide, play, End};
pub(crate) use models::{cpus, decoders, encoders, load, weights, Model, Words};
