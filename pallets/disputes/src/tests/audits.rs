//! Claims of drawn auditors.

use assay_kernels_exact::verdict::{NOT_OK, OK};
use assay_market::{
	traits::{ClaimEnd, Finding, OpenGame, TraceClaim, Verdict},
	JobId, Tick,
};
use frame_support::{
	assert_noop, assert_ok, dispatch::DispatchResult, storage::with_storage_layer,
};

use crate::{mock::*, Claims, Due, Error};

/// Two auditors.
const ONE: u64 = 11;
const TWO: u64 = 12;

fn claim_of(trace: &Run) -> TraceClaim {
	let last = trace.leaves() - 1;
	let finding = if trace.tile(last) == [OK] { Finding::Ok } else { Finding::NotOk };
	TraceClaim { root: trace.trace().root(), finding, last_leaf: trace.path(last) }
}

fn open(dispute: &Dispute, auditor: u64, sealed_at: Tick, trace: &Run) -> DispatchResult {
	let claim = claim_of(trace);
	with_storage_layer(|| {
		Disputes::open_game(&dispute.job, &dispute.commitment, &auditor, sealed_at, &claim)
	})
}

#[test]
fn a_claim_should_show_what_it_says() {
	let truth = wrong_run();
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		let check =
			|claim: &TraceClaim| Disputes::check_claim(&dispute.job, &dispute.commitment, claim);
		let claim = claim_of(&truth);
		assert_eq!(claim.finding, Finding::NotOk);
		assert_ok!(check(&claim));
		let lies = TraceClaim { finding: Finding::Ok, ..claim.clone() };
		assert_noop!(check(&lies), Error::<Test>::WrongLastLeaf);
		let elsewhere = TraceClaim { last_leaf: truth.path(0), ..claim.clone() };
		assert_noop!(check(&elsewhere), Error::<Test>::WrongLastLeaf);
		assert_ok!(dispute.challenge(1, &truth));
		assert_ok!(check(&claim));
		let unknown = Disputes::check_claim(&JobId::default(), &dispute.commitment, &claim);
		assert!(unknown.is_err());
	});
}

#[test]
fn a_claim_that_the_answer_is_wrong_should_become_a_game_by_itself() {
	let truth = wrong_run();
	let posted = lie(&truth, 9, OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		// After the window, as long as the audit itself holds the job.
		OpenJobs::mutate(dispute.job, |job| job.as_mut().unwrap().open_games = 1);
		pass(200);
		assert_ok!(open(&dispute, ONE, 30, &truth));
		check();
		assert_noop!(open(&dispute, ONE, 30, &truth), Error::<Test>::AlreadyClaimed);
		assert_ok!(dispute.post(&posted));
		assert_eq!(dispute.game(&truth).unwrap().owner, ONE);
		assert_ok!(dispute.walk(&posted, &truth).map(drop));
		assert_ok!(dispute.judge(&truth, &truth));
		assert!(matches!(Verdicts::get()[0].1, Verdict::Refuted { challenger: Some((ONE, _)) }));
		assert_eq!(Told::get(), [(dispute.job, ONE, ClaimEnd::Won)]);
		assert_eq!(LostJobs::get(), [dispute.job]);
		assert_eq!((Balances::free_balance(ONE), dispute.case()), (FUNDS, None));
	});
}

#[test]
fn a_false_claim_of_an_auditor_should_be_reported_and_nothing_be_taken_here() {
	let truth = right_run();
	let claim = lie(&truth, 9, NOT_OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(open(&dispute, ONE, 1, &claim));
		assert_ok!(dispute.post(&truth));
		assert_ok!(dispute.walk(&truth, &claim).map(drop));
		assert_ok!(dispute.judge(&claim, &truth));
		assert_eq!(Told::get(), [(dispute.job, ONE, ClaimEnd::Lost)]);
		assert_eq!(Verdicts::get(), [(dispute.job, Verdict::Upheld)]);
		assert_eq!(Balances::free_balance(ONE), FUNDS);
	});
}

#[test]
fn of_two_auditors_who_say_ok_and_differ_the_one_with_the_providers_root_should_be_right() {
	let truth = right_run();
	let wrong = lie(&truth, 9, OK);
	for posted_first in [false, true] {
		build_and_execute(|| {
			let dispute = committed(&truth, 0);
			if posted_first {
				assert_ok!(dispute.challenge(1, &lie(&truth, 1, NOT_OK)));
				assert_ok!(dispute.post(&truth));
			}
			assert_ok!(open(&dispute, ONE, 1, &truth));
			assert_ok!(open(&dispute, TWO, 1, &wrong));
			if !posted_first {
				assert_ok!(dispute.post(&truth));
			}
			assert_eq!(Told::get(), [(dispute.job, ONE, ClaimEnd::Won)]);
			check();
			assert_ok!(dispute.walk(&truth, &wrong).map(drop));
			assert_ok!(dispute.judge(&wrong, &truth));
			assert_eq!(Told::get()[1], (dispute.job, TWO, ClaimEnd::Lost));
		});
	}
}

#[test]
fn auditors_who_agree_should_be_one_game_of_the_earlier_and_both_be_told() {
	let truth = wrong_run();
	let posted = lie(&truth, 9, OK);
	for (first, second) in [(30, 31), (31, 30)] {
		build_and_execute(|| {
			let dispute = committed(&truth, 0);
			pass(40);
			assert_ok!(open(&dispute, ONE, first, &truth));
			assert_ok!(open(&dispute, TWO, second, &truth));
			assert_ok!(dispute.post(&posted));
			let earlier = if first < second { ONE } else { TWO };
			assert_eq!(dispute.game(&truth).unwrap().owner, earlier);
			check();
			assert_ok!(dispute.walk(&posted, &truth).map(drop));
			assert_ok!(dispute.judge(&truth, &truth));
			let mut told: Vec<_> = Told::get().iter().map(|(_, who, end)| (*who, *end)).collect();
			told.sort_by_key(|(who, _)| *who);
			assert_eq!(told, [(ONE, ClaimEnd::Won), (TWO, ClaimEnd::Won)]);
		});
	}
}

#[test]
fn an_auditors_seal_should_count_from_when_it_was_made() {
	let truth = wrong_run();
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		pass(40);
		assert_ok!(dispute.challenge(1, &truth));
		assert_ok!(open(&dispute, ONE, 30, &truth));
		assert_ok!(dispute.post(&lie(&truth, 9, OK)));
		assert_ok!(dispute.show(1, &truth));
		assert_eq!(dispute.game(&truth).unwrap().owner, ONE);
		assert_eq!(Balances::free_balance(1), FUNDS);
	});
}

#[test]
fn without_a_trace_auditors_should_learn_that_nothing_is_decided() {
	let truth = wrong_run();
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(open(&dispute, ONE, 1, &truth));
		assert_ok!(open(&dispute, TWO, 1, &truth));
		Now::set(dispute.trace_by() + 1);
		assert_ok!(dispute.timeout(Due::Trace));
		assert!(matches!(Verdicts::get()[0].1, Verdict::Silent { challenger: Some((ONE, _)) }));
		assert_ok!(dispute.close(TWO));
		let undecided = [ONE, TWO].map(|who| (dispute.job, who, ClaimEnd::Undecided));
		assert_eq!(Told::get(), undecided);
		assert!(LostJobs::get().is_empty());
		assert_eq!(Claims::<Test>::iter().count(), 0);
	});
}

#[test]
fn there_should_be_room_for_as_many_auditors_as_are_ever_drawn() {
	let truth = wrong_run();
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		for auditor in 11..15 {
			assert_ok!(open(&dispute, auditor, 1, &truth));
		}
		assert_noop!(open(&dispute, 15, 1, &truth), Error::<Test>::TooManyAuditors);
		assert_ok!(dispute.post(&lie(&truth, 9, OK)));
		assert_eq!(dispute.game(&truth).unwrap().auditors.len(), 3);
	});
}
