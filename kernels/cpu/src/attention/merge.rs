//! The merge of a row's records into its output.

use assay_kernels_exact::attention::MAX_HEAD_DIM;

use super::block::Record;
use crate::{
	dot::{Dot, Kernel},
	float::{canon, pow2},
};

/// Outputs are aligned to 2^-22 below the greatest record.
const ALIGNMENT: i32 = 22;

/// Merges the records of all blocks, row by row.
pub(crate) struct Merge<'a, 'o> {
	/// Per block: one per row.
	pub(crate) records: &'a [Record],
	/// Per block and row: `width` sums.
	pub(crate) outputs: &'a [i32],
	pub(crate) rows: usize,
	pub(crate) width: usize,
	pub(crate) head_dim: usize,
	/// Per position: the heads' channels.
	pub(crate) out: &'a mut [&'o mut [f32]],
}

impl Kernel for Merge<'_, '_> {
	type Output = ();

	#[inline(always)]
	fn run<D: Dot>(self, _: D) {
		let heads = self.out.iter_mut().flat_map(|row| row.chunks_mut(self.head_dim));
		for (row, out) in heads.enumerate() {
			let records = || self.records.iter().skip(row).step_by(self.rows);
			let max_exponent = records().map(|r| r.max_exponent).max().unwrap_or_default();
			let max_weighted = records().map(|r| r.max_weighted).max().unwrap_or_default();
			let scale = max_weighted - max_exponent;
			if scale < -80 {
				out.fill(0.0);
				continue;
			}
			let sum: i64 =
				records().map(|r| r.sum >> (max_exponent - r.max_exponent).min(62)).sum();
			let divisor = sum.max(1) as f32 * pow2(-29);
			let mut totals = [0_i64; MAX_HEAD_DIM];
			for (block, record) in records().enumerate() {
				let first = (block * self.rows + row) * self.width;
				let parts = &self.outputs[first..first + out.len()];
				let shift = ALIGNMENT - (max_weighted - record.max_weighted);
				if shift >= 0 {
					for (total, &part) in totals.iter_mut().zip(parts) {
						*total = total.wrapping_add(i64::from(part) << shift);
					}
				} else {
					let shift = (-shift).min(62);
					for (total, &part) in totals.iter_mut().zip(parts) {
						*total = total.wrapping_add(i64::from(part) >> shift);
					}
				}
			}
			let unit = pow2(scale.min(80) - 35);
			for (y, &total) in out.iter_mut().zip(&totals) {
				*y = canon((total as f32 * unit) / divisor);
			}
		}
	}
}
