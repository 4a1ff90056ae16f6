//! What jobs tell of answers to whoever audits them, and what they wait for.

use super::*;
use crate::{AnswerSecurity, Outcome};
use assay_market::traits::{Auditable, ModelStatus, Verdict};
use sp_runtime::Perbill;

fn poke(job: JobId) -> Result<(), DispatchError> {
	dispatch(crate::Call::poke { job }, WATCHER)
}

#[test]
fn answers_of_listed_models_should_be_told_of_with_the_share_of_their_acceptance() {
	build_and_execute(|| {
		let id = driver().accepted(5).unwrap();
		AuditShare::set(Perbill::from_percent(50));
		assert_ok!(driver().commit(id, driver().by_root(1)));
		let told = (id, driver().commitment_hash(id), Perbill::from_percent(4));
		assert_eq!(ToldAnswers::get(), [told]);
		// The same again is no new answer.
		assert_ok!(driver().commit(id, driver().by_root(1)));
		assert_eq!(ToldAnswers::get().len(), 1);
		Status::set(ModelStatus::Unlisted);
		driver().committed(6).unwrap();
		assert_eq!(ToldAnswers::get().len(), 1);
	});
}

#[test]
fn an_answer_should_not_be_paid_before_its_draw() {
	build_and_execute(|| {
		let id = driver().committed(5).unwrap();
		DrawsAreLate::set(true);
		run_to(151);
		assert_noop!(poke(id), Error::<Test>::AwaitsDraw);
		let security = Jobs::answer_security(id);
		assert!(matches!(security, Some(AnswerSecurity::Provisional { window_left: 0, .. })));
		DrawsAreLate::set(false);
		assert!(matches!(Jobs::answer_security(id), Some(AnswerSecurity::Final { .. })));
		// The queue comes back by itself.
		run_to(201);
		assert!(matches!(outcome_of(id), Outcome::Settled { .. }));
	});
}

#[test]
fn a_late_draw_should_hold_an_answer_after_its_window() {
	build_and_execute(|| {
		let id = driver().committed(5).unwrap();
		let commitment = driver().commitment_hash(id);
		DrawsAreLate::set(true);
		run_to(151);
		assert_noop!(Jobs::hold(&id, &commitment), Error::<Test>::WindowOver);
		let wrong = CommitmentHash::default();
		assert_noop!(Jobs::hold_for_audit(&id, &wrong), Error::<Test>::CommitmentMismatch);
		assert_ok!(Jobs::hold_for_audit(&id, &commitment));
		DrawsAreLate::set(false);
		run_to(300);
		assert_noop!(poke(id), Error::<Test>::NothingDue);
		assert_ok!(Jobs::decide(&id, Verdict::Upheld));
		assert_ok!(poke(id));
		assert_noop!(Jobs::hold_for_audit(&id, &commitment), Error::<Test>::UnknownJob);
	});
}

#[test]
fn the_end_of_an_answer_should_be_told_once_however_it_ends() {
	build_and_execute(|| {
		let [paid, lost, void, unpaid] = [5, 6, 7, 8].map(|inputs| driver().held(inputs).unwrap());
		assert_ok!(Jobs::decide(&lost, Verdict::Refuted { challenger: None }));
		assert_ok!(Jobs::decide(&void, Verdict::Void));
		assert_eq!(ToldEnds::get(), [lost, void]);
		assert_ok!(Jobs::decide(&paid, Verdict::Upheld));
		run_to(151);
		assert_eq!(ToldEnds::get(), [lost, void, paid]);
		// What is owed stands; that it is paid in the end is no affair of auditors.
		SplitterFails::set(true);
		assert_ok!(Jobs::decide(&unpaid, Verdict::Upheld));
		run_to(152);
		assert_eq!(ToldEnds::get(), [lost, void, paid, unpaid]);
		SplitterFails::set(false);
		assert_ok!(poke(unpaid));
		assert_eq!(ToldEnds::get().len(), 4);
	});
}

#[test]
fn jobs_without_an_answer_should_tell_of_no_end() {
	build_and_execute(|| {
		driver().accepted(5).unwrap();
		let cancelled = driver().submitted(6).unwrap();
		assert_ok!(dispatch(crate::Call::cancel { job: cancelled }, USER));
		run_to(100);
		assert_eq!(crate::Totals::<Test>::get().open.all(), Some(0));
		assert_eq!(ToldEnds::get(), []);
	});
}
