//! The runtime refuses every set of rules with b·q·h·k·(1 − c) below 2, from whichever side it comes.

use super::Chain;
use crate::{configs::slashing::DefaultRules, tests::dispatch, Runtime, RuntimeOrigin};
use pallet_slashing::{Error, Rules, RulesFault};
use proptest::prelude::*;
use sp_runtime::{DispatchError, Perbill};

/// Parts of a whole.
const WHOLE: u128 = 1_000_000_000;

fn set(rules: Rules) -> Result<(), DispatchError> {
	dispatch(pallet_slashing::Call::set_rules { rules }, RuntimeOrigin::root())
}

fn cheating_pays() -> Result<(), DispatchError> {
	Err(Error::<Runtime>::BadRules(RulesFault::CheatingPays).into())
}

/// b·q·h·(1 − c) in parts of 10^36, exactly.
fn exact_chance(rules: &Rules) -> u128 {
	let deterrence = &rules.deterrence;
	let kept = WHOLE - u128::from(rules.shares.reward.deconstruct());
	[deterrence.draw_bias, deterrence.audit_share, deterrence.honesty]
		.iter()
		.fold(kept, |product, part| product * u128::from(part.deconstruct()))
}

/// Whether b·q·h·k·(1 − c) >= 2, exactly.
fn deters(rules: &Rules) -> bool {
	let two = 2 * WHOLE.pow(4);
	match u128::from(rules.deterrence.exposure_factor) {
		0 => false,
		factor => exact_chance(rules) >= two.div_ceil(factor),
	}
}

/// One of the five factors, as a number that more of deters more.
type Factor = fn(&mut Rules, u32);

const FACTORS: [(&str, Factor, u32); 5] = [
	("b", |rules, parts| rules.deterrence.draw_bias = Perbill::from_parts(parts), 1_000_000_000),
	("q", |rules, parts| rules.deterrence.audit_share = Perbill::from_parts(parts), 1_000_000_000),
	("h", |rules, parts| rules.deterrence.honesty = Perbill::from_parts(parts), 1_000_000_000),
	("k", |rules, factor| rules.deterrence.exposure_factor = factor, 1_000),
	(
		"1 - c",
		// The cap keeps the reward of the least exposure as it is.
		|rules, parts| rules.shares.reward = Perbill::from_parts(1_000_000_000 - parts),
		950_000_000,
	),
];

#[test]
fn each_factor_should_be_refused_from_one_step_below_what_deters() {
	Chain::local().block(|| {
		for (name, change, greatest) in FACTORS {
			let with = |value| {
				let mut rules = DefaultRules::get();
				change(&mut rules, value);
				rules
			};
			// The least value that is not refused for want of deterrence.
			let (mut low, mut high) = (0, greatest);
			assert_eq!(set(with(low)), cheating_pays(), "{name}: nothing");
			assert_ne!(set(with(high)), cheating_pays(), "{name}: the greatest");
			while high - low > 1 {
				let middle = low + (high - low) / 2;
				if set(with(middle)) == cheating_pays() {
					low = middle;
				} else {
					high = middle;
				}
			}
			assert!(deters(&with(high)), "{name}: {high} does not deter and is admitted");
			assert!(set(with(low)) == cheating_pays(), "{name}: {low} is admitted");
			// What is refused though it deters is so by rounding: less than a millionth above.
			let clearly = u64::from(high) + u64::from(greatest) / 1_000_000;
			let clearly = u32::try_from(clearly).unwrap_or(greatest).min(greatest);
			assert_ne!(set(with(clearly)), cheating_pays(), "{name}: {clearly}");
			// From above and from below alike: what was set before plays no part.
			assert_ne!(set(with(greatest)), cheating_pays());
			assert_eq!(set(with(low)), cheating_pays());
		}
	});
}

#[test]
fn a_refused_set_should_leave_the_rules_as_they_were() {
	Chain::local().block(|| {
		let mut rules = DefaultRules::get();
		rules.deterrence.exposure_factor = 157;
		assert_eq!(set(rules), cheating_pays());
		assert_eq!(pallet_slashing::CurrentRules::<Runtime>::get(), DefaultRules::get());
	});
}

fn parts() -> impl Strategy<Value = Perbill> {
	(0..=1_000_000_000_u32).prop_map(Perbill::from_parts)
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..Default::default() })]

	#[test]
	fn no_set_that_does_not_deter_should_be_admitted(
		q in parts(),
		h in parts(),
		b in parts(),
		c in parts(),
		k in prop_oneof![0..1_000_u32, any::<u32>()],
	) {
		let mut rules = DefaultRules::get();
		rules.deterrence.audit_share = q;
		rules.deterrence.honesty = h;
		rules.deterrence.draw_bias = b;
		rules.deterrence.exposure_factor = k;
		rules.deterrence.max_exposure_factor = u32::MAX;
		rules.shares.reward = c;
		let refused_for_it = rules.validate() == Err(RulesFault::CheatingPays);
		prop_assert!(deters(&rules) || refused_for_it, "{rules:?}");
		// What deters by more than roundings is refused for other reasons only.
		let rounded = 4 * u128::from(k);
		let clearly = exact_chance(&rules) / WHOLE.pow(3) * u128::from(k) >= 2 * WHOLE + rounded;
		prop_assert!(!(clearly && refused_for_it), "{rules:?}");
	}
}
