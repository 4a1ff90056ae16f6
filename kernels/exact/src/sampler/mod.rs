//! The order-free sampler (SPEC 13): filters by thresholds, then the greatest of logit plus noise.
//!
//! [`sample`] defines the choice over a whole row of logits. The functions on tiles ([`best`],
//! [`histogram`], [`next_digit`], [`best_noisy`], [`reduce`]) give the same choice in steps that each
//! read at most 1024 logits or one record per tile.

mod argmax;
mod gumbel;
mod parameters;
mod philox;
mod select;

pub use argmax::{best, id_of, max_of, pack, reduce, NONE};
pub use gumbel::{best_noisy, gumbel, uniform_to_exponential, word};
pub use parameters::{Sampling, ONE_16};
pub use philox::philox;
pub use select::{histogram, next_digit, select, Filter, Histogram, Selection, Target, ROUNDS};

pub(crate) use select::weight;

use alloc::vec::Vec;

use crate::{
	error::{range, Error},
	float::{canon, key},
};

/// Logits per tile.
pub const TILE: usize = 1024;
/// Greatest vocabulary.
pub const MAX_VOCABULARY: usize = 1 << 20;

/// y = CANON(CANON(logit) * inverse temperature).
pub fn scaled(logit: f32, inverse_temperature: f32) -> f32 {
	canon(canon(logit) * canon(inverse_temperature))
}

/// The token chosen from a row of 1..=2^20 logits for the sequence position `position`.
///
/// # Errors
/// [`Error::Range`] for a row out of bounds.
pub fn sample(logits: &[f32], sampling: &Sampling, position: u32) -> Result<u32, Error> {
	range("sample", "vocabulary", 1, MAX_VOCABULARY, logits.len())?;
	let Some(inverse) = sampling.inverse_temperature() else {
		return Ok(id_of(best(logits, 1.0, 0)));
	};
	let y: Vec<f32> = logits.iter().map(|&logit| scaled(logit, inverse)).collect();
	let max = max_of(best(logits, inverse, 0));
	let keys = |mass: fn(f32, f32) -> u64, floor: u32| {
		y.iter().filter(|&&y| key(y) >= floor).map(|&y| (key(y), mass(y, max))).collect::<Vec<_>>()
	};
	let top_k = match sampling.top_k_target() {
		Some(target) => select(&keys(|_, _| 1, 0), target),
		None => 0,
	};
	let top_p = match sampling.top_p_target() {
		Some(target) => select(&keys(weight, top_k), target),
		None => 0,
	};
	let threshold = sampling.threshold(top_k, top_p, max);
	Ok(id_of(best_noisy(logits, inverse, threshold, sampling.seed, position, 0)))
}

#[cfg(test)]
mod tests {
	use super::*;

	fn sampling(top_k: u32, top_p: u32, min_p: u32) -> Sampling {
		Sampling { temperature: 0.8, top_k, top_p, min_p, seed: [1, 2, 3, 4] }
	}

	fn logits(n: u32) -> Vec<f32> {
		(0..n).map(|i| (i.wrapping_mul(2_654_435_769) >> 20) as f32 / 256.0).collect()
	}

	/// The choice through tiles and records only.
	fn sample_in_tiles(logits: &[f32], sampling: &Sampling, position: u32) -> u32 {
		let tiles = || logits.chunks(TILE).zip((0_u32..).step_by(TILE));
		let reduced = |f: &dyn Fn(&[f32], u32) -> u64| {
			reduce(&tiles().map(|(tile, first)| f(tile, first)).collect::<Vec<_>>())
		};
		let Some(inverse) = sampling.inverse_temperature() else {
			return id_of(reduced(&|tile, first| best(tile, 1.0, first)));
		};
		let max = max_of(reduced(&|tile, first| best(tile, inverse, first)));
		let select = |filter: Filter, target: Target| {
			let mut state = Selection::default();
			for round in 0..ROUNDS {
				let histograms: Vec<Histogram> = tiles()
					.map(|(tile, _)| histogram(tile, inverse, filter, round, state.prefix))
					.collect();
				state = next_digit(&histograms, round, state, target);
			}
			state.prefix
		};
		let top_k = sampling.top_k_target().map_or(0, |target| select(Filter::Count, target));
		let top_p = sampling
			.top_p_target()
			.map_or(0, |target| select(Filter::Probability { max, floor: top_k }, target));
		let threshold = sampling.threshold(top_k, top_p, max);
		id_of(reduced(&|tile, first| {
			best_noisy(tile, inverse, threshold, sampling.seed, position, first)
		}))
	}

	#[test]
	fn tiles_choose_what_the_whole_row_chooses() {
		for n in [1, 5, 1024, 1025, 3000] {
			let row = logits(n);
			for (top_k, top_p, min_p) in [
				(0, 65_536, 0),
				(40, 65_536, 0),
				(0, 60_000, 0),
				(40, 32_768, 3277),
				(u32::MAX, 0, 65_536),
			] {
				for position in 0..8 {
					let sampling = sampling(top_k, top_p, min_p);
					assert_eq!(
						sample_in_tiles(&row, &sampling, position),
						sample(&row, &sampling, position).unwrap(),
						"{n} {top_k} {top_p} {min_p} {position}"
					);
				}
			}
		}
	}

	#[test]
	fn temperature_zero_takes_the_first_of_the_greatest() {
		let greedy = Sampling { temperature: 0.0, ..sampling(0, 65_536, 0) };
		assert_eq!(sample(&[1.0, 3.0, 3.0, 2.0], &greedy, 7).unwrap(), 1);
		let negative = Sampling { temperature: -1.0, ..greedy };
		assert_eq!(sample(&[-5.0, f32::NAN, f32::INFINITY], &negative, 7).unwrap(), 1);
	}

	#[test]
	fn filters_leave_only_the_greatest_when_tight() {
		let row = logits(2000);
		let greatest =
			sample(&row, &Sampling { temperature: 0.0, ..sampling(0, 0, 0) }, 0).unwrap();
		for tight in [sampling(1, 65_536, 0), sampling(0, 0, 0), sampling(0, 65_536, 65_536)] {
			for position in 0..50 {
				let chosen = sample(&row, &tight, position).unwrap() as usize;
				assert_eq!(row[chosen], row[greatest as usize]);
			}
		}
	}

	#[test]
	fn ties_at_the_edge_of_top_k_stay() {
		let row = [2.0, 1.0, 1.0, 1.0, -9.0];
		let two = Sampling { temperature: 64.0, ..sampling(2, 65_536, 0) };
		let mut seen = [0; 5];
		for position in 0..4000 {
			seen[sample(&row, &two, position).unwrap() as usize] += 1;
		}
		assert!(seen[..4].iter().all(|&n| n > 800) && seen[4] == 0, "{seen:?}");
	}

	/// Chi-square with seven degrees of freedom: 24.3 has probability 0.001. The draws are fixed.
	#[test]
	fn draws_follow_the_softmax() {
		let row: Vec<f32> = [0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 0.25, 1.5].to_vec();
		let plain = Sampling { temperature: 0.7, ..sampling(0, 65_536, 0) };
		let draws = 200_000;
		let mut seen = [0.0_f64; 8];
		for position in 0..draws {
			seen[sample(&row, &plain, position).unwrap() as usize] += 1.0;
		}
		let weights: Vec<f64> = row.iter().map(|&x| (f64::from(x) / 0.7).exp()).collect();
		let total: f64 = weights.iter().sum();
		let chi: f64 = seen
			.iter()
			.zip(&weights)
			.map(|(seen, w)| (f64::from(draws) * w / total, seen))
			.map(|(expected, seen)| (seen - expected).powi(2) / expected)
			.sum();
		assert!(chi < 24.3, "{chi}");
	}

	#[test]
	fn rows_out_of_bounds_are_refused() {
		assert!(sample(&[], &sampling(0, 0, 0), 0).is_err());
	}
}
