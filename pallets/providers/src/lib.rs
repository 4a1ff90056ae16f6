//! # Providers
//!
//! Who serves models, what each has at stake for which, what it offers, and whether it is there.
//!
//! ## Pallet API
//!
//! See [`pallet::Call`] for what accounts may do and the view functions of [`Pallet`] for what they
//! may ask. Other pallets know this one as [`Bonds`](assay_market::traits::Bonds).
//!
//! ## Overview
//!
//! Whoever has graphics cards registers as a provider, puts money behind a model (a *bond*), posts an
//! offer for it and declares itself online. From then on it can be given jobs. While the answer of a
//! job can still be disputed, a part of the bond is at stake for it: many times what the job pays, so
//! that a wrong answer loses far more than it earns. The bond for one model never answers for another.
//!
//! Money comes back on request, after a minimum time, and only when nothing is left that it answers
//! for.
//!
//! ## Terminology
//!
//! - **Owner**: the account whose money this is. It may hand the provider over (*rotation*); the
//!   number of the provider stays, and with it bonds, offers, open jobs and reputation.
//! - **Delegate**: a key on a machine that works. It sends heartbeats and works on jobs, never touches
//!   money.
//! - **Ledger**: what a provider has at stake for one model.
//! - **Free bond**: `bonded - exposed - reserved - pledged - leaving - debt`.
//! - **Buffer**: a share of `exposed + reserved` that has to be free when more is put at stake, so that
//!   penalties for downtime find some.
//! - **In service**: an offer whose provider is online, without debt, and bonded at least as much as
//!   the model and governance ask.
//! - **Multiplier**: vouchers for a unit of compute. This is what users pay; the least price of an offer
//!   only says which series are worth serving.
//!
//! ## Design
//!
//! All bonds of a provider are one hold on its owner's account; the ledgers say what of it belongs to
//! which model and what it answers for.
//!
//! | amount | grows | shrinks |
//! | --- | --- | --- |
//! | bonded | `bond` | `withdraw`, `collect_debt`, a slash |
//! | reserved | a job is accepted | the job is answered, or ends |
//! | exposed | a job is answered | the job ends |
//! | pledged | a subscription, an attestation or an audit begins | it ends |
//! | leaving | `request_withdrawal` | `withdraw`, `cancel_withdrawal`, a slash |
//! | debt | a slash beyond what is unbound | `bond`, `collect_debt` |
//!
//! A slash takes what answers for nothing else: neither for other jobs nor for what is pledged, since
//! others rely on it. The job that was lost has been released just before, so its whole exposure is
//! there. What is lacking becomes a debt, which bars the provider from new jobs, new pledges and the way
//! out, for all of its models, until it is paid to the insurance: by the owner, or from the bond that
//! owes it.
//!
//! An offer is *idle* (not in service), *full* (as many jobs open as it offers), *resting*, *listed*, or
//! *displaced*. The list of a model's best offers holds the listed ones, least multiplier first. It is
//! kept at every change of a ledger; changes of parameters, of the registry or of another model's debt
//! reach it with the next change, or by [`Call::refresh_offer`], and each search sees them anyway.
//!
//! A job for the best offer searches the list for those that agree about the price, in the order of their
//! multipliers; equals are drawn anew for each job, so that nobody is driven to ask for less than it
//! wants. Whoever is found could accept: its bond, its deadline and its rate of trace are looked at. Half
//! of those that are found are the best; the others are drawn from the whole list.
//!
//! A candidate that lets its turn pass *rests*: its offer is not listed for a heartbeat's period, and twice
//! as long with each further turn that it misses before it accepts a job. A bond that never works
//! therefore holds up few jobs, and frees its place on the list.
//!
//! A subscription holds the offer: as long as it lasts, the offer stays, with a multiplier and a least
//! price at which the subscribed series is served.
//!
//! A provider that is online owes a heartbeat in every period of ticks. The tick from which its absence
//! is an offence is fixed when the last heartbeat is given. Anybody may report it; nobody is paid for
//! it. The clock of the market stands still when providers cannot act, so nobody is late then. Until
//! the report, an overdue provider can do nothing that would spare it: no heartbeat, no change of
//! offers, no going offline, no request to withdraw. The penalty is a share of all that is neither
//! exposed, reserved nor pledged; what was asked back is not spared.
//!
//! What of capacity can be sold, in voucher units, is the least of three figures: what offers in service
//! declare; [`Config::DemonstratedFactor`] times what was served in the best of the last [`SERVED_ERAS`]
//! eras; and what the bonds behind these offers can cover when each unit ties up its exposure for as long
//! as an answer can be disputed. Offers and bonds count as a mean since the beginning of yesterday: what
//! is on offer at the moment at which a price moves decides nothing.
//!
//! ## What if
//!
//! - **More offers than the list holds**: a cheaper offer takes the place of the dearest, which is
//!   displaced: it can be named, but is not found by a search. It comes back with its next job or
//!   change, or by [`Call::refresh_offer`], once there is place. So does an offer whose rest is over.
//! - **Offers at the head of the list that take no job**, as of providers that are overdue or have no
//!   free bond: a search looks at [`SEARCHED`] offers for the best, and at as many that it draws from
//!   all others. To keep everybody away, somebody would have to fill the list, and every turn that it
//!   lets pass empties it.
//! - **The bond falls below the minimum**: by a slash, or since governance raised it. Open jobs go on,
//!   new ones are refused until it is topped up. It can be withdrawn only as a whole.
//! - **A slash that cannot be moved**, since the receiver's account does not exist and the amount is
//!   below the existential deposit: nothing moves, all of it becomes debt.
//! - **Nobody has served yet**: [`Config::ServedFloor`] stands in for what was demonstrated, so that the
//!   first vouchers can be sold.
//!
//! ## Properties
//!
//! - **exposure_within_bond**: what is exposed, reserved and pledged is bonded.
//! - **holds_match_ledgers**: each owner has the sum of its ledgers' bonds on hold, and its deposit; a
//!   model's total is the sum over its ledgers.
//! - **no_exit_while_answerable**: what was asked back answers for nothing; a ledger lasts as long as
//!   anything in it is bonded, owed or open, and no longer.
//! - **delegates_are_unique**: each account belongs to at most one provider, as its owner or as one of
//!   its delegates, and is found by it.
//! - **offers_are_indexed**: the list of a model's best offers is in order and holds exactly the listed
//!   offers; no idle, full or resting offer is in it; no offer of a provider that is offline, or whose
//!   own bond has a debt, is in service.
//! - **subscriptions_are_kept**: a ledger whose subscriptions last has an offer within their bounds.
//! - **open_counts_match**: a ledger without open jobs has nothing exposed or reserved and no open
//!   trace; every provider has as many ledgers, and as many with a debt, as it counts, and every ledger
//!   a provider.
//! - **supply_matches_offers**: what offers in service promise is the sum over their ledgers.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod bonding;
mod bonds;
mod capacity;
mod ledger;
mod liveness;
mod members;
#[cfg(test)]
mod mock;
mod money;
mod offer_list;
mod offers;
mod reputation;
mod rest;
mod rotation;
mod search;
mod subscribed;
mod supply;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", feature = "std"))]
mod try_state;
pub mod types;
pub mod views;
pub mod weights;

pub use offers::{MULTIPLIER_PERCENT_MAX, MULTIPLIER_PERCENT_MIN};
pub use pallet::*;
pub use rest::{Rest, REST_DOUBLINGS_MAX};
pub use search::SEARCHED;
pub use supply::SupplyDays;
pub use types::{MAX_DELEGATES, SERVED_ERAS};
pub use weights::WeightInfo;

/// See the crate's documentation.
#[frame_support::pallet]
#[allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]
pub mod pallet {
	use super::{
		supply::SupplyDays,
		types::{
			Candidate, EraUnits, Ledger, Membership, ProviderRecord, Reputation, Supply,
			SERVED_ERAS,
		},
		views::{BondView, CapacityView, OfferView, ProviderView},
		WeightInfo,
	};
	use alloc::vec::Vec;
	use assay_market::{
		traits::{Clock, ExposureRule, Models, Offences, Offer, Payouts},
		Balance, ModelId, ProviderId, Tick,
	};
	use frame_support::{
		pallet_prelude::*,
		traits::fungible::{Mutate, MutateHold},
	};
	use frame_system::pallet_prelude::*;
	use sp_runtime::Permill;
	#[cfg(feature = "try-runtime")]
	use sp_runtime::TryRuntimeError;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// The pallet.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// What the pallet needs.
	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// The native token.
		type Currency: Mutate<Self::AccountId, Balance = Balance>
			+ MutateHold<Self::AccountId, Reason: From<HoldReason>>;

		/// Ticks.
		type Clock: Clock;

		/// The registry of models, which says how much each asks to be bonded.
		type Models: Models;

		/// Where downtime is reported, and who knows what still waits to be decided.
		type Offences: Offences<Self::AccountId>;

		/// Money that waits to be claimed, which a rotation hands over too.
		type Payouts: Payouts<Self::AccountId>;

		/// How much a job exposes; its factor says how much compute a bond can cover.
		type Exposure: ExposureRule;

		/// Native price of a voucher unit, by which bonds are turned into what they cover.
		type UnitPrice: Get<Balance>;

		/// The insurance, to which debts are paid. The account has to exist.
		type InsuranceAccount: Get<Self::AccountId>;

		/// What a registration holds until the provider leaves.
		type RegistrationDeposit: Get<Balance>;

		/// Least bond for any model, whatever its registrant asked for.
		type BondFloor: Get<Balance>;

		/// Share of exposed and reserved bond that has to be free when more is put at stake.
		type ExposureBuffer: Get<Permill>;

		/// Ticks between the request for a withdrawal and the withdrawal.
		type WithdrawalTicks: Get<Tick>;

		/// Ticks for which the exposure of an answer is locked, from the answer to the end of its
		/// window and audit.
		type LockTicks: Get<Tick>;

		/// Length of the periods in each of which a heartbeat is owed.
		type HeartbeatPeriod: Get<Tick>;

		/// Whole periods in a row that may pass without a heartbeat.
		type HeartbeatAllowance: Get<u32>;

		/// Most ticks from acceptance to an answer: escrow, exposure and the series wait as long.
		#[pallet::constant]
		type MaxDeadlineTicks: Get<Tick>;

		/// Least bytes of trace per tick that an offer may declare.
		type MinTraceBytesPerTick: Get<u64>;

		/// Most ticks that posting the traces of all open jobs of an offer may take, by its declared
		/// rate.
		type MaxTraceTicks: Get<Tick>;

		/// Ticks of a day.
		type TicksPerDay: Get<Tick>;

		/// Ticks of an era.
		type TicksPerEra: Get<Tick>;

		/// Voucher units per day that count as demonstrated before anything was served.
		type ServedFloor: Get<Balance>;

		/// How many times what was demonstrated can be sold. More than 1 ÷ the share of capacity that
		/// the price controller aims at: otherwise prices rise however much compute lies idle.
		type DemonstratedFactor: Get<u32>;

		/// Eras after which what is known of a provider counts half.
		type ReputationHalvingEras: Get<u32>;

		/// Models that one provider may bond for.
		#[pallet::constant]
		type MaxModels: Get<u32>;

		/// Offers of a model that are searched for the best.
		#[pallet::constant]
		type MaxListedOffers: Get<u32>;

		/// Measured weights.
		type WeightInfo: WeightInfo;
	}

	/// Why this pallet holds money.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// The deposit of a registered provider; until it leaves.
		#[codec(index = 0)]
		Registration,
		/// Bonds for models; see the ledgers for what each part answers for.
		#[codec(index = 1)]
		Bond,
	}

	/// The number of the next provider.
	#[pallet::storage]
	pub type NextProviderId<T> = StorageValue<_, ProviderId, ValueQuery>;

	/// Providers; each is paid for by its deposit.
	// Numbers are given by the chain, one after the other: nobody can choose a key.
	#[pallet::storage]
	pub type Providers<T: Config> =
		StorageMap<_, Twox64Concat, ProviderId, ProviderRecord<T::AccountId>>;

	/// The provider that an account owns or is a delegate of.
	// Accounts can be chosen at will, so the hash has to withstand that.
	#[pallet::storage]
	pub type Members<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Membership>;

	/// What providers have at stake for models, at most [`Config::MaxModels`] each.
	// Numbers are given by the chain; ids of models are chosen by whoever writes their manifests.
	#[pallet::storage]
	pub type Ledgers<T> =
		StorageDoubleMap<_, Twox64Concat, ProviderId, Blake2_128Concat, ModelId, Ledger>;

	/// All that is bonded for a model; an entry lives as long as one of its ledgers.
	#[pallet::storage]
	pub type TotalBonded<T> = StorageMap<_, Blake2_128Concat, ModelId, Balance, ValueQuery>;

	/// The best offers of a model, least multiplier first.
	#[pallet::storage]
	pub type BestOffers<T: Config> = StorageMap<
		_,
		Blake2_128Concat,
		ModelId,
		BoundedVec<Candidate, T::MaxListedOffers>,
		ValueQuery,
	>;

	/// What all offers in service promise together.
	#[pallet::storage]
	pub type TotalSupply<T> = StorageValue<_, Supply, ValueQuery>;

	/// What was on offer before the last change of [`TotalSupply`], since the beginning of yesterday.
	#[pallet::storage]
	pub type PastSupply<T> = StorageValue<_, SupplyDays, ValueQuery>;

	/// What settled in the latest era with a settled job.
	#[pallet::storage]
	pub type Served<T> = StorageValue<_, EraUnits, ValueQuery>;

	/// What settled in eras before [`Served`], oldest first.
	#[pallet::storage]
	pub type ServedBefore<T> =
		StorageValue<_, BoundedVec<EraUnits, ConstU32<SERVED_ERAS>>, ValueQuery>;

	/// How providers have served; an entry lives as long as its provider.
	#[pallet::storage]
	pub type Reputations<T> = StorageMap<_, Twox64Concat, ProviderId, Reputation, ValueQuery>;

	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An account became the owner of a new provider.
		Registered {
			/// The provider.
			provider: ProviderId,
			/// Its owner.
			owner: T::AccountId,
			/// What the owner has on hold for it.
			deposit: Balance,
		},
		/// A provider left, and its deposit is free.
		Deregistered {
			/// The provider.
			provider: ProviderId,
			/// Who owned it.
			owner: T::AccountId,
		},
		/// A key became a delegate.
		DelegateAdded {
			/// The provider.
			provider: ProviderId,
			/// The key.
			delegate: T::AccountId,
		},
		/// A key is no delegate any more.
		DelegateRemoved {
			/// The provider.
			provider: ProviderId,
			/// The key.
			delegate: T::AccountId,
		},
		/// A bond grew.
		Bonded {
			/// The provider.
			provider: ProviderId,
			/// The model.
			model: ModelId,
			/// By how much.
			amount: Balance,
			/// All that is bonded for the model now.
			bonded: Balance,
		},
		/// A debt, or a part of it, was paid to the insurance.
		DebtPaid {
			/// The provider.
			provider: ProviderId,
			/// The model.
			model: ModelId,
			/// How much.
			amount: Balance,
			/// What is still owed.
			debt: Balance,
		},
		/// A part of a bond was asked back.
		WithdrawalRequested {
			/// The provider.
			provider: ProviderId,
			/// The model.
			model: ModelId,
			/// How much.
			amount: Balance,
			/// The first tick at which it may be withdrawn, if nothing else stands against it.
			ready_at: Tick,
		},
		/// What was asked back stays.
		WithdrawalCancelled {
			/// The provider.
			provider: ProviderId,
			/// The model.
			model: ModelId,
			/// How much.
			amount: Balance,
		},
		/// A part of a bond is free again.
		Withdrawn {
			/// The provider.
			provider: ProviderId,
			/// The model.
			model: ModelId,
			/// How much.
			amount: Balance,
			/// All that is bonded for the model now.
			bonded: Balance,
		},
		/// An offer was posted or replaced.
		OfferSet {
			/// The provider.
			provider: ProviderId,
			/// The model.
			model: ModelId,
			/// The offer.
			offer: Offer,
		},
		/// An offer is gone: withdrawn, or its ledger ended.
		OfferWithdrawn {
			/// The provider.
			provider: ProviderId,
			/// The model.
			model: ModelId,
		},
		/// An offer is no longer, or not, among those that are searched for the best: enough cheaper
		/// ones are.
		OfferDisplaced {
			/// The provider.
			provider: ProviderId,
			/// The model.
			model: ModelId,
		},
		/// An offer is not among those that are searched for the best: its provider let a turn pass.
		/// It comes back when the provider accepts a job, or by `refresh_offer` after the rest.
		OfferResting {
			/// The provider.
			provider: ProviderId,
			/// The model.
			model: ModelId,
			/// The first tick after the rest.
			until: Tick,
		},
		/// A provider declared itself online.
		WentOnline {
			/// The provider.
			provider: ProviderId,
			/// The first tick at which a missing heartbeat is an offence.
			overdue_from: Tick,
		},
		/// A provider declared itself offline.
		WentOffline {
			/// The provider.
			provider: ProviderId,
		},
		/// A provider gave a sign of life.
		HeartbeatReceived {
			/// The provider.
			provider: ProviderId,
			/// The owner or delegate that gave it.
			by: T::AccountId,
			/// The first tick at which a missing heartbeat is an offence.
			overdue_from: Tick,
		},
		/// A provider was declared online and gave no sign of life. It is offline now.
		DowntimeReported {
			/// The provider.
			provider: ProviderId,
			/// Who showed it.
			by: T::AccountId,
			/// For how many models its bond answers.
			models: u32,
		},
		/// The owner named the account that may take the provider over.
		RotationProposed {
			/// The provider.
			provider: ProviderId,
			/// The account.
			new_owner: T::AccountId,
		},
		/// The owner keeps the provider.
		RotationCancelled {
			/// The provider.
			provider: ProviderId,
		},
		/// A provider has another owner, with all that is on hold for it and all that was claimable.
		Rotated {
			/// The provider.
			provider: ProviderId,
			/// Who owned it.
			from: T::AccountId,
			/// Who owns it.
			to: T::AccountId,
			/// All its bonds, which moved.
			bonded: Balance,
		},
		/// A part of a bond was taken.
		Slashed {
			/// The provider.
			provider: ProviderId,
			/// The model.
			model: ModelId,
			/// What was taken.
			amount: Balance,
			/// What was lacking and is owed now, with what was owed before.
			debt: Balance,
			/// Who has it.
			to: T::AccountId,
		},
	}

	/// Why a call was refused.
	#[pallet::error]
	pub enum Error<T> {
		/// There is no such provider: ask the view function `provider`.
		UnknownProvider,
		/// The account owns a provider or is a delegate of one: use another account, or leave first
		/// (`deregister`, or `remove_delegate` by the delegate itself).
		AlreadyMember,
		/// The account owns no provider: sign with the owner's account, or `register`.
		NotOwner,
		/// The account neither owns a provider nor is a delegate of one: sign with the owner's or a
		/// delegate's account.
		NotMember,
		/// The key is no delegate of this provider: see the view function `provider`.
		NotDelegate,
		/// A provider has at most 4 delegates: remove one first.
		TooManyDelegates,
		/// The provider still has bonds or debts: pay and withdraw them first.
		BondsRemain,
		/// There is no such model: check the id.
		UnknownModel,
		/// The amount is nothing: give at least 1.
		ZeroAmount,
		/// A provider may bond for at most `MaxModels` models: withdraw from one, or register another
		/// provider.
		TooManyModels,
		/// The bond is, or would be, below what the model and governance ask, without being nothing:
		/// bond more, or withdraw all.
		BelowMinimum,
		/// The provider has no ledger for this model: `bond` first.
		NoBond,
		/// More is asked for than is free, or too little would be free beside what is at stake: bond
		/// more, or wait until jobs end.
		TooLittleFreeBond,
		/// A bond of the provider has a debt, for this model or another: pay it by `bond` or
		/// `collect_debt`.
		InDebt,
		/// There is no debt, or nothing that could pay it: wait until jobs end, or pay by `bond`.
		NothingToCollect,
		/// Nothing was asked back: `request_withdrawal` first.
		NothingLeaving,
		/// The minimum time since the request is not over: wait for the tick that the event named.
		WithdrawalTooEarly,
		/// An offence of this bond still waits to be decided: wait for the decision.
		OffencePending,
		/// Jobs are open that the rest of the bond would be too small for: wait until they end.
		JobsOpen,
		/// Choose a multiplier from 25 to 400 percent.
		MultiplierOutOfRange,
		/// Choose deadlines of at least one tick.
		DeadlineTooShort,
		/// The deadline of even the shortest run exceeds `MaxDeadlineTicks`: choose shorter ones.
		DeadlineTooLong,
		/// A subscription of this bond asks for an offer, with a multiplier and a least price that serve
		/// its series: keep within the bounds that the view function `bonded` shows, until it ends.
		SubscriptionBroken,
		/// Offer at least one job at once, and one unit of compute per day.
		NoCapacity,
		/// The declared rate of trace is below `MinTraceBytesPerTick`: declare that much and be able to
		/// post it.
		TraceRateTooLow,
		/// The provider has no offer for this model: `set_offer` first.
		NoOffer,
		/// The provider is offline, or overdue: `set_online` first.
		Offline,
		/// The provider is online already, or offline already.
		LivenessUnchanged,
		/// Heartbeats are missing: call `report_downtime`, which the provider may do itself, then
		/// `set_online`.
		Overdue,
		/// The provider is offline, or has given the heartbeats that it owes.
		NotOverdue,
		/// There was a heartbeat in this period: wait for the next.
		HeartbeatTooEarly,
		/// The provider was not offered to this account: its owner calls `propose_rotation` first.
		NotProposed,
		/// As many jobs are open as are offered: wait until one ends, or offer more.
		TooManyOpenJobs,
		/// Posting the traces of all open jobs would take longer than is allowed: wait until jobs end,
		/// or declare a higher rate.
		TooMuchOpenTrace,
		/// More would be exposed than was reserved: pass the job's own figures.
		ExposureAboveReserve,
		/// The ledger has less reserved, exposed, pledged or open: pass the job's own figures.
		LedgerHasLess,
		/// A number exceeds what can be counted: use smaller amounts.
		Overflow,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::MaxModels::get() > 0, "MaxModels: at least 1");
			assert!(T::MaxListedOffers::get() > 0, "MaxListedOffers: at least 1");
			assert!(T::HeartbeatPeriod::get() > 0, "HeartbeatPeriod: at least 1");
			assert!(T::TicksPerDay::get() > 0, "TicksPerDay: at least 1");
			assert!(T::TicksPerEra::get() > 0, "TicksPerEra: at least 1");
			assert!(T::LockTicks::get() > 0, "LockTicks: at least 1");
			assert!(T::ReputationHalvingEras::get() > 0, "ReputationHalvingEras: at least 1");
			assert!(T::MinTraceBytesPerTick::get() > 0, "MinTraceBytesPerTick: at least 1");
			assert!(T::MaxDeadlineTicks::get() > 1, "MaxDeadlineTicks: at least 2");
			assert!(T::DemonstratedFactor::get() > 1, "DemonstratedFactor: at least 2");
			assert!(T::BondFloor::get() > 0, "BondFloor: at least 1");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Makes the caller the owner of a new provider.
		///
		/// ## Dispatch Origin
		/// Signed, by an account that belongs to no provider.
		///
		/// ## Details
		/// Holds [`Config::RegistrationDeposit`] until `deregister`. The provider starts offline.
		///
		/// ## Errors
		/// [`Error::AlreadyMember`]; of the token, if the account has less than the deposit.
		///
		/// ## Events
		/// [`Event::Registered`].
		#[pallet::call_index(0)]
		pub fn register(origin: OriginFor<T>) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_register(owner).map(|_| ())
		}

		/// Ends a provider and frees its deposit. Its delegates and its reputation are forgotten.
		///
		/// ## Dispatch Origin
		/// Signed by the owner.
		///
		/// ## Errors
		/// [`Error::NotOwner`], [`Error::BondsRemain`].
		///
		/// ## Events
		/// [`Event::Deregistered`].
		#[pallet::call_index(1)]
		pub fn deregister(origin: OriginFor<T>) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_deregister(owner)
		}

		/// Lets a key send heartbeats and work on jobs for the provider.
		///
		/// ## Dispatch Origin
		/// Signed by the owner.
		///
		/// ## Errors
		/// [`Error::NotOwner`], [`Error::AlreadyMember`], [`Error::TooManyDelegates`].
		///
		/// ## Events
		/// [`Event::DelegateAdded`].
		#[pallet::call_index(2)]
		pub fn add_delegate(origin: OriginFor<T>, delegate: T::AccountId) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_add_delegate(owner, delegate)
		}

		/// Ends what `add_delegate` began.
		///
		/// ## Dispatch Origin
		/// Signed by the owner, or by the delegate itself: nobody stays a delegate against its will.
		///
		/// ## Errors
		/// [`Error::NotMember`], [`Error::NotDelegate`].
		///
		/// ## Events
		/// [`Event::DelegateRemoved`].
		#[pallet::call_index(3)]
		pub fn remove_delegate(origin: OriginFor<T>, delegate: T::AccountId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_remove_delegate(who, delegate)
		}

		/// Puts money behind a model.
		///
		/// ## Dispatch Origin
		/// Signed by the owner.
		///
		/// ## Details
		/// Pays the debt of this bond to the insurance first; the rest is held and added to the bond,
		/// which must then reach the minimum.
		///
		/// ## Errors
		/// [`Error::NotOwner`], [`Error::ZeroAmount`], [`Error::UnknownModel`],
		/// [`Error::TooManyModels`], [`Error::BelowMinimum`]; of the token, if the account has less.
		///
		/// ## Events
		/// [`Event::DebtPaid`], [`Event::Bonded`].
		#[pallet::call_index(4)]
		pub fn bond(
			origin: OriginFor<T>,
			model: ModelId,
			#[pallet::compact] amount: Balance,
		) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_bond(owner, model, amount)
		}

		/// Pays the debt of a bond from the bond, as far as it answers for nothing else.
		///
		/// ## Dispatch Origin
		/// Signed, by anybody.
		///
		/// ## Errors
		/// [`Error::UnknownProvider`], [`Error::NoBond`], [`Error::NothingToCollect`].
		///
		/// ## Events
		/// [`Event::DebtPaid`].
		#[pallet::call_index(5)]
		pub fn collect_debt(
			origin: OriginFor<T>,
			provider: ProviderId,
			model: ModelId,
		) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_collect_debt(provider, model)
		}

		/// Asks a part of a bond back, instead of what was asked for before.
		///
		/// ## Dispatch Origin
		/// Signed by the owner.
		///
		/// ## Details
		/// From now on the amount answers for nothing new. What stays is nothing, or at least the
		/// minimum; while it is nothing, no jobs are accepted.
		///
		/// ## Errors
		/// [`Error::NotOwner`], [`Error::Overdue`], [`Error::NoBond`], [`Error::ZeroAmount`],
		/// [`Error::TooLittleFreeBond`], [`Error::BelowMinimum`].
		///
		/// ## Events
		/// [`Event::WithdrawalRequested`].
		#[pallet::call_index(6)]
		pub fn request_withdrawal(
			origin: OriginFor<T>,
			model: ModelId,
			#[pallet::compact] amount: Balance,
		) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_request_withdrawal(owner, model, amount)
		}

		/// Keeps what was asked back in the bond.
		///
		/// ## Dispatch Origin
		/// Signed by the owner.
		///
		/// ## Errors
		/// [`Error::NotOwner`], [`Error::NoBond`], [`Error::NothingLeaving`].
		///
		/// ## Events
		/// [`Event::WithdrawalCancelled`].
		#[pallet::call_index(7)]
		pub fn cancel_withdrawal(origin: OriginFor<T>, model: ModelId) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_cancel_withdrawal(owner, model)
		}

		/// Frees what was asked back.
		///
		/// ## Dispatch Origin
		/// Signed by the owner.
		///
		/// ## Details
		/// With the last of a bond its offer goes too. The view function `withdrawable` says in advance
		/// what would stand against it.
		///
		/// ## Errors
		/// [`Error::NotOwner`], [`Error::NoBond`], [`Error::NothingLeaving`], [`Error::InDebt`],
		/// [`Error::WithdrawalTooEarly`], [`Error::OffencePending`], [`Error::BelowMinimum`],
		/// [`Error::JobsOpen`], [`Error::TooLittleFreeBond`].
		///
		/// ## Events
		/// [`Event::Withdrawn`]; [`Event::OfferWithdrawn`] with the last of a bond.
		#[pallet::call_index(8)]
		pub fn withdraw(origin: OriginFor<T>, model: ModelId) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_withdraw(owner, model)
		}

		/// Posts an offer for a model, or replaces it. Jobs that were submitted keep what was posted.
		///
		/// ## Dispatch Origin
		/// Signed by the owner.
		///
		/// ## Errors
		/// [`Error::NotOwner`], [`Error::Overdue`], [`Error::NoBond`],
		/// [`Error::MultiplierOutOfRange`], [`Error::DeadlineTooShort`], [`Error::DeadlineTooLong`],
		/// [`Error::NoCapacity`], [`Error::TraceRateTooLow`], [`Error::SubscriptionBroken`].
		///
		/// ## Events
		/// [`Event::OfferSet`]; [`Event::OfferDisplaced`] for it or the one that it displaced.
		#[pallet::call_index(9)]
		pub fn set_offer(origin: OriginFor<T>, model: ModelId, offer: Offer) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_set_offer(owner, model, offer)
		}

		/// Takes an offer back. Accepted jobs go on.
		///
		/// ## Dispatch Origin
		/// Signed by the owner.
		///
		/// ## Errors
		/// [`Error::NotOwner`], [`Error::Overdue`], [`Error::NoBond`], [`Error::NoOffer`],
		/// [`Error::SubscriptionBroken`].
		///
		/// ## Events
		/// [`Event::OfferWithdrawn`].
		#[pallet::call_index(10)]
		pub fn withdraw_offer(origin: OriginFor<T>, model: ModelId) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_withdraw_offer(owner, model)
		}

		/// Brings the standing of an offer up to date after a change that did not touch its ledger: of
		/// the minimum bond, of a debt for another model, of the offers that had displaced it, or when
		/// its rest is over.
		///
		/// ## Dispatch Origin
		/// Signed, by anybody.
		///
		/// ## Errors
		/// [`Error::UnknownProvider`], [`Error::NoBond`], [`Error::NoOffer`].
		///
		/// ## Events
		/// [`Event::OfferDisplaced`] for it or the one that it displaced.
		#[pallet::call_index(11)]
		pub fn refresh_offer(
			origin: OriginFor<T>,
			provider: ProviderId,
			model: ModelId,
		) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_refresh_offer(provider, model)
		}

		/// Declares the provider online, so that it can be assigned jobs and owes heartbeats, or
		/// offline.
		///
		/// ## Dispatch Origin
		/// Signed by the owner.
		///
		/// ## Errors
		/// [`Error::NotOwner`], [`Error::LivenessUnchanged`], [`Error::Overdue`].
		///
		/// ## Events
		/// [`Event::WentOnline`] or [`Event::WentOffline`].
		#[pallet::call_index(12)]
		#[pallet::weight(T::WeightInfo::set_online(T::MaxModels::get()))]
		pub fn set_online(origin: OriginFor<T>, online: bool) -> DispatchResultWithPostInfo {
			let owner = ensure_signed(origin)?;
			let models = Self::do_set_online(owner, online)?;
			Ok(Some(T::WeightInfo::set_online(models)).into())
		}

		/// Gives a sign of life, at most once per period.
		///
		/// ## Dispatch Origin
		/// Signed by the owner or a delegate.
		///
		/// ## Errors
		/// [`Error::NotMember`], [`Error::Offline`], [`Error::Overdue`],
		/// [`Error::HeartbeatTooEarly`].
		///
		/// ## Events
		/// [`Event::HeartbeatReceived`].
		#[pallet::call_index(13)]
		pub fn heartbeat(origin: OriginFor<T>) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_heartbeat(who)
		}

		/// Shows that a provider is declared online and gave no sign of life. It goes offline, and each
		/// of its bonds with an offer answers with a share of what answers for nothing else.
		///
		/// ## Dispatch Origin
		/// Signed, by anybody.
		///
		/// ## Errors
		/// [`Error::UnknownProvider`], [`Error::NotOverdue`].
		///
		/// ## Events
		/// [`Event::DowntimeReported`].
		#[pallet::call_index(14)]
		#[pallet::weight(T::WeightInfo::report_downtime(T::MaxModels::get()))]
		pub fn report_downtime(
			origin: OriginFor<T>,
			provider: ProviderId,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let models = Self::do_report_downtime(who, provider)?;
			Ok(Some(T::WeightInfo::report_downtime(models)).into())
		}

		/// Names the account that may take the provider over, instead of one named before.
		///
		/// ## Dispatch Origin
		/// Signed by the owner.
		///
		/// ## Errors
		/// [`Error::NotOwner`], [`Error::AlreadyMember`].
		///
		/// ## Events
		/// [`Event::RotationProposed`].
		#[pallet::call_index(15)]
		pub fn propose_rotation(origin: OriginFor<T>, new_owner: T::AccountId) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_propose_rotation(owner, new_owner)
		}

		/// Keeps the provider.
		///
		/// ## Dispatch Origin
		/// Signed by the owner.
		///
		/// ## Errors
		/// [`Error::NotOwner`], [`Error::NotProposed`].
		///
		/// ## Events
		/// [`Event::RotationCancelled`].
		#[pallet::call_index(16)]
		pub fn cancel_rotation(origin: OriginFor<T>) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_cancel_rotation(owner)
		}

		/// Takes a provider over: deposit, bonds and everything claimable by the old owner become the
		/// caller's. Offers, open jobs and debts stay as they are; delegates are removed, since they
		/// are keys of the old owner's machines.
		///
		/// ## Dispatch Origin
		/// Signed by the account that `propose_rotation` named.
		///
		/// ## Errors
		/// [`Error::UnknownProvider`], [`Error::NotProposed`], [`Error::AlreadyMember`]; of the token,
		/// if the old owner's money is also locked for something else, or the caller's account cannot
		/// take more holds.
		///
		/// ## Events
		/// [`Event::DelegateRemoved`] for each delegate, [`Event::Rotated`].
		#[pallet::call_index(17)]
		pub fn accept_rotation(origin: OriginFor<T>, provider: ProviderId) -> DispatchResult {
			let new_owner = ensure_signed(origin)?;
			Self::do_accept_rotation(provider, new_owner)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// Who a provider is and whether it is there.
		pub fn provider(provider: ProviderId) -> Option<ProviderView<T::AccountId>> {
			Self::view_provider(provider)
		}

		/// The provider that an account owns or is a delegate of.
		pub fn membership(who: T::AccountId) -> Option<Membership> {
			Members::<T>::get(who)
		}

		/// What a provider has at stake for a model, what of it is free, and why the rest is not.
		pub fn bonded(provider: ProviderId, model: ModelId) -> Option<BondView> {
			Self::view_bond(provider, model)
		}

		/// What `withdraw` would free now, or why it would not.
		pub fn withdrawable(
			provider: ProviderId,
			model: ModelId,
		) -> Result<Balance, DispatchError> {
			Self::withdrawal(provider, model)
		}

		/// The listed offers of a model, least multiplier first.
		pub fn offers(model: ModelId) -> Vec<OfferView> {
			Self::view_offers(&model)
		}

		/// How a provider has served, as of now.
		pub fn reputation(provider: ProviderId) -> Option<Reputation> {
			Self::current_reputation(provider)
		}

		/// What compute can be sold, and what bounds it.
		pub fn capacity() -> CapacityView {
			Self::view_capacity()
		}
	}
}
