//! A chain with this pallet, the pallets of balances and assets, and fakes of the market's others.
//!
//! | question | owner |
//! | --- | --- |
//! | which chain, and who lives on it | this file |
//! | what the market's other pallets do | `fakes` |
//! | how a series is brought to any stage | `driver` |

mod driver;
mod fakes;

pub(crate) use driver::*;
pub(crate) use fakes::*;

use crate::{self as pallet_vouchers, *};
use assay_market::{
	traits::{ModelStatus, Offer},
	AssetId, Balance, ModelId, ProviderId, Quote, Tick,
};
use frame_support::{
	assert_ok, derive_impl, parameter_types,
	traits::{AsEnsureOriginWithArg, ConstU128, ConstU32},
	PalletId,
};
use frame_system::{EnsureRoot, EnsureSigned};
use sp_runtime::{traits::IdentityLookup, AccountId32, BuildStorage, Permill};
use std::collections::BTreeMap;

pub(crate) type AccountId = AccountId32;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		Assets: pallet_assets,
		AssetsHolder: pallet_assets_holder,
		Vouchers: pallet_vouchers,
	}
);

/// Least balance of the native token.
pub(crate) const ED: Balance = 10;
/// Ticks in a day.
pub(crate) const DAY: Tick = 100;
/// The asset of the first series.
pub(crate) const FIRST_VOUCHER: AssetId = 1_000;
/// A stable asset with a pool, worth two native tokens.
pub(crate) const STABLE: AssetId = 1;
/// What accounts of people have to begin with, of the native token and of the stable asset.
pub(crate) const PURSE: Balance = 1_000_000_000;

/// Somebody who only acts for others.
pub(crate) const ANYBODY: AccountId = AccountId32::new([9; 32]);
/// Buys vouchers.
pub(crate) const BUYER: AccountId = AccountId32::new([1; 32]);
/// Buys vouchers, too.
pub(crate) const OTHER: AccountId = AccountId32::new([2; 32]);
/// Owns provider [`PROVIDER`].
pub(crate) const SERVER: AccountId = AccountId32::new([3; 32]);
/// Owns provider [`RIVAL`].
pub(crate) const RIVAL_SERVER: AccountId = AccountId32::new([4; 32]);
/// Issues and can freeze the stable asset.
pub(crate) const ISSUER: AccountId = AccountId32::new([5; 32]);
/// Where jobs' payments are shared.
pub(crate) const SETTLEMENT: AccountId = AccountId32::new([101; 32]);
/// Where the fake of payouts keeps what waits.
pub(crate) const PAYOUTS: AccountId = AccountId32::new([102; 32]);
/// The insurance.
pub(crate) const INSURANCE: AccountId = AccountId32::new([103; 32]);
/// The treasury.
pub(crate) const TREASURY: AccountId = AccountId32::new([104; 32]);

/// The provider of [`SERVER`].
pub(crate) const PROVIDER: ProviderId = ProviderId(1);
/// The provider of [`RIVAL_SERVER`].
pub(crate) const RIVAL: ProviderId = ProviderId(2);

/// The parameters of the mock.
pub(crate) fn parameters() -> Parameters {
	Parameters {
		window_ticks: 10 * DAY,
		life_ticks: 30 * DAY,
		grace_ticks: 14 * DAY,
		premium: Permill::from_percent(3),
		subscribers_share: Permill::from_percent(70),
		insurance_share: Permill::from_percent(20),
		pledge: Permill::from_percent(50),
		max_multiplier_percent: 150,
		least_subscription: 100,
		mint_limit_per_day: 10_000,
		target_utilisation: Permill::from_percent(80),
		price_step: Permill::from_percent(5),
		rate_interval_ticks: 5,
		rate_stale_ticks: DAY,
		sweep_fee: 7,
	}
}

/// A series of this price that has nothing yet.
pub(crate) fn series_of_price(price_per_unit: Balance) -> Series {
	Series {
		quote: Quote::Native,
		price_per_unit,
		premium_terms: parameters().premium_terms(),
		asset: FIRST_VOUCHER,
		opened_at: 0,
		closes_at: 10,
		expires_at: 20,
		grace_ends_at: 30,
		subscribed: 0,
		released: 0,
		subscribers: 0,
		minted: 0,
		redeemed: 0,
		outstanding: 0,
		escrowed: 0,
		reserve: 0,
		premium_pool: 0,
		forfeited: 0,
		status: SeriesStatus::Live,
	}
}

/// An offer that takes every price.
pub(crate) const OFFER: Offer = Offer {
	min_price_per_unit: 0,
	multiplier_percent: 100,
	deadline_base_ticks: 1,
	deadline_ticks_per_1000_tokens: 1,
	max_open_jobs: 1,
	trace_bytes_per_tick: 1,
	units_per_day: 1,
};

/// The model that everybody serves.
pub(crate) fn model() -> ModelId {
	ModelId::default()
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = frame_system::mocking::MockBlock<Test>;
	type AccountId = AccountId;
	type Lookup = IdentityLookup<AccountId>;
	type AccountData = pallet_balances::AccountData<Balance>;
	type MaxConsumers = ConstU32<16>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type Balance = Balance;
	type ExistentialDeposit = ConstU128<ED>;
	type AccountStore = System;
}

#[derive_impl(pallet_assets::config_preludes::TestDefaultConfig)]
impl pallet_assets::Config for Test {
	type Balance = Balance;
	type Currency = Balances;
	type CreateOrigin = AsEnsureOriginWithArg<EnsureSigned<AccountId>>;
	type ForceOrigin = EnsureRoot<AccountId>;
	type Holder = AssetsHolder;
}

impl pallet_assets_holder::Config for Test {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeHoldReason = RuntimeHoldReason;
}

parameter_types! {
	pub const VouchersPalletId: PalletId = PalletId(*b"vouchers");
	pub static DefaultParameters: Parameters = parameters();
	pub const Insurance: AccountId = INSURANCE;
	pub const Treasury: AccountId = TREASURY;
	/// The market's time.
	pub static Now: Tick = 1_000;
	/// Reserves of pools: native, asset.
	pub static Pools: BTreeMap<AssetId, (Balance, Balance)> = BTreeMap::new();
	/// What all providers can serve in a day.
	pub static Capacity: Balance = 1_000;
	/// What a provider can pledge in all.
	pub static Bond: Balance = 1_000_000_000;
	/// Who owns a provider.
	pub static Providers: BTreeMap<AccountId, ProviderId> =
		[(SERVER, PROVIDER), (RIVAL_SERVER, RIVAL)].into();
	/// Keys that act for a provider without owning it.
	pub static Delegates: BTreeMap<AccountId, ProviderId> = BTreeMap::new();
	/// What every provider offers, if anything, for any model.
	pub static CurrentOffer: Option<Offer> = Some(OFFER);
	/// The status of every model.
	pub static Status: ModelStatus = ModelStatus::Listed;
	/// Whether payouts fail, after they have moved the money.
	pub static PayoutsFail: bool = false;
	/// Most live series of a quote.
	pub static MaxLiveSeries: u32 = 120;
	/// Most series that a provider is subscribed to with a model.
	pub static MaxSubscriptions: u32 = 20;
}

impl Config for Test {
	type AdminOrigin = EnsureRoot<AccountId>;
	type Native = Balances;
	type Assets = Assets;
	type AssetsHold = AssetsHolder;
	type Bonds = FakeBonds;
	type Models = FakeModels;
	type Payouts = FakePayouts;
	type Exchange = FakeExchange;
	type Clock = FakeClock;
	type InsuranceAccount = Insurance;
	type TreasuryAccount = Treasury;
	type DefaultParameters = DefaultParameters;
	type PalletId = VouchersPalletId;
	type FirstAssetId = ConstU32<FIRST_VOUCHER>;
	type TicksPerDay = ConstU32<DAY>;
	type MaxQuotes = ConstU32<2>;
	type MaxLiveSeries = MaxLiveSeries;
	type MaxSubscriptions = MaxSubscriptions;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = FakeHelper;
}

/// Builds test chains.
#[derive(Default)]
pub(crate) struct ExtBuilder {
	without_quotes: bool,
}

impl ExtBuilder {
	/// No quote is registered.
	pub(crate) fn without_quotes() -> Self {
		Self { without_quotes: true }
	}

	/// A chain where people own money, with a native quote at a price of 100.
	pub(crate) fn build(self) -> sp_io::TestExternalities {
		// Tests may share a thread, and with it the static variables.
		DefaultParameters::set(parameters());
		Now::set(1_000);
		Pools::set([(STABLE, (2_000_000, 1_000_000))].into());
		Capacity::set(1_000);
		Bond::set(1_000_000_000);
		Providers::set([(SERVER, PROVIDER), (RIVAL_SERVER, RIVAL)].into());
		Delegates::set(BTreeMap::new());
		CurrentOffer::set(Some(OFFER));
		Status::set(ModelStatus::Listed);
		PayoutsFail::set(false);
		MaxLiveSeries::set(120);
		MaxSubscriptions::set(20);
		let people = [ANYBODY, BUYER, OTHER, SERVER, RIVAL_SERVER, ISSUER];
		let rich = people.iter().map(|who| (who.clone(), PURSE));
		let endowed =
			[Vouchers::account(), SETTLEMENT, PAYOUTS, INSURANCE, TREASURY].map(|who| (who, ED));
		// For the vouchers' names.
		let deposits = (Vouchers::owner_account(), ED + 1_000);
		let storage = RuntimeGenesisConfig {
			balances: pallet_balances::GenesisConfig {
				balances: rich.chain(endowed).chain([deposits]).collect(),
				..Default::default()
			},
			assets: pallet_assets::GenesisConfig {
				assets: vec![(STABLE, ISSUER, false, 1)],
				accounts: people.iter().map(|who| (STABLE, who.clone(), PURSE)).collect(),
				..Default::default()
			},
			vouchers: GenesisConfig {
				native: (!self.without_quotes).then_some((100, 50)),
				..Default::default()
			},
			..Default::default()
		};
		let mut chain = sp_io::TestExternalities::new(storage.build_storage().unwrap());
		// Nothing is noted of events before the first block.
		chain.execute_with(|| System::set_block_number(1));
		chain
	}

	/// Runs `test` and checks every property afterwards.
	pub(crate) fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			test();
			assert_ok!(Vouchers::do_try_state());
		});
	}
}

/// A chain for the benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
	ExtBuilder::without_quotes().build()
}
