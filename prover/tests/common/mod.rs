//! Small models with runs of theirs, and what the tests do with them.

#![allow(dead_code, unused_imports, reason = "each test file uses a part")]

mod game;
mod models;

pub(crate) use game::{decide, play, End};
pub(crate) use models::{cpus, decoders, encoders, load, weights, Model, Words};
