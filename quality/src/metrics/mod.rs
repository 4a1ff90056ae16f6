//! The figures, in plain f64: nothing here is part of the exact arithmetic.

mod embedding;
mod prediction;
mod rank;

pub use embedding::{cosine, quantile};
pub use prediction::{argmax, log_softmax, Predictions};
pub use rank::{ranks, spearman};
