//! What auditors do: seal a root, then show it.

use assay_market::{
	traits::{Bonds, Clock, Finding, OpenGame, TraceClaim},
	CommitmentHash, JobId, ProviderId, Tick,
};
use assay_primitives::Hash;
use frame_support::{dispatch::DispatchResult, ensure};
use sp_runtime::DispatchError;

use crate::{
	hashing,
	types::{KeptClaim, Stage, Step},
	Audit, Audits, Config, Error, Event, KeptClaims, Pallet,
};

/// What a claim becomes.
enum Consequence {
	/// Nothing, or it waits for the other auditor's.
	None,
	/// A game.
	Game,
	/// It differs from the claim of the seat at this place, which was kept: both become games.
	Games(usize),
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_seal(
		who: T::AccountId,
		job: JobId,
		commitment: CommitmentHash,
		seal: Hash,
	) -> DispatchResult {
		let (mut audit, place) = Self::seat_of(&who, &job, &commitment)?;
		let auditor = match audit.seats.get_mut(place) {
			Some(seat) => match &seat.step {
				Step::Drawn => {
					let at = T::Clock::now();
					seat.step = Step::Sealed { seal, by: who, at };
					seat.auditor
				}
				Step::Sealed { seal: sealed, .. } if *sealed == seal => return Ok(()),
				Step::Sealed { .. } | Step::Revealed { .. } => {
					return Err(Error::<T>::AlreadySealed.into())
				}
			},
			None => return Err(Error::<T>::NotAuditor.into()),
		};
		ensure!(Self::is_in_time(&audit), Error::<T>::SealingOver);
		if audit.is_complete(Stage::Sealing) {
			Self::ask_for_roots(&job, &mut audit);
		}
		Audits::<T>::insert(job, audit);
		Self::deposit_event(Event::Sealed { job, auditor });
		Ok(())
	}

	/// All have sealed: now they show what.
	pub(crate) fn ask_for_roots(job: &JobId, audit: &mut Audit<T::AccountId>) {
		let reveal_by = T::Clock::now().saturating_add(audit.terms.reveal_ticks);
		audit.stage = Stage::Revealing;
		Self::put_in_queue(job, audit, Some(reveal_by));
		Self::deposit_event(Event::AllSealed { job: *job, reveal_by });
	}

	pub(crate) fn do_reveal(
		who: &T::AccountId,
		job: JobId,
		commitment: CommitmentHash,
		salt: &[u8; 32],
		claim: &TraceClaim,
	) -> DispatchResult {
		let (mut audit, place) = Self::seat_of(who, &job, &commitment)?;
		let TraceClaim { root, finding, .. } = *claim;
		let seat = audit.seats.get(place).ok_or(Error::<T>::NotAuditor)?;
		let auditor = seat.auditor;
		let sealed_at = match &seat.step {
			Step::Drawn => return Err(Error::<T>::NotSealed.into()),
			Step::Revealed { root: shown, finding: found, .. } => {
				let same = (*shown, *found) == (root, finding);
				return if same { Ok(()) } else { Err(Error::<T>::AlreadyRevealed.into()) };
			}
			Step::Sealed { seal, by, at } => {
				ensure!(hashing::seal(&root, salt, by) == *seal, Error::<T>::SealMismatch);
				*at
			}
		};
		ensure!(audit.stage == Stage::Revealing, Error::<T>::SealsMissing);
		ensure!(Self::is_in_time(&audit), Error::<T>::RevealOver);
		T::Games::check_claim(&job, &commitment, claim)?;
		let consequence = Self::consequence(&job, &audit, claim)?;
		if let Some(seat) = audit.seats.get_mut(place) {
			seat.step = Step::Revealed { root, finding, sealed_at };
		}
		// Stored before a game opens: it may be over at once, and say so.
		Audits::<T>::insert(job, audit);
		Self::deposit_event(Event::Revealed { job, auditor, root, finding });
		match consequence {
			Consequence::None => {}
			Consequence::Game => Self::open_game(&job, place, claim),
			Consequence::Games(other) => {
				if let Some(kept) = KeptClaims::<T>::take(job) {
					Self::open_game(&job, other, &kept.claim());
				}
				Self::open_game(&job, place, claim);
			}
		}
		let audit = Audits::<T>::get(job).ok_or(Error::<T>::UnknownAudit)?;
		if !audit.is_closed && audit.is_complete(Stage::Revealing) {
			Self::conclude(&job, audit)?;
		}
		Ok(())
	}

	/// What a claim becomes, beside those that were shown before. A root needs one game only.
	fn consequence(
		job: &JobId,
		audit: &Audit<T::AccountId>,
		claim: &TraceClaim,
	) -> Result<Consequence, DispatchError> {
		let is_shown = |root: Hash| {
			audit.seats.iter().any(|seat| seat.revealed().is_some_and(|(other, _)| other == root))
		};
		Ok(match claim.finding {
			Finding::NotOk if is_shown(claim.root) => Consequence::None,
			Finding::NotOk => {
				KeptClaims::<T>::remove(job);
				Consequence::Game
			}
			// The other one's game decides.
			Finding::Ok if audit.has_finding() => Consequence::None,
			Finding::Ok => match audit.first_ok() {
				Some((_, root)) if root == claim.root => Consequence::None,
				Some((place, _)) => Consequence::Games(place),
				None => {
					let kept = KeptClaim::of(claim).ok_or(Error::<T>::PathTooLong)?;
					KeptClaims::<T>::insert(job, kept);
					Consequence::None
				}
			},
		})
	}

	/// The audit of an answer, and the place of the signer's seat in it.
	fn seat_of(
		who: &T::AccountId,
		job: &JobId,
		commitment: &CommitmentHash,
	) -> Result<(Audit<T::AccountId>, usize), DispatchError> {
		let auditor: ProviderId = T::Bonds::provider_of(who).ok_or(Error::<T>::NoProvider)?;
		let audit = Audits::<T>::get(job).ok_or(Error::<T>::UnknownAudit)?;
		ensure!(audit.commitment == *commitment, Error::<T>::CommitmentMismatch);
		let place = audit.seats.iter().position(|seat| seat.auditor == auditor);
		Ok((audit, place.ok_or(Error::<T>::NotAuditor)?))
	}

	/// Whether the time of this stage is not over.
	fn is_in_time(audit: &Audit<T::AccountId>) -> bool {
		let ends_at: Option<Tick> = audit.due_at;
		!audit.is_closed && ends_at.is_some_and(|ends_at| T::Clock::now() < ends_at)
	}
}
