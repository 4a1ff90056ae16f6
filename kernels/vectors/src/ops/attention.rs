//! Attention.

use alloc::vec;

use assay_kernels_exact::{
	attention::{self, Block, Query, Record},
	quantise::Code,
};

use super::{checked, each, many, single, Op, Outputs};
use crate::{case::Case, error::Error, values::Values, Element};

pub(super) const OPS: &[Op] = &[
	("softmax_constant", |c| each(c, "n", "constant", attention::softmax_constant)),
	("query_scale", |c| {
		let constant = c.one("constant")?;
		each(c, "scale", "query_scale", |scale| attention::query_scale(scale, constant))
	}),
	("attention_block", |c| match c.values("query") {
		Some(Values::I8(_)) => block::<i8>(c),
		_ => block::<i16>(c),
	}),
	("attention_merge", merge),
	("attention", |c| match c.values("query") {
		Some(Values::I8(_)) => attend::<i8>(c),
		_ => attend::<i16>(c),
	}),
];

fn operands<K: Code + Element>(c: &Case) -> Result<(Query<'_, K>, Block<'_, K>), Error> {
	let query = Query { codes: c.all("query")?, scale: c.one("query_scale")? };
	let visible = Block {
		keys: c.all("keys")?,
		key_scales: c.all("key_scales")?,
		values: c.all("values")?,
		value_scales: c.all("value_scales")?,
		channels: c.one::<u32>("channels")? as usize,
	};
	Ok((query, visible))
}

fn block<K: Code + Element>(c: &Case) -> Result<Outputs, Error> {
	let (query, visible) = operands::<K>(c)?;
	let record = checked(c, attention::block(&query, &visible))?;
	Ok(vec![
		single("max_exponent", record.max_exponent),
		single("max_weighted", record.max_weighted),
		single("sum", record.sum),
		many("output", record.output),
	])
}

fn attend<K: Code + Element>(c: &Case) -> Result<Outputs, Error> {
	let (query, visible) = operands::<K>(c)?;
	let y = attention::attend(&query, &visible, c.one::<u32>("first")? as usize);
	Ok(vec![many("y", checked(c, y)?)])
}

/// Records lie in one list per member; the outputs are cut evenly.
fn merge(c: &Case) -> Result<Outputs, Error> {
	let max_exponents = c.all::<i32>("max_exponent")?;
	let outputs = c.all::<i32>("output")?;
	let channels = (outputs.len() / max_exponents.len().max(1)).max(1);
	let records: vec::Vec<Record> = max_exponents
		.iter()
		.zip(c.all::<i32>("max_weighted")?)
		.zip(c.all::<i64>("sum")?)
		.zip(outputs.chunks(channels))
		.map(|(((&max_exponent, &max_weighted), &sum), output)| Record {
			max_exponent,
			max_weighted,
			sum,
			output: output.to_vec(),
		})
		.collect();
	Ok(vec![many("y", checked(c, attention::merge(&records))?)])
}
