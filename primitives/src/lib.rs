//! The shared vocabulary of the chain and of those who work for it.
//!
//! | question | owner |
//! | --- | --- |
//! | what a hash is, and who computes it | [`hash`] |
//! | how many leaves become one root, and how one leaf is shown to be under it | [`merkle`] |
//! | how a list of tokens becomes one root | [`tokens`] |

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod hash;
pub mod merkle;
pub mod tokens;

#[cfg(feature = "std")]
pub use hash::Native;
pub use hash::{Hash, Hasher, ProgramHash, TokenRoot, WeightsRoot};
