//! The draw as a function of randomness: every chance is counted exactly, none is sampled.

use super::*;
use crate::{
	lottery::{draw_several, is_hit, pick, scale, Lottery},
	Beacon, DRAW_BLOCKS,
};
use proptest::prelude::*;
use sp_runtime::Perbill;

/// Numbers below the first one for which `holds` fails, if it holds up to some number and for none
/// after it.
fn numbers(mut below: u128, holds: impl Fn(u128) -> bool) -> u128 {
	let mut from = 0;
	while from < below {
		let middle = from + (below - from) / 2;
		if holds(middle) {
			from = middle + 1;
		} else {
			below = middle;
		}
	}
	from
}

#[test]
fn a_share_should_be_hit_by_as_many_numbers_as_it_has() {
	for parts in [0, 1, 2, 40_000_000, 500_000_000, 999_999_999, 1_000_000_000] {
		let share = Perbill::from_parts(parts);
		let hits = numbers(1 << 64, |random| is_hit(random as u64, share));
		let exact = (u128::from(parts) << 64).div_ceil(1_000_000_000);
		assert_eq!(hits, exact, "{parts}");
	}
}

#[test]
fn parts_of_all_numbers_should_differ_by_one_at_most() {
	for total in [1, 2, 3, 7, 1_000, u64::MAX.into(), 1 << 100, (1 << 127) + 5, u128::MAX] {
		assert_eq!(scale(0, total), 0);
		assert_eq!(scale(u128::MAX, total), total - 1);
		// The numbers of the first parts, and of the last one.
		let up_to = |part| numbers(u128::MAX, |random| scale(random, total) <= part);
		let least = u128::MAX / total;
		for part in (0..3.min(total - 1)).chain([total / 2]).filter(|part| part + 1 < total) {
			let before = if part == 0 { 0 } else { up_to(part - 1) };
			let numbers = up_to(part) - before;
			assert!((least..=least + 1).contains(&numbers), "{part} of {total}: {numbers}");
		}
	}
}

/// Candidates with these weights, numbered.
fn candidates(weights: &[u128]) -> Vec<(ProviderId, u128)> {
	(0..).map(ProviderId).zip(weights.iter().copied()).collect()
}

#[test]
fn candidates_should_be_picked_by_their_weights() {
	let three = candidates(&[1, 0, 3]);
	let firsts = numbers(u128::MAX, |random| pick(random, &three) == Some(0));
	// A fourth of all numbers.
	assert_eq!(firsts, 1 << 126);
	assert_eq!(pick(firsts, &three), Some(2));
	assert_eq!(pick(u128::MAX, &three), Some(2));
	assert_eq!(pick(5, &candidates(&[0, 0])), None);
	assert_eq!(pick(5, &[]), None);
	// Weights that no issuance has.
	assert_eq!(pick(5, &candidates(&[u128::MAX, 1])), None);
}

#[test]
fn several_draws_should_pick_everybody_at_most_once() {
	let lottery = Lottery::new(&Hash([1; 32]), &job(1), 0);
	let all = candidates(&[5; 6]);
	let drawn = draw_several(lottery, all.clone(), 6, 6, |_| true);
	let mut sorted = drawn.clone();
	sorted.sort_unstable();
	assert_eq!(sorted, (0..6).map(ProviderId).collect::<Vec<_>>());
	assert_eq!(draw_several(lottery, all.clone(), 2, 6, |_| true), drawn[..2]);
	// Who does not fit makes room for the next one.
	assert_eq!(draw_several(lottery, all.clone(), 2, 6, |one| one != drawn[0]), drawn[1..3]);
	assert_eq!(draw_several(lottery, all, 2, 2, |one| one != drawn[0]), drawn[1..2]);
}

#[test]
fn every_lottery_should_be_another() {
	let base = Lottery::new(&Hash([1; 32]), &job(1), 0);
	for other in [
		Lottery::new(&Hash([2; 32]), &job(1), 0),
		Lottery::new(&Hash([1; 32]), &job(2), 0),
		Lottery::new(&Hash([1; 32]), &job(1), 1),
	] {
		assert_ne!(base, other);
	}
	assert!(base.audits(Perbill::one()) && !base.audits(Perbill::zero()));
}

#[test]
fn a_beacon_should_hold_the_last_blocks_and_no_other() {
	let pushed = |vrfs: &[u8]| {
		let mut beacon = Beacon::default();
		vrfs.iter().for_each(|vrf| beacon.push(Some([*vrf; 32])));
		beacon
	};
	let all: Vec<u8> = (1..=40).collect();
	let beacon = pushed(&all);
	assert_eq!(beacon.round, 40);
	assert_eq!(beacon.ready(), Some(7));
	assert_eq!(pushed(&all[..32]).ready(), None);
	assert_eq!(pushed(&all[..33]).ready(), Some(0));
	// The first eight are gone; each of the others counts.
	for changed in 0..40 {
		let mut other = all.clone();
		other[changed] = 99;
		let same = pushed(&other).seed() == beacon.seed();
		assert_eq!(same, changed < 40 - DRAW_BLOCKS as usize, "{changed}");
	}
	let mut silent = beacon.clone();
	silent.push(None);
	assert_eq!(silent.round, 41);
	assert_ne!(silent.seed(), beacon.seed());
}

proptest! {
	#[test]
	fn scaling_should_be_exact(random: u128, total: u128) {
		// By halves: ⌊random × total ÷ 2^128⌋, one bit of `random` after the other.
		let mut whole = 0_u128;
		let mut rest = 0_u128;
		for bit in (0..128).map(|place| random >> place & 1) {
			// (whole + rest ÷ 2^128) ÷ 2, rest kept as a fraction of 2^128 that is cut off only
			// below.
			let (sum, carry) = if bit == 1 { whole.overflowing_add(total) } else { (whole, false) };
			rest = rest >> 1 | (sum & 1) << 127;
			whole = sum >> 1 | u128::from(carry) << 127;
		}
		prop_assert_eq!(scale(random, total), whole);
	}

	#[test]
	fn a_pick_should_lie_where_its_number_falls(
		random: u128,
		weights in proptest::collection::vec(0..1_000_u128, 0..8),
	) {
		let all = candidates(&weights);
		match pick(random, &all) {
			None => prop_assert_eq!(weights.iter().sum::<u128>(), 0),
			Some(place) => {
				let point = scale(random, weights.iter().sum());
				let before: u128 = weights[..place].iter().sum();
				prop_assert!((before..before + weights[place]).contains(&point));
			}
		}
	}
}
