//! # Burn
//!
//! The split of what jobs pay, and the ledger of what was burned and minted, and why.
//!
//! ## Pallet API
//!
//! - [`set_shares`](Pallet::set_shares), [`set_emission_rate`](Pallet::set_emission_rate),
//!   [`set_sale_terms`](Pallet::set_sale_terms): governance changes a part of the
//!   [`Configuration`]; [`give_up_lot`](Pallet::give_up_lot): it gives up what nobody buys.
//! - [`collect`](Pallet::collect): anybody brings to sale what the insurance was paid in an asset.
//! - View functions: [`configuration`](Pallet::configuration), [`preview`](Pallet::preview) (how a
//!   price would be shared), [`issuance`](Pallet::issuance),
//!   [`supply_of_era`](Pallet::supply_of_era), [`waiting_for_sale`](Pallet::waiting_for_sale),
//!   [`pallet_accounts`](Pallet::pallet_accounts).
//! - Jobs settle through [`assay_market::traits::Settlement`]; whoever burns does so through
//!   [`assay_market::traits::SupplyLedger`]. Fees that burn are noted with its `note_burned`.
//! - Staking takes the validators' share with [`take_for_era`](Pallet::take_for_era) and reports
//!   what it mints and slashes through [`NoteRewards`] and [`NoteSlashes`].
//!
//! ## Overview
//!
//! A settled job's price is shared between the provider, the holders of the native token (a part
//! burns), the validators and the treasury. Jobs are paid in the native token or in an asset. An
//! asset cannot burn, so its part gathers here and is sold for native tokens, a little at a time,
//! at a price near the average, and what the sale brings burns. No swap happens while a job
//! settles: a pool that is empty or manipulated never stops a settlement.
//!
//! The ledger says for every era how much was burned and minted and for what reason, and its sums
//! equal the issuance to the unit.
//!
//! ## Terminology
//!
//! - **Share**: a part of a job's price: provider, burn, validators, treasury.
//! - **Emission**: native tokens minted for the provider of a settled job; off by default, and never
//!   more than what the same job burned.
//! - **Lot**: what jobs paid in one asset and waits to be sold.
//! - **Order**: one sale of a part of a lot.
//! - **Pot**: the account where the validators' share waits for the era's end.
//!
//! ## Where a job's price goes
//!
//! | share | paid in the native token | paid in an asset |
//! | --- | --- | --- |
//! | provider | claimable (earnings) | claimable (earnings) |
//! | burn | burns at once | joins the lot |
//! | validators | to the pot | joins the lot |
//! | treasury, with what rounding left | claimable | claimable |
//! | emission, for listed models | minted, claimable | none |
//!
//! A job keeps the shares and the emission under which it was accepted
//! ([`SplitTerms`](assay_market::traits::SplitTerms)): governance changes them for later jobs only.
//!
//! The insurance pays in native tokens, but vouchers pay it in what they are quoted in. What it has of
//! an asset joins the lot too.
//!
//! What an order brings is shared in the proportion of the lot's parts: the burn's burns, the
//! validators' goes to the pot, the insurance's to its account, where it burns if there is too much.
//!
//! The pot burns when an era ends, and staking mints the same amount as part of its reward: so
//! validators are paid by the rules of staking, and the ledger shows both sides.
//!
//! ## Orders
//!
//! Each block visits one lot, all in turn. A visit notes the pool's price; the average forgets over
//! [`SaleTerms::averaging`] ticks, and begins as the plain mean since its first look, so that no
//! single moment decides it. A lot gets an order every [`SaleTerms::period`] ticks, the first a
//! period after the average began: at most [`SaleTerms::reserve_share`] of the pool's reserve, at no
//! less than the average minus [`SaleTerms::tolerance`]. Orders run before the block's transactions,
//! so whoever wants the pool to stand badly has to leave it so between two blocks, where others
//! trade against it. That costs the pool's fee twice, and an order moves the price by less: it pays
//! only who owns a good part of the pool, and then at most tolerance times order.
//!
//! ## Conservation
//!
//! Reasons are noted when somebody burns or mints. Whatever else moved the issuance in a block (dust
//! of dead accounts, deposits that a pallet of the SDK burns) is taken up at its end as
//! [`BurnReason::Other`](assay_market::traits::BurnReason::Other) or
//! [`MintReason::Other`](assay_market::traits::MintReason::Other); of several such changes in one
//! block only the sum is known. The runtime lists this pallet after every pallet that mints or burns
//! in `on_finalize` or at genesis.
//!
//! ## What if
//!
//! - **There is no pool, or it gives too little?** The order fails with an event and is tried again
//!   a period later. The lot keeps growing; nothing else waits for it. A pool that comes back begins
//!   a new average.
//! - **A lot is worth less than one unit of the native token?** It waits until it is worth more.
//! - **Jobs are paid in more assets than [`Config::MaxQuotes`]?** What would be sold of one more goes to
//!   the treasury, which may claim it: settling never fails for it. Governance gives up lots of assets
//!   that nobody buys any more, for the treasury too, and makes room.
//! - **The insurance is sent other assets?** Only those in which vouchers are quoted are collected by
//!   anybody, so that nobody fills the room with worthless ones. Others governance may collect.
//! - **Somebody sends money to the accounts?** To the pallet's account: a gift that nobody can take
//!   out. To the pot: a gift to the validators.
//! - **An upgrade adds the pallet to a chain that runs?** The first block takes the whole issuance
//!   up as minted for another reason, and the accounts need their deposit from somebody.
//! - **Many eras are to be forgotten at once?** One is in every block.
//!
//! ## Properties
//!
//! - **conservation**: at the end of every block, the issuance is that of genesis plus everything
//!   minted minus everything burned.
//! - **emission_within_burn**: in no era was more emitted than its jobs burned.
//! - **account_covers_ledger**: the pallet's account holds every lot, and both accounts have their
//!   existential deposit.
//! - **shares_sum_to_whole**: the shares sum to 100 %, and the sale terms are usable.
//! - **ledger_is_bounded**: the ledger has no era before the oldest that it keeps and none to come,
//!   and there are no more lots than allowed.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod configuration;
mod filling;
mod imbalance;
mod lot;
#[cfg(test)]
mod mock;
mod money;
mod poll;
mod sale;
mod settle;
mod supply;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", feature = "std"))]
mod try_state;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use configuration::{Configuration, SaleTerms, ORDER_OF_FEE_MAX, TOLERANCE_MAX};
pub use imbalance::{NoteRewards, NoteSlashes};
pub use lot::Lot;
pub use pallet::*;
pub use supply::{ByReason, EraSupply, Issuance, REASONS_MAX};
pub use weights::WeightInfo;

/// See the crate's documentation.
#[frame_support::pallet]
#[allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use assay_market::{
		traits::{
			BurnReason, Clock, Exchange, Payouts, Settlement, Shares, Split, SplitTerms,
			SupplyLedger,
		},
		AssetId, Balance, JobId, Price,
	};
	use core::marker::PhantomData;
	use frame_support::{
		pallet_prelude::*,
		traits::{fungible, fungibles, Contains},
		weights::WeightMeter,
		PalletId,
	};
	use frame_system::pallet_prelude::*;
	use sp_runtime::Permill;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// The pallet.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// Where money comes from and goes.
	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// Weights of the calls and hooks.
		type WeightInfo: WeightInfo;

		/// Who may change the configuration.
		type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The native token.
		type Native: fungible::Mutate<Self::AccountId, Balance = Balance>;

		/// The assets that jobs are paid in.
		type Assets: fungibles::Mutate<Self::AccountId, AssetId = AssetId, Balance = Balance>;

		/// The assets that vouchers are quoted in.
		type Quotes: Contains<AssetId>;

		/// Where provider and treasury claim their shares.
		type Payouts: Payouts<Self::AccountId>;

		/// Pools that buy assets for native tokens.
		type Exchange: Exchange<Self::AccountId>;

		/// What pools keep of a swap: orders are smaller, so that leaning on a pool does not pay.
		#[pallet::constant]
		type PoolFee: Get<Permill>;

		/// The market's time.
		type Clock: Clock;

		/// Number of the era, which never goes back.
		type Era: Get<u32>;

		/// Who gets the treasury's share.
		type Treasury: Get<Self::AccountId>;

		/// The insurance. The account has to exist.
		type Insurance: Get<Self::AccountId>;

		/// Name of the pallet's account; the pot is a sub-account of it.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// Most assets with open lots: at least as many as vouchers are quoted in.
		#[pallet::constant]
		type MaxQuotes: Get<u32>;

		/// Eras that the ledger keeps apart, the current one included.
		#[pallet::constant]
		type HistoryDepth: Get<u32>;

		/// Makes assets and pools for benchmarks.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
	}

	/// How prices are shared, what is emitted, and how lots are sold.
	#[pallet::storage]
	pub type Settings<T> = StorageValue<_, Configuration, ValueQuery>;

	/// What waits to be sold, by asset. No entry without money behind it.
	// Twox64Concat: assets are registered by governance, not chosen.
	#[pallet::storage]
	pub type Lots<T: Config> = CountedStorageMap<_, Twox64Concat, AssetId, Lot, OptionQuery>;

	/// The asset whose lot was visited last.
	#[pallet::storage]
	pub type LastVisited<T> = StorageValue<_, AssetId, OptionQuery>;

	/// The issuance of genesis, and all that was minted and burned since.
	#[pallet::storage]
	pub type Supply<T> = StorageValue<_, Issuance, ValueQuery>;

	/// What was minted and burned in an era, by reason.
	// Twox64Concat: eras are counted, not chosen.
	#[pallet::storage]
	pub type Eras<T> = StorageMap<_, Twox64Concat, u32, EraSupply, ValueQuery>;

	/// The oldest era that the ledger keeps.
	#[pallet::storage]
	pub type OldestEra<T> = StorageValue<_, u32, ValueQuery>;

	/// Nothing to choose: genesis gives both accounts their existential deposit and records the
	/// issuance.
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
			assert!(endowed.is_ok(), "the accounts of burn take no deposit: {endowed:?}");
			Pallet::<T>::record_genesis();
		}
	}

	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// The price of a settled job was shared.
		Distributed {
			/// The job.
			job: JobId,
			/// Who may claim the provider's share.
			provider: T::AccountId,
			/// Who got how much.
			shares: Shares,
		},
		/// A part of a lot was sold.
		Sold {
			/// The asset.
			asset: AssetId,
			/// Units of the asset that were sold.
			amount: Balance,
			/// Native tokens that they brought.
			proceeds: Balance,
			/// Of these, what burned.
			burned: Balance,
			/// Of these, what went to the pot.
			validators: Balance,
			/// Of these, what went to the insurance.
			insurance: Balance,
		},
		/// What the insurance had of an asset joined its lot.
		Collected {
			/// The asset.
			asset: AssetId,
			/// How many units.
			amount: Balance,
		},
		/// A lot was given up; the treasury may claim its units.
		LotGivenUp {
			/// The asset.
			asset: AssetId,
			/// How many units.
			amount: Balance,
			/// Why they could not be paid, and lie on the pallet's account for good.
			error: Option<DispatchError>,
		},
		/// An order failed; the next is tried a period later.
		SaleFailed {
			/// The asset.
			asset: AssetId,
			/// Units of the asset that were offered.
			amount: Balance,
			/// Native tokens that they had to bring at least.
			least: Balance,
			/// Why.
			error: DispatchError,
		},
		/// Native tokens were burned for another pallet.
		Burned {
			/// Whose they were.
			from: T::AccountId,
			/// How many.
			amount: Balance,
			/// Why.
			reason: BurnReason,
		},
		/// The pot burned, for staking to mint as much.
		PotBurned {
			/// How much.
			amount: Balance,
		},
		/// The issuance had moved without a reason, and the ledger took it up.
		TakenUp {
			/// What had been minted.
			minted: Balance,
			/// What had been burned.
			burned: Balance,
		},
		/// Prices are shared otherwise from now on.
		SharesSet {
			/// How.
			shares: Split,
		},
		/// Emission changed.
		EmissionRateSet {
			/// To this part of what a job burns.
			rate: Permill,
		},
		/// Lots are sold otherwise from now on.
		SaleTermsSet {
			/// How.
			terms: SaleTerms,
		},
	}

	/// Why something was refused.
	#[pallet::error]
	pub enum Error<T> {
		/// The shares do not sum to 100 %. Raise or lower one of them.
		SharesDoNotSumToWhole,
		/// The period between orders is zero ticks. Choose at least one.
		NoSalePeriod,
		/// The average covers fewer ticks than lots take turns, and would begin anew with every look.
		/// Choose more than `MaxQuotes`.
		AveragingTooShort,
		/// An order may sell nothing, or so much that it moves the price out of the tolerance by
		/// itself. Choose a reserve share above zero and below the tolerance.
		OrderOutsideTolerance,
		/// The tolerance would let orders be robbed. Choose at most `TOLERANCE_MAX`.
		ToleranceTooWide,
		/// Orders would move the price by more than who leans on a pool pays it in fees. Choose a
		/// reserve share of at most nine tenths of `PoolFee`.
		OrderAboveFee,
		/// The price does not lie on the pallet's account. Move it there before distributing it.
		PriceNotOnAccount,
		/// As many assets have open lots as are allowed. Wait for a lot to be sold, or let governance
		/// give one up.
		TooManyQuotes,
		/// Vouchers are not quoted in the asset, so only governance may collect it.
		NotAQuote,
		/// The insurance has nothing of the asset but its least balance.
		NothingToCollect,
		/// Nothing of the asset waits to be sold. Read `waiting_for_sale`.
		NoLot,
		/// A sum does not fit, which cannot happen: the pallet's account holds every sum. Report it.
		Overflow,
		/// The asset has no pool, or one too small to take an order. Provide liquidity.
		NoPool,
		/// The pool gave less than it had to. Wait until its price is near the average.
		SoldTooCheap,
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Changes how prices are shared.
		///
		/// ## Dispatch Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Details
		/// For jobs that are accepted from now on.
		///
		/// ## Errors
		/// [`Error::SharesDoNotSumToWhole`].
		///
		/// ## Events
		/// [`Event::SharesSet`].
		#[pallet::call_index(0)]
		pub fn set_shares(origin: OriginFor<T>, shares: Split) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_configure(|settings| settings.shares = shares)?;
			Self::deposit_event(Event::SharesSet { shares });
			Ok(())
		}

		/// Changes what is emitted for what a job burns.
		///
		/// ## Dispatch Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Details
		/// A part of what the same job burned at once, so never more; zero turns emission off. For jobs
		/// that are accepted from now on.
		///
		/// ## Errors
		/// None: every rate is within the burn.
		///
		/// ## Events
		/// [`Event::EmissionRateSet`].
		#[pallet::call_index(1)]
		pub fn set_emission_rate(origin: OriginFor<T>, rate: Permill) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_configure(|settings| settings.emission_rate = rate)?;
			Self::deposit_event(Event::EmissionRateSet { rate });
			Ok(())
		}

		/// Changes how lots are sold.
		///
		/// ## Dispatch Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Details
		/// For orders from the next period of each lot on.
		///
		/// ## Errors
		/// [`Error::NoSalePeriod`], [`Error::AveragingTooShort`], [`Error::OrderOutsideTolerance`],
		/// [`Error::ToleranceTooWide`].
		///
		/// ## Events
		/// [`Event::SaleTermsSet`].
		#[pallet::call_index(2)]
		pub fn set_sale_terms(origin: OriginFor<T>, terms: SaleTerms) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_configure(|settings| settings.sale = terms)?;
			Self::deposit_event(Event::SaleTermsSet { terms });
			Ok(())
		}

		/// Takes what the insurance has of an asset, to sell it for the insurance.
		///
		/// ## Dispatch Origin
		/// Signed by anybody, for assets that vouchers are quoted in; [`Config::AdminOrigin`] for any.
		///
		/// ## Details
		/// All but the asset's least balance.
		///
		/// ## Errors
		/// [`Error::NotAQuote`], [`Error::NothingToCollect`], [`Error::TooManyQuotes`]; those of the
		/// asset, if it cannot be moved.
		///
		/// ## Events
		/// [`Event::Collected`].
		#[pallet::call_index(3)]
		pub fn collect(origin: OriginFor<T>, asset: AssetId) -> DispatchResult {
			if T::AdminOrigin::ensure_origin(origin.clone()).is_err() {
				ensure_signed(origin)?;
				ensure!(T::Quotes::contains(&asset), Error::<T>::NotAQuote);
			}
			Self::do_collect(asset)
		}

		/// Gives a lot up that nobody buys.
		///
		/// ## Dispatch Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Details
		/// The treasury may claim its units. If they cannot be moved, since the asset is frozen or
		/// gone, they stay on the pallet's account for good.
		///
		/// ## Errors
		/// [`Error::NoLot`].
		///
		/// ## Events
		/// [`Event::LotGivenUp`].
		#[pallet::call_index(4)]
		pub fn give_up_lot(origin: OriginFor<T>, asset: AssetId) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_give_up_lot(asset)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// How prices are shared, what is emitted, and how lots are sold.
		pub fn configuration() -> Configuration {
			Settings::<T>::get()
		}

		/// How the price of a job that is accepted now would be shared now. `listed`: whether the model
		/// is.
		pub fn preview(price: Price, listed: bool) -> Shares {
			Self::shares_now(price, listed, &Settings::<T>::get().terms())
		}

		/// The issuance of genesis, and all that was minted and burned since.
		pub fn issuance() -> Issuance {
			Supply::<T>::get()
		}

		/// What was minted and burned in an era, by reason; empty for eras that the ledger forgot.
		pub fn supply_of_era(era: u32) -> EraSupply {
			Eras::<T>::get(era)
		}

		/// What waits to be sold, by asset.
		pub fn waiting_for_sale() -> Vec<(AssetId, Lot)> {
			Lots::<T>::iter().collect()
		}

		/// The account that settles jobs and holds the lots, and the validators' pot.
		pub fn pallet_accounts() -> (T::AccountId, T::AccountId) {
			(Self::settlement_account(), Self::pot())
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			// `on_finalize` has no way of its own to account for its weight.
			T::WeightInfo::on_finalize()
		}

		fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
			Self::do_poll(meter);
		}

		fn on_finalize(_: BlockNumberFor<T>) {
			Self::take_up_the_rest();
		}

		fn integrity_test() {
			assert!(T::MaxQuotes::get() > 0, "MaxQuotes is zero: no asset could be sold");
			assert!(T::HistoryDepth::get() > 0, "HistoryDepth is zero: the current era would go");
			let default = Configuration::default().validate::<T>();
			assert!(default.is_ok(), "the default configuration breaks a rule: {default:?}");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	impl<T: Config> Settlement<T::AccountId> for Pallet<T> {
		fn account() -> T::AccountId {
			Self::settlement_account()
		}

		fn terms() -> SplitTerms {
			Settings::<T>::get().terms()
		}

		fn distribute(
			job: &JobId,
			price: Price,
			provider: &T::AccountId,
			listed: bool,
			terms: &SplitTerms,
		) -> Result<Shares, DispatchError> {
			Self::do_distribute(job, price, provider, listed, terms)
		}
	}

	impl<T: Config> SupplyLedger<T::AccountId> for Pallet<T> {
		fn burn(from: &T::AccountId, amount: Balance, reason: BurnReason) -> DispatchResult {
			Self::do_burn(from, amount, reason)
		}

		fn note_burned(amount: Balance, reason: BurnReason) {
			Self::do_note_burned(amount, reason);
		}
	}
}
