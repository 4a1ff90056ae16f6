//! The queue of what is due.

use super::*;
use crate::{Config, Jobs as StoredJobs, Queue, QueueCursor, Stage, WeightInfo};
use frame_support::{
	traits::OnPoll,
	weights::{Weight, WeightMeter},
};

type Weights = <Test as Config>::WeightInfo;

/// Jobs that expire at tick 11.
fn submitted(jobs: u32) -> Vec<JobId> {
	(1..=jobs).map(|inputs| driver().submitted(inputs).unwrap()).collect()
}

fn open() -> usize {
	StoredJobs::<Test>::iter_keys().count()
}

/// A block at this tick with so much weight. Returns what was used.
fn block_with(tick: u32, weight: Weight) -> Weight {
	Now::set(tick);
	let mut meter = WeightMeter::with_limit(weight);
	<Jobs as OnPoll<_>>::on_poll(1, &mut meter);
	meter.consumed()
}

/// Weight in which so many ticks are looked at and so many jobs expire, if one expiry leaves room
/// for the dearest thing that may be due.
fn room_for(ticks: u64, jobs: u64) -> Weight {
	Weights::on_poll_base() + Weights::on_poll_tick() * ticks + Weights::poke() * jobs
}

#[test]
fn a_longer_queue_should_wait_in_order_and_lose_nothing() {
	build_and_execute(|| {
		MaxDue::set(3);
		submitted(7);
		// The cursor first walks up to the tick, three steps in a block.
		run_to(11);
		let mut blocks = 0;
		while open() > 0 {
			let before = open();
			block_at(11);
			assert!(before - open() <= 2, "a step is for the tick, two for jobs");
			check();
			blocks += 1;
			assert!(blocks < 20);
		}
		assert_eq!(take_events().len(), 14);
	});
}

#[test]
fn a_meter_without_room_should_stop_the_queue_and_nothing_else() {
	build_and_execute(|| {
		submitted(4);
		for tick in 1..11 {
			block_with(tick, room_for(2, 1));
		}
		assert_eq!(QueueCursor::<Test>::get(), 10);
		assert_eq!(block_with(11, Weight::zero()), Weight::zero());
		// Without room for a job, it is not even looked for.
		assert_eq!(block_with(11, room_for(2, 0)), room_for(0, 0));
		assert_eq!((open(), QueueCursor::<Test>::get()), (4, 10));
		check();
		let used = block_with(11, room_for(2, 2));
		assert_eq!((open(), QueueCursor::<Test>::get()), (2, 11));
		assert_eq!(used, room_for(2, 0) + Weights::poke_expire() * 2);
		block_with(12, Weight::MAX);
		assert_eq!((open(), QueueCursor::<Test>::get()), (0, 12));
	});
}

#[test]
fn the_cursor_should_never_pass_the_current_tick() {
	build_and_execute(|| {
		run_to(20);
		assert_eq!(QueueCursor::<Test>::get(), 20);
		// Something that becomes due in this very tick, after the hook.
		let id = driver().held(5).unwrap();
		run_to(400);
		assert_ok!(Jobs::decide(&id, assay_market::traits::Verdict::Upheld));
		assert_eq!(stored(id).queued_at, Some(400));
		check();
		block_at(400);
		assert_eq!(open(), 0);
	});
}

#[test]
fn many_ticks_at_once_should_be_caught_up_within_the_bound() {
	build_and_execute(|| {
		MaxDue::set(100);
		let first = driver().submitted(5).unwrap();
		let held = driver().held(5).unwrap();
		block_at(90);
		assert!(!StoredJobs::<Test>::contains_key(first));
		assert_eq!(QueueCursor::<Test>::get(), 90);
		block_at(1_000);
		assert_eq!(QueueCursor::<Test>::get(), 189);
		block_at(1_001);
		assert_eq!(QueueCursor::<Test>::get(), 288);
		// Without jobs there is nothing to look for on the way.
		assert_ok!(Jobs::decide(&held, assay_market::traits::Verdict::Void));
		block_at(1_000_000);
		assert_eq!(QueueCursor::<Test>::get(), 1_000_000);
	});
}

#[test]
fn what_jobs_share_should_be_paid_for_once_in_a_block() {
	build_and_execute(|| {
		for _ in 0..4 {
			driver().committed(5).unwrap();
		}
		run_to(150);
		let used = block_with(151, Weight::MAX);
		assert_eq!(open(), 0);
		let ticks = Weights::on_poll_tick() * 2;
		let settled = Weights::poke_settle() + Weights::settle_another() * 3;
		assert_eq!(used, Weights::on_poll_base() + ticks + settled);
	});
}

#[test]
fn room_that_cheap_jobs_leave_should_be_used() {
	build_and_execute(|| {
		submitted(20);
		for tick in 1..11 {
			block_with(tick, room_for(2, 1));
		}
		// Room for ten of the dearest, which is room for more of these.
		let room = room_for(2, 10).set_proof_size(u64::MAX);
		let used = block_with(11, room);
		assert!(used.all_lte(room));
		let done = 20 - u64::try_from(open()).unwrap();
		assert!(done > 10, "{done}");
		assert!(!(used + Weights::on_poll_tick() + Weights::poke()).all_lte(room));
	});
}

#[test]
fn what_fails_should_not_stand_in_the_way_of_others() {
	build_and_execute(|| {
		let failing = driver().committed(5).unwrap();
		SplitterFails::set(true);
		Now::set(141);
		let expiring = driver().submitted(5).unwrap();
		assert_eq!(stored(failing).queued_at, stored(expiring).queued_at);
		block_at(150);
		block_at(151);
		assert_eq!(open(), 1);
		assert!(stored(failing).queued_at > Some(151));
		assert_eq!(Queue::<Test>::iter_keys().count(), 1);
	});
}

#[test]
fn what_keeps_failing_should_wait_twice_as_long_each_time() {
	build_and_execute(|| {
		let id = driver().committed(5).unwrap();
		SplitterFails::set(true);
		let mut now = 151;
		for wait in [50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 6_400] {
			// The cursor's way is not what is tested.
			QueueCursor::<Test>::put(now);
			block_at(now);
			now += wait;
			assert_eq!(stored(id).queued_at, Some(now));
			check();
		}
		// What succeeds in between is no failure in a row.
		SplitterFails::set(false);
		QueueCursor::<Test>::put(now);
		block_at(now);
		assert_eq!(open(), 0);
	});
}

#[test]
fn a_success_should_end_the_row_of_failures() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		StoredJobs::<Test>::mutate(id, |job| job.as_mut().unwrap().failures = 6);
		assert_ok!(driver().accept(id));
		assert_eq!(stored(id).failures, 0);
	});
}

#[test]
fn jobs_of_a_paused_model_should_leave_the_queue_until_it_goes_on() {
	build_and_execute(|| {
		let id = driver().committed(5).unwrap();
		let patient = Request { accept_within: 160, ..driver().request(driver().inline(5), 2) };
		let expiring = driver().submit(patient).unwrap();
		Stopped::set(true);
		PausedUntil::set(Some(900));
		run_to(151);
		assert_eq!(stored(id).queued_at, Some(900));
		assert_eq!(stored(id).state.stage(), Stage::Committed, "its bond is still at stake");
		check();
		// Meanwhile, whatever is not paused goes on, in its own time.
		run_to(161);
		assert!(!StoredJobs::<Test>::contains_key(expiring));
		Stopped::set(false);
		run_to(900);
		assert_eq!(open(), 0);
	});
}

#[test]
#[should_panic(expected = "MaxDeadlineTicks")]
fn a_deadline_without_bound_should_be_refused() {
	use frame_support::traits::Hooks;
	MaxDue::set(2);
	MaxDeadline::set(crate::parameters::SPAN_TICKS_MAX + 1);
	<Jobs as Hooks<u64>>::integrity_test();
}

#[test]
#[should_panic(expected = "MaxDuePerBlock")]
fn a_bound_without_room_for_a_job_should_be_refused() {
	use frame_support::traits::Hooks;
	MaxDue::set(1);
	<Jobs as Hooks<u64>>::integrity_test();
}
