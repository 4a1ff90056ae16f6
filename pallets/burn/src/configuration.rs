//! What governance decides: shares, emission, and how lots are sold.

use crate::{Config, Error, Pallet, Settings};
use assay_market::{
	traits::{Split, SplitTerms},
	Balance, Tick,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{ensure, traits::Get};
use scale_info::TypeInfo;
use sp_runtime::{DispatchResult, PerThing, Permill};

/// Widest tolerance of an order.
pub const TOLERANCE_MAX: Permill = Permill::from_percent(25);

/// Largest order, as a part of the reserve, by the fee that a pool keeps of a swap: nine tenths.
///
/// An order of a part s of the reserve moves the price by 2s, and up to 2.16s in a pool on which
/// somebody leaned as far as [`TOLERANCE_MAX`] admits. Whoever sells before it and buys back after it
/// pays the fee f twice: with s ≤ 0.9 f, more than that brings.
pub const ORDER_OF_FEE_MAX: Permill = Permill::from_percent(90);

/// How lots are sold.
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
pub struct SaleTerms {
	/// Ticks between two orders of a lot.
	pub period: Tick,
	/// The largest order, as a part of the pool's reserve of the asset.
	pub reserve_share: Permill,
	/// How far below the average an order may sell.
	pub tolerance: Permill,
	/// Ticks over which the average forgets.
	pub averaging: Tick,
}

impl SaleTerms {
	/// Whether an order, which lowers the price itself, can stay within the tolerance: selling a part s
	/// of a constant-product reserve gives 1 / (1 + s) of the price.
	pub fn orders_stay_within_tolerance(&self) -> bool {
		!self.reserve_share.is_zero() && self.reserve_share < self.tolerance
	}

	/// Whether leaning on a pool that keeps such a fee of a swap costs more than it takes of an order:
	/// [`ORDER_OF_FEE_MAX`].
	pub fn orders_stay_below_fee(&self, fee: Permill) -> bool {
		self.reserve_share <= ORDER_OF_FEE_MAX * fee
	}

	/// How much of so many units an order sells to a pool that has so much of the asset.
	pub fn order(&self, units: Balance, reserve: Balance) -> Balance {
		units.min(self.reserve_share.mul_floor(reserve))
	}

	/// The least that an order takes which is worth so much at the average price.
	pub fn least(&self, worth: Balance) -> Balance {
		self.tolerance.left_from_one().mul_ceil(worth)
	}
}

impl Default for SaleTerms {
	/// An hour of six-second ticks, two percent below the average of the last hour. Orders are half
	/// of what pools keep of a swap, 0.3 %, so that even who owns almost half of a pool, and gets so
	/// much of its own fees back, gains nothing by leaning on it.
	fn default() -> Self {
		Self {
			period: 600,
			reserve_share: Permill::from_parts(1_500),
			tolerance: Permill::from_percent(2),
			averaging: 600,
		}
	}
}

/// What governance decides.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Configuration {
	/// How prices are shared.
	pub shares: Split,
	/// What is emitted, as a part of what a job burned at once.
	pub emission_rate: Permill,
	/// How lots are sold.
	pub sale: SaleTerms,
}

impl Configuration {
	/// Fails with the rule that the configuration breaks.
	///
	/// # Errors
	/// [`Error::SharesDoNotSumToWhole`], [`Error::NoSalePeriod`], [`Error::AveragingTooShort`],
	/// [`Error::OrderOutsideTolerance`], [`Error::ToleranceTooWide`], [`Error::OrderAboveFee`].
	pub fn validate<T: Config>(&self) -> Result<(), Error<T>> {
		ensure!(self.shares.is_whole(), Error::<T>::SharesDoNotSumToWhole);
		let SaleTerms { period, tolerance, averaging, .. } = self.sale;
		ensure!(period > 0, Error::<T>::NoSalePeriod);
		// Lots take turns, so a look at each comes only after as many ticks as there are lots.
		ensure!(averaging > T::MaxQuotes::get(), Error::<T>::AveragingTooShort);
		ensure!(self.sale.orders_stay_within_tolerance(), Error::<T>::OrderOutsideTolerance);
		ensure!(tolerance <= TOLERANCE_MAX, Error::<T>::ToleranceTooWide);
		let fee = T::PoolFee::get();
		ensure!(self.sale.orders_stay_below_fee(fee), Error::<T>::OrderAboveFee);
		Ok(())
	}

	/// What a job keeps of it.
	pub fn terms(&self) -> SplitTerms {
		SplitTerms { split: self.shares, emission_rate: self.emission_rate }
	}
}

impl<T: Config> Pallet<T> {
	/// Changes a part of the configuration, if the whole stays valid.
	pub(crate) fn do_configure(change: impl FnOnce(&mut Configuration)) -> DispatchResult {
		let mut settings = Settings::<T>::get();
		change(&mut settings);
		settings.validate::<T>()?;
		Settings::<T>::put(settings);
		Ok(())
	}
}
