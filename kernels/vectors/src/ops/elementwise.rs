//! Elementwise operations, activations and embeddings.

use alloc::vec;

use assay_kernels_exact::{activation, activation::Activation, elementwise, embedding, moe};

use super::{checked, many, unknown, Op};
use crate::{case::Case, error::Error, values::Values};

pub(super) const OPS: &[Op] = &[
	("activate", |c| Ok(vec![many("y", activation::activate(activation_of(c)?, c.all("x")?))])),
	("gated", |c| {
		let y = activation::gated(activation_of(c)?, c.all("gate")?, c.all("up")?);
		Ok(vec![many("y", checked(c, y)?)])
	}),
	("softcap", |c| Ok(vec![many("y", activation::softcap(c.one("cap")?, c.all("x")?))])),
	("add", |c| Ok(vec![many("z", checked(c, elementwise::add(c.all("x")?, c.all("y")?))?)])),
	("mul", |c| Ok(vec![many("z", checked(c, elementwise::mul(c.all("x")?, c.all("y")?))?)])),
	("scale", |c| Ok(vec![many("y", elementwise::scale(c.all("x")?, c.one("factor")?))])),
	("embedding_lookup", |c| {
		let row = embedding::lookup::<i16>(
			c.all("table")?,
			c.one::<u32>("columns")? as usize,
			c.one("id")?,
		);
		Ok(vec![many("row", checked(c, row)?.to_vec())])
	}),
	("dequantise", |c| {
		let scale = c.one("scale")?;
		Ok(vec![many(
			"y",
			match c.values("codes") {
				Some(Values::I8(codes)) => embedding::dequantise(codes, scale),
				_ => embedding::dequantise(c.all::<i16>("codes")?, scale),
			},
		)])
	}),
	("embedding_sum", |c| {
		let y = embedding::sum(c.all("word")?, c.all("position")?, c.all("kind")?);
		Ok(vec![many("y", checked(c, y)?)])
	}),
	("moe_route", |c| {
		let routed = checked(c, moe::route(c.all("logits")?, c.one::<u32>("k")? as usize))?;
		let (experts, shares) = routed.iter().map(|r| (r.expert, r.share)).unzip();
		Ok(vec![many("experts", experts), many("shares", shares)])
	}),
	("moe_combine", |c| {
		let shares = c.all::<f32>("shares")?;
		let values = c.all::<f32>("rows")?;
		let columns = (values.len() / shares.len().max(1)).max(1);
		let rows: vec::Vec<_> = values.chunks(columns).collect();
		Ok(vec![many("y", checked(c, moe::combine(shares, &rows))?)])
	}),
];

fn activation_of(case: &Case) -> Result<Activation, Error> {
	Ok(match case.one::<u8>("activation")? {
		0 => Activation::Relu,
		1 => Activation::Silu,
		2 => Activation::Gelu,
		3 => Activation::GeluTanh,
		4 => Activation::Tanh,
		other => return Err(unknown(case, "activation", other)),
	})
}
