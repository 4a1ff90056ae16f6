//! Claims that become games, and what games tell.

use assay_market::{
	traits::{Bonds, ClaimEnd, Clock, DisputeTerms, GameNotices, OpenGame, TraceClaim},
	JobId,
};
use frame_support::{defensive, storage::with_storage_layer};

use crate::{
	types::{ClaimGame, Step},
	Audits, Config, Event, Pallet,
};

impl<T: Config> Pallet<T> {
	/// Opens a game of the claim of the seat at this place. If it cannot be opened, as when its
	/// owner has a game about the job already, the auditor is not worse off for it.
	pub(crate) fn open_game(job: &JobId, place: usize, claim: &TraceClaim) {
		let Some(mut audit) = Audits::<T>::get(job) else { return };
		let Some(seat) = audit.seats.get_mut(place) else { return };
		let (auditor, commitment) = (seat.auditor, audit.commitment);
		let (Some(claimant), Step::Revealed { sealed_at, .. }) =
			(T::Bonds::owner(auditor), seat.step.clone())
		else {
			defensive!("who showed a root has an owner");
			return;
		};
		seat.game = Some(ClaimGame { claimant: claimant.clone(), end: None });
		let without_game = with_storage_layer(|| {
			// First, so that the game finds it if it ends at once.
			Audits::<T>::insert(job, audit);
			T::Games::open_game(job, &commitment, &claimant, sealed_at, claim)
		});
		Self::deposit_event(match without_game {
			Ok(()) => Event::GameOpened { job: *job, auditor },
			Err(error) => Event::GameRefused { job: *job, auditor, error },
		});
	}
}

impl<T: Config> GameNotices<T::AccountId> for Pallet<T> {
	fn claim_ended(job: &JobId, auditor: &T::AccountId, end: ClaimEnd) {
		Audits::<T>::mutate(job, |stored| {
			let Some(audit) = stored else { return };
			let games = audit.seats.iter_mut().filter_map(|seat| seat.game.as_mut());
			for game in games.filter(|game| game.claimant == *auditor) {
				game.end = Some(end);
			}
			if audit.is_over() {
				Self::put_in_queue(job, audit, Some(T::Clock::now()));
			}
		});
	}

	fn job_lost(job: &JobId, _: &DisputeTerms<T::AccountId>) {
		Audits::<T>::mutate(job, |stored| {
			if let Some(audit) = stored {
				audit.is_lost = true;
			}
		});
	}
}
