//! What a program may be at most. Each limit keeps some part of a dispute bounded.

/// Operations of the unrolled program.
pub const MAX_STEPS: u32 = 4096;
/// Rows, columns or anything else that is counted.
pub const MAX_DIMENSION: u32 = 1 << 20;
/// Columns of a row that one step reads as a whole: as f32 it has 192 KiB, which leaves room for its
/// path in a witness.
pub const MAX_ROW: u32 = 49_152;
/// Channels of a head.
pub const MAX_HEAD_DIM: u32 = crate::grid::MAX_HEAD_DIM;
/// Token ids.
pub const MAX_VOCABULARY: u32 = 1 << 20;
/// Positions of a run.
pub const MAX_POSITIONS: u32 = 32_768;
/// Token ids that end an output.
pub const MAX_STOP_IDS: usize = 16;
/// Leaves of a trace: ten levels of arity 16.
pub const MAX_LEAVES: u64 = 1 << 40;
/// Leaves of a trace that are kept for the protocol's epilogue: for each output token two selections
/// of eight rounds, the best logit, the noisy best and the verdict, over 1024 tiles of logits.
pub const MAX_EPILOGUE_LEAVES: u64 = 1 << 30;
/// Bytes of the witness of one tile, with all paths.
pub const MAX_WITNESS: u64 = 224 * 1024;
/// Leaves that the witness of one tile opens: about a millisecond of hashing.
pub const MAX_HASHED_LEAVES: u64 = 4096;
/// Weighted operations of one tile, as [`Operations`](crate::cost::Operations) counts them: about
/// half a millisecond of scalar WebAssembly.
pub const MAX_TILE_WORK: u64 = 1 << 20;

// What the kernels' sums rely on.
const _: () = assert!(MAX_ROW as usize <= assay_kernels_exact::MAX_K);
const _: () = assert!((MAX_ROW as u64) * 255 * 128 < 1 << 31);
const _: () = assert!((MAX_ROW as u64) << 42 < 1 << 62);
const _: () = assert!(
	(MAX_POSITIONS as usize)
		<= assay_kernels_exact::attention::MAX_BLOCKS * assay_kernels_exact::attention::BLOCK
);
const _: () = assert!(
	(2 * 8 + 2) * ((MAX_VOCABULARY as u64) / 1024 + 1) * (MAX_POSITIONS as u64)
		+ 2 * (MAX_POSITIONS as u64)
		< MAX_EPILOGUE_LEAVES
);
