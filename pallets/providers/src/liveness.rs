//! Online, offline, heartbeats, and the proof that they are missing.

use alloc::vec::Vec;

use assay_market::{
	traits::{Clock, Offence, OffenceKind, Offences},
	Balance, ModelId, ProviderId,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
	types::{Heartbeat, Ledger},
	Config, Error, Event, Ledgers, Members, Pallet, Providers,
};

impl<T: Config> Pallet<T> {
	/// Returns how many ledgers the change went through.
	pub(crate) fn do_set_online(owner: T::AccountId, online: bool) -> Result<u32, DispatchError> {
		let (provider, mut record) = Self::owned_and_not_overdue(&owner)?;
		ensure!(record.heartbeat.is_some() != online, Error::<T>::LivenessUnchanged);
		record.heartbeat = online.then(Self::heartbeat_now);
		let event = match record.heartbeat {
			Some(Heartbeat { overdue_from, .. }) => Event::WentOnline { provider, overdue_from },
			None => Event::WentOffline { provider },
		};
		let models = record.models;
		Providers::<T>::insert(provider, record);
		Self::deposit_event(event);
		for (model, ledger) in Self::ledgers_of(provider) {
			Self::put_ledger_after_change(provider, &model, &ledger, ledger);
		}
		Ok(models)
	}

	pub(crate) fn do_heartbeat(who: T::AccountId) -> DispatchResult {
		let provider = Members::<T>::get(&who).ok_or(Error::<T>::NotMember)?.provider;
		let mut record = Providers::<T>::get(provider).ok_or(Error::<T>::UnknownProvider)?;
		let now = T::Clock::now();
		let last = record.heartbeat.ok_or(Error::<T>::Offline)?;
		ensure!(!last.is_overdue(now), Error::<T>::Overdue);
		ensure!(now >= last.next_from, Error::<T>::HeartbeatTooEarly);
		let heartbeat = Self::heartbeat_now();
		record.heartbeat = Some(heartbeat);
		Providers::<T>::insert(provider, record);
		let overdue_from = heartbeat.overdue_from;
		Self::deposit_event(Event::HeartbeatReceived { provider, by: who, overdue_from });
		Ok(())
	}

	/// Returns how many ledgers the change went through.
	pub(crate) fn do_report_downtime(
		who: T::AccountId,
		provider: ProviderId,
	) -> Result<u32, DispatchError> {
		let mut record = Providers::<T>::get(provider).ok_or(Error::<T>::UnknownProvider)?;
		ensure!(record.is_overdue(T::Clock::now()), Error::<T>::NotOverdue);
		record.heartbeat = None;
		let models = record.models;
		Providers::<T>::insert(provider, record);
		let ledgers = Self::ledgers_of(provider);
		for (model, ledger) in &ledgers {
			Self::put_ledger_after_change(provider, model, ledger, *ledger);
		}
		// Online means that what is offered is served; a bond without an offer promised nothing.
		let answering: Vec<(ModelId, Balance)> = ledgers
			.iter()
			.filter(|(_, ledger)| ledger.offer.is_some())
			// Not what is free: what was asked back would be out of reach, for as long as one likes.
			.map(|(model, ledger)| (*model, ledger.unbound()))
			.collect();
		let count = u32::try_from(answering.len()).unwrap_or(u32::MAX);
		Self::deposit_event(Event::DowntimeReported { provider, by: who, models: count });
		// Each report may slash at once and so change these very ledgers: nothing read before is
		// written after this point.
		let terms = T::Offences::terms();
		for (model, exposure) in answering {
			T::Offences::report(Offence {
				kind: OffenceKind::Downtime,
				provider,
				model,
				job: None,
				numerics_version: 0,
				exposure,
				terms,
				lost: None,
			})?;
		}
		Ok(models)
	}

	/// All ledgers of a provider; at most [`Config::MaxModels`].
	pub(crate) fn ledgers_of(provider: ProviderId) -> Vec<(ModelId, Ledger)> {
		Ledgers::<T>::iter_prefix(provider).collect()
	}

	fn heartbeat_now() -> Heartbeat {
		let (period, allowance) = (T::HeartbeatPeriod::get(), T::HeartbeatAllowance::get());
		Heartbeat::given(T::Clock::now(), period, allowance)
	}
}
