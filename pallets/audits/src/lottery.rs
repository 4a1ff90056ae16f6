//! Who is drawn. Pure functions of randomness: nothing here reads storage.

use alloc::vec::Vec;

use assay_market::{Balance, JobId, ProviderId};
use assay_primitives::Hash;
use sp_runtime::Perbill;

use crate::hashing;

/// Parts of a whole [`Perbill`].
const WHOLE: u128 = 1_000_000_000;

/// Everything that is drawn for a job at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lottery(Hash);

impl Lottery {
	/// The lottery of a job with a seed. `attempt` is 0 for the first draw; each later one draws
	/// anew.
	pub fn new(seed: &Hash, job: &JobId, attempt: u8) -> Self {
		Self(hashing::lottery(seed, job, attempt))
	}

	/// Whether the job is audited.
	pub fn audits(&self, share: Perbill) -> bool {
		let [a, b, c, d, e, f, g, h, ..] = self.0 .0;
		is_hit(u64::from_le_bytes([a, b, c, d, e, f, g, h]), share)
	}

	/// Draws one of `candidates`, by its weight, with the ticket of this number. Returns its place;
	/// `None` if they have no weight.
	pub fn draw(&self, number: u32, candidates: &[(ProviderId, Balance)]) -> Option<usize> {
		let mut random = [0; 16];
		let ticket = hashing::ticket(&self.0, number).0;
		random.iter_mut().zip(ticket).for_each(|(to, from)| *to = from);
		pick(u128::from_le_bytes(random), candidates)
	}
}

/// Whether one of 2^64 equally likely numbers falls into a share of them. Exactly
/// `⌈share × 2^64⌉` do.
pub fn is_hit(random: u64, share: Perbill) -> bool {
	// Below 2^94.
	(u128::from(random) * WHOLE) >> 64 < u128::from(share.deconstruct())
}

/// The place of the candidate that one of 2^128 equally likely numbers falls on. Of these numbers,
/// each candidate has its part by weight, give or take one: whatever the weights, a chance is off
/// by at most 2^-127.
pub fn pick(random: u128, candidates: &[(ProviderId, Balance)]) -> Option<usize> {
	let total = candidates
		.iter()
		.try_fold(0_u128, |total, (_, weight)| total.checked_add(*weight))
		.filter(|total| *total > 0)?;
	let mut left = scale(random, total);
	candidates.iter().position(|(_, weight)| match left.checked_sub(*weight) {
		Some(rest) => {
			left = rest;
			false
		}
		None => true,
	})
}

/// `⌊random × total ÷ 2^128⌋`: which of `total` equal parts of all numbers `random` lies in. No
/// part has more than one number more than another.
pub fn scale(random: u128, total: u128) -> u128 {
	const LOW: u128 = u64::MAX as u128;
	let (high, low) = (random >> 64, random & LOW);
	let (total_high, total_low) = (total >> 64, total & LOW);
	// Every product is of two numbers below 2^64, and every sum of at most three numbers that are
	// below 2^64, so that none overflows.
	let (cross, other) = (high * total_low, low * total_high);
	let carry = ((low * total_low) >> 64) + (cross & LOW) + (other & LOW);
	high * total_high + (cross >> 64) + (other >> 64) + (carry >> 64)
}

/// Draws up to `most` different candidates that `fits` admits, in the order in which they are
/// drawn. Who does not fit is drawn once and left out; `tickets` bounds how often one looks.
pub fn draw_several(
	lottery: Lottery,
	mut candidates: Vec<(ProviderId, Balance)>,
	most: usize,
	tickets: u32,
	fits: impl Fn(ProviderId) -> bool,
) -> Vec<ProviderId> {
	let mut drawn = Vec::new();
	for number in 0..tickets {
		if drawn.len() >= most {
			break;
		}
		let Some(place) = lottery.draw(number, &candidates) else { break };
		let (one, _) = candidates.remove(place);
		if fits(one) {
			drawn.push(one);
		}
	}
	drawn
}
