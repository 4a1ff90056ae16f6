//! What parties may read: what is expected of whom until when, and what a claim would cost.

use alloc::vec::Vec;

use assay_market::{
	traits::{Clock, Disputable},
	Balance, CommitmentHash, JobId, ProviderId, Tick,
};
use assay_primitives::Hash;
use assay_trace::{tree::LEVELS, Layout, Node, TreeShape};
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::traits::Get;
use scale_info::TypeInfo;
use sp_runtime::DispatchError;

use crate::{
	challenge::lengths_of,
	kinds::LeafKind,
	types::{Case, Claim, ClaimState, Game, GameState, Play, Side, Stake, Trace},
	CaseOf, Cases, Claims, Config, CurrentRules, Games, OpenGames, Pallet, TraceQueues,
};

/// Most entries of a view's list.
pub const MAX_LISTED: u32 = 1_000;

/// Something that somebody has to do.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Expected<AccountId> {
	/// The provider posts its trace.
	#[codec(index = 0)]
	Trace {
		/// By whom.
		provider: ProviderId,
	},
	/// Whoever knows them shows root and salt of a sealed claim.
	#[codec(index = 1)]
	Root {
		/// Whose claim it is.
		challenger: AccountId,
	},
	/// Anybody opens a node for a side.
	#[codec(index = 2)]
	Opening {
		/// For which trace.
		side: Side,
		/// Which node.
		node: Node,
		/// Moves that are left for each side after this one, at most.
		moves_left: u32,
	},
	/// Anybody gives the witness of a leaf.
	#[codec(index = 3)]
	Witness {
		/// Which leaf.
		leaf: u64,
		/// Its kind, which is part of the call.
		kind: Option<LeafKind>,
	},
	/// Anybody closes a claim whose case is over.
	#[codec(index = 4)]
	Closing {
		/// Whose claim it is.
		challenger: AccountId,
	},
}

/// An expectation, and until when it holds.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Expectation<AccountId> {
	/// In which job.
	pub job: JobId,
	/// In the game about which root, if in one.
	pub game: Option<Hash>,
	/// What.
	pub what: Expected<AccountId>,
	/// The last tick; `None` if its time has not begun, or never ends. After it, anybody may call
	/// [`timeout`](crate::Pallet::timeout).
	pub until: Option<Tick>,
}

/// A case with what is expected of its parties.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct CaseView<AccountId> {
	/// What is stored.
	pub case: Case<AccountId>,
	/// Its claims, up to [`MAX_LISTED`].
	pub claims: Vec<(AccountId, Claim)>,
	/// Its games, up to [`MAX_LISTED`].
	pub games: Vec<(Hash, Game<AccountId>)>,
	/// What is expected of whom until when.
	pub expected: Vec<Expectation<AccountId>>,
}

/// What a claim would cost whoever makes it now.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct ChallengeCost {
	/// What goes on hold.
	pub stake: Stake,
	/// What the claim's owner spends by formula, and gets back if it wins.
	pub costs: Balance,
	/// What is paid on top if it is the earliest that wins.
	pub reward: Balance,
	/// Ticks in which claims may still be made.
	pub window_left: Tick,
	/// The last tick at which the provider may post its trace, if it posts all before at the last
	/// moment.
	pub trace_by: Tick,
	/// Moves of each side, at most, beside root and witness.
	pub reveals: u32,
	/// Most ticks of the game, from the root to the witness, while no more games begin.
	pub longest_game: Tick,
}

impl<T: Config> Pallet<T> {
	pub(crate) fn view_cost(
		job: JobId,
		commitment: CommitmentHash,
	) -> Result<ChallengeCost, DispatchError> {
		let terms = T::Jobs::dispute_terms(&job, &commitment)?;
		let now = T::Clock::now();
		let provider = terms.terms.conditions.provider;
		let (costs, parameters, fee, leaves, trace_by) = match Cases::<T>::get(job) {
			Some(case) => {
				let by = Self::latest_trace_deadline(provider, &job).unwrap_or(now);
				(case.costs, case.parameters, case.parameters.fee, case.run.leaves, by)
			}
			None => {
				let registered = Self::registered(&terms.terms.model)?;
				let leaves = Self::leaves_of(&registered.program, lengths_of(&terms))?;
				let parameters = CurrentRules::<T>::get().at(terms.accepted_at);
				let costs = Self::costs_of(&terms, TreeShape::new(leaves), registered.bytes);
				let fee = parameters.fee_at(Self::queued_ticks(provider));
				let ticks =
					parameters.ticks_for_trace(terms.trace_bytes, terms.trace_bytes_per_tick);
				let begins = TraceQueues::<T>::get(provider)
					.and_then(|queue| Self::latest_trace_deadline(provider, &queue.last));
				(costs, parameters, fee, leaves, begins.unwrap_or(now).saturating_add(ticks))
			}
		};
		let reveals = crate::costs::reveals(TreeShape::new(leaves));
		let games = OpenGames::<T>::get().saturating_add(1);
		Ok(ChallengeCost {
			stake: Stake { bond: costs.bond, fee, deposit: T::ClaimDeposit::get() },
			costs: costs.challenge,
			reward: Self::reward_of(&terms),
			window_left: terms.window_ends_at.saturating_add(1).saturating_sub(now),
			trace_by,
			reveals,
			longest_game: parameters.longest_game(reveals, games, T::WitnessesPerBlock::get()),
		})
	}

	pub(crate) fn view_case(job: &JobId) -> Option<CaseView<T::AccountId>> {
		let case = Cases::<T>::get(job)?;
		// A list of so many fits.
		let most = usize::try_from(MAX_LISTED).unwrap_or(usize::MAX);
		let claims: Vec<_> = Claims::<T>::iter_prefix(job).take(most).collect();
		let games: Vec<_> = Games::<T>::iter_prefix(job).take(most).collect();
		let mut expected = Vec::new();
		if case.trace == Trace::Awaited && !case.over {
			let what = Expected::Trace { provider: case.provider };
			let until = Self::trace_deadline(case.provider, job).ok().flatten();
			expected.push(Expectation { job: *job, game: None, what, until });
		}
		for (who, claim) in &claims {
			expected.extend(Self::expected_of_claim(job, &case, who, claim));
		}
		for (root, game) in &games {
			if let (GameState::Playing(play), false) = (&game.state, case.over) {
				expected.extend(Self::expected_of_game(job, &case, *root, play));
			}
		}
		Some(CaseView { case, claims, games, expected })
	}

	pub(crate) fn view_claims_of(who: &T::AccountId) -> Vec<(JobId, Claim)> {
		let most = usize::try_from(MAX_LISTED).unwrap_or(usize::MAX);
		Cases::<T>::iter_keys()
			.filter_map(|job| Some((job, Claims::<T>::get(job, who)?)))
			.take(most)
			.collect()
	}

	fn expected_of_claim(
		job: &JobId,
		case: &CaseOf<T>,
		who: &T::AccountId,
		claim: &Claim,
	) -> Option<Expectation<T::AccountId>> {
		let (what, until) = match claim.state {
			_ if case.over => (Expected::Closing { challenger: who.clone() }, None),
			ClaimState::Sealed { at, .. } => {
				(Expected::Root { challenger: who.clone() }, case.show_by(at))
			}
			ClaimState::Shown { .. } | ClaimState::Playing { .. } | ClaimState::Won { .. } => {
				return None;
			}
		};
		Some(Expectation { job: *job, game: None, what, until })
	}

	fn expected_of_game(
		job: &JobId,
		case: &CaseOf<T>,
		root: Hash,
		play: &Play,
	) -> Vec<Expectation<T::AccountId>> {
		let expectation =
			|what, until| Expectation { job: *job, game: Some(root), what, until: Some(until) };
		if play.node.level == 0 {
			let leaf = play.node.index;
			let what = Expected::Witness { leaf, kind: Self::kind_of(case, leaf) };
			return [expectation(what, play.clocks.witness_deadline())].into();
		}
		let moves_left = play.node.level.div_ceil(LEVELS).saturating_sub(1);
		let owed = [Side::Provider, Side::Challenger].into_iter().filter(|s| !play.has_moved(*s));
		owed.map(|side| {
			let what = Expected::Opening { side, node: play.node, moves_left };
			expectation(what, play.clocks.deadline(side))
		})
		.collect()
	}

	/// The kind of a leaf of a case's traces.
	pub(crate) fn kind_of(case: &CaseOf<T>, leaf: u64) -> Option<LeafKind> {
		let registered = Self::registered(&case.run.model).ok()?;
		let typed = registered.program.types().ok()?;
		let lengths = case.run.lengths;
		LeafKind::of(&Layout::new(&typed, lengths.inputs, lengths.outputs)?, leaf)
	}
}
