use crate::{self as pallet_timing, *};
use frame_support::{assert_ok, derive_impl};
use sp_runtime::{BuildStorage, TryRuntimeError};

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Timing: pallet_timing,
	}
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = frame_system::mocking::MockBlock<Test>;
}

impl Config for Test {}

/// Runs `test` on a chain with these figures and checks the pallet's properties afterwards.
fn build_and_execute(slot_duration_ms: u64, epoch_duration_slots: u64, test: impl FnOnce()) {
	let config =
		GenesisConfig::<Test> { slot_duration_ms, epoch_duration_slots, ..Default::default() };
	let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
	config.assimilate_storage(&mut storage).unwrap();
	sp_io::TestExternalities::new(storage).execute_with(|| {
		test();
		assert_ok!(Timing::do_try_state());
	});
}

#[test]
fn genesis_figures_should_reach_every_getter() {
	build_and_execute(1_000, 20, || {
		assert_eq!(SlotDurationMs::<Test>::get(), 1_000);
		assert_eq!(MinimumPeriod::<Test>::get(), 500);
		assert_eq!(EpochDurationSlots::<Test>::get(), 20);
	});
}

#[test]
fn spans_should_round_up_to_whole_blocks_within_the_range() {
	build_and_execute(6_000, 600, || {
		assert_eq!(blocks_in::<Test>(3_600), 600);
		assert_eq!(blocks_in::<Test>(7), 2);
		assert_eq!(blocks_in::<Test>(0), 1);
		assert_eq!(blocks_in::<Test>(u64::MAX), u64::MAX.div_ceil(6_000));
	});
}

#[test]
fn genesis_should_accept_the_limits() {
	build_and_execute(SLOT_DURATION_MS_MIN, EPOCH_DURATION_SLOTS_MIN, || {});
	build_and_execute(SLOT_DURATION_MS_MAX, u64::MAX, || {});
}

#[test]
#[should_panic(expected = "timing.slotDurationMs = 1001: choose an even number from 200 to 60000")]
fn genesis_should_refuse_an_odd_slot() {
	build_and_execute(1_001, 20, || {});
}

#[test]
#[should_panic(expected = "timing.slotDurationMs = 0")]
fn genesis_should_refuse_an_empty_slot() {
	build_and_execute(0, 20, || {});
}

#[test]
#[should_panic(expected = "timing.epochDurationSlots = 4: choose at least 5")]
fn genesis_should_refuse_a_short_epoch() {
	build_and_execute(1_000, 4, || {});
}

#[test]
fn try_state_should_name_the_broken_property() {
	build_and_execute(1_000, 20, || {
		SlotDuration::<Test>::put(999);
		assert_eq!(Timing::do_try_state(), Err(TryRuntimeError::Other("slot_duration_is_usable")));
		SlotDuration::<Test>::put(1_000);

		EpochDuration::<Test>::put(0);
		assert_eq!(Timing::do_try_state(), Err(TryRuntimeError::Other("epoch_duration_is_usable")));
		EpochDuration::<Test>::put(20);
	});
}
