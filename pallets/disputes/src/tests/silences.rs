//! Every pair of silences ends as the crate's documentation says.

use assay_kernels_exact::verdict::{NOT_OK, OK};
use assay_market::traits::Verdict;
use frame_support::{assert_noop, assert_ok};

use crate::{mock::*, Claims, Due, Error, Side};

/// The stakes of a claim that lost: what it cost, and the provider's part.
fn lost(case: &crate::CaseOf<Test>, defended: bool) {
	let stake = case.costs.bond + case.parameters.fee;
	let paid = if defended { case.costs.defence + case.parameters.fee } else { 0 };
	assert_eq!(Balances::free_balance(1), FUNDS - stake);
	assert_eq!((Claimable::get(owner(1)), Burned::get()), (paid, stake - paid));
}

#[test]
fn a_provider_without_a_trace_should_lose_to_the_earliest_seal() {
	let truth = wrong_run();
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.challenge(2, &truth));
		assert_ok!(dispute.challenge(1, &truth));
		let costs = dispute.case().unwrap().costs;
		Now::set(dispute.trace_by());
		assert_noop!(dispute.timeout(Due::Trace), Error::<Test>::NotDue);
		pass(1);
		assert_noop!(dispute.post(&truth), Error::<Test>::TimeOver);
		assert_ok!(dispute.timeout(Due::Trace));
		let verdict = Verdict::Silent { challenger: Some((2, costs.seal)) };
		assert_eq!(Verdicts::get(), [(dispute.job, verdict)]);
		assert!(LostJobs::get().is_empty(), "silence proves nothing");
		// The winner has its stake back; the other one closes.
		assert_eq!(Balances::free_balance(2), FUNDS);
		check();
		assert_noop!(dispute.close(2), Error::<Test>::UnknownClaim);
		assert_ok!(dispute.close(1));
		assert_eq!(Balances::free_balance(1), FUNDS);
		assert_eq!(dispute.case(), None);
		assert!(Covered::get().is_empty());
	});
}

#[test]
fn a_seal_that_is_not_shown_should_lose() {
	let truth = right_run();
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.challenge(1, &lie(&truth, 0, NOT_OK)));
		assert_noop!(dispute.timeout(Due::Seal(1)), Error::<Test>::NotDue);
		assert_ok!(dispute.post(&truth));
		let case = dispute.case().unwrap();
		Now::set(case.show_by(1).unwrap());
		assert_noop!(dispute.timeout(Due::Seal(1)), Error::<Test>::NotDue);
		pass(1);
		assert_noop!(dispute.show(1, &lie(&truth, 0, NOT_OK)), Error::<Test>::TimeOver);
		assert_ok!(dispute.timeout(Due::Seal(1)));
		assert_eq!(Verdicts::get(), [(dispute.job, Verdict::Upheld)]);
		lost(&case, true);
		assert_eq!(dispute.case(), None);
	});
}

#[test]
fn without_a_trace_nobody_should_owe_a_root() {
	let truth = right_run();
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.challenge(1, &lie(&truth, 0, NOT_OK)));
		pass(1_000_000);
		assert_noop!(dispute.timeout(Due::Seal(1)), Error::<Test>::NotDue);
		assert_ok!(dispute.timeout(Due::Trace));
		assert_eq!(Balances::free_balance(1), FUNDS);
	});
}

#[test]
fn a_provider_that_opens_nothing_should_lose() {
	let truth = wrong_run();
	let posted = lie(&truth, 0, OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.begin(1, &posted, &truth));
		let root = truth.trace().root();
		assert_ok!(dispute.reveal(&truth, Side::Challenger, &truth));
		Now::set(dispute.play(&truth).clocks.deadline(Side::Provider));
		assert_noop!(dispute.timeout(Due::Game(root)), Error::<Test>::NotDue);
		pass(1);
		let late = dispute.reveal(&truth, Side::Provider, &posted);
		assert_noop!(late, Error::<Test>::TimeOver);
		let costs = dispute.case().unwrap().costs;
		assert_ok!(dispute.timeout(Due::Game(root)));
		let verdict = Verdict::Silent { challenger: Some((1, costs.challenge)) };
		assert_eq!(Verdicts::get(), [(dispute.job, verdict)]);
		assert_eq!(Balances::free_balance(1), FUNDS);
	});
}

#[test]
fn a_claim_for_which_nobody_opens_should_lose() {
	let truth = right_run();
	let claim = lie(&truth, 0, NOT_OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.begin(1, &truth, &claim));
		let case = dispute.case().unwrap();
		assert_ok!(dispute.reveal(&claim, Side::Provider, &truth));
		Now::set(dispute.play(&claim).clocks.deadline(Side::Challenger) + 1);
		assert_ok!(dispute.timeout(Due::Game(claim.trace().root())));
		assert_eq!(Verdicts::get(), [(dispute.job, Verdict::Upheld)]);
		lost(&case, true);
	});
}

#[test]
fn two_sides_that_open_nothing_should_both_lose_if_the_same_time_is_left() {
	let truth = right_run();
	let claim = lie(&truth, 0, NOT_OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.begin(1, &truth, &claim));
		let case = dispute.case().unwrap();
		Now::set(dispute.play(&claim).clocks.witness_deadline() + 1);
		assert_ok!(dispute.timeout(Due::Game(claim.trace().root())));
		assert_eq!(Verdicts::get(), [(dispute.job, Verdict::Silent { challenger: None })]);
		lost(&case, false);
		assert_eq!(dispute.case(), None);
	});
}

#[test]
fn of_two_silent_sides_the_one_with_less_time_should_lose_whoever_asks_when() {
	let truth = wrong_run();
	let posted = lie(&truth, 0, OK);
	for waits in [1, 5, 100_000] {
		build_and_execute(|| {
			let dispute = committed(&truth, 0);
			assert_ok!(dispute.begin(1, &posted, &truth));
			assert_ok!(dispute.reveal(&truth, Side::Challenger, &truth));
			// The provider spends of its budget.
			pass(60);
			assert_ok!(dispute.reveal(&truth, Side::Provider, &posted));
			let clocks = dispute.play(&truth).clocks;
			assert!(clocks.provider < clocks.challenger);
			Now::set(clocks.deadline(Side::Provider) + waits);
			assert_ok!(dispute.timeout(Due::Game(truth.trace().root())));
			assert!(matches!(Verdicts::get()[0].1, Verdict::Silent { challenger: Some((1, _)) }));
		});
	}
}

#[test]
fn without_a_witness_both_should_lose() {
	let truth = wrong_run();
	let posted = lie(&truth, 5, OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.begin(1, &posted, &truth));
		assert_ok!(dispute.walk(&posted, &truth).map(drop));
		let case = dispute.case().unwrap();
		Now::set(dispute.play(&truth).clocks.witness_deadline());
		assert_noop!(dispute.timeout(Due::Game(truth.trace().root())), Error::<Test>::NotDue);
		pass(1);
		assert_noop!(dispute.judge(&truth, &truth), Error::<Test>::TimeOver);
		assert_ok!(dispute.timeout(Due::Game(truth.trace().root())));
		assert_eq!(Verdicts::get(), [(dispute.job, Verdict::Silent { challenger: None })]);
		lost(&case, false);
	});
}

#[test]
fn claims_should_wait_to_be_closed_without_harm() {
	let truth = wrong_run();
	let posted = lie(&truth, 0, OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.challenge(1, &truth));
		assert_ok!(dispute.challenge(2, &lie(&truth, 40, NOT_OK)));
		assert_ok!(dispute.post(&posted));
		assert_ok!(dispute.show(2, &lie(&truth, 40, NOT_OK)));
		assert_ok!(dispute.show(1, &truth));
		assert_ok!(dispute.walk(&posted, &truth).map(drop));
		assert_ok!(dispute.judge(&truth, &truth));
		pass(1_000_000);
		check();
		assert!(dispute.case().unwrap().over);
		let other = lie(&truth, 40, NOT_OK).trace().root();
		assert_noop!(dispute.timeout(Due::Game(other)), Error::<Test>::CaseOver);
		assert_ok!(dispute.close(2));
		assert_eq!(Balances::free_balance(2), FUNDS);
		assert_eq!((dispute.case(), Claims::<Test>::iter().count()), (None, 0));
	});
}
