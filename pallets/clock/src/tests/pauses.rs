use crate::{mock::*, Pace, PauseLeft};
use assay_market::traits::Clock as _;
use frame_support::{traits::OnRuntimeUpgrade, weights::Weight};

/// An upgrade, as the executive runs it before the block's other hooks.
fn upgrade() -> Weight {
	AllPalletsWithSystem::on_runtime_upgrade()
}

#[test]
fn genesis_should_begin_without_a_pause() {
	build_and_execute(|| {
		run_blocks(1);
		assert_eq!(Clock::now(), 1);
	});
}

#[test]
fn a_stopped_chain_should_count_nothing_and_say_so() {
	build_and_execute(|| {
		run_blocks(3);
		Stopped::set(true);
		run_blocks(100);
		assert_eq!(Clock::now(), 3);
		assert_eq!(Clock::status().pace, Pace::Stopped);

		Stopped::set(false);
		run_blocks(1);
		assert_eq!(Clock::now(), 4);
	});
}

#[test]
fn the_blocks_after_an_upgrade_should_count_nothing_and_say_so() {
	build_and_execute(|| {
		run_blocks(3);
		assert_eq!(upgrade(), <Test as frame_system::Config>::DbWeight::get().writes(1));
		assert_eq!(Clock::status().pace, Pace::AfterUpgrade { blocks_left: PAUSE });
		run_blocks(PAUSE - 1);
		assert_eq!(Clock::now(), 3);
		assert_eq!(Clock::status().pace, Pace::AfterUpgrade { blocks_left: 1 });
		run_blocks(1);
		assert_eq!(Clock::now(), 3);
		assert_eq!(Clock::status().pace, Pace::Full);
		run_blocks(1);
		assert_eq!(Clock::now(), 4);
	});
}

#[test]
fn a_second_upgrade_should_begin_the_pause_anew() {
	build_and_execute(|| {
		upgrade();
		run_blocks(PAUSE / 2);
		upgrade();
		run_blocks(PAUSE);
		assert_eq!(Clock::now(), 0);
		run_blocks(1);
		assert_eq!(Clock::now(), 1);
	});
}

#[test]
fn the_pause_should_begin_when_a_migration_and_a_stop_are_over() {
	build_and_execute(|| {
		upgrade();
		Migrating::set(true);
		run_blocks(20);
		assert_eq!(Clock::status().pace, Pace::Migrating);
		assert_eq!(PauseLeft::<Test>::get(), PAUSE);

		Migrating::set(false);
		Stopped::set(true);
		run_blocks(20);
		assert_eq!(PauseLeft::<Test>::get(), PAUSE);

		Stopped::set(false);
		run_blocks(PAUSE);
		assert_eq!(Clock::now(), 0);
		run_blocks(1);
		assert_eq!(Clock::now(), 1);
	});
}

#[test]
fn a_migration_should_count_nothing() {
	build_and_execute(|| {
		run_blocks(2);
		Migrating::set(true);
		run_blocks(10);
		assert_eq!(Clock::now(), 2);
		Migrating::set(false);
		run_blocks(1);
		assert_eq!(Clock::now(), 3);
	});
}
