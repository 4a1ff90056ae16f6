//! The draw: which answers are audited, and by whom.

use alloc::vec::Vec;

use assay_market::{
	traits::{AuditRule, Auditable, Audits as AuditsOfJobs, Clock, Disputable, DisputeTerms},
	CommitmentHash, JobId, ProviderId, Tick,
};
use assay_primitives::Hash;
use frame_support::{
	defensive,
	dispatch::DispatchResult,
	storage::with_storage_layer,
	traits::Get,
	weights::{Weight, WeightMeter},
};
use sp_runtime::{DispatchError, Perbill};

use crate::{
	lottery::Lottery,
	roster::Search,
	types::{AuditTerms, PendingDraw, RoundDraws, Seat, Stage, Step, SEATS},
	Audit, Audits, BeaconState, Config, Error, Event, InRound, KeptClaims, OldestRound, Pallet,
	Parameters, RoundOf, Rounds, WeightInfo,
};

impl<T: Config> AuditsOfJobs for Pallet<T> {
	fn share() -> Perbill {
		T::Rule::audit_share()
	}

	fn answered(job: &JobId, commitment: &CommitmentHash, share: Perbill) {
		if share.is_zero() {
			return;
		}
		let round = BeaconState::<T>::get().round;
		let pending = PendingDraw { commitment: *commitment, share, answered_at: T::Clock::now() };
		InRound::<T>::insert(round, job, pending);
		RoundOf::<T>::insert(job, round);
		Rounds::<T>::mutate(round, |draws| draws.waiting = draws.waiting.saturating_add(1));
	}

	fn awaits_draw(job: &JobId) -> bool {
		RoundOf::<T>::contains_key(job)
	}

	fn answer_closed(job: &JobId) {
		Audits::<T>::mutate(job, |stored| {
			let Some(audit) = stored else { return };
			audit.is_closed = true;
			audit.stage = Stage::Concluded;
			KeptClaims::<T>::remove(job);
			// A game that is still open will say when it ends.
			let due_at = audit.is_over().then(T::Clock::now);
			Self::put_in_queue(job, audit, due_at);
		});
	}
}

impl<T: Config> Pallet<T> {
	/// Takes what the author of the last block contributed, and seals with it the draws of the
	/// answers that were waiting for it.
	pub(crate) fn collect(meter: &mut WeightMeter) -> bool {
		if meter.try_consume(T::WeightInfo::on_poll_base()).is_err() {
			return false;
		}
		let beacon = BeaconState::<T>::mutate(|beacon| {
			beacon.push(T::AuthorVrf::get());
			beacon.clone()
		});
		if let Some(ready) = beacon.ready() {
			Rounds::<T>::mutate_extant(ready, |draws| draws.seed = Some(beacon.seed()));
		}
		true
	}

	/// Draws for the answers whose time has come, oldest first, as far as the meter and the block's
	/// bound allow. Those that are left wait, and are not paid before.
	pub(crate) fn work_off_draws(meter: &mut WeightMeter) {
		let Some(ready) = BeaconState::<T>::get().ready() else { return };
		let start = OldestRound::<T>::get();
		let mut round = start;
		let mut left = T::MaxDrawsPerBlock::get();
		while round <= ready
			&& left > 0
			&& meter.try_consume(T::WeightInfo::on_poll_round()).is_ok()
		{
			left = left.saturating_sub(1);
			let most = Self::most_steps(left, meter, T::WeightInfo::draw());
			let drawn = Self::draw_round(round, most, meter);
			left = left.saturating_sub(u32::try_from(drawn).unwrap_or(u32::MAX));
			if Rounds::<T>::contains_key(round) {
				break;
			}
			round = round.saturating_add(1);
		}
		if round != start {
			OldestRound::<T>::put(round);
		}
	}

	/// How many steps there is room for: at most so many, and no more than the meter can take at
	/// their dearest.
	pub(crate) fn most_steps(most: u32, meter: &WeightMeter, dearest: Weight) -> usize {
		let fit = meter.remaining().checked_div_per_component(&dearest).unwrap_or(0);
		// A number of at most 32 bits fits into the target's word.
		usize::try_from(fit.min(most.into())).unwrap_or(0)
	}

	/// Draws for up to `most` answers of a round. Returns for how many.
	fn draw_round(round: u32, most: usize, meter: &mut WeightMeter) -> usize {
		let Some(seed) = Rounds::<T>::get(round).seed else { return 0 };
		// Read first, since drawing changes the map.
		let jobs: Vec<_> = InRound::<T>::iter_prefix(round).take(most).collect();
		for (job, pending) in &jobs {
			meter.consume(Self::draw(round, job, pending, &seed));
		}
		jobs.len()
	}

	/// Draws for an answer out of turn, if its time has come.
	pub(crate) fn draw_now(job: &JobId, round: u32) -> DispatchResult {
		let seed = Rounds::<T>::get(round).seed.ok_or(Error::<T>::NothingDue)?;
		let pending = InRound::<T>::get(round, job).ok_or(Error::<T>::NothingDue)?;
		Self::draw(round, job, &pending, &seed);
		Ok(())
	}

	/// Draws for an answer. Returns what it weighed.
	fn draw(round: u32, job: &JobId, pending: &PendingDraw, seed: &Hash) -> Weight {
		InRound::<T>::remove(round, job);
		RoundOf::<T>::remove(job);
		Rounds::<T>::mutate_exists(round, |stored| {
			let draws = stored.take().unwrap_or_default();
			let waiting = draws.waiting.saturating_sub(1);
			*stored = (waiting > 0).then_some(RoundDraws { waiting, ..draws });
		});
		let lottery = Lottery::new(seed, job, 0);
		if !lottery.audits(pending.share) {
			return T::WeightInfo::draw_without_audit();
		}
		let begun = with_storage_layer(|| Self::begin(job, pending, lottery));
		if let Err(error) = begun {
			// The answer has fallen meanwhile, or is void: there is nothing to audit.
			Self::deposit_event(Event::NotAudited { job: *job, error });
		}
		T::WeightInfo::draw()
	}

	/// Begins the audit of an answer that was drawn.
	fn begin(job: &JobId, pending: &PendingDraw, lottery: Lottery) -> DispatchResult {
		let terms = T::Jobs::dispute_terms(job, &pending.commitment)?;
		let parameters = Parameters::<T>::get();
		let false_audit = terms.penalty.false_audit.mul_ceil(terms.exposure);
		let pinned = AuditTerms {
			seal_ticks: parameters.seal_ticks_for(terms.trace_bytes),
			reveal_ticks: parameters.reveal_ticks,
			silence_penalty: parameters.silence_penalty,
			at_risk: false_audit.max(parameters.silence_penalty),
			fee: Self::fee(&parameters, pending.share, terms.price),
			exposure: terms.exposure,
			numerics_version: terms.terms.numerics_version,
			penalty: terms.penalty,
		};
		let mut audit = Audit {
			commitment: pending.commitment,
			model: terms.terms.model,
			provider: terms.terms.conditions.provider,
			answered_at: pending.answered_at,
			terms: pinned,
			stage: Stage::Sealing,
			due_at: None,
			seats: Default::default(),
			silent: Default::default(),
			draws: 0,
			redraws_left: parameters.redraws,
			is_lost: false,
			is_closed: false,
		};
		let auditors = Self::fill_seats(&mut audit, &terms, lottery);
		Self::count(|tally| tally.drawn = tally.drawn.saturating_add(1));
		if auditors.is_empty() {
			Self::count(|tally| tally.unchecked = tally.unchecked.saturating_add(1));
			Self::deposit_event(Event::NoAuditors { job: *job, model: audit.model });
			return Ok(());
		}
		T::Jobs::hold_for_audit(job, &pending.commitment)?;
		let seal_by = Self::seal_until(&audit);
		Self::put_in_queue(job, &mut audit, Some(seal_by));
		let model = audit.model;
		Audits::<T>::insert(job, audit);
		Self::deposit_event(Event::Drawn { job: *job, model, auditors, seal_by });
		Ok(())
	}

	/// The first tick at which it is too late to seal.
	pub(crate) fn seal_until(audit: &Audit<T::AccountId>) -> Tick {
		T::Clock::now().saturating_add(audit.terms.seal_ticks)
	}

	/// Draws auditors for the seats that are free. Returns whom.
	fn fill_seats(
		audit: &mut Audit<T::AccountId>,
		terms: &DisputeTerms<T::AccountId>,
		lottery: Lottery,
	) -> Vec<ProviderId> {
		let seated = audit.seats.iter().map(|seat| seat.auditor);
		let search = Search {
			model: audit.model,
			provider: audit.provider,
			user: &terms.user,
			not_again: seated.chain(audit.silent.iter().copied()).collect(),
			at_risk: audit.terms.at_risk,
			// At most the number of seats.
			seats: (SEATS as usize).saturating_sub(audit.seats.len()),
		};
		audit.draws = audit.draws.saturating_add(1);
		let auditors = Self::draw_auditors(&search, lottery);
		for auditor in &auditors {
			let fee = Self::promise(audit.terms.fee);
			let seat = Seat { auditor: *auditor, fee, step: Step::Drawn, game: None };
			if audit.seats.try_push(seat).is_err() {
				defensive!("no more are drawn than there are seats");
			}
		}
		auditors
	}

	/// Draws somebody in the place of who fell silent, by the latest blocks. Returns whom.
	pub(crate) fn redraw(
		job: &JobId,
		audit: &mut Audit<T::AccountId>,
	) -> Result<Vec<ProviderId>, DispatchError> {
		let terms = T::Jobs::dispute_terms(job, &audit.commitment)?;
		let lottery = Lottery::new(&BeaconState::<T>::get().seed(), job, audit.draws);
		audit.redraws_left = audit.redraws_left.saturating_sub(1);
		Ok(Self::fill_seats(audit, &terms, lottery))
	}
}
