//! A chain with disputes, neighbours that keep ledgers without rules of their own, and real runs of
//! tiny programs.

mod driver;
mod neighbours;
#[path = "../../../referee/tests/common/mod.rs"]
mod runs;

pub(crate) use driver::*;
pub(crate) use neighbours::*;
pub(crate) use runs::{decoders, encoders, Run};

use assay_market::{Balance, Tick};
use frame_support::{
	assert_ok, construct_runtime, derive_impl, parameter_types,
	traits::{fungible::Mutate, ConstU128, ConstU32},
	weights::Weight,
	PalletId,
};
use frame_system::EnsureRoot;
use sp_runtime::{traits::Convert, BuildStorage};

use crate::{self as pallet_disputes, Event, GenesisConfig};

construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		Disputes: pallet_disputes,
	}
);

/// Free native tokens of everybody.
pub(crate) const FUNDS: Balance = 1_000_000_000_000;
/// Deposit of a claim.
pub(crate) const DEPOSIT: Balance = 1_000;
/// Accounts with funds: 1 to so many.
pub(crate) const ACCOUNTS: u64 = 20;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = frame_system::mocking::MockBlock<Test>;
	type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = Balance;
	type ExistentialDeposit = ConstU128<10>;
}

parameter_types! {
	pub const DisputesPalletId: PalletId = PalletId(*b"assay/ds");
}

/// What calls cost: their bytes, and something for each of them.
pub struct Fee;

impl Convert<(Weight, u32), Balance> for Fee {
	fn convert((_, bytes): (Weight, u32)) -> Balance {
		1_000 + Balance::from(bytes)
	}
}

impl crate::Config for Test {
	type WeightInfo = ();
	type AdminOrigin = EnsureRoot<u64>;
	type Currency = Balances;
	type PalletId = DisputesPalletId;
	type Jobs = JobLedger;
	type Models = Registry;
	type Bonds = ProviderList;
	type Offences = Court;
	type Clock = MockClock;
	type Payouts = Cashier;
	type Supply = Furnace;
	type Audits = AuditRecord;
	type CallFee = Fee;
	type ClaimDeposit = ConstU128<DEPOSIT>;
	type WitnessesPerBlock = ConstU32<5>;
	type MaxJobTicks = ConstU32<10_000>;
}

/// The chain at genesis, with funds for everybody.
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
	let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
	GenesisConfig::<Test>::default().assimilate_storage(&mut storage).unwrap();
	let mut ext = sp_io::TestExternalities::new(storage);
	ext.execute_with(|| {
		System::set_block_number(1);
		neighbours::reset();
		for account in (1..=ACCOUNTS).chain([CASHIER, owner(1), owner(2)]) {
			assert_ok!(Balances::mint_into(&account, FUNDS));
		}
	});
	ext
}

/// Runs a test, then checks every property.
pub(crate) fn build_and_execute(test: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		test();
		check();
	});
}

/// Every property of the pallet, and that no money was made or lost.
pub(crate) fn check() {
	assert_ok!(Disputes::do_try_state());
	check_money();
}

/// Lets time pass.
pub(crate) fn pass(ticks: Tick) {
	Now::set(Now::get() + ticks);
}

/// The pallet's events since the last call.
pub(crate) fn take_events() -> Vec<Event<Test>> {
	let events = System::events().into_iter().filter_map(|record| match record.event {
		RuntimeEvent::Disputes(event) => Some(event),
		_ => None,
	});
	let events = events.collect();
	System::reset_events();
	events
}
