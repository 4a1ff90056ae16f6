//! The statistics and the elements of normalised rows.

use assay_kernels_vectors::Element;

use super::{
	operands::{float, floats, own},
	Op, Replay,
};
use crate::norm::{l2, l2_elements, layer, layer_elements, rms, rms_elements};

pub(super) const OPS: &[Op] = &[
	("rms_stats", |engine, case| {
		let (x, eps) = (&floats(case, "x")?[..], case.one("eps")?);
		Ok(own("r", vec![at_level!(engine, x: &'a [f32], eps: f32 => f32, rms(x, eps))]))
	}),
	("rms_elements", |engine, case| {
		let (x, r, gain) = (&floats(case, "x")?[..], float(case, "r")?, &floats(case, "gain")?[..]);
		Ok(own(
			"y",
			at_level!(engine, x: &'a [f32], r: f32, gain: &'a [f32] => Vec<f32>, {
				let mut y = vec![0.0; x.len()];
				rms_elements(x, r, gain, &mut y);
				y
			}),
		))
	}),
	("layer_stats", |engine, case| {
		let (x, eps) = (&floats(case, "x")?[..], case.one("eps")?);
		let (mean, r) = at_level!(engine, x: &'a [f32], eps: f32 => (f32, f32), layer(x, eps));
		Ok(Replay::Own(vec![("mean", f32::wrap(vec![mean])), ("r", f32::wrap(vec![r]))]))
	}),
	("layer_elements", |engine, case| {
		let stats = (float(case, "mean")?, float(case, "r")?);
		let x = &floats(case, "x")?[..];
		let (gain, bias) = (&floats(case, "gain")?[..], &floats(case, "bias")?[..]);
		Ok(own(
			"y",
			at_level!(engine, x: &'a [f32], stats: (f32, f32), gain: &'a [f32], bias: &'a [f32]
				=> Vec<f32>,
			{
				let mut y = vec![0.0; x.len()];
				layer_elements(x, stats, gain, bias, &mut y);
				y
			}),
		))
	}),
	("l2_stats", |engine, case| {
		let x = &floats(case, "x")?[..];
		Ok(own("norm", vec![at_level!(engine, x: &'a [f32] => f32, l2(x))]))
	}),
	("l2_elements", |engine, case| {
		let (x, norm) = (&floats(case, "x")?[..], float(case, "norm")?);
		Ok(own(
			"y",
			at_level!(engine, x: &'a [f32], norm: f32 => Vec<f32>, {
				let mut y = vec![0.0; x.len()];
				l2_elements(x, norm, &mut y);
				y
			}),
		))
	}),
];
