//! Planted faults: posted in advance, opened as a whole, counted.

use super::*;
use crate::{
	plants::{MEMORY_TICKS, PLANTS_MAX},
	Due, Honesty, Outcomes, PlantLists, Plants, Tallies, TALLY_ERAS,
};
use frame_support::BoundedVec;
use sp_runtime::{DispatchError::BadOrigin, Perbill};
use Finding::{NotOk, Ok as Right};

const SALT: [u8; 32] = [42; 32];

fn list(jobs: &[JobId]) -> Plants {
	BoundedVec::truncate_from(jobs.to_vec())
}

fn plant(jobs: &[JobId]) -> DispatchResult {
	let hash = hashing::plants(&SALT, jobs);
	Audits::commit_plants(RuntimeOrigin::root(), hash, jobs.len() as u32)
}

fn open(jobs: &[JobId]) -> DispatchResult {
	with_storage_layer(|| Audits::open_plants(signed(ANYBODY), list(jobs), SALT))
}

/// A planted answer that was found by the first auditor and signed by the second, lost.
fn caught(number: u8) {
	let (job, both) = drawn(number);
	checked(job, [(1, NotOk), (2, Right)]);
	lose(job, Some(owner(both[0])));
	blocks(1);
}

/// One that both signed and nobody beat.
fn signed_by_both(number: u8) {
	let (job, _) = drawn(number);
	checked(job, [(1, Right), (1, Right)]);
	close_answer(job);
	blocks(1);
}

#[test]
fn planted_faults_should_measure_honesty() {
	build_and_execute(|| {
		assert_eq!(Audits::honesty(), Honesty::of(0, 0));
		assert_eq!(Audits::honesty().estimate, Perbill::from_percent(50));
		enrol(1..=6);
		let jobs = [1, 2, 3].map(job);
		assert_ok!(plant(&jobs));
		let hash = hashing::plants(&SALT, &jobs);
		let open_until = Now::get() + MEMORY_TICKS;
		assert!(take_events().contains(&Event::PlantsCommitted { hash, count: 3, open_until }));
		blocks(1);
		caught(1);
		signed_by_both(2);
		// The third is never drawn.
		Share::set(Perbill::zero());
		answer(3);
		take_events();
		assert_ok!(open(&jobs));
		let opened = Event::PlantsOpened { hash, audited: 2, found: 1, missed: 3 };
		assert_eq!(take_events(), [opened]);
		assert_eq!(Audits::honesty(), Honesty::of(1, 3));
		assert_eq!(Audits::honesty().estimate, Perbill::from_rational(2_u32, 6));
		assert_eq!(PlantLists::<Test>::get().len(), 0);
		// They count once.
		assert_noop!(open(&jobs), Error::<Test>::UnknownPlants);
		assert_eq!(Outcomes::<Test>::iter().count() + Due::<Test>::iter().count(), 0);
	});
}

#[test]
fn only_who_may_should_plant_and_not_too_much() {
	build_and_execute(|| {
		let commit =
			|hash: u8, count| Audits::commit_plants(RuntimeOrigin::root(), Hash([hash; 32]), count);
		let anybody = Audits::commit_plants(signed(ANYBODY), Hash::default(), 1);
		assert_noop!(anybody, BadOrigin);
		assert_noop!(commit(1, 0), Error::<Test>::PlantCountOutOfRange);
		assert_noop!(commit(1, PLANTS_MAX + 1), Error::<Test>::PlantCountOutOfRange);
		assert_ok!(commit(1, PLANTS_MAX));
		frame_support::assert_storage_noop!(commit(1, PLANTS_MAX).unwrap());
		assert_ok!(commit(2, 1));
		assert_noop!(commit(3, 1), Error::<Test>::TooManyPlantLists);
	});
}

#[test]
fn another_list_salt_or_count_should_open_nothing() {
	build_and_execute(|| {
		let jobs = [1, 2].map(job);
		assert_ok!(plant(&jobs));
		assert_noop!(open(&jobs[..1]), Error::<Test>::UnknownPlants);
		assert_noop!(open(&[jobs[1], jobs[0]]), Error::<Test>::UnknownPlants);
		let other = Audits::open_plants(signed(ANYBODY), list(&jobs), [0; 32]);
		assert_noop!(other, Error::<Test>::UnknownPlants);
		let hash = hashing::plants(&SALT, &[job(5)]);
		assert_ok!(Audits::commit_plants(RuntimeOrigin::root(), hash, 2));
		assert_noop!(open(&[job(5)]), Error::<Test>::UnknownPlants);
	});
}

#[test]
fn what_was_answered_before_should_not_be_planted() {
	build_and_execute(|| {
		enrol(1..=6);
		let (known, _) = drawn(1);
		checked(known, [(1, Right), (1, Right)]);
		close_answer(known);
		blocks(1);
		assert_ok!(plant(&[known]));
		assert_noop!(open(&[known]), Error::<Test>::PlantedTooLate);
	});
}

#[test]
fn an_answer_of_the_same_tick_should_not_count_as_planted() {
	build_and_execute(|| {
		enrol(1..=6);
		assert_ok!(plant(&[job(1)]));
		signed_by_both(1);
		assert_noop!(open(&[job(1)]), Error::<Test>::PlantedTooLate);
	});
}

#[test]
fn a_list_should_not_be_opened_while_a_job_of_it_is_checked() {
	build_and_execute(|| {
		enrol(1..=6);
		assert_ok!(plant(&[job(1)]));
		blocks(1);
		let id = answer(1);
		assert_noop!(open(&[id]), Error::<Test>::PlantStillAudited);
		blocks(crate::beacon::DRAW_ROUNDS);
		assert_noop!(open(&[id]), Error::<Test>::PlantStillAudited);
		checked(id, [(1, Right), (1, Right)]);
		assert_noop!(open(&[id]), Error::<Test>::PlantStillAudited);
		close_answer(id);
		blocks(1);
		assert_ok!(open(&[id]));
		assert_eq!(Audits::honesty(), Honesty::of(0, 2));
	});
}

#[test]
fn a_false_alarm_should_find_nothing() {
	build_and_execute(|| {
		enrol(1..=6);
		assert_ok!(plant(&[job(1)]));
		blocks(1);
		let (id, both) = drawn(1);
		checked(id, [(1, NotOk), (2, Right)]);
		end_game(id, owner(both[0]), assay_market::traits::ClaimEnd::Lost);
		close_answer(id);
		blocks(1);
		assert_ok!(open(&[id]));
		assert_eq!(Audits::honesty(), Honesty::of(0, 1));
	});
}

#[test]
fn lists_that_are_never_opened_should_be_counted_and_make_room() {
	build_and_execute(|| {
		assert_ok!(plant(&[1, 2].map(job)));
		Now::set(Now::get() + MEMORY_TICKS);
		assert_ok!(plant(&[job(3)]));
		assert_eq!(PlantLists::<Test>::get().len(), 2);
		Now::set(Now::get() + 1);
		take_events();
		assert_noop!(open(&[1, 2].map(job)), Error::<Test>::UnknownPlants);
		assert_ok!(plant(&[job(4)]));
		assert_eq!(take_events()[0], Event::PlantsAbandoned { jobs: 2 });
		assert_eq!(Tallies::<Test>::get()[0].tally.abandoned, 2);
		assert_eq!(PlantLists::<Test>::get().len(), 2);
	});
}

#[test]
fn counts_should_be_kept_for_the_latest_eras() {
	build_and_execute(|| {
		let found_in = |era, found| {
			Era::set(era);
			Audits::count(|tally| tally.found += found);
		};
		found_in(1, 7);
		(2..=TALLY_ERAS).for_each(|era| found_in(era, 1));
		assert_eq!(Audits::honesty().found, 7 + TALLY_ERAS - 1);
		// Eras without an audit have no entry.
		found_in(1_000, 2);
		assert_eq!(Audits::honesty().found, TALLY_ERAS + 1);
		assert_eq!(Audits::tallies().len() as u32, TALLY_ERAS);
		assert_eq!(Audits::tallies()[0].era, 2);
	});
}

#[test]
fn the_estimate_should_start_at_a_half_and_follow_what_is_found() {
	let estimate = |found, missed| Honesty::of(found, missed).estimate;
	assert_eq!(estimate(0, 0), Perbill::from_percent(50));
	assert_eq!(estimate(8, 0), Perbill::from_percent(90));
	assert_eq!(estimate(0, 98), Perbill::from_percent(1));
	assert_eq!(estimate(79, 19), Perbill::from_percent(80));
	assert!(estimate(u32::MAX, u32::MAX) >= Perbill::from_parts(499_999_999));
}
