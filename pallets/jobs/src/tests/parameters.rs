//! The governed values.

use super::*;
use crate::{
	parameters::{SPAN_TICKS_MAX, WINDOW_TICKS_MIN},
	BadParameter, GenesisConfig, JobParameters, Parameters,
};
use frame_system::RawOrigin;
use sp_runtime::BuildStorage;

fn good() -> JobParameters {
	JobParameters::default()
}

#[test]
fn the_admin_should_set_them_as_a_whole() {
	build_and_execute(|| {
		let parameters = JobParameters { window_ticks: 200, ..good() };
		assert_ok!(Jobs::set_parameters(RawOrigin::Root.into(), parameters.clone()));
		assert_eq!(Parameters::<Test>::get(), parameters);
		assert_eq!(take_events(), [Event::ParametersSet { parameters }]);
	});
}

#[test]
fn nobody_else_should_set_them() {
	build_and_execute(|| {
		let call = Jobs::set_parameters(RawOrigin::Signed(USER).into(), good());
		assert_noop!(call, DispatchError::BadOrigin);
	});
}

#[test]
fn values_that_break_their_rules_should_be_refused() {
	build_and_execute(|| {
		let long = SPAN_TICKS_MAX + 1;
		for (parameters, bad) in [
			(JobParameters { turn_ticks: 0, ..good() }, BadParameter::Turn),
			(JobParameters { turn_ticks: long, ..good() }, BadParameter::Turn),
			(JobParameters { accept_within_max: 0, ..good() }, BadParameter::AcceptWithin),
			(JobParameters { accept_within_max: long, ..good() }, BadParameter::AcceptWithin),
			(JobParameters { window_ticks: 1, ..good() }, BadParameter::Window),
			(JobParameters { window_ticks: long, ..good() }, BadParameter::Window),
			(JobParameters { data_ticks: 0, ..good() }, BadParameter::Data),
			(JobParameters { data_ticks: long, ..good() }, BadParameter::Data),
			(JobParameters { check_ticks: 0, ..good() }, BadParameter::Check),
			(JobParameters { check_ticks: long, ..good() }, BadParameter::Check),
			(JobParameters { data_deposit_base: 0, ..good() }, BadParameter::DataDeposit),
		] {
			let call = Jobs::set_parameters(RawOrigin::Root.into(), parameters);
			assert_noop!(call, Error::<Test>::BadParameter(bad));
		}
	});
}

#[test]
fn values_at_their_limits_should_be_accepted() {
	let [shortest, longest] = [(1, WINDOW_TICKS_MIN), (SPAN_TICKS_MAX, SPAN_TICKS_MAX)];
	for (span, window_ticks) in [shortest, longest] {
		let parameters = JobParameters {
			turn_ticks: span,
			accept_within_max: span,
			window_ticks,
			data_ticks: span,
			check_ticks: span,
			data_deposit_base: 1,
			data_deposit_per_leaf: 0,
			..good()
		};
		assert_eq!(parameters.validate(), Ok(()));
	}
}

#[test]
fn deposits_should_grow_with_the_leaves() {
	let parameters = JobParameters { data_deposit_base: 5, data_deposit_per_leaf: 2, ..good() };
	assert_eq!(parameters.data_deposit(0), Some(5));
	assert_eq!(parameters.data_deposit(64), Some(133));
	let all = JobParameters { data_deposit_per_leaf: u128::MAX, ..parameters };
	assert_eq!((all.data_deposit(2), all.data_deposit(1)), (None, None));
}

#[test]
#[should_panic(expected = "jobs.parameters: Some(Window) breaks its rule")]
fn a_genesis_that_breaks_a_rule_should_be_refused() {
	let parameters = JobParameters { window_ticks: 0, ..good() };
	GenesisConfig::<Test> { parameters, ..Default::default() }.build_storage().unwrap();
}

#[test]
fn the_pallets_account_should_be_endowed_by_genesis() {
	build_and_execute(|| {
		assert_eq!(Balances::free_balance(Jobs::account()), 10);
	});
}
