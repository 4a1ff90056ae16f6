//! Silence, redraws, and the end of an audit.

use super::*;
use crate::{beacon::DRAW_ROUNDS, KeptClaims, Outcomes, Promised, Tallies};
use Finding::{NotOk, Ok as Right};

fn silence(auditor: u32) -> (u32, OffenceKind, u128) {
	(auditor, OffenceKind::Silence, 100)
}

#[test]
fn who_is_silent_should_pay_and_be_replaced_by_the_latest_blocks() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, [silent, sealed]) = drawn(1);
		assert_ok!(seal(sealed, job, 1));
		let promised = Promised::<Test>::get();
		take_events();
		let now = let_time_pass(job);
		assert_eq!(punished(), [silence(silent)]);
		// It is off the roster until it comes back.
		assert_eq!(entry(silent), None);
		assert_eq!(Pledged::get((ProviderId(silent), MODEL)), 0);
		let seats = auditors(job);
		assert_eq!(seats.len(), 2);
		assert_eq!(seats[0], sealed);
		assert!(seats[1] != silent);
		let auditors = vec![ProviderId(seats[1])];
		let redrawn = Event::Redrawn { job, auditors, seal_by: now + 60 };
		assert!(take_events().contains(&redrawn));
		assert_eq!(Promised::<Test>::get(), promised);
		// The new one seals before anybody shows anything.
		assert_noop!(reveal(sealed, job, 1, Right), Error::<Test>::SealsMissing);
		assert_ok!(seal(seats[1], job, 1));
		assert_ok!(reveal(sealed, job, 1, Right));
		assert_ok!(reveal(seats[1], job, 1, Right));
		assert_eq!(stored(job).stage, Stage::Concluded);
		assert_eq!(Tallies::<Test>::get()[0].tally.silent, 1);
	});
}

#[test]
fn who_was_silent_should_not_be_drawn_again_for_the_same_answer() {
	build_and_execute(|| {
		enrol(1..=3);
		let (job, [silent, other]) = drawn(1);
		assert_ok!(seal(other, job, 1));
		let stake = |one| Audits::enrol(signed(owner(one)), MODEL, STAKE);
		let third = (1..=3).find(|one| ![silent, other].contains(one)).unwrap();
		let_time_pass(job);
		assert_eq!(auditors(job), [other, third]);
		assert_ok!(stake(silent));
		let_time_pass(job);
		// Nobody is left to be drawn: the one that sealed checks alone.
		assert_eq!(auditors(job), [other]);
		assert_eq!(stored(job).stage, Stage::Revealing);
		assert_eq!(stored(job).silent.into_inner(), [silent, third].map(ProviderId));
		assert_ok!(reveal(other, job, 1, Right));
		assert_eq!(stored(job).stage, Stage::Concluded);
	});
}

#[test]
fn redraws_should_be_limited_and_an_answer_freed_at_last() {
	build_and_execute(|| {
		MaxAuditors::set(10);
		enrol(1..=10);
		let (job, _) = drawn(1);
		let begun = Now::get();
		for round in 1..=3 {
			assert_eq!(stored(job).redraws_left, 3 - round);
			let_time_pass(job);
		}
		// Two redraws, six auditors, and nobody said a word.
		assert!(!StoredAudits::<Test>::contains_key(job));
		assert_eq!(punished().len(), 6);
		assert_eq!(Promised::<Test>::get(), 0);
		let tally = Tallies::<Test>::get()[0].tally;
		assert_eq!((tally.silent, tally.unchecked), (6, 1));
		assert!(take_events().contains(&Event::Concluded { job, checked_by: 0 }));
		assert!(Now::get() - begun + DRAW_ROUNDS <= crate::parameters::LOCK_TICKS_MAX);
		close_answer(job);
	});
}

#[test]
fn who_seals_and_shows_nothing_should_be_silent_too() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, [shows, hides]) = drawn(1);
		assert_ok!(seal(shows, job, 1));
		assert_ok!(seal(hides, job, 2));
		assert_ok!(reveal(shows, job, 1, Right));
		let_time_pass(job);
		assert_eq!(punished(), [silence(hides)]);
		let next = auditors(job)[1];
		assert_eq!(stored(job).stage, Stage::Sealing);
		// The first claim waits for the new one.
		assert!(KeptClaims::<Test>::contains_key(job));
		assert_ok!(seal(next, job, 3));
		assert_ok!(reveal(next, job, 3, Right));
		assert_eq!(Games::get(job).len(), 2);
	});
}

#[test]
fn a_fault_that_was_shown_should_need_no_second_auditor() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, [finder, silent]) = drawn(1);
		assert_ok!(seal(finder, job, 1));
		assert_ok!(seal(silent, job, 1));
		assert_ok!(reveal(finder, job, 1, NotOk));
		let_time_pass(job);
		assert_eq!(punished(), [silence(silent)]);
		assert_eq!(auditors(job), [finder]);
		assert_eq!(stored(job).stage, Stage::Concluded);
		lose(job, Some(owner(finder)));
		blocks(1);
		assert_eq!(paid(finder), FEE);
	});
}

#[test]
fn whoever_signs_should_be_paid_when_the_answer_is() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, both) = drawn(1);
		checked(job, [(1, Right), (1, Right)]);
		assert_eq!(both.map(paid), [0, 0]);
		assert_eq!(both.map(|one| entry(one).unwrap().1), [FALSEHOOD; 2]);
		blocks(10);
		close_answer(job);
		// Nothing happens within the call in which the answer is closed.
		assert_eq!(both.map(paid), [0, 0]);
		take_events();
		blocks(1);
		assert_eq!(both.map(paid), [FEE, FEE]);
		assert_eq!(both.map(|one| entry(one).unwrap().1), [0; 2]);
		let paid = |auditor| Event::Paid { job, auditor: ProviderId(auditor), fee: FEE };
		let closed = Event::Closed { job, found: 0, missed: 2 };
		assert_eq!(take_events(), [paid(both[0]), paid(both[1]), closed]);
		let outcome = Outcomes::<Test>::get(job).unwrap();
		assert_eq!((outcome.found, outcome.missed, outcome.answered_at), (0, 2, 1));
	});
}

#[test]
fn an_answer_that_ends_during_its_audit_should_harm_nobody() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, both) = drawn(1);
		assert_ok!(seal(both[0], job, 1));
		close_answer(job);
		blocks(1);
		assert_eq!(punished(), []);
		assert_eq!(both.map(paid), [0, 0]);
		assert_eq!(both.map(|one| entry(one).unwrap()), [(STAKE, 0, true); 2]);
		assert_eq!(Promised::<Test>::get(), 0);
	});
}

#[test]
fn who_cannot_answer_for_another_falsehood_should_stand_down() {
	build_and_execute(|| {
		for one in [1, 2] {
			assert_ok!(Audits::enrol(signed(owner(one)), MODEL, FALSEHOOD));
		}
		let (job, _) = drawn(1);
		// All of the stake is at risk: there is nobody for a second answer.
		let second = answer(2);
		blocks(DRAW_ROUNDS);
		assert!(!StoredAudits::<Test>::contains_key(second));
		checked(job, [(1, Right), (1, Right)]);
		lose(job, None);
		blocks(1);
		assert_eq!((entry(1), entry(2)), (None, None));
		assert_eq!(Pledged::iter().filter(|(_, pledged)| *pledged > 0).count(), 0);
	});
}

#[test]
fn what_came_of_an_audit_should_be_forgotten_in_time() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, _) = drawn(1);
		checked(job, [(1, Right), (1, Right)]);
		close_answer(job);
		blocks(1);
		let forgotten_at = Outcomes::<Test>::get(job).unwrap().forgotten_at;
		assert_eq!(forgotten_at, Now::get() + crate::plants::MEMORY_TICKS);
		// The queue walks over the empty ticks.
		MaxDue::set(20_000);
		block_at(forgotten_at - 1);
		assert!(Outcomes::<Test>::contains_key(job));
		block_at(forgotten_at);
		assert!(!Outcomes::<Test>::contains_key(job));
		assert_eq!(crate::Due::<Test>::iter().count(), 0);
	});
}
