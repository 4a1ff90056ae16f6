//! `Quantise`: each row to codes and their range (SPEC 7).

use alloc::vec::Vec;

use assay_kernels_exact::quantise::{asymmetric, symmetric};
use assay_programs::op::{self, Digits, Quantise};

use crate::{
	reference::{
		rows,
		tensors::IterationTensors,
		value::{CodeRows, Codes, FloatRows, Range},
	},
	OperationError,
};

/// The codes of rows that are already normalised where the operation has a norm.
pub(in crate::reference) fn quantise(
	op: &Quantise,
	input: &FloatRows,
	tensors: IterationTensors<'_>,
) -> Result<CodeRows, OperationError> {
	let multipliers = op.multipliers.map(|id| tensors.floats(id)).transpose()?;
	let multipliers = multipliers.as_ref().map(|elements| elements.as_slice());
	let (codes, ranges) = match op.codes {
		op::Codes::OneAsymmetric => {
			let row = |row: usize| asymmetric(input.row(row), multipliers);
			let (codes, ranges): (Vec<_>, _) = rows::map(input.len(), row)?
				.into_iter()
				.map(|row| (row.codes, Range::Asymmetric(row.stats)))
				.unzip();
			(Codes::One(codes.concat()), ranges)
		}
		op::Codes::One | op::Codes::Two => {
			let digits: Digits = op.codes.digits();
			let row = |row: usize| symmetric(input.row(row), multipliers, digits.into());
			let (codes, ranges): (Vec<_>, _) = rows::map(input.len(), row)?
				.into_iter()
				.map(|row| (row.codes, Range::Symmetric(row.stats)))
				.unzip();
			(Codes::new(digits, codes.concat()), ranges)
		}
	};
	Ok(CodeRows { columns: input.columns, codes, ranges })
}
