//! The sampler.

use alloc::vec;

use assay_kernels_exact::sampler::{self, Filter, Histogram, Sampling, Selection, Target};

use super::{checked, each, many, single, unknown, Op};
use crate::{case::Case, error::Error};

pub(super) const OPS: &[Op] = &[
	("philox", |c| {
		let words = sampler::philox(array(c, "counter")?, array(c, "key")?);
		Ok(vec![many("words", words.to_vec())])
	}),
	("noise_word", |c| {
		let (seed, position) = (array(c, "seed")?, c.one("position")?);
		each(c, "ids", "words", |id| sampler::word(seed, position, id))
	}),
	("gumbel", |c| {
		let words = c.all::<u32>("words")?;
		let (e, g) =
			words.iter().map(|&w| (sampler::uniform_to_exponential(w), sampler::gumbel(w))).unzip();
		Ok(vec![many("e", e), many("g", g)])
	}),
	("inverse_temperature", |c| {
		each(c, "temperature", "inverse", |temperature: f32| {
			// 0 stands for the choice without chance.
			without_filters(temperature).inverse_temperature().unwrap_or(0.0)
		})
	}),
	("threshold", |c| {
		let sampling = Sampling { min_p: c.one("min_p")?, ..without_filters(1.0) };
		let threshold = sampling.threshold(c.one("top_k")?, c.one("top_p")?, c.one("max")?);
		Ok(vec![single("threshold", threshold)])
	}),
	("best", |c| {
		let record = sampler::best(c.all("logits")?, c.one("inverse")?, c.one("first")?);
		let (id, max) = (sampler::id_of(record), sampler::max_of(record));
		Ok(vec![single("record", record), single("id", id), single("max", max)])
	}),
	("reduce", |c| Ok(vec![single("record", sampler::reduce(c.all("records")?))])),
	("histogram", |c| {
		let filter = match c.one::<u8>("filter")? {
			0 => Filter::Count,
			1 => Filter::Probability { max: c.one("max")?, floor: c.one("floor")? },
			other => return Err(unknown(c, "filter", other)),
		};
		let (inverse, round, prefix) = (c.one("inverse")?, c.one("round")?, c.one("prefix")?);
		let masses = sampler::histogram(c.all("logits")?, inverse, filter, round, prefix);
		Ok(vec![many("masses", masses.to_vec())])
	}),
	("next_digit", |c| {
		let target = match c.one::<u8>("filter")? {
			0 => Target::Count(c.one("target")?),
			1 => Target::Share(c.one("target")?),
			other => return Err(unknown(c, "filter", other)),
		};
		let histograms: vec::Vec<Histogram> = c
			.all::<u64>("histograms")?
			.chunks_exact(16)
			.filter_map(|h| h.try_into().ok())
			.collect();
		let state = Selection { prefix: c.one("prefix")?, remaining: c.one("remaining")? };
		let state = sampler::next_digit(&histograms, c.one("round")?, state, target);
		Ok(vec![single("prefix", state.prefix), single("remaining", state.remaining)])
	}),
	("best_noisy", |c| {
		let (inverse, threshold) = (c.one("inverse")?, c.one("threshold")?);
		let (seed, position, first) = (array(c, "seed")?, c.one("position")?, c.one("first")?);
		let logits = c.all("logits")?;
		let record = sampler::best_noisy(logits, inverse, threshold, seed, position, first);
		Ok(vec![single("record", record)])
	}),
	("sample", |c| {
		let sampling = sampling(c)?;
		let logits = c.all("logits")?;
		let positions = c.all::<u32>("positions")?.iter();
		let ids: Result<vec::Vec<u32>, _> =
			positions.map(|&position| sampler::sample(logits, &sampling, position)).collect();
		Ok(vec![many("ids", checked(c, ids)?)])
	}),
];

/// The parameters of a choice, as cases of `sample` and `program` state them.
///
/// # Errors
/// An operand that is missing or of another type.
pub fn sampling(c: &Case) -> Result<Sampling, Error> {
	Ok(Sampling {
		temperature: c.one("temperature")?,
		top_k: c.one("top_k")?,
		top_p: c.one("top_p")?,
		min_p: c.one("min_p")?,
		seed: array(c, "seed")?,
	})
}

/// Only a temperature.
fn without_filters(temperature: f32) -> Sampling {
	Sampling { temperature, top_k: 0, top_p: sampler::ONE_16, min_p: 0, seed: [0; 4] }
}

fn array<const N: usize>(c: &Case, name: &str) -> Result<[u32; N], Error> {
	let words = c.all::<u32>(name)?;
	words.try_into().map_err(|_| unknown(c, name, words.len()))
}
