//! A chain with nothing but a clock.

use crate as pallet_clock;
use frame_support::{
	derive_impl,
	dispatch::DispatchClass,
	migrations::MultiStepMigrator,
	parameter_types,
	traits::{ConstU32, OnFinalize, OnInitialize, OnPoll},
	weights::{constants::RocksDbWeight, Weight, WeightMeter},
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::{BuildStorage, Perbill};

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Clock: pallet_clock,
	}
);

/// Weight of a whole block.
pub(crate) const BLOCK_WEIGHT: u64 = 1_000_000_000_000;
/// Bytes of a whole block.
pub(crate) const BLOCK_BYTES: u32 = 1_000_000;
/// Share of both that is open to ordinary transactions.
pub(crate) const NORMAL_SHARE: Perbill = Perbill::from_percent(75);
/// Blocks without ticks after an upgrade.
pub(crate) const PAUSE: u32 = 50;

parameter_types! {
	pub TestBlockWeights: BlockWeights = BlockWeights::with_sensible_defaults(
		Weight::from_parts(BLOCK_WEIGHT, u64::MAX),
		NORMAL_SHARE,
	);
	pub TestBlockLength: BlockLength = BlockLength::builder()
		.max_length(BLOCK_BYTES)
		.modify_max_length_for_class(DispatchClass::Normal, |length| {
			*length = NORMAL_SHARE * *length;
		})
		.build();
	pub const FullBlock: Perbill = Perbill::from_percent(90);
	pub static Stopped: bool = false;
	pub static Migrating: bool = false;
}

/// Migrations that go on as long as a test says.
pub struct Migrations;

impl MultiStepMigrator for Migrations {
	fn ongoing() -> bool {
		Migrating::get()
	}

	fn step() -> Weight {
		Weight::zero()
	}
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = frame_system::mocking::MockBlock<Test>;
	type BlockWeights = TestBlockWeights;
	type BlockLength = TestBlockLength;
	type DbWeight = RocksDbWeight;
	type MultiBlockMigrator = Migrations;
}

impl pallet_clock::Config for Test {
	type WeightInfo = ();
	type Stopped = Stopped;
	type PauseAfterUpgrade = ConstU32<PAUSE>;
	type FullBlock = FullBlock;
}

pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
	Stopped::set(false);
	Migrating::set(false);
	frame_system::GenesisConfig::<Test>::default().build_storage().unwrap().into()
}

/// Runs `test` on a new chain and checks the pallet's properties afterwards.
pub(crate) fn build_and_execute(test: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		test();
		assert_eq!(Clock::do_try_state(), Ok(()));
	});
}

/// A block whose transactions are what `transactions` registers, with the hooks in the order of a
/// real one.
pub(crate) fn run_block_with(transactions: impl FnOnce()) {
	let number = System::block_number() + 1;
	System::initialize(&number, &Default::default(), &Default::default());
	let weight = AllPalletsWithSystem::on_initialize(number);
	System::register_extra_weight_unchecked(weight, DispatchClass::Mandatory);
	if !Migrating::get() {
		AllPalletsWithSystem::on_poll(number, &mut WeightMeter::new());
	}
	transactions();
	AllPalletsWithSystem::on_finalize(number);
}

/// Empty blocks.
pub(crate) fn run_blocks(count: u32) {
	for _ in 0..count {
		run_block_with(|| {});
	}
}

/// A block that is full.
pub(crate) fn run_full_block() {
	run_block_with(|| use_weight(DispatchClass::Operational, Perbill::from_percent(95)));
}

/// Uses a share of a block's weight.
pub(crate) fn use_weight(class: DispatchClass, share: Perbill) {
	let weight = Weight::from_parts(share * BLOCK_WEIGHT, 0);
	System::register_extra_weight_unchecked(weight, class);
}
