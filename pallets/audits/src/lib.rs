//! # Audits
//!
//! Answers are drawn by chance and checked by two auditors, each of whom answers for what it signs.
//!
//! ## Pallet API
//!
//! Auditors [`enrol`](Pallet::enrol) and [`leave`](Pallet::leave), and, when they are drawn,
//! [`seal`](Pallet::seal) and [`reveal`](Pallet::reveal); anybody may [`poke`](Pallet::poke), which
//! does what is due. Who plants faults calls [`commit_plants`](Pallet::commit_plants) and
//! [`open_plants`](Pallet::open_plants). Jobs tell of answers through
//! [`assay_market::traits::Audits`], games of their ends through
//! [`assay_market::traits::GameNotices`]. To be read without a transaction:
//! [`awaited`](Pallet::awaited), [`audit`](Pallet::audit), [`roster`](Pallet::roster),
//! [`honesty`](Pallet::honesty), [`tallies`](Pallet::tallies).
//!
//! ## Overview
//!
//! Whoever answers wrongly to save compute must lose more than it saves: with b·q·h·k·(1 − c) ≥ 2
//! it loses twice as much. q is the probability that an answer is audited, h the probability that
//! an auditor really checks. This pallet makes q true and measures h.
//!
//! An answer is drawn after it was committed and before it is paid, by what the authors of the next
//! [`DRAW_BLOCKS`] blocks contribute: nobody who answers can know whether it will be checked,
//! unless it authors all of these blocks. Two auditors are drawn with it. Each computes the trace
//! of the answer, posts a seal of its root, and shows the root when both have sealed; so neither
//! can copy the other's. Both find it right and agree: they are paid for checking, when the answer
//! is paid. One finds it wrong, or they differ: a game opens by itself, and the runtime decides.
//!
//! The seal stops copying between auditors. It shows no independence: a provider can hand its root
//! to somebody. Against that stand the chance of the draw, the stake that an auditor loses when it
//! signs a falsehood, whoever else looks, and *planted faults*: wrong answers that the treasury
//! pays for, named in advance by a hash. Those who sign them are caught, and counted.
//!
//! ## Terminology
//!
//! - **Auditor**: a provider that bound a **stake** of its bond for a model: its weight in draws,
//!   and what it answers with.
//! - **Roster**: the auditors of a model.
//! - **Contribution**: the VRF of a block's author; a **round** is one of them, a **seed** what 32
//!   of them draw with.
//! - **Seat**: an auditor's part in an audit. What it has **at risk** is engaged until the audit is
//!   over.
//! - **Claim**: a root, with what the trace ends in: OK or NOT_OK.
//! - **Falsehood**: what a game has shown to be false: a root that lost, or OK for an answer that a
//!   claim beat, by whoever did not win itself.
//! - **Closed**: an answer that stands for good, fell, or is void.
//!
//! ## Life of an audit
//!
//! | from | what | to | what moves |
//! | --- | --- | --- | --- |
//! | - | an answer of a listed model is committed | waits for its draw | nothing |
//! | waits for its draw | [`DRAW_ROUNDS`](beacon::DRAW_ROUNDS) blocks later it is not drawn, or there are no auditors | - | nothing |
//! | waits for its draw | it is drawn | [`Stage::Sealing`] | fees: treasury to this pallet; stakes: free to engaged |
//! | Sealing | the last auditor seals | [`Stage::Revealing`] | nothing |
//! | Sealing, Revealing | the time is over, others are drawn | Sealing | who is missing: stake to the penalty for silence |
//! | Sealing | the time is over, nobody is drawn, somebody sealed | Revealing | the same |
//! | Revealing | NOT_OK is shown, or two roots differ | Revealing | a game opens |
//! | Revealing | the last auditor reveals, or the time is over and nobody is drawn | [`Stage::Concluded`] | as for silence |
//! | any | the answer is closed, and the auditors' games have ended | - | falsehood: stake to the penalty; otherwise the fee, claimable |
//!
//! While it waits for its draw, and while its audit is not concluded, an answer is not paid. After
//! that only games hold it.
//!
//! What was revealed with an auditor missing cannot be sealed again: who is drawn then may know the
//! first root. It answers with its stake all the same.
//!
//! ## Money
//!
//! | what | from | to | when |
//! | --- | --- | --- | --- |
//! | stake | free bond | bound in the providers' pallet | enrolling |
//! | fee: a part of the price, and both transactions | treasury | this pallet's account, then claimable by the auditor's owner | draw; closing |
//! | penalty for silence | stake | burns | the end of a stage |
//! | penalty for a falsehood, a part of the job's exposure | stake | burns | closing |
//!
//! All auditors of all jobs together earn no more than the treasury's share of what jobs pay
//! ([`most_fee_share`](parameters::most_fee_share)), beside their transactions: whoever audits its
//! own jobs gains nothing. If the treasury is empty, less is promised, and the audit goes on.
//!
//! ## Planted faults
//!
//! Whoever plants ([`Config::PlantOrigin`]) has a provider of its own, posts the hash of a list of
//! jobs ([`hashing::plants`]), whose ids follow from their requests, and then lets that provider
//! answer them wrongly. Most are never drawn and cost little. If auditors find one, it is a lost
//! game like any other, with the challenger's reward. If they sign it, the planter challenges it
//! and posts the false trace, so that they lose what they had at risk. Afterwards the list is
//! opened, all of it at once, within [`MEMORY_TICKS`](plants::MEMORY_TICKS). An auditor that showed
//! NOT_OK and did not lose its game has *found* a fault, one that signed OK has *missed* it. h is
//! estimated as (found + 1) ÷ (found + missed + 2) over the last [`TALLY_ERAS`] eras: one half
//! before anything was measured. Whoever opens a list early counts less and cannot choose what;
//! lists that are never opened are counted as abandoned.
//!
//! ## What if
//!
//! - **More answers are drawn than blocks can take?** They wait in order, and are not paid before;
//!   anybody may [`poke`](Pallet::poke) one out of turn. No answer escapes by the length of the
//!   queue.
//! - **The last author of a draw withholds its block?** It draws once more, at the price of the
//!   block: that is b in the rule above.
//! - **A slot has no VRF?** Its block counts and contributes nothing.
//! - **Hooks do not run, as in migrations?** No answer is committed meanwhile, and the draws wait.
//! - **Fewer than two auditors can be drawn?** One checks alone. Without any, the answer is paid
//!   without a check, and counted ([`Tally::unchecked`]).
//! - **An answer has more at stake than auditors can answer for?** Only those are drawn who can.
//! - **The answer falls, or is void, during its audit?** Who has shown its root is paid; nobody is
//!   punished for what it had no time to do.
//! - **A game cannot be opened**, because the auditor has one about the job already? The audit goes
//!   on ([`Event::GameRefused`]).
//! - **The provider shows no trace?** The answer falls for silence. Nothing is shown about what
//!   auditors signed, and they are paid.
//! - **Somebody fills the roster?** A full one loses its least idle stake to a greater one.
//! - **Parameters change?** Open audits keep theirs; q is pinned by the job at its acceptance.
//!
//! ## Properties
//!
//! - **every_answer_is_drawn_once**: each answer that waits is in one round, which counts it and is
//!   not behind the queue, and has no audit yet.
//! - **draws_wait_for_later_authors**: a round has a seed if and only if the authors of the blocks
//!   after it have contributed.
//! - **nobody_audits_its_own_answer**: auditors are others than who answered, and nobody is drawn
//!   twice.
//! - **stakes_cover_what_auditors_answer_for**: what is engaged of a stake is what open audits have
//!   at risk, and no more than the stake; who has left is not on the roster.
//! - **fund_covers_promises**: the account has what auditors were promised, and that is the sum
//!   over their seats.
//! - **every_clock_is_in_the_queue**: each audit that waits for a tick, and each outcome that is
//!   remembered, has one place in the queue, not behind the cursor; and the queue has no other.
//! - **claims_are_kept_for_the_other_auditor**: a claim of OK is stored while it is the only one
//!   shown, and no longer.
//! - **planted_lists_name_jobs**: each list of planted faults that is not opened names jobs, and is
//!   there once.
//! - **parameters_are_valid**: the governed values keep their rules.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]
#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

extern crate alloc;

pub mod beacon;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod draw;
mod ending;
mod games;
pub mod hashing;
pub mod lottery;
#[cfg(test)]
mod mock;
mod money;
mod moves;
pub mod parameters;
pub mod plants;
mod queue;
mod roster;
pub mod tally;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", feature = "std"))]
mod try_state;
pub mod types;
pub mod views;
pub mod weights;

pub use beacon::{Beacon, DRAW_BLOCKS};
pub use pallet::*;
pub use parameters::{AuditParameters, BadParameter};
pub use plants::{AuditOutcome, PlantList, Plants};
pub use tally::{EraTallies, Honesty, Tally, TALLY_ERAS};
pub use types::{Audit, Enrolment, Seat, Stage, Step, SEATS};
pub use views::{AuditView, Awaited, Expected};
pub use weights::WeightInfo;

/// An audit of this runtime.
pub type AuditOf<T> = Audit<<T as frame_system::Config>::AccountId>;

/// See the crate's documentation.
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use crate::types::{KeptClaim, PendingDraw, RoundDraws};
	use alloc::vec::Vec;
	use assay_market::{
		traits::{
			AuditRule, Auditable, Bonds, Clock, Disputable, Finding, OffenceKind, Offences,
			OpenGame, Payouts, Settlement, TraceClaim,
		},
		Balance, CommitmentHash, JobId, ModelId, ProviderId, Tick,
	};
	use assay_primitives::Hash;
	use frame_support::{
		pallet_prelude::*, traits::fungible::Mutate, weights::WeightMeter, PalletId,
	};
	use frame_system::pallet_prelude::*;
	use sp_runtime::traits::Convert;
	#[cfg(feature = "try-runtime")]
	use sp_runtime::TryRuntimeError;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// The pallet.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// Who answers what the pallet asks, and what is fixed for the chain.
	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// What calls and hooks weigh.
		type WeightInfo: WeightInfo;

		/// Who may change the parameters.
		type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Who may plant faults.
		type PlantOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The native token, in which auditors are paid.
		type Currency: Mutate<Self::AccountId, Balance = Balance>;

		/// Whence the account follows on which fees wait.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// Who pays auditors.
		type Treasury: Get<Self::AccountId>;

		/// The answers that are audited.
		type Jobs: Disputable<Self::AccountId> + Auditable;

		/// Where claims become games.
		type Games: OpenGame<Self::AccountId>;

		/// What auditors have at stake.
		type Bonds: Bonds<Self::AccountId>;

		/// Where broken promises are reported.
		type Offences: Offences<Self::AccountId>;

		/// Pull payments.
		type Payouts: Payouts<Self::AccountId>;

		/// What part of what jobs pay is the treasury's.
		type Settlement: Settlement<Self::AccountId>;

		/// The market's time.
		type Clock: Clock;

		/// How many answers are audited, and what a falsehood costs.
		type Rule: AuditRule;

		/// What the author of the last block contributed: the VRF of its slot, which it could not
		/// choose and nobody else could know. `None` for a slot without one.
		type AuthorVrf: Get<Option<[u8; 32]>>;

		/// The current era, by which is counted.
		type Era: Get<u32>;

		/// What a call of so much weight and so many bytes costs, without a tip.
		type CallFee: Convert<(Weight, u32), Balance>;

		/// Parameters of a chain on which none were set. They must be valid.
		type DefaultParameters: Get<AuditParameters>;

		/// Most auditors of a model: a draw reads them all.
		#[pallet::constant]
		type MaxAuditors: Get<u32>;

		/// Most steps of the draws in a block: each answer is one, and each round. At least two.
		#[pallet::constant]
		type MaxDrawsPerBlock: Get<u32>;

		/// Most steps of the queue in a block: each audit is one, and each tick. At least two.
		#[pallet::constant]
		type MaxDuePerBlock: Get<u32>;

		/// Most lists of planted faults that are not opened.
		#[pallet::constant]
		type MaxPlantLists: Get<u32>;
	}

	/// What the latest blocks' authors contributed.
	// Whitelisted: every block has it in memory.
	#[pallet::storage]
	#[pallet::whitelist_storage]
	pub type BeaconState<T: Config> = StorageValue<_, Beacon, ValueQuery>;

	/// How many answers of a round wait for their draw, and what with.
	// Twox64: rounds are the chain's own and few.
	#[pallet::storage]
	pub type Rounds<T: Config> = StorageMap<_, Twox64Concat, u32, RoundDraws, ValueQuery>;

	/// The answers that wait, by round. Each has paid for its draw with its commitment.
	// Identity: the key is a hash that the user does not choose freely.
	#[pallet::storage]
	pub type InRound<T: Config> =
		StorageDoubleMap<_, Twox64Concat, u32, Identity, JobId, PendingDraw>;

	/// The round in which an answer waits.
	// Identity: as above.
	#[pallet::storage]
	pub type RoundOf<T: Config> = StorageMap<_, Identity, JobId, u32>;

	/// The round that the draws have reached: in earlier ones, nobody waits.
	#[pallet::storage]
	pub type OldestRound<T: Config> = StorageValue<_, u32, ValueQuery>;

	/// The auditors of a model. Entries are paid for by stakes.
	// Blake2: ids of models are chosen by whoever writes their manifests.
	#[pallet::storage]
	pub type Roster<T: Config> =
		StorageMap<_, Blake2_128Concat, ModelId, BoundedVec<Enrolment, T::MaxAuditors>, ValueQuery>;

	/// Audits that are not over.
	// Identity: as above.
	#[pallet::storage]
	pub type Audits<T: Config> = StorageMap<_, Identity, JobId, AuditOf<T>>;

	/// The first claim of OK of an audit, for the case that the next one differs.
	// Identity: as above.
	#[pallet::storage]
	pub type KeptClaims<T: Config> = StorageMap<_, Identity, JobId, KeptClaim>;

	/// What came of audits, as long as planted faults can be opened.
	// Identity: as above.
	#[pallet::storage]
	pub type Outcomes<T: Config> = StorageMap<_, Identity, JobId, AuditOutcome>;

	/// Audits and outcomes by the tick under which the queue looks at them.
	// Twox64: ticks are the chain's own and few. Identity: as above.
	#[pallet::storage]
	pub type Due<T: Config> = StorageDoubleMap<_, Twox64Concat, Tick, Identity, JobId, ()>;

	/// The tick that the queue has reached: under earlier ones, nothing is left.
	#[pallet::storage]
	pub type DueCursor<T: Config> = StorageValue<_, Tick, ValueQuery>;

	/// What auditors were promised, in the native token.
	#[pallet::storage]
	pub type Promised<T: Config> = StorageValue<_, Balance, ValueQuery>;

	/// Lists of planted faults that are not opened, oldest first.
	#[pallet::storage]
	pub type PlantLists<T: Config> =
		StorageValue<_, BoundedVec<PlantList, T::MaxPlantLists>, ValueQuery>;

	/// Counts of the latest eras.
	#[pallet::storage]
	pub type Tallies<T: Config> = StorageValue<_, EraTallies, ValueQuery>;

	/// The governed values.
	#[pallet::storage]
	pub type Parameters<T: Config> =
		StorageValue<_, AuditParameters, ValueQuery, T::DefaultParameters>;

	/// Nothing to choose: genesis gives the account its existential deposit.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Not part of the configuration.
		#[serde(skip)]
		pub _config: core::marker::PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			let endowed = Pallet::<T>::endow();
			assert!(endowed.is_ok(), "the account of audits takes no deposit: {endowed:?}");
		}
	}

	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A provider audits answers of a model.
		Enrolled {
			/// The provider.
			auditor: ProviderId,
			/// The model.
			model: ModelId,
			/// What it has bound for that.
			stake: Balance,
		},
		/// An auditor is not drawn any more; it still answers for the audits that it has.
		StoodDown {
			/// The provider.
			auditor: ProviderId,
			/// The model.
			model: ModelId,
		},
		/// An auditor answers for nothing any more, and its stake is free.
		Left {
			/// The provider.
			auditor: ProviderId,
			/// The model.
			model: ModelId,
			/// What is free.
			stake: Balance,
		},
		/// An answer is audited.
		Drawn {
			/// The job.
			job: JobId,
			/// Its model.
			model: ModelId,
			/// By whom.
			auditors: Vec<ProviderId>,
			/// From this tick on, it is too late to seal.
			seal_by: Tick,
		},
		/// An answer was drawn, and there is nobody to check it.
		NoAuditors {
			/// The job.
			job: JobId,
			/// Its model.
			model: ModelId,
		},
		/// An answer was drawn, and there is nothing to check any more.
		NotAudited {
			/// The job.
			job: JobId,
			/// Why.
			error: DispatchError,
		},
		/// An auditor posted a seal.
		Sealed {
			/// The job.
			job: JobId,
			/// Who.
			auditor: ProviderId,
		},
		/// All auditors have sealed, or can no longer.
		AllSealed {
			/// The job.
			job: JobId,
			/// From this tick on, it is too late to show a root.
			reveal_by: Tick,
		},
		/// An auditor showed its root.
		Revealed {
			/// The job.
			job: JobId,
			/// Who.
			auditor: ProviderId,
			/// The root.
			root: Hash,
			/// In what the trace ends.
			finding: Finding,
		},
		/// An auditor's claim became a game.
		GameOpened {
			/// The job.
			job: JobId,
			/// Whose claim.
			auditor: ProviderId,
		},
		/// An auditor's claim became no game.
		GameRefused {
			/// The job.
			job: JobId,
			/// Whose claim.
			auditor: ProviderId,
			/// Why.
			error: DispatchError,
		},
		/// Others were drawn in the place of who fell silent.
		Redrawn {
			/// The job.
			job: JobId,
			/// Whom.
			auditors: Vec<ProviderId>,
			/// From this tick on, it is too late to seal.
			seal_by: Tick,
		},
		/// Nothing more is to be shown: the answer is held by games only.
		Concluded {
			/// The job.
			job: JobId,
			/// How many auditors showed a root.
			checked_by: u32,
		},
		/// An audit is over.
		Closed {
			/// The job.
			job: JobId,
			/// Auditors that showed that the answer is wrong, and did not lose their game.
			found: u8,
			/// Auditors that signed OK.
			missed: u8,
		},
		/// An auditor's owner may claim its fee.
		Paid {
			/// The job.
			job: JobId,
			/// Who.
			auditor: ProviderId,
			/// How much.
			fee: Balance,
		},
		/// A fee could not be paid, and is lost.
		NotPaid {
			/// The job.
			job: JobId,
			/// Who.
			auditor: ProviderId,
			/// How much.
			fee: Balance,
			/// Why.
			error: DispatchError,
		},
		/// An auditor lost a part of its stake.
		Punished {
			/// The job.
			job: JobId,
			/// Who.
			auditor: ProviderId,
			/// For what.
			kind: OffenceKind,
			/// How much.
			penalty: Balance,
		},
		/// What was due for an audit failed; nothing of it happened, and it is tried again.
		Delayed {
			/// The job.
			job: JobId,
			/// Why.
			error: DispatchError,
		},
		/// Faults will be planted.
		PlantsCommitted {
			/// The hash of the list.
			hash: Hash,
			/// How many jobs it names.
			count: u32,
			/// The last tick at which it can be opened.
			open_until: Tick,
		},
		/// Planted faults were shown.
		PlantsOpened {
			/// The hash of the list.
			hash: Hash,
			/// How many of its jobs were audited.
			audited: u32,
			/// Auditors that found a fault.
			found: u32,
			/// Auditors that signed one.
			missed: u32,
		},
		/// Lists of planted faults were not opened in time.
		PlantsAbandoned {
			/// How many jobs they name.
			jobs: u32,
		},
		/// The governed values changed, for what comes.
		ParametersSet {
			/// What they are now.
			parameters: AuditParameters,
		},
	}

	/// Why a call failed.
	#[pallet::error]
	pub enum Error<T> {
		/// The signer neither owns a provider nor is a delegate of one.
		NoProvider,
		/// Only the provider's owner may do this: a stake is money.
		NotOwner,
		/// The provider has no sufficient bond for the model, or a debt. Bond first, or pay.
		NotBonded,
		/// The stake is below the least. [`Parameters`] has it.
		StakeTooSmall,
		/// More is bound already. Name at least that; to have less, leave and enrol again.
		StakeBelowBound,
		/// The roster is full of greater stakes, or of auditors that are at work. Bind more than
		/// the least, or wait.
		RosterFull,
		/// The provider does not audit this model.
		NotEnrolled,
		/// No audit of this job is open. [`Pallet::awaited`] lists those that await an account.
		UnknownAudit,
		/// The hash is not that of the answer that is audited. Take it from [`Pallet::audit`];
		/// nothing happened.
		CommitmentMismatch,
		/// The provider was not drawn for this job, or fell silent.
		NotAuditor,
		/// The time for sealing is over.
		SealingOver,
		/// Another seal was posted before; it stands.
		AlreadySealed,
		/// A seal comes first.
		NotSealed,
		/// The other auditor has not sealed. Wait, so that it cannot copy the root.
		SealsMissing,
		/// The time for showing roots is over.
		RevealOver,
		/// Root and salt are not what was sealed by this auditor's account.
		SealMismatch,
		/// Another root was shown before; it stands.
		AlreadyRevealed,
		/// The path is longer than that of any trace.
		PathTooLong,
		/// Nothing is due for the job now.
		NothingDue,
		/// A list names no job, or more than [`PLANTS_MAX`](plants::PLANTS_MAX).
		PlantCountOutOfRange,
		/// As many lists as allowed are not opened. Open one, or wait until one is forgotten.
		TooManyPlantLists,
		/// No list of these jobs with this salt was posted, or it is forgotten.
		UnknownPlants,
		/// A job of the list awaits its draw, or its audit is not over. Wait for [`Event::Closed`].
		PlantStillAudited,
		/// A job of the list was answered before the list was posted: it was not planted in
		/// advance.
		PlantedTooLate,
		/// A value breaks its rule. Its documentation has the range.
		BadParameter(BadParameter),
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
			if Self::collect(meter) {
				Self::work_off_draws(meter);
				Self::work_off_queue(meter);
			}
		}

		fn integrity_test() {
			let parameters = T::DefaultParameters::get();
			assert_eq!(parameters.validate(), Ok(()), "the default parameters are refused");
			assert!(T::MaxAuditors::get() >= SEATS, "MaxAuditors: fewer than an audit needs");
			for steps in [T::MaxDrawsPerBlock::get(), T::MaxDuePerBlock::get()] {
				assert!(steps >= 2, "MaxDrawsPerBlock, MaxDuePerBlock: leave room for one of each");
			}
			assert!(T::MaxPlantLists::get() > 0, "MaxPlantLists: nothing could be measured");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Becomes an auditor of a model, or raises the stake.
		///
		/// ## Dispatch Origin
		/// Signed, by the owner of a provider that is bonded for the model.
		///
		/// ## Details
		/// `stake` is all that is bound afterwards: it comes from the free bond, and is the weight
		/// in draws. A part of the exposure of each audited job is engaged of it. On a full roster
		/// it must exceed the least stake that is idle, which leaves. Enrolling the same again
		/// changes nothing.
		///
		/// ## Errors
		/// [`Error::NoProvider`], [`Error::NotOwner`], [`Error::StakeTooSmall`],
		/// [`Error::NotBonded`], [`Error::StakeBelowBound`], [`Error::RosterFull`]; those of the
		/// providers' pallet, if less is free.
		///
		/// ## Events
		/// [`Event::Enrolled`].
		#[pallet::call_index(0)]
		pub fn enrol(origin: OriginFor<T>, model: ModelId, stake: Balance) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_enrol(&who, model, stake)
		}

		/// Is not drawn any more. The stake is free when the last audit is over, at once if there
		/// is none.
		///
		/// ## Dispatch Origin
		/// Signed, by the provider's owner.
		///
		/// ## Errors
		/// [`Error::NoProvider`], [`Error::NotOwner`], [`Error::NotEnrolled`].
		///
		/// ## Events
		/// [`Event::StoodDown`], and [`Event::Left`] when the stake is free.
		#[pallet::call_index(1)]
		pub fn leave(origin: OriginFor<T>, model: ModelId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_leave(&who, model)
		}

		/// Posts the seal of the root of the answer's trace: [`hashing::seal`] with this account.
		///
		/// ## Dispatch Origin
		/// Signed, by the owner or a delegate of a drawn auditor.
		///
		/// ## Details
		/// Sealing the same again changes nothing.
		///
		/// ## Errors
		/// [`Error::CommitmentMismatch`], without consequence; [`Error::NoProvider`],
		/// [`Error::UnknownAudit`], [`Error::NotAuditor`], [`Error::AlreadySealed`],
		/// [`Error::SealingOver`].
		///
		/// ## Events
		/// [`Event::Sealed`], and [`Event::AllSealed`] with the last one.
		#[pallet::call_index(2)]
		// Operational: silence costs, which full blocks must not cause.
		#[pallet::weight((T::WeightInfo::seal(), DispatchClass::Operational))]
		pub fn seal(
			origin: OriginFor<T>,
			job: JobId,
			commitment: CommitmentHash,
			seal: Hash,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_seal(who, job, commitment, seal)
		}

		/// Shows the root that was sealed, with the path of the trace's last leaf.
		///
		/// ## Dispatch Origin
		/// Signed, by the owner or a delegate of the auditor.
		///
		/// ## Details
		/// After all have sealed. NOT_OK becomes a game at once, as do two different roots. With
		/// the last root the audit is concluded. Showing the same again changes nothing.
		///
		/// ## Errors
		/// [`Error::CommitmentMismatch`], without consequence; [`Error::NoProvider`],
		/// [`Error::UnknownAudit`], [`Error::NotAuditor`], [`Error::NotSealed`],
		/// [`Error::SealMismatch`], [`Error::SealsMissing`], [`Error::AlreadyRevealed`],
		/// [`Error::RevealOver`], [`Error::PathTooLong`]; those of the disputes' pallet, if the
		/// path shows something else.
		///
		/// ## Events
		/// [`Event::Revealed`], [`Event::GameOpened`] or [`Event::GameRefused`],
		/// [`Event::Concluded`].
		#[pallet::call_index(3)]
		// Operational: as sealing.
		#[pallet::weight((T::WeightInfo::reveal(), DispatchClass::Operational))]
		pub fn reveal(
			origin: OriginFor<T>,
			job: JobId,
			commitment: CommitmentHash,
			salt: [u8; 32],
			claim: TraceClaim,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_reveal(&who, job, commitment, &salt, &claim)
		}

		/// Does what is due for a job: its draw, the end of a stage, or the end of its audit.
		///
		/// ## Dispatch Origin
		/// Signed, by anybody.
		///
		/// ## Details
		/// Hooks do the same by themselves. This is for who does not want to wait.
		///
		/// ## Errors
		/// [`Error::UnknownAudit`], [`Error::NothingDue`].
		///
		/// ## Events
		/// Those of what is due.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::poke().max(T::WeightInfo::draw()))]
		pub fn poke(origin: OriginFor<T>, job: JobId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_poke(&job)
		}

		/// Names jobs that will be answered wrongly on purpose, by the hash of their list.
		///
		/// ## Dispatch Origin
		/// [`Config::PlantOrigin`].
		///
		/// ## Details
		/// [`hashing::plants`] of the jobs' ids and a salt. Only answers that are committed at a
		/// later tick count. Lists that were not opened in time are forgotten here, and counted.
		/// Naming the same again changes nothing.
		///
		/// ## Errors
		/// [`Error::PlantCountOutOfRange`], [`Error::TooManyPlantLists`].
		///
		/// ## Events
		/// [`Event::PlantsCommitted`].
		#[pallet::call_index(5)]
		pub fn commit_plants(origin: OriginFor<T>, hash: Hash, count: u32) -> DispatchResult {
			T::PlantOrigin::ensure_origin(origin)?;
			Self::do_commit_plants(hash, count)
		}

		/// Shows which jobs were planted, when all of them are over.
		///
		/// ## Dispatch Origin
		/// Signed, by anybody who knows the list and the salt.
		///
		/// ## Details
		/// Auditors are counted that found a fault, and those that signed one. Jobs that were never
		/// drawn count for nothing.
		///
		/// ## Errors
		/// [`Error::UnknownPlants`], [`Error::PlantStillAudited`], [`Error::PlantedTooLate`].
		///
		/// ## Events
		/// [`Event::PlantsOpened`].
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::open_plants(u32::try_from(jobs.len()).unwrap_or(u32::MAX)))]
		pub fn open_plants(origin: OriginFor<T>, jobs: Plants, salt: [u8; 32]) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_open_plants(&jobs, &salt)
		}

		/// Sets the governed values, for audits that are drawn from now on.
		///
		/// ## Dispatch Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Errors
		/// [`Error::BadParameter`].
		///
		/// ## Events
		/// [`Event::ParametersSet`].
		#[pallet::call_index(7)]
		pub fn set_parameters(origin: OriginFor<T>, parameters: AuditParameters) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set_parameters(parameters)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// The audits that await an account's provider, the most urgent first.
		pub fn awaited(who: T::AccountId) -> Vec<Awaited> {
			Self::view_awaited(&who)
		}

		/// How far the audit of an answer is; `None` if it is not audited, or no more.
		pub fn audit(job: JobId) -> Option<AuditView<T::AccountId>> {
			Self::view_audit(&job)
		}

		/// The auditors of a model.
		pub fn roster(model: ModelId) -> Vec<Enrolment> {
			Roster::<T>::get(model).into_inner()
		}

		/// How honestly answers are audited, as planted faults have shown: h.
		pub fn honesty() -> Honesty {
			Self::view_honesty()
		}

		/// The counts of the latest eras, oldest first.
		pub fn tallies() -> EraTallies {
			Tallies::<T>::get()
		}
	}
}
