//! Jobs that nobody can be held to.

use super::*;
use crate::{HoldReason, Outcome, Side};
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
fn a_model_without_weights_should_give_everybody_their_own_back() {
	build_and_execute(|| {
		let jobs = one_of_each();
		Status::set(ModelStatus::Frozen);
		all_have_their_own_back(jobs);
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
