//! The token that logits give.

use assay_kernels_exact::sampler::{sample, Sampling};
use rayon::prelude::*;

use crate::{
	dot::{Dot, Kernel},
	float::signed_key,
	Engine, Error,
};

/// A row of logits to choose from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice<'a> {
	pub(crate) logits: &'a [f32],
	pub(crate) sampling: &'a Sampling,
	/// Index of the chosen token in its sequence.
	pub(crate) position: u32,
}

/// The token of each choice.
pub(crate) fn choose(engine: Engine<'_>, choices: &[Choice<'_>]) -> Result<Vec<u32>, Error> {
	let choice = |choice: &Choice<'_>| {
		if choice.sampling.inverse_temperature().is_none() {
			return Ok(engine.run(Greatest(choice.logits)));
		}
		Ok(sample(choice.logits, choice.sampling, choice.position)?)
	};
	match choices {
		[one] => Ok(vec![choice(one)?]),
		all => engine.pool().install(|| all.par_iter().map(choice).collect()),
	}
}

/// The first of the greatest of some members of F.
struct Greatest<'a>(&'a [f32]);

impl Kernel for Greatest<'_> {
	type Output = u32;

	#[inline(always)]
	fn run<D: Dot>(self, _: D) -> u32 {
		// Integers that order like the values: an f32 comparison would keep the loop from vectors.
		let key = |x: f32| signed_key(x.to_bits() as i32);
		let greatest = self.0.iter().fold(i32::MIN, |most, &x| most.max(key(x)));
		self.0.iter().position(|&x| key(x) == greatest).unwrap_or(0) as u32
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::Level;

	#[test]
	fn the_choice_is_that_of_the_sampler() {
		let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
		// Few values, so that the greatest often occurs several times.
		let value = |i: u32, n: u32| (i.wrapping_mul(2_654_435_769) >> 24) as f32 / n as f32 - 7.0;
		let rows: Vec<Vec<f32>> = (1..200)
			.map(|n| (0..n).map(|i| value(i, n) - 20.0 * (n % 2) as f32).collect())
			.collect();
		for level in Level::available() {
			let engine = Engine::with_level(&pool, level).unwrap();
			for temperature in [0.0, 0.9] {
				let (top_k, top_p, min_p) = (20, 60_000, 100);
				let sampling = Sampling { temperature, top_k, top_p, min_p, seed: [1, 2, 3, 4] };
				let choices: Vec<Choice<'_>> = (7..)
					.zip(&rows)
					.map(|(position, logits)| Choice { logits, sampling: &sampling, position })
					.collect();
				let expected: Vec<u32> = choices
					.iter()
					.map(|c| sample(c.logits, &sampling, c.position).unwrap())
					.collect();
				assert_eq!(choose(engine, &choices).unwrap(), expected, "{level}");
				assert_eq!(choose(engine, &choices[5..6]).unwrap(), expected[5..6]);
			}
		}
	}
}
