//! What is due, when blocks have no room, and when neighbours fail.

use super::*;
use crate::{Due, DueCursor, WeightInfo};
use frame_support::{
	traits::OnPoll,
	weights::{Weight, WeightMeter},
};

#[test]
fn anybody_should_do_what_is_due_and_nothing_else() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, _) = drawn(1);
		let poke = |who, job| Audits::poke(signed(who), job);
		assert_noop!(poke(ANYBODY, super::job(9)), Error::<Test>::UnknownAudit);
		assert_noop!(poke(ANYBODY, job), Error::<Test>::NothingDue);
		Now::set(stored(job).due_at.unwrap());
		assert_ok!(poke(ANYBODY, job));
		assert_eq!(stored(job).redraws_left, 1);
		for auditor in auditors(job) {
			assert_ok!(seal(auditor, job, 1));
		}
		for auditor in auditors(job) {
			assert_ok!(reveal(auditor, job, 1, Finding::Ok));
		}
		assert_noop!(poke(ANYBODY, job), Error::<Test>::NothingDue);
		close_answer(job);
		assert_ok!(poke(ANYBODY, job));
		assert_noop!(poke(ANYBODY, job), Error::<Test>::UnknownAudit);
	});
}

#[test]
fn a_longer_queue_should_wait_in_order() {
	build_and_execute(|| {
		enrol(1..=6);
		let jobs: Vec<_> = (1..=4).map(answer).collect();
		blocks(crate::beacon::DRAW_ROUNDS);
		MaxDue::set(3);
		let due = stored(jobs[0]).due_at.unwrap();
		// A step for each tick, and one for each audit.
		for tick in Now::get()..due {
			block_at(tick);
		}
		let redrawn = || jobs.iter().filter(|job| stored(**job).redraws_left == 1).count();
		block_at(due);
		assert_eq!(redrawn(), 1);
		block_at(due);
		assert_eq!(redrawn(), 3);
		assert_eq!(DueCursor::<Test>::get(), due);
		MaxDue::set(100);
		block_at(due + 1);
		assert_eq!(redrawn(), 4);
	});
}

#[test]
fn a_block_without_room_should_leave_what_is_due() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, _) = drawn(1);
		let due = stored(job).due_at.unwrap();
		for tick in Now::get()..due {
			block_at(tick);
		}
		Now::set(due);
		let room = <() as WeightInfo>::on_poll_base().saturating_add(Weight::from_parts(1, 1));
		let mut meter = WeightMeter::with_limit(room);
		<Audits as OnPoll<_>>::on_poll(1, &mut meter);
		assert_eq!(stored(job).redraws_left, 2);
		<Audits as OnPoll<_>>::on_poll(1, &mut WeightMeter::new());
		assert_eq!(stored(job).redraws_left, 1);
	});
}

#[test]
fn what_fails_should_change_nothing_and_come_back() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, both) = drawn(1);
		JobsFail::set(true);
		take_events();
		let due = let_time_pass(job);
		assert_eq!(take_events(), [Event::Delayed { job, error: REFUSAL }]);
		assert_eq!(auditors(job), both);
		assert_eq!(punished(), []);
		assert_eq!(stored(job).due_at, Some(due + crate::queue::RETRY_TICKS));
		JobsFail::set(false);
		let_time_pass(job);
		assert_eq!(punished().len(), 2);
	});
}

#[test]
fn what_is_put_behind_the_cursor_should_be_found() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, _) = drawn(1);
		checked(job, [(1, Finding::Ok), (1, Finding::Ok)]);
		// The clock went on in this block after the queue had looked.
		DueCursor::<Test>::put(Now::get() + 1);
		close_answer(job);
		assert_eq!(Due::<Test>::iter_keys().next(), Some((Now::get() + 1, job)));
		blocks(1);
		assert!(!StoredAudits::<Test>::contains_key(job));
	});
}
