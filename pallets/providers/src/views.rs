//! What users see: the answers of the view functions.

#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

use alloc::vec::Vec;

use assay_market::{
	traits::{Clock, Offer, Subscribed},
	Balance, ModelId, ProviderId, Tick,
};
use codec::{Decode, Encode};
use scale_info::TypeInfo;

use crate::{
	types::{Leaving, Ledger},
	BestOffers, Config, Ledgers, Pallet, Providers,
};

/// Who a provider is and whether it is there.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ProviderView<AccountId> {
	/// Whose bonds and earnings these are.
	pub owner: AccountId,
	/// Keys that may send heartbeats and work on jobs.
	pub delegates: Vec<AccountId>,
	/// The account that may take the provider over.
	pub proposed_owner: Option<AccountId>,
	/// What the owner has on hold for the registration; free again after `deregister`.
	pub deposit: Balance,
	/// Models that it has a ledger for.
	pub models: Vec<ModelId>,
	/// How many of its bonds have a debt; one bars it from new jobs of any model, and from
	/// withdrawing.
	pub indebted: u32,
	/// Whether it is online; `None` if not.
	pub online: Option<Online>,
}

/// What an online provider owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Online {
	/// When it gave the last sign of life.
	pub last_heartbeat: Tick,
	/// When it may give the next.
	pub next_from: Tick,
	/// The first tick at which its absence is an offence.
	pub overdue_from: Tick,
}

/// What a provider has at stake for a model.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct BondView {
	/// What the owner has on hold for this model.
	pub bonded: Balance,
	/// What of it can be put at stake.
	pub free: Balance,
	/// The least bond for this model; `None` if the registry does not know it any more.
	pub minimum: Option<Balance>,
	/// What penalties took that the bond could not pay.
	pub debt: Balance,
	/// Accepted jobs that have not ended.
	pub open_jobs: u32,
	/// Bytes of trace of the open jobs, should all be disputed.
	pub open_trace_bytes: u64,
	/// Why the rest is not free; these and `free` together are `bonded`.
	pub locks: Vec<Lock>,
	/// Bounds that subscriptions set for the offer.
	pub subscribed: Option<Subscribed>,
	/// The first tick at which the offer may be listed again, if turns were missed; `refresh_offer`
	/// then does it.
	pub resting_until: Option<Tick>,
}

/// A part of a bond that is not free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Lock {
	/// How much.
	pub amount: Balance,
	/// Why, and what frees it.
	pub reason: LockReason,
}

/// Why a part of a bond is not free, and what frees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum LockReason {
	/// Set aside for accepted jobs; what the answer does not expose is free with the answer, the rest
	/// when the job ends.
	#[codec(index = 0)]
	Reserved,
	/// At stake for answers; free when they can no longer be disputed and no game or audit is open.
	#[codec(index = 1)]
	Exposed,
	/// Bound to subscriptions, attestations or audits; free when they end.
	#[codec(index = 2)]
	Pledged,
	/// Asked back; can be withdrawn from this tick on, once nothing else stands against it.
	#[codec(index = 3)]
	Leaving {
		/// The first tick.
		ready_at: Tick,
	},
	/// Owed; gone with `collect_debt`, free again when the debt is paid by `bond`.
	#[codec(index = 4)]
	Owed,
}

/// A listed offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct OfferView {
	/// Whose.
	pub provider: ProviderId,
	/// What is offered.
	pub offer: Offer,
	/// Free bond behind it.
	pub free_bond: Balance,
	/// Accepted jobs that have not ended.
	pub open_jobs: u32,
}

/// What compute can be sold, in voucher units per day, and what bounds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CapacityView {
	/// What offers in service declared, as a mean since the beginning of yesterday.
	pub declared: Balance,
	/// What was served in the best of the last eras.
	pub demonstrated: Balance,
	/// What the bonds behind the offers in service covered, as a mean since the beginning of yesterday.
	pub covered: Balance,
	/// The least of the first, the third, and `DemonstratedFactor` times the second.
	pub units_per_day: Balance,
}

impl<T: Config> Pallet<T> {
	pub(crate) fn view_provider(provider: ProviderId) -> Option<ProviderView<T::AccountId>> {
		let record = Providers::<T>::get(provider)?;
		Some(ProviderView {
			owner: record.owner,
			delegates: record.delegates.into_inner(),
			proposed_owner: record.proposed_owner,
			deposit: record.deposit,
			models: Ledgers::<T>::iter_key_prefix(provider).collect(),
			indebted: record.indebted,
			online: record.heartbeat.map(|heartbeat| Online {
				last_heartbeat: heartbeat.at,
				next_from: heartbeat.next_from,
				overdue_from: heartbeat.overdue_from,
			}),
		})
	}

	pub(crate) fn view_bond(provider: ProviderId, model: ModelId) -> Option<BondView> {
		let ledger = Ledgers::<T>::get(provider, model)?;
		let now = T::Clock::now();
		Some(BondView {
			bonded: ledger.bonded,
			free: ledger.free(),
			minimum: Self::minimum_bond(&model),
			debt: ledger.debt,
			open_jobs: ledger.open_jobs,
			open_trace_bytes: ledger.open_trace_bytes,
			locks: Self::locks(&ledger),
			subscribed: ledger.undertaken(now),
			resting_until: ledger.rest.filter(|rest| !rest.is_over(now)).map(|rest| rest.until),
		})
	}

	fn locks(ledger: &Ledger) -> Vec<Lock> {
		let mut locks = Vec::new();
		let mut lock = |amount, reason| {
			if amount > 0 {
				locks.push(Lock { amount, reason });
			}
		};
		lock(ledger.reserved, LockReason::Reserved);
		lock(ledger.exposed, LockReason::Exposed);
		lock(ledger.pledged, LockReason::Pledged);
		if let Some(Leaving { amount, ready_at }) = ledger.leaving {
			lock(amount, LockReason::Leaving { ready_at });
		}
		let unlocked = ledger.unbound().saturating_sub(ledger.leaving_amount());
		lock(ledger.debt.min(unlocked), LockReason::Owed);
		locks
	}

	pub(crate) fn view_offers(model: &ModelId) -> Vec<OfferView> {
		BestOffers::<T>::get(model)
			.iter()
			.filter_map(|candidate| {
				let ledger = Ledgers::<T>::get(candidate.provider, model)?;
				Some(OfferView {
					provider: candidate.provider,
					offer: ledger.offer?.offer,
					free_bond: ledger.free(),
					open_jobs: ledger.open_jobs,
				})
			})
			.collect()
	}
}
