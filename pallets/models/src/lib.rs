//! # Models
//!
//! The registry of models: what each computes, whether its weights can be had, and until when it may
//! be asked for.
//!
//! ## Pallet API
//!
//! Calls, events and errors are those of [`pallet`]. Other pallets ask through
//! [`Models`](assay_market::traits::Models): the facts of a model, whether it takes jobs, what a run
//! costs, which tokens end an answer. Users read models, prices and lists through view functions.
//!
//! ## Overview
//!
//! A model is a short program over a tree of weights. The program lies on the chain, of the weights
//! only the root. Whoever registers a model hands in a [`Manifest`](assay_market::Manifest); the
//! chain checks the program once, works out by itself what every run costs, and from then on knows
//! the model by the hash of its manifest. Nothing of a model ever changes: a new version is a new
//! model with a link to the one before.
//!
//! A root alone says nothing about whether anybody else has the weights, and without them nobody can
//! check an answer. So bonded providers *attest* that they have them, and anybody may put that to the
//! test: pay a fee, name a leaf of the tree, and see it posted on the chain. If nobody posts it in
//! time, all who attested lose money and the model takes no more jobs.
//!
//! What the chain cannot check is kept apart and shown as claimed: the source's name and revision,
//! figures of quality. Curators' lists help to choose among models; they are opinions, and gate
//! nothing.
//!
//! ## Terminology
//!
//! - **Facts**: what the chain found out about a model. Small, and read with every job.
//! - **Claims**: what its registrant says of it.
//! - **Size**: bytes of a program, or 16 for each operation if that is more; weights follow it.
//! - **Attester**: a provider that has part of its bond bound to the promise that it has the weights.
//! - **Leaf**: a kilobyte, or one row, of the weights; the unit of a request.
//! - **Surcharge**: what a request costs beyond its fee, since others of the model are open.
//! - **Missing leaf**: one that was asked for and that nobody showed in time.
//!
//! ## Life of a model
//!
//! | status | takes jobs | from | when |
//! | --- | --- | --- | --- |
//! | unlisted | yes, never shown as verifiable | registration | fewer than `RequiredAttestations` attest |
//! | listed | yes | unlisted, frozen | enough providers attest, and no leaf is missing |
//! | frozen | no | any | a request ran out; until every missing leaf was posted and, if it was listed, enough providers attest again |
//! | deprecated | until a tick | unlisted, listed | its registrant or the admin announced it; cannot be undone |
//! | (removed) | | deprecated | after the tick, without jobs and open requests; attestations end with it |
//!
//! A model that is both frozen and deprecated shows as frozen. Versions of the arithmetic and the
//! breaker act on top: a model whose version is not admitted any more, or was stopped, keeps its
//! status and takes no jobs.
//!
//! ## Life of a request
//!
//! | step | call | money |
//! | --- | --- | --- |
//! | opened | `request_weights`, by anybody, while somebody attests | fee and surcharge on hold |
//! | answered | `post_weights`, by an attester | the fee becomes claimable by who posted, the surcharge burns |
//! | ran out | `expire_request`, by anybody, after the tick | both back; attesters reported, no longer attesters |
//! | made good | `post_weights`, by anybody | none |
//!
//! ## What if
//!
//! - *an attester withdraws while requests are open?* It stops to count at once and stays answerable
//!   for those requests, but for no later one.
//! - *a provider attests while requests are open?* It may answer them and earn the fee, but others were
//!   asked: it answers for later ones only.
//! - *a provider leaves?* It cannot: what it risks is bound in its bond until it withdraws its
//!   attestation. If it is slashed below the minimum, `refresh` withdraws the attestation.
//! - *there are more attesters or requests than fit?* The next one is refused. Requests cost a fee and
//!   last a bounded time.
//! - *attesters let themselves be asked for leaves that they have, so that nobody can ask for others?*
//!   With each open request the next one costs twice as much, and what it costs beyond the fee burns
//!   when it is answered. Whoever asks for a leaf that nobody has gets all of it back.
//! - *somebody registers another's manifest first?* It becomes the registrant, with its own deposit,
//!   and gains the right to announce the deprecation of a model that anybody can register again: once
//!   the notice is over, anybody may remove the model and register it in the same block. Neither
//!   bonds nor attestations stand against that; bonds stay, and serve the model when it is back.
//! - *governance raises the floor of bonds?* It holds for registered models too.
//! - *blocks are full?* Ticks slow down, so that there is time to answer, and answers are operational
//!   transactions, for which room is kept.
//! - *somebody attests only to be silent?* It pays for that, and the model is frozen until anybody posts
//!   the leaf. Only a model that was listed needs new attestations as well.
//! - *the key of a delegate is stolen?* It can post leaves, but neither attest nor withdraw: only the
//!   owner of a provider decides what its bond risks.
//! - *a root belongs to other weights?* No leaf can be shown: whoever attests loses money.
//!
//! ## Properties
//!
//! - **deposits_match_holds**: of every account, exactly the deposits and fees that are stored for it
//!   are on hold.
//! - **facts_match_program**: the facts of a model are those of its stored program.
//! - **ids_match_manifests**: what is stored of a model hashes to its id.
//! - **listed_has_attestations**: a listed model has at least `RequiredAttestations` attestations that
//!   count.
//! - **missing_weights_freeze**: a model with a missing leaf is frozen.
//! - **frozen_takes_no_jobs**: a frozen model takes no jobs.
//! - **jobs_counted**: a model with open jobs is registered.
//! - **nothing_left_behind**: whatever is stored for a model belongs to one that is registered.
//! - **requests_are_numbered**: every request has a number of its own, below the next one's.

#![cfg_attr(not(feature = "std"), no_std)]
#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

extern crate alloc;

mod attestation;
pub mod availability;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod curation;
mod deprecation;
#[cfg(any(test, feature = "runtime-benchmarks"))]
mod fixtures;
mod hashing;
#[cfg(test)]
mod mock;
mod money;
pub mod parameters;
mod pricing;
pub mod refusal;
mod registration;
mod registry;
mod requests;
mod status;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", feature = "std"))]
mod try_state;
pub mod types;
pub mod views;
pub mod weights;

pub use hashing::HostHasher;
pub use pallet::*;
pub use parameters::{ParameterFault, Parameters, PostingCost};
pub use refusal::{FaultKind, Refusal};
pub use requests::surcharge;
pub use weights::WeightInfo;

use frame_support::{traits::ConstU32, BoundedVec};

/// Token ids that end an answer, in ascending order.
pub type StopIdList = BoundedVec<u32, ConstU32<16>>;

const _: () = assert!(assay_programs::limits::MAX_STOP_IDS == 16);

/// Most bytes of a leaf: of more, no tile could be checked.
pub const MAX_LEAF_BYTES: u32 = 224 * 1024;

const _: () = assert!(assay_programs::limits::MAX_WITNESS == MAX_LEAF_BYTES as u64);

/// Most hashes of a leaf's path: 15 on each level of a tree of 2^64 leaves.
pub const MAX_SIBLINGS: u32 = 16 * 15;

/// See the crate's documentation.
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::{boxed::Box, string::String, vec::Vec};
	use assay_market::{
		manifest::{Manifest, ProgramBytes},
		traits::{Bonds, Clock, ModelStatus, Offences, Payouts, SupplyLedger},
		Balance, Lengths, ModelId, ProviderId, Tick,
	};
	use assay_primitives::Hash;
	use assay_programs::cost::Weights;
	use availability::Availability;
	use codec::DecodeAll;
	use core::marker::PhantomData;
	use frame_support::{
		pallet_prelude::*,
		traits::{
			fungible::{Mutate, MutateHold},
			Contains,
		},
		PalletId,
	};
	use frame_system::pallet_prelude::*;
	use sp_core::Bytes;
	use types::{Claims, Curation, ModelRecord};
	use views::{ModelView, ModelsPage, RunPrice, StatusKind};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// The pallet.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// What the pallet asks of the runtime.
	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// Weights of the calls.
		type WeightInfo: WeightInfo;

		/// The native token.
		type Currency: Mutate<Self::AccountId, Balance = Balance>
			+ MutateHold<Self::AccountId, Reason: From<HoldReason>>;

		/// Who sets the parameters and may announce the deprecation of any model.
		type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Bonds of providers, in which attesters' risk is bound.
		type Bonds: Bonds<Self::AccountId>;

		/// Where silent attesters are reported, and versions of the arithmetic are stopped.
		type Offences: Offences<Self::AccountId>;

		/// Pays who answers requests.
		type Payouts: Payouts<Self::AccountId>;

		/// Burns what requests cost beyond their fees.
		type Supply: SupplyLedger<Self::AccountId>;

		/// The market's time.
		type Clock: Clock;

		/// Versions of the arithmetic that new models and new jobs may have.
		type NumericsVersions: Contains<u32>;

		/// What each part of a run's cost counts for: the weights of today's jobs.
		type CostWeights: Get<Weights>;

		/// Parameters until the admin sets others. They must be valid.
		type InitialParameters: Get<Parameters>;

		/// What posting a leaf costs at the least: fees of requests are no more, so that no attester
		/// earns by handing weights out nowhere else.
		type PostingCost: Get<PostingCost>;

		/// Names the account through which fees pass.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// Attestations that make a model listed.
		#[pallet::constant]
		type RequiredAttestations: Get<u32>;

		/// Most attesters of a model.
		#[pallet::constant]
		type MaxAttesters: Get<u32>;

		/// Most requests of a model that are open or missing.
		#[pallet::constant]
		type MaxRequests: Get<u32>;

		/// Most entries of a curator's list.
		#[pallet::constant]
		type MaxCurations: Get<u32>;
	}

	/// Why money is on hold.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// The deposit of a model, by its size.
		#[codec(index = 0)]
		Deposit,
		/// The fee of a request of weights, until it is answered or runs out.
		#[codec(index = 1)]
		RequestFee,
		/// The deposit of an entry of a curator's list.
		#[codec(index = 2)]
		Curation,
	}

	/// The governed figures.
	#[pallet::storage]
	pub type CurrentParameters<T: Config> =
		StorageValue<_, Parameters, ValueQuery, T::InitialParameters>;

	/// What is read with every job, by model. Paid for by the deposit, as all that follows by model.
	// Ids are hashes, which spread over the trie by themselves; to crowd a branch takes 16 times the
	// work for each level, and a deposit for each entry.
	#[pallet::storage]
	pub type Records<T: Config> =
		StorageMap<_, Identity, ModelId, ModelRecord<T::AccountId>, OptionQuery>;

	/// Programs, apart from the facts, since 64 KiB are read only to price a run.
	// As above.
	#[pallet::storage]
	pub type Programs<T: Config> = StorageMap<_, Identity, ModelId, ProgramBytes, OptionQuery>;

	/// What nobody checked, by model.
	// As above.
	#[pallet::storage]
	pub type AllClaims<T: Config> = StorageMap<_, Identity, ModelId, Claims, OptionQuery>;

	/// Tokens that end an answer, of models that generate.
	// As above.
	#[pallet::storage]
	pub type StopIds<T: Config> = StorageMap<_, Identity, ModelId, StopIdList, ValueQuery>;

	/// Jobs that are open, by model; no entry for none.
	// As above.
	#[pallet::storage]
	pub type OpenJobs<T: Config> = StorageMap<_, Identity, ModelId, u32, ValueQuery>;

	/// Attestations and requests, by model; no entry for none. Attestations are bounded and cost a
	/// bond, requests are bounded and cost a fee.
	// As above.
	#[pallet::storage]
	pub type Availabilities<T: Config> =
		StorageMap<_, Identity, ModelId, Availability<T>, ValueQuery>;

	/// Curators' lists; no entry for an empty one. A deposit pays for each entry.
	// Anybody can make accounts, so where an entry lies must not be theirs to choose.
	#[pallet::storage]
	pub type Curations<T: Config> = StorageMap<
		_,
		Blake2_128Concat,
		T::AccountId,
		BoundedBTreeMap<ModelId, Curation, T::MaxCurations>,
		ValueQuery,
	>;

	/// Models of a new chain. Genesis gives the pallet's account its existential deposit.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// SCALE encodings of [`Manifest`]s, in hexadecimal. Registered in this order, without a
		/// registrant and a deposit.
		pub models: Vec<Bytes>,
		/// Not part of the configuration.
		#[serde(skip)]
		pub _config: PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			let endowed = Pallet::<T>::endow();
			assert!(endowed.is_ok(), "the account of models takes no deposit: {endowed:?}");
			// A wrong genesis must not become a chain, and genesis has no other way to refuse.
			for (index, bytes) in self.models.iter().enumerate() {
				let manifest = Manifest::decode_all(&mut &bytes[..]).unwrap_or_else(|_| {
					panic!("models.models[{index}]: the bytes are no SCALE encoding of a manifest")
				});
				if let Some(words) = Pallet::<T>::view_refusal(&manifest.program) {
					panic!("models.models[{index}]: {words}");
				}
				let registered = Pallet::<T>::do_register(None, manifest);
				assert!(registered.is_ok(), "models.models[{index}]: {registered:?}");
			}
		}
	}

	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A model was registered.
		Registered {
			/// Its id: the hash of its manifest.
			model: ModelId,
			/// Who registered it; nobody for models of genesis.
			registrant: Option<T::AccountId>,
			/// What is held for it.
			deposit: Balance,
			/// The model that it is a new version of.
			previous: Option<ModelId>,
		},
		/// A model's status changed.
		StatusChanged {
			/// The model.
			model: ModelId,
			/// What it was.
			from: ModelStatus,
			/// What it is.
			to: ModelStatus,
		},
		/// A provider attests that a model's weights can be had.
		Attested {
			/// The model.
			model: ModelId,
			/// The provider.
			provider: ProviderId,
			/// What it risks by silence.
			exposure: Balance,
		},
		/// A provider's attestation counts no longer; it ends with the requests that are open.
		AttestationEnding {
			/// The model.
			model: ModelId,
			/// The provider.
			provider: ProviderId,
		},
		/// A provider's attestation ended.
		AttestationWithdrawn {
			/// The model.
			model: ModelId,
			/// The provider.
			provider: ProviderId,
		},
		/// Somebody wants to see a leaf of a model's weights.
		WeightsRequested {
			/// The model.
			model: ModelId,
			/// Which leaf.
			leaf: u64,
			/// Who asks.
			by: T::AccountId,
			/// What is paid for the answer.
			fee: Balance,
			/// What burns with the answer.
			surcharge: Balance,
			/// The last tick for an answer.
			until: Tick,
		},
		/// A leaf was posted; its bytes are those of the call.
		WeightsPosted {
			/// The model.
			model: ModelId,
			/// Which leaf.
			leaf: u64,
			/// Who posted.
			by: T::AccountId,
			/// What it may claim; 0 for a leaf that was missing.
			fee: Balance,
		},
		/// Nobody posted a leaf in time: it is missing, and the model frozen.
		RequestExpired {
			/// The model.
			model: ModelId,
			/// Which leaf.
			leaf: u64,
			/// How many attesters answer for it.
			reported: u32,
		},
		/// A silent attester could not be reported.
		ReportFailed {
			/// The model.
			model: ModelId,
			/// The attester.
			provider: ProviderId,
			/// Why.
			error: DispatchError,
		},
		/// A model will take no more jobs.
		DeprecationAnnounced {
			/// The model.
			model: ModelId,
			/// The last tick at which it does.
			until: Tick,
		},
		/// A model is gone. Its id may be registered again.
		Removed {
			/// The model.
			model: ModelId,
		},
		/// A curator gave an opinion of a model.
		Curated {
			/// Whose list it is.
			curator: T::AccountId,
			/// The model.
			model: ModelId,
			/// Whether it is recommended or warned of.
			approved: bool,
		},
		/// A curator has no opinion of a model any more.
		CurationRemoved {
			/// Whose list it is.
			curator: T::AccountId,
			/// The model.
			model: ModelId,
		},
		/// The admin set the parameters.
		ParametersSet {
			/// All of them.
			parameters: Parameters,
		},
	}

	/// Why a call was refused, and how to avoid it.
	#[pallet::error]
	pub enum Error<T> {
		/// The bytes are no program. Encode it with SCALE, and nothing after it.
		ProgramUnreadable,
		/// The program breaks a rule. The view function `refusal` says which, in words.
		ProgramRefused(Refusal),
		/// The version of the arithmetic is unknown here, or takes nothing new. Import the model for a
		/// version that is admitted.
		NumericsVersionNotAdmitted,
		/// A text is empty or has other characters than printable ASCII. Leave those out.
		TextNotPrintable,
		/// The manifest demands a lower bond than the floor. Demand at least the floor.
		MinBondTooLow,
		/// Some run has too long a trace for its price. Merge elementwise operations into those that
		/// produce their operands.
		TraceTooDense,
		/// This manifest is registered. Use the model.
		AlreadyRegistered,
		/// The model that this one is a new version of is not registered. Leave the link out.
		UnknownPrevious,
		/// The model that this one is a new version of was registered by another account. Leave the
		/// link out, or let that account register this one.
		NotSuccessor,
		/// There is no such model, or no longer. Check the id.
		UnknownModel,
		/// Only the registrant and the admin announce a deprecation.
		NotRegistrant,
		/// The deprecation is announced, and cannot be undone.
		AlreadyDeprecated,
		/// A model is removed after its deprecation. Announce it.
		NotDeprecated,
		/// The notice of the deprecation is not over. Wait.
		NoticeRunning,
		/// The model has jobs. Wait until they end.
		JobsOpen,
		/// Weights of the model are asked for. Post them, or let the requests run out.
		RequestsOpen,
		/// Somebody asked for the model's weights and nobody had them. Use another model, or post the
		/// missing leaves.
		Frozen,
		/// The model was deprecated and its notice is over. Use another one.
		Retired,
		/// Answers of this version of the arithmetic, or of this model, were stopped. Wait, or use
		/// another model.
		ArithmeticStopped,
		/// A run has at least one token in.
		NoInput,
		/// A run of a model that generates has at least one token out.
		NoOutput,
		/// A run of a model that embeds has no tokens out.
		EmbeddingHasNoOutput,
		/// The run is longer than the model admits. Its input and all of its output but the last token
		/// count.
		TooManyPositions,
		/// The account is neither a provider nor its delegate.
		NotProvider,
		/// The account is a delegate. Only the owner of a provider decides what its bond risks.
		NotOwner,
		/// The provider has less than the minimum bonded for the model, or a debt. Bond first.
		NotBonded,
		/// The provider attests already, or its attestation is still ending.
		AlreadyAttested,
		/// The provider does not attest for the model.
		NotAttester,
		/// The model has as many attesters as fit.
		TooManyAttesters,
		/// Nobody attests that the weights can be had, so there is nobody to ask.
		NoAttesters,
		/// The weights have fewer leaves. Count from 0.
		NoSuchLeaf,
		/// The leaf is asked for, or missing.
		AlreadyRequested,
		/// As many leaves are asked for or missing as fit. Wait for answers.
		TooManyRequests,
		/// Nobody asks for the leaf.
		NotRequested,
		/// The request costs more than the account is ready to pay, since others of the model are open.
		/// Wait for answers, or pay more.
		FeeAboveMaximum,
		/// The pallet's account lacks the existential deposit. Send it there; it stays.
		AccountNotEndowed,
		/// The leaf has another number of bytes. Post exactly its bytes, as many as the program says.
		WrongLeafSize,
		/// The bytes do not lie at this leaf under the model's root. Check bytes and path.
		WrongLeaf,
		/// The request can still be answered. Wait until its last tick is over.
		RequestRunning,
		/// The request ran out before.
		AlreadyExpired,
		/// The model is not on the list.
		NotCurated,
		/// The list has as many entries as fit. Remove some.
		TooManyCurations,
		/// The parameters break a rule.
		ParametersRefused(ParameterFault),
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		#[cfg(feature = "std")]
		fn integrity_test() {
			let required = T::RequiredAttestations::get();
			assert!(
				required >= 1 && required <= T::MaxAttesters::get(),
				"RequiredAttestations must be from 1 to MaxAttesters"
			);
			assert!(T::MaxRequests::get() >= 1, "MaxRequests must be at least 1");
			let fault = T::InitialParameters::get().validate(&T::PostingCost::get()).err();
			assert!(fault.is_none(), "InitialParameters break a rule: {fault:?}");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Registers a model.
		///
		/// ## Dispatch Origin
		///
		/// Signed. The account becomes the model's registrant.
		///
		/// ## Details
		///
		/// The program is validated, its costs are worked out, and a deposit for the manifest's bytes
		/// is put on hold. The model is unlisted. What the manifest claims is stored as claimed.
		///
		/// ## Errors
		///
		/// - [`Error::AlreadyRegistered`], [`Error::UnknownPrevious`], [`Error::NotSuccessor`]
		/// - [`Error::TextNotPrintable`], [`Error::MinBondTooLow`]
		/// - [`Error::ProgramUnreadable`], [`Error::NumericsVersionNotAdmitted`],
		///   [`Error::ProgramRefused`], [`Error::TraceTooDense`]
		/// - of the token, if the account has less than the deposit
		///
		/// ## Events
		///
		/// - [`Event::Registered`]
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::register(
			registration::greatest_size(manifest.program.len())
		))]
		pub fn register(
			origin: OriginFor<T>,
			manifest: Box<Manifest>,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let (_, size) = Self::do_register(Some(who), *manifest)?;
			Ok(Some(T::WeightInfo::register(size)).into())
		}

		/// Attests that a model's weights can be had.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the owner of a provider with a bond for the model.
		///
		/// ## Details
		///
		/// Binds part of the provider's bond until the attestation ends. From now on the provider
		/// answers for every request that is opened.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownModel`], [`Error::Retired`]
		/// - [`Error::NotProvider`], [`Error::NotOwner`], [`Error::NotBonded`],
		///   [`Error::AlreadyAttested`], [`Error::TooManyAttesters`]
		/// - of the bonds, if too little of the bond is free
		///
		/// ## Events
		///
		/// - [`Event::Attested`], and [`Event::StatusChanged`] if the model becomes listed
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::attest())]
		pub fn attest(origin: OriginFor<T>, model: ModelId) -> DispatchResult {
			Self::do_attest(&ensure_signed(origin)?, &model)
		}

		/// Takes an attestation back.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the owner of the provider.
		///
		/// ## Details
		///
		/// The attestation counts no longer. Without open requests it is gone, and the bond free
		/// again. Otherwise the provider answers for those requests, and calls again when they are
		/// closed, or lets [`Pallet::refresh`] do it.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownModel`], [`Error::NotProvider`], [`Error::NotOwner`],
		///   [`Error::NotAttester`]
		///
		/// ## Events
		///
		/// - [`Event::AttestationWithdrawn`] or [`Event::AttestationEnding`]
		/// - [`Event::StatusChanged`] if the model is listed no longer
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::withdraw_attestation())]
		pub fn withdraw_attestation(origin: OriginFor<T>, model: ModelId) -> DispatchResult {
			Self::do_withdraw_attestation(&ensure_signed(origin)?, &model)
		}

		/// Withdraws the attestations of providers that have too little bond or a debt, and ends those
		/// that can end.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by anybody.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownModel`]
		///
		/// ## Events
		///
		/// - [`Event::AttestationWithdrawn`] or [`Event::AttestationEnding`] for each
		/// - [`Event::StatusChanged`] if the model is listed no longer
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::refresh(T::MaxAttesters::get()))]
		pub fn refresh(origin: OriginFor<T>, model: ModelId) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let attesters = Self::do_refresh(&model)?;
			Ok(Some(T::WeightInfo::refresh(attesters)).into())
		}

		/// Asks the attesters of a model to show a leaf of its weights.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by anybody.
		///
		/// ## Details
		///
		/// A fee for the leaf's bytes is put on hold for who posts it, and beside it a surcharge that
		/// burns then: with each open request of the model the next one costs twice as much, altogether
		/// at most `most`. If nobody posts in time, both come back.
		///
		/// ## Errors
		///
		/// - [`Error::AccountNotEndowed`]
		/// - [`Error::UnknownModel`], [`Error::Retired`], [`Error::NoAttesters`],
		///   [`Error::NoSuchLeaf`]
		/// - [`Error::AlreadyRequested`], [`Error::FeeAboveMaximum`], [`Error::TooManyRequests`]
		/// - of the token, if the account has less than the fee
		///
		/// ## Events
		///
		/// - [`Event::WeightsRequested`]
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::request_weights(
			assay_market::manifest::MAX_PROGRAM_BYTES
		))]
		pub fn request_weights(
			origin: OriginFor<T>,
			model: ModelId,
			leaf: u64,
			most: Balance,
		) -> DispatchResultWithPostInfo {
			let size = Self::do_request_weights(&ensure_signed(origin)?, &model, leaf, most)?;
			Ok(Some(T::WeightInfo::request_weights(size)).into())
		}

		/// Shows a leaf that was asked for.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the owner or a delegate of an attester; for a missing leaf, by anybody.
		///
		/// ## Details
		///
		/// `siblings` are the hashes beside the leaf's way to the root, from the leaf up. The bytes
		/// stay in the block; no state keeps them. The fee becomes claimable by the account, and the
		/// surcharge burns. A leaf is accepted until somebody lets its request run out, and after that
		/// to thaw the model.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownModel`], [`Error::NotRequested`], [`Error::NotAttester`]
		/// - [`Error::WrongLeafSize`], [`Error::WrongLeaf`]
		///
		/// ## Events
		///
		/// - [`Event::WeightsPosted`]
		/// - [`Event::StatusChanged`] if it was the last missing leaf and enough providers attest
		#[pallet::call_index(5)]
		// Operational: silence costs every attester, which full blocks must not cause.
		#[pallet::weight((
			T::WeightInfo::post_weights(bytes.len().try_into().unwrap_or(u32::MAX)),
			DispatchClass::Operational,
		))]
		pub fn post_weights(
			origin: OriginFor<T>,
			model: ModelId,
			leaf: u64,
			bytes: BoundedVec<u8, ConstU32<MAX_LEAF_BYTES>>,
			siblings: BoundedVec<Hash, ConstU32<MAX_SIBLINGS>>,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_post_weights(&who, &model, leaf, &bytes, siblings.into_inner())
		}

		/// Ends a request that nobody answered in time.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by anybody.
		///
		/// ## Details
		///
		/// Fee and surcharge go back, every attester that answers for the request is reported and its
		/// attestation ended, and the model is frozen.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownModel`], [`Error::NotRequested`]
		/// - [`Error::RequestRunning`], [`Error::AlreadyExpired`]
		///
		/// ## Events
		///
		/// - [`Event::RequestExpired`], [`Event::StatusChanged`]
		/// - [`Event::ReportFailed`] for each attester that could not be reported
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::expire_request(T::MaxAttesters::get()))]
		pub fn expire_request(
			origin: OriginFor<T>,
			model: ModelId,
			leaf: u64,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let reported = Self::do_expire_request(&model, leaf)?;
			Ok(Some(T::WeightInfo::expire_request(reported)).into())
		}

		/// Announces that a model will take no more jobs after a notice.
		///
		/// ## Dispatch Origin
		///
		/// Signed by the registrant, or [`Config::AdminOrigin`].
		///
		/// ## Errors
		///
		/// - [`Error::UnknownModel`], [`Error::NotRegistrant`], [`Error::AlreadyDeprecated`]
		///
		/// ## Events
		///
		/// - [`Event::DeprecationAnnounced`], [`Event::StatusChanged`]
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::announce_deprecation())]
		pub fn announce_deprecation(origin: OriginFor<T>, model: ModelId) -> DispatchResult {
			Self::do_announce_deprecation(origin, &model)
		}

		/// Removes a model that nothing depends on any more.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by anybody.
		///
		/// ## Details
		///
		/// The deposit goes back to the registrant, and what attesters risk is free again. Bonds stay
		/// until they are withdrawn. Links to the model, and entries of curators' lists, stay as ids.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownModel`], [`Error::NotDeprecated`], [`Error::NoticeRunning`]
		/// - [`Error::JobsOpen`], [`Error::RequestsOpen`]
		///
		/// ## Events
		///
		/// - [`Event::AttestationWithdrawn`] for each attester, [`Event::Removed`]
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::remove(T::MaxAttesters::get()))]
		pub fn remove(origin: OriginFor<T>, model: ModelId) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let attesters = Self::do_remove(&model)?;
			Ok(Some(T::WeightInfo::remove(attesters)).into())
		}

		/// Puts a model on the account's list, or changes the opinion of one that is on it.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by anybody.
		///
		/// ## Details
		///
		/// A new entry puts a deposit on hold. The chain makes no use of lists.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownModel`], [`Error::TooManyCurations`]
		/// - of the token, if the account has less than the deposit
		///
		/// ## Events
		///
		/// - [`Event::Curated`]
		#[pallet::call_index(9)]
		#[pallet::weight(T::WeightInfo::curate())]
		pub fn curate(origin: OriginFor<T>, model: ModelId, approved: bool) -> DispatchResult {
			Self::do_curate(&ensure_signed(origin)?, &model, approved)
		}

		/// Takes a model off the account's list, and the deposit back.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the curator.
		///
		/// ## Errors
		///
		/// - [`Error::NotCurated`]
		///
		/// ## Events
		///
		/// - [`Event::CurationRemoved`]
		#[pallet::call_index(10)]
		#[pallet::weight(T::WeightInfo::uncurate())]
		pub fn uncurate(origin: OriginFor<T>, model: ModelId) -> DispatchResult {
			Self::do_uncurate(&ensure_signed(origin)?, &model)
		}

		/// Sets the governed figures, all at once.
		///
		/// ## Dispatch Origin
		///
		/// [`Config::AdminOrigin`].
		///
		/// ## Errors
		///
		/// - [`Error::ParametersRefused`], with the rule
		///
		/// ## Events
		///
		/// - [`Event::ParametersSet`]
		#[pallet::call_index(11)]
		#[pallet::weight(T::WeightInfo::set_parameters())]
		pub fn set_parameters(origin: OriginFor<T>, parameters: Parameters) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			parameters.validate(&T::PostingCost::get()).map_err(Error::<T>::ParametersRefused)?;
			CurrentParameters::<T>::put(parameters);
			Self::deposit_event(Event::ParametersSet { parameters });
			Ok(())
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// A model: what the chain found out, and, apart from it, what is claimed.
		pub fn model(model: ModelId) -> Option<ModelView<T::AccountId>> {
			Self::view_model(&model)
		}

		/// What a run of these lengths costs today, and what a million tokens of this mixture do.
		pub fn price(model: ModelId, lengths: Lengths) -> Result<RunPrice, DispatchError> {
			Self::view_price(&model, lengths)
		}

		/// Models, all or those of a status, in the order of their ids: at most `limit`, and at most
		/// 100, after the id `after`.
		pub fn models(
			status: Option<StatusKind>,
			after: Option<ModelId>,
			limit: u32,
		) -> ModelsPage {
			Self::view_models(status, after, limit)
		}

		/// What it costs to ask for a leaf now: the fee of who posts it, and the surcharge that burns then.
		pub fn request_cost(
			model: ModelId,
			leaf: u64,
		) -> Result<(Balance, Balance), DispatchError> {
			Self::view_request_cost(&model, leaf)
		}

		/// A curator's list: models, and whether they are recommended.
		pub fn curations(curator: T::AccountId) -> Vec<(ModelId, bool)> {
			let list = Curations::<T>::get(curator);
			list.iter().map(|(model, entry)| (*model, entry.approved)).collect()
		}

		/// Why a program would be refused, and how to mend it; nothing for one that is admitted.
		pub fn refusal(program: Vec<u8>) -> Option<String> {
			Self::view_refusal(&program)
		}

		/// The deposit of a manifest of so many bytes.
		pub fn deposit(bytes: u32) -> Option<Balance> {
			CurrentParameters::<T>::get().deposit(bytes)
		}
	}
}
