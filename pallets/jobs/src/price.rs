//! What runs cost: from compute to vouchers, from vouchers to money.

use assay_market::{
	traits::{ExposureRule, Offer, Vouchers},
	Balance, Lengths, Price, Tick,
};
use assay_programs::cost::ComputeUnits;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{ensure, traits::Get};
use scale_info::TypeInfo;
use sp_runtime::{
	helpers_128bit::multiply_by_rational_with_rounding, DispatchError, Permill, Rounding,
};

use crate::{Config, Error, Job, Pallet, Promise};

/// Parts of a whole rate.
const WHOLE: u128 = 1_000_000;

/// Vouchers for a unit of compute, in millionths.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct UnitRate(pub u32);

impl UnitRate {
	/// What a provider posted, and what the user adds for `factor` times the price at stake instead
	/// of `base` times: `surcharge` of the price for each further `base`, rounded up. `None` on
	/// overflow.
	pub fn new(
		multiplier_percent: u16,
		factor: u32,
		base: u32,
		surcharge: Permill,
	) -> Option<Self> {
		let posted = u128::from(multiplier_percent).checked_mul(WHOLE / 100)?;
		let further = u128::from(factor.saturating_sub(base));
		let added = posted
			.checked_mul(surcharge.deconstruct().into())?
			.checked_mul(further)?
			.div_ceil(u128::from(base.max(1)).checked_mul(WHOLE)?);
		u32::try_from(posted.checked_add(added)?).ok().map(Self)
	}

	/// The greatest multiplier, in percent, at which so much compute costs at most `most`.
	pub fn greatest_multiplier(
		compute: ComputeUnits,
		most: Balance,
		factor: u32,
		base: u32,
		surcharge: Permill,
	) -> u16 {
		if most == 0 {
			return 0;
		}
		let dearest = most.saturating_mul(WHOLE).checked_div(compute.0.into());
		let rate = dearest.map_or(u32::MAX, |rate| u32::try_from(rate).unwrap_or(u32::MAX));
		// What was posted times this, in parts of `whole`, is the rate; all factors have 32 bits.
		let whole = u128::from(base.max(1)).saturating_mul(WHOLE);
		let further = u128::from(factor.saturating_sub(base));
		let surcharged =
			u128::from(surcharge.deconstruct()).saturating_mul(further).saturating_add(whole);
		let percent = u128::from(rate)
			.saturating_mul(whole)
			.checked_div(surcharged.saturating_mul(WHOLE / 100))
			.unwrap_or(0);
		u16::try_from(percent).unwrap_or(u16::MAX)
	}

	/// Vouchers for this compute, rounded up, at least one: a job that costs nothing would be worth
	/// nothing to whoever may dispute it.
	pub fn units(self, compute: ComputeUnits) -> Balance {
		// The product of 64 and 32 bits.
		(u128::from(compute.0) * u128::from(self.0)).div_ceil(WHOLE).max(1)
	}
}

/// `part` of `whole` of an amount, rounded as asked; all of it if the whole is nothing.
fn share(amount: Balance, part: Balance, whole: Balance, rounding: Rounding) -> Option<Balance> {
	if whole == 0 {
		return Some(amount);
	}
	multiply_by_rational_with_rounding(amount, part, whole, rounding)
}

impl Promise {
	/// Price in the native token of an answer of so many units, by the rate of acceptance, rounded
	/// up; `longest` is what the longest answer costs. `None` on overflow.
	pub fn native_price(&self, units: Balance, longest: Balance) -> Option<Balance> {
		share(self.price_native, units, longest, Rounding::Up)
	}
}

/// What was burned of a price, in the native token: in the same proportion. `None` on overflow.
pub fn native_burn(burned: Balance, price: Balance, price_native: Balance) -> Option<Balance> {
	if burned == 0 {
		return Some(0);
	}
	share(price_native, burned, price, Rounding::Down)
}

impl<AccountId> Job<AccountId> {
	/// Price of so many units; `None` on overflow.
	pub fn price(&self, units: Balance) -> Option<Price> {
		price(self.unit_price, units)
	}
}

/// Price of so many units; `None` on overflow.
pub fn price(unit_price: Price, units: Balance) -> Option<Price> {
	Some(Price { amount: unit_price.amount.checked_mul(units)?, ..unit_price })
}

impl<T: Config> Pallet<T> {
	/// The factor that a request asks for, and the rule's.
	pub(crate) fn exposure_factors(asked: Option<u32>) -> Result<(u32, u32), DispatchError> {
		let base = T::ExposureRule::factor();
		let Some(asked) = asked else { return Ok((base, base)) };
		let range = base..=T::ExposureRule::max_factor();
		ensure!(range.contains(&asked), Error::<T>::ExposureFactorOutOfRange);
		Ok((asked, base))
	}

	/// Ticks that an offer gives itself for a run of these lengths, of which there may be so many.
	pub(crate) fn deadline_ticks(
		offer: &Offer,
		lengths: Lengths,
		most: Tick,
	) -> Result<Tick, DispatchError> {
		let ticks = offer.deadline_ticks(lengths).ok_or(Error::<T>::TickOverflow)?;
		ensure!(ticks <= most.min(T::MaxDeadlineTicks::get()), Error::<T>::DeadlineTooLong);
		Ok(ticks)
	}

	/// Fails unless the series pays at least what the provider wants for a unit.
	pub(crate) fn ensure_worth_serving(
		offer: &Offer,
		unit_price: Price,
		units: Balance,
	) -> Result<(), DispatchError> {
		// For all units at once: a single one may be worth less than the least native amount.
		let price = price(unit_price, units).ok_or(Error::<T>::PriceOverflow)?;
		let wanted =
			offer.min_price_per_unit.checked_mul(units).ok_or(Error::<T>::PriceOverflow)?;
		ensure!(T::Vouchers::native_value(price)? >= wanted, Error::<T>::PriceBelowOffer);
		Ok(())
	}
}
