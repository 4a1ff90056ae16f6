//! Cases whose jobs end without them, and what cannot be paid.

use assay_kernels_exact::verdict::{NOT_OK, OK};
use assay_market::traits::Verdict;
use frame_support::{assert_noop, assert_ok};

use crate::{mock::*, CurrentRules, DisputeParameters, Due, Error, Event, OpenGames, TraceQueues};

#[test]
fn everybody_should_have_their_own_back_when_the_job_is_void() {
	let truth = wrong_run();
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.challenge(1, &truth));
		assert_noop!(dispute.close(1), Error::<Test>::NotDue);
		OpenJobs::remove(dispute.job);
		assert_ok!(dispute.close(1));
		assert_eq!((Balances::free_balance(1), dispute.case()), (FUNDS, None));
		assert_eq!(TraceQueues::<Test>::iter().count(), 0);
		assert!(Verdicts::get().is_empty());
		assert_noop!(dispute.close(1), Error::<Test>::UnknownCase);
	});
}

#[test]
fn faulty_arithmetic_should_end_games_without_a_loser() {
	let truth = wrong_run();
	let posted = lie(&truth, 9, OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.challenge(2, &lie(&truth, 3, NOT_OK)));
		assert_ok!(dispute.begin(1, &posted, &truth));
		Faulty::set(true);
		assert_ok!(dispute.close(1));
		assert_eq!(Verdicts::get(), [(dispute.job, Verdict::Void)]);
		check();
		assert_eq!(OpenGames::<Test>::get(), 0);
		assert_ok!(dispute.close(2));
		assert_eq!([1, 2].map(Balances::free_balance), [FUNDS; 2]);
		assert_eq!(dispute.case(), None);
	});
}

#[test]
fn a_verdict_that_the_job_refuses_should_change_nothing() {
	let truth = wrong_run();
	let posted = lie(&truth, 9, OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.begin(1, &posted, &truth));
		assert_ok!(dispute.walk(&posted, &truth).map(drop));
		let job = OpenJobs::take(dispute.job);
		assert!(dispute.judge(&truth, &truth).is_err());
		check();
		OpenJobs::set(dispute.job, job);
		assert_ok!(dispute.judge(&truth, &truth));
	});
}

#[test]
fn what_a_provider_cannot_be_paid_should_burn() {
	let truth = right_run();
	for (owner_is_gone, cashier_fails) in [(true, false), (false, true)] {
		build_and_execute(|| {
			let dispute = committed(&truth, 0);
			assert_ok!(dispute.begin(1, &truth, &lie(&truth, 9, NOT_OK)));
			let case = dispute.case().unwrap();
			assert_ok!(dispute.walk(&truth, &lie(&truth, 9, NOT_OK)).map(drop));
			OwnersAreGone::set(owner_is_gone);
			CashierFails::set(cashier_fails);
			assert_ok!(dispute.judge(&lie(&truth, 9, NOT_OK), &truth));
			assert_eq!(Burned::get(), case.costs.bond + case.parameters.fee);
		});
	}
}

#[test]
fn settlement_should_wait_for_games_after_the_window() {
	let truth = right_run();
	let claim = lie(&truth, 9, NOT_OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		pass(150);
		assert_ok!(dispute.challenge(1, &claim));
		pass(20);
		assert_ok!(dispute.post(&truth));
		assert_ok!(dispute.show(1, &claim));
		assert_eq!(OpenJobs::get(dispute.job).unwrap().open_games, 1);
		assert_ok!(dispute.walk(&truth, &claim).map(drop));
		assert_ok!(dispute.judge(&claim, &truth));
		assert_eq!(OpenJobs::get(dispute.job).unwrap().open_games, 0);
	});
}

#[test]
fn parameters_should_be_those_of_the_jobs_acceptance() {
	let truth = right_run();
	build_and_execute(|| {
		let before = CurrentRules::<Test>::get().now.parameters;
		let dispute = committed(&truth, 0);
		let parameters = DisputeParameters { move_ticks: 77, fee: 5, ..before };
		let root = frame_system::RawOrigin::Root;
		take_events();
		assert_ok!(Disputes::set_parameters(root.clone().into(), parameters));
		assert_eq!(take_events(), [Event::ParametersSet { parameters }]);
		pass(1);
		assert_ok!(dispute.challenge(1, &truth));
		assert_eq!(dispute.case().unwrap().parameters, before);
		let later = committed(&truth, 1);
		assert_ok!(later.challenge(1, &truth));
		assert_eq!(later.case().unwrap().parameters, parameters);
		let bad = DisputeParameters { move_ticks: 0, ..before };
		let refused = Disputes::set_parameters(root.clone().into(), bad);
		let error = Error::<Test>::BadParameter(crate::BadParameter::Move);
		assert_noop!(refused, error);
		let signed = Disputes::set_parameters(RuntimeOrigin::signed(1), before);
		assert_noop!(signed, sp_runtime::DispatchError::BadOrigin);
		for _ in 0..16 {
			pass(1);
			Disputes::set_parameters(root.clone().into(), before).ok();
		}
		let many = Disputes::set_parameters(root.into(), parameters);
		assert_noop!(many, Error::<Test>::TooManyRules);
	});
}

#[test]
fn nothing_should_be_due_before_its_time() {
	let truth = wrong_run();
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		for due in [Due::Trace, Due::Seal(1), Due::Game(Default::default()), Due::Claim(1)] {
			assert_noop!(dispute.timeout(due), Error::<Test>::UnknownCase);
		}
		assert_ok!(dispute.begin(1, &lie(&truth, 9, OK), &truth));
		assert_noop!(dispute.timeout(Due::Seal(1)), Error::<Test>::NotDue);
		assert_noop!(dispute.timeout(Due::Seal(2)), Error::<Test>::UnknownClaim);
		let unknown = dispute.timeout(Due::Game(Default::default()));
		assert_noop!(unknown, Error::<Test>::UnknownGame);
		let root = truth.trace().root();
		assert_noop!(dispute.timeout(Due::Game(root)), Error::<Test>::NotDue);
		assert_noop!(dispute.close(1), Error::<Test>::NotDue);
	});
}
