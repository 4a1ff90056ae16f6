//! A chain with audits, and neighbours that keep ledgers without rules of their own.

mod neighbours;

pub(crate) use neighbours::*;

use assay_market::{Balance, JobId, ModelId, ProviderId, Tick};
use assay_primitives::Hash;
use frame_support::{
	assert_ok, construct_runtime, derive_impl, parameter_types,
	traits::{fungible::Mutate, ConstU128, OnPoll},
	weights::{Weight, WeightMeter},
	PalletId,
};
use frame_system::EnsureRoot;
use sp_runtime::{
	traits::{Convert, IdentityLookup},
	BuildStorage, Perbill,
};

use crate::{self as pallet_audits, parameters::AuditParameters, Event, GenesisConfig};

construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		Audits: pallet_audits,
	}
);

/// Wide enough for the names of pallets.
pub(crate) type AccountId = u128;

/// Where the treasury's money is.
pub(crate) const TREASURY: AccountId = 1;
/// Where the fake payouts wait.
pub(crate) const CASHIER: AccountId = 2;
/// Who asked for the answers.
pub(crate) const USER: AccountId = 3;
/// Anybody.
pub(crate) const ANYBODY: AccountId = 4;
/// The existential deposit.
pub(crate) const ED: Balance = 10;
/// What the treasury has beside its deposit.
pub(crate) const FUNDS: Balance = 1_000_000_000;
/// Who answers.
pub(crate) const ANSWERER: ProviderId = ProviderId(0);
/// The model of the mock.
pub(crate) const MODEL: ModelId = ModelId(Hash([1; 32]));
/// What a call costs.
pub(crate) const CALL: Balance = 7;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = frame_system::mocking::MockBlock<Test>;
	type AccountId = AccountId;
	type Lookup = IdentityLookup<AccountId>;
	type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = Balance;
	type ExistentialDeposit = ConstU128<ED>;
}

parameter_types! {
	pub const AuditsPalletId: PalletId = PalletId(*b"test/aud");
	pub const Treasury: AccountId = TREASURY;
	pub static MaxDraws: u32 = 100;
	pub static MaxDue: u32 = 100;
	pub static MaxAuditors: u32 = 6;
	pub static MaxLists: u32 = 2;
	pub static Era: u32 = 1;
	/// What the author of the last block contributed.
	pub static Vrf: Option<[u8; 32]> = None;
	pub const DefaultParameters: AuditParameters = AuditParameters {
		seal_ticks: 60,
		reveal_ticks: 20,
		trace_bytes_per_tick: 1_000,
		redraws: 2,
		fee_share: Perbill::from_percent(40),
		silence_penalty: 100,
		min_stake: 2_500,
	};
}

/// What calls cost.
pub struct Fee;

impl Convert<(Weight, u32), Balance> for Fee {
	fn convert(_: (Weight, u32)) -> Balance {
		CALL
	}
}

impl crate::Config for Test {
	type WeightInfo = ();
	type AdminOrigin = EnsureRoot<AccountId>;
	type PlantOrigin = EnsureRoot<AccountId>;
	type Currency = Balances;
	type PalletId = AuditsPalletId;
	type Treasury = Treasury;
	type Jobs = AnswerLedger;
	type Games = Arena;
	type Bonds = BondLedger;
	type Offences = Court;
	type Payouts = Cashier;
	type Settlement = Splitter;
	type Clock = MockClock;
	type Rule = Rule;
	type AuthorVrf = Vrf;
	type Era = Era;
	type CallFee = Fee;
	type DefaultParameters = DefaultParameters;
	type MaxAuditors = MaxAuditors;
	type MaxDrawsPerBlock = MaxDraws;
	type MaxDuePerBlock = MaxDue;
	type MaxPlantLists = MaxLists;
}

/// The account that owns a provider.
pub(crate) const fn owner(provider: u32) -> AccountId {
	100 + provider as AccountId
}

/// A delegate of a provider.
pub(crate) const fn delegate(provider: u32) -> AccountId {
	200 + provider as AccountId
}

/// The job of this number.
pub(crate) fn job(number: u8) -> JobId {
	JobId(Hash([number; 32]))
}

/// The chain at genesis, with providers that are bonded.
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
	let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
	GenesisConfig::<Test>::default().assimilate_storage(&mut storage).unwrap();
	let mut ext = sp_io::TestExternalities::new(storage);
	ext.execute_with(|| {
		System::set_block_number(1);
		neighbours::reset();
		MaxDraws::set(100);
		MaxDue::set(100);
		MaxAuditors::set(6);
		MaxLists::set(2);
		Era::set(1);
		Vrf::set(None);
		assert_ok!(Balances::mint_into(&TREASURY, FUNDS + ED));
		assert_ok!(Balances::mint_into(&CASHIER, ED));
	});
	ext
}

/// Runs a test, then checks every property of the pallet and of its neighbours' ledgers.
pub(crate) fn build_and_execute(test: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		test();
		check();
	});
}

/// Every property of the pallet and of its neighbours' ledgers.
pub(crate) fn check() {
	assert_ok!(Audits::do_try_state());
	check_neighbours();
}

/// A block at the next tick, whose parent's author contributed this.
pub(crate) fn block_with(vrf: [u8; 32]) {
	Vrf::set(Some(vrf));
	Now::mutate(|now| *now += 1);
	poll();
}

/// A block at this tick.
pub(crate) fn block_at(tick: Tick) {
	Now::set(tick);
	poll();
}

fn poll() {
	System::set_block_number(System::block_number() + 1);
	<Audits as OnPoll<_>>::on_poll(System::block_number(), &mut WeightMeter::new());
}

/// So many blocks, each with a tick and a contribution of its own.
pub(crate) fn blocks(count: u32) {
	for _ in 0..count {
		let number = System::block_number().to_le_bytes();
		block_with(sp_io::hashing::blake2_256(&number));
	}
}

/// The pallet's events since the last call.
pub(crate) fn take_events() -> Vec<Event<Test>> {
	let events = System::events().into_iter().filter_map(|record| match record.event {
		RuntimeEvent::Audits(event) => Some(event),
		_ => None,
	});
	let events = events.collect();
	System::reset_events();
	events
}
