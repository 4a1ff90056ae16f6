use assay_market::{
	traits::{Bonds, OpenStake},
	ProviderId,
};
use frame_support::{assert_noop, assert_ok, assert_storage_noop};
use sp_runtime::DispatchResult;

use crate::{mock::*, Error};

fn reserve(provider: ProviderId, exposure: u128, trace_bytes: u64) -> DispatchResult {
	Providers::reserve(provider, &MODEL, exposure, trace_bytes)
}

fn release(
	provider: ProviderId,
	reserved: u128,
	exposed: u128,
	trace_bytes: u64,
) -> DispatchResult {
	Providers::release(provider, &MODEL, reserved, exposed, trace_bytes)
}

#[test]
fn a_job_should_reserve_expose_and_release() {
	build_and_execute(|| {
		let provider = serving(OWNER, 2 * MIN_BOND, 1);
		assert_ok!(reserve(provider, 600, 40));
		let at_acceptance = ledger(provider);
		assert_eq!((at_acceptance.reserved, at_acceptance.exposed), (600, 0));
		assert_eq!((at_acceptance.open_jobs, at_acceptance.open_trace_bytes), (1, 40));
		let stake = OpenStake { reserved: 600, exposed: 0, trace_bytes: 40 };
		assert_eq!(Providers::open_stake(provider, &MODEL), Some(stake));
		assert_eq!(Providers::open_stake(provider, &MODEL_2), Some(OpenStake::default()));
		assert_eq!(Providers::free_bond(provider, &MODEL), 2 * MIN_BOND - 600);

		// The answer is shorter than the longest that was allowed.
		assert_ok!(Providers::expose(provider, &MODEL, 600, 250));
		assert_eq!((ledger(provider).reserved, ledger(provider).exposed), (0, 250));
		assert_eq!(Providers::free_bond(provider, &MODEL), 2 * MIN_BOND - 250);

		assert_ok!(release(provider, 0, 250, 40));
		let at_the_end = ledger(provider);
		assert_eq!((at_the_end.exposed, at_the_end.open_jobs), (0, 0));
		assert_eq!(Providers::free_bond(provider, &MODEL), 2 * MIN_BOND);
	});
}

#[test]
fn a_reservation_should_leave_the_buffer() {
	build_and_execute(|| {
		let provider = serving(OWNER, 2_100, 1);
		assert_noop!(reserve(provider, 2_101, 0), Error::<Test>::TooLittleFreeBond);
		// 5 % of 2 001 is 100.05, rounded up.
		assert_noop!(reserve(provider, 2_001, 0), Error::<Test>::TooLittleFreeBond);
		assert_ok!(reserve(provider, 2_000, 0));
		assert_noop!(reserve(provider, 1, 0), Error::<Test>::TooLittleFreeBond);
		assert_noop!(reserve(provider, u128::MAX, 0), Error::<Test>::TooLittleFreeBond);
		// A job without exposure needs no more than there is.
		assert_ok!(reserve(provider, 0, 0));
	});
}

#[test]
fn a_reservation_should_say_why_it_is_refused() {
	build_and_execute(|| {
		assert_noop!(reserve(ProviderId(9), 1, 1), Error::<Test>::UnknownProvider);
		let provider = registered(OWNER);
		assert_noop!(reserve(provider, 1, 1), Error::<Test>::NoBond);
		assert_ok!(Providers::bond(RuntimeOrigin::signed(OWNER), MODEL, MIN_BOND));
		assert_noop!(reserve(provider, 1, 1), Error::<Test>::Offline);
		assert_ok!(Providers::set_online(RuntimeOrigin::signed(OWNER), true));
		assert_noop!(reserve(provider, 1, 1), Error::<Test>::NoOffer);
		assert_ok!(Providers::set_offer(RuntimeOrigin::signed(OWNER), MODEL, offer(1)));
		assert_ok!(reserve(provider, 1, 1));

		Floor::set(MIN_BOND + 1);
		assert_noop!(reserve(provider, 1, 1), Error::<Test>::BelowMinimum);
		Floor::set(0);
		assert_ok!(Providers::slash(provider, &MODEL, FUNDS, &SLASHER));
		assert_noop!(reserve(provider, 1, 1), Error::<Test>::InDebt);
	});
}

#[test]
fn an_overdue_provider_should_get_no_jobs_even_before_the_report() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		Now::set((ALLOWANCE + 2) * PERIOD - 1);
		assert!(Providers::offer(provider, &MODEL).is_some());
		Now::set((ALLOWANCE + 2) * PERIOD);
		assert_eq!(Providers::offer(provider, &MODEL), None);
		assert!(best(5).is_empty());
		assert_noop!(reserve(provider, 1, 1), Error::<Test>::Offline);
		let pledge = Providers::pledge(provider, &MODEL, 1, true);
		assert_noop!(pledge, Error::<Test>::Overdue);
	});
}

#[test]
fn open_jobs_should_be_bounded_by_the_offer() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		for _ in 0..3 {
			assert_ok!(reserve(provider, 1, 1));
		}
		assert_noop!(reserve(provider, 1, 1), Error::<Test>::TooManyOpenJobs);
		assert_ok!(release(provider, 1, 0, 1));
		assert_ok!(reserve(provider, 1, 1));
	});
}

#[test]
fn open_trace_should_be_bounded_by_the_declared_rate() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		// 20 ticks of 10 bytes.
		assert_noop!(reserve(provider, 1, 201), Error::<Test>::TooMuchOpenTrace);
		assert_ok!(reserve(provider, 1, 150));
		assert_noop!(reserve(provider, 1, 51), Error::<Test>::TooMuchOpenTrace);
		assert_noop!(reserve(provider, 1, u64::MAX), Error::<Test>::Overflow);
		assert_ok!(reserve(provider, 1, 50));
		assert_ok!(release(provider, 1, 0, 150));
		assert_eq!(ledger(provider).open_trace_bytes, 50);
	});
}

#[test]
fn only_the_jobs_own_figures_should_be_exposed_and_released() {
	build_and_execute(|| {
		let provider = serving(OWNER, 2 * MIN_BOND, 1);
		assert_noop!(Providers::expose(provider, &MODEL_2, 0, 0), Error::<Test>::NoBond);
		assert_noop!(Providers::release(provider, &MODEL_2, 0, 0, 0), Error::<Test>::NoBond);
		assert_ok!(reserve(provider, 100, 10));
		let expose = |reserved, exposed| Providers::expose(provider, &MODEL, reserved, exposed);
		assert_noop!(expose(100, 101), Error::<Test>::ExposureAboveReserve);
		assert_noop!(expose(101, 1), Error::<Test>::LedgerHasLess);
		assert_noop!(release(provider, 101, 0, 10), Error::<Test>::LedgerHasLess);
		assert_noop!(release(provider, 100, 1, 10), Error::<Test>::LedgerHasLess);
		assert_noop!(release(provider, 100, 0, 11), Error::<Test>::LedgerHasLess);
		assert_ok!(expose(100, 100));
		assert_ok!(release(provider, 0, 100, 10));
		assert_noop!(release(provider, 0, 0, 0), Error::<Test>::LedgerHasLess);
	});
}

#[test]
fn jobs_should_go_on_after_the_provider_went_offline_or_withdrew_its_offer() {
	build_and_execute(|| {
		let provider = serving(OWNER, 2 * MIN_BOND, 1);
		assert_ok!(reserve(provider, 100, 10));
		assert_ok!(Providers::withdraw_offer(RuntimeOrigin::signed(OWNER), MODEL));
		assert_ok!(Providers::set_online(RuntimeOrigin::signed(OWNER), false));
		assert_ok!(Providers::expose(provider, &MODEL, 100, 100));
		assert_ok!(release(provider, 0, 100, 10));
	});
}

#[test]
fn pledges_should_bind_free_bond_and_free_it_again() {
	build_and_execute(|| {
		let provider = serving(OWNER, 2_000, 1);
		let pledge = |bond, bind| Providers::pledge(provider, &MODEL, bond, bind);
		assert_noop!(pledge(2_001, true), Error::<Test>::TooLittleFreeBond);
		assert_noop!(pledge(1, false), Error::<Test>::LedgerHasLess);
		assert_ok!(reserve(provider, 1_000, 0));
		// The buffer of what is reserved stays.
		assert_noop!(pledge(951, true), Error::<Test>::TooLittleFreeBond);
		assert_ok!(pledge(950, true));
		assert_eq!(Providers::free_bond(provider, &MODEL), 50);
		assert_noop!(pledge(951, false), Error::<Test>::LedgerHasLess);
		assert_ok!(pledge(950, false));
		assert_eq!(Providers::free_bond(provider, &MODEL), 1_000);
		let elsewhere = Providers::pledge(provider, &MODEL_2, 1, true);
		assert_noop!(elsewhere, Error::<Test>::NoBond);
	});
}

#[test]
fn what_an_audit_pledged_should_be_there_when_it_turns_out_false() {
	build_and_execute(|| {
		let provider = serving(OWNER, 3_000, 1);
		assert_ok!(reserve(provider, 1_000, 0));
		assert_ok!(Providers::pledge(provider, &MODEL, 800, true));
		let all = Providers::request_withdrawal(RuntimeOrigin::signed(OWNER), MODEL, 1_201);
		assert_noop!(all, Error::<Test>::TooLittleFreeBond);
		// Other penalties take what is left, and not more.
		assert_ok!(Providers::slash(provider, &MODEL, 2_000, &SLASHER), 1_200);
		assert_ok!(Providers::pledge(provider, &MODEL, 800, false));
		assert_ok!(Providers::slash(provider, &MODEL, 800, &SLASHER), 800);
	});
}

#[test]
fn refusals_should_change_nothing_even_outside_of_calls() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		assert_ok!(reserve(provider, 100, 10));
		assert_storage_noop!(assert!(reserve(provider, MIN_BOND, 10).is_err()));
		assert_storage_noop!(assert!(reserve(provider, 1, 10_000).is_err()));
		assert_storage_noop!(assert!(Providers::expose(provider, &MODEL, 101, 1).is_err()));
		assert_storage_noop!(assert!(release(provider, 100, 0, 11).is_err()));
		assert_storage_noop!(assert!(Providers::pledge(provider, &MODEL, MIN_BOND, true).is_err()));
	});
}
