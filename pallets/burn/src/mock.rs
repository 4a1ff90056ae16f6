//! A chain with the native token, two assets, a pool for each, and payouts that only take money.

use crate as pallet_burn;
use alloc::collections::BTreeMap;
use assay_market::{
	traits::{Clock, Exchange, PayoutReason, Payouts, Settlement as _, Shares},
	AssetId, Balance, JobId, Price, Quote, Tick,
};
use frame_support::{
	assert_ok, derive_impl, parameter_types,
	traits::{
		fungible, fungibles, tokens::Preservation, AsEnsureOriginWithArg, ConstU128, ConstU32,
		Contains, Hooks,
	},
	weights::WeightMeter,
	PalletId,
};
use frame_system::{EnsureRoot, EnsureSigned};
use sp_runtime::{traits::IdentityLookup, BuildStorage, DispatchError, DispatchResult, Permill};

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		Assets: pallet_assets,
		Burn: pallet_burn,
	}
);

/// Wide enough for the names of sub-accounts.
pub(crate) type AccountId = u128;

/// Existential deposit.
pub(crate) const ED: Balance = 10;
/// Eras that the ledger keeps.
pub(crate) const DEPTH: u32 = 3;

/// Pays for jobs, and owns the assets.
pub(crate) const FUNDER: AccountId = 1;
/// Earns.
pub(crate) const PROVIDER: AccountId = 2;
/// Gets the treasury's share.
pub(crate) const TREASURY: AccountId = 3;
/// The insurance.
pub(crate) const INSURANCE: AccountId = 6;
/// Holds the reserves of the pools.
pub(crate) const POOL: AccountId = 4;
/// Holds what is claimable.
pub(crate) const CLAIMABLE: AccountId = 5;

/// An asset of which two units are worth one native token.
pub(crate) const STABLE: AssetId = 1;
/// Another one.
pub(crate) const OTHER: AssetId = 2;
/// Native tokens of each pool.
pub(crate) const RESERVE: Balance = 100_000_000;
/// What the funder has of everything.
pub(crate) const WEALTH: Balance = 1_000_000_000_000;

/// A payment that the pallet made: to whom, how much, why.
pub(crate) type Payment = (AccountId, Price, PayoutReason);

parameter_types! {
	pub const BurnPalletId: PalletId = PalletId(*b"assay/bu");
	pub const Treasury: AccountId = TREASURY;
	pub const Insurance: AccountId = INSURANCE;
	pub const PoolFee: Permill = Permill::from_parts(3_000);
	pub static Now: Tick = 0;
	pub static Era: u32 = 0;
	pub static MaxQuotes: u32 = 2;
	pub static Payments: Vec<Payment> = Vec::new();
	pub static PayoutsFail: bool = false;
	/// Reserves of native tokens and of the asset.
	pub static Pools: BTreeMap<AssetId, (Balance, Balance)> = BTreeMap::new();
	/// Whether pools pay half of what they should and do not care for the least.
	pub static PoolsCheat: bool = false;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = frame_system::mocking::MockBlock<Test>;
	type AccountId = AccountId;
	type Lookup = IdentityLookup<AccountId>;
	type AccountData = pallet_balances::AccountData<Balance>;
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
}

impl pallet_burn::Config for Test {
	type WeightInfo = ();
	type AdminOrigin = EnsureRoot<AccountId>;
	type Native = Balances;
	type Assets = Assets;
	type Quotes = StableOnly;
	type Payouts = TakeOnly;
	type Exchange = ConstantProduct;
	type PoolFee = PoolFee;
	type Clock = StaticClock;
	type Era = Era;
	type Treasury = Treasury;
	type Insurance = Insurance;
	type PalletId = BurnPalletId;
	type MaxQuotes = MaxQuotes;
	type HistoryDepth = ConstU32<DEPTH>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = MakePools;
}

/// Vouchers are quoted in one of the assets.
pub struct StableOnly;

impl Contains<AssetId> for StableOnly {
	fn contains(asset: &AssetId) -> bool {
		*asset == STABLE
	}
}

/// A clock that tests set.
pub struct StaticClock;

impl Clock for StaticClock {
	fn now() -> Tick {
		Now::get()
	}
}

/// Payouts that take the money and note for whom.
pub struct TakeOnly;

impl Payouts<AccountId> for TakeOnly {
	fn pay(from: &AccountId, to: &AccountId, price: Price, reason: PayoutReason) -> DispatchResult {
		if PayoutsFail::get() {
			return Err(DispatchError::Other("payouts fail"));
		}
		if price.amount > 0 {
			move_money(*from, CLAIMABLE, price)?;
			Payments::mutate(|all| all.push((*to, price, reason)));
		}
		Ok(())
	}

	fn rotate(_: &AccountId, _: &AccountId) -> DispatchResult {
		Err(DispatchError::Other("nothing in this pallet rotates"))
	}
}

/// Pools whose reserves keep their product, less a fee of 0.3 %.
pub struct ConstantProduct;

impl Exchange<AccountId> for ConstantProduct {
	fn reserves(quote: Quote) -> Option<(Balance, Balance)> {
		let Quote::Asset(id) = quote else { return None };
		Pools::get().get(&id).copied()
	}

	fn sell(
		who: &AccountId,
		quote: Quote,
		amount: Balance,
		least: Balance,
	) -> Result<Balance, DispatchError> {
		let (Quote::Asset(id), Some((native, asset))) = (quote, Self::reserves(quote)) else {
			return Err(DispatchError::Other("no pool"));
		};
		let after_fee = amount * 997;
		let mut proceeds = native * after_fee / (asset * 1_000 + after_fee);
		if PoolsCheat::get() {
			proceeds /= 2;
		} else if proceeds < least {
			return Err(DispatchError::Unavailable);
		}
		move_money(*who, POOL, Price { quote, amount })?;
		move_money(POOL, *who, native_price(proceeds))?;
		Pools::mutate(|pools| pools.insert(id, (native - proceeds, asset + amount)));
		Ok(proceeds)
	}
}

/// Makes what benchmarks sell.
#[cfg(feature = "runtime-benchmarks")]
pub struct MakePools;

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper<AccountId> for MakePools {
	fn make_asset_with_pool(asset: AssetId, who: &AccountId, amount: Balance) {
		use fungibles::{Create, Mutate as _};
		assert_ok!(<Assets as Create<_>>::create(asset, FUNDER, false, 1));
		assert_ok!(Assets::mint_into(asset, &POOL, 1));
		assert_ok!(Assets::mint_into(asset, who, amount));
		Pools::mutate(|pools| pools.insert(asset, (RESERVE, 2 * RESERVE)));
	}
}

fn move_money(from: AccountId, to: AccountId, price: Price) -> DispatchResult {
	let Price { quote, amount } = price;
	match quote {
		Quote::Native => {
			<Balances as fungible::Mutate<_>>::transfer(
				&from,
				&to,
				amount,
				Preservation::Preserve,
			)?;
		}
		Quote::Asset(id) => {
			<Assets as fungibles::Mutate<_>>::transfer(
				id,
				&from,
				&to,
				amount,
				Preservation::Expendable,
			)?;
		}
	}
	Ok(())
}

pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
	Now::set(0);
	Era::set(0);
	MaxQuotes::set(2);
	Payments::set(Vec::new());
	PayoutsFail::set(false);
	PoolsCheat::set(false);
	Pools::set([STABLE, OTHER].map(|id| (id, (RESERVE, 2 * RESERVE))).into());
	let storage = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig {
			balances: vec![
				(FUNDER, WEALTH),
				(TREASURY, ED),
				(INSURANCE, ED),
				(POOL, 3 * RESERVE),
				(CLAIMABLE, ED),
			],
			..Default::default()
		},
		assets: pallet_assets::GenesisConfig {
			assets: [STABLE, OTHER].map(|id| (id, FUNDER, false, 1)).to_vec(),
			accounts: [STABLE, OTHER]
				.into_iter()
				.flat_map(|id| [(id, FUNDER, WEALTH), (id, POOL, 2 * RESERVE)])
				.collect(),
			..Default::default()
		},
		..Default::default()
	}
	.build_storage()
	.unwrap();
	let mut ext = sp_io::TestExternalities::new(storage);
	// Genesis has no events.
	ext.execute_with(|| System::set_block_number(1));
	ext
}

/// Runs `test` on a new chain, ends the block and checks the pallet's properties.
pub(crate) fn build_and_execute(test: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		test();
		end_block();
		assert_eq!(Burn::do_try_state(), Ok(()));
	});
}

pub(crate) fn end_block() {
	Burn::on_finalize(System::block_number());
}

/// Ends the block and begins the next one, which counts a tick.
pub(crate) fn next_block() {
	end_block();
	System::set_block_number(System::block_number() + 1);
	Now::mutate(|now| *now += 1);
	Burn::on_initialize(System::block_number());
	Burn::on_poll(System::block_number(), &mut WeightMeter::new());
}

pub(crate) fn next_blocks(count: u32) {
	for _ in 0..count {
		next_block();
	}
}

pub(crate) const fn native_price(amount: Balance) -> Price {
	Price { quote: Quote::Native, amount }
}

pub(crate) const fn asset_price(id: AssetId, amount: Balance) -> Price {
	Price { quote: Quote::Asset(id), amount }
}

/// The job that all prices are paid for.
pub(crate) fn job() -> JobId {
	JobId::default()
}

/// The price of a job arrives.
pub(crate) fn fund(price: Price) {
	// No account opens for nothing.
	if price.amount > 0 {
		assert_ok!(move_money(FUNDER, Burn::account(), price));
	}
}

/// A job's price arrives and is shared by the terms of the day.
pub(crate) fn settle(price: Price, listed: bool) -> Shares {
	fund(price);
	Burn::distribute(&job(), price, &PROVIDER, listed, &Burn::terms()).unwrap()
}

/// The insurance is paid in an asset.
pub(crate) fn insure(id: AssetId, amount: Balance) {
	assert_ok!(move_money(FUNDER, INSURANCE, asset_price(id, amount)));
}

/// What the pot has beyond its deposit.
pub(crate) fn pot() -> Balance {
	Balances::free_balance(Burn::pot()) - ED
}

/// What an account has of an asset.
pub(crate) fn units(id: AssetId, who: AccountId) -> Balance {
	Assets::balance(id, who)
}

/// This pallet's events since the last call.
pub(crate) fn events() -> Vec<crate::Event<Test>> {
	let events = System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::Burn(event) => Some(event),
			_ => None,
		})
		.collect();
	System::reset_events();
	events
}
