//! Each property of the documentation, broken by writing storage directly, is noticed by its check.

use super::*;
use crate::{
	DataLoad, DataLoads, HoldReason, JobOf, Jobs as StoredJobs, NextNonce, OpenByVersion,
	Publication, Queue, QueueCursor, Side, State, Totals,
};
use assay_market::ProviderId;
use frame_support::traits::{fungible::hold::Mutate, tokens::Precision};
use sp_runtime::TryRuntimeError;

/// A job at each stage, with a demand for data.
fn with_jobs(breaks: impl Fn(JobId, JobId, JobId), property: &'static str) {
	new_test_ext().execute_with(|| {
		let driver = driver();
		let submitted = driver.submitted(5).unwrap();
		let accepted = driver.accepted(6).unwrap();
		let committed = driver.committed(7).unwrap();
		assert_ok!(driver.request_data(WATCHER, committed, Side::Input));
		check();
		breaks(submitted, accepted, committed);
		assert_eq!(Jobs::do_try_state(), Err(TryRuntimeError::Other(property)));
	});
}

fn change(id: JobId, change: impl Fn(&mut JobOf<Test>)) {
	StoredJobs::<Test>::mutate(id, |job| change(job.as_mut().unwrap()));
}

#[test]
fn escrow_matches_jobs() {
	const NAME: &str = "escrow_matches_jobs";
	with_jobs(|submitted, _, _| change(submitted, |job| job.escrow += 1), NAME);
	with_jobs(|_, _, _| Totals::<Test>::mutate(|totals| totals.units_escrowed += 1), NAME);
	with_jobs(|_, _, _| Totals::<Test>::mutate(|totals| totals.units_refunded += 1), NAME);
	with_jobs(|_, _, _| EscrowedUnits::mutate((USER, SERIES), |units| *units -= 1), NAME);
}

#[test]
fn no_payment_without_settlement() {
	const NAME: &str = "no_payment_without_settlement";
	let pay = |units| {
		Totals::<Test>::mutate(|totals| {
			totals.units_escrowed += units;
			totals.units_paid += units;
		});
	};
	with_jobs(|_, _, _| pay(1), NAME);
	with_jobs(
		|_, _, _| {
			pay(1);
			Totals::<Test>::mutate(|totals| totals.ended.settled = 2);
		},
		NAME,
	);
	let dearer = |job: &mut JobOf<Test>| {
		let State::Committed(_, answer) = &mut job.state else { panic!("no answer") };
		answer.units = job.escrow + 1;
	};
	with_jobs(|_, _, committed| change(committed, dearer), NAME);
}

#[test]
fn stake_matches_jobs() {
	const NAME: &str = "stake_matches_jobs";
	let reserve_more = |job: &mut JobOf<Test>| {
		let State::Accepted(promise) = &mut job.state else { panic!("not accepted") };
		promise.reserved += 1;
	};
	with_jobs(|_, accepted, _| change(accepted, reserve_more), NAME);
	let expose_more = |job: &mut JobOf<Test>| {
		let State::Committed(promise, answer) = &mut job.state else { panic!("no answer") };
		answer.exposed = promise.reserved + 1;
	};
	with_jobs(|_, _, committed| change(committed, expose_more), NAME);
	let key = (ProviderId(1), GENERATOR);
	with_jobs(|_, _, _| Stakes::mutate(key, |(_, exposed, _)| *exposed += 1), NAME);
	with_jobs(|_, _, _| Stakes::mutate(key, |(_, _, trace)| *trace -= 1), NAME);
}

#[test]
fn deposits_match_requests() {
	const NAME: &str = "deposits_match_requests";
	let more = |job: &mut JobOf<Test>| {
		let Publication::Asked(request) = &mut job.input_data else { panic!("not asked") };
		request.deposit += 1;
	};
	with_jobs(|_, _, committed| change(committed, more), NAME);
}

#[test]
fn data_loads_match_requests() {
	const NAME: &str = "data_loads_match_requests";
	let load = |open| DataLoad { open, busy_until: 9 };
	with_jobs(|_, _, _| DataLoads::<Test>::insert(ProviderId(1), load(2)), NAME);
	with_jobs(|_, _, _| DataLoads::<Test>::insert(ProviderId(2), load(1)), NAME);
	with_jobs(|_, _, _| DataLoads::<Test>::remove(ProviderId(1)), NAME);
}

#[test]
fn nonces_are_paid_for() {
	const NAME: &str = "nonces_are_paid_for";
	with_jobs(|_, _, _| NextNonce::<Test>::insert(WATCHER, 1), NAME);
	with_jobs(
		|_, _, _| {
			let all = Precision::Exact;
			assert_ok!(Balances::release(&HoldReason::Nonce.into(), &USER, 77, all));
		},
		NAME,
	);
}

#[test]
fn queue_contains_every_job_with_a_deadline() {
	const NAME: &str = "queue_contains_every_job_with_a_deadline";
	with_jobs(|submitted, _, _| Queue::<Test>::remove(11, submitted), NAME);
	with_jobs(|submitted, _, _| Queue::<Test>::insert(12, submitted, ()), NAME);
	with_jobs(|_, _, _| QueueCursor::<Test>::put(12), NAME);
	with_jobs(|submitted, _, _| change(submitted, |job| job.queued_at = None), NAME);
	let earlier = |submitted: JobId| {
		Queue::<Test>::remove(11, submitted);
		Queue::<Test>::insert(10, submitted, ());
		change(submitted, |job| job.queued_at = Some(10));
	};
	with_jobs(|submitted, _, _| earlier(submitted), NAME);
}

#[test]
fn counts_match_jobs() {
	const NAME: &str = "counts_match_jobs";
	with_jobs(|_, _, _| Totals::<Test>::mutate(|totals| totals.open.accepted += 1), NAME);
	with_jobs(|_, _, _| Totals::<Test>::mutate(|totals| totals.submitted += 1), NAME);
	with_jobs(|_, _, _| Totals::<Test>::mutate(|totals| totals.ended.void += 1), NAME);
}

#[test]
fn versions_match_jobs() {
	const NAME: &str = "versions_match_jobs";
	with_jobs(|_, _, _| OpenByVersion::<Test>::mutate(1, |open| *open += 1), NAME);
	with_jobs(|_, _, _| OpenByVersion::<Test>::insert(2, 1), NAME);
	with_jobs(|_, _, _| OpenByVersion::<Test>::remove(1), NAME);
}

#[test]
fn the_documentation_should_name_every_property_and_no_other() {
	let docs = include_str!("../lib.rs");
	let (_, properties) = docs.split_once("//! ## Properties\n").unwrap();
	let named: Vec<_> = properties
		.lines()
		.filter_map(|line| line.strip_prefix("//! - **")?.split_once("**:"))
		.map(|(name, _)| name)
		.collect();
	let checks = include_str!("../try_state.rs");
	let checked: Vec<_> = checks
		.lines()
		.filter_map(|line| line.trim().strip_prefix("const NAME: &str = \"")?.strip_suffix("\";"))
		.collect();
	assert_eq!(named, checked);
}
