//! What happens to a slash after its deferral.

use alloc::vec::Vec;

use assay_market::traits::{Bonds, BurnReason, Clock, PayoutReason};
use frame_support::{
	defensive, ensure,
	storage::with_storage_layer,
	traits::{DefensiveSaturating, Get},
	weights::WeightMeter,
};
use sp_runtime::DispatchResult;

use crate::{
	shares::{Claims, Parts},
	Config, Cursor, Error, Event, FaultyVersions, Pallet, Pending, PendingCount, PendingSlash,
	SlashId, TotalPending, WeightInfo,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_distribute(id: SlashId) -> DispatchResult {
		let slash = Pending::<T>::get(id).ok_or(Error::<T>::UnknownSlash)?;
		if FaultyVersions::<T>::contains_key(slash.numerics_version) {
			Self::give_back(id, &slash)?;
		} else {
			ensure!(!Self::is_paused(&slash.model), Error::<T>::Paused);
			ensure!(T::Clock::now() >= slash.due_at, Error::<T>::NotDue);
			Self::share_out(id, &slash)?;
		}
		Self::forget(id, &slash);
		Ok(())
	}

	fn share_out(id: SlashId, slash: &PendingSlash<T::AccountId>) -> DispatchResult {
		let (user, price) = &slash.user;
		let claims = Claims {
			challenger_costs: slash.challenger.as_ref().map(|(_, costs)| *costs),
			price: *price,
		};
		let parts = Parts::of(slash.taken, claims, &slash.shares);
		ensure!(parts.total() == Some(slash.taken), Error::<T>::Overflow);
		let mut insured = 0;
		if let Some((challenger, costs)) = &slash.challenger {
			let earned = parts.costs.checked_add(parts.reward).ok_or(Error::<T>::Overflow)?;
			Self::pay(challenger, earned, PayoutReason::ChallengeReward)?;
			insured = Self::cover(challenger, costs.saturating_sub(parts.costs))?;
		}
		Self::pay(user, parts.compensation, PayoutReason::Compensation)?;
		Self::insure(parts.insurance)?;
		Self::burn(parts.burned, BurnReason::Slashes)?;
		Self::deposit_event(Event::Distributed { id, parts, insured });
		Ok(())
	}

	/// The provider gets all of it back. The challenger was right about the bytes, so its costs are paid
	/// by the insurance.
	fn give_back(id: SlashId, slash: &PendingSlash<T::AccountId>) -> DispatchResult {
		let provider = slash.provider;
		match T::Bonds::owner(provider) {
			Some(owner) => Self::pay(&owner, slash.taken, PayoutReason::Restitution)?,
			// A provider with a pending slash cannot leave.
			None => {
				defensive!("a provider with a pending slash has left");
				Self::burn(slash.taken, BurnReason::Slashes)?;
			}
		}
		let insured = match &slash.challenger {
			Some((challenger, costs)) => Self::cover(challenger, *costs)?,
			None => 0,
		};
		Self::deposit_event(Event::GivenBack { id, provider, amount: slash.taken, insured });
		Ok(())
	}

	fn forget(id: SlashId, slash: &PendingSlash<T::AccountId>) {
		Pending::<T>::remove(id);
		TotalPending::<T>::mutate(|total| *total = total.defensive_saturating_sub(slash.taken));
		PendingCount::<T>::mutate_exists(slash.provider, slash.model, |count| {
			*count = count.map(|count| count.saturating_sub(1)).filter(|&count| count > 0);
		});
	}

	/// Distributes what is due among the next few entries, in turn.
	pub(crate) fn distribute_some(meter: &mut WeightMeter) {
		let looking = T::WeightInfo::look_at_queue();
		let one = T::WeightInfo::distribute().max(T::WeightInfo::give_back());
		if meter.try_consume(looking).is_err() {
			return;
		}
		let entries = match Cursor::<T>::get() {
			Some(last) => Pending::<T>::iter_keys_from(Pending::<T>::hashed_key_for(last)),
			None => Pending::<T>::iter_keys(),
		};
		let most = usize::try_from(T::MaxPerBlock::get()).unwrap_or(usize::MAX);
		let ids: Vec<SlashId> = entries.take(most).collect();
		let mut last = None;
		for &id in &ids {
			if meter.try_consume(one).is_err() {
				break;
			}
			// A layer of its own: what is not due, or paused, changes nothing and is no fault.
			let _outcome = with_storage_layer(|| Self::do_distribute(id));
			last = Some(id);
		}
		// At the end of the queue the next block begins again.
		let ended = ids.len() < most && last == ids.last().copied();
		Cursor::<T>::set(if ended { None } else { last.or(Cursor::<T>::get()) });
	}
}
