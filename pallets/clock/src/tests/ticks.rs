use crate::{mock::*, LastReading, Pace, Reading, Status};
use assay_market::traits::Clock as _;
use frame_support::{
	traits::Hooks,
	weights::{Weight, WeightMeter},
};

#[test]
fn the_clock_should_begin_at_zero() {
	build_and_execute(|| {
		assert_eq!(Clock::now(), 0);
		assert_eq!(Clock::status(), Status { now: 0, quarters: 0, pace: Pace::Full });
	});
}

#[test]
fn a_normal_block_should_count_one_tick() {
	build_and_execute(|| {
		run_blocks(1);
		assert_eq!(Clock::now(), 1);
		run_blocks(9);
		assert_eq!(Clock::now(), 10);
	});
}

#[test]
fn four_blocks_after_full_ones_should_count_one_tick() {
	build_and_execute(|| {
		run_full_block();
		assert_eq!(Clock::now(), 1, "a block's own fullness does not matter to it");
		for quarters in 1..4 {
			run_full_block();
			assert_eq!(Clock::status(), Status { now: 1, quarters, pace: Pace::Quarter });
		}
		run_full_block();
		assert_eq!(Clock::status(), Status { now: 2, quarters: 0, pace: Pace::Quarter });
	});
}

#[test]
fn quarters_should_be_kept_through_normal_blocks() {
	build_and_execute(|| {
		run_full_block();
		run_blocks(1);
		assert_eq!(Clock::status(), Status { now: 1, quarters: 1, pace: Pace::Full });
		run_blocks(5);
		assert_eq!(Clock::status(), Status { now: 6, quarters: 1, pace: Pace::Full });
	});
}

#[test]
fn a_block_without_weight_for_the_hook_should_count_nothing() {
	build_and_execute(|| {
		let mut meter = WeightMeter::with_limit(Weight::from_parts(1, 1));
		Clock::on_poll(1, &mut meter);
		assert_eq!(Clock::now(), 0);
		assert_eq!(meter.consumed(), Weight::zero());

		let mut meter = WeightMeter::new();
		Clock::on_poll(1, &mut meter);
		assert_eq!(Clock::now(), 1);
		assert_eq!(meter.consumed(), <() as crate::WeightInfo>::on_poll());
	});
}

#[test]
fn the_weight_of_the_last_hook_should_be_charged_by_the_first() {
	build_and_execute(|| {
		assert_eq!(Clock::on_initialize(1), <() as crate::WeightInfo>::on_finalize());
	});
}

#[test]
fn the_clock_should_stand_still_at_its_end() {
	build_and_execute(|| {
		LastReading::<Test>::put(Reading { now: u32::MAX, before: u32::MAX - 1, quarters: 0 });
		run_blocks(2);
		assert_eq!(Clock::now(), u32::MAX);
	});
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn benchmarks_should_be_able_to_set_the_time() {
	build_and_execute(|| {
		Clock::set_for_benchmark(1_000);
		assert_eq!(Clock::now(), 1_000);
		run_blocks(1);
		assert_eq!(Clock::now(), 1_001);
	});
}
