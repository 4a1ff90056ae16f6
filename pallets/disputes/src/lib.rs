//! # Disputes
//!
//! Whether an answer is right, decided by the chain: two traces of the same run are walked to the
//! first tile in which they differ, and the runtime recomputes that tile.
//!
//! ## Pallet API
//!
//! Whoever holds a trace that says an answer is wrong calls [`challenge`](Pallet::challenge) and later
//! [`reveal_root`](Pallet::reveal_root); the provider [`post_trace`](Pallet::post_trace). From then on
//! anybody may move for any side: [`reveal`](Pallet::reveal), [`witness`](Pallet::witness),
//! [`timeout`](Pallet::timeout). Audits act through [`assay_market::traits::OpenGame`]. To be read
//! without a transaction: [`cost_of_challenge`](Pallet::cost_of_challenge), [`case`](Pallet::case),
//! which says what is expected of whom until when, and [`claims_of`](Pallet::claims_of).
//!
//! ## Overview
//!
//! A job fixes program, weights, input and seed; with the committed answer, it fixes one pass over
//! all of them, and its trace: the list of everything that the pass computes, as the leaves of one tree.
//! The last leaf says whether the computed answer is the committed one. So a provider that stands by
//! its answer claims a trace that ends in OK, and whoever disputes the answer claims one that ends in
//! `NOT_OK`: the two always differ, and at most one of them is true.
//!
//! What is played are claims, not parties. Each move is determined by a hash that was shown before, so
//! it does not matter who makes it: nobody can throw a game, and a claim whose owner is asleep is
//! played by whoever wants the truth to win.
//!
//! ## Terminology
//!
//! - **Case**: everything about one disputed answer; what all its games share.
//! - **Claim**: somebody's statement that the answer's trace has a certain root. It is made
//!   **sealed**, as a hash of root, salt and account, so that a copied root earns nothing.
//! - **Rank**: who came first, by the tick of the seal and then by its number. Auditors rank by the tick of
//!   the seal that they made when they were drawn.
//! - **Game**: the provider's trace against another root. Claims with the same root are one game, owned
//!   by the earliest of them that was shown; the others have their stake back.
//! - **Opening**: the hashes two levels below a node.
//! - **Stake**: what is on hold for a claim: a **bond** of at least what a game costs the provider and at
//!   least the reward, a **fee** for putting a trace into the provider's queue, and a **deposit** for
//!   what is stored.
//! - **Costs by formula**: what tracing and moving cost, at the chain's fees. Nobody is paid by invoice.
//!
//! ## Life cycle
//!
//! Of a case:
//!
//! | from | what happens | to | what moves |
//! | --- | --- | --- | --- |
//! | - | the first claim, in the window ([`challenge`](Pallet::challenge)), or an auditor's | trace awaited | stake: challenger to hold; the job is held |
//! | trace awaited | the provider posts a trace that ends in OK | trace posted | nothing |
//! | trace awaited | its time is over | over: the job falls | the earliest claim's stake back |
//! | trace posted | a game is lost by the provider | lost | nothing yet |
//! | trace posted | the last claim ends, none having won | freed: the job stands | nothing |
//! | lost | no earlier seal is undecided | over: the job falls | the winner's stake back |
//! | any but over | the job became void, or its arithmetic is faulty | over | nothing |
//! | over | the last claim is closed ([`Due::Claim`]) | freed | its stake back |
//!
//! Of a claim:
//!
//! | from | what happens | to | what moves |
//! | --- | --- | --- | --- |
//! | - | [`challenge`](Pallet::challenge) | sealed | stake: free to hold |
//! | sealed | [`reveal_root`](Pallet::reveal_root), a new root | playing | nothing |
//! | sealed | the same, a root that an earlier seal has shown | gone | stake back |
//! | sealed | the same, a root that a later seal has shown | in its place | the later one's stake back |
//! | sealed | not shown in time ([`Due::Seal`]) | gone | bond: the provider's costs to the provider, the rest burns; fee to the provider; deposit back |
//! | - | an auditor's root before the trace | shown | nothing |
//! | shown | the provider posts another root | playing | nothing |
//! | shown | the provider posts the same root | gone: it was right | nothing |
//! | playing | its game is lost | gone | as for a seal that was not shown; if the provider has lost as well, all but the deposit burns |
//! | playing | its game is won | won | nothing until the case is over |
//! | any | the case is over ([`Due::Claim`]) | gone | stake back; if it won and was not the first, its costs from the insurance |
//!
//! ## How a game is played
//!
//! 1. Both sides open the top node: they show the hashes two levels below it. An opening counts if it
//!    hashes to what was shown before, with as many hashes as the tree's form says.
//! 2. When both have, **the chain goes to the first place at which the two openings differ**. Nobody
//!    chooses a path. That node is opened next.
//! 3. At a leaf, anybody gives its witness: what the leaf is computed from, with the hashes that show it
//!    to lie under the roots. The chain recomputes the leaf. It is the provider's: the claim lost. It is
//!    the claim's: the provider lost. It is neither: both lost.
//!
//! Whatever is wrong about a move, it is an error and nothing happens: only silence and the referee
//! lose games.
//!
//! A witness is proved under either side's root: whoever gives it has to know one of the two trees up to
//! the leaf. In a game of the true trace everybody can who runs the program. Two liars can keep theirs to
//! themselves, and both lose.
//!
//! ## Time
//!
//! Ticks are the market's: they stand still when parties cannot act. Both sides owe their moves at
//! the same time. Each move has a **guaranteed minimum**, which grows with the number of open games by
//! as many ticks as their witnesses take; beyond, each side has a **budget** for all its moves of a
//! game. Deadlines are the last ticks at which a move is taken. Silence, pair by pair:
//!
//! | who is silent | what follows |
//! | --- | --- |
//! | the provider, for its trace | the job falls; the earliest seal has the reward, all others their stakes back |
//! | whoever sealed a claim, for its root | the claim lost |
//! | both of these | the provider: without a trace, nobody owes a root |
//! | one side, for an opening | that side lost |
//! | both, and the same time is left to each | both lost |
//! | both, and one has less time | that side lost, whoever asks when |
//! | everybody, for a witness | both lost |
//! | everybody, after a verdict | nothing: claims wait to be closed, with their deposits |
//!
//! Nothing happens by itself in a block: whoever gains by a deadline calls
//! [`timeout`](Pallet::timeout). Until then nobody can move either, because moves are refused after the
//! deadline.
//!
//! **Traces queue up at each provider**, first come first due: the clock of the next one starts when
//! the one before is posted or its time is over. Its length is a base and the trace's bytes at the
//! rate that the provider declared. A thousand claims in a block give a provider a thousand times
//! the time; and the fee of a claim that adds a trace doubles with each window of queued time. Claims
//! about an answer that is in dispute already add none and pay the base fee, so nobody keeps others
//! away by filling a queue.
//!
//! ## Why the honest side wins
//!
//! Let one side's trace be the true one, and let that side's moves be made in time by anybody.
//!
//! 1. Both trees have the same form: it follows from program and lengths, and the number of leaves is
//!    hashed into the roots. The roots differ, because one trace ends in OK and the other does not.
//! 2. An opening that is accepted hashes to the node it opens. So by collision resistance the true
//!    side's openings are those of the true tree; junk nodes, which nobody can open, are lost by
//!    silence.
//! 3. On each level the chain takes the first place that differs. So when a leaf L is reached, all
//!    leaves before L are the same in both trees, hence true.
//! 4. An admitted program reads, for L, only leaves before L, weights and tokens. Where they lie is
//!    computed by the referee, and each is proved under a root. So what the referee reads is true,
//!    whichever root it was proved under and whoever gave the witness.
//! 5. The arithmetic is total and the same on every machine: the recomputed leaf is the true tile. It
//!    is the true side's, and the other's differs from it.
//!
//! Nothing depends on who moved, on the order of moves, or on when the false trace was chosen. The true
//! side can lose only by silence, and each of its moves can be made by anybody who runs the program.
//!
//! ## Who is paid
//!
//! The reward is that of the earliest seal whose claim wins. A claim that wins while an earlier one
//! is undecided waits for it; new claims are refused then. There is one true trace, so all honest
//! challengers share one game, and whoever else wins did so with a false one: it has its stake back,
//! and for the first few the insurance is asked for their costs.
//!
//! ## Storage
//!
//! A case has at most 700 bytes, a claim 100, a game 9 KiB: the openings of one side while the other
//! has not moved. All of it is paid for by deposits and freed when the claim ends; nothing is listed or
//! looped over but one auditors' list of four.
//!
//! ## What if
//!
//! - **A game is front-run?** Moves are determined: whoever makes it makes the same. The second one
//!   succeeds without effect.
//! - **A fork of the chain swaps jobs?** Every move names the answer by its commitment's hash: a move on
//!   another answer fails without consequence.
//! - **The provider is beaten in several games?** It is punished once: the job falls once.
//! - **The window ends while games are open?** No new claims; settlement waits for all games.
//! - **All claims have ended, and the window has not?** The job is free to settle, and nothing of the
//!   case is kept. A further claim opens a new case, for which the provider posts its root once more: it
//!   keeps the root until the window ends.
//! - **Parameters change?** A job keeps those of its acceptance, a case the costs of its first claim.
//! - **The runtime changes?** Code that cannot judge open jobs' games is refused ([`RefereeGuard`]).
//! - **A provider's owner cannot be paid?** What it would have had burns.
//!
//! ## Properties
//!
//! - **stakes_match_claims**: what is on hold for claims is what stored claims say, account by account.
//! - **cases_match_claims**: each case counts its claims and has one; nothing is stored without a case.
//! - **jobs_wait_for_cases**: a case is about its job's answer, and a verdict is spoken as soon as no
//!   earlier seal is undecided.
//! - **standing_claims_are_undecided**: exactly the undecided claims hold a verdict up.
//! - **games_match_claims**: each game is its owner's claim against a posted trace with another root, and
//!   stands at a node whose hashes differ.
//! - **games_are_counted**: as many games are open as the minimum of a move is computed from.
//! - **queues_match_duties**: each provider's queue is exactly the traces that its cases wait for, in one
//!   line.
//! - **rules_are_valid**: all governed values respect their rules.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]
#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

extern crate alloc;

mod audits;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod challenge;
pub mod clocks;
pub mod costs;
pub mod extension;
#[cfg(feature = "runtime-benchmarks")]
mod fixtures;
pub mod hashing;
mod judge;
pub mod kinds;
#[cfg(test)]
mod mock;
mod money;
mod moves;
pub mod parameters;
#[cfg(feature = "runtime-benchmarks")]
mod paths;
mod program;
mod queue;
pub mod runtime_api;
mod show;
#[cfg(test)]
mod tests;
mod timeout;
#[cfg(any(feature = "try-runtime", feature = "std"))]
mod try_state;
pub mod types;
pub mod verdict;
pub mod versions;
pub mod views;
pub mod weights;

pub use extension::CheckDisputeMove;
pub use hashing::{seal, Blake2};
pub use judge::{decide, Undecided, WitnessFault};
pub use kinds::LeafKind;
pub use pallet::*;
pub use parameters::{BadParameter, DisputeParameters, Rules};
pub use timeout::Due;
pub use types::{Case, Claim, ClaimState, Game, GameState, Play, Rank, Side, Stake, Trace};
pub use verdict::GameEnd;
pub use versions::{missing_referee, referee_api_id, RefereeGuard, REFEREE_VERSION};
pub use views::{CaseView, ChallengeCost, Expectation, Expected};
pub use weights::WeightInfo;

/// A case of this runtime.
pub type CaseOf<T> = Case<<T as frame_system::Config>::AccountId>;
/// A game of this runtime.
pub type GameOf<T> = Game<<T as frame_system::Config>::AccountId>;

/// See the crate's documentation.
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::{boxed::Box, vec::Vec};
	use assay_market::{
		manifest::MAX_PROGRAM_BYTES,
		traits::{
			Bonds, Clock, Disputable, GameNotices, Models, Offences, OpenVersions, Payouts,
			SupplyLedger,
		},
		Balance, CommitmentHash, JobId, ModelId, ProviderId, Tick,
	};
	use assay_primitives::{merkle::Path, Hash};
	use assay_referee::Witness;
	use assay_trace::{tree::Opening, Node};
	use frame_support::{
		pallet_prelude::*,
		traits::fungible::{hold::Mutate as HoldMutate, Inspect, Mutate},
		PalletId,
	};
	use frame_system::pallet_prelude::*;
	use sp_runtime::traits::Convert;

	use crate::types::{RankKey, TraceDuty, TraceQueue};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// The pallet.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// Who answers what the pallet asks, and what is fixed for the chain.
	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// What calls weigh.
		type WeightInfo: WeightInfo;

		/// Who may change the parameters.
		type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The native token, in which stakes are held.
		type Currency: Mutate<Self::AccountId, Balance = Balance>
			+ HoldMutate<Self::AccountId, Reason: From<HoldReason>>;

		/// Whence the account follows through which lost bonds pass.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// The jobs whose answers are disputed.
		type Jobs: Disputable<Self::AccountId> + OpenVersions;

		/// The registry, for programs.
		type Models: Models;

		/// Who is which provider.
		type Bonds: Bonds<Self::AccountId>;

		/// Which arithmetic is faulty; what covers costs.
		type Offences: Offences<Self::AccountId>;

		/// The market's time.
		type Clock: Clock;

		/// Pull payments.
		type Payouts: Payouts<Self::AccountId>;

		/// The books of what burns.
		type Supply: SupplyLedger<Self::AccountId>;

		/// Who is told what becomes of auditors' claims.
		type Audits: GameNotices<Self::AccountId>;

		/// What a call of so much weight and so many bytes costs, without a tip. Costs by formula follow
		/// from it.
		type CallFee: Convert<(Weight, u32), Balance>;

		/// Deposit for what is stored of a claim and its game.
		#[pallet::constant]
		type ClaimDeposit: Get<Balance>;

		/// Longest witnesses that a block takes in the room that ordinary transactions cannot fill. At
		/// least one.
		#[pallet::constant]
		type WitnessesPerBlock: Get<u32>;

		/// Most ticks from the acceptance of a job to the end of its window, whatever its data does: for
		/// so long, parameters of before are kept.
		#[pallet::constant]
		type MaxJobTicks: Get<Tick>;
	}

	/// Why money is on hold.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// For claims against answers.
		#[codec(index = 0)]
		Claim,
	}

	/// Every disputed answer.
	// Identity: the key is a hash, of a request with its user and nonce.
	#[pallet::storage]
	pub type Cases<T: Config> = StorageMap<_, Identity, JobId, CaseOf<T>>;

	/// Claims against answers, by who made them.
	// Identity: see `Cases`. Blake2: accounts are chosen by their owners.
	#[pallet::storage]
	pub type Claims<T: Config> =
		StorageDoubleMap<_, Identity, JobId, Blake2_128Concat, T::AccountId, Claim>;

	/// Games about answers, by the root that was claimed.
	// Identity: see `Cases`. Blake2: roots are chosen by whoever claims them.
	#[pallet::storage]
	pub type Games<T: Config> =
		StorageDoubleMap<_, Identity, JobId, Blake2_128Concat, Hash, GameOf<T>>;

	/// Who made the claims that are not decided, by their rank: the first is the earliest.
	// Identity: see `Cases`; and ranks must stay in their order. Nobody chooses them freely, and there
	// are few of a job.
	#[pallet::storage]
	pub type Standing<T: Config> =
		StorageDoubleMap<_, Identity, JobId, Identity, RankKey, T::AccountId>;

	/// Traces that providers owe, as links of their queues.
	// Identity: see `Cases`.
	#[pallet::storage]
	pub type TraceDuties<T: Config> = StorageMap<_, Identity, JobId, TraceDuty>;

	/// The traces that each provider owes.
	// Twox64: numbers of providers are the chain's own.
	#[pallet::storage]
	pub type TraceQueues<T: Config> = StorageMap<_, Twox64Concat, ProviderId, TraceQueue>;

	/// Games that nobody has won.
	#[pallet::storage]
	pub type OpenGames<T: Config> = StorageValue<_, u32, ValueQuery>;

	/// The governed values, with those of before that jobs may still have.
	#[pallet::storage]
	pub type CurrentRules<T: Config> = StorageValue<_, Rules, ValueQuery>;

	/// The governed values of a new chain.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// The governed values.
		pub parameters: DisputeParameters,
		/// Not part of the configuration.
		#[serde(skip)]
		pub _config: core::marker::PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			// A wrong genesis must not become a chain, and genesis has no other way to refuse.
			let bad = self.parameters.validate().err();
			assert!(bad.is_none(), "disputes.parameters: {bad:?} breaks its rule");
			CurrentRules::<T>::put(Rules::new(self.parameters));
			let account = Pallet::<T>::account();
			let missing =
				T::Currency::minimum_balance().saturating_sub(T::Currency::balance(&account));
			assert!(
				missing == 0 || T::Currency::mint_into(&account, missing).is_ok(),
				"disputes: the pallet's account could not be given its existential deposit"
			);
		}
	}

	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An answer is in dispute: its provider owes a trace.
		CaseOpened {
			/// The job.
			job: JobId,
			/// Who owes the trace.
			provider: ProviderId,
			/// How many leaves the trace has.
			leaves: u64,
			/// Ticks for it, once those that were owed before are posted.
			trace_ticks: Tick,
		},
		/// Somebody made a claim.
		Challenged {
			/// The job.
			job: JobId,
			/// Who.
			challenger: T::AccountId,
			/// Who came first.
			rank: Rank,
			/// What is on hold for it.
			stake: Stake,
			/// The last tick for showing its root, if the provider's trace is posted.
			show_by: Option<Tick>,
		},
		/// The claim of a drawn auditor entered by itself.
		AuditorClaimed {
			/// The job.
			job: JobId,
			/// Who.
			auditor: T::AccountId,
			/// The root.
			root: Hash,
			/// Who came first.
			rank: Rank,
		},
		/// The provider posted its trace.
		TracePosted {
			/// The job.
			job: JobId,
			/// The root.
			root: Hash,
			/// The last tick for showing the roots of claims that were sealed before.
			show_by: Option<Tick>,
		},
		/// A game began. Both sides owe the opening of the top node.
		GameBegan {
			/// The job.
			job: JobId,
			/// The root that was claimed.
			root: Hash,
			/// Whose claim it is.
			challenger: T::AccountId,
			/// The last tick for the first moves.
			move_by: Tick,
		},
		/// A claim with the same root as another one ended, because the other's seal is earlier.
		Joined {
			/// The job.
			job: JobId,
			/// The root.
			root: Hash,
			/// Whose claim ended.
			challenger: T::AccountId,
		},
		/// A node was opened.
		Revealed {
			/// The job.
			job: JobId,
			/// The root that was claimed.
			root: Hash,
			/// For which side.
			side: Side,
			/// Which node.
			node: Node,
			/// The node in question now: the same until both sides have moved.
			next: Node,
			/// The last tick at which either side may move.
			move_by: Tick,
		},
		/// A leaf was recomputed.
		Judged {
			/// The job.
			job: JobId,
			/// The root that was claimed.
			root: Hash,
			/// Which leaf.
			leaf: u64,
			/// Its kind.
			kind: LeafKind,
			/// Who was wrong.
			end: GameEnd,
		},
		/// A game ended.
		GameEnded {
			/// The job.
			job: JobId,
			/// The root that was claimed.
			root: Hash,
			/// Who lost.
			end: GameEnd,
		},
		/// A claim lost, and its stake but for the deposit.
		ClaimLost {
			/// The job.
			job: JobId,
			/// Whose claim it was.
			challenger: T::AccountId,
			/// What was on hold.
			stake: Stake,
		},
		/// A claim ended without having lost.
		StakeReturned {
			/// The job.
			job: JobId,
			/// Whose claim it was.
			challenger: T::AccountId,
			/// What is free again.
			stake: Stake,
		},
		/// Costs of a claim that won, but not first.
		CostsCovered {
			/// The job.
			job: JobId,
			/// Whose claim it was.
			challenger: T::AccountId,
			/// What the insurance paid.
			paid: Balance,
		},
		/// No claim against the answer won.
		Upheld {
			/// The job.
			job: JobId,
		},
		/// The answer fell.
		ProviderLost {
			/// The job.
			job: JobId,
			/// Whose answer it was.
			provider: ProviderId,
			/// Whether a tile was recomputed; otherwise the provider was silent.
			proven: bool,
			/// Who has the reward.
			winner: Option<T::AccountId>,
		},
		/// The job ended without a verdict: everybody gets their own back.
		CaseVoid {
			/// The job.
			job: JobId,
		},
		/// A program asked what has no answer. Its registration should have refused it.
		RefereeFault {
			/// The job.
			job: JobId,
			/// The model.
			model: ModelId,
			/// The leaf that could not be recomputed.
			leaf: u64,
		},
		/// The governed values changed.
		ParametersSet {
			/// The values, for jobs that are accepted from the next tick on.
			parameters: DisputeParameters,
		},
	}

	/// What is wrong, and how to avoid it.
	#[pallet::error]
	pub enum Error<T> {
		/// The answer is not in dispute, or no more.
		UnknownCase,
		/// There is no such claim, or it has ended.
		UnknownClaim,
		/// There is no such game, or it was lost by the claim. Name it by the root that was claimed.
		UnknownGame,
		/// The registry does not know the model's program.
		UnknownModel,
		/// The provider is gone: an error of the providers' pallet. What it would be paid burns.
		UnknownProvider,
		/// The registered program does not admit the run: an error of the registry.
		ImpossibleProgram,
		/// The verdict is spoken. Close what is left with [`Due::Claim`].
		CaseOver,
		/// The game is won.
		GameOver,
		/// The move means another answer. Nothing happened: sign it anew if it means this one too.
		CommitmentMismatch,
		/// The window is over: no more claims.
		WindowOver,
		/// The provider has lost already. New claims could win nothing.
		AlreadyLost,
		/// The account has another claim against this answer. Use another account.
		AlreadyClaimed,
		/// The stake is more than the call allows. [`Pallet::cost_of_challenge`] tells what it is.
		StakeAboveMaximum,
		/// The pallet's account lacks the existential deposit. Send it there; it stays.
		AccountNotEndowed,
		/// Only the provider that answered, or its delegates, may post the trace.
		NotTheProvider,
		/// No trace of this answer is awaited.
		NoTraceAwaited,
		/// Another trace was posted. It stands.
		TracePosted,
		/// The path does not show that the trace ends as it must: the provider's in OK, a claim's in
		/// `NOT_OK`, at the last of as many leaves as [`Pallet::case`] says.
		WrongLastLeaf,
		/// The provider's trace comes first. Keep the root to yourself until it is posted.
		TraceAwaited,
		/// The claim was shown with another root.
		AlreadyShown,
		/// Root, salt and account are not what was sealed.
		WrongSeal,
		/// The root is the provider's: a collision of hashes, as one trace has one ending.
		SameRoot,
		/// The time for the move is over.
		TimeOver,
		/// Another node is in question. [`Pallet::case`] tells which.
		OtherNode,
		/// The hashes are not those two levels below the node in the tree of this side.
		WrongOpening,
		/// Two openings of different nodes are the same: a collision of hashes.
		NothingDiffers,
		/// A leaf is in question: give its witness.
		WitnessDue,
		/// No leaf is in question yet: reveal.
		RevealDue,
		/// The leaf is of another kind. [`Pallet::case`] tells which.
		OtherKind,
		/// The witness decides nothing.
		BadWitness(WitnessFault),
		/// Nobody's time is over.
		NotDue,
		/// More auditors' claims about one answer than can be.
		TooManyAuditors,
		/// A value breaks its rule. Its documentation has the range.
		BadParameter(BadParameter),
		/// The values were changed too often lately. Wait until jobs of before have ended.
		TooManyRules,
		/// An amount exceeds what amounts can hold.
		AmountOverflow,
		/// A count exceeds what counts can hold.
		CountOverflow,
		/// This code does not judge the job's version of the arithmetic: an error of whoever set the code.
		NoReferee,
		/// The code's version cannot be read.
		UnreadableCode,
		/// The code cannot judge games of jobs that are open. Keep the runtime API of their version until
		/// the last one has ended.
		RefereeMissing,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::WitnessesPerBlock::get() > 0, "WitnessesPerBlock: at least one");
			assert!(T::MaxJobTicks::get() > 0, "MaxJobTicks: jobs take time");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Claims, sealed, that an answer is wrong.
		///
		/// ## Dispatch Origin
		/// Signed, by anybody.
		///
		/// ## Details
		/// `seal` is [`seal`](crate::seal) of the root of a trace that ends in `NOT_OK`, a secret salt and
		/// the signer. The stake goes on hold, at most `stake_at_most`. The first claim makes the provider
		/// owe its trace. The same claim again changes nothing.
		///
		/// ## Errors
		/// Those of jobs, without consequence, if the commitment is not the job's; [`Error::WindowOver`];
		/// what [`Error`] says of claims; those of the native token, if the stake is lacking.
		///
		/// ## Events
		/// [`Event::Challenged`], with the first claim [`Event::CaseOpened`].
		#[pallet::call_index(0)]
		#[pallet::weight((
			T::WeightInfo::challenge(MAX_PROGRAM_BYTES),
			DispatchClass::Operational,
		))]
		pub fn challenge(
			origin: OriginFor<T>,
			job: JobId,
			commitment_hash: CommitmentHash,
			seal: Hash,
			stake_at_most: Balance,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			Self::do_challenge(who, job, commitment_hash, seal, stake_at_most)
		}

		/// Posts the trace of a disputed answer: once, for all games about it.
		///
		/// ## Dispatch Origin
		/// Signed, by the owner or a delegate of the provider that answered.
		///
		/// ## Details
		/// `last_leaf` is the path of the trace's last leaf, OK. What is posted cannot be corrected:
		/// compute it twice. Posting the same again changes nothing.
		///
		/// ## Errors
		/// [`Error::CommitmentMismatch`], without consequence; [`Error::TimeOver`] and what [`Error`] says
		/// of traces.
		///
		/// ## Events
		/// [`Event::TracePosted`].
		#[pallet::call_index(1)]
		#[pallet::weight((T::WeightInfo::post_trace(), DispatchClass::Operational))]
		pub fn post_trace(
			origin: OriginFor<T>,
			job: JobId,
			commitment_hash: CommitmentHash,
			root: Hash,
			last_leaf: Path,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_post_trace(&who, job, commitment_hash, root, &last_leaf)
		}

		/// Shows what a claim sealed. A game begins.
		///
		/// ## Dispatch Origin
		/// Signed, by anybody who knows root and salt.
		///
		/// ## Details
		/// `last_leaf` is the path of the trace's last leaf, `NOT_OK`. If there is a game about this
		/// root, the earlier seal owns it and the other claim's stake comes back. Showing the same again
		/// changes nothing.
		///
		/// ## Errors
		/// [`Error::CommitmentMismatch`], without consequence; [`Error::TraceAwaited`],
		/// [`Error::TimeOver`] and what [`Error`] says of roots.
		///
		/// ## Events
		/// [`Event::GameBegan`], or [`Event::Joined`].
		#[pallet::call_index(2)]
		#[pallet::weight((T::WeightInfo::reveal_root(), DispatchClass::Operational))]
		pub fn reveal_root(
			origin: OriginFor<T>,
			job: JobId,
			commitment_hash: CommitmentHash,
			challenger: T::AccountId,
			root: Hash,
			salt: [u8; 32],
			last_leaf: Path,
		) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_reveal_root(job, commitment_hash, &challenger, root, &salt, &last_leaf)
		}

		/// Opens the node in question for one side of the game about a root.
		///
		/// ## Dispatch Origin
		/// Signed, by anybody: an opening that is accepted is the only one there is.
		///
		/// ## Details
		/// Once both sides have opened it, the chain goes to the first place that differs. Opening a node
		/// again that was opened changes nothing.
		///
		/// ## Errors
		/// [`Error::CommitmentMismatch`], without consequence; [`Error::OtherNode`],
		/// [`Error::WrongOpening`], [`Error::TimeOver`], [`Error::WitnessDue`].
		///
		/// ## Events
		/// [`Event::Revealed`].
		#[pallet::call_index(3)]
		#[pallet::weight((T::WeightInfo::reveal(), DispatchClass::Operational))]
		pub fn reveal(
			origin: OriginFor<T>,
			job: JobId,
			commitment_hash: CommitmentHash,
			root: Hash,
			side: Side,
			node: Node,
			opening: Opening,
		) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_reveal(job, commitment_hash, root, side, node, &opening)
		}

		/// Gives the witness of the leaf in question. The chain recomputes the leaf, and the game ends.
		///
		/// ## Dispatch Origin
		/// Signed, by anybody.
		///
		/// ## Details
		/// `kind` and the size of the witness are what the call's weight follows from.
		///
		/// ## Errors
		/// [`Error::CommitmentMismatch`], without consequence; [`Error::RevealDue`],
		/// [`Error::OtherKind`], [`Error::BadWitness`], [`Error::TimeOver`]. None of them loses a game.
		///
		/// ## Events
		/// [`Event::Judged`], [`Event::GameEnded`], and what follows for the case.
		#[pallet::call_index(4)]
		#[pallet::weight((
			kind.weight::<T>(judge::witness_bytes(witness), MAX_PROGRAM_BYTES),
			DispatchClass::Operational,
		))]
		pub fn witness(
			origin: OriginFor<T>,
			job: JobId,
			commitment_hash: CommitmentHash,
			root: Hash,
			kind: LeafKind,
			witness: Box<Witness>,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			Self::do_witness(job, commitment_hash, root, kind, &witness)
		}

		/// Ends what is over in time, or closes what a verdict has left.
		///
		/// ## Dispatch Origin
		/// Signed, by anybody.
		///
		/// ## Errors
		/// [`Error::NotDue`], and what [`Error`] says of unknown things.
		///
		/// ## Events
		/// [`Event::GameEnded`], [`Event::ClaimLost`], [`Event::StakeReturned`], and what follows for the
		/// case.
		#[pallet::call_index(5)]
		#[pallet::weight((T::WeightInfo::timeout(), DispatchClass::Operational))]
		pub fn timeout(origin: OriginFor<T>, job: JobId, due: Due<T::AccountId>) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_timeout(job, due)
		}

		/// Sets the governed values, for jobs that are accepted from the next tick on.
		///
		/// ## Dispatch Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Errors
		/// [`Error::BadParameter`], [`Error::TooManyRules`].
		///
		/// ## Events
		/// [`Event::ParametersSet`].
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::set_parameters())]
		pub fn set_parameters(
			origin: OriginFor<T>,
			parameters: DisputeParameters,
		) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			parameters.validate().map_err(Error::<T>::BadParameter)?;
			let now = T::Clock::now();
			let rules = CurrentRules::<T>::get().replaced(parameters, now, T::MaxJobTicks::get());
			CurrentRules::<T>::put(rules.ok_or(Error::<T>::TooManyRules)?);
			Self::deposit_event(Event::ParametersSet { parameters });
			Ok(())
		}
	}

	impl<T: Config> Call<T> {
		/// Whether this is a move of a dispute, which the pool takes only if it is possible.
		pub(crate) const fn is_move(&self) -> bool {
			match self {
				Self::challenge { .. }
				| Self::post_trace { .. }
				| Self::reveal_root { .. }
				| Self::reveal { .. }
				| Self::witness { .. }
				| Self::timeout { .. } => true,
				Self::set_parameters { .. } | Self::__Ignore(..) => false,
			}
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// What a claim against an answer would cost now. Fails as [`challenge`](Pallet::challenge) would
		/// if the commitment is not the job's.
		pub fn cost_of_challenge(
			job: JobId,
			commitment_hash: CommitmentHash,
		) -> Result<ChallengeCost, DispatchError> {
			Self::view_cost(job, commitment_hash)
		}

		/// A disputed answer, with its claims and games and what is expected of whom until when.
		pub fn case(job: JobId) -> Option<CaseView<T::AccountId>> {
			Self::view_case(&job)
		}

		/// An account's claims.
		pub fn claims_of(account: T::AccountId) -> Vec<(JobId, Claim)> {
			Self::view_claims_of(&account)
		}

		/// The last tick at which a provider may post the trace of a job, if it posts all before at the
		/// last moment; `None` if none is awaited.
		pub fn trace_deadline_of(provider: ProviderId, job: JobId) -> Option<Tick> {
			Self::latest_trace_deadline(provider, &job)
		}
	}
}
