//! The choice without chance. Draws are computed by the exact kernels.

use assay_kernels_vectors::sampling;

use super::{
	operands::{checked, floats, own},
	Op, Replay,
};
use crate::backend::{choose, Choice};

pub(super) const OPS: &[Op] = &[("sample", |engine, case| {
	let sampling = &sampling(case)?;
	if sampling.inverse_temperature().is_some() {
		return Ok(Replay::Exact);
	}
	let logits = &floats(case, "logits")?[..];
	let positions = case.all::<u32>("positions")?.iter();
	let choices: Vec<Choice<'_>> =
		positions.map(|&position| Choice { logits, sampling, position }).collect();
	Ok(own("ids", checked(case, choose(engine, &choices))?))
})];
