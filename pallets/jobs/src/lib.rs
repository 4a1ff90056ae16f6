//! # Jobs
//!
//! The life of a job: a user asks, a provider promises, answers and is paid, or whatever else the
//! rules say.
//!
//! ## Pallet API
//!
//! Users call [`submit`](Pallet::submit) and [`cancel`](Pallet::cancel); providers
//! [`accept`](Pallet::accept), [`commit`](Pallet::commit), both at once with
//! [`accept_and_commit`](Pallet::accept_and_commit), [`decline`](Pallet::decline) and
//! [`post_data`](Pallet::post_data); anybody [`request_data`](Pallet::request_data) and
//! [`poke`](Pallet::poke), which does whatever is due. Games and audits act through
//! [`assay_market::traits::Disputable`]. To be read without a transaction: [`quote`](Pallet::quote),
//! [`job`](Pallet::job) and [`answer_security`](Pallet::answer_security).
//!
//! ## Overview
//!
//! A user names a model, an input, how the answer is to be sampled and how long it may be. The chain
//! computes what the longest answer costs and puts as many of the user's vouchers into escrow. A
//! provider that accepts promises an answer by a deadline and reserves a part of its bond. With the
//! answer, a multiple of its price is at stake, and a window opens in which anybody may challenge
//! it. If nobody wins a challenge, the vouchers for what the answer really cost are burned, their
//! reserve pays the provider, and the rest goes back. If somebody does, the user has everything back
//! and the provider loses what was at stake.
//!
//! A job takes three transactions (submission, acceptance, answer), or two if the provider accepts
//! and answers at once; settlement happens by itself, and submission and answer have paid for it. When
//! the queue is longer than blocks can take, a fourth one ([`poke`](Pallet::poke)) settles it sooner.
//!
//! **Providers must not show an answer before their acceptance is final.** Until then, the user may
//! take the job back, or the turn may end, and whoever reads the pool of transactions has the answer
//! for nothing. So an answer with its tokens needs an acceptance before it, and
//! [`accept_and_commit`](Pallet::accept_and_commit) takes its root only.
//!
//! ## Terminology
//!
//! - **Unit**: the smallest amount of vouchers; at a rate of one, a millionth of a compute unit.
//! - **Escrow**: vouchers that wait for the end of a job: what the longest answer costs at the
//!   dearest candidate's rate.
//! - **Candidate**: a provider that may accept: the named one, or up to [`MAX_CANDIDATES`] best
//!   offers, of which at each tick exactly one has its turn, round and round until acceptance is
//!   over. Whoever declines gives its turns to the next one; nobody else's turn moves. Who lets a
//!   whole turn pass without a word is not among the best offers for a while
//!   ([`turn_missed`](assay_market::traits::Bonds::turn_missed)).
//! - **Terms**: model, input, sampling, limits, version of the arithmetic, series and the
//!   [conditions](assay_market::Conditions) on which a provider takes the job: its rate, the price of a
//!   unit, its deadline, and what it risks. Their hash is part of [`accept`](Pallet::accept) and
//!   [`commit`](Pallet::commit), and with the answer it becomes the commitment's hash, which later
//!   moves carry: on another fork of the chain, no move can meet another job, price or answer than its
//!   author meant. What happens before acceptance needs no more than the job's id, which is the hash of
//!   the whole request. What governance sets for all jobs (clocks, split, penalties) is not part of
//!   the terms.
//! - **Exposure**: what a provider loses with a wrong answer: a multiple of the price.
//! - **Window**: the ticks after an answer in which games and audits may begin.
//! - **Due**: what happens to a job without anybody's will once its tick has come.
//!
//! ## Life cycle
//!
//! A stored job is [`State::Submitted`], [`State::Accepted`], [`State::Committed`] or
//! [`State::Unpaid`]. The function `transition` alone changes that; it refuses what this table (as
//! code: [`state::next`]) lacks. An ended job is not stored: its name in the table is that of its
//! [`Outcome`].
//!
//! | from | move | to | by | what moves |
//! | --- | --- | --- | --- | --- |
//! | - | submit | Submitted | the user, [`submit`](Pallet::submit) | vouchers for the longest answer: user to escrow |
//! | Submitted | accept | Accepted | the candidate whose turn it is, [`accept`](Pallet::accept) | bond for the longest answer: free to reserved |
//! | Submitted | pass | Submitted | a candidate, [`decline`](Pallet::decline), others being left | nothing |
//! | Submitted | decline | Declined | the last candidate, [`decline`](Pallet::decline) | escrow to user |
//! | Submitted | cancel | Cancelled | the user, [`cancel`](Pallet::cancel) | escrow to user |
//! | Submitted | expire | Expired | anybody or the queue, acceptance being over | escrow to user |
//! | Submitted | void | Void | anybody or the queue | escrow to user |
//! | Accepted | commit | Committed | the provider, [`commit`](Pallet::commit) | bond for the answer: reserved to exposed; the rest free |
//! | Accepted | lapse | Late | anybody or the queue, the deadline being over | escrow to user; reserved bond free, then the penalty for lateness |
//! | Accepted | void | Void | anybody or the queue | escrow to user; reserved bond free |
//! | Committed | request | Committed | anybody, [`request_data`](Pallet::request_data), in the first half of the window | deposit, what posting costs: requester to hold |
//! | Committed | post | Committed | the provider, [`post_data`](Pallet::post_data) | with the last leaf, the deposit: hold to the provider's owner, claimable |
//! | Committed | hold | Committed | a game that begins, in the window, or an audit | nothing |
//! | Committed | extend | Committed | a game that gives others more time, while the window or a game is open | nothing |
//! | Committed | uphold | Committed | a game or audit that ends in favour of the answer | nothing |
//! | Committed | refute | Refuted | a game that ends against the answer | escrow to user; exposed bond free, then the penalty; open deposits to requesters |
//! | Committed | silence | Silent | a game without a trace; or anybody or the queue, demanded data being overdue and no game open | escrow to user; exposed bond free, then the penalty; open deposits to requesters |
//! | Committed | void | Void | a game, anybody or the queue | escrow to user; exposed bond free; open deposits to requesters |
//! | Committed | settle | Settled | anybody or the queue, the window being over and nothing open | price: escrow burned, its reserve shared; rest: escrow to user; exposed bond free |
//! | Committed | owe | Unpaid | anybody or the queue, as for settle, the payment having failed | exposed bond free |
//! | Unpaid | settle | Settled | anybody or the queue | price: escrow burned, its reserve shared; rest: escrow to user |
//! | Unpaid | void | Void | anybody or the queue | escrow to user |
//! | Submitted | delay | Submitted | the queue, what was due having failed | nothing |
//! | Accepted | delay | Accepted | the queue, what was due having failed | nothing |
//! | Committed | delay | Committed | the queue, what was due having failed | nothing |
//! | Unpaid | delay | Unpaid | the queue, what was due having failed | nothing |
//!
//! *Void* is due as soon as the version of the arithmetic is declared faulty: nobody can be held to
//! what nobody can check. A model that is frozen, because nobody had its weights when they were
//! demanded, voids at once what nobody has promised. What was promised runs its course, games and
//! demands for data included: otherwise anybody could freeze a model of their own to be rid of a lost
//! game, or of a payment once the answer is known. Only in the end, a job that was accepted while its
//! model was listed becomes void where it would be late or settled. A provider that has the weights
//! keeps its pay by posting them when they are demanded.
//!
//! While games are open, nothing is due, demanded data that is overdue included: the games may still
//! find the answer wrong, and the earliest seal has the reward. If none does, the job falls for the
//! data, and whoever demanded it has the challenger's part, with the fee of the demand as its costs.
//!
//! Moves are idempotent while their job is stored: submitting, accepting, answering, demanding and
//! posting the same once more changes nothing and succeeds. A move against a job that is over fails
//! with [`Error::UnknownJob`] and harms nobody: that is also what later verdicts of several games
//! meet.
//!
//! ## Prices and what is pinned
//!
//! Units of a job = ⌈compute units × rate⌉, where the rate is the candidate's posted multiplier. Who
//! asks for more exposure than the rule's factor k pays for the capital that it binds: for k' the
//! rate grows by [`exposure_surcharge`](JobParameters::exposure_surcharge) × (k' - k) ÷ k. It is paid
//! like everything else, in vouchers, and shared like everything else, so it needs no ledger of its
//! own; a provider for whom it is too little declines or lets its turn pass. A requested factor never
//! lowers the rule's.
//!
//! | pinned at submission | pinned at acceptance |
//! | --- | --- |
//! | weights of compute, price of a unit, candidates with their rates and deadlines, length of turns | exposure per price and its minimum, the quote's rate to the native token, whether the model is listed, the probability of an audit, window and clocks, the split of the price, penalties and whom they pay, the provider's rate of trace |
//!
//! A deadline is no longer than the request allows, and never longer than
//! [`MaxDeadlineTicks`](Config::MaxDeadlineTicks): until then nobody can take the vouchers back.
//!
//! ## Data
//!
//! Tokens in a call stay in the body of its block; the chain keeps their root and length. Lists that
//! come by root are the provider's burden until the job ends: to accept is to say that one holds the
//! input, and to answer is to be ready to post it. Anybody may demand such a list, once for each
//! side; the deposit pays the provider, silence costs as much as a wrong answer, and a full answer
//! gives everybody at least [`check_ticks`](Clocks::check_ticks) more.
//!
//! The deposit is what posting costs by the formula of fees, and for a user that demands its own
//! answer half of it: a provider that delivers off the chain earns as much as one that does not, and
//! whoever makes the other pay without need pays as much.
//!
//! Demands queue up at each provider, whatever their jobs: the time for one begins when those before
//! it could have been posted, at [`data_leaves_per_tick`](Clocks::data_leaves_per_tick). So a flood of
//! demands in one block gives as much time as it takes.
//!
//! So a window ends at most `window_ticks / 2 + data_ticks + check_ticks` after the answer, or
//! `window_ticks`, whichever is later, unless a game extends it or the provider has a queue of
//! demands.
//!
//! ## Storage
//!
//! At most 670 bytes for a job and 36 for its place in the queue, plus keys: inputs and outputs are
//! never stored. All of it is freed when the job ends, by one final event with everything that
//! followed. There is no archive because nobody needs one: what auditors replay (request, tokens,
//! commitment) lies in the bodies of blocks, amounts and outcomes lie in events, and both are as
//! final as the block. What remains of a user is the next nonce, 40 bytes, without which a request
//! could be submitted again in its name, with a deposit for it that stays on hold as long; and
//! [`Totals`], one record for the chain. A provider has [`DataLoads`] while demands are open.
//!
//! ## What if
//!
//! - **More becomes due than blocks can take?** The queue keeps its order and waits; anybody may
//!   [`poke`](Pallet::poke) a job out of turn. What is due later never becomes due for somebody else.
//! - **Something due fails**, because a neighbour refuses? Nothing of it happens, the queue goes on
//!   with the next and comes back after [`state::RETRY_TICKS`], then after twice as many, and so on,
//!   with [`Event::Delayed`] saying why. Jobs that cannot end leave the queue to others.
//! - **A payment fails**, because the asset that the series is quoted in is frozen or gone? The answer
//!   stands and the provider's bond is free ([`Event::Owed`]); the payment stays due, and anybody may
//!   try it again.
//! - **The breaker stops a model without the version being faulty?** New jobs are refused, settlements
//!   wait ([`Error::SettlementPaused`]) until it goes on by itself, and everything else goes on. If
//!   governance lets it go on earlier, anybody may [`poke`](Pallet::poke).
//! - **The draw of audits has fallen behind?** Answers of listed models wait for it before they are paid
//!   ([`Error::AwaitsDraw`]), however long after the window: no answer escapes its audit.
//! - **A series expires while its vouchers are in escrow?** They pay as before; what goes back is
//!   what the vouchers' pallet gives for expired ones.
//! - **Parameters change?** Open jobs keep what was pinned.
//! - **The provider rotates its account?** Jobs name providers, not accounts: the new owner is paid.
//! - **A requester's account is locked?** The deposit is on hold and moves regardless.
//!
//! ## Properties
//!
//! - **escrow_matches_jobs**: vouchers in escrow are those of stored jobs, user by user and series by
//!   series.
//! - **no_payment_without_settlement**: vouchers were paid for settled jobs and for nothing else, and
//!   no answer costs more than its escrow.
//! - **stake_matches_jobs**: what providers' bonds answer for is what stored jobs reserved and
//!   exposed, provider by provider and model by model.
//! - **deposits_match_requests**: what is on hold for requests of data is what open requests say,
//!   account by account.
//! - **data_loads_match_requests**: each provider has as many open requests of data as its jobs have.
//! - **nonces_are_paid_for**: whoever has a next nonce has a deposit on hold for it.
//! - **queue_contains_every_job_with_a_deadline**: each stored job that something can become due for
//!   has one place in the queue, not earlier than it is due and not behind the cursor; and the queue
//!   has no other.
//! - **counts_match_jobs**: each stage counts as many jobs as are stored, and submitted jobs are
//!   stored or over.
//! - **versions_match_jobs**: each version of the arithmetic counts as many jobs as are stored of it.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]
#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

extern crate alloc;

mod accept;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod candidates;
mod commit;
pub mod data;
pub mod data_queue;
mod disputes;
mod ending;
mod fees;
pub mod hashing;
#[cfg(any(test, feature = "runtime-benchmarks"))]
pub mod instantiator;
mod lookup;
#[cfg(test)]
mod mock;
mod money;
pub mod outcome;
pub mod parameters;
pub mod price;
mod queue;
mod quote;
pub mod state;
mod submit;
#[cfg(test)]
mod tests;
pub mod totals;
#[cfg(any(feature = "try-runtime", feature = "std"))]
mod try_state;
pub mod types;
pub mod views;
pub mod weights;
pub mod words;

pub use data::{DataRequest, PostedLeaf, PostedLeaves, Publication, Side};
pub use data_queue::DataLoad;
pub use hashing::Blake2;
pub use outcome::{DeclineReason, Outcome};
pub use pallet::*;
pub use parameters::{BadParameter, JobParameters};
pub use price::UnitRate;
pub use state::{Ending, Move, Stage};
pub use totals::JobTotals;
pub use types::{Answer, Candidate, Clocks, Job, Promise, Search, State, MAX_CANDIDATES};
pub use views::{AnswerSecurity, JobView, Quotation};
pub use weights::WeightInfo;
pub use words::Words;

/// A job of this runtime.
pub type JobOf<T> = Job<<T as frame_system::Config>::AccountId>;
/// An outcome of this runtime.
pub type OutcomeOf<T> = Outcome<<T as frame_system::Config>::AccountId>;

/// See the crate's documentation.
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use assay_market::{
		traits::{
			Audits, Bonds, Clock, ExposureRule, Models, Offences, Payouts, Settlement, Vouchers,
		},
		Balance, Commitment, CommitmentHash, JobId, Lengths, ModelId, ProviderId, Request,
		SeriesId, TermsHash, Tick, TokenList,
	};
	use assay_programs::cost::Weights;
	use frame_support::{
		pallet_prelude::*,
		traits::fungible::{hold::Mutate as HoldMutate, Inspect, Mutate},
		weights::WeightMeter,
		PalletId,
	};
	use frame_system::pallet_prelude::*;
	use sp_runtime::traits::Convert;
	#[cfg(feature = "try-runtime")]
	use sp_runtime::TryRuntimeError;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// Most bytes of a program, as [`assay_market::traits::ModelFacts::program_bytes`] counts them.
	pub const MAX_PROGRAM_BYTES: u32 = 65_536;

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

		/// The native token, in which deposits are held.
		type Currency: Mutate<Self::AccountId, Balance = Balance>
			+ HoldMutate<Self::AccountId, Reason: From<HoldReason>>;

		/// Whence the account follows through which deposits pass.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// The registry of models.
		type Models: Models;

		/// What jobs are paid with.
		type Vouchers: Vouchers<Self::AccountId>;

		/// What providers have at stake.
		type Bonds: Bonds<Self::AccountId>;

		/// Who shares what jobs pay.
		type Settlement: Settlement<Self::AccountId>;

		/// Where broken promises are reported.
		type Offences: Offences<Self::AccountId>;

		/// Who audits answers.
		type Audits: Audits;

		/// The market's time.
		type Clock: Clock;

		/// Pull payments.
		type Payouts: Payouts<Self::AccountId>;

		/// How much is at stake for a price.
		type ExposureRule: ExposureRule;

		/// What each part of a run counts for.
		type ComputeWeights: Get<Weights>;

		/// What a call of so much weight and so many bytes costs, without a tip: its base, its length and
		/// its weight. Deposits for requests of data follow from it.
		type CallFee: Convert<(Weight, u32), Balance>;

		/// Deposit for the first nonce of a user, an entry that is never freed. It stays on hold.
		#[pallet::constant]
		type NonceDeposit: Get<Balance>;

		/// Most ticks from acceptance to the deadline of an answer: for so long, a provider can lock up
		/// a user's vouchers. At most [`SPAN_TICKS_MAX`](crate::parameters::SPAN_TICKS_MAX).
		#[pallet::constant]
		type MaxDeadlineTicks: Get<Tick>;

		/// Most steps of the queue in a block: each job is one, and each tick. At least two, so that
		/// there is always room for a job.
		#[pallet::constant]
		type MaxDuePerBlock: Get<u32>;
	}

	/// Why money is on hold.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// For the posts that answer a request of data.
		#[codec(index = 0)]
		DataRequest,
		/// For the next nonce, which is kept so that no request can be submitted again.
		#[codec(index = 1)]
		Nonce,
	}

	/// Every job that is not over.
	// Identity: the key is a hash, of a request with its user and nonce.
	#[pallet::storage]
	pub type Jobs<T: Config> = StorageMap<_, Identity, JobId, JobOf<T>>;

	/// The least nonce that a user has not used. It stays when the user's jobs end, so that none can
	/// be submitted again.
	// Blake2: accounts are chosen by their owners.
	#[pallet::storage]
	pub type NextNonce<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, u64, ValueQuery>;

	/// What was demanded of providers, while demands are open.
	// Twox64: numbers of providers are the chain's own.
	#[pallet::storage]
	pub type DataLoads<T: Config> = StorageMap<_, Twox64Concat, ProviderId, DataLoad>;

	/// Jobs by the tick under which the queue looks at them.
	// Twox64: ticks are the chain's own and few. Identity: see `Jobs`.
	#[pallet::storage]
	pub type Queue<T: Config> = StorageDoubleMap<_, Twox64Concat, Tick, Identity, JobId, ()>;

	/// The tick that the queue has reached: under earlier ones, nothing is left.
	#[pallet::storage]
	pub type QueueCursor<T: Config> = StorageValue<_, Tick, ValueQuery>;

	/// Counts over all jobs.
	// Whitelisted: every block with a job has it in memory.
	#[pallet::storage]
	#[pallet::whitelist_storage]
	pub type Totals<T: Config> = StorageValue<_, JobTotals, ValueQuery>;

	/// Stored jobs by version of the arithmetic: as long as there are any, an upgrade must not take away
	/// what decides about them.
	// Twox64: versions are the chain's own and few.
	#[pallet::storage]
	pub type OpenByVersion<T: Config> = StorageMap<_, Twox64Concat, u32, u64, ValueQuery>;

	/// The governed values.
	#[pallet::storage]
	pub type Parameters<T: Config> = StorageValue<_, JobParameters, ValueQuery>;

	/// The governed values of a new chain.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// The governed values.
		pub parameters: JobParameters,
		/// Not part of the configuration.
		#[serde(skip)]
		pub _config: core::marker::PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			// A wrong genesis must not become a chain, and genesis has no other way to refuse.
			let bad = self.parameters.validate().err();
			assert!(bad.is_none(), "jobs.parameters: {bad:?} breaks its rule");
			Parameters::<T>::put(&self.parameters);
			let account = Pallet::<T>::account();
			let missing =
				T::Currency::minimum_balance().saturating_sub(T::Currency::balance(&account));
			assert!(
				missing == 0 || T::Currency::mint_into(&account, missing).is_ok(),
				"jobs: the pallet's account could not be given its existential deposit"
			);
		}
	}

	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A user asked.
		Submitted {
			/// The job.
			job: JobId,
			/// Who asked.
			user: T::AccountId,
			/// The user's nonce.
			nonce: u64,
			/// What was asked for.
			request: Request<TokenList>,
			/// Vouchers in escrow, in units of the series.
			escrow: Balance,
			/// Who may accept, best first.
			candidates: BoundedVec<Candidate, ConstU32<MAX_CANDIDATES>>,
			/// From this tick on, nobody may accept.
			expires_at: Tick,
		},
		/// A candidate stepped aside; others are left.
		Passed {
			/// The job.
			job: JobId,
			/// Who stepped aside.
			provider: ProviderId,
			/// Why.
			reason: DeclineReason,
		},
		/// A provider promised an answer.
		Accepted {
			/// The job.
			job: JobId,
			/// Who promised.
			provider: ProviderId,
			/// To which terms.
			terms_hash: TermsHash,
			/// Bond that was reserved.
			reserved: Balance,
			/// From this tick on, it is late.
			deadline_at: Tick,
		},
		/// A provider answered.
		Committed {
			/// The job.
			job: JobId,
			/// Who answered.
			provider: ProviderId,
			/// The answer.
			commitment: Commitment,
			/// What later moves name it by.
			commitment_hash: CommitmentHash,
			/// Its price, in units of the series.
			units: Balance,
			/// Bond at stake.
			exposed: Balance,
			/// From this tick on, it cannot be challenged.
			window_closes_at: Tick,
		},
		/// Somebody demanded a list.
		DataRequested {
			/// The job.
			job: JobId,
			/// Which list.
			side: Side,
			/// Who demanded it.
			requester: T::AccountId,
			/// What is on hold for it.
			deposit: Balance,
			/// From this tick on, the provider is silent.
			answer_by: Tick,
		},
		/// The provider posted of a list.
		DataPosted {
			/// The job.
			job: JobId,
			/// Which list.
			side: Side,
			/// Whether all of it was posted.
			complete: bool,
			/// From this tick on, the answer cannot be challenged.
			window_closes_at: Tick,
		},
		/// A game or audit began.
		Held {
			/// The job.
			job: JobId,
			/// How many are open.
			open_games: u32,
		},
		/// A game gave the others more time.
		WindowExtended {
			/// The job.
			job: JobId,
			/// From this tick on, the answer cannot be challenged.
			window_closes_at: Tick,
		},
		/// A game or audit ended in favour of the answer.
		Upheld {
			/// The job.
			job: JobId,
			/// How many are open.
			open_games: u32,
		},
		/// A job is over, and nothing of it is stored any more.
		Ended {
			/// The job.
			job: JobId,
			/// Who had asked.
			user: T::AccountId,
			/// Its model.
			model: ModelId,
			/// Its series.
			series: SeriesId,
			/// Who had promised an answer.
			provider: Option<ProviderId>,
			/// What the answer was named by.
			commitment_hash: Option<CommitmentHash>,
			/// Vouchers that were in escrow, in units of the series.
			escrow: Balance,
			/// Of these, those that went back.
			refunded: Balance,
			/// How it ended, with what followed from it.
			outcome: OutcomeOf<T>,
		},
		/// An answer stands and its provider's bond is free, but its payment failed and is still due.
		Owed {
			/// The job.
			job: JobId,
			/// Why.
			error: DispatchError,
			/// When the queue tries again.
			until: Option<Tick>,
		},
		/// What was due for a job failed; nothing of it happened.
		Delayed {
			/// The job.
			job: JobId,
			/// Why.
			error: DispatchError,
			/// When the queue tries again.
			until: Option<Tick>,
		},
		/// The governed values changed, for what comes.
		ParametersSet {
			/// What they are now.
			parameters: JobParameters,
		},
	}

	/// Why a call failed.
	#[pallet::error]
	pub enum Error<T> {
		/// No such job is open. Its final event, if it ever was, says how it ended.
		UnknownJob,
		/// The nonce was used before. Take [`NextNonce`] or more.
		NonceUsed,
		/// The time for acceptance is 0 or exceeds the parameters' maximum. Choose one between.
		AcceptWithinOutOfRange,
		/// The version of the arithmetic is stopped. Choose a model of another, or wait.
		NumericsStopped,
		/// The temperature is neither 0 nor from 2^-6 to 2^6.
		TemperatureOutOfRange,
		/// `top_p` or `min_p` exceeds 65 536, which stands for 1.
		ProbabilityOutOfRange,
		/// The input has no tokens. Give at least one.
		InputEmpty,
		/// A list has more than 65 536 words. Shorten it.
		ListTooLong,
		/// A token id is not below the model's vocabulary. Use the model's tokenizer.
		TokenOutOfVocabulary,
		/// The limit admits no token. Ask for at least one.
		LimitZero,
		/// Models that embed take the default sampling and a limit of 0.
		NotForEmbeddings,
		/// Input and limit together exceed the model's positions. Shorten one of them.
		ContextOverflow,
		/// The exposure factor is below the rule's or above its maximum. Ask for one between, or for
		/// none.
		ExposureFactorOutOfRange,
		/// No provider that is online, bonded and free offers the model for this price and deadline.
		/// Wait, allow more, or name another; [`Pallet::quote`] tells why one cannot.
		NoOffer,
		/// The provider gives itself more time than the request or the chain allows. Raise
		/// `max_deadline_ticks`, or name another.
		DeadlineTooLong,
		/// The longest answer costs more than the request allows. Raise `max_price` or lower the
		/// limits; [`Pallet::quote`] tells the price.
		PriceAboveMaximum,
		/// The series pays less than the provider wants. Use another series or provider.
		PriceBelowOffer,
		/// A price exceeds what amounts can hold. Lower the limits.
		PriceOverflow,
		/// A tick exceeds what ticks can hold.
		TickOverflow,
		/// More offers than were asked for: an error of the providers' pallet.
		TooManyCandidates,
		/// The signer neither owns a provider nor is a delegate of one.
		NoProvider,
		/// The provider is gone: an error of the providers' pallet, which keeps those with open jobs.
		UnknownProvider,
		/// The model is gone: an error of the registry, which keeps those with open jobs.
		UnknownModel,
		/// The provider is no candidate of this job. Accept jobs whose event names the provider.
		NotCandidate,
		/// Another candidate's turn. [`Pallet::job`] tells whose it is.
		NotYourTurn,
		/// The time for acceptance is over.
		AcceptanceOver,
		/// The hash is not that of the job's terms with this provider, as they are now. Take it from
		/// [`Pallet::job`]; nothing happened.
		TermsMismatch,
		/// A provider has promised an answer already.
		AlreadyAccepted,
		/// No provider has promised an answer yet.
		NotAccepted,
		/// Only the job's user may do this.
		NotUser,
		/// Only the provider that promised the answer, or its delegates, may do this.
		NotTheProvider,
		/// The deadline is over.
		DeadlineOver,
		/// Another answer was committed before; it stands.
		AlreadyCommitted,
		/// The answer has no tokens. Answer with at least one.
		OutputEmpty,
		/// The answer has more tokens than the job's limit.
		OutputTooLong,
		/// A stop token lies before the end of the answer. End the answer with it.
		StopTokenInside,
		/// The answer is shorter than the limit and does not end with a stop token.
		StopsEarly,
		/// The vector has not as many elements as the model's.
		WrongDimension,
		/// An element of the vector has bits that the arithmetic cannot give.
		NotCanonical,
		/// An answer costs more than the longest one: an error of the registry's prices.
		CostsMoreThanLongest,
		/// There is no answer yet.
		NotCommitted,
		/// The hash is not that of the job's answer. Take it from [`Pallet::job`]; nothing happened.
		CommitmentMismatch,
		/// The list lies in the body of a block already: that of the submission, the answer, or the
		/// posts.
		AlreadyPublished,
		/// Somebody has demanded the list already. Wait for the posts.
		AlreadyRequested,
		/// Lists may be demanded in the first half of the window only.
		RequestsOver,
		/// Nobody demanded this list.
		NotRequested,
		/// The time for posting is over.
		AnswerOver,
		/// A leaf has the wrong length or does not lie under the list's root at its index.
		WrongLeaf,
		/// The pallet's account lacks the existential deposit. Send it there; it stays.
		AccountNotEndowed,
		/// The window is over.
		WindowOver,
		/// No game or audit is open.
		NoOpenGame,
		/// Nothing is due for the job now.
		NothingDue,
		/// The version of the arithmetic is stopped until it is decided whether it is faulty.
		SettlementPaused,
		/// It is not known yet whether the answer is audited. Wait for the blocks that draw it.
		AwaitsDraw,
		/// A value breaks its rule. Its documentation has the range.
		BadParameter(BadParameter),
		/// A count exceeds what counts can hold.
		CountOverflow,
		/// A move that the life cycle does not have: an error of this pallet.
		ImpossibleMove,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
			Self::work_off_queue(meter);
		}

		fn integrity_test() {
			assert!(
				T::MaxDuePerBlock::get() >= 2,
				"MaxDuePerBlock: leave room for a tick and a job"
			);
			assert!(
				(1..=crate::parameters::SPAN_TICKS_MAX).contains(&T::MaxDeadlineTicks::get()),
				"MaxDeadlineTicks: from 1 to SPAN_TICKS_MAX"
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Asks for an answer.
		///
		/// ## Dispatch Origin
		/// Signed, by whoever holds vouchers of the series.
		///
		/// ## Details
		/// The job's id is the hash of the signer, the nonce and the request with its input's root.
		/// Nonces grow; leaving some out is allowed. Vouchers for the longest answer that the limits
		/// admit go into escrow, at the rate of the dearest candidate. With a user's first job, the
		/// deposit for its nonce goes on hold and stays there. Submitting the same again, while the job
		/// is open, changes nothing.
		///
		/// ## Errors
		/// Whatever [`Error`] says of requests; those of the registry, if the model takes no jobs, and
		/// of the vouchers' pallet, if the series takes none, its rate is stale or vouchers are lacking.
		///
		/// ## Events
		/// [`Event::Submitted`].
		#[pallet::call_index(0)]
		#[pallet::weight(
			T::WeightInfo::submit_with_end(request.input.inline_length(), MAX_PROGRAM_BYTES)
		)]
		pub fn submit(
			origin: OriginFor<T>,
			nonce: u64,
			request: Request<Words>,
		) -> DispatchResultWithPostInfo {
			let user = ensure_signed(origin)?;
			let words = request.input.inline_length();
			let weight = match Self::do_submit(user, nonce, request)? {
				Some(bytes) => T::WeightInfo::submit_with_end(words, bytes),
				None => T::WeightInfo::submit(words, 0),
			};
			Ok(Some(weight).into())
		}

		/// Takes a job back that nobody has accepted. Free of charge.
		///
		/// ## Dispatch Origin
		/// Signed, by the job's user.
		///
		/// ## Errors
		/// [`Error::UnknownJob`], [`Error::NotUser`], [`Error::AlreadyAccepted`].
		///
		/// ## Events
		/// [`Event::Ended`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::cancel())]
		pub fn cancel(origin: OriginFor<T>, job: JobId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_cancel(&who, job)
		}

		/// Steps aside as a candidate. Free of charge. The last candidate's step ends the job.
		///
		/// ## Dispatch Origin
		/// Signed, by a candidate's owner or delegate.
		///
		/// ## Errors
		/// [`Error::NoProvider`], [`Error::UnknownJob`], [`Error::AlreadyAccepted`],
		/// [`Error::NotCandidate`].
		///
		/// ## Events
		/// [`Event::Passed`], or [`Event::Ended`] after the last one.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::decline())]
		pub fn decline(origin: OriginFor<T>, job: JobId, reason: DeclineReason) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_decline(&who, job, reason)
		}

		/// Promises an answer.
		///
		/// ## Dispatch Origin
		/// Signed, by the owner or a delegate of the candidate whose turn it is.
		///
		/// ## Details
		/// Whoever accepts holds the input and has checked that it matches its root, and answers for
		/// both input and output until the job ends. Bond for the longest answer is reserved. Accepting
		/// the same again changes nothing.
		///
		/// ## Errors
		/// [`Error::TermsMismatch`], without consequence, if the terms are not what the signer thinks;
		/// otherwise what [`Error`] says of acceptance, and those of the providers' pallet, if the bond
		/// or the room for traces does not suffice.
		///
		/// ## Events
		/// [`Event::Accepted`].
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::accept())]
		pub fn accept(origin: OriginFor<T>, job: JobId, terms_hash: TermsHash) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_accept(&who, job, terms_hash)
		}

		/// Answers.
		///
		/// ## Dispatch Origin
		/// Signed, by the owner or a delegate of the provider that promised the answer.
		///
		/// ## Details
		/// The price follows from the answer's length, and the exposure from the price. The window
		/// opens. Answering the same again changes nothing. Tokens belong into this call only after the
		/// acceptance is final: see the [crate's documentation](crate).
		///
		/// ## Errors
		/// [`Error::TermsMismatch`], without consequence; [`Error::DeadlineOver`]; what [`Error`] says
		/// of answers that break the rules.
		///
		/// ## Events
		/// [`Event::Committed`].
		#[pallet::call_index(4)]
		// Operational: to be late costs a penalty, which full blocks must not cause.
		#[pallet::weight((
			T::WeightInfo::commit_with_end(output.inline_length(), MAX_PROGRAM_BYTES),
			DispatchClass::Operational,
		))]
		pub fn commit(
			origin: OriginFor<T>,
			job: JobId,
			terms_hash: TermsHash,
			output: Words,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let words = output.inline_length();
			let weight = match Self::do_commit(&who, job, terms_hash, output)? {
				Some(bytes) => T::WeightInfo::commit_with_end(words, bytes),
				None => T::WeightInfo::commit(words, 0),
			};
			Ok(Some(weight).into())
		}

		/// Promises an answer and gives it: [`accept`](Pallet::accept) and [`commit`](Pallet::commit)
		/// in one transaction, for providers that answer within their turn.
		///
		/// ## Dispatch Origin
		/// As of [`accept`](Pallet::accept).
		///
		/// ## Details
		/// By root only: whoever reads the pool of transactions must not learn the answer to a job that
		/// can still be taken back. The tokens reach the user off the chain, or by
		/// [`post_data`](Pallet::post_data) if somebody demands them.
		///
		/// ## Errors
		/// Those of both. Unless both succeed, nothing happens.
		///
		/// ## Events
		/// [`Event::Accepted`], [`Event::Committed`].
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::accept_and_commit_with_end(MAX_PROGRAM_BYTES))]
		pub fn accept_and_commit(
			origin: OriginFor<T>,
			job: JobId,
			terms_hash: TermsHash,
			output: TokenList,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			Self::do_accept(&who, job, terms_hash)?;
			let weight = match Self::do_commit(&who, job, terms_hash, Words::Root(output))? {
				Some(bytes) => T::WeightInfo::accept_and_commit_with_end(bytes),
				None => T::WeightInfo::accept_and_commit(0),
			};
			Ok(Some(weight).into())
		}

		/// Demands the input or the output of an answered job, if it is known by its root only.
		///
		/// ## Dispatch Origin
		/// Signed, by anybody.
		///
		/// ## Details
		/// In the first half of the window, once for each side. The deposit goes on hold: what posting
		/// the list costs, or half of that for the user's own answer. It pays the provider when
		/// everything was posted, and comes back otherwise. If time runs out, the provider loses what
		/// is at stake, and unless a game ends the job the signer has the challenger's part.
		///
		/// ## Errors
		/// [`Error::CommitmentMismatch`], without consequence; [`Error::AlreadyPublished`],
		/// [`Error::AlreadyRequested`], [`Error::RequestsOver`]; those of the native token, if the
		/// deposit is lacking.
		///
		/// ## Events
		/// [`Event::DataRequested`].
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::request_data())]
		pub fn request_data(
			origin: OriginFor<T>,
			job: JobId,
			commitment_hash: CommitmentHash,
			side: Side,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_request_data(who, job, commitment_hash, side)
		}

		/// Posts leaves of a list that was demanded, in any order and in several calls if need be.
		///
		/// ## Dispatch Origin
		/// Signed, by the owner or a delegate of the provider that answered.
		///
		/// ## Details
		/// The leaves stay in the body of the block. With the last one, the deposit waits for the
		/// provider's owner, and the window has at least a full check's time left. Posting again what
		/// was posted changes nothing.
		///
		/// ## Errors
		/// [`Error::CommitmentMismatch`], without consequence; [`Error::NotTheProvider`],
		/// [`Error::NotRequested`], [`Error::AnswerOver`], [`Error::WrongLeaf`].
		///
		/// ## Events
		/// [`Event::DataPosted`].
		#[pallet::call_index(7)]
		// Operational: silence costs the exposure, which full blocks must not cause.
		#[pallet::weight((
			T::WeightInfo::post_data(data::count(leaves)),
			DispatchClass::Operational,
		))]
		pub fn post_data(
			origin: OriginFor<T>,
			job: JobId,
			commitment_hash: CommitmentHash,
			side: Side,
			leaves: PostedLeaves,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_post_data(&who, job, commitment_hash, side, &leaves)
		}

		/// Does what is due for a job: expiry, lateness, silence, voidness or settlement.
		///
		/// ## Dispatch Origin
		/// Signed, by anybody.
		///
		/// ## Details
		/// The queue does the same by itself. This is for who does not want to wait, and for jobs that
		/// became void before anything was due. Where only the payment fails, the rest happens.
		///
		/// ## Errors
		/// [`Error::UnknownJob`], [`Error::NothingDue`], [`Error::SettlementPaused`],
		/// [`Error::AwaitsDraw`]; those of the neighbours that are involved.
		///
		/// ## Events
		/// [`Event::Ended`], or [`Event::Owed`] if the payment failed.
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::poke())]
		pub fn poke(origin: OriginFor<T>, job: JobId) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let done = Self::do_poke(&job)?;
			Ok(Some(Self::weight_of(done)).into())
		}

		/// Sets the governed values, for jobs that are submitted and accepted from now on.
		///
		/// ## Dispatch Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Errors
		/// [`Error::BadParameter`].
		///
		/// ## Events
		/// [`Event::ParametersSet`].
		#[pallet::call_index(9)]
		#[pallet::weight(T::WeightInfo::set_parameters())]
		pub fn set_parameters(origin: OriginFor<T>, parameters: JobParameters) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			parameters.validate().map_err(Error::<T>::BadParameter)?;
			Parameters::<T>::put(&parameters);
			Self::deposit_event(Event::ParametersSet { parameters });
			Ok(())
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// What a run of these lengths would cost at a provider, with vouchers of a series. Fails as
		/// submission would.
		pub fn quote(
			model: ModelId,
			lengths: Lengths,
			series: SeriesId,
			provider: ProviderId,
			exposure_factor: Option<u32>,
		) -> Result<Quotation, DispatchError> {
			Self::view_quote(model, lengths, series, provider, exposure_factor)
		}

		/// A job with everything that is known of it; `None` once it is over.
		pub fn job(job: JobId) -> Option<JobView<T::AccountId>> {
			Self::view_job(&job)
		}

		/// How far a job's answer can be relied on; `None` once the job is over: then its final event
		/// tells.
		pub fn answer_security(job: JobId) -> Option<AnswerSecurity> {
			Self::view_answer_security(&job)
		}
	}
}
