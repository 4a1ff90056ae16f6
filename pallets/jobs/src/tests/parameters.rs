//! The governed values.

use super::*;
use crate::{
	parameters::{CHECK_TICKS_MIN, DATA_TICKS_MIN, DRAW_TICKS, SPAN_TICKS_MAX},
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
			(JobParameters { window_ticks: 106, ..good() }, BadParameter::Window),
			(JobParameters { window_ticks: long, ..good() }, BadParameter::Window),
			(JobParameters { data_ticks: DATA_TICKS_MIN - 1, ..good() }, BadParameter::Data),
			(JobParameters { data_ticks: long, ..good() }, BadParameter::Data),
			(JobParameters { data_leaves_per_tick: 0, ..good() }, BadParameter::DataRate),
			(JobParameters { check_ticks: CHECK_TICKS_MIN - 1, ..good() }, BadParameter::Check),
			(JobParameters { check_ticks: long, ..good() }, BadParameter::Check),
		] {
			let call = Jobs::set_parameters(RawOrigin::Root.into(), parameters);
			assert_noop!(call, Error::<Test>::BadParameter(bad));
		}
	});
}

#[test]
fn values_at_their_limits_should_be_accepted() {
	let shortest = JobParameters {
		turn_ticks: 1,
		accept_within_max: 1,
		window_ticks: DRAW_TICKS + CHECK_TICKS_MIN,
		data_ticks: DATA_TICKS_MIN,
		data_leaves_per_tick: 1,
		check_ticks: CHECK_TICKS_MIN,
		..good()
	};
	let longest = JobParameters {
		turn_ticks: SPAN_TICKS_MAX,
		accept_within_max: SPAN_TICKS_MAX,
		window_ticks: SPAN_TICKS_MAX,
		data_ticks: SPAN_TICKS_MAX,
		data_leaves_per_tick: u32::MAX,
		check_ticks: SPAN_TICKS_MAX - DRAW_TICKS,
		..good()
	};
	for parameters in [shortest, longest] {
		assert_eq!(parameters.validate(), Ok(()), "{parameters:?}");
	}
}

#[test]
fn a_window_should_have_time_for_the_draw_and_a_check() {
	// Whoever is drawn may still demand the data, and has a whole check's time.
	for check_ticks in [CHECK_TICKS_MIN, 75, 1_000] {
		let shortest = DRAW_TICKS + check_ticks;
		assert!(shortest / 2 >= DRAW_TICKS);
		for (window_ticks, expected) in
			[(shortest, Ok(())), (shortest - 1, Err(BadParameter::Window))]
		{
			let parameters = JobParameters { window_ticks, check_ticks, ..good() };
			assert_eq!(parameters.validate(), expected);
		}
	}
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
