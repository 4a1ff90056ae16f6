//! Claims that become games, and what becomes of auditors then.

use super::*;
use assay_market::traits::{Audits as _, ClaimEnd, GameNotices};
use Finding::{NotOk, Ok as Right};

/// Auditors who have shown these claims of an answer.
fn shown(claims: [(u8, Finding); 2]) -> (JobId, [u32; 2]) {
	enrol(1..=4);
	let (job, both) = drawn(1);
	checked(job, claims);
	(job, both)
}

/// The roots that games are about, and in whose name.
fn games(job: JobId) -> Vec<(AccountId, u8)> {
	Games::get(job).into_iter().map(|(who, _, claim)| (who, claim.root.0[0])).collect()
}

/// The answer stands for good, and the audit is over.
fn stands(job: JobId) {
	close_answer(job);
	blocks(1);
	assert!(!StoredAudits::<Test>::contains_key(job));
}

#[test]
fn a_fault_that_one_found_should_become_a_game_and_cost_the_other() {
	build_and_execute(|| {
		let (job, [finder, signer]) = shown([(1, NotOk), (2, Right)]);
		assert_eq!(games(job), [(owner(finder), 1)]);
		assert_eq!(stored(job).stage, Stage::Concluded);
		lose(job, Some(owner(finder)));
		blocks(1);
		assert_eq!(punished(), [(signer, OffenceKind::FalseAudit, EXPOSURE)]);
		assert_eq!((paid(finder), paid(signer)), (FEE, 0));
		assert_eq!(entry(signer), Some((STAKE - FALSEHOOD, 0, true)));
		assert_eq!(entry(finder), Some((STAKE, 0, true)));
		assert!(take_events().contains(&Event::Closed { job, found: 1, missed: 1 }));
	});
}

#[test]
fn a_game_should_open_before_the_other_auditor_has_shown_anything() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, [first, second]) = drawn(1);
		assert_ok!(seal(first, job, 1));
		assert_ok!(seal(second, job, 1));
		assert_ok!(reveal(first, job, 1, NotOk));
		assert_eq!(games(job), [(owner(first), 1)]);
		assert_eq!(stored(job).stage, Stage::Revealing);
		// The same root needs no second game.
		assert_ok!(reveal(second, job, 1, NotOk));
		assert_eq!(games(job).len(), 1);
		lose(job, Some(owner(first)));
		blocks(1);
		assert_eq!(punished(), []);
		assert_eq!((paid(first), paid(second)), (FEE, FEE));
		assert!(take_events().contains(&Event::Closed { job, found: 2, missed: 0 }));
	});
}

#[test]
fn a_false_alarm_should_cost_whoever_raised_it() {
	build_and_execute(|| {
		let (job, [alarmed, calm]) = shown([(1, NotOk), (2, Right)]);
		end_game(job, owner(alarmed), ClaimEnd::Lost);
		stands(job);
		assert_eq!(punished(), [(alarmed, OffenceKind::FalseAudit, EXPOSURE)]);
		assert_eq!((paid(alarmed), paid(calm)), (0, FEE));
		assert!(take_events().contains(&Event::Closed { job, found: 0, missed: 1 }));
	});
}

#[test]
fn two_with_the_same_false_alarm_should_both_lose() {
	build_and_execute(|| {
		let (job, [one, other]) = shown([(1, NotOk), (1, NotOk)]);
		end_game(job, owner(one), ClaimEnd::Lost);
		stands(job);
		let penalty = |auditor| (auditor, OffenceKind::FalseAudit, EXPOSURE);
		assert_eq!(punished(), [penalty(one), penalty(other)]);
	});
}

#[test]
fn two_different_faults_should_become_two_games() {
	build_and_execute(|| {
		let (job, [one, other]) = shown([(1, NotOk), (2, NotOk)]);
		assert_eq!(games(job), [(owner(one), 1), (owner(other), 2)]);
		end_game(job, owner(one), ClaimEnd::Lost);
		lose(job, Some(owner(other)));
		blocks(1);
		assert_eq!(punished(), [(one, OffenceKind::FalseAudit, EXPOSURE)]);
		assert_eq!((paid(one), paid(other)), (0, FEE));
	});
}

#[test]
fn two_that_sign_different_roots_should_both_play() {
	build_and_execute(|| {
		let (job, [one, other]) = shown([(1, Right), (2, Right)]);
		assert_eq!(games(job), [(owner(one), 1), (owner(other), 2)]);
		// The provider has the root of one of them, and the other's claim loses.
		end_game(job, owner(other), ClaimEnd::Won);
		end_game(job, owner(one), ClaimEnd::Lost);
		stands(job);
		assert_eq!(punished(), [(one, OffenceKind::FalseAudit, EXPOSURE)]);
		assert_eq!((paid(one), paid(other)), (0, FEE));
	});
}

#[test]
fn the_true_root_of_a_right_answer_should_win_against_a_false_trace() {
	build_and_execute(|| {
		let (job, [one, other]) = shown([(1, Right), (2, Right)]);
		// The trace of the provider is neither's: the job falls, and one of them was right about
		// it.
		end_game(job, owner(one), ClaimEnd::Lost);
		lose(job, Some(owner(other)));
		blocks(1);
		assert_eq!(punished(), [(one, OffenceKind::FalseAudit, EXPOSURE)]);
		assert_eq!((paid(one), paid(other)), (0, FEE));
	});
}

#[test]
fn a_game_that_is_over_at_once_should_be_noticed() {
	build_and_execute(|| {
		Posted::set(Some(assay_primitives::Hash([2; 32])));
		let (job, [one, other]) = shown([(1, Right), (2, Right)]);
		assert_eq!(games(job), [(owner(one), 1)]);
		end_game(job, owner(one), ClaimEnd::Lost);
		stands(job);
		assert_eq!((paid(one), paid(other)), (0, FEE));
	});
}

#[test]
fn both_that_sign_a_wrong_answer_should_lose_when_anybody_beats_it() {
	build_and_execute(|| {
		let (job, [one, other]) = shown([(1, Right), (1, Right)]);
		assert_eq!(games(job), []);
		lose(job, None);
		blocks(1);
		let penalty = |auditor| (auditor, OffenceKind::FalseAudit, EXPOSURE);
		assert_eq!(punished(), [penalty(one), penalty(other)]);
		assert_eq!((paid(one), paid(other)), (0, 0));
		assert!(take_events().contains(&Event::Closed { job, found: 0, missed: 2 }));
	});
}

#[test]
fn who_signed_should_be_paid_if_the_answer_falls_for_silence() {
	build_and_execute(|| {
		let (job, both) = shown([(1, Right), (1, Right)]);
		close_answer(job);
		blocks(1);
		assert_eq!(punished(), []);
		assert_eq!(both.map(paid), [FEE, FEE]);
	});
}

#[test]
fn an_undecided_alarm_should_cost_nothing() {
	build_and_execute(|| {
		let (job, both) = shown([(1, NotOk), (2, Right)]);
		// The answer is void while the game is open; nobody need close it.
		close_answer(job);
		blocks(1);
		assert_eq!(punished(), []);
		assert_eq!(both.map(paid), [FEE, FEE]);
		Audits::claim_ended(&job, &owner(both[0]), ClaimEnd::Undecided);
	});
}

#[test]
fn who_signed_ok_should_wait_for_its_own_game() {
	build_and_execute(|| {
		let (job, [one, other]) = shown([(1, Right), (2, Right)]);
		end_game(job, owner(one), ClaimEnd::Lost);
		let terms = <AnswerLedger as assay_market::traits::Disputable<_>>::dispute_terms(
			&job,
			&commitment(job),
		);
		Audits::job_lost(&job, &terms.unwrap());
		close_answer(job);
		blocks(1);
		// It may have won without being the first.
		assert!(StoredAudits::<Test>::contains_key(job));
		Games::remove(job);
		Audits::claim_ended(&job, &owner(other), ClaimEnd::Won);
		blocks(1);
		assert_eq!(punished(), [(one, OffenceKind::FalseAudit, EXPOSURE)]);
		assert_eq!(paid(other), FEE);
	});
}

#[test]
fn a_game_that_cannot_be_opened_should_be_told_and_cost_nothing() {
	build_and_execute(|| {
		GamesAreRefused::set(true);
		let (job, [one, other]) = shown([(1, NotOk), (2, Right)]);
		let (auditor, error) = (ProviderId(one), REFUSAL);
		assert!(take_events().contains(&Event::GameRefused { job, auditor, error }));
		stands(job);
		assert_eq!(punished(), []);
		assert_eq!((paid(one), paid(other)), (FEE, FEE));
	});
}

#[test]
fn notices_about_answers_without_audits_should_change_nothing() {
	build_and_execute(|| {
		frame_support::assert_storage_noop!({
			Audits::claim_ended(&super::job(9), &owner(1), ClaimEnd::Won);
			Audits::answer_closed(&super::job(9));
		});
	});
}
