//! What governance may choose: for each value its bounds and some between, alone, in pairs, and all
//! together by random walks.

use assay_market::{traits::Split, Balance};
use pallet_burn::{ORDER_OF_FEE_MAX, TOLERANCE_MAX};
use pallet_jobs::parameters::{DATA_TICKS_MIN, SPAN_TICKS_MAX};
use pallet_vouchers::{PREMIUM, STEP_MAX, SUBSCRIBERS_SHARE_MIN};
use sp_runtime::{Perbill, Permill};

use crate::setting::{Setting, ASY, MILLI_ASY};

/// Sets a value to one of its bounds, or between them.
type Choice = Box<dyn Fn(&mut Setting) + Sync>;

/// One governed value.
pub struct Dimension {
	/// Its name in the pallet.
	pub name: &'static str,
	/// What it may be: the least first, the greatest last.
	pub choices: Vec<Choice>,
}

fn dimension<T: Copy + Sync + 'static>(
	name: &'static str,
	values: impl IntoIterator<Item = T>,
	set: fn(&mut Setting, T),
) -> Dimension {
	let choice = |value| Box::new(move |setting: &mut Setting| set(setting, value)) as Choice;
	Dimension { name, choices: values.into_iter().map(choice).collect() }
}

/// The sums that caps may be, up to more than anybody has.
const SUMS: [Balance; 4] = [0, MILLI_ASY, 10 * ASY, 1_000_000_000 * ASY];
/// The parts that a split may consist of, in percent: provider, burn, validators, treasury.
const SPLITS: [[u32; 4]; 8] = [
	[0, 100, 0, 0],
	[0, 0, 100, 0],
	[0, 0, 0, 100],
	[100, 0, 0, 0],
	[50, 50, 0, 0],
	[0, 50, 50, 0],
	[70, 30, 0, 0],
	[25, 25, 25, 25],
];

/// Every governed value that moves money.
pub fn dimensions() -> Vec<Dimension> {
	let mut all = deterrence();
	all.extend(slashes());
	all.extend(vouchers());
	all.extend(the_rest());
	all
}

fn percents<const N: usize>(percents: [u32; N]) -> [Perbill; N] {
	percents.map(Perbill::from_percent)
}

fn deterrence() -> Vec<Dimension> {
	// With less, no exposure that anybody has deters.
	let least = Perbill::from_parts(100_000);
	let shares = [least, Perbill::from_percent(1), Perbill::from_percent(10), Perbill::one()];
	vec![
		dimension("audit_share", shares, |one, share| one.rules.deterrence.audit_share = share),
		dimension("honesty", shares, |one, share| one.rules.deterrence.honesty = share),
		dimension("draw_bias", shares, |one, share| one.rules.deterrence.draw_bias = share),
		dimension("exposure_factor", [2, 3, 40, 1_000, 1_000_000, u32::MAX], |one, factor| {
			one.rules.deterrence.exposure_factor = factor;
			let most = &mut one.rules.deterrence.max_exposure_factor;
			*most = factor.max(*most);
		}),
		dimension("max_exposure_factor", [160, 10_000, u32::MAX], |one, factor| {
			one.rules.deterrence.max_exposure_factor = factor;
		}),
		dimension("min_exposure", [1, ASY, 100_000 * ASY], |one, least| {
			one.rules.deterrence.min_exposure = least;
		}),
		dimension("dispute_costs", [0, MILLI_ASY, 1_000 * ASY], |one, costs| {
			one.rules.deterrence.dispute_costs = costs;
		}),
	]
}

fn slashes() -> Vec<Dimension> {
	let penalties = [Perbill::from_parts(1), Perbill::from_percent(10), Perbill::one()];
	vec![
		dimension("costs_at_most", percents([0, 25, 50]), |one, share| {
			one.rules.shares.costs_at_most = share;
		}),
		dimension("reward", percents([0, 1, 25, 50]), |one, share| one.rules.shares.reward = share),
		dimension("reward_at_most", [0, ASY, Balance::MAX], |one, sum| {
			one.rules.shares.reward_at_most = sum;
		}),
		dimension("insurance share", percents([0, 25, 50]), |one, share| {
			one.rules.shares.insurance = share;
		}),
		dimension("burn_at_least", percents([50, 75, 100]), |one, share| {
			one.rules.shares.burn_at_least = share;
		}),
		dimension("late", penalties, |one, share| one.rules.penalties.late = share),
		dimension("false_audit", penalties, |one, share| one.rules.penalties.false_audit = share),
		// As a part of its bound.
		dimension("insurance per_event", percents([0, 50, 100]), |one, share| {
			one.rules.insurance.per_event = share * one.rules.deterrence.dispute_costs;
		}),
		dimension("insurance per_era", SUMS, |one, sum| one.rules.insurance.per_era = sum),
		dimension("insurance target", SUMS, |one, sum| one.rules.insurance.target = sum),
	]
}

fn vouchers() -> Vec<Dimension> {
	let percent = Permill::from_percent;
	vec![
		dimension("premium", [PREMIUM.0, PREMIUM.1], |one, share| one.vouchers.premium = share),
		dimension("subscribers_share", [SUBSCRIBERS_SHARE_MIN, Permill::one()], |one, share| {
			one.vouchers.subscribers_share = share;
		}),
		dimension("insurance_share", [percent(0), percent(50)], |one, share| {
			one.vouchers.insurance_share = share;
		}),
		dimension("price_step", [Permill::from_parts(1), STEP_MAX], |one, step| {
			one.vouchers.price_step = step;
		}),
		dimension("target_utilisation", [Permill::from_parts(1), Permill::one()], |one, share| {
			one.vouchers.target_utilisation = share;
		}),
		dimension("sweep_fee", SUMS, |one, fee| one.vouchers.sweep_fee = fee),
	]
}

fn the_rest() -> Vec<Dimension> {
	let percent = Permill::from_percent;
	let largest = ORDER_OF_FEE_MAX * Setting::today().around.swap;
	let sales = [
		(Permill::from_parts(1), Permill::from_parts(2)),
		(Permill::from_parts(1_500), TOLERANCE_MAX),
		(largest, percent(1)),
		(largest, percent(10)),
		(largest, TOLERANCE_MAX),
	];
	vec![
		dimension("split", SPLITS, |one, [provider, burn, validators, treasury]| {
			let percent = Permill::from_percent;
			one.burn.shares = Split {
				provider: percent(provider),
				burn: percent(burn),
				validators: percent(validators),
				treasury: percent(treasury),
			};
		}),
		dimension("emission_rate", [percent(0), percent(50), Permill::one()], |one, rate| {
			one.burn.emission_rate = rate;
		}),
		dimension("sale", sales, |one, (reserve_share, tolerance)| {
			one.burn.sale.reserve_share = reserve_share;
			one.burn.sale.tolerance = tolerance;
		}),
		dimension("data_ticks", [DATA_TICKS_MIN, SPAN_TICKS_MAX], |one, ticks| {
			one.jobs.data_ticks = ticks;
		}),
		dimension("request_fee_base", [1, MILLI_ASY / 10], |one, fee| {
			one.models.request_fee_base = fee;
		}),
		dimension("request_fee_per_byte", [0, 1_000, MILLI_ASY / 1_000], |one, fee| {
			one.models.request_fee_per_byte = fee;
		}),
		dimension("silence_exposure", [ASY, 1_000_000 * ASY], |one, sum| {
			one.models.silence_exposure = sum;
		}),
	]
}

/// A sequence of numbers that is the same in every run.
struct Numbers(u64);

impl Numbers {
	/// SplitMix64, by its author's public domain description.
	fn next(&mut self) -> u64 {
		self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
		let mut mixed = self.0;
		mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		mixed ^ (mixed >> 31)
	}

	/// One of the numbers below `bound`, which is small.
	fn below(&mut self, bound: usize) -> usize {
		let bound = u64::try_from(bound).expect("a few choices");
		usize::try_from(self.next() % bound).expect("a few choices")
	}
}

/// Steps after which a walk begins anew from the values of today.
const STEPS_OF_A_WALK: usize = 500;

/// Admitted settings: of today, with each value and each pair of values at every choice, and those of
/// walks of so many steps together, each of which moves one value and stays where the pallets admit it.
/// `note`: told of each choice that an admitted setting took.
pub fn admitted(steps: usize, mut note: impl FnMut(usize, usize)) -> Vec<Setting> {
	let dimensions = dimensions();
	let today = Setting::today();
	let mut settings = vec![today.clone()];
	let mut moved = |from: &Setting, choices: &[(usize, usize)]| {
		let mut setting = from.clone();
		for &(dimension, choice) in choices {
			(dimensions[dimension].choices[choice])(&mut setting);
		}
		if !setting.is_admitted() {
			return None;
		}
		for &(dimension, choice) in choices {
			note(dimension, choice);
		}
		Some(setting)
	};
	let corners: Vec<(usize, usize)> = (0..dimensions.len())
		.flat_map(|index| (0..dimensions[index].choices.len()).map(move |choice| (index, choice)))
		.collect();
	for (place, one) in corners.iter().enumerate() {
		settings.extend(moved(&today, &[*one]));
		for other in corners[place..].iter().filter(|other| other.0 != one.0) {
			settings.extend(moved(&today, &[*one, *other]));
		}
	}
	let mut numbers = Numbers(4);
	let mut walker = today.clone();
	for step in 0..steps {
		if step % STEPS_OF_A_WALK == 0 {
			walker = today.clone();
		}
		let dimension = numbers.below(dimensions.len());
		let choice = numbers.below(dimensions[dimension].choices.len());
		if let Some(next) = moved(&walker, &[(dimension, choice)]) {
			walker = next.clone();
			settings.push(next);
		}
	}
	settings
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::collections::BTreeSet;

	#[test]
	fn every_choice_should_be_in_an_admitted_setting() {
		let mut taken = BTreeSet::new();
		let settings = admitted(50_000, |dimension, choice| {
			taken.insert((dimension, choice));
		});
		for (index, dimension) in dimensions().iter().enumerate() {
			for choice in 0..dimension.choices.len() {
				let name = dimension.name;
				assert!(
					taken.contains(&(index, choice)),
					"{name}: choice {choice} is never admitted"
				);
			}
		}
		assert!(settings.len() > 20_000, "{} settings", settings.len());
	}

	#[test]
	fn runs_should_draw_the_same() {
		let drawn = || admitted(1_000, |_, _| ());
		assert_eq!(drawn(), drawn());
		let (one, other) = (Numbers(4).next(), Numbers(5).next());
		assert_ne!(one, other);
	}
}
