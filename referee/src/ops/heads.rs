//! `Heads`: one head of one row, normalised, rotated and quantised (SPEC 9, 10, 7).

use alloc::vec::Vec;
use core::ops::Range;

use assay_kernels_exact::{
	norm::{rms_elements, rms_stats},
	quantise::symmetric,
	rope::rotate,
};
use assay_programs::op::Heads;
use assay_trace::bytes::of_words;

use super::{quantise::bytes_of, Step};
use crate::{error::Fault, reader::Reader, source::Source};

/// The scale of a head, then the codes of some of its channels.
pub(super) fn head<S: Source>(
	step: &Step<'_>,
	op: &Heads,
	reader: &mut Reader<'_, S>,
	position: u32,
	head: u32,
	channels: Range<u32>,
) -> Result<Vec<u8>, S::Error> {
	let missing = Fault::Program { missing: "channel of a head" };
	let head_dim = step.types.output.form.head_dim();
	let start = head.saturating_mul(head_dim);
	let input = reader.operand(step.id, 0)?;
	let mut x: Vec<f32> =
		reader.columns(&input, position, start..start.saturating_add(head_dim))?;
	if let Some(norm) = op.norm {
		let gain = reader.vector(norm.gain, step.iteration(), 0..head_dim)?;
		let r = rms_stats(&x, norm.eps.get()).map_err(Fault::Operation)?;
		x = rms_elements(&x, r, &gain).map_err(Fault::Operation)?;
	}
	if let Some(index) = op.rotation {
		let rotation = reader.program().rotations.get(usize::from(index));
		let rotation = rotation.ok_or(Fault::Program { missing: "rotation" })?;
		x = rotate(&x, &rotation.phases, rotation.pairing.into(), position)
			.map_err(Fault::Operation)?;
	}
	let quantised = symmetric(&x, None, op.digits.into()).map_err(Fault::Operation)?;
	let channels = usize::try_from(channels.start).ok().zip(usize::try_from(channels.end).ok());
	let codes = channels.and_then(|(start, end)| quantised.codes.get(start..end));
	let mut bytes = of_words(&[quantised.stats.scale]);
	bytes.extend(bytes_of(codes.ok_or(missing)?, op.digits));
	Ok(bytes)
}
