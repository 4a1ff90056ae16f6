//! # Slashing
//!
//! Penalties of providers and auditors: who loses how much, who gets it, and when.
//!
//! ## Pallet API
//!
//! Other pallets report offences through [`Offences`] and ask how much a job puts at stake through
//! [`ExposureRule`]. Everybody may distribute what is due ([`Pallet::distribute`]) and burn what the
//! insurance has too much ([`Pallet::burn_excess`]). Governance sets the rules
//! ([`Pallet::set_rules`]), declares a version of the arithmetic faulty ([`Pallet::declare_faulty`])
//! and ends a pause ([`Pallet::resume`]).
//!
//! ## Overview
//!
//! A provider that is proved wrong loses what it had at stake for the job. That money waits for a
//! while, because a fault of the arithmetic itself would look exactly like fraud of everybody who
//! used it: in that time governance may say that a *version* is faulty, and then everybody gets their
//! own back. It cannot overrule a single verdict. After the wait anybody distributes: the challenger's
//! costs first, then the user's compensation, the challenger's reward and the insurance; at least half
//! burns, so that no circle of provider, user and challenger gains by losing on purpose.
//!
//! Being late or absent is not fraud. It costs a small part, which burns at once and pays nobody, so
//! that nobody gains by making a provider late.
//!
//! | offence | penalty | of | where it goes |
//! | --- | --- | --- | --- |
//! | wrong result, silence | all | the job's exposure | the shares above, after the deferral |
//! | late | [`PenaltyTerms::late`](assay_market::traits::PenaltyTerms) | the job's exposure | burns at once |
//! | downtime | doubling from [`Penalties::downtime`](rules::Penalties) | the free bond | burns at once |
//! | false audit | [`PenaltyTerms::false_audit`](assay_market::traits::PenaltyTerms) | the job's exposure | burns at once |
//!
//! A job keeps the rules under which it was accepted ([`Offences::terms`]) and hands them over with
//! its offences: penalties, shares and deferral of a running job never change. What concerns no job, or
//! all of them, follows the rules of the day: downtimes, the breaker, the insurance.
//!
//! Whether rules deter follows from how many auditors really check (h). New rules may count on no
//! more than planted faults have shown ([`Config::MeasuredHonesty`]); rules that are in force stay.
//!
//! ## Terminology
//!
//! - **Exposure**: what a provider risks with a job: [`ExposureRule::exposure`].
//! - **Deferral**: the wait before a slash is distributed.
//! - **Breaker**: when several providers together lose so much in games about a model within an era
//!   that the arithmetic may be at fault ([`BreakerRules`](rules::BreakerRules)), the model is paused:
//!   nothing of it is distributed, and no job of it begins or settles. Governance looks meanwhile; a
//!   pause that it does not end is over after the deferral, and everything goes on. Silence does not
//!   count: it says nothing about the arithmetic, and costs no more than somebody's own bond.
//! - **Insurance**: an account that covers challengers' costs where a slash could not: of each winner no
//!   more than a dispute costs in fees ([`InsuranceRules`](rules::InsuranceRules)), and of all winners
//!   in an era no more than the era's cap. Further winners of one slash are paid one by one
//!   ([`Offences::cover_costs`]); there is no cap for them together but the era's. Whatever lies on it
//!   is its own; above its target it burns.
//!
//! ## Details
//!
//! Slashes are distributed by anybody, and by [`Hooks::on_poll`], which looks at no more than
//! [`Config::MaxPerBlock`] of them in a block, in turn. If more are due, they wait: the money is safe on
//! the pallet's account, and whoever is owed may call [`Pallet::distribute`]. There is no bound on
//! waiting slashes, but each has cost a provider its exposure.
//!
//! Earlier downtimes and losses that count no more are forgotten a few at a time, whenever one is
//! added: their number follows what happened of late, not what ever happened.
//!
//! The pallet's and the insurance's accounts live on the existential deposit that genesis gives them; it
//! is part of no ledger. Donations to them harm nothing. What the insurance is paid in assets is not
//! spent, but sold for it by whoever shares what jobs pay.
//!
//! ## Properties
//!
//! - **account_covers_ledger**: the pallet's account holds at least what waits to be distributed.
//! - **pending_is_counted**: for each provider and model, the number of waiting slashes is that of the
//!   entries, so that no bond leaves while one waits.
//! - **rules_are_valid**: the rules pass [`Rules::validate`]; among others they deter
//!   (b·q·h·k·(1 − c) ≥ 2) and burn at least half of a slash.
//! - **insurance_within_caps**: within an era the insurance paid no more than its cap.
//!
//! That a slash is fully distributed holds by construction: [`Parts::total`](shares::Parts::total) is
//! what was taken, checked in every distribution and tested over random slashes.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]
#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod breaker;
mod distribute;
mod forgetting;
#[cfg(test)]
mod mock;
mod money;
mod report;
pub mod rules;
pub mod shares;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", feature = "std"))]
mod try_state;
pub mod types;
pub mod weights;

pub use pallet::*;
pub use rules::{Rules, RulesFault};
pub use types::{PendingSlash, SlashId};
pub use weights::WeightInfo;

use assay_market::{
	traits::{AuditRule, ExposureRule, OffenceKind, Offences, PenaltyTerms},
	Balance, ModelId, ProviderId, Tick,
};
use sp_runtime::{DispatchError, Perbill};

/// See the crate's documentation.
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use crate::{
		shares::Parts,
		types::{Downtimes, EraLoss, EraPaid, Pause},
	};
	use assay_market::{
		traits::{Bonds, Clock, Payouts, SupplyLedger},
		JobId,
	};
	use core::marker::PhantomData;
	use frame_support::{pallet_prelude::*, traits::fungible, PalletId};
	use frame_system::pallet_prelude::*;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// The pallet.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// What the runtime says.
	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// The native token.
		type Currency: fungible::Mutate<Self::AccountId, Balance = Balance>;
		/// What penalties are taken from.
		type Bonds: Bonds<Self::AccountId>;
		/// How those who are owed are paid.
		type Payouts: Payouts<Self::AccountId>;
		/// Where burns are noted.
		type Supply: SupplyLedger<Self::AccountId>;
		/// The market's time.
		type Clock: Clock;
		/// The current era, over which losses and payments are counted.
		type Era: Get<u32>;
		/// Who governs.
		type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;
		/// h, as far as planted faults have shown it; one half before anything was measured. No new
		/// rules may count on more.
		type MeasuredHonesty: Get<Perbill>;
		/// Rules of a chain on which none were set. They must be valid.
		type DefaultRules: Get<Rules>;
		/// Name of the account on which slashes wait.
		#[pallet::constant]
		type PalletId: Get<PalletId>;
		/// Name of the insurance's account.
		#[pallet::constant]
		type InsuranceId: Get<PalletId>;
		/// Slashes that a block looks at by itself.
		#[pallet::constant]
		type MaxPerBlock: Get<u32>;
		/// What the calls cost.
		type WeightInfo: WeightInfo;
	}

	/// The rules.
	#[pallet::storage]
	pub type CurrentRules<T: Config> = StorageValue<_, Rules, ValueQuery, T::DefaultRules>;

	/// Number of the next slash.
	#[pallet::storage]
	pub type NextId<T> = StorageValue<_, SlashId, ValueQuery>;

	/// Slashes that wait. Each was paid for with a provider's exposure, which bounds their number.
	// Numbers are given by the chain, so nobody can choose keys that share a path: no hash is needed.
	#[pallet::storage]
	pub type Pending<T: Config> =
		StorageMap<_, Twox64Concat, SlashId, PendingSlash<T::AccountId>, OptionQuery>;

	/// All that waits to be distributed.
	#[pallet::storage]
	pub type TotalPending<T> = StorageValue<_, Balance, ValueQuery>;

	/// How many slashes of a provider's bond wait. Goes with the last of them.
	// Provider numbers are given by the chain; model ids are chosen by whoever registers.
	#[pallet::storage]
	pub type PendingCount<T> =
		StorageDoubleMap<_, Twox64Concat, ProviderId, Blake2_128Concat, ModelId, u32, ValueQuery>;

	/// The slash at which the last block looked last; none at the end of the queue.
	#[pallet::storage]
	pub type Cursor<T> = StorageValue<_, SlashId, OptionQuery>;

	/// Versions of the arithmetic that governance declared faulty. Governance bounds their number.
	// Few and chosen by governance.
	#[pallet::storage]
	pub type FaultyVersions<T> = StorageMap<_, Twox64Concat, u32, (), OptionQuery>;

	/// Models whose breaker tripped. A pause that is over goes with the next slash that is distributed.
	// Ids are chosen by whoever registers.
	#[pallet::storage]
	pub type Paused<T> = StorageMap<_, Blake2_128Concat, ModelId, Pause, OptionQuery>;

	/// What was lost in games about models in this era, and in earlier ones until it is forgotten.
	// Ids are chosen by whoever registers.
	#[pallet::storage]
	pub type Losses<T> = StorageMap<_, Blake2_128Concat, ModelId, EraLoss, ValueQuery>;

	/// The model whose losses were looked at last; none at the end.
	#[pallet::storage]
	pub type LossCursor<T> = StorageValue<_, ModelId, OptionQuery>;

	/// What the insurance paid in the last era in which it paid.
	#[pallet::storage]
	pub type InsurancePaid<T> = StorageValue<_, EraPaid, ValueQuery>;

	/// Downtimes of providers, until they are forgotten.
	// As `PendingCount`.
	#[pallet::storage]
	pub type DowntimesOf<T> = StorageDoubleMap<
		_,
		Twox64Concat,
		ProviderId,
		Blake2_128Concat,
		ModelId,
		Downtimes,
		ValueQuery,
	>;

	/// The downtimes that were looked at last; none at the end.
	#[pallet::storage]
	pub type DowntimeCursor<T> = StorageValue<_, (ProviderId, ModelId), OptionQuery>;

	/// Nothing to choose: genesis gives both accounts their existential deposit.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Not part of the configuration.
		#[serde(skip)]
		pub _config: PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			let endowed = Pallet::<T>::endow();
			assert!(endowed.is_ok(), "the accounts of slashing take no deposit: {endowed:?}");
		}
	}

	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A slash was taken and waits.
		Slashed {
			/// Its number.
			id: SlashId,
			/// What was done.
			kind: OffenceKind,
			/// By whom.
			provider: ProviderId,
			/// Whose bond it was taken from.
			model: ModelId,
			/// In which job.
			job: Option<JobId>,
			/// What was at stake.
			exposure: Balance,
			/// What the bond had of it; the rest became a debt.
			taken: Balance,
			/// First tick at which it may be distributed.
			due_at: Tick,
		},
		/// A penalty that pays nobody burned.
		Burned {
			/// What was done.
			kind: OffenceKind,
			/// By whom.
			provider: ProviderId,
			/// Whose bond it was taken from.
			model: ModelId,
			/// In which job.
			job: Option<JobId>,
			/// What the penalty is.
			penalty: Balance,
			/// What the bond had of it.
			taken: Balance,
		},
		/// A slash was distributed.
		Distributed {
			/// Its number.
			id: SlashId,
			/// Who got what.
			parts: Parts,
			/// What the insurance added to the challenger's costs.
			insured: Balance,
		},
		/// A slash was given back, because the version of the arithmetic is faulty.
		GivenBack {
			/// Its number.
			id: SlashId,
			/// To whom.
			provider: ProviderId,
			/// How much.
			amount: Balance,
			/// What the insurance paid for the challenger's costs.
			insured: Balance,
		},
		/// Several providers lost so much in games about a model that it is paused.
		BreakerTripped {
			/// Which model.
			model: ModelId,
			/// Version of the arithmetic.
			numerics_version: u32,
			/// What it lost in this era.
			lost: Balance,
			/// What is bonded for it now.
			bonded: Balance,
			/// First tick at which the pause is over by itself.
			until: Tick,
		},
		/// Governance ended a model's pause.
		Resumed {
			/// Which model.
			model: ModelId,
		},
		/// Governance declared a version of the arithmetic faulty.
		DeclaredFaulty {
			/// Which version.
			numerics_version: u32,
		},
		/// The insurance had too much.
		ExcessBurned {
			/// How much burned.
			amount: Balance,
		},
		/// The rules were replaced.
		RulesSet {
			/// The new ones.
			rules: Rules,
			/// b·q·h·k·(1 − c) of the new rules, in parts per billion.
			deterrence_ppb: u128,
		},
	}

	/// Why a call failed.
	#[pallet::error]
	pub enum Error<T> {
		/// There is no waiting slash of this number: it was distributed, or never was.
		UnknownSlash,
		/// The slash is not due: wait until the tick that its event named.
		NotDue,
		/// The model's breaker tripped: wait until the pause is over, or governance has ended it or
		/// declared the version faulty.
		Paused,
		/// The model is not paused.
		NotPaused,
		/// The version was declared faulty before.
		AlreadyFaulty,
		/// The insurance has no more than its target.
		NoExcess,
		/// A rule would break what the protocol promises; the fault says which.
		BadRules(RulesFault),
		/// An offence that pays somebody must say whom.
		NobodyToPay,
		/// There is no such provider: the pallet that reports named a wrong one.
		UnknownProvider,
		/// A sum is greater than any issuance: the caller's amounts are wrong.
		Overflow,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_poll(_: BlockNumberFor<T>, meter: &mut frame_support::weights::WeightMeter) {
			Self::distribute_some(meter);
		}

		fn integrity_test() {
			let rules = T::DefaultRules::get();
			assert_eq!(rules.validate(), Ok(()), "the default rules are refused");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Replaces all rules. Slashes that wait, and jobs that were accepted, keep their penalties,
		/// shares and deferral.
		///
		/// ## Dispatch Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Errors
		/// [`Error::BadRules`] with the first fault.
		///
		/// ## Events
		/// [`Event::RulesSet`].
		#[pallet::call_index(0)]
		pub fn set_rules(origin: OriginFor<T>, rules: Rules) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			rules.validate().map_err(Error::<T>::BadRules)?;
			let is_measured = rules.deterrence.honesty <= T::MeasuredHonesty::get();
			ensure!(is_measured, Error::<T>::BadRules(RulesFault::HonestyAboveMeasured));
			CurrentRules::<T>::put(rules);
			let deterrence_ppb = rules.deterrence_ppb();
			Self::deposit_event(Event::RulesSet { rules, deterrence_ppb });
			Ok(())
		}

		/// Distributes a slash that is due, or gives it back if its version of the arithmetic was
		/// declared faulty.
		///
		/// ## Dispatch Origin
		/// Signed by anybody.
		///
		/// ## Errors
		/// [`Error::UnknownSlash`], [`Error::NotDue`], [`Error::Paused`].
		///
		/// ## Events
		/// [`Event::Distributed`] or [`Event::GivenBack`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::distribute().max(T::WeightInfo::give_back()))]
		pub fn distribute(origin: OriginFor<T>, id: SlashId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_distribute(id)
		}

		/// Declares a version of the arithmetic faulty: no new job of it begins, and slashes of its
		/// jobs that wait are given back. There is no way to take it back: a mended version has a new
		/// number.
		///
		/// ## Dispatch Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Errors
		/// [`Error::AlreadyFaulty`].
		///
		/// ## Events
		/// [`Event::DeclaredFaulty`].
		#[pallet::call_index(2)]
		pub fn declare_faulty(origin: OriginFor<T>, numerics_version: u32) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_declare_faulty(numerics_version)
		}

		/// Ends the pause of a model whose breaker tripped: its slashes stand.
		///
		/// ## Dispatch Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Errors
		/// [`Error::NotPaused`].
		///
		/// ## Events
		/// [`Event::Resumed`].
		#[pallet::call_index(3)]
		pub fn resume(origin: OriginFor<T>, model: ModelId) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_resume(model)
		}

		/// Burns what the insurance has above its target.
		///
		/// ## Dispatch Origin
		/// Signed by anybody.
		///
		/// ## Errors
		/// [`Error::NoExcess`].
		///
		/// ## Events
		/// [`Event::ExcessBurned`].
		#[pallet::call_index(4)]
		pub fn burn_excess(origin: OriginFor<T>) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_burn_excess()
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// A slash that waits.
		pub fn pending_slash(id: SlashId) -> Option<PendingSlash<T::AccountId>> {
			Pending::<T>::get(id)
		}

		/// The rules, and b·q·h·k·(1 − c) in parts per billion: below 2·10^9 they would not deter.
		pub fn current_rules() -> (Rules, u128) {
			let rules = CurrentRules::<T>::get();
			(rules, rules.deterrence_ppb())
		}

		/// What the insurance has, and what it may still pay in this era.
		pub fn insurance() -> (Balance, Balance) {
			(Self::insured(), Self::insurance_left())
		}

		/// Why no job of a model and version begins: whether the version is faulty, and the model's
		/// pause.
		pub fn stopped(numerics_version: u32, model: ModelId) -> (bool, Option<Pause>) {
			(FaultyVersions::<T>::contains_key(numerics_version), Self::pause_of(&model))
		}
	}
}

impl<T: Config> ExposureRule for Pallet<T> {
	fn factor() -> u32 {
		CurrentRules::<T>::get().deterrence.exposure_factor
	}

	fn max_factor() -> u32 {
		CurrentRules::<T>::get().deterrence.max_exposure_factor
	}

	fn minimum() -> Balance {
		CurrentRules::<T>::get().deterrence.min_exposure
	}
}

impl<T: Config> AuditRule for Pallet<T> {
	fn audit_share() -> Perbill {
		CurrentRules::<T>::get().deterrence.audit_share
	}

	fn false_audit() -> Perbill {
		CurrentRules::<T>::get().penalties.false_audit
	}

	fn min_exposure() -> Balance {
		CurrentRules::<T>::get().deterrence.min_exposure
	}
}

impl<T: Config> Offences<T::AccountId> for Pallet<T> {
	fn terms() -> PenaltyTerms {
		CurrentRules::<T>::get().terms()
	}

	fn report(offence: assay_market::traits::Offence<T::AccountId>) -> sp_runtime::DispatchResult {
		Self::do_report(offence)
	}

	fn cover_costs(who: &T::AccountId, costs: Balance) -> Result<Balance, DispatchError> {
		Self::cover(who, costs)
	}

	fn is_stopped(numerics_version: u32, model: &ModelId) -> bool {
		FaultyVersions::<T>::contains_key(numerics_version) || Self::pause_of(model).is_some()
	}

	fn is_faulty(numerics_version: u32, _: &ModelId) -> bool {
		// A tripped breaker is only a suspicion: were jobs void then, whoever loses one on purpose would
		// save the others from their verdicts.
		FaultyVersions::<T>::contains_key(numerics_version)
	}

	fn paused_until(model: &ModelId) -> Option<Tick> {
		Self::pause_of(model).map(|pause| pause.until)
	}

	fn is_pending(provider: ProviderId, model: &ModelId) -> bool {
		PendingCount::<T>::contains_key(provider, model)
	}
}
