//! Linear layers.

use alloc::vec;

use assay_kernels_exact::{
	linear::{linear, Input, Weights},
	quantise::Code,
};

use super::{checked, many, Op, Outputs};
use crate::{case::Case, error::Error, values::Values, Element};

pub(super) const OPS: &[Op] = &[("linear", |c| match (c.values("codes"), c.values("weights")) {
	(Some(Values::I8(_)), Some(Values::I8(_))) => call::<i8, i8>(c),
	(Some(Values::I8(_)), _) => call::<i8, i16>(c),
	(_, Some(Values::I8(_))) => call::<i16, i8>(c),
	_ => call::<i16, i16>(c),
})];

fn call<Q: Code + Element, W: Code + Element>(c: &Case) -> Result<Outputs, Error> {
	let codes = c.all::<Q>("codes")?;
	let input = Input { codes, scale: c.one("scale")?, zero_point: c.one("zero_point")? };
	let weights = Weights {
		codes: c.all::<W>("weights")?,
		scales: c.all("weight_scales")?,
		groups: c.maybe("groups")?,
		bias: c.maybe("bias")?,
	};
	Ok(vec![many("y", checked(c, linear(&input, &weights))?)])
}
