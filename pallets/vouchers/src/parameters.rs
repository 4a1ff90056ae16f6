//! The values that governance may change, and what they must respect.

use crate::pallet::{Config, Pallet};
use assay_market::{Balance, Tick};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::Get, PalletError};
use scale_info::TypeInfo;
use sp_runtime::Permill;

/// Longest life of a series, in days: the longer a price is fixed, the more the option that it is
/// exceeds the premium.
pub const LIFE_DAYS_MAX: Tick = 90;

/// Shortest and longest time for reclaiming the reserve of expired vouchers, in days.
pub const GRACE_DAYS: (Tick, Tick) = (1, 90);

/// Least and largest premium.
pub const PREMIUM: (Permill, Permill) = (Permill::from_percent(2), Permill::from_percent(5));

/// Largest move of a price in a day, and of a rate.
pub const STEP_MAX: Permill = Permill::from_percent(5);

/// Least part of the premium that goes to those who carry the risk.
pub const SUBSCRIBERS_SHARE_MIN: Permill = Permill::from_percent(50);

/// Longest time that a rate may be used for, in days.
pub const RATE_STALE_DAYS_MAX: Tick = 7;

/// The governed values. They apply to what is opened, subscribed and minted from then on; what a
/// series promised stays, and so does its premium.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Parameters {
	/// From the opening of a series to the end of its mint window.
	pub window_ticks: Tick,
	/// From the opening of a series to its expiry: at most [`LIFE_DAYS_MAX`] days.
	pub life_ticks: Tick,
	/// From expiry to the end of reclaiming: within [`GRACE_DAYS`].
	pub grace_ticks: Tick,
	/// Premium on the price, rounded up: within [`PREMIUM`].
	pub premium: Permill,
	/// Part of the premium that waits for the subscribers: at least [`SUBSCRIBERS_SHARE_MIN`].
	pub subscribers_share: Permill,
	/// Part of the premium for the insurance; the rest is the treasury's.
	pub insurance_share: Permill,
	/// Bond that a subscription pledges, of the price of its units.
	pub pledge: Permill,
	/// Largest multiplier of the offer behind a subscription, in percent. At 100, the units of a
	/// series buy as much compute as their number says.
	pub max_multiplier_percent: u16,
	/// Least units of a subscription.
	pub least_subscription: Balance,
	/// Most units minted in a day, of all series.
	pub mint_limit_per_day: Balance,
	/// Share of capacity whose redemption leaves prices where they are.
	pub target_utilisation: Permill,
	/// Largest move of a price in a step: at most [`STEP_MAX`].
	pub price_step: Permill,
	/// Least time between two moves of a rate.
	pub rate_interval_ticks: Tick,
	/// From its last move until a rate is stale: longer than the interval, at most
	/// [`RATE_STALE_DAYS_MAX`] days.
	pub rate_stale_ticks: Tick,
	/// What closing a series pays, in the native token, as far as the series' leftovers reach.
	pub sweep_fee: Balance,
}

/// What buyers pay beside the price, and to whom it goes. A series keeps the terms of its opening, as
/// all its units have equal shares of one premium pool: who bought at a lower premium would earn a part of
/// what others paid at a higher one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct PremiumTerms {
	/// Premium on the price, rounded up.
	pub rate: Permill,
	/// Part of the premium that waits for the subscribers.
	pub subscribers_share: Permill,
	/// Part of the premium for the insurance; the rest is the treasury's.
	pub insurance_share: Permill,
}

/// Which value breaks its rule.
#[derive(
	Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, PalletError,
)]
pub enum BadParameter {
	/// The mint window is empty or outlasts the life.
	#[codec(index = 0)]
	Window,
	/// The life exceeds [`LIFE_DAYS_MAX`] days.
	#[codec(index = 1)]
	Life,
	/// The grace period leaves [`GRACE_DAYS`].
	#[codec(index = 2)]
	Grace,
	/// The premium leaves [`PREMIUM`].
	#[codec(index = 3)]
	Premium,
	/// The shares of the premium exceed it, or the subscribers' is below [`SUBSCRIBERS_SHARE_MIN`].
	#[codec(index = 4)]
	PremiumShares,
	/// Subscriptions would pledge nothing.
	#[codec(index = 5)]
	Pledge,
	/// Subscriptions of nothing would be possible.
	#[codec(index = 6)]
	LeastSubscription,
	/// Nothing could be minted.
	#[codec(index = 7)]
	MintLimit,
	/// Prices would rise without demand.
	#[codec(index = 8)]
	TargetUtilisation,
	/// Prices would stand still, or move more than [`STEP_MAX`] a day.
	#[codec(index = 9)]
	PriceStep,
	/// Rates could be moved any number of times in a tick.
	#[codec(index = 10)]
	RateInterval,
	/// Rates would be stale before they can be moved, or used for more than
	/// [`RATE_STALE_DAYS_MAX`] days.
	#[codec(index = 11)]
	RateStale,
	/// No offer could be subscribed with.
	#[codec(index = 12)]
	Multiplier,
	/// Life and grace have more days than a quote may have live series: as one may open each day,
	/// none could open for a time.
	#[codec(index = 13)]
	LiveSeries,
}

impl Parameters {
	/// What a series keeps that is opened now.
	pub fn premium_terms(&self) -> PremiumTerms {
		let Self { premium: rate, subscribers_share, insurance_share, .. } = *self;
		PremiumTerms { rate, subscribers_share, insurance_share }
	}

	/// Whether every value respects its rule, on a market with so many ticks in a day and room for so
	/// many live series of a quote.
	///
	/// # Errors
	/// The first value that does not.
	pub fn validate(&self, ticks_per_day: Tick, max_live_series: u32) -> Result<(), BadParameter> {
		let days = |days: Tick| ticks_per_day.saturating_mul(days);
		let premium_shared =
			self.subscribers_share.deconstruct().saturating_add(self.insurance_share.deconstruct());
		let rules = [
			(self.window_ticks > 0 && self.window_ticks <= self.life_ticks, BadParameter::Window),
			(self.life_ticks <= days(LIFE_DAYS_MAX), BadParameter::Life),
			(
				(days(GRACE_DAYS.0)..=days(GRACE_DAYS.1)).contains(&self.grace_ticks),
				BadParameter::Grace,
			),
			(
				self.life_ticks.saturating_add(self.grace_ticks) <= days(max_live_series),
				BadParameter::LiveSeries,
			),
			((PREMIUM.0..=PREMIUM.1).contains(&self.premium), BadParameter::Premium),
			(
				self.subscribers_share >= SUBSCRIBERS_SHARE_MIN
					&& premium_shared <= Permill::one().deconstruct(),
				BadParameter::PremiumShares,
			),
			(!self.pledge.is_zero(), BadParameter::Pledge),
			(self.max_multiplier_percent > 0, BadParameter::Multiplier),
			(self.least_subscription > 0, BadParameter::LeastSubscription),
			(self.mint_limit_per_day > 0, BadParameter::MintLimit),
			(!self.target_utilisation.is_zero(), BadParameter::TargetUtilisation),
			(!self.price_step.is_zero() && self.price_step <= STEP_MAX, BadParameter::PriceStep),
			(self.rate_interval_ticks > 0, BadParameter::RateInterval),
			(
				self.rate_stale_ticks > self.rate_interval_ticks
					&& self.rate_stale_ticks <= days(RATE_STALE_DAYS_MAX),
				BadParameter::RateStale,
			),
		];
		rules.into_iter().try_for_each(|(holds, parameter)| holds.then_some(()).ok_or(parameter))
	}
}

impl<T: Config> Pallet<T> {
	/// Parameters that respect every rule on this chain.
	pub(crate) fn validated(parameters: Parameters) -> Result<Parameters, BadParameter> {
		parameters.validate(T::TicksPerDay::get(), T::MaxLiveSeries::get())?;
		Ok(parameters)
	}
}
