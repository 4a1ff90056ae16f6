//! Import: a Hugging Face folder becomes a model directory, the same bytes on every machine.
//!
//! | step | owner |
//! | --- | --- |
//! | read configuration and weights, refuse what is not understood; check what text needs | [`source`] |
//! | write the model as a program, and say of which tensors each entry of its table is made | [`lower`] |
//! | how precisely each linear layer computes | [`profile`] |
//! | move range from activations to weights, from what a calibration text shows | [`smoothing`] |
//! | even out ranges of queries and keys | [`balance`] |
//! | turn source tensors into codes and scales, row by row | [`quantise`] |
//! | the whole, file by file, into a directory that appears at once | [`import()`] |
//!
//! # What it promises
//! - **Deterministic.** The directory's bytes depend on the source's bytes and the [`Options`] alone:
//!   sums are integer or in a written order, floats know + - x / and the square root only, and each
//!   row is quantised by itself, whichever thread does it.
//! - **Streaming.** A few megabytes of rows are in memory at a time, besides what belongs to single
//!   rows and channels; while calibrating, what some hundred positions are computed to.
//! - **All or nothing.** Whatever goes wrong, no folder of the output's name is left.

#![forbid(unsafe_code)]

mod balance;
mod check;
mod error;
mod fetch;
mod lower;
mod pipeline;
mod plan;
mod profile;
mod progress;
mod quantise;
mod smoothing;
mod source;

pub use error::{ImportError, TensorFault};
pub use fetch::{minilm, MINILM};
pub use pipeline::{import, Options};
pub use profile::{Profile, UnknownProfile};
pub use progress::{Phase, Progress};
pub use smoothing::{Calibration, Smoothing};
