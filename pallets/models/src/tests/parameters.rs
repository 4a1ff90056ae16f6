use frame_support::{assert_noop, assert_ok, traits::Hooks};
use sp_runtime::DispatchError;

use super::*;
use crate::{CurrentParameters, ParameterFault, Parameters};

#[test]
fn only_the_admin_should_set_parameters() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(CurrentParameters::<Test>::get(), PARAMETERS);
		for origin in [signed(REGISTRANT), RuntimeOrigin::none()] {
			assert_noop!(Models::set_parameters(origin, PARAMETERS), DispatchError::BadOrigin);
		}
		let parameters = Parameters { notice_ticks: 5, ..PARAMETERS };
		assert_ok!(Models::set_parameters(RuntimeOrigin::root(), parameters));
		assert_eq!(events(), [Event::ParametersSet { parameters }]);
		assert_eq!(CurrentParameters::<Test>::get(), parameters);
	});
}

#[test]
fn parameters_that_break_a_rule_should_be_refused_by_its_name() {
	let greatest_fee = PARAMETERS.request_fee(224 * 1024).unwrap();
	let refused = [
		(Parameters { max_trace_bytes_per_unit: 0, ..PARAMETERS }, ParameterFault::NoTrace),
		(Parameters { deposit_per_byte: 0, ..PARAMETERS }, ParameterFault::FreeState),
		(Parameters { curation_deposit: 0, ..PARAMETERS }, ParameterFault::FreeState),
		(Parameters { request_fee_base: 0, ..PARAMETERS }, ParameterFault::FreeRequests),
		(Parameters { request_ticks: 0, ..PARAMETERS }, ParameterFault::NoTimeToAnswer),
		(Parameters { notice_ticks: 0, ..PARAMETERS }, ParameterFault::NoNotice),
		(Parameters { silence_exposure: greatest_fee, ..PARAMETERS }, ParameterFault::CheapSilence),
		(Parameters { deposit_base: u128::MAX, ..PARAMETERS }, ParameterFault::Overflow),
		(Parameters { deposit_per_byte: u128::MAX, ..PARAMETERS }, ParameterFault::Overflow),
		(Parameters { request_fee_base: u128::MAX, ..PARAMETERS }, ParameterFault::Overflow),
		(Parameters { request_fee_per_byte: u128::MAX, ..PARAMETERS }, ParameterFault::Overflow),
		(
			Parameters { request_fee_base: POSTING.base + 1, ..PARAMETERS },
			ParameterFault::PaidWithholding,
		),
		(
			Parameters {
				request_fee_per_byte: POSTING.per_byte + 1,
				silence_exposure: 1_000_000,
				..PARAMETERS
			},
			ParameterFault::PaidWithholding,
		),
	];
	ExtBuilder::default().build_and_execute(|| {
		for (parameters, fault) in refused {
			assert_noop!(
				Models::set_parameters(RuntimeOrigin::root(), parameters),
				error(Error::ParametersRefused(fault))
			);
		}
	});
}

#[test]
fn parameters_should_be_admitted_at_their_limits() {
	let greatest_fee = PARAMETERS.request_fee(224 * 1024).unwrap();
	for parameters in [
		Parameters { min_bond_floor: 0, ..PARAMETERS },
		Parameters { min_bond_floor: u128::MAX, ..PARAMETERS },
		Parameters { deposit_base: 0, ..PARAMETERS },
		Parameters { request_fee_base: 1, ..PARAMETERS },
		Parameters { request_fee_base: POSTING.base, ..PARAMETERS },
		Parameters { request_fee_per_byte: 0, ..PARAMETERS },
		Parameters { silence_exposure: greatest_fee + 1, ..PARAMETERS },
		Parameters { request_ticks: 1, notice_ticks: 1, ..PARAMETERS },
	] {
		assert_eq!(parameters.validate(&POSTING), Ok(()), "{parameters:?}");
	}
}

#[test]
fn ticks_beyond_the_last_should_be_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		Now::set(u32::MAX);
		let overflow = sp_runtime::ArithmeticError::Overflow;
		assert_noop!(Models::request_weights(signed(USER), model, 0, u128::MAX), overflow);
		assert_noop!(Models::announce_deprecation(signed(REGISTRANT), model), overflow);
	});
}

#[test]
fn the_configuration_of_the_tests_should_be_sound() {
	<Models as Hooks<u64>>::integrity_test();
}
