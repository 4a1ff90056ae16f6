//! The arithmetic of prices, over its whole range.

use super::*;
use crate::{price::native_burn, UnitRate};
use assay_programs::cost::ComputeUnits;
use proptest::prelude::*;
use sp_runtime::Permill;

/// The promise of a job that was accepted at this price.
fn promise(price_native: u128) -> crate::Promise {
	let id = driver().accepted(5).unwrap();
	crate::Promise { price_native, ..*stored(id).promise().unwrap() }
}

#[test]
fn rates_should_be_what_was_posted_and_grow_with_exposure() {
	let one = Permill::from_percent(1);
	assert_eq!(UnitRate::new(100, 160, 160, one), Some(UnitRate(1_000_000)));
	assert_eq!(UnitRate::new(25, 160, 160, one), Some(UnitRate(250_000)));
	assert_eq!(UnitRate::new(400, 320, 160, one), Some(UnitRate(4_040_000)));
	// Rounded up: a 160th of 1 % of a quarter is 15.625 millionths.
	assert_eq!(UnitRate::new(25, 161, 160, one), Some(UnitRate(250_016)));
	// Less than the rule lowers nothing.
	assert_eq!(UnitRate::new(100, 1, 160, one), Some(UnitRate(1_000_000)));
	assert_eq!(UnitRate::new(100, 1, 0, Permill::zero()), Some(UnitRate(1_000_000)));
	assert_eq!(UnitRate::new(u16::MAX, u32::MAX, 1, Permill::one()), None);
}

#[test]
fn burns_should_be_valued_in_proportion() {
	assert_eq!(native_burn(15, 100, 1_000), Some(150));
	assert_eq!(native_burn(0, 0, 0), Some(0));
	assert_eq!(native_burn(1, 3, 10), Some(3));
	assert_eq!(native_burn(u128::MAX, u128::MAX, u128::MAX), Some(u128::MAX));
}

proptest! {
	/// A longer answer never costs less, whatever the rate; and nothing is free.
	#[test]
	fn units_should_grow_with_compute(rate: u32, compute: u64, more: u64) {
		let units = |compute| UnitRate(rate).units(ComputeUnits(compute));
		let longer = compute.saturating_add(more);
		prop_assert!(units(compute) >= 1);
		prop_assert!(units(compute) <= units(longer));
		let exact = u128::from(compute) * u128::from(rate);
		prop_assert!(units(compute) * 1_000_000 >= exact);
		prop_assert!(compute == 0 || rate == 0 || (units(compute) - 1) * 1_000_000 < exact);
	}

	/// Offers are searched up to the dearest that the user pays, and no further.
	#[test]
	fn the_greatest_multiplier_should_be_the_last_that_the_user_pays(
		compute: u64,
		most in prop_oneof![any::<u128>(), 0..u128::from(u64::MAX), 0..1_000_000_u128],
		factor in 160..3_200_u32,
		surcharge in 0..=1_000_000_u32,
	) {
		let surcharge = Permill::from_parts(surcharge);
		let compute = ComputeUnits(compute);
		let greatest = UnitRate::greatest_multiplier(compute, most, factor, 160, surcharge);
		let is_paid = |percent| {
			let rate = UnitRate::new(percent, factor, 160, surcharge);
			rate.is_some_and(|rate| rate.units(compute) <= most)
		};
		prop_assert!(greatest == 0 || is_paid(greatest));
		prop_assert!(greatest == u16::MAX || !is_paid(greatest + 1));
	}

	/// What an answer puts at stake was reserved: its price is at most that of the longest one.
	#[test]
	fn no_answer_should_be_worth_more_than_the_longest(
		price_native: u128,
		longest in 1..=u128::MAX,
		part in 0..=1_000_000_u32,
	) {
		new_test_ext().execute_with(|| {
			let units = Permill::from_parts(part).mul_floor(longest).max(1);
			let price = promise(price_native).native_price(units, longest);
			prop_assert!(price.is_some_and(|price| price <= price_native));
			prop_assert_eq!(promise(price_native).native_price(longest, longest), Some(price_native));
			Ok(())
		})?;
	}

	/// A whole burn is worth the whole price, a part no more than its share.
	#[test]
	fn burns_should_be_worth_no_more_than_the_price(
		price in 1..=u128::MAX,
		native: u128,
		part in 0..=1_000_000_u32,
	) {
		let burned = Permill::from_parts(part).mul_floor(price);
		let value = native_burn(burned, price, native);
		prop_assert!(value.is_some_and(|value| value <= native));
		prop_assert_eq!(native_burn(price, price, native), Some(native));
	}
}
