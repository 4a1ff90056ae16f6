//! What users and clients ask before they act.

use crate::{pallet::*, Cost, Phase, Series, UNITS_PER_CU};
use alloc::vec::Vec;
use assay_market::{traits::Clock, Balance, Price, Quote, SeriesId, Tick};
use codec::{Decode, Encode};
use frame_support::traits::fungibles::Inspect as _;
use scale_info::TypeInfo;
use sp_runtime::{
	traits::{One, Zero},
	DispatchError, FixedU128,
};

/// A series as a client shows it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SeriesView {
	/// Its number.
	pub id: SeriesId,
	/// Its record.
	pub series: Series,
	/// Where in its life it is.
	pub phase: Phase,
	/// Price of a compute unit, which is a million units, in the quote; `None` if it does not fit.
	pub price_per_cu: Option<Balance>,
	/// The same in the native token; `None` if it does not fit or the rate is stale.
	pub native_per_cu: Option<Balance>,
	/// Units that can be minted now.
	pub mintable: Balance,
}

/// What minting costs now, and whether it is possible.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct MintQuote {
	/// What the cost is counted in.
	pub quote: Quote,
	/// The cost; `total` is what to pass as `max_cost`.
	pub cost: Cost,
	/// Units that can be minted now.
	pub mintable: Balance,
}

/// An account's vouchers of one series.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Holding {
	/// The series.
	pub series: SeriesId,
	/// Where in its life it is.
	pub phase: Phase,
	/// Units that can be transferred.
	pub free: Balance,
	/// Of them, units that can be put in escrow: one always stays free.
	pub escrowable: Balance,
	/// Units in escrow for jobs.
	pub escrowed: Balance,
	/// From this tick on they pay for no new jobs.
	pub expires_at: Tick,
	/// Before this tick, and after the expiry, they can be reclaimed.
	pub reclaimable_until: Tick,
	/// What reclaiming the free units pays, in the quote; `None` if it does not fit.
	pub reserve: Option<Price>,
}

/// A quote as a client shows it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct QuoteView<AccountId> {
	/// What is quoted in.
	pub quote: Quote,
	/// Its record.
	pub record: crate::QuoteRecord<AccountId>,
	/// What its smallest unit is worth, in the smallest units of the native token.
	pub rate: FixedU128,
	/// Whether the rate may be used for new jobs and subscriptions.
	pub is_fresh: bool,
}

impl<T: Config> Pallet<T> {
	/// A series as a client shows it.
	pub(crate) fn view_of(id: SeriesId, series: Series) -> SeriesView {
		let price_per_cu = series.price_of(UNITS_PER_CU);
		let native_per_cu = price_per_cu
			.and_then(|amount| Self::value_in_native(Price { quote: series.quote, amount }).ok());
		SeriesView {
			id,
			phase: series.phase(T::Clock::now()),
			price_per_cu,
			native_per_cu,
			mintable: Self::mintable_of(&series),
			series,
		}
	}

	/// See the view function `quote_mint`.
	pub(crate) fn mint_quote_of(id: SeriesId, units: Balance) -> Result<MintQuote, DispatchError> {
		let series = Self::live(id)?;
		Ok(MintQuote {
			quote: series.quote,
			cost: Self::cost_of(&series, units)?,
			mintable: Self::mintable_of(&series),
		})
	}

	/// What `who` has of every series that is not closed.
	pub(crate) fn holdings_of(who: &T::AccountId) -> Vec<Holding> {
		let now = T::Clock::now();
		let holding = |(id, series): (SeriesId, Series)| {
			let free = T::Assets::balance(series.asset, who);
			let escrowed = Escrows::<T>::get(id, who);
			let phase = series.phase(now);
			let is_empty = phase == Phase::Closed || (free == 0 && escrowed == 0);
			(!is_empty).then(|| Holding {
				series: id,
				phase,
				free,
				escrowable: Self::escrowable(series.asset, who),
				escrowed,
				expires_at: series.expires_at,
				reclaimable_until: series.grace_ends_at,
				reserve: series.price_of(free).map(|amount| Price { quote: series.quote, amount }),
			})
		};
		AllSeries::<T>::iter().filter_map(holding).collect()
	}

	/// Every quote with its rate.
	pub(crate) fn quote_views() -> Vec<QuoteView<T::AccountId>> {
		Quotes::<T>::iter()
			.map(|(quote, record)| {
				let (rate, is_fresh) = match quote {
					Quote::Native => (FixedU128::one(), true),
					Quote::Asset(asset) => Rates::<T>::get(asset)
						.map_or((FixedU128::zero(), false), |rate| {
							(rate.native_per_unit, Self::is_fresh(&rate))
						}),
				};
				QuoteView { quote, record, rate, is_fresh }
			})
			.collect()
	}
}
