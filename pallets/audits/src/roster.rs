//! Who audits answers of a model: who enrolled, with what, and what of it answers for audits.

use alloc::vec::Vec;

use assay_market::{traits::Bonds, Balance, ModelId, ProviderId};
use frame_support::{defensive, dispatch::DispatchResult, ensure};
use sp_runtime::DispatchError;

use crate::{
	lottery::{draw_several, Lottery},
	Config, Enrolment, Error, Event, Pallet, Parameters, Roster,
};

/// Tickets of a draw: whoever cannot audit after all uses one up.
pub(crate) const TICKETS: u32 = 8;

/// For whom auditors are sought.
pub(crate) struct Search<'a, AccountId> {
	pub model: ModelId,
	/// Who answered, and who asked: neither audits the answer.
	pub provider: ProviderId,
	pub user: &'a AccountId,
	/// Who had a seat before.
	pub not_again: Vec<ProviderId>,
	/// What each must have free.
	pub at_risk: Balance,
	pub seats: usize,
}

impl<T: Config> Pallet<T> {
	/// Binds a stake, or a greater one than before.
	pub(crate) fn do_enrol(who: &T::AccountId, model: ModelId, stake: Balance) -> DispatchResult {
		let auditor = Self::owned(who)?;
		ensure!(stake >= Parameters::<T>::get().min_stake, Error::<T>::StakeTooSmall);
		ensure!(T::Bonds::is_bonded(auditor, &model), Error::<T>::NotBonded);
		let before = Self::enrolment(&model, auditor);
		let bound = before.map_or(0, |entry| entry.stake);
		let added = stake.checked_sub(bound).ok_or(Error::<T>::StakeBelowBound)?;
		if before.is_some_and(|entry| entry.is_active && added == 0) {
			return Ok(());
		}
		if before.is_none() {
			Self::make_room(&model, stake)?;
		}
		T::Bonds::pledge(auditor, &model, added, true)?;
		let (engaged, seats) = before.map_or((0, 0), |entry| (entry.engaged, entry.seats));
		let entry = Enrolment { provider: auditor, stake, engaged, seats, is_active: true };
		Roster::<T>::try_mutate(model, |roster| {
			match roster.iter_mut().find(|other| other.provider == auditor) {
				Some(known) => *known = entry,
				None => roster.try_push(entry).map_err(|_| Error::<T>::RosterFull)?,
			}
			Ok::<_, Error<T>>(())
		})?;
		Self::deposit_event(Event::Enrolled { auditor, model, stake });
		Ok(())
	}

	/// Is drawn no more, and has its stake back with the end of its last audit.
	pub(crate) fn do_leave(who: &T::AccountId, model: ModelId) -> DispatchResult {
		let auditor = Self::owned(who)?;
		let entry = Self::enrolment(&model, auditor).ok_or(Error::<T>::NotEnrolled)?;
		if entry.is_active {
			Self::change(&model, auditor, |entry| entry.is_active = false);
		}
		Ok(())
	}

	/// A full roster loses its least stake to a greater one, unless that has audits to answer for:
	/// otherwise anybody could keep everybody else out with little.
	fn make_room(model: &ModelId, stake: Balance) -> DispatchResult {
		let roster = Roster::<T>::get(model);
		if !roster.is_full() {
			return Ok(());
		}
		let idle = roster.iter().filter(|entry| entry.seats == 0);
		let least = idle.min_by_key(|entry| entry.stake).ok_or(Error::<T>::RosterFull)?;
		ensure!(least.stake < stake, Error::<T>::RosterFull);
		Self::change(model, least.provider, |entry| entry.is_active = false);
		Ok(())
	}

	/// The provider that an account owns. Delegates touch no money.
	fn owned(who: &T::AccountId) -> Result<ProviderId, DispatchError> {
		let provider = T::Bonds::provider_of(who).ok_or(Error::<T>::NoProvider)?;
		ensure!(T::Bonds::owner(provider).as_ref() == Some(who), Error::<T>::NotOwner);
		Ok(provider)
	}

	/// An auditor of a model.
	pub(crate) fn enrolment(model: &ModelId, auditor: ProviderId) -> Option<Enrolment> {
		Roster::<T>::get(model).into_iter().find(|entry| entry.provider == auditor)
	}

	/// Draws auditors and engages what each has at stake.
	pub(crate) fn draw_auditors(
		search: &Search<'_, T::AccountId>,
		lottery: Lottery,
	) -> Vec<ProviderId> {
		let can_audit = |entry: &&Enrolment| {
			entry.is_active
				&& entry.provider != search.provider
				&& entry.free() >= search.at_risk
				&& !search.not_again.contains(&entry.provider)
		};
		let roster = Roster::<T>::get(search.model);
		let candidates: Vec<_> =
			roster.iter().filter(can_audit).map(|entry| (entry.provider, entry.stake)).collect();
		let fits = |auditor| {
			T::Bonds::is_bonded(auditor, &search.model)
				&& T::Bonds::owner(auditor).is_some_and(|owner| owner != *search.user)
		};
		let drawn = draw_several(lottery, candidates, search.seats, TICKETS, fits);
		for auditor in &drawn {
			Self::change(&search.model, *auditor, |entry| {
				entry.engaged = entry.engaged.saturating_add(search.at_risk);
				entry.seats = entry.seats.saturating_add(1);
			});
		}
		drawn
	}

	/// An auditor answers no longer for an audit, and its stake is less by a penalty. What is left
	/// must suffice to be drawn again.
	pub(crate) fn disengage(
		model: &ModelId,
		auditor: ProviderId,
		at_risk: Balance,
		penalty: Balance,
		stands_down: bool,
	) {
		let least = Parameters::<T>::get().min_stake;
		Self::change(model, auditor, |entry| {
			entry.engaged = entry.engaged.saturating_sub(at_risk);
			entry.seats = entry.seats.saturating_sub(1);
			entry.stake = entry.stake.saturating_sub(penalty);
			if stands_down || entry.stake < least {
				entry.is_active = false;
			}
		});
	}

	/// Changes an entry. Who cannot be drawn and has no audit leaves, and its stake is free.
	fn change(model: &ModelId, auditor: ProviderId, change: impl FnOnce(&mut Enrolment)) {
		Roster::<T>::mutate_exists(model, |stored| {
			let mut roster = stored.take().unwrap_or_default();
			let Some(place) = roster.iter().position(|entry| entry.provider == auditor) else {
				defensive!("an auditor is on the roster as long as it has audits");
				*stored = Some(roster).filter(|roster| !roster.is_empty());
				return;
			};
			if let Some(entry) = roster.get_mut(place) {
				let was_active = entry.is_active;
				change(entry);
				if was_active && !entry.is_active {
					Self::deposit_event(Event::StoodDown { auditor, model: *model });
				}
			}
			let over = roster.get(place).filter(|entry| !entry.is_active && entry.seats == 0);
			if let Some(Enrolment { stake, .. }) = over.copied() {
				roster.remove(place);
				Self::unbind(auditor, model, stake);
				Self::deposit_event(Event::Left { auditor, model: *model, stake });
			}
			*stored = Some(roster).filter(|roster| !roster.is_empty());
		});
	}
}
