//! What may be read.

use super::*;
use crate::{beacon::DRAW_ROUNDS, AuditView, Awaited, Expected};

#[test]
fn an_auditor_should_see_what_awaits_it_and_until_when() {
	build_and_execute(|| {
		enrol(1..=2);
		let (job, [one, other]) = drawn(1);
		let awaited = |expected| {
			let until = stored(job).due_at.unwrap() - 1;
			vec![Awaited { job, commitment: commitment(job), model: MODEL, expected, until }]
		};
		assert_eq!(Audits::awaited(owner(one)), awaited(Expected::Seal));
		assert_eq!(Audits::awaited(delegate(other)), awaited(Expected::Seal));
		assert_eq!(Audits::awaited(owner(3)), []);
		assert_eq!(Audits::awaited(ANYBODY), []);
		assert_ok!(seal(one, job, 1));
		assert_eq!(Audits::awaited(owner(one)), awaited(Expected::Wait));
		assert_ok!(seal(other, job, 1));
		assert_eq!(Audits::awaited(owner(one)), awaited(Expected::Reveal));
		// At its last tick, the move is possible.
		Now::set(stored(job).due_at.unwrap() - 1);
		assert_ok!(reveal(one, job, 1, Finding::Ok));
		assert_eq!(Audits::awaited(owner(one)), awaited(Expected::Wait));
		assert_ok!(reveal(other, job, 1, Finding::Ok));
		assert_eq!(Audits::awaited(owner(one)), []);
	});
}

#[test]
fn the_most_urgent_audit_should_come_first() {
	build_and_execute(|| {
		enrol(1..=2);
		let first = answer(9);
		blocks(5);
		let second = answer(1);
		blocks(DRAW_ROUNDS);
		let jobs: Vec<_> = Audits::awaited(owner(1)).into_iter().map(|one| one.job).collect();
		assert_eq!(jobs, [first, second]);
		close_answer(first);
		assert_eq!(Audits::awaited(owner(1)).len(), 1);
	});
}

#[test]
fn the_audit_of_a_job_should_be_seen_from_its_answer_to_its_end() {
	build_and_execute(|| {
		enrol(1..=2);
		assert_eq!(Audits::audit(job(1)), None);
		let job = answer(1);
		let waits = |blocks_left| Some(AuditView::AwaitsDraw { blocks_left });
		assert_eq!(Audits::audit(job), waits(DRAW_ROUNDS));
		blocks(3);
		assert_eq!(Audits::audit(job), waits(DRAW_ROUNDS - 3));
		blocks(DRAW_ROUNDS - 3);
		assert_eq!(Audits::audit(job), Some(AuditView::Drawn(stored(job))));
		close_answer(job);
		blocks(1);
		assert_eq!(Audits::audit(job), None);
	});
}
