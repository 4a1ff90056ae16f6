//! What the providers' pallet does for jobs, vouchers, models and slashing.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::{DispatchError, DispatchResult};

use crate::{Balance, ModelId, ProviderId, Tick};

/// What a provider offers for a model. Posted, not promised: an accepted job keeps what was posted
/// when it was submitted.
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
pub struct Offer {
	/// Least price of a unit that it takes, in the native token; other quotes by their rate.
	pub min_price_per_unit: Balance,
	/// Vouchers for a unit of compute, in percent: 25 to 400.
	pub multiplier_percent: u16,
	/// Ticks from acceptance to the answer, whatever its length.
	pub deadline_base_ticks: Tick,
	/// Further ticks for each 1 000 tokens in and out, rounded up.
	pub deadline_ticks_per_1000_tokens: Tick,
	/// Most jobs at once.
	pub max_open_jobs: u32,
	/// Bytes of trace that it can post per tick.
	pub trace_bytes_per_tick: u64,
	/// Units of compute per day that it declares it can serve.
	pub units_per_day: u64,
}

/// What a bond answers for in open jobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenStake {
	/// Reserved for accepted jobs.
	pub reserved: Balance,
	/// Exposed for committed jobs.
	pub exposed: Balance,
	/// Bytes of the traces of both.
	pub trace_bytes: u64,
}

/// Bonds: what providers have at stake for a model.
pub trait Bonds<AccountId> {
	/// The provider that `who` owns or is a delegate of.
	fn provider_of(who: &AccountId) -> Option<ProviderId>;

	/// Who owns a provider.
	fn owner(provider: ProviderId) -> Option<AccountId>;

	/// The offer of a provider that can be assigned a job of a model now: it is online, bonded,
	/// without debt, and has fewer open jobs than it offers.
	fn offer(provider: ProviderId, model: &ModelId) -> Option<Offer>;

	/// The best offers for a model, best first: cheapest, then by the hash of `tie` and the
	/// provider. At most `most`, from a bounded number of candidates.
	fn best_offers(model: &ModelId, tie: &[u8; 32], most: u32) -> alloc::vec::Vec<ProviderId>;

	/// Whether a provider's bond for a model is at least its minimum, and it has no debt.
	fn is_bonded(provider: ProviderId, model: &ModelId) -> bool;

	/// What of a bond is neither exposed, reserved, pledged, leaving, nor owed.
	fn free_bond(provider: ProviderId, model: &ModelId) -> Balance;

	/// At acceptance: reserves `exposure` for a job with a trace of so many bytes.
	///
	/// # Errors
	/// Typed: not bonded, in debt, offline, too little free bond (5 % are kept free), too many open
	/// jobs, too much open trace.
	fn reserve(
		provider: ProviderId,
		model: &ModelId,
		exposure: Balance,
		trace_bytes: u64,
	) -> DispatchResult;

	/// At commitment: of what was reserved, `exposed` is at stake now; the rest is free again.
	///
	/// # Errors
	/// If less was reserved.
	fn expose(
		provider: ProviderId,
		model: &ModelId,
		reserved: Balance,
		exposed: Balance,
	) -> DispatchResult;

	/// At the end of a job: frees what was reserved and exposed for it, and its trace.
	///
	/// # Errors
	/// If the ledger has less.
	fn release(
		provider: ProviderId,
		model: &ModelId,
		reserved: Balance,
		exposed: Balance,
		trace_bytes: u64,
	) -> DispatchResult;

	/// What is reserved, exposed and traced for open jobs, for checks across pallets; `None` from
	/// those who keep no such ledger.
	fn open_stake(_provider: ProviderId, _model: &ModelId) -> Option<OpenStake> {
		None
	}

	/// Takes up to `amount` of the bond and moves it to `to`; what the bond lacks becomes a debt,
	/// which bars new jobs. The job's exposure must have been released before. Returns what moved.
	///
	/// # Errors
	/// If the provider is unknown.
	fn slash(
		provider: ProviderId,
		model: &ModelId,
		amount: Balance,
		to: &AccountId,
	) -> Result<Balance, DispatchError>;

	/// All that is bonded for a model, in the native token.
	fn total_bonded(model: &ModelId) -> Balance;

	/// Binds `bond` of the free bond to a subscription or an attestation (`true`) or frees it again
	/// (`false`). What is bound cannot be withdrawn.
	///
	/// # Errors
	/// Typed: too little free bond.
	fn pledge(provider: ProviderId, model: &ModelId, bond: Balance, bind: bool) -> DispatchResult;

	/// A job ended: what it burned and what was emitted for it, in the native token, for the
	/// provider's reputation; `None` if it failed.
	fn job_ended(provider: ProviderId, model: &ModelId, settled: Option<(Balance, Balance)>);

	/// A job settled that took so many units of compute: what providers have shown they can serve.
	/// To be called once for each settled job. The default forgets, for those who sell no capacity.
	fn units_served(_provider: ProviderId, _model: &ModelId, _units: Balance) {}

	/// Units of compute per day that can be sold: the least of declared, demonstrated and bonded.
	fn capacity_units_per_day() -> Balance;

	/// A provider, owned by `owner`, with so much bond for a model and an offer.
	#[cfg(feature = "runtime-benchmarks")]
	fn bond_for_benchmark(owner: &AccountId, model: &ModelId, bond: Balance) -> ProviderId;
}
