//! Claims: what they cost, when they are taken, what a flood of them does.

use assay_kernels_exact::verdict::NOT_OK;
use assay_market::{traits::Disputable, Balance, ProviderId};
use assay_primitives::Hash;
use frame_support::{assert_noop, assert_ok, traits::fungible::Mutate};
use sp_runtime::DispatchError;

use crate::{
	mock::*, Call, Cases, Claims, CurrentRules, DisputeParameters, Due, Error, Event, OpenGames,
	Rules, Stake,
};

fn set_rules(parameters: DisputeParameters) {
	CurrentRules::<Test>::put(Rules::new(parameters));
}

#[test]
fn a_claim_should_hold_its_stake_and_open_a_case() {
	let truth = right_run();
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		let cost = Disputes::cost_of_challenge(dispute.job, dispute.commitment).unwrap();
		// Five percent of the exposure is more than what a game costs the provider.
		assert_eq!((cost.reward, cost.stake.bond), (500_000, 500_000));
		assert_eq!((cost.stake.deposit, cost.window_left, cost.trace_by), (DEPOSIT, 151, 61));
		assert_ok!(dispute.challenge(1, &lie(&truth, 0, NOT_OK)));
		let total = cost.stake.total().unwrap();
		assert_eq!(Balances::free_balance(1), FUNDS - total);
		let events = take_events();
		assert!(matches!(
			events[..],
			[
				Event::CaseOpened { leaves, trace_ticks: 60, .. },
				Event::Challenged { challenger: 1, stake, show_by: None, .. },
			] if leaves == truth.leaves() && stake == cost.stake
		));
		assert_eq!(OpenJobs::get(dispute.job).unwrap().open_games, 1, "the job is held");
	});
}

#[test]
fn a_bond_should_cover_the_providers_costs_where_they_exceed_the_reward() {
	let truth = right_run();
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		let mut terms = JobLedger::dispute_terms(&dispute.job, &dispute.commitment).unwrap();
		terms.exposure = 0;
		let costs = Disputes::costs_of(&terms, assay_trace::TreeShape::new(truth.leaves()), 1_000);
		assert_eq!(costs.bond, costs.defence);
		// One and a half passes, the trace, the openings, the witness.
		let witness = 1_000 + 250 + 224 * 1_024;
		let reveals = crate::costs::reveals(assay_trace::TreeShape::new(truth.leaves()));
		let reveal: Balance = 1_000 + 250 + 256 * 32;
		let post = 1_000 + 250 + 10 * 15 * 32;
		let expected = PRICE * 3 / 2 + Balance::from(reveals) * reveal + witness + post;
		assert_eq!(costs.defence, expected);
		assert_eq!(costs.challenge, expected + 1_250);
		assert_eq!(costs.seal, PRICE * 3 / 2 + 1_250);
	});
}

#[test]
fn claims_should_be_refused_with_reasons() {
	let truth = right_run();
	let claim = lie(&truth, 0, NOT_OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		let unknown = Dispute { job: Default::default(), ..dispute };
		assert_noop!(unknown.challenge(1, &claim), DispatchError::Other("unknown job"));
		let Dispute { job, commitment: commitment_hash } = dispute;
		let cost = Disputes::cost_of_challenge(job, commitment_hash).unwrap();
		let stake_at_most = cost.stake.total().unwrap() - 1;
		let seal = Hash([1; 32]);
		let call = Call::challenge { job, commitment_hash, seal, stake_at_most };
		assert_noop!(dispatch(call, 1), Error::<Test>::StakeAboveMaximum);
		assert!(dispute.challenge(99, &claim).is_err(), "no funds");
		assert_eq!(Claims::<Test>::iter().count(), 0);
		assert_ok!(dispute.challenge(1, &claim));
		assert_noop!(dispute.challenge(1, &truth), Error::<Test>::AlreadyClaimed);
		// The window has ended: nobody joins an open case.
		pass(151);
		assert_noop!(dispute.challenge(2, &claim), Error::<Test>::WindowOver);
		let late = committed(&truth, 1);
		pass(151);
		assert_noop!(late.challenge(2, &claim), Error::<Test>::WindowOver);
	});
}

#[test]
fn without_its_existential_deposit_the_account_should_take_no_stakes() {
	let truth = right_run();
	new_test_ext().execute_with(|| {
		let dispute = committed(&truth, 0);
		Balances::set_balance(&Disputes::account(), 0);
		let refused = dispute.challenge(1, &truth);
		assert_noop!(refused, Error::<Test>::AccountNotEndowed);
	});
}

#[test]
fn programs_that_cannot_be_read_should_refuse_claims() {
	let truth = right_run();
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		let model = OpenJobs::get(dispute.job).unwrap().terms.model;
		Registry::register(model, vec![1, 2, 3].try_into().unwrap(), Default::default());
		assert_noop!(dispute.challenge(1, &truth), Error::<Test>::ImpossibleProgram);
		OpenJobs::mutate(dispute.job, |job| {
			job.as_mut().unwrap().terms.model = assay_market::ModelId(Hash([9; 32]));
		});
		assert_noop!(dispute.challenge(1, &truth), Error::<Test>::UnknownModel);
	});
}

#[test]
fn another_arithmetic_should_not_be_judged_by_this_code() {
	let truth = right_run();
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		OpenJobs::mutate(dispute.job, |job| job.as_mut().unwrap().terms.numerics_version = 2);
		assert_noop!(dispute.challenge(1, &truth), Error::<Test>::NoReferee);
	});
}

#[test]
fn a_claim_after_all_others_have_ended_should_open_a_new_case() {
	let truth = right_run();
	let claim = lie(&truth, 9, NOT_OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.fight(1, &truth, &claim));
		assert_eq!(dispute.case(), None);
		assert_ok!(dispute.fight(2, &truth, &claim));
		assert_eq!(Verdicts::get().len(), 2);
		assert_eq!(OpenJobs::get(dispute.job).unwrap().open_games, 0);
	});
}

#[test]
fn amounts_and_counts_should_not_overflow() {
	let truth = right_run();
	let claim = lie(&truth, 9, NOT_OK);
	build_and_execute(|| {
		set_rules(DisputeParameters { fee: Balance::MAX, ..Default::default() });
		let dear = committed(&truth, 0);
		assert_noop!(dear.challenge(1, &claim), Error::<Test>::AmountOverflow);
		set_rules(DisputeParameters::default());
		let dispute = committed(&truth, 1);
		assert_ok!(dispute.challenge(1, &claim));
		let next = |seal| {
			Cases::<Test>::mutate(dispute.job, |case| case.as_mut().unwrap().next_seal = seal);
		};
		next(u32::MAX);
		assert_noop!(dispute.challenge(2, &claim), Error::<Test>::CountOverflow);
		next(1);
		assert_ok!(dispute.post(&truth));
		OpenGames::<Test>::put(u32::MAX);
		assert_noop!(dispute.show(1, &claim), Error::<Test>::CountOverflow);
		OpenGames::<Test>::put(0);
	});
}

#[test]
fn the_fee_should_double_with_the_queue_but_not_for_those_who_join() {
	let truth = right_run();
	let claim = lie(&truth, 0, NOT_OK);
	build_and_execute(|| {
		set_rules(DisputeParameters { fee: 100, ..Default::default() });
		let fee = |who, number| {
			let dispute = committed(&truth, number);
			assert_ok!(dispute.challenge(who, &claim));
			Claims::<Test>::get(dispute.job, who).unwrap().stake.fee
		};
		// Sixty ticks each: full windows of 150 from the fourth on.
		let fees: Vec<Balance> = (0..8).map(|number| fee(1, number)).collect();
		assert_eq!(fees, [100, 100, 100, 200, 200, 400, 400, 400]);
		// Joining adds no trace.
		assert_eq!(fee(2, 7), 100);
	});
}

#[test]
fn a_thousand_claims_in_a_block_should_cost_an_honest_provider_nothing() {
	let truth = right_run();
	let claim = lie(&truth, 0, NOT_OK);
	build_and_execute(|| {
		// A fee that stops nobody, so that only the clocks protect the provider.
		set_rules(DisputeParameters { fee: 1, fee_doubling_ticks: 14_400, ..Default::default() });
		let disputes: Vec<_> = (0..1_000).map(|number| committed(&truth, number)).collect();
		let (mut paid, mut defence) = (0, 0);
		for dispute in &disputes {
			assert_ok!(dispute.challenge(1, &claim));
			let Stake { fee, .. } = Claims::<Test>::get(dispute.job, 1).unwrap().stake;
			defence = dispute.case().unwrap().costs.defence;
			paid += defence + fee;
		}
		// Each trace at the last tick of its own time.
		let started = Now::get();
		for (number, dispute) in (1..).zip(&disputes) {
			let last = Disputes::trace_deadline(ProviderId(1), &dispute.job).unwrap();
			assert_eq!(last, Some(started + 60 * number));
			Now::set(started + 60 * number);
			// Not `assert_noop`, which hashes the state of all cases.
			assert_eq!(dispute.timeout(Due::Trace), Err(Error::<Test>::NotDue.into()));
			assert_ok!(dispute.post(&truth));
		}
		pass(1_000);
		for dispute in &disputes {
			assert_ok!(dispute.timeout(Due::Seal(1)));
		}
		assert!(Verdicts::get()
			.iter()
			.all(|(_, verdict)| { *verdict == assay_market::traits::Verdict::Upheld }));
		assert_eq!(Verdicts::get().len(), 1_000);
		// The provider has its costs back, and more; the attacker is poorer by the bonds.
		assert_eq!(Claimable::get(owner(1)), paid);
		assert!(Balances::free_balance(1) < FUNDS - 1_000 * defence);
	});
}

#[test]
fn a_flood_should_end_when_the_fee_exceeds_what_the_attacker_has() {
	let truth = right_run();
	let claim = lie(&truth, 0, NOT_OK);
	build_and_execute(|| {
		let taken = (0..1_000)
			.take_while(|number| committed(&truth, *number).challenge(1, &claim).is_ok())
			.count();
		// A thousand times the base fee buys less than ten doublings of a window of 150 ticks.
		assert!((10..=25).contains(&taken), "{taken}");
	});
}
