//! Ranges of channels: of activations while a text runs, of weights behind them.

use std::collections::BTreeMap;

use assay_kernels_cpu::backend::ProbedRows;
use assay_kernels_exact::float::{canon, mag};
use rayon::prelude::*;

use crate::{
	plan::{copy_name, MatrixId, Plan},
	progress::Meter,
	quantise::{each_chunk, matrix_tensor},
	source::Checkpoint,
	ImportError,
};

/// The greatest magnitude per channel that each quantisation has seen.
#[derive(Debug, Default)]
pub(super) struct ActivationRanges {
	/// By block, operation and iteration; bits of non-negative f32, which order like their values.
	seen: BTreeMap<(usize, usize, u16), Vec<u32>>,
}

impl ActivationRanges {
	/// Takes in what is about to be quantised.
	pub(super) fn see(&mut self, rows: ProbedRows<'_>) {
		let seen = self.seen.entry((rows.block, rows.index, rows.iteration)).or_default();
		seen.resize(rows.columns, 0);
		for row in rows.elements.chunks(rows.columns) {
			take(seen, row);
		}
	}

	/// What was seen at a place; all zero if nothing was.
	pub(super) fn get(&self, (block, index): (usize, usize), copy: u16, channels: u32) -> Vec<f32> {
		match self.seen.get(&(block, index, copy)) {
			Some(seen) => seen.iter().map(|&bits| f32::from_bits(bits)).collect(),
			None => vec![0.0; channels as usize],
		}
	}
}

/// The greatest magnitude of each column of some matrices of equal width.
pub(super) fn column_ranges(
	plan: &Plan,
	checkpoint: &Checkpoint,
	matrices: &[MatrixId],
	copy: u16,
	meter: &mut Meter<'_>,
) -> Result<Vec<f32>, ImportError> {
	let mut seen = Vec::new();
	for &id in matrices {
		let matrix = plan.matrix(id);
		let width = matrix.columns as usize;
		seen.resize(width, 0);
		let name = copy_name(&matrix.source, copy);
		let tensor = matrix_tensor(checkpoint, matrix, &name)?;
		each_chunk(&tensor, matrix, |_, chunk| {
			// Maxima have no order, so any division of the rows among threads will do.
			let none = || vec![0; width];
			let of_rows = chunk.par_chunks(width).fold(none, |mut seen, row| {
				take(&mut seen, row);
				seen
			});
			let of_chunk = of_rows.reduce(none, |mut seen, other| {
				seen.iter_mut().zip(other).for_each(|(seen, other)| *seen = (*seen).max(other));
				seen
			});
			seen.iter_mut().zip(of_chunk).for_each(|(seen, other)| *seen = (*seen).max(other));
			let rows = chunk.len() / width;
			meter.advance((rows * tensor.row_bytes()) as u64)
		})?;
	}
	Ok(seen.into_iter().map(f32::from_bits).collect())
}

/// Bytes of the source that [`column_ranges`] reads for all copies.
pub(super) fn source_bytes(
	plan: &Plan,
	checkpoint: &Checkpoint,
	matrices: &[MatrixId],
) -> Result<u64, ImportError> {
	let mut bytes = 0;
	for &id in matrices {
		let matrix = plan.matrix(id);
		for copy in 0..matrix.copies {
			let name = copy_name(&matrix.source, copy);
			bytes += matrix_tensor(checkpoint, matrix, &name)?.bytes();
		}
	}
	Ok(bytes)
}

fn take(seen: &mut [u32], row: &[f32]) {
	for (seen, &element) in seen.iter_mut().zip(row) {
		*seen = (*seen).max(mag(canon(element)));
	}
}
