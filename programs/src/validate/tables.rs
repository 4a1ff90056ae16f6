//! Checks of the tables of tensors and rotations.

use alloc::vec;

use crate::{
	fault::{Fault, Reason},
	limits::MAX_DIMENSION,
	op::{Heads, OpKind},
	program::Program,
	tensor::TensorId,
};

impl Program {
	/// Every tensor has a size, every rotation a phase.
	pub(super) fn check_tables(&self) -> Result<(), Reason> {
		for (tensor, found) in (0..=u16::MAX).map(TensorId).zip(&self.tensors) {
			let copies = u32::from(found.copies);
			for (dimension, found) in
				[("rows", found.rows), ("columns", found.columns), ("copies", copies)]
			{
				if !(1..=MAX_DIMENSION).contains(&found) {
					return Err(Reason::TensorDimension { tensor, dimension, found });
				}
			}
		}
		match self.rotations.iter().position(|rotation| rotation.phases.is_empty()) {
			Some(rotation) => Err(Reason::EmptyRotation { rotation }),
			None => Ok(()),
		}
	}

	/// Every tensor and every rotation is used. Unused ones would be registered, stored and attested
	/// without a meaning.
	pub(super) fn check_use(&self) -> Result<(), Fault> {
		let mut tensors = vec![false; self.tensors.len()];
		let mut rotations = vec![false; self.rotations.len()];
		for op in self.blocks.iter().flat_map(|block| &block.ops) {
			for tensor in op.kind.tensors() {
				if let Some(used) = tensors.get_mut(usize::from(tensor.0)) {
					*used = true;
				}
			}
			if let OpKind::Heads(Heads { rotation: Some(rotation), .. }) = op.kind {
				if let Some(used) = rotations.get_mut(usize::from(rotation)) {
					*used = true;
				}
			}
		}
		let unused = |used: &[bool]| used.iter().position(|&used| !used);
		if let Some(tensor) = unused(&tensors) {
			// Every tensor that has a number; what comes after 65536 of them has none.
			let tensor = TensorId(u16::try_from(tensor).unwrap_or(u16::MAX));
			return Err(Fault::of_program(Reason::UnusedTensor { tensor }));
		}
		match unused(&rotations) {
			Some(rotation) => Err(Fault::of_program(Reason::UnusedRotation { rotation })),
			None => Ok(()),
		}
	}
}
