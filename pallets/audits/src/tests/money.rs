//! Fees: where they come from, and what if there is nothing.

use super::*;
use crate::{parameters::most_fee_share, Promised};
use frame_support::traits::fungible::{Inspect, Mutate};
use sp_runtime::{Perbill, Permill};

/// What lies on the pallet's account beside its deposit.
fn fund() -> u128 {
	Balances::balance(&Audits::account()) - ED
}

#[test]
fn fees_should_be_set_aside_at_the_draw_and_come_from_the_treasury() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, _) = drawn(1);
		assert_eq!((fund(), Promised::<Test>::get()), (2 * FEE, 2 * FEE));
		assert_eq!(Balances::balance(&TREASURY), FUNDS + ED - 2 * FEE);
		// What silent ones give up serves the next ones.
		let_time_pass(job);
		assert_eq!((fund(), Promised::<Test>::get()), (2 * FEE, 2 * FEE));
		checked(job, [(1, Finding::Ok), (1, Finding::Ok)]);
		close_answer(job);
		blocks(1);
		assert_eq!((fund(), Promised::<Test>::get()), (0, 0));
		assert_eq!(Balances::balance(&CASHIER), 2 * FEE + ED);
	});
}

#[test]
fn donations_should_be_spent_first() {
	build_and_execute(|| {
		assert_ok!(Balances::mint_into(&Audits::account(), FEE));
		enrol(1..=4);
		drawn(1);
		assert_eq!(Balances::balance(&TREASURY), FUNDS + ED - FEE);
	});
}

#[test]
fn an_empty_treasury_should_promise_what_it_has_and_let_the_audit_go_on() {
	build_and_execute(|| {
		Balances::set_balance(&TREASURY, FEE + 5 + ED);
		enrol(1..=4);
		let (job, both) = drawn(1);
		assert_eq!(stored(job).seats.iter().map(|seat| seat.fee).collect::<Vec<_>>(), [FEE, 5]);
		assert_eq!(Balances::balance(&TREASURY), ED);
		let (_, next) = drawn(2);
		assert!(next.iter().all(|one| *one > 0));
		checked(job, [(1, Finding::Ok), (1, Finding::Ok)]);
		close_answer(job);
		blocks(1);
		assert_eq!(both.map(paid), [FEE, 5]);
	});
}

#[test]
fn a_fee_that_cannot_be_paid_should_stay_in_the_fund() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, both) = drawn(1);
		checked(job, [(1, Finding::Ok), (1, Finding::Ok)]);
		CashierFails::set(true);
		close_answer(job);
		take_events();
		blocks(1);
		let lost = |one| Event::NotPaid { job, auditor: ProviderId(one), fee: FEE, error: REFUSAL };
		assert_eq!(take_events()[..2], both.map(lost));
		assert_eq!((fund(), Promised::<Test>::get()), (2 * FEE, 0));
	});
}

#[test]
fn all_auditors_should_never_be_paid_more_than_the_treasury_earns() {
	let percent = Perbill::from_percent;
	// The defaults: 4 % × 2 × 40 % = 3.2 % < 5 %.
	assert_eq!(
		most_fee_share(percent(4), Permill::from_percent(5)),
		Perbill::from_rational(5u32, 8)
	);
	assert_eq!(most_fee_share(percent(100), Permill::from_percent(80)), percent(40));
	assert_eq!(most_fee_share(percent(0), Permill::from_percent(5)), percent(100));
	assert_eq!(most_fee_share(percent(4), Permill::zero()), percent(0));
	build_and_execute(|| {
		// The treasury's part fell after the parameters were set: the fee follows.
		TreasurySplit::mutate(|split| split.treasury = Permill::from_percent(5));
		enrol(1..=4);
		let (job, _) = drawn(1);
		// 2.5 percent of the price for each, when every answer is audited.
		assert_eq!(stored(job).terms.fee, 25 + 2 * CALL);
	});
}
