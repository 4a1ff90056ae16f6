use assay_market::{
	traits::{Bonds, Offence, OffenceKind},
	ProviderId,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::Permill;

use crate::{mock::*, types::Heartbeat, Error, Event, Providers as Records};

/// The first tick at which a provider that went online at tick 0 is overdue.
const OVERDUE_FROM: u32 = (ALLOWANCE + 2) * PERIOD;

fn set_online(who: u64, online: bool) -> Result<(), sp_runtime::DispatchError> {
	let result = Providers::set_online(RuntimeOrigin::signed(who), online);
	result.map(|_| ()).map_err(|failed| failed.error)
}

fn heartbeat(who: u64) -> sp_runtime::DispatchResult {
	Providers::heartbeat(RuntimeOrigin::signed(who))
}

fn report(provider: ProviderId) -> Result<(), sp_runtime::DispatchError> {
	let result = Providers::report_downtime(RuntimeOrigin::signed(STRANGER), provider);
	result.map(|_| ()).map_err(|failed| failed.error)
}

fn is_online(provider: ProviderId) -> bool {
	Records::<Test>::get(provider).is_some_and(|record| record.heartbeat.is_some())
}

#[test]
fn a_provider_should_go_online_and_offline() {
	build_and_execute(|| {
		let provider = registered(OWNER);
		assert_noop!(set_online(OWNER, false), Error::<Test>::LivenessUnchanged);
		assert_noop!(set_online(STRANGER, true), Error::<Test>::NotOwner);
		events();
		assert_ok!(set_online(OWNER, true));
		assert_eq!(events(), [Event::WentOnline { provider, overdue_from: OVERDUE_FROM }]);
		assert_noop!(set_online(OWNER, true), Error::<Test>::LivenessUnchanged);
		assert_ok!(set_online(OWNER, false));
		assert_eq!(events(), [Event::WentOffline { provider }]);
		// Whoever is offline owes nothing.
		Now::set(u32::MAX);
		assert_noop!(report(provider), Error::<Test>::NotOverdue);
	});
}

#[test]
fn one_heartbeat_should_count_in_each_period() {
	build_and_execute(|| {
		let provider = registered(OWNER);
		assert_noop!(heartbeat(OWNER), Error::<Test>::Offline);
		assert_noop!(heartbeat(STRANGER), Error::<Test>::NotMember);
		assert_ok!(Providers::add_delegate(RuntimeOrigin::signed(OWNER), KEY));
		Now::set(3);
		assert_ok!(set_online(OWNER, true));
		assert_noop!(heartbeat(OWNER), Error::<Test>::HeartbeatTooEarly);
		Now::set(PERIOD - 1);
		assert_noop!(heartbeat(KEY), Error::<Test>::HeartbeatTooEarly);
		Now::set(PERIOD);
		events();
		assert_ok!(heartbeat(KEY));
		let overdue_from = PERIOD + OVERDUE_FROM;
		assert_eq!(events(), [Event::HeartbeatReceived { provider, by: KEY, overdue_from }]);
		assert_noop!(heartbeat(OWNER), Error::<Test>::HeartbeatTooEarly);
		// At any time of a period, the last tick included.
		Now::set(3 * PERIOD - 1);
		assert_ok!(heartbeat(OWNER));
	});
}

#[test]
fn the_allowance_should_be_whole_periods_without_a_heartbeat() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		for tick in [OVERDUE_FROM - 1, 2 * OVERDUE_FROM - PERIOD - 1] {
			Now::set(tick);
			assert_noop!(report(provider), Error::<Test>::NotOverdue);
			assert_ok!(heartbeat(OWNER));
		}
	});
}

#[test]
fn a_clock_that_stands_still_should_make_nobody_late() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		Now::set(OVERDUE_FROM - 1);
		System::set_block_number(1_000_000);
		assert_noop!(report(provider), Error::<Test>::NotOverdue);
		assert_ok!(heartbeat(OWNER));
	});
}

#[test]
fn downtime_should_be_reported_for_each_bond_with_an_offer() {
	build_and_execute(|| {
		let provider = serving(OWNER, 3 * MIN_BOND, 1);
		for model in [MODEL_2, MODEL_3] {
			assert_ok!(Providers::bond(RuntimeOrigin::signed(OWNER), model, 2 * MIN_BOND));
		}
		assert_ok!(Providers::set_offer(RuntimeOrigin::signed(OWNER), MODEL_2, offer(1)));
		assert_ok!(Providers::reserve(provider, &MODEL, 500, 1));
		Now::set(OVERDUE_FROM);
		events();
		assert_ok!(report(provider));
		assert_eq!(events(), [Event::DowntimeReported { provider, by: STRANGER, models: 2 }]);
		assert!(!is_online(provider));
		assert!(best(5).is_empty());
		let mut reported = Reported::get();
		reported.sort_by_key(|offence| offence.model);
		let offence = |model, exposure| Offence {
			kind: OffenceKind::Downtime,
			provider,
			model,
			job: None,
			numerics_version: 0,
			exposure,
			terms: PENALTIES,
			lost: None,
		};
		assert_eq!(reported, [offence(MODEL, 3 * MIN_BOND - 500), offence(MODEL_2, 2 * MIN_BOND)]);
		// Once.
		assert_noop!(report(provider), Error::<Test>::NotOverdue);
	});
}

#[test]
fn what_was_asked_back_should_answer_for_downtime() {
	build_and_execute(|| {
		let provider = serving(OWNER, 9 * MIN_BOND, 1);
		assert_ok!(Providers::pledge(provider, &MODEL, MIN_BOND, true));
		let request =
			Providers::request_withdrawal(RuntimeOrigin::signed(OWNER), MODEL, 7 * MIN_BOND);
		assert_ok!(request);
		SlashedAtReport::set(Permill::from_percent(50));
		Now::set(OVERDUE_FROM);
		assert_ok!(report(provider));
		assert_eq!(Reported::get()[0].exposure, 8 * MIN_BOND);
		assert_eq!((ledger(provider).bonded, ledger(provider).debt), (5 * MIN_BOND, 0));
	});
}

#[test]
fn a_penalty_taken_at_the_report_should_take_free_bond_only() {
	build_and_execute(|| {
		let provider = serving(OWNER, 3 * MIN_BOND, 1);
		assert_ok!(Providers::bond(RuntimeOrigin::signed(OWNER), MODEL_2, MIN_BOND));
		assert_ok!(Providers::set_offer(RuntimeOrigin::signed(OWNER), MODEL_2, offer(1)));
		assert_ok!(Providers::reserve(provider, &MODEL, 1_000, 1));
		SlashedAtReport::set(Permill::one());
		Now::set(OVERDUE_FROM);
		assert_ok!(report(provider));
		let left = ledger(provider);
		assert_eq!((left.bonded, left.reserved, left.debt), (1_000, 1_000, 0));
		// The other bond had nothing else to answer for and is gone.
		assert_eq!(Records::<Test>::get(provider).unwrap().models, 1);
		assert_eq!(Balances::free_balance(SLASHER), EXISTENTIAL_DEPOSIT + 2_000 + MIN_BOND);
	});
}

#[test]
fn an_overdue_provider_should_not_slip_away() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		Now::set(OVERDUE_FROM);
		assert_noop!(heartbeat(OWNER), Error::<Test>::Overdue);
		assert_noop!(set_online(OWNER, false), Error::<Test>::Overdue);
		// It may face it itself, and is back at once.
		let itself = Providers::report_downtime(RuntimeOrigin::signed(OWNER), provider);
		assert_ok!(itself);
		assert_ok!(set_online(OWNER, true));
		assert_noop!(report(provider), Error::<Test>::NotOverdue);
	});
}

#[test]
fn a_report_should_name_a_provider() {
	build_and_execute(|| {
		assert_noop!(report(ProviderId(9)), Error::<Test>::UnknownProvider);
	});
}

#[test]
fn weights_should_be_returned_for_the_ledgers_that_were_touched() {
	build_and_execute(|| {
		use crate::WeightInfo;
		bonded(OWNER, MIN_BOND);
		let paid = Providers::set_online(RuntimeOrigin::signed(OWNER), true).unwrap();
		assert_eq!(paid.actual_weight, Some(<()>::set_online(1)));
	});
}

#[test]
fn ticks_of_heartbeats_should_be_fixed_when_they_are_given() {
	let given = |now| Heartbeat::given(now, 10, 2);
	assert_eq!(given(0), Heartbeat { at: 0, next_from: 10, overdue_from: 40 });
	assert_eq!(given(9), Heartbeat { at: 9, next_from: 10, overdue_from: 40 });
	assert_eq!(given(10), Heartbeat { at: 10, next_from: 20, overdue_from: 50 });
	// At the end of time there is no next period.
	assert_eq!(given(u32::MAX).overdue_from, u32::MAX);
	assert_eq!(Heartbeat::given(5, 10, u32::MAX).overdue_from, u32::MAX);
}
