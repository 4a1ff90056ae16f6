//! The referee: recomputes one leaf of a trace from what it reads, and says whose claim it is.
//!
//! A dispute ends at the first leaf in which two traces differ. Whoever wants to settle it supplies a
//! [`Witness`]: the leaves that this one is computed from, with the hashes that show them to lie
//! under roots which both sides agree on. The [`Referee`] reads from it, recomputes the leaf with
//! `assay-kernels-exact` and compares its hash with both claims.
//!
//! | question | owner |
//! | --- | --- |
//! | what is decided, and what decides it | [`referee`] |
//! | what a witness holds | [`witness`] |
//! | what each leaf reads and what it is then | `ops` for a program's tiles, `epilogue` for the protocol's |
//! | where what is read lies | `reader` |
//! | how a witness is made | [`builder`] |
//!
//! # Promises
//! - **Total.** Any witness ends in a verdict or in a typed error, whatever its bytes and the bytes of
//!   the trace; nothing panics and nothing is allocated that the witness does not hold.
//! - **Nothing is believed.** A leaf that is read counts only if it is proved, and at the place that the
//!   referee has computed. So an error says something about the witness, never about the claims.
//! - **Only the past.** What is read of a trace lies before the leaf in question, where both traces
//!   agree.
//! - **One reading.** Whoever makes a witness runs the same code as the referee: a leaf is in the
//!   witness if and only if it is read.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod builder;
pub mod error;
pub mod referee;
pub mod source;
pub mod witness;

mod epilogue;
mod ops;
mod reader;

pub use builder::{Data, WitnessBuilder};
pub use error::{BuildError, Error, Fault};
pub use referee::{Claim, Referee, Roots, Verdict};
pub use source::{Source, Tree};
pub use witness::{Opened, Witness};
