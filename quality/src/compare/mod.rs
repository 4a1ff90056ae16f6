//! The exact model beside the float model.
//!
//! | question | owner |
//! | --- | --- |
//! | which tokens both models read | `sequence` |
//! | how they predict the next token | `predictions` |
//! | how many problems they solve | `problems` |
//! | how they embed | `embeddings` |

mod embeddings;
mod predictions;
mod problems;
mod sequence;

pub use embeddings::compare_embeddings;
pub use predictions::compare_predictions;
pub use problems::{exact_answers, float_answers, Problem};
pub use sequence::{sequences, Sequence};

use assay_kernels_backend::Limits;

/// Most sequences that are read at a time: enough for weights to be read once for many rows.
const SEQUENCES: u32 = 64;

/// Most tokens of a pass of the exact model; more if a text alone has more.
const STEP_TOKENS: u32 = 512;

/// What the comparison asks of a backend, for sequences of at most `positions` positions.
pub fn limits(positions: u32) -> Limits {
	Limits {
		sequences: SEQUENCES,
		positions: u64::from(SEQUENCES) * u64::from(positions),
		step_tokens: STEP_TOKENS.max(positions),
	}
}
