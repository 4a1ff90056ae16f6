//! Games played to the end.

use assay_kernels_exact::verdict::{NOT_OK, OK};
use assay_market::traits::Verdict;
use frame_support::assert_ok;

use crate::{mock::*, Claims, OpenGames};

/// Leaves at which lies are tried: the first, some between, the last before the verdict, the verdict.
fn places(run: &Run) -> Vec<u64> {
	let last = run.leaves() - 1;
	vec![0, 1, 17, last / 3, last / 2, last - 1, last]
}

#[test]
fn a_lie_about_a_wrong_answer_should_lose_wherever_it_is() {
	let truth = wrong_run();
	assert_eq!(truth.tile(truth.leaves() - 1), [NOT_OK]);
	for (number, at) in (0..).zip(places(&truth)) {
		build_and_execute(|| {
			let dispute = committed(&truth, number);
			let posted = lie(&truth, at, OK);
			assert_ok!(dispute.begin(1, &posted, &truth));
			let (leaf, moves) = dispute.walk(&posted, &truth).unwrap();
			assert_eq!(leaf, at, "the chain goes to the first difference");
			assert_eq!(moves, crate::costs::reveals(dispute.shape()));
			check();
			let costs = dispute.case().unwrap().costs;
			assert_ok!(dispute.judge(&truth, &truth));
			let challenger = Some((1, costs.challenge));
			assert_eq!(Verdicts::get(), [(dispute.job, Verdict::Refuted { challenger })]);
			// Nothing is stored any more, and the stake is back.
			assert_eq!(dispute.case(), None);
			assert_eq!(Claims::<Test>::iter().count() + crate::Games::<Test>::iter().count(), 0);
			assert_eq!(OpenGames::<Test>::get(), 0);
			assert_eq!(Balances::free_balance(1), FUNDS);
			assert_eq!(LostJobs::get(), [dispute.job]);
		});
	}
}

#[test]
fn a_false_challenge_of_a_right_answer_should_lose_wherever_it_lies() {
	let truth = right_run();
	assert_eq!(truth.tile(truth.leaves() - 1), [OK]);
	for (number, at) in (0..).zip(places(&truth)) {
		build_and_execute(|| {
			let dispute = committed(&truth, number);
			let claim = lie(&truth, at, NOT_OK);
			assert_ok!(dispute.begin(1, &truth, &claim));
			let (leaf, _) = dispute.walk(&truth, &claim).unwrap();
			assert_eq!(leaf, at);
			let case = dispute.case().unwrap();
			assert_ok!(dispute.judge(&claim, &truth));
			assert_eq!(Verdicts::get(), [(dispute.job, Verdict::Upheld)]);
			assert_eq!(dispute.case(), None);
			// The provider's costs and the fee are the provider's; the rest of the bond burns.
			let (defence, fee) = (case.costs.defence, case.parameters.fee);
			assert!(defence < case.costs.bond);
			assert_eq!(Claimable::get(owner(1)), defence + fee);
			assert_eq!(Burned::get(), case.costs.bond - defence);
			assert_eq!(Balances::free_balance(1), FUNDS - case.costs.bond - fee);
			assert_eq!(OpenJobs::get(dispute.job).unwrap().open_games, 0);
		});
	}
}
