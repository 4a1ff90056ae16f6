//! The kernels' grid of tiles, in the integers of this crate.

#![allow(
	clippy::cast_possible_truncation,
	reason = "the constants are small; u32 is what lengths have here and usize in the kernels"
)]

use assay_kernels_exact::{attention, tile};

/// Columns of a tile of rows that nothing else cuts.
pub const COLUMNS: u32 = tile::MAX_COLUMNS as u32;
/// Channels of a group of values, of a record and of a tile of attention rows.
pub const GROUP: u32 = tile::VALUE_GROUP as u32;
/// Rows that a pooling tile combines.
pub const POOL_ROWS: u32 = tile::POOL_TILE.0 as u32;
/// Columns of a pooling tile.
pub const POOL_COLUMNS: u32 = tile::POOL_TILE.1 as u32;
/// Key positions of an attention record.
pub const BLOCK: u32 = attention::BLOCK as u32;
/// Greatest head dimension.
pub const MAX_HEAD_DIM: u32 = attention::MAX_HEAD_DIM as u32;
