//! `Heads`: each head of each row normalised, rotated and quantised by itself (SPEC 9, 10, 7).

use alloc::{borrow::Cow, vec::Vec};

use assay_kernels_exact::{
	norm::{rms_elements, rms_stats},
	quantise::symmetric,
	rope::rotate,
};
use assay_programs::{op::Heads, program::Rotation};

use crate::{
	reference::{
		rows,
		tensors::IterationTensors,
		value::{Codes, FloatRows, HeadRows},
		Pass,
	},
	OperationError,
};

/// Quantised heads of the rows of a pass.
pub(in crate::reference) fn heads(
	op: &Heads,
	input: &FloatRows,
	pass: &Pass<'_>,
	rotations: &[Rotation],
	tensors: IterationTensors<'_>,
) -> Result<HeadRows, OperationError> {
	let heads = usize::from(op.heads);
	let head_dim = input.columns / heads.max(1);
	let rotation = match op.rotation {
		Some(index) => {
			Some(rotations.get(usize::from(index)).ok_or(OperationError::Rotation(index))?)
		}
		None => None,
	};
	let norm = match op.norm {
		Some(norm) => Some((tensors.floats(norm.gain)?, norm.eps.get())),
		None => None,
	};
	let head = |index: usize| {
		let row = index / heads;
		let mut x = Cow::Borrowed(&input.elements[index * head_dim..(index + 1) * head_dim]);
		if let Some((gain, eps)) = &norm {
			x = rms_elements(&x, rms_stats(&x, *eps)?, gain)?.into();
		}
		if let Some(Rotation { phases, pairing }) = rotation {
			x = rotate(&x, phases, (*pairing).into(), pass.position(row))?.into();
		}
		symmetric(&x, None, op.digits.into())
	};
	let (codes, scales): (Vec<_>, _) = rows::map(input.len() * heads, head)?
		.into_iter()
		.map(|head| (head.codes, head.stats.scale))
		.unzip();
	Ok(HeadRows { heads, head_dim, codes: Codes::new(op.digits, codes.concat()), scales })
}
