//! A chain with money of three kinds: native, an asset, and one with a high minimum balance.

use crate as pallet_payouts;
use assay_market::{
	traits::{PayoutReason, Payouts as _},
	AssetId, Balance, Price, Quote,
};
use frame_support::{
	assert_ok, derive_impl, parameter_types,
	traits::{AsEnsureOriginWithArg, ConstU128},
	PalletId,
};
use frame_system::{EnsureRoot, EnsureSigned};
use sp_runtime::BuildStorage;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		Assets: pallet_assets,
		Payouts: pallet_payouts,
	}
);

pub(crate) type AccountId = u64;

/// Existential deposit.
pub(crate) const ED: Balance = 10;

/// Pays everybody.
pub(crate) const PAYER: AccountId = 1;
/// Is paid and lives.
pub(crate) const ALICE: AccountId = 2;
/// Is paid and lives.
pub(crate) const BOB: AccountId = 3;
/// Has no account.
pub(crate) const DEAD: AccountId = 4;
/// Owns the assets.
pub(crate) const ADMIN: AccountId = 5;

/// An asset with minimum balance one.
pub(crate) const STABLE: AssetId = 1;
/// An asset with a high minimum balance.
pub(crate) const COARSE: AssetId = 2;
/// Minimum balance of [`COARSE`].
pub(crate) const COARSE_MINIMUM: Balance = 100;
/// One more asset with minimum balance one.
pub(crate) const OTHER: AssetId = 3;
/// What payer and admin have of everything.
pub(crate) const WEALTH: Balance = 1_000_000;

parameter_types! {
	pub const PayoutsPalletId: PalletId = PalletId(*b"assay/po");
	pub static MaxQuotes: u32 = 2;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = frame_system::mocking::MockBlock<Test>;
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

impl pallet_payouts::Config for Test {
	type WeightInfo = ();
	type Native = Balances;
	type Assets = Assets;
	type PalletId = PayoutsPalletId;
	type MaxQuotes = MaxQuotes;
}

pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
	MaxQuotes::set(2);
	let storage = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig {
			balances: vec![(PAYER, WEALTH), (ALICE, ED), (BOB, ED), (ADMIN, WEALTH)],
			..Default::default()
		},
		assets: pallet_assets::GenesisConfig {
			assets: vec![
				(STABLE, ADMIN, false, 1),
				(COARSE, ADMIN, false, COARSE_MINIMUM),
				(OTHER, ADMIN, false, 1),
			],
			accounts: [STABLE, COARSE, OTHER]
				.into_iter()
				.flat_map(|id| [(id, PAYER, WEALTH), (id, ADMIN, WEALTH)])
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

/// Runs `test` on a new chain and checks the pallet's properties afterwards.
pub(crate) fn build_and_execute(test: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		test();
		assert_eq!(Payouts::do_try_state(), Ok(()));
	});
}

pub(crate) const fn native(amount: Balance) -> Price {
	Price { quote: Quote::Native, amount }
}

pub(crate) const fn asset(id: AssetId, amount: Balance) -> Price {
	Price { quote: Quote::Asset(id), amount }
}

/// The payer pays for earnings.
pub(crate) fn earn(to: AccountId, price: Price) {
	assert_ok!(Payouts::pay(&PAYER, &to, price, PayoutReason::Earnings));
}

/// What an account has of a quote, beyond claims.
pub(crate) fn balance(who: AccountId, quote: Quote) -> Balance {
	match quote {
		Quote::Native => Balances::free_balance(who),
		Quote::Asset(id) => Assets::balance(id, who),
	}
}

/// This pallet's events since the last call.
pub(crate) fn events() -> Vec<crate::Event<Test>> {
	let events = System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::Payouts(event) => Some(event),
			_ => None,
		})
		.collect();
	System::reset_events();
	events
}
