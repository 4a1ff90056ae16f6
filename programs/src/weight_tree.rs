//! Where weights lie among the leaves of their tree: tensors in the order of the table, their copies in
//! order, each cut into leaves of whole rows.

use core::ops::Range;

use crate::{
	program::Program,
	tensor::{Tensor, TensorId},
};

/// A leaf of the weights' tree: consecutive rows of one copy of a tensor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightLeaf {
	/// The tensor.
	pub tensor: TensorId,
	/// The copy.
	pub copy: u16,
	/// The rows.
	pub rows: Range<u32>,
}

impl Tensor {
	/// The rows of a leaf of a copy, counted from the copy's first; empty beyond its last.
	pub fn rows_of_leaf(&self, leaf: u64) -> Range<u32> {
		let row = |leaf: u64| {
			let row = leaf.saturating_mul(self.rows_per_leaf()).min(self.rows.into());
			u32::try_from(row).unwrap_or(self.rows)
		};
		row(leaf)..row(leaf.saturating_add(1))
	}
}

impl Program {
	/// The number of the first leaf of a copy of a tensor; `None` if there is no such copy.
	///
	/// Saturates for programs that are not admitted.
	pub fn first_weight_leaf(&self, tensor: TensorId, copy: u16) -> Option<u64> {
		let index = usize::from(tensor.0);
		let found = self.tensors.get(index).filter(|tensor| copy < tensor.copies)?;
		let leaves =
			|tensor: &Tensor, copies: u16| tensor.leaves_per_copy().saturating_mul(copies.into());
		let before = self.tensors.iter().take(index).map(|tensor| leaves(tensor, tensor.copies));
		Some(before.fold(leaves(found, copy), u64::saturating_add))
	}

	/// What the leaf with this number holds.
	pub fn weight_leaf(&self, leaf: u64) -> Option<WeightLeaf> {
		let mut rest = leaf;
		for (tensor, found) in (0..=u16::MAX).map(TensorId).zip(&self.tensors) {
			let per_copy = found.leaves_per_copy();
			match rest.checked_sub(per_copy.saturating_mul(found.copies.into())) {
				Some(after) => rest = after,
				None => {
					let copy = u16::try_from(rest.checked_div(per_copy)?).ok()?;
					let rows = found.rows_of_leaf(rest.checked_rem(per_copy)?);
					return Some(WeightLeaf { tensor, copy, rows });
				}
			}
		}
		None
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::samples::{Decoder, Encoder};

	#[test]
	fn every_leaf_holds_the_next_rows() {
		let programs = [
			Decoder { groups: true, hidden: 300, ..Decoder::default() }.program(),
			Encoder::default().program(),
		];
		for program in programs {
			let mut next = 0;
			for (id, tensor) in (0..).map(TensorId).zip(&program.tensors) {
				for copy in 0..tensor.copies {
					assert_eq!(program.first_weight_leaf(id, copy), Some(next));
					let mut row = 0;
					while row < tensor.rows {
						let leaf = program.weight_leaf(next).expect("a leaf");
						assert_eq!((leaf.tensor, leaf.copy, leaf.rows.start), (id, copy, row));
						let bytes = u64::from(leaf.rows.end - row) * tensor.row_bytes();
						assert!(bytes <= crate::tensor::LEAF_BYTES || leaf.rows.end == row + 1);
						(row, next) = (leaf.rows.end, next + 1);
					}
					assert!(tensor.rows_of_leaf(tensor.leaves_per_copy()).is_empty());
				}
				assert_eq!(program.first_weight_leaf(id, tensor.copies), None);
			}
			assert_eq!(next, program.weight_leaves());
			for none in [next, u64::MAX] {
				assert_eq!(program.weight_leaf(none), None);
			}
		}
	}
}
