//! What dishonest parties try.

use assay_kernels_exact::verdict::{NOT_OK, OK};
use assay_market::{traits::Verdict, CommitmentHash};
use assay_primitives::Hash;
use frame_support::{assert_noop, assert_ok};

use crate::{mock::*, seal, Claims, Due, Error, Games, Side};

/// The provider's friend.
const PUPPET: u64 = 7;
/// Who is honest.
const HONEST: u64 = 3;

#[test]
fn a_friend_with_the_correct_root_cannot_throw_the_game() {
	let truth = wrong_run();
	let posted = lie(&truth, 9, OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		// The friend comes first, with the true root, and then does nothing.
		assert_ok!(dispute.challenge(PUPPET, &truth));
		assert_ok!(dispute.post(&posted));
		assert_ok!(dispute.show(PUPPET, &truth));
		// Junk instead of a move is an error, whoever sends it.
		let junk = dispute.reveal(&truth, Side::Challenger, &posted);
		assert_noop!(junk, Error::<Test>::WrongOpening);
		// Others move for the claim.
		assert_ok!(dispute.walk(&posted, &truth).map(drop));
		assert_ok!(dispute.judge(&truth, &truth));
		assert!(matches!(Verdicts::get()[0].1, Verdict::Refuted { challenger: Some((PUPPET, _)) }));
	});
}

#[test]
fn a_friend_that_seals_first_and_shows_nothing_should_lose_its_bond_and_delay_only() {
	let truth = wrong_run();
	let posted = lie(&truth, 9, OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.challenge(PUPPET, &truth));
		assert_ok!(dispute.challenge(HONEST, &truth));
		assert_ok!(dispute.post(&posted));
		let show_by = dispute.case().unwrap().show_by(1).unwrap();
		assert_ok!(dispute.show(HONEST, &truth));
		assert_ok!(dispute.walk(&posted, &truth).map(drop));
		assert_ok!(dispute.judge(&truth, &truth));
		// The verdict waits for the earlier seal.
		assert!(Verdicts::get().is_empty());
		check();
		assert_noop!(dispute.challenge(9, &truth), Error::<Test>::AlreadyLost);
		assert_noop!(dispute.close(HONEST), Error::<Test>::NotDue);
		Now::set(show_by + 1);
		let case = dispute.case().unwrap();
		assert_ok!(dispute.timeout(Due::Seal(PUPPET)));
		assert!(matches!(Verdicts::get()[0].1, Verdict::Refuted { challenger: Some((HONEST, _)) }));
		// The provider has lost: nothing of the bond is its own.
		assert_eq!(Claimable::get(owner(1)), 0);
		assert_eq!(Burned::get(), case.costs.bond + case.parameters.fee);
		assert_eq!(dispute.case(), None);
	});
}

#[test]
fn the_reward_should_be_that_of_the_earliest_seal_of_a_root() {
	let truth = wrong_run();
	let posted = lie(&truth, 9, OK);
	for (first, second) in [(1, 2), (2, 1)] {
		build_and_execute(|| {
			let dispute = committed(&truth, 0);
			assert_ok!(dispute.challenge(1, &truth));
			assert_ok!(dispute.challenge(2, &truth));
			assert_ok!(dispute.post(&posted));
			assert_ok!(dispute.show(first, &truth));
			assert_ok!(dispute.show(second, &truth));
			// The later one has its stake back already.
			assert_eq!(Balances::free_balance(2), FUNDS);
			assert!(!Claims::<Test>::contains_key(dispute.job, 2));
			assert_eq!(dispute.game(&truth).unwrap().owner, 1);
			check();
			assert_ok!(dispute.walk(&posted, &truth).map(drop));
			assert_ok!(dispute.judge(&truth, &truth));
			assert!(matches!(Verdicts::get()[0].1, Verdict::Refuted { challenger: Some((1, _)) }));
		});
	}
}

#[test]
fn an_earlier_seal_should_take_over_a_game_that_is_won() {
	let truth = wrong_run();
	let posted = lie(&truth, 9, OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.challenge(1, &truth));
		assert_ok!(dispute.challenge(2, &truth));
		assert_ok!(dispute.post(&posted));
		assert_ok!(dispute.show(2, &truth));
		assert_ok!(dispute.walk(&posted, &truth).map(drop));
		assert_ok!(dispute.judge(&truth, &truth));
		assert!(Verdicts::get().is_empty());
		// Moves in a game that is won succeed without effect.
		let root = truth.trace().root();
		assert_noop!(dispute.timeout(Due::Game(root)), Error::<Test>::GameOver);
		assert_ok!(dispute.show(1, &truth));
		assert!(matches!(Verdicts::get()[0].1, Verdict::Refuted { challenger: Some((1, _)) }));
		assert_eq!([1, 2].map(Balances::free_balance), [FUNDS; 2]);
		assert_eq!(dispute.case(), None);
	});
}

#[test]
fn a_copied_seal_should_be_worth_nothing() {
	let truth = wrong_run();
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		let copied = seal(&truth.trace().root(), &salt(HONEST), &HONEST);
		assert_ok!(dispute.challenge_with(PUPPET, copied));
		assert_ok!(dispute.challenge(HONEST, &truth));
		assert_ok!(dispute.post(&lie(&truth, 9, OK)));
		assert_ok!(dispute.show(HONEST, &truth));
		// Even with root and salt in the open.
		assert_noop!(dispute.show(PUPPET, &truth), Error::<Test>::WrongSeal);
	});
}

#[test]
fn several_claims_should_be_several_games_and_one_verdict() {
	let truth = wrong_run();
	let posted = lie(&truth, 9, OK);
	// True up to the provider's first lie, then wrong: such claims win against it as well.
	let claims = [lie(&truth, 30, NOT_OK), lie(&truth, 40, NOT_OK), lie(&truth, 50, NOT_OK)];
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.challenge(HONEST, &truth));
		for (who, claim) in (4..).zip(&claims) {
			assert_ok!(dispute.challenge(who, claim));
		}
		assert_ok!(dispute.post(&posted));
		assert_ok!(dispute.show(HONEST, &truth));
		for (who, claim) in (4..).zip(&claims) {
			assert_ok!(dispute.show(who, claim));
		}
		for claim in &claims {
			assert_ok!(dispute.walk(&posted, claim).map(drop));
			assert_ok!(dispute.judge(claim, claim));
			check();
		}
		assert!(Verdicts::get().is_empty(), "the earliest seal is undecided");
		assert_ok!(dispute.walk(&posted, &truth).map(drop));
		assert_ok!(dispute.judge(&truth, &truth));
		assert_eq!(Verdicts::get().len(), 1, "punished once");
		assert!(matches!(Verdicts::get()[0].1, Verdict::Refuted { challenger: Some((HONEST, _)) }));
		let costs = dispute.case().unwrap().costs.challenge;
		for who in 4..7 {
			assert_ok!(dispute.close(who));
			assert_eq!(Balances::free_balance(who), FUNDS);
		}
		// A provider that makes many such claims gains nothing by it.
		assert_eq!(Covered::get(), [(4, costs), (5, costs)]);
		assert_eq!(dispute.case(), None);
	});
}

#[test]
fn a_false_claim_should_lose_beside_one_that_wins() {
	let truth = wrong_run();
	let (posted, wrong) = (lie(&truth, 9, OK), lie(&truth, 3, NOT_OK));
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.challenge(PUPPET, &wrong));
		assert_ok!(dispute.challenge(HONEST, &truth));
		assert_ok!(dispute.post(&posted));
		assert_ok!(dispute.show(PUPPET, &wrong));
		assert_ok!(dispute.show(HONEST, &truth));
		let (leaf, _) = dispute.walk(&posted, &wrong).unwrap();
		assert_eq!(leaf, 3);
		assert_ok!(dispute.judge(&wrong, &wrong));
		assert!(dispute.game(&wrong).is_none() && Verdicts::get().is_empty());
		assert!(Claimable::get(owner(1)) > 0);
		assert_ok!(dispute.walk(&posted, &truth).map(drop));
		assert_ok!(dispute.judge(&truth, &truth));
		assert!(matches!(Verdicts::get()[0].1, Verdict::Refuted { challenger: Some((HONEST, _)) }));
	});
}

#[test]
fn two_liars_about_a_tile_should_both_lose_and_a_third_win() {
	let truth = wrong_run();
	let posted = lie(&truth, 9, OK);
	// Another lie at the same leaf.
	let last = truth.leaves() - 1;
	let other = truth.with_tiles(|leaf, tile| match leaf {
		9 => tile[0] ^= 2,
		_ if leaf == last => *tile = vec![NOT_OK],
		_ => {}
	});
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.challenge(PUPPET, &other));
		assert_ok!(dispute.challenge(HONEST, &truth));
		assert_ok!(dispute.post(&posted));
		assert_ok!(dispute.show(PUPPET, &other));
		assert_ok!(dispute.show(HONEST, &truth));
		let case = dispute.case().unwrap();
		assert_ok!(dispute.walk(&posted, &other).map(drop));
		assert_ok!(dispute.judge(&other, &other));
		assert_eq!(Burned::get(), case.costs.bond + case.parameters.fee);
		assert!(Verdicts::get().is_empty(), "another claim may still win");
		assert_ok!(dispute.walk(&posted, &truth).map(drop));
		assert_ok!(dispute.judge(&truth, &truth));
		assert!(matches!(Verdicts::get()[0].1, Verdict::Refuted { challenger: Some((HONEST, _)) }));
	});
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.fight(PUPPET, &posted, &other));
		assert_eq!(Verdicts::get(), [(dispute.job, Verdict::Refuted { challenger: None })]);
		assert_eq!(LostJobs::get(), [dispute.job]);
	});
}

#[test]
fn moves_about_another_answer_should_fail_without_consequence() {
	let truth = wrong_run();
	let posted = lie(&truth, 9, OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		let forked = Dispute { commitment: CommitmentHash(Hash([9; 32])), ..dispute };
		assert!(forked.challenge(1, &truth).is_err());
		assert!(Claims::<Test>::iter().next().is_none());
		assert_ok!(dispute.challenge(1, &truth));
		assert_noop!(forked.post(&posted), Error::<Test>::CommitmentMismatch);
		assert_ok!(dispute.post(&posted));
		assert_noop!(forked.show(1, &truth), Error::<Test>::CommitmentMismatch);
		assert_ok!(dispute.show(1, &truth));
		let mismatch = Error::<Test>::CommitmentMismatch;
		assert_noop!(forked.reveal(&truth, Side::Provider, &posted), mismatch);
		assert_ok!(dispute.walk(&posted, &truth).map(drop));
		assert_noop!(forked.judge(&truth, &truth), Error::<Test>::CommitmentMismatch);
		assert_ok!(dispute.judge(&truth, &truth));
	});
}

#[test]
fn what_was_done_already_should_succeed_without_effect() {
	let truth = wrong_run();
	let posted = lie(&truth, 9, OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		let twice = |call: &dyn Fn() -> frame_support::dispatch::DispatchResult| {
			assert_ok!(call());
			let root = sp_io::storage::root(sp_runtime::StateVersion::V1);
			assert_ok!(call());
			let after = sp_io::storage::root(sp_runtime::StateVersion::V1);
			assert_eq!(root, after);
		};
		System::set_block_number(0);
		twice(&|| dispute.challenge(1, &truth));
		twice(&|| dispute.post(&posted));
		twice(&|| dispute.show(1, &truth));
		let top = dispute.play(&truth).node;
		twice(&|| dispute.reveal_node(&truth, Side::Provider, &posted, top));
		twice(&|| dispute.reveal_node(&truth, Side::Challenger, &truth, top));
		// A node that lies above the one in question.
		twice(&|| dispute.reveal_node(&truth, Side::Provider, &posted, top));
		assert!(Games::<Test>::iter().count() == 1);
	});
}
