//! The grid of the protocol's own tiles, in the integers of this crate.

#![allow(
	clippy::cast_possible_truncation,
	reason = "the constants are small; u32 is what counts have here and usize where they come from"
)]

use assay_kernels_exact::{sampler, verdict};
use assay_primitives::tokens;

/// Logits of a tile.
pub const LOGITS: u32 = sampler::TILE as u32;
/// Flags of a tile, and leaves that one leaf of a conjunction reads.
pub const FLAGS: u32 = verdict::TILE as u32;
/// Words of a leaf of the trees over tokens.
pub const WORDS: u32 = tokens::TOKENS_PER_LEAF as u32;

// A tile of flags compares with one leaf of the committed output.
const _: () = assert!(FLAGS == WORDS);
