//! What the vouchers' pallet does for jobs.

use sp_runtime::{DispatchError, DispatchResult};

use crate::{Balance, ModelId, Price, ProviderId, Quote, SeriesId, Tick};

/// What a job must know of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeriesTerms {
	/// What prices are quoted in.
	pub quote: Quote,
	/// Price of one unit (a millionth of a compute unit), in the quote's smallest units.
	pub price_per_unit: Balance,
	/// From this tick on, nothing new may be escrowed.
	pub expires_at: Tick,
}

/// What redemption took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redeemed {
	/// Vouchers burned.
	pub units: Balance,
	/// Their reserve, which now lies on the account that was named.
	pub price: Price,
}

/// Vouchers: escrowed when a job is submitted, burned when it is settled.
pub trait Vouchers<AccountId> {
	/// What a job must know of a series that takes new jobs.
	///
	/// # Errors
	/// Typed: unknown, expired, or (quoted in an asset) a stale rate.
	fn terms(series: SeriesId) -> Result<SeriesTerms, DispatchError>;

	/// Value of an amount of a quote in the native token, by the rate of this block.
	///
	/// # Errors
	/// Typed: unknown quote, stale rate.
	fn native_value(price: Price) -> Result<Balance, DispatchError>;

	/// Puts `units` of `who` on hold. Escrow outlives the series' expiry.
	///
	/// # Errors
	/// If the series takes no new jobs or `who` has fewer free units.
	fn escrow(who: &AccountId, series: SeriesId, units: Balance) -> DispatchResult;

	/// Gives escrowed units back. Those of an expired series are burned, and their reserve becomes
	/// claimable by `who` in the quote. What cannot be paid now, as with a frozen asset, is noted as
	/// owed: whoever ends a job does not depend on the quote's asset.
	///
	/// # Errors
	/// If fewer are in escrow.
	fn release(who: &AccountId, series: SeriesId, units: Balance) -> DispatchResult;

	/// Units of `who` in escrow, for checks across pallets; `None` from those who keep no such ledger.
	fn escrowed(_who: &AccountId, _series: SeriesId) -> Option<Balance> {
		None
	}

	/// Burns escrowed units and moves their reserve to `to`. The premium that they brought goes to
	/// `server` as far as it subscribed to the series, otherwise to the insurance.
	/// `counts_as_demand`: whether the price controller takes notice, as for jobs of listed models.
	///
	/// # Errors
	/// If fewer are in escrow, or the quote's asset cannot be moved, as when it is frozen.
	fn redeem(
		who: &AccountId,
		series: SeriesId,
		units: Balance,
		server: (ProviderId, ModelId),
		to: &AccountId,
		counts_as_demand: bool,
	) -> Result<Redeemed, DispatchError>;

	/// Makes a series that takes jobs and gives `who` so many of its units.
	#[cfg(feature = "runtime-benchmarks")]
	fn endow_for_benchmark(who: &AccountId, units: Balance) -> SeriesId;
}
