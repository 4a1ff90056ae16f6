//! What the market's other pallets do, as far as this one asks.
//!
//! What fakes remember lies in storage, so that a call that fails leaves no trace there either;
//! what tests set (time, pools, who is a provider) lies in static variables.

use super::*;
use assay_market::{
	traits::{
		Bonds, Clock, Exchange, ModelFacts, ModelKind, Models, Offer, OfferSearch, PayoutReason,
		Payouts, Run, Subscribed,
	},
	Lengths, Price,
};
use assay_programs::cost::Weights;
use frame_support::{
	ensure, storage_alias,
	traits::{fungible, fungibles, tokens::Preservation},
	Blake2_128Concat,
};
use sp_runtime::{DispatchError, DispatchResult};

/// Time as the test sets it.
pub struct FakeClock;

impl Clock for FakeClock {
	fn now() -> Tick {
		Now::get()
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn set_for_benchmark(tick: Tick) {
		Now::set(tick);
	}
}

/// Pools as the test sets them.
pub struct FakeExchange;

impl Exchange<AccountId> for FakeExchange {
	fn reserves(quote: Quote) -> Option<(Balance, Balance)> {
		match quote {
			Quote::Native => None,
			Quote::Asset(asset) => Pools::get().get(&asset).copied(),
		}
	}

	fn sell(_: &AccountId, _: Quote, _: Balance, _: Balance) -> Result<Balance, DispatchError> {
		Err(DispatchError::Unavailable)
	}
}

#[storage_alias]
pub(super) type Claims =
	StorageMap<Prefix, Blake2_128Concat, (AccountId, PayoutReason, Quote), Balance>;

#[storage_alias]
pub(super) type Pledges = StorageMap<Prefix, Blake2_128Concat, (ProviderId, ModelId), Balance>;

#[storage_alias]
pub(super) type Bounds = StorageMap<Prefix, Blake2_128Concat, (ProviderId, ModelId), Subscribed>;

/// Pull payments that are never claimed.
pub struct FakePayouts;

impl Payouts<AccountId> for FakePayouts {
	fn pay(
		from: &AccountId,
		to: &AccountId,
		Price { quote, amount }: Price,
		reason: PayoutReason,
	) -> DispatchResult {
		match quote {
			Quote::Native => <Balances as fungible::Mutate<_>>::transfer(
				from,
				&PAYOUTS,
				amount,
				Preservation::Preserve,
			)?,
			Quote::Asset(asset) => <Assets as fungibles::Mutate<_>>::transfer(
				asset,
				from,
				&PAYOUTS,
				amount,
				Preservation::Expendable,
			)?,
		};
		ensure!(!PayoutsFail::get(), DispatchError::Exhausted);
		let key = (to.clone(), reason, quote);
		Claims::insert(&key, Claims::get(&key).unwrap_or(0) + amount);
		Ok(())
	}

	fn rotate(_: &AccountId, _: &AccountId) -> DispatchResult {
		Err(DispatchError::Unavailable)
	}
}

/// Models that are listed or not, all together.
pub struct FakeModels;

impl Models for FakeModels {
	fn facts(_: &ModelId) -> Option<ModelFacts> {
		Some(ModelFacts {
			kind: ModelKind::Generate,
			vocabulary: 1,
			max_positions: 1,
			numerics_version: 1,
			min_bond: 0,
			status: Status::get(),
			program_bytes: 1,
		})
	}

	fn ensure_takes_jobs(_: &ModelId) -> Result<ModelFacts, DispatchError> {
		Err(DispatchError::Unavailable)
	}

	fn run(_: &ModelId, _: Lengths, _: &Weights) -> Result<Run, DispatchError> {
		Err(DispatchError::Unavailable)
	}

	fn is_stop_token(_: &ModelId, _: u32) -> bool {
		false
	}

	fn job_changed(_: &ModelId, _: bool) {}

	#[cfg(feature = "runtime-benchmarks")]
	fn register_for_benchmark(_: u32) -> ModelId {
		model()
	}
}

/// Two providers that can pledge [`Bond`] each.
pub struct FakeBonds;

impl Bonds<AccountId> for FakeBonds {
	fn provider_of(who: &AccountId) -> Option<ProviderId> {
		Providers::get().get(who).or(Delegates::get().get(who)).copied()
	}

	fn owner(provider: ProviderId) -> Option<AccountId> {
		let owner = Providers::get().into_iter().find(|(_, owned)| *owned == provider);
		owner.map(|(owner, _)| owner)
	}

	fn pledge(provider: ProviderId, model: &ModelId, bond: Balance, bind: bool) -> DispatchResult {
		let key = (provider, *model);
		let pledged = Pledges::get(key).unwrap_or(0);
		let pledged = if bind { pledged + bond } else { pledged.checked_sub(bond).unwrap() };
		ensure!(pledged <= Bond::get(), DispatchError::Other("too little free bond"));
		Pledges::insert(key, pledged);
		Ok(())
	}

	fn capacity_units_per_day() -> Balance {
		Capacity::get()
	}

	fn offer(_: ProviderId, _: &ModelId) -> Option<Offer> {
		CurrentOffer::get()
	}

	fn set_subscribed(
		provider: ProviderId,
		model: &ModelId,
		terms: Option<Subscribed>,
	) -> DispatchResult {
		Bounds::set((provider, *model), terms);
		Ok(())
	}

	fn best_offers(_: &ModelId, _: &OfferSearch) -> Vec<ProviderId> {
		Vec::new()
	}

	fn is_bonded(_: ProviderId, _: &ModelId) -> bool {
		false
	}

	fn free_bond(_: ProviderId, _: &ModelId) -> Balance {
		0
	}

	fn reserve(_: ProviderId, _: &ModelId, _: Balance, _: u64) -> DispatchResult {
		Err(DispatchError::Unavailable)
	}

	fn expose(_: ProviderId, _: &ModelId, _: Balance, _: Balance) -> DispatchResult {
		Err(DispatchError::Unavailable)
	}

	fn release(_: ProviderId, _: &ModelId, _: Balance, _: Balance, _: u64) -> DispatchResult {
		Err(DispatchError::Unavailable)
	}

	fn slash(
		_: ProviderId,
		_: &ModelId,
		_: Balance,
		_: &AccountId,
	) -> Result<Balance, DispatchError> {
		Err(DispatchError::Unavailable)
	}

	fn total_bonded(_: &ModelId) -> Balance {
		0
	}

	fn job_ended(_: ProviderId, _: &ModelId, _: Option<(Balance, Balance)>) {}

	#[cfg(feature = "runtime-benchmarks")]
	fn bond_for_benchmark(owner: &AccountId, _: &ModelId, _: Balance) -> ProviderId {
		Providers::mutate(|providers| {
			// A provider has one owner.
			providers.retain(|_, provider| *provider != PROVIDER);
			providers.insert(owner.clone(), PROVIDER);
		});
		PROVIDER
	}
}

/// What the runtime does for the benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub struct FakeHelper;

#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper for FakeHelper {
	fn model() -> ModelId {
		model()
	}

	fn quoted_asset() -> AssetId {
		STABLE
	}
}
