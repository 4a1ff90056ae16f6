//! # Vouchers
//!
//! Compute prepaid at a fixed price that providers have underwritten, and backed unit by unit by a
//! reserve.
//!
//! ## Pallet API
//!
//! See [`pallet::Call`] for what users do, the view functions for what can be asked before acting,
//! and the implementation of [`Vouchers`](assay_market::traits::Vouchers) for what the pallet of
//! jobs does with vouchers.
//!
//! ## Overview
//!
//! Whoever wants to compute at a known price buys vouchers today and spends them later. A voucher
//! is an ordinary asset: it can be sent, split, traded and lent against. Spending means burning: the
//! money behind the voucher then goes to whoever computed. A voucher that is not spent in time gives
//! its money back.
//!
//! A fixed price is an option: it is worth most when prices have risen, and somebody must have
//! promised to serve at the old price then. That somebody is a provider who *subscribed* to the
//! series before anything could be minted, pledged bond for it, and earns most of the premium that
//! buyers pay on top of the price. Until the series expires, its offer has to take such vouchers, at
//! no higher multiplier than when it subscribed. Others may serve the same vouchers; they earn no
//! premium.
//!
//! ## Terminology
//!
//! - **Unit**: the smallest amount of a voucher, 10^-6 compute units (CU).
//! - **Series**: vouchers of one price, one quote, one mint window, one expiry.
//! - **Quote**: what a price is counted in: the native token, or a registered asset.
//! - **Reserve**: the money behind outstanding units, price times units, exactly.
//! - **Premium**: what buyers pay on top of the price, for good. Part of it forms the **pool**,
//!   which redeemed units take out share by share; what no subscriber earned is **forfeited** to the
//!   insurance.
//! - **Subscription**: units that a provider undertook to serve with a model.
//! - **Duty**: what a subscription asks of the provider's offer for the model.
//! - **Owed**: money that fell due and could not be paid, as its asset was frozen.
//! - **Escrow**: units on hold for a job that is not settled.
//!
//! ## The life of a series
//!
//! | from | until | subscribe | mint | escrow | redeem | release | reclaim |
//! | --- | --- | --- | --- | --- | --- | --- | --- |
//! | `open_series` | `closes_at` | yes | yes | yes | yes | to the holder | - |
//! | `closes_at` | `expires_at` | - | - | yes | yes | to the holder | - |
//! | `expires_at` | `grace_ends_at` | - | - | - | yes | burned, reserve claimable | yes |
//! | `grace_ends_at` | `close_series` | - | - | - | yes | burned, reserve claimable | - |
//! | `close_series` | `forget_series` | - | - | - | - | - | - |
//!
//! All times are ticks, fixed when the series opens; so are its price and its quote. Which money
//! moves when is a table in the file `money.rs`.
//!
//! A subscription is made for a listed model with an offer that could take a job, and its duty lasts
//! until the series expires or the subscription ends: the pallet of providers refuses an offer that
//! breaks the strictest of a provider's duties. In an asset, the duty's least price is what the
//! series' price is worth should the asset's rate fall by 5 % every day until the expiry.
//!
//! Any day a new series of a quote may be opened by anybody, at the controller's price, if none of
//! that quote is open or the price has moved by 5 % since the last. The controller's price moves
//! once a day by at most 5 %: see the file `price.rs`.
//!
//! ## What if
//!
//! - *Somebody sends money or vouchers to the pallet's account?* Nothing: the ledgers are items of
//!   storage, and no balance is read.
//! - *A holder burns vouchers through the assets' pallet?* Their reserve stays in the series, and
//!   goes to the insurance when it is closed.
//! - *A holder wants to escrow its last unit?* One unit always stays free, as the asset's least
//!   balance: it keeps the account alive to which escrow is released. Buy one more.
//! - *A job outlives the expiry, or the grace period?* Escrow stops both for its units: they are
//!   redeemed at the full price or become claimable, and the series is not closed before.
//! - *A provider waits until everybody else reclaimed, to have the whole pool for itself?* Units
//!   take their part of the pool with them, whether served or not.
//! - *Nobody steps a price?* It stays. The next step averages all days since the last.
//! - *Nobody moves a rate?* It gets stale: subscriptions and jobs of that quote are refused until
//!   somebody does. What is in escrow settles: paying needs no rate.
//! - *Somebody distorts a pool to move a rate?* A rate follows the mean over the starts of all
//!   blocks since its last move, by at most 5 % a day; what is further away counts as 5 %. The pool
//!   must stay distorted for long, while others trade against it.
//! - *A block has no weight left for observing pools?* The mean is over the other blocks.
//! - *The issuer of a quoted asset freezes the pallet's account?* Redeeming and reclaiming fail with
//!   the asset's error, and work again when it thaws. Giving escrowed vouchers back never fails, as
//!   jobs end by it: what it cannot pay is owed, and `pay_owed` pays it after the thaw. Nothing of
//!   other quotes is touched. Governance registers only assets whose roles it knows, and no series
//!   opens once these have changed, until it accepts the new ones.
//! - *The issuer destroys it?* Then its money is gone: what is owed in it stays owed, and nothing of
//!   other quotes is touched.
//! - *There are as many live series as are allowed?* No other of that quote opens until one is
//!   closed, which anybody may do and is paid for. As one opens a day at most, and parameters whose
//!   life and grace have more days than series may live are refused, one can be closed by then.
//! - *Somebody takes the number of the next series' asset?* That number is skipped, up to 16 in a row.
//! - *One of several duties expires?* It binds the offer until the provider next subscribes with the
//!   model, takes all of a subscription back, or releases one. The last one ends by itself.
//! - *A model loses its listing?* Its subscriptions stay: their units can be served as before, but do
//!   not count as demand.
//! - *Nobody releases an old subscription?* Its bond stays pledged. Anybody may release it once the
//!   series is closed.
//!
//! ## Properties
//!
//! - **reserve_ledger_covers_vouchers**: the reserve of a live series is its outstanding units times
//!   its price, to the unit.
//! - **account_covers_ledger**: the pallet's account owns, besides its existential deposit, at least
//!   what the ledgers of all series of a quote say and what is owed in it.
//! - **subscriptions_cover_mint**: no more was minted than was subscribed; a series' subscriptions
//!   add up to what it says; none has served more than it undertook.
//! - **duties_match_subscriptions**: every subscription to a series that has not expired binds the
//!   provider's offer until the expiry, and nothing but a subscription does.
//! - **escrow_matches_holds**: units in escrow are on hold, account by account; they add up to what
//!   the series says and are outstanding.
//! - **outstanding_covers_supply**: every unit of a live series that exists is outstanding.
//! - **premium_pool_covered**: premium is owed only where units are outstanding, and a closed series
//!   owes nothing.
//! - **vouchers_are_keyless**: every role of a voucher asset belongs to the pallet's own account,
//!   and its least balance is one unit.
//! - **quotes_count_their_series**: a quote counts its live series, and a quoted asset has a rate.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod duties;
mod ledger;
mod mint;
#[cfg(test)]
mod mock;
mod money;
mod parameters;
mod price;
mod quotes;
mod rate;
mod redeem;
mod series;
mod subscriptions;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", feature = "std"))]
mod try_state;
mod types;
mod views;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use ledger::{PremiumShares, Retired};
pub use pallet::*;
pub use parameters::{
	BadParameter, Parameters, PremiumTerms, GRACE_DAYS, LIFE_DAYS_MAX, PREMIUM,
	RATE_STALE_DAYS_MAX, STEP_MAX, SUBSCRIBERS_SHARE_MIN,
};
pub use price::{stepped, Utilisation};
pub use series::SKIPPED_MAX;
pub use types::*;
pub use views::{Holding, MintQuote, QuoteView, SeriesView};
pub use weights::WeightInfo;

/// See the crate's documentation.
#[frame_support::pallet]
#[allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]
pub mod pallet {
	use super::*;
	use alloc::{string::String, vec::Vec};
	use assay_market::{
		traits::{Bonds, Clock, Exchange, Models, Payouts},
		AssetId, Balance, ModelId, Price, ProviderId, Quote, SeriesId, Tick,
	};
	use frame_support::{
		pallet_prelude::*,
		traits::{
			fungible,
			fungibles::{self, hold, metadata, roles},
		},
		weights::WeightMeter,
		PalletId,
	};
	use frame_system::pallet_prelude::*;
	use sp_runtime::FixedU128;
	#[cfg(feature = "try-runtime")]
	use sp_runtime::TryRuntimeError;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// The pallet.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// What the pallet needs of the runtime.
	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// Sets parameters, registers and removes quotes.
		type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The native token.
		type Native: fungible::Mutate<Self::AccountId, Balance = Balance>;

		/// Vouchers, and the assets that prices may be quoted in. People must not be able to create
		/// assets from [`Self::FirstAssetId`] on.
		type Assets: fungibles::Create<Self::AccountId>
			+ fungibles::Destroy<Self::AccountId>
			+ fungibles::Mutate<Self::AccountId, AssetId = AssetId, Balance = Balance>
			+ metadata::Mutate<Self::AccountId>
			+ roles::Inspect<Self::AccountId>;

		/// Holds on the same assets.
		type AssetsHold: hold::Mutate<
			Self::AccountId,
			AssetId = AssetId,
			Balance = Balance,
			Reason: From<HoldReason>,
		>;

		/// Who is a provider, what it offers and can pledge, and how much all of them can serve.
		type Bonds: Bonds<Self::AccountId>;

		/// Which models are listed.
		type Models: Models;

		/// Where money waits for those who earned it.
		type Payouts: Payouts<Self::AccountId>;

		/// What pools say an asset is worth.
		type Exchange: Exchange<Self::AccountId>;

		/// The market's time.
		type Clock: Clock;

		/// Gets its part of the premium and what nobody earned or claimed. It must own the
		/// existential deposit.
		type InsuranceAccount: Get<Self::AccountId>;

		/// Gets its part of the premium. It must own the existential deposit.
		type TreasuryAccount: Get<Self::AccountId>;

		/// The parameters until governance sets others.
		type DefaultParameters: Get<Parameters>;

		/// Name of the pallet's accounts.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// Number of the asset of the first series; those of the following follow.
		#[pallet::constant]
		type FirstAssetId: Get<AssetId>;

		/// Ticks in a day without full stops.
		#[pallet::constant]
		type TicksPerDay: Get<Tick>;

		/// Most quotes.
		#[pallet::constant]
		type MaxQuotes: Get<u32>;

		/// Most series of a quote that are not closed: at least one for each day of life and grace.
		#[pallet::constant]
		type MaxLiveSeries: Get<u32>;

		/// Most series, of all quotes, that have not expired and that a provider is subscribed to with
		/// one model.
		#[pallet::constant]
		type MaxSubscriptions: Get<u32>;

		/// Weights of the calls.
		type WeightInfo: WeightInfo;

		/// What the benchmarks cannot set up by themselves.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: BenchmarkHelper;
	}

	/// Why vouchers are on hold.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// They pay for jobs that are not settled.
		#[codec(index = 0)]
		Escrow,
	}

	/// The governed values.
	#[pallet::storage]
	pub type CurrentParameters<T: Config> =
		StorageValue<_, Parameters, ValueQuery, T::DefaultParameters>;

	/// What may be quoted in, at most [`Config::MaxQuotes`].
	// Only the admin adds keys, so nobody can build a deep branch of the trie.
	#[pallet::storage]
	pub type Quotes<T: Config> =
		CountedStorageMap<_, Twox64Concat, Quote, QuoteRecord<T::AccountId>>;

	/// What the quoted assets are worth.
	// Keys as in `Quotes`.
	#[pallet::storage]
	pub type Rates<T: Config> = StorageMap<_, Twox64Concat, AssetId, Rate>;

	/// What the pools of quoted assets said since their rates were last moved.
	// Keys as in `Quotes`.
	#[pallet::storage]
	pub type PoolMeans<T: Config> = StorageMap<_, Twox64Concat, AssetId, PoolMean, ValueQuery>;

	/// The number of the next series.
	#[pallet::storage]
	pub type NextSeriesId<T: Config> = StorageValue<_, SeriesId, ValueQuery>;

	/// The series, until they are forgotten. At most one a day and quote is added, and
	/// [`Config::MaxLiveSeries`] of a quote live.
	// Numbers are given out by the pallet.
	#[pallet::storage]
	pub type AllSeries<T: Config> = StorageMap<_, Twox64Concat, SeriesId, Series>;

	/// Who undertook to serve a series with which model. Paid for by the pledged bond.
	// The first two numbers are given out by the market; a model's hash can be ground by whoever
	// registers it.
	#[pallet::storage]
	pub type Subscriptions<T: Config> = StorageNMap<
		_,
		(
			NMapKey<Twox64Concat, SeriesId>,
			NMapKey<Twox64Concat, ProviderId>,
			NMapKey<Blake2_128Concat, ModelId>,
		),
		Subscription,
		ValueQuery,
	>;

	/// What a provider's offer for a model must keep to: at most [`Config::MaxSubscriptions`] duties,
	/// of which the pallet of providers knows the strictest. Paid for by the pledged bond.
	// Keys as in `Subscriptions`.
	#[pallet::storage]
	pub type DutiesOf<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		ProviderId,
		Blake2_128Concat,
		ModelId,
		BoundedVec<Duty, T::MaxSubscriptions>,
		ValueQuery,
	>;

	/// Units in escrow, by series and holder: what the holds on the assets are for. Paid for by the
	/// units themselves.
	// Accounts are chosen by their owners.
	#[pallet::storage]
	pub type Escrows<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		SeriesId,
		Blake2_128Concat,
		T::AccountId,
		Balance,
		ValueQuery,
	>;

	/// Reserve of vouchers that expired in escrow and that could not be paid, by holder. It is out of
	/// the series' ledgers, and still on the pallet's account. Paid for by the burned units.
	// Accounts are chosen by their owners; quotes by the admin.
	#[pallet::storage]
	pub type Owed<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		T::AccountId,
		Twox64Concat,
		Quote,
		Balance,
		ValueQuery,
	>;

	/// Units redeemed since genesis for jobs of listed models: what the price controller counts as
	/// demand.
	#[pallet::storage]
	pub type RedeemedUnits<T: Config> = StorageValue<_, Balance, ValueQuery>;

	/// What was minted on the last day on which something was.
	#[pallet::storage]
	pub type MintedToday<T: Config> = StorageValue<_, DailyMint, ValueQuery>;

	/// The quote of a new chain.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Price and floor of a unit in the native token; without them, governance registers the
		/// first quote.
		pub native: Option<(Balance, Balance)>,
		/// Assets that prices are quoted in: the asset's number, what its smallest unit is worth in
		/// those of the native token, what is claimed about who issues and who can freeze it, price
		/// and floor of a unit. The assets and their pools begin with the chain.
		pub assets: Vec<(AssetId, FixedU128, String, Balance, Balance)>,
		/// Not part of the configuration.
		#[serde(skip)]
		pub _config: core::marker::PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			if let Some((price, floor)) = self.native {
				Pallet::<T>::begin(price, floor);
			}
			for (asset, rate, statement, price, floor) in &self.assets {
				Pallet::<T>::begin_in(*asset, *rate, statement, *price, *floor);
			}
		}
	}

	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// Governance set the parameters.
		ParametersSet {
			/// All of them.
			parameters: Parameters,
		},
		/// Prices may be quoted in something more.
		QuoteRegistered {
			/// In what.
			quote: Quote,
			/// Price of a unit to begin with.
			price: Balance,
			/// Its floor.
			floor: Balance,
		},
		/// Governance moved the floor of a price.
		FloorSet {
			/// In what quote.
			quote: Quote,
			/// The new floor.
			floor: Balance,
		},
		/// Governance looked at who has an asset's roles now.
		TeamAccepted {
			/// The asset.
			asset: AssetId,
		},
		/// Prices are no longer quoted in something.
		QuoteRemoved {
			/// In what.
			quote: Quote,
		},
		/// The controller stepped a price.
		PriceStepped {
			/// In what quote.
			quote: Quote,
			/// The new price of a unit.
			price: Balance,
			/// Units redeemed per day since the last step, for listed models.
			demand_per_day: Balance,
			/// Units per day that could be sold.
			capacity_per_day: Balance,
		},
		/// A rate moved towards its pool's.
		RateUpdated {
			/// Of which asset.
			asset: AssetId,
			/// The new rate.
			native_per_unit: FixedU128,
			/// The mean of the pool's since the last move.
			pool_rate: FixedU128,
			/// Blocks that the mean is over.
			observations: u32,
		},
		/// A series can be subscribed.
		SeriesOpened {
			/// Its number.
			series: SeriesId,
			/// What its price is quoted in.
			quote: Quote,
			/// Price of a unit.
			price_per_unit: Balance,
			/// The asset whose units are the vouchers.
			asset: AssetId,
			/// End of the mint window.
			closes_at: Tick,
			/// From then on its vouchers are reclaimed, not used.
			expires_at: Tick,
			/// From then on they are worth nothing.
			grace_ends_at: Tick,
		},
		/// A provider undertook to serve.
		Subscribed {
			/// Which series.
			series: SeriesId,
			/// Who.
			provider: ProviderId,
			/// With which model.
			model: ModelId,
			/// How many units more.
			units: Balance,
			/// Bond pledged for them.
			pledged: Balance,
		},
		/// A provider took back what nobody had minted.
		Unsubscribed {
			/// Of which series.
			series: SeriesId,
			/// Who.
			provider: ProviderId,
			/// With which model.
			model: ModelId,
			/// How many units.
			units: Balance,
			/// Bond that is free again.
			freed: Balance,
		},
		/// A subscription is over.
		SubscriptionReleased {
			/// Of which series.
			series: SeriesId,
			/// Whose.
			provider: ProviderId,
			/// With which model.
			model: ModelId,
			/// Units that it did not serve.
			unserved: Balance,
			/// Bond that is free again.
			freed: Balance,
		},
		/// Vouchers were bought.
		Minted {
			/// Of which series.
			series: SeriesId,
			/// By whom.
			who: T::AccountId,
			/// How many units.
			units: Balance,
			/// For how much.
			cost: Cost,
		},
		/// Vouchers are on hold for a job.
		Escrowed {
			/// Of which series.
			series: SeriesId,
			/// Whose.
			who: T::AccountId,
			/// How many units.
			units: Balance,
		},
		/// Vouchers are free again.
		Released {
			/// Of which series.
			series: SeriesId,
			/// Whose.
			who: T::AccountId,
			/// How many units.
			units: Balance,
		},
		/// Vouchers came out of escrow after the expiry: they are burned, and their holder may claim
		/// the reserve.
		ExpiredInEscrow {
			/// Of which series.
			series: SeriesId,
			/// Whose.
			who: T::AccountId,
			/// How many units.
			units: Balance,
			/// Their reserve, in the quote.
			amount: Balance,
		},
		/// Money that fell due could not be paid: `pay_owed` pays it once that is possible.
		PaymentOwed {
			/// Whose it is.
			who: T::AccountId,
			/// In what.
			quote: Quote,
			/// How much.
			amount: Balance,
			/// Why it could not be paid.
			error: DispatchError,
		},
		/// What was owed may be claimed.
		OwedPaid {
			/// By whom.
			who: T::AccountId,
			/// In what.
			quote: Quote,
			/// How much.
			amount: Balance,
		},
		/// Vouchers were burned for a settled job.
		Redeemed {
			/// Of which series.
			series: SeriesId,
			/// Whose.
			who: T::AccountId,
			/// How many units.
			units: Balance,
			/// Their reserve, which paid for the job, in the quote.
			amount: Balance,
			/// The premium that they brought.
			premium: Balance,
			/// Of it, what the provider earned as a subscriber; the rest is forfeited.
			earned: Balance,
			/// Who served.
			provider: ProviderId,
		},
		/// Expired vouchers were burned and their reserve paid back.
		Reclaimed {
			/// Of which series.
			series: SeriesId,
			/// To whom.
			who: T::AccountId,
			/// How many units.
			units: Balance,
			/// Their reserve, in the quote.
			amount: Balance,
		},
		/// Premium that no subscriber earned went to the insurance.
		ForfeitsSwept {
			/// Of which series.
			series: SeriesId,
			/// How much, in the quote.
			amount: Balance,
		},
		/// A series' vouchers are worth nothing any more; their asset is being destroyed.
		SeriesClosed {
			/// Which.
			series: SeriesId,
			/// Units that nobody reclaimed.
			unclaimed: Balance,
			/// What the insurance got, in the quote.
			insured: Balance,
			/// What the sweeper may claim, in the quote.
			fee: Balance,
			/// Who closed it.
			sweeper: T::AccountId,
		},
		/// Nothing of a series is left.
		SeriesForgotten {
			/// Which.
			series: SeriesId,
		},
	}

	/// Why something was refused.
	#[pallet::error]
	pub enum Error<T> {
		/// A parameter breaks its rule; see [`Parameters`] for the rules.
		BadParameter(BadParameter),
		/// An amount does not fit: use a smaller one.
		Overflow,
		/// Nothing is quoted in this: choose one of the registered quotes.
		UnknownQuote,
		/// The quote is registered: set its floor, or remove it first.
		QuoteExists,
		/// There are [`Config::MaxQuotes`] quotes: remove one first.
		TooManyQuotes,
		/// The quote has series that are not closed: wait, and close them.
		QuoteInUse,
		/// The asset is a voucher: choose one below [`Config::FirstAssetId`].
		QuoteIsVoucher,
		/// There is no such asset.
		UnknownAsset,
		/// The asset's least balance is not 1, so that the last units of a reserve could not be
		/// moved: choose another asset.
		MinBalanceNotOne,
		/// The pallet's account, the insurance or the treasury cannot own the asset: give them their
		/// existential deposit, or choose a sufficient asset.
		AssetNotOwnable,
		/// The asset has no pool with the native token: create one.
		NoPool,
		/// No block began with liquidity in the asset's pool since its rate was last moved: add
		/// liquidity, and wait for a block.
		NotObserved,
		/// The rate is zero or does not fit: choose an asset with other decimals.
		RateOutOfRange,
		/// The rate was moved less than the interval ago: wait.
		RateTooSoon,
		/// The rate has not been moved for too long: move it with `update_rate`.
		StaleRate,
		/// The floor is below [`LEAST_FLOOR`]: choose a higher one, or a quote with more decimals.
		FloorTooLow,
		/// The price is below its floor: choose a higher one.
		PriceBelowFloor,
		/// The price was stepped less than a day ago: wait.
		StepTooSoon,
		/// A series of the quote was opened less than a day ago: wait, or use that one.
		SeriesTooSoon,
		/// The last series is open, and the price has moved by less than 5 % since: use that one.
		PriceUnmoved,
		/// The quote has [`Config::MaxLiveSeries`] series that are not closed: close one that is
		/// over.
		TooManySeries,
		/// The asset's roles are not those that governance knows: it must look at them and accept
		/// them with `accept_team`.
		TeamChanged,
		/// Somebody else created the assets that the series could use, and [`SKIPPED_MAX`] more in a
		/// row: the runtime must keep the numbers from [`Config::FirstAssetId`] on for vouchers.
		AssetIdTaken,
		/// The account that owns the vouchers cannot pay the deposit for their name: transfer native
		/// tokens to it.
		OwnerCannotDeposit,
		/// There is no such series.
		UnknownSeries,
		/// The series is closed: its vouchers are worth nothing.
		SeriesClosed,
		/// The series has expired: use another, and reclaim the reserve of this one.
		SeriesExpired,
		/// The mint window is over: use another series.
		WindowClosed,
		/// The series has not expired: its vouchers can be used, not reclaimed.
		NotExpired,
		/// The grace period is over: the reserve can no longer be reclaimed.
		GraceOver,
		/// The grace period is not over: wait before closing the series.
		GraceNotOver,
		/// Units of the series are in escrow: wait until their jobs have ended.
		StillEscrowed,
		/// The series is not closed: close it first.
		SeriesNotClosed,
		/// The asset of the series exists: destroy its accounts and approvals, then finish.
		AssetNotDestroyed,
		/// The series has subscriptions: release them.
		SubscriptionsLeft,
		/// Nothing would happen for zero units: choose more.
		ZeroUnits,
		/// The account owns no provider: register one, or let the owner sign if it is a delegate.
		NotAnOwner,
		/// The model is not listed, so that its jobs could be of no use to others: choose a listed one.
		ModelNotListed,
		/// The provider has no offer for the model that could take a job now: set one and go online, or
		/// wait until it has fewer jobs.
		NotServing,
		/// The offer's multiplier exceeds what parameters allow to subscribers: lower it.
		MultiplierTooHigh,
		/// The offer's least price exceeds what a unit of the series may be worth before the expiry:
		/// lower it.
		OfferAboveSeriesPrice,
		/// The provider has [`Config::MaxSubscriptions`] subscriptions with the model to series that
		/// have not expired: release those that are served, or wait.
		TooManySubscriptions,
		/// The subscription would be below the least: subscribe more, or take back all.
		SubscriptionTooSmall,
		/// The provider has no such subscription to the series.
		UnknownSubscription,
		/// The provider has served so much that fewer units are left to take back.
		AlreadyServed,
		/// So much has been minted that fewer units can be taken back.
		AlreadyMinted,
		/// The subscription can still be served, and is not the caller's: wait until the series is
		/// closed.
		StillServing,
		/// Providers have subscribed fewer units: mint fewer, or use another series.
		NotSubscribed,
		/// Today's limit of minted units is reached: mint fewer, or wait for the next day.
		DailyLimit,
		/// Minting costs more than the buyer allows: ask for the cost with `quote_mint`.
		CostAboveMax,
		/// The account has fewer free units; to escrow units, one more must be free.
		TooFewVouchers,
		/// The account has fewer units in escrow.
		TooFewEscrowed,
		/// The series has no forfeited premium.
		NothingToSweep,
		/// Nothing is owed to the account in this quote.
		NothingOwed,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::TicksPerDay::get() > 0, "a day must have ticks");
			assert!(T::MaxSubscriptions::get() > 0, "a provider must be able to subscribe");
			let valid = Self::validated(T::DefaultParameters::get()).map(|_| ());
			assert_eq!(valid, Ok(()), "DefaultParameters");
		}

		/// Observes what the pools say before anybody trades in this block: at most
		/// [`Config::MaxQuotes`], and fewer if there is too little weight.
		fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
			Self::observe_pools(meter);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call(weight = T::WeightInfo)]
	impl<T: Config> Pallet<T> {
		/// Sets the parameters, as a whole.
		///
		/// Origin: [`Config::AdminOrigin`]. What series promised stays as it is.
		///
		/// Errors: [`Error::BadParameter`]. Events: [`Event::ParametersSet`].
		#[pallet::call_index(0)]
		pub fn set_parameters(origin: OriginFor<T>, parameters: Parameters) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			let parameters = Self::validated(parameters).map_err(Error::<T>::BadParameter)?;
			CurrentParameters::<T>::put(&parameters);
			Self::deposit_event(Event::ParametersSet { parameters });
			Ok(())
		}

		/// Lets prices be quoted in the native token or in an asset, beginning with a price of
		/// `price` per unit that never falls below `floor`.
		///
		/// Origin: [`Config::AdminOrigin`]. Of an asset, its roles are recorded: whoever has them
		/// can make every voucher quoted in it worthless. Its smallest unit must be so small that
		/// [`LEAST_FLOOR`] of them are no more than a voucher's unit is worth.
		///
		/// Errors: [`Error::QuoteExists`], [`Error::TooManyQuotes`], [`Error::FloorTooLow`],
		/// [`Error::PriceBelowFloor`], [`Error::QuoteIsVoucher`], [`Error::UnknownAsset`],
		/// [`Error::MinBalanceNotOne`], [`Error::AssetNotOwnable`], [`Error::NoPool`],
		/// [`Error::RateOutOfRange`]. Events: [`Event::QuoteRegistered`].
		#[pallet::call_index(1)]
		pub fn register_quote(
			origin: OriginFor<T>,
			new: NewQuote,
			price: Balance,
			floor: Balance,
		) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_register_quote(new, price, floor)
		}

		/// Moves the floor of a price. A price below it rises to it by daily steps.
		///
		/// Origin: [`Config::AdminOrigin`].
		///
		/// Errors: [`Error::UnknownQuote`], [`Error::FloorTooLow`]. Events: [`Event::FloorSet`].
		#[pallet::call_index(2)]
		pub fn set_floor(origin: OriginFor<T>, quote: Quote, floor: Balance) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set_floor(quote, floor)
		}

		/// Removes a quote all of whose series are closed.
		///
		/// Origin: [`Config::AdminOrigin`].
		///
		/// Errors: [`Error::UnknownQuote`], [`Error::QuoteInUse`]. Events: [`Event::QuoteRemoved`].
		#[pallet::call_index(3)]
		pub fn remove_quote(origin: OriginFor<T>, quote: Quote) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_remove_quote(quote)
		}

		/// Steps the price of a quote, once a day.
		///
		/// Origin: anybody.
		///
		/// Errors: [`Error::UnknownQuote`], [`Error::StepTooSoon`], [`Error::Overflow`]. Events:
		/// [`Event::PriceStepped`].
		#[pallet::call_index(4)]
		pub fn step_price(origin: OriginFor<T>, quote: Quote) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_step_price(quote)
		}

		/// Moves the rate of an asset towards the mean of its pool's since the last move, by at most
		/// 5 % a day.
		///
		/// Origin: anybody.
		///
		/// Errors: [`Error::UnknownQuote`], [`Error::RateTooSoon`], [`Error::NotObserved`],
		/// [`Error::RateOutOfRange`]. Events: [`Event::RateUpdated`].
		#[pallet::call_index(5)]
		pub fn update_rate(origin: OriginFor<T>, asset: AssetId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_update_rate(asset)
		}

		/// Opens a series at the controller's price, which it steps first if a day has passed.
		///
		/// Origin: anybody.
		///
		/// Errors: [`Error::UnknownQuote`], [`Error::TeamChanged`], [`Error::TooManySeries`],
		/// [`Error::SeriesTooSoon`], [`Error::PriceUnmoved`], [`Error::AssetIdTaken`],
		/// [`Error::OwnerCannotDeposit`], [`Error::Overflow`]. Events: [`Event::PriceStepped`],
		/// [`Event::SeriesOpened`].
		#[pallet::call_index(6)]
		pub fn open_series(origin: OriginFor<T>, quote: Quote) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_open_series(quote)?;
			Ok(())
		}

		/// Undertakes to serve `units` of a series with a listed model, and pledges bond for them.
		///
		/// Origin: a provider's owner, during the mint window. A subscription can be added to. Until
		/// the series expires or the subscription ends, the provider's offer for the model can be
		/// neither withdrawn nor given a higher multiplier or a least price above what units of the
		/// series are worth.
		///
		/// Errors: [`Error::NotAnOwner`], [`Error::UnknownSeries`], [`Error::SeriesClosed`],
		/// [`Error::WindowClosed`], [`Error::ZeroUnits`], [`Error::ModelNotListed`],
		/// [`Error::NotServing`], [`Error::MultiplierTooHigh`], [`Error::StaleRate`],
		/// [`Error::OfferAboveSeriesPrice`], [`Error::SubscriptionTooSmall`],
		/// [`Error::TooManySubscriptions`], [`Error::Overflow`], and those of the pallet that has the
		/// bonds. Events: [`Event::Subscribed`].
		#[pallet::call_index(7)]
		pub fn subscribe(
			origin: OriginFor<T>,
			series: SeriesId,
			model: ModelId,
			units: Balance,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_subscribe(&who, series, model, units)
		}

		/// Takes back `units` of a subscription that nobody has minted, and frees their bond.
		///
		/// Origin: a provider's owner.
		///
		/// Errors: [`Error::NotAnOwner`], [`Error::UnknownSeries`], [`Error::SeriesClosed`],
		/// [`Error::ZeroUnits`], [`Error::UnknownSubscription`], [`Error::AlreadyServed`],
		/// [`Error::AlreadyMinted`], [`Error::SubscriptionTooSmall`]. Events:
		/// [`Event::Unsubscribed`].
		#[pallet::call_index(8)]
		pub fn unsubscribe(
			origin: OriginFor<T>,
			series: SeriesId,
			model: ModelId,
			units: Balance,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_unsubscribe(&who, series, model, units)
		}

		/// Ends a subscription with its duty, and frees its bond: one that is served, or of a closed
		/// series, or, by the provider's owner, of an expired one.
		///
		/// Origin: anybody; of an expired series, the provider's owner, who gives up the premium of
		/// jobs that are still in escrow.
		///
		/// Errors: [`Error::UnknownSeries`], [`Error::UnknownSubscription`],
		/// [`Error::StillServing`]. Events: [`Event::SubscriptionReleased`].
		#[pallet::call_index(9)]
		pub fn release_subscription(
			origin: OriginFor<T>,
			series: SeriesId,
			provider: ProviderId,
			model: ModelId,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_release_subscription(&who, series, provider, model)
		}

		/// Buys `units` of a series for its price and the premium, together at most `max_cost`.
		///
		/// Origin: the buyer. The view function `quote_mint` tells the cost before.
		///
		/// Errors: [`Error::UnknownSeries`], [`Error::SeriesClosed`], [`Error::WindowClosed`],
		/// [`Error::ZeroUnits`], [`Error::CostAboveMax`], [`Error::NotSubscribed`],
		/// [`Error::DailyLimit`], [`Error::Overflow`], and those of the quote's and the vouchers'
		/// assets. Events: [`Event::Minted`].
		#[pallet::call_index(10)]
		pub fn mint(
			origin: OriginFor<T>,
			series: SeriesId,
			units: Balance,
			max_cost: Balance,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_mint(&who, series, units, max_cost)
		}

		/// Burns `units` of an expired series and pays their reserve back; the premium is gone.
		///
		/// Origin: the holder, during the grace period.
		///
		/// Errors: [`Error::UnknownSeries`], [`Error::SeriesClosed`], [`Error::ZeroUnits`],
		/// [`Error::NotExpired`], [`Error::GraceOver`], [`Error::TooFewVouchers`], and those of the
		/// quote's asset. Events: [`Event::Reclaimed`].
		#[pallet::call_index(11)]
		pub fn reclaim(origin: OriginFor<T>, series: SeriesId, units: Balance) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_reclaim(&who, series, units)
		}

		/// Gives the premium that no subscriber of a series earned so far to the insurance.
		///
		/// Origin: anybody.
		///
		/// Errors: [`Error::UnknownSeries`], [`Error::SeriesClosed`], [`Error::NothingToSweep`], and
		/// those of the quote's asset. Events: [`Event::ForfeitsSwept`].
		#[pallet::call_index(12)]
		pub fn sweep_forfeits(origin: OriginFor<T>, series: SeriesId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_sweep_forfeits(series)
		}

		/// Ends a series whose grace period is over: what nobody claimed or earned goes to the
		/// insurance, less a flat fee that the caller may claim, and the asset's destruction begins.
		///
		/// Origin: anybody. Then `destroy_accounts`, `destroy_approvals` and `finish_destroy` of the
		/// assets' pallet, `release_subscription` and `forget_series` free what is stored.
		///
		/// Errors: [`Error::UnknownSeries`], [`Error::SeriesClosed`], [`Error::GraceNotOver`],
		/// [`Error::StillEscrowed`], and those of the assets: units that others hold as collateral
		/// keep the asset. Events: [`Event::SeriesClosed`].
		#[pallet::call_index(13)]
		pub fn close_series(origin: OriginFor<T>, series: SeriesId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_close_series(&who, series)
		}

		/// Frees the storage of a closed series whose asset is destroyed and whose subscriptions are
		/// released.
		///
		/// Origin: anybody.
		///
		/// Errors: [`Error::UnknownSeries`], [`Error::SeriesNotClosed`],
		/// [`Error::SubscriptionsLeft`], [`Error::AssetNotDestroyed`]. Events:
		/// [`Event::SeriesForgotten`].
		#[pallet::call_index(14)]
		pub fn forget_series(origin: OriginFor<T>, series: SeriesId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_forget_series(series)
		}

		/// Accepts the accounts that have an asset's roles now, with what is claimed about them.
		///
		/// Origin: [`Config::AdminOrigin`].
		///
		/// Errors: [`Error::UnknownQuote`]. Events: [`Event::TeamAccepted`].
		#[pallet::call_index(15)]
		pub fn accept_team(
			origin: OriginFor<T>,
			asset: AssetId,
			statement: Statement,
		) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_accept_team(asset, statement)
		}

		/// Lets an account claim what is owed to it in a quote, since vouchers of it expired in escrow
		/// and could not be paid.
		///
		/// Origin: anybody. It waits with the other payouts of the account then.
		///
		/// Errors: [`Error::NothingOwed`], and those of the payment. Events: [`Event::OwedPaid`].
		#[pallet::call_index(16)]
		pub fn pay_owed(origin: OriginFor<T>, who: T::AccountId, quote: Quote) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_pay_owed(who, quote)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// A series with its price per compute unit; `None` if there is no such series.
		pub fn series(id: SeriesId) -> Option<SeriesView> {
			AllSeries::<T>::get(id).map(|series| Self::view_of(id, series))
		}

		/// Every series that is not forgotten.
		pub fn all_series() -> Vec<SeriesView> {
			AllSeries::<T>::iter().map(|(id, series)| Self::view_of(id, series)).collect()
		}

		/// What minting so many units costs, and how many can be minted now.
		pub fn quote_mint(id: SeriesId, units: Balance) -> Result<MintQuote, DispatchError> {
			Self::mint_quote_of(id, units)
		}

		/// Units of a series that can be minted now; 0 if there is no such series.
		pub fn mintable(id: SeriesId) -> Balance {
			AllSeries::<T>::get(id).map_or(0, |series| Self::mintable_of(&series))
		}

		/// An account's vouchers: free, in escrow, until when they can be used and reclaimed.
		pub fn vouchers_of(who: T::AccountId) -> Vec<Holding> {
			Self::holdings_of(&who)
		}

		/// Every quote, with its price, its floor, its rate and who can touch its money.
		pub fn quotes() -> Vec<QuoteView<T::AccountId>> {
			Self::quote_views()
		}

		/// What a provider undertook for a series with a model; `None` if nothing.
		pub fn subscription(
			id: SeriesId,
			provider: ProviderId,
			model: ModelId,
		) -> Option<Subscription> {
			Subscriptions::<T>::try_get((id, provider, model)).ok()
		}

		/// What is owed to an account, in each quote, as it could not be paid.
		pub fn owed(who: T::AccountId) -> Vec<Price> {
			let price = |(quote, amount)| Price { quote, amount };
			Owed::<T>::iter_prefix(who).map(price).collect()
		}

		/// The governed values.
		pub fn parameters() -> Parameters {
			CurrentParameters::<T>::get()
		}
	}
}
