//! What it costs to be a nuisance, and what damage that does.

use assay_kernels_exact::verdict::{NOT_OK, OK};
use assay_market::{
	traits::{Disputable, Verdict},
	Balance, Tick,
};
use assay_trace::TreeShape;
use frame_support::assert_ok;
use proptest::prelude::*;
use sp_runtime::Perbill;

use crate::{mock::*, Due, Side};

#[test]
fn each_way_of_losing_a_claim_should_pay_the_provider_at_least_what_it_spent() {
	let truth = right_run();
	let claim = lie(&truth, 9, NOT_OK);
	let ways: [(&str, &dyn Fn(&Dispute)); 4] = [
		("a seal that is never shown", &|dispute| {
			pass(1_000);
			assert_ok!(dispute.timeout(Due::Seal(1)));
		}),
		("a game that is not played", &|dispute| {
			assert_ok!(dispute.show(1, &claim));
			assert_ok!(dispute.reveal(&claim, Side::Provider, &truth));
			pass(1_000);
			assert_ok!(dispute.timeout(Due::Game(claim.trace().root())));
		}),
		("a game that is played to the end", &|dispute| {
			assert_ok!(dispute.show(1, &claim));
			dispute.walk(&truth, &claim).unwrap();
			assert_ok!(dispute.judge(&claim, &truth));
		}),
		("a game in which every move is made at the last tick", &|dispute| {
			assert_ok!(dispute.show(1, &claim));
			while dispute.play(&claim).node.level > 0 {
				assert_ok!(dispute.reveal(&claim, Side::Provider, &truth));
				Now::set(dispute.play(&claim).clocks.deadline(Side::Challenger));
				assert_ok!(dispute.reveal(&claim, Side::Challenger, &claim));
			}
			assert_ok!(dispute.judge(&claim, &truth));
		}),
	];
	for (way, lose) in ways {
		build_and_execute(|| {
			let dispute = committed(&truth, 0);
			assert_ok!(dispute.challenge(1, &claim));
			assert_ok!(dispute.post(&truth));
			let case = dispute.case().unwrap();
			lose(&dispute);
			assert_eq!(Verdicts::get(), [(dispute.job, Verdict::Upheld)], "{way}");
			let paid = Claimable::get(owner(1));
			assert_eq!(paid, case.costs.defence + case.parameters.fee, "{way}");
			// The attacker loses at least as much as the provider could have spent.
			let lost = FUNDS - Balances::free_balance(1);
			assert!(lost >= paid && lost == case.costs.bond + case.parameters.fee, "{way}");
		});
	}
}

#[test]
fn one_claim_should_delay_a_settlement_for_no_longer_than_the_clocks_say() {
	let truth = right_run();
	let claim = lie(&truth, 9, NOT_OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		let cost = Disputes::cost_of_challenge(dispute.job, dispute.commitment).unwrap();
		let began = Now::get();
		assert_ok!(dispute.challenge(1, &claim));
		// The provider answers at once; the attacker as late as it may.
		assert_ok!(dispute.post(&truth));
		Now::set(dispute.case().unwrap().show_by(began).unwrap());
		assert_ok!(dispute.show(1, &claim));
		while dispute.play(&claim).node.level > 0 {
			assert_ok!(dispute.reveal(&claim, Side::Provider, &truth));
			Now::set(dispute.play(&claim).clocks.deadline(Side::Challenger));
			assert_ok!(dispute.reveal(&claim, Side::Challenger, &claim));
		}
		// The witness is anybody's: the provider gives it at once.
		assert_ok!(dispute.judge(&claim, &truth));
		let show: Tick = 51;
		assert!(Now::get() - began <= show + cost.longest_game);
	});
}

#[test]
fn a_cheat_should_not_earn_from_claims_against_itself() {
	let truth = wrong_run();
	let posted = lie(&truth, 9, OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		// Ten friends, each with a claim of its own that wins.
		let claims: Vec<_> = (0..10).map(|n| lie(&truth, 30 + n, NOT_OK)).collect();
		for (who, claim) in (1..).zip(&claims) {
			assert_ok!(dispute.challenge(who, claim));
		}
		assert_ok!(dispute.post(&posted));
		for (who, claim) in (1..).zip(&claims) {
			assert_ok!(dispute.show(who, claim));
		}
		for claim in claims.iter().rev() {
			dispute.walk(&posted, claim).unwrap();
			assert_ok!(dispute.judge(claim, claim));
		}
		for who in 2..11 {
			assert_ok!(dispute.close(who));
		}
		// Whatever their number, the insurance pays two of them: far less than what the provider loses.
		let covered: Balance = Covered::get().iter().map(|(_, costs)| costs).sum();
		assert_eq!(Covered::get().len(), 2);
		assert!(covered < EXPOSURE / 2);
	});
}

proptest! {
	/// Whatever a job costs and exposes, a claim risks what it makes the provider spend, and what it can
	/// earn.
	#[test]
	fn bonds_should_cover_the_providers_costs_and_the_reward(
		price in 0..u128::MAX / 4,
		exposure in 0..u128::MAX / 4,
		reward in 0..=100_u32,
		at_most in any::<u128>(),
		leaves in 2..1_u64 << 40,
	) {
		let truth = right_run();
		new_test_ext().execute_with(|| {
			let dispute = committed(&truth, 0);
			let mut terms = JobLedger::dispute_terms(&dispute.job, &dispute.commitment).unwrap();
			(terms.price, terms.exposure) = (price, exposure);
			terms.penalty.shares.reward = Perbill::from_percent(reward);
			terms.penalty.shares.reward_at_most = at_most;
			let costs = Disputes::costs_of(&terms, TreeShape::new(leaves), 65_536);
			assert!(costs.bond >= costs.defence && costs.bond >= Disputes::reward_of(&terms));
			assert!(costs.challenge > costs.seal);
		});
	}
}
