//! Runs of small models with everything that a dispute about them needs.

#![allow(dead_code, unused_imports, reason = "each test file uses a part")]

mod epilogue;
mod models;
mod run;
mod tiles;

pub(crate) use models::{decoders, encoders, random_program, weights, Bytes, Words};
pub(crate) use run::{flipped, Kept, Run};
