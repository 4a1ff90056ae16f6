//! Values and elementary functions.

use alloc::vec;

use assay_kernels_exact::{activation, elementary, float, sqrt};

use super::{each, many, Op};

pub(super) const OPS: &[Op] = &[
	("canon", |c| each(c, "x", "y", float::canon)),
	("rne", |c| each(c, "x", "n", float::rne)),
	("key", |c| each(c, "x", "key", float::key)),
	("sqrt", |c| each(c, "x", "y", sqrt)),
	("exp2", |c| each(c, "x", "y", elementary::exp2)),
	("exp", |c| each(c, "x", "y", elementary::exp)),
	("ln", |c| each(c, "x", "y", elementary::ln)),
	("sigmoid", |c| each(c, "x", "y", activation::sigmoid)),
	("phi", |c| each(c, "x", "y", activation::phi)),
	("tanh", |c| each(c, "x", "y", activation::tanh)),
	("sincos", |c| {
		let turns = c.all::<u32>("turns")?;
		let (cos, sin) = turns.iter().copied().map(elementary::sincos).unzip();
		Ok(vec![many("cos", cos), many("sin", sin)])
	}),
];
