//! What runs programs: the interface between those who have a model and the hardware that computes it.
//!
//! A [`Backend`] loads a [`Program`](assay_programs::Program) with the weights of a
//! [`WeightSource`] and gives an [`Executor`]. An executor holds sequences of tokens; a
//! [step](Executor::step) appends a chunk to each sequence of a batch, whether that is a prompt, a
//! part of one or a single token.
//!
//! # Promises of every backend
//! - **The same bytes.** Every result equals that of the [`reference`] backend. How a sequence is cut
//!   into chunks, which sequences share a batch, and which rows are asked for does not show.
//! - **All or nothing.** A call that returns an error has changed nothing, unless it is
//!   [`BackendError::Device`].
//!
//! Without the feature `std` the crate runs anywhere, on one thread.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod reference;
pub mod trace;

mod backend;
mod batch;
mod decode;
mod error;
mod limits;
mod liveness;
mod memory;
mod sequences;
mod weights;

pub use backend::{Backend, Executor};
pub use batch::{Chunk, Continuation, Extent, Output, SequenceId, Wanted};
pub use error::{BackendError, ContextLimit, OperationError, Resource};
pub use limits::Limits;
pub use liveness::Liveness;
pub use memory::{register_bytes, Memory};
pub use sequences::Sequences;
pub use weights::{MemoryWeights, Piece, WeightError, WeightSource};
