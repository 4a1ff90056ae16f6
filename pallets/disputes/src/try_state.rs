//! The properties that the crate's documentation promises.

use alloc::{
	collections::{BTreeMap, BTreeSet},
	vec::Vec,
};

use assay_market::{
	traits::{Clock, Disputable},
	Balance, JobId, ProviderId, Tick,
};
use frame_support::{ensure, traits::fungible::hold::Inspect};
use sp_runtime::TryRuntimeError;

use crate::{
	types::{ClaimState, GameState, Rank, Trace},
	Cases, Claims, Config, CurrentRules, Games, HoldReason, OpenGames, Pallet, Standing,
	TraceDuties, TraceQueues,
};

impl<T: Config> Pallet<T> {
	/// Checks every property that the crate's documentation promises.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::stakes_match_claims()?;
		Self::cases_match_claims()?;
		Self::jobs_wait_for_cases()?;
		Self::standing_claims_are_undecided()?;
		Self::games_match_claims()?;
		Self::games_are_counted()?;
		Self::queues_match_duties()?;
		Self::rules_are_valid()
	}

	/// - Each account has on hold what its claims say.
	fn stakes_match_claims() -> Result<(), TryRuntimeError> {
		const NAME: &str = "stakes_match_claims";
		let mut each = BTreeMap::<T::AccountId, Balance>::new();
		for (_, who, claim) in Claims::<T>::iter() {
			let sum = each.entry(who).or_default();
			let total = claim.stake.total().ok_or(NAME)?;
			*sum = sum.checked_add(total).ok_or(NAME)?;
		}
		for (account, sum) in each {
			let held = T::Currency::balance_on_hold(&HoldReason::Claim.into(), &account);
			ensure!(held == sum, NAME);
		}
		Ok(())
	}

	/// - Each case has as many claims as it counts, at least one, and numbers above all of them.
	/// - No claim, game or place is stored without a case.
	fn cases_match_claims() -> Result<(), TryRuntimeError> {
		const NAME: &str = "cases_match_claims";
		let mut counted = 0_u64;
		for (job, case) in Cases::<T>::iter() {
			let claims: Vec<_> = Claims::<T>::iter_prefix_values(job).collect();
			ensure!(case.claims > 0 && u32::try_from(claims.len()) == Ok(case.claims), NAME);
			ensure!(claims.iter().all(|claim| claim.rank.number < case.next_seal), NAME);
			counted = counted.saturating_add(case.claims.into());
		}
		ensure!(u64::try_from(Claims::<T>::iter_keys().count()) == Ok(counted), NAME);
		let is_known = |job: JobId| Cases::<T>::contains_key(job);
		ensure!(Games::<T>::iter_keys().all(|(job, _)| is_known(job)), NAME);
		ensure!(Standing::<T>::iter_keys().all(|(job, _)| is_known(job)), NAME);
		Ok(())
	}

	/// - The job of a case whose verdict is not spoken is open and the same, unless it became void
	///   without it; and it does not settle, because it is held.
	fn jobs_wait_for_cases() -> Result<(), TryRuntimeError> {
		const NAME: &str = "jobs_wait_for_cases";
		for (job, case) in Cases::<T>::iter() {
			if let (Ok(terms), false) = (T::Jobs::dispute_terms(&job, &case.commitment), case.over)
			{
				ensure!(terms.terms.conditions.provider == case.provider, NAME);
				ensure!(terms.commitment.output().root.0 == case.run.output, NAME);
			}
			// Whoever has lost waits for earlier seals only.
			let waits = match &case.loss {
				None => true,
				Some(loss) => {
					let first = Standing::<T>::iter_key_prefix(job).next().map(Rank::of_key);
					case.over
						|| first.is_some_and(|first| {
							loss.winner.as_ref().is_none_or(|(winner, _)| first < *winner)
						})
				}
			};
			ensure!(waits, NAME);
		}
		Ok(())
	}

	/// - The places of undecided claims are those of stored claims that have not won, and of all of them
	///   while the verdict is not spoken.
	fn standing_claims_are_undecided() -> Result<(), TryRuntimeError> {
		const NAME: &str = "standing_claims_are_undecided";
		for (job, key, who) in Standing::<T>::iter() {
			let claim = Claims::<T>::get(job, &who).ok_or(NAME)?;
			ensure!(claim.rank.key() == key, NAME);
			ensure!(!matches!(claim.state, ClaimState::Won { .. }), NAME);
		}
		for (job, _, claim) in Claims::<T>::iter() {
			let undecided = !matches!(claim.state, ClaimState::Won { .. });
			let over = Cases::<T>::get(job).is_none_or(|case| case.over);
			let stands = Standing::<T>::contains_key(job, claim.rank.key());
			ensure!(over || stands == undecided, NAME);
		}
		Ok(())
	}

	/// - Each game belongs to the claim of its owner, which has its root and its state; and each claim
	///   that plays or has won has its game.
	/// - Games begin after the provider's trace was posted, and are about another root.
	/// - The node that is to be opened lies in the tree, and its hashes differ.
	fn games_match_claims() -> Result<(), TryRuntimeError> {
		const NAME: &str = "games_match_claims";
		for (job, root, game) in Games::<T>::iter() {
			let case = Cases::<T>::get(job).ok_or(NAME)?;
			ensure!(case.posted().is_some_and(|posted| posted != root), NAME);
			let claim = Claims::<T>::get(job, &game.owner).ok_or(NAME)?;
			match game.state {
				GameState::Won => ensure!(claim.state == ClaimState::Won { root }, NAME),
				GameState::Playing(play) => {
					ensure!(claim.state == ClaimState::Playing { root }, NAME);
					ensure!(case.shape().contains(play.node), NAME);
					ensure!(play.hashes.is_none_or(|(ours, theirs)| ours != theirs), NAME);
					ensure!(play.hashes.is_some() || play.node == case.shape().top(), NAME);
				}
			}
		}
		for (job, who, claim) in Claims::<T>::iter() {
			if let ClaimState::Playing { root } | ClaimState::Won { root } = claim.state {
				let game = Games::<T>::get(job, root);
				ensure!(game.is_some_and(|game| game.owner == who), NAME);
			}
		}
		Ok(())
	}

	/// - As many games are open as are counted.
	fn games_are_counted() -> Result<(), TryRuntimeError> {
		const NAME: &str = "games_are_counted";
		let playing = Games::<T>::iter_values()
			.filter(|game| matches!(game.state, GameState::Playing(_)))
			.count();
		ensure!(u32::try_from(playing) == Ok(OpenGames::<T>::get()), NAME);
		Ok(())
	}

	/// - Each provider's queue links exactly the traces that its open cases wait for, and sums them up.
	/// - The first one's clock has started.
	fn queues_match_duties() -> Result<(), TryRuntimeError> {
		const NAME: &str = "queues_match_duties";
		let mut owed = BTreeMap::<ProviderId, BTreeSet<JobId>>::new();
		for (job, case) in Cases::<T>::iter() {
			if case.trace == Trace::Awaited && !case.over {
				owed.entry(case.provider).or_default().insert(job);
			}
		}
		let mut linked = 0_usize;
		for (provider, queue) in TraceQueues::<T>::iter() {
			let mut jobs = BTreeSet::new();
			let (mut before, mut next, mut ticks) = (None, Some(queue.first), 0 as Tick);
			while let Some(job) = next {
				let duty = TraceDuties::<T>::get(job).ok_or(NAME)?;
				ensure!(duty.before == before && jobs.insert(job), NAME);
				ticks = ticks.saturating_add(duty.ticks);
				(before, next) = (Some(job), duty.after);
			}
			ensure!(before == Some(queue.last) && ticks == queue.ticks, NAME);
			ensure!(u32::try_from(jobs.len()) == Ok(queue.length), NAME);
			ensure!(queue.since <= T::Clock::now(), NAME);
			linked = linked.saturating_add(jobs.len());
			ensure!(owed.remove(&provider) == Some(jobs), NAME);
		}
		ensure!(owed.is_empty() && TraceDuties::<T>::iter_keys().count() == linked, NAME);
		Ok(())
	}

	/// - All governed values respect their rules, and are in the order in which they were set.
	fn rules_are_valid() -> Result<(), TryRuntimeError> {
		const NAME: &str = "rules_are_valid";
		let rules = CurrentRules::<T>::get();
		let all: Vec<_> = core::iter::once(&rules.now).chain(&rules.before).collect();
		ensure!(all.iter().all(|set| set.parameters.validate().is_ok()), NAME);
		ensure!(all.windows(2).all(|pair| pair[0].since > pair[1].since), NAME);
		Ok(())
	}
}
