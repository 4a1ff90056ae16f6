//! Normalisation.

use alloc::vec;

use assay_kernels_exact::norm::{self, LayerStats};

use super::{checked, many, single, Op};

pub(super) const OPS: &[Op] = &[
	("rms_stats", |c| {
		Ok(vec![single("r", checked(c, norm::rms_stats(c.all("x")?, c.one("eps")?))?)])
	}),
	("rms_elements", |c| {
		let y = norm::rms_elements(c.all("x")?, c.one("r")?, c.all("gain")?);
		Ok(vec![many("y", checked(c, y)?)])
	}),
	("layer_stats", |c| {
		let stats = checked(c, norm::layer_stats(c.all("x")?, c.one("eps")?))?;
		Ok(vec![single("mean", stats.mean), single("r", stats.r)])
	}),
	("layer_elements", |c| {
		let stats = LayerStats { mean: c.one("mean")?, r: c.one("r")? };
		let y = norm::layer_elements(c.all("x")?, stats, c.all("gain")?, c.all("bias")?);
		Ok(vec![many("y", checked(c, y)?)])
	}),
	("l2_stats", |c| Ok(vec![single("norm", checked(c, norm::l2_stats(c.all("x")?))?)])),
	("l2_elements", |c| Ok(vec![many("y", norm::l2_elements(c.all("x")?, c.one("norm")?))])),
];
