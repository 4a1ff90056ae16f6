//! Quality: an exact model beside the float model that it was imported from, on the same text.
//!
//! | question | owner |
//! | --- | --- |
//! | what the float model computes | [`float`]: candle-transformers in f32 |
//! | on which text | [`text`]: built in, or a file |
//! | how both are run side by side | [`compare`] |
//! | what near means | [`metrics`]: perplexity, agreement and divergence; cosines and rank correlation |
//! | the whole, from folders to figures | [`measure()`] |
//! | how near an encoder should be | [`targets`] |
//!
//! The figures are measurements and no part of the exact arithmetic: the float side depends on the
//! machine in its last digits.

#![forbid(unsafe_code)]

pub mod compare;
mod error;
pub mod float;
mod measure;
pub mod metrics;
pub mod targets;
pub mod text;

pub use error::{QualityError, TextFault};
pub use measure::{measure, Comparison, Phase, Progress};
