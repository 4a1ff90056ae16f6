//! A chain with jobs, and neighbours that keep ledgers without rules of their own.

mod neighbours;

pub(crate) use neighbours::*;

use assay_market::{traits::Offer, Balance, JobId, ModelId, ProviderId, SeriesId, Tick};
use frame_support::{
	assert_ok, construct_runtime, derive_impl, parameter_types,
	traits::{fungible::Mutate, ConstU128, ConstU32, OnPoll},
	weights::{Weight, WeightMeter},
	PalletId,
};
use frame_system::EnsureRoot;
use sp_runtime::{traits::Convert, BuildStorage};

use crate::{self as pallet_jobs, instantiator::Instantiator, Event, GenesisConfig};

construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		Jobs: pallet_jobs,
	}
);

/// Who asks.
pub(crate) const USER: u64 = 1;
/// Who looks on.
pub(crate) const WATCHER: u64 = 2;
/// Free native tokens of everybody.
pub(crate) const FUNDS: Balance = 1_000_000_000_000_000;
/// Vouchers of users.
pub(crate) const UNITS: Balance = 1_000_000_000;
/// Providers of the mock.
pub(crate) const PROVIDERS: u32 = 5;
/// The series of the mock.
pub(crate) const SERIES: SeriesId = SeriesId(1);

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
	type MaxFreezes = ConstU32<1>;
}

parameter_types! {
	pub const JobsPalletId: PalletId = PalletId(*b"assay/jb");
	pub static MaxDue: u32 = 1_000;
	pub static MaxDeadline: Tick = 10_000;
}

/// What calls cost: their bytes, and something for each of them.
pub struct Fee;

impl Convert<(Weight, u32), Balance> for Fee {
	fn convert((_, bytes): (Weight, u32)) -> Balance {
		1_000_000 + 1_000 * Balance::from(bytes)
	}
}

impl crate::Config for Test {
	type WeightInfo = ();
	type AdminOrigin = EnsureRoot<u64>;
	type Currency = Balances;
	type PalletId = JobsPalletId;
	type Models = Registry;
	type Vouchers = VoucherLedger;
	type Bonds = BondLedger;
	type Settlement = Splitter;
	type Offences = Court;
	type Audits = AuditDesk;
	type Clock = MockClock;
	type Payouts = Cashier;
	type ExposureRule = Rule;
	type ComputeWeights = MockWeights;
	type CallFee = Fee;
	type NonceDeposit = ConstU128<77>;
	type MaxDeadlineTicks = MaxDeadline;
	type MaxDuePerBlock = MaxDue;
}

/// The account that owns a provider.
pub(crate) const fn owner(provider: u32) -> u64 {
	100 + provider as u64
}

/// A delegate of a provider.
pub(crate) const fn delegate(provider: u32) -> u64 {
	200 + provider as u64
}

/// What providers of the mock offer at the start: a unit of vouchers for a unit of compute.
pub(crate) fn offer() -> Offer {
	Offer {
		min_price_per_unit: 0,
		multiplier_percent: 100,
		deadline_base_ticks: 20,
		deadline_ticks_per_1000_tokens: 2,
		max_open_jobs: 100,
		trace_bytes_per_tick: 1_000_000,
		units_per_day: 1_000_000,
	}
}

/// The chain at genesis, with vouchers, bonds and offers.
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
	let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
	GenesisConfig::<Test>::default().assimilate_storage(&mut storage).unwrap();
	let mut ext = sp_io::TestExternalities::new(storage);
	ext.execute_with(|| {
		System::set_block_number(1);
		neighbours::reset();
		MaxDue::set(1_000);
		MaxDeadline::set(10_000);
		for user in [USER, WATCHER] {
			assert_ok!(Balances::mint_into(&user, FUNDS));
			FreeUnits::insert((user, SERIES), UNITS);
		}
		for provider in 1..=PROVIDERS {
			assert_ok!(Balances::mint_into(&owner(provider), FUNDS));
		}
		assert_ok!(Balances::mint_into(&CASHIER, FUNDS));
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
	assert_ok!(Jobs::do_try_state());
	check_neighbours();
}

/// The user, the first provider and the model that generates.
pub(crate) fn driver() -> Instantiator<Test> {
	driver_for(GENERATOR)
}

/// The same for another model.
pub(crate) fn driver_for(model: ModelId) -> Instantiator<Test> {
	Instantiator {
		user: USER,
		owner: owner(1),
		provider: ProviderId(1),
		model,
		series: SERIES,
		token: 7,
	}
}

/// What is stored of a job.
pub(crate) fn stored(job: JobId) -> crate::JobOf<Test> {
	crate::Jobs::<Test>::get(job).expect("the job is stored")
}

/// A block at this tick, with room for everything.
pub(crate) fn block_at(tick: Tick) {
	Now::set(tick);
	<Jobs as OnPoll<_>>::on_poll(System::block_number(), &mut WeightMeter::new());
}

/// Blocks, one for each tick, up to this one.
pub(crate) fn run_to(tick: Tick) {
	for tick in Now::get().saturating_add(1)..=tick {
		block_at(tick);
	}
}

/// The pallet's events since the last call.
pub(crate) fn take_events() -> Vec<Event<Test>> {
	let events = System::events().into_iter().filter_map(|record| match record.event {
		RuntimeEvent::Jobs(event) => Some(event),
		_ => None,
	});
	let events = events.collect();
	System::reset_events();
	events
}

/// How a job ended, by its final event.
pub(crate) fn outcome_of(id: JobId) -> crate::Outcome<u64> {
	let ended = System::events().into_iter().filter_map(|record| match record.event {
		RuntimeEvent::Jobs(Event::Ended { job, outcome, .. }) if job == id => Some(outcome),
		_ => None,
	});
	let mut ended: Vec<_> = ended.collect();
	assert_eq!(ended.len(), 1, "one final event");
	assert!(!crate::Jobs::<Test>::contains_key(id), "nothing stays stored");
	ended.remove(0)
}
