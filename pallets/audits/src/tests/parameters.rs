//! The governed values and their rules.

use super::*;
use crate::{
	parameters::{REVEAL_TICKS_MIN, SEAL_TICKS_MIN, TRACE_TICKS_MAX},
	types::REDRAWS_MAX,
	AuditParameters, BadParameter, Parameters,
};
use sp_runtime::{DispatchError::BadOrigin, Perbill, Permill};

fn defaults() -> AuditParameters {
	DefaultParameters::get()
}

fn refused(parameters: AuditParameters, fault: BadParameter) {
	assert_noop!(
		Audits::set_parameters(RuntimeOrigin::root(), parameters),
		Error::<Test>::BadParameter(fault)
	);
}

#[test]
fn governance_should_set_them() {
	build_and_execute(|| {
		let parameters = AuditParameters { seal_ticks: 50, ..defaults() };
		assert_noop!(Audits::set_parameters(signed(ANYBODY), parameters), BadOrigin);
		assert_ok!(Audits::set_parameters(RuntimeOrigin::root(), parameters));
		assert_eq!(take_events(), [Event::ParametersSet { parameters }]);
		assert_eq!(Parameters::<Test>::get(), parameters);
	});
}

#[test]
fn each_rule_should_be_kept_at_its_border() {
	build_and_execute(|| {
		let set = |parameters| Audits::set_parameters(RuntimeOrigin::root(), parameters);
		let least = AuditParameters {
			seal_ticks: SEAL_TICKS_MIN,
			reveal_ticks: REVEAL_TICKS_MIN,
			redraws: 7,
			..defaults()
		};
		assert_ok!(set(least));
		let seal_ticks = SEAL_TICKS_MIN - 1;
		refused(AuditParameters { seal_ticks, ..least }, BadParameter::Seal);
		let reveal_ticks = REVEAL_TICKS_MIN - 1;
		refused(AuditParameters { reveal_ticks, ..least }, BadParameter::Reveal);
		let redraws = REDRAWS_MAX + 1;
		refused(AuditParameters { redraws, ..least }, BadParameter::Redraws);
		// 33 ticks for the draw and (7 + 1) × 33 for the auditors are 297 of 300.
		assert_ok!(set(AuditParameters { seal_ticks: 23, ..least }));
		refused(AuditParameters { seal_ticks: 24, ..least }, BadParameter::Lock);
		refused(AuditParameters { seal_ticks: u32::MAX, ..least }, BadParameter::Lock);
		refused(AuditParameters { trace_bytes_per_tick: 0, ..least }, BadParameter::TraceRate);
		refused(AuditParameters { silence_penalty: 0, ..least }, BadParameter::Silence);
		let silence_penalty = least.min_stake + 1;
		refused(AuditParameters { silence_penalty, ..least }, BadParameter::Stake);
		// A falsehood about the least exposure.
		refused(AuditParameters { min_stake: FALSEHOOD - 1, ..least }, BadParameter::Stake);
		assert_ok!(set(AuditParameters { min_stake: FALSEHOOD, ..least }));
		refused(
			AuditParameters { fee_share: Perbill::from_percent(41), ..least },
			BadParameter::Fee,
		);
		TreasurySplit::mutate(|split| split.treasury = Permill::from_percent(79));
		refused(least, BadParameter::Fee);
	});
}

#[test]
fn long_traces_should_have_more_time_and_not_forever() {
	let parameters = defaults();
	let ticks = |bytes| parameters.seal_ticks_for(bytes);
	assert_eq!([ticks(0), ticks(1), ticks(1_000), ticks(1_001)], [60, 61, 61, 62]);
	assert_eq!(ticks(u64::MAX), 60 + TRACE_TICKS_MAX);
}
