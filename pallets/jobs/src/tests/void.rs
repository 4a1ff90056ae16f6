//! Jobs that nobody can be held to.

use super::*;
use crate::{HoldReason, Outcome, Side, Stage};
use assay_market::{
	traits::{ModelStatus, Verdict},
	ProviderId,
};
use frame_support::traits::fungible::hold::Inspect;

fn poke(id: JobId) -> Result<(), DispatchError> {
	dispatch(crate::Call::poke { job: id }, WATCHER)
}

/// A job at each stage, the last with a demand for its input.
fn one_of_each() -> [JobId; 3] {
	let driver = driver();
	let jobs =
		[driver.submitted(5).unwrap(), driver.accepted(6).unwrap(), driver.committed(7).unwrap()];
	assert_ok!(driver.request_data(WATCHER, jobs[2], Side::Input));
	jobs
}

fn all_have_their_own_back(jobs: [JobId; 3]) {
	for id in jobs {
		assert_ok!(poke(id));
		assert_eq!(outcome_of(id), Outcome::Void);
	}
	assert_eq!(FreeUnits::get((USER, SERIES)), UNITS);
	assert_eq!(Stakes::get((ProviderId(1), GENERATOR)), (0, 0, 0));
	let held = Balances::balance_on_hold(&HoldReason::DataRequest.into(), &WATCHER);
	assert_eq!(held, 0);
	assert_eq!((Reports::get(), EndedJobs::get()), (vec![], vec![]));
}

#[test]
fn a_faulty_version_should_give_everybody_their_own_back() {
	build_and_execute(|| {
		let jobs = one_of_each();
		for id in jobs {
			assert_noop!(poke(id), Error::<Test>::NothingDue);
		}
		Faulty::set(true);
		all_have_their_own_back(jobs);
	});
}

#[test]
fn a_freeze_should_end_at_once_what_nobody_promised_and_nothing_else() {
	build_and_execute(|| {
		let [submitted, accepted, committed] = one_of_each();
		Status::set(ModelStatus::Frozen);
		assert_ok!(poke(submitted));
		assert_eq!(outcome_of(submitted), Outcome::Void);
		for id in [accepted, committed] {
			assert_noop!(poke(id), Error::<Test>::NothingDue);
		}
		// Nobody can freeze a model to see an answer and pay for none.
		assert_ok!(driver().commit(accepted, driver().by_root(1)));
	});
}

#[test]
fn promises_of_a_listed_model_that_froze_should_be_void_in_the_end() {
	build_and_execute(|| {
		let [_, accepted, committed] = one_of_each();
		assert_ok!(driver().post_data(committed, Side::Input, driver().leaves(7, 0, 0)));
		Status::set(ModelStatus::Frozen);
		run_to(23);
		assert_eq!(outcome_of(accepted), Outcome::Void);
		run_to(150);
		assert_eq!(stored(committed).state.stage(), Stage::Committed);
		run_to(151);
		assert_eq!(outcome_of(committed), Outcome::Void);
		assert_eq!(FreeUnits::get((USER, SERIES)), UNITS);
		assert_eq!(Stakes::get((ProviderId(1), GENERATOR)), (0, 0, 0));
		assert_eq!((Reports::get(), EndedJobs::get()), (vec![], vec![]));
	});
}

#[test]
fn a_freeze_should_save_nobody_from_a_lost_game_or_silence() {
	build_and_execute(|| {
		let lost = driver().held(5).unwrap();
		let [_, _, silent] = one_of_each();
		Status::set(ModelStatus::Frozen);
		run_to(151);
		assert!(matches!(outcome_of(silent), Outcome::Silent { .. }));
		run_to(200);
		assert_noop!(poke(lost), Error::<Test>::NothingDue);
		assert_ok!(Jobs::decide(&lost, Verdict::Refuted { challenger: Some((WATCHER, 1)) }));
		assert!(matches!(outcome_of(lost), Outcome::Refuted { .. }));
		assert_eq!(Reports::get().len(), 2);
	});
}

#[test]
fn a_freeze_should_change_nothing_for_jobs_of_an_unlisted_model() {
	build_and_execute(|| {
		Status::set(ModelStatus::Unlisted);
		let late = driver().accepted(6).unwrap();
		let settled = driver().committed(7).unwrap();
		// One attester is enough for this, and one expired request.
		Status::set(ModelStatus::Frozen);
		run_to(151);
		assert!(matches!(outcome_of(late), Outcome::Late { .. }));
		assert!(matches!(outcome_of(settled), Outcome::Settled { .. }));
	});
}

#[test]
fn a_late_job_of_a_faulty_version_should_be_void_and_not_late() {
	build_and_execute(|| {
		let id = driver().accepted(5).unwrap();
		Faulty::set(true);
		run_to(23);
		assert_eq!(outcome_of(id), Outcome::Void);
	});
}

#[test]
fn an_open_game_should_end_a_job_as_void() {
	build_and_execute(|| {
		let id = driver().held(5).unwrap();
		assert_ok!(Jobs::decide(&id, Verdict::Void));
		assert_eq!(outcome_of(id), Outcome::Void);
		assert_eq!(FreeUnits::get((USER, SERIES)), UNITS);
		assert_eq!(Reports::get(), []);
	});
}
