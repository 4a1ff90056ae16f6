//! Sealing and revealing.

use super::*;
use crate::{KeptClaims, Step};
use assay_market::CommitmentHash;
use assay_primitives::Hash;

/// Something that must succeed and change nothing.
fn changes_nothing(call: impl FnOnce() -> DispatchResult) {
	frame_support::assert_storage_noop!({
		let done = call();
		assert!(done.is_ok(), "{done:?}");
	});
}

#[test]
fn two_that_agree_should_conclude_the_audit() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, [one, other]) = drawn(1);
		assert_ok!(seal(one, job, 1));
		assert_eq!(stored(job).stage, Stage::Sealing);
		take_events();
		assert_ok!(seal(other, job, 1));
		assert_eq!(stored(job).stage, Stage::Revealing);
		let auditor = ProviderId(other);
		let reveal_by = Now::get() + 20;
		let sealed = Event::Sealed { job, auditor };
		assert_eq!(take_events(), [Event::AllSealed { job, reveal_by }, sealed]);
		assert_ok!(reveal(one, job, 1, Finding::Ok));
		assert!(KeptClaims::<Test>::contains_key(job));
		take_events();
		assert_ok!(reveal(other, job, 1, Finding::Ok));
		let root = Hash([1; 32]);
		let shown = Event::Revealed { job, auditor, root, finding: Finding::Ok };
		assert_eq!(take_events(), [shown, Event::Concluded { job, checked_by: 2 }]);
		assert_eq!(stored(job).stage, Stage::Concluded);
		assert!(!KeptClaims::<Test>::contains_key(job));
		assert!(Games::get(job).is_empty());
	});
}

#[test]
fn a_delegate_should_act_for_its_provider_with_a_seal_of_its_own() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, [one, other]) = drawn(1);
		let sealed = hashing::seal(&Hash([1; 32]), &salt(one), &delegate(one));
		let by = signed(delegate(one));
		assert_ok!(Audits::seal(by, job, commitment(job), sealed));
		assert_ok!(seal(other, job, 1));
		// Whoever of the provider reveals: the seal names who sealed.
		assert_ok!(reveal(one, job, 1, Finding::Ok));
	});
}

#[test]
fn a_copied_seal_should_be_worth_nothing() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, [one, other]) = drawn(1);
		assert_ok!(seal(one, job, 1));
		let copied = hashing::seal(&Hash([1; 32]), &salt(one), &owner(one));
		assert_ok!(Audits::seal(signed(owner(other)), job, commitment(job), copied));
		assert_ok!(reveal(one, job, 1, Finding::Ok));
		let copy = reveal_claim(owner(other), one, job, claim(1, Finding::Ok));
		assert_eq!(copy, Err(Error::<Test>::SealMismatch.into()));
	});
}

#[test]
fn moves_should_be_idempotent() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, [one, other]) = drawn(1);
		assert_ok!(seal(one, job, 1));
		changes_nothing(|| seal(one, job, 1));
		assert_ok!(seal(other, job, 1));
		assert_ok!(reveal(one, job, 1, Finding::Ok));
		changes_nothing(|| reveal(one, job, 1, Finding::Ok));
		assert_ok!(reveal(other, job, 1, Finding::Ok));
		changes_nothing(|| reveal(other, job, 1, Finding::Ok));
		assert_noop!(reveal(one, job, 2, Finding::Ok), Error::<Test>::AlreadyRevealed);
		assert_noop!(reveal(one, job, 1, Finding::NotOk), Error::<Test>::AlreadyRevealed);
	});
}

#[test]
fn only_drawn_auditors_of_this_answer_should_seal() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, both) = drawn(1);
		let third = (1..=4).find(|one| !both.contains(one)).unwrap();
		let hash = Hash([9; 32]);
		let call = |who, job, commitment| Audits::seal(signed(who), job, commitment, hash);
		assert_noop!(call(ANYBODY, job, commitment(job)), Error::<Test>::NoProvider);
		assert_noop!(call(owner(third), job, commitment(job)), Error::<Test>::NotAuditor);
		let unknown = super::job(99);
		let none = Error::<Test>::UnknownAudit;
		assert_noop!(call(owner(both[0]), unknown, commitment(unknown)), none);
		let wrong = CommitmentHash::default();
		assert_noop!(call(owner(both[0]), job, wrong), Error::<Test>::CommitmentMismatch);
		assert_noop!(
			Audits::reveal(signed(owner(both[0])), job, wrong, salt(1), claim(1, Finding::Ok)),
			Error::<Test>::CommitmentMismatch
		);
		assert_noop!(reveal(third, job, 1, Finding::Ok), Error::<Test>::NotAuditor);
	});
}

#[test]
fn another_seal_should_be_refused() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, [one, other]) = drawn(1);
		assert_ok!(seal(one, job, 1));
		assert_noop!(seal(one, job, 2), Error::<Test>::AlreadySealed);
		assert_ok!(seal(other, job, 1));
		assert_noop!(seal(one, job, 2), Error::<Test>::AlreadySealed);
	});
}

#[test]
fn roots_should_be_shown_after_all_seals_and_as_sealed() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, [one, other]) = drawn(1);
		assert_noop!(reveal(one, job, 1, Finding::Ok), Error::<Test>::NotSealed);
		assert_ok!(seal(one, job, 1));
		assert_noop!(reveal(one, job, 1, Finding::Ok), Error::<Test>::SealsMissing);
		assert_ok!(seal(other, job, 1));
		assert_noop!(reveal(one, job, 2, Finding::Ok), Error::<Test>::SealMismatch);
		ClaimsAreWrong::set(true);
		let error: DispatchError = "the path shows something else".into();
		assert_noop!(reveal(one, job, 1, Finding::Ok), error);
		ClaimsAreWrong::set(false);
		let mut longest = claim(1, Finding::Ok);
		longest.last_leaf.siblings = vec![Hash::default(); crate::types::SIBLINGS_MAX as usize + 1];
		let shown = reveal_claim(owner(one), one, job, longest.clone());
		assert_noop!(shown, Error::<Test>::PathTooLong);
		longest.last_leaf.siblings.pop();
		assert_ok!(reveal_claim(owner(one), one, job, longest));
	});
}

#[test]
fn moves_after_their_time_should_be_refused() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, [one, other]) = drawn(1);
		let due = stored(job).due_at.unwrap();
		Now::set(due);
		assert_noop!(seal(one, job, 1), Error::<Test>::SealingOver);
		Now::set(due - 1);
		assert_ok!(seal(one, job, 1));
		assert_ok!(seal(other, job, 1));
		let due = stored(job).due_at.unwrap();
		Now::set(due);
		assert_noop!(reveal(one, job, 1, Finding::Ok), Error::<Test>::RevealOver);
		Now::set(due - 1);
		assert_ok!(reveal(one, job, 1, Finding::Ok));
	});
}

#[test]
fn moves_about_an_answer_that_is_closed_should_be_refused() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, [one, other]) = drawn(1);
		assert_ok!(seal(one, job, 1));
		close_answer(job);
		assert_noop!(seal(other, job, 1), Error::<Test>::SealingOver);
		assert_noop!(reveal(one, job, 1, Finding::Ok), Error::<Test>::SealsMissing);
	});
}

#[test]
fn what_was_sealed_should_be_remembered_with_its_tick() {
	build_and_execute(|| {
		enrol(1..=4);
		let (job, [one, other]) = drawn(1);
		blocks(3);
		let at = Now::get();
		assert_ok!(seal(one, job, 1));
		blocks(3);
		assert_ok!(seal(other, job, 2));
		assert_ok!(reveal(one, job, 1, Finding::NotOk));
		let step = Step::Revealed { root: Hash([1; 32]), finding: Finding::NotOk, sealed_at: at };
		let seats = stored(job).seats;
		let seat = seats.iter().find(|seat| seat.auditor == ProviderId(one)).unwrap();
		assert_eq!(seat.step, step);
		// The game takes part from that tick on.
		assert_eq!(Games::get(job), [(owner(one), at, claim(1, Finding::NotOk))]);
	});
}
