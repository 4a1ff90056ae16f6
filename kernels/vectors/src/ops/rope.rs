//! Rotary embedding and its phases.

use alloc::vec;

use assay_kernels_exact::rope::{self, Llama3Scaling, Pairing};

use super::{checked, many, unknown, Op};

pub(super) const OPS: &[Op] = &[
	("rope_phases", |c| {
		let phases = rope::phases(c.one("theta")?, c.one::<u32>("pairs")? as usize);
		Ok(vec![many("phases", checked(c, phases)?)])
	}),
	("linear_phases", |c| {
		Ok(vec![many("scaled", rope::linear_phases(c.all("phases")?, c.one("factor")?))])
	}),
	("llama3_phases", |c| {
		let scaling = Llama3Scaling {
			factor: c.one("factor")?,
			low: c.one("low")?,
			high: c.one("high")?,
			context: c.one("context")?,
		};
		let scaled = rope::llama3_phases(c.all("phases")?, scaling);
		Ok(vec![many("scaled", checked(c, scaled)?)])
	}),
	("rope_rotate", |c| {
		let pairing = match c.one::<u8>("pairing")? {
			0 => Pairing::Halves,
			1 => Pairing::Interleaved,
			other => return Err(unknown(c, "pairing", other)),
		};
		let y = rope::rotate(c.all("head")?, c.all("phases")?, pairing, c.one("position")?);
		Ok(vec![many("y", checked(c, y)?)])
	}),
];
