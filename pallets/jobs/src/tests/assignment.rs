//! Candidates, their turns, and stepping aside.

use super::*;
use crate::{DeclineReason, Outcome, State};
use assay_market::{traits::Offer, Assignment, ProviderId};
use frame_system::RawOrigin;

/// Offers of these multipliers, by providers 1, 2, 3 and so on, and of nobody else.
fn offers(multipliers: &[u16]) {
	let offers = multipliers.iter().zip(1..).map(|(multiplier_percent, provider)| {
		(ProviderId(provider), Offer { multiplier_percent: *multiplier_percent, ..offer() })
	});
	Offers::set(offers.collect());
}

fn for_best_offer() -> Request<Words> {
	Request {
		assignment: Assignment::BestOffer,
		accept_within: 100,
		..driver().request(driver().inline(5), 2)
	}
}

fn candidates(id: JobId) -> Vec<u32> {
	let State::Submitted(search) = stored(id).state else { panic!("not submitted") };
	search.candidates.iter().map(|candidate| candidate.provider.0).collect()
}

fn accept(provider: u32, id: JobId) -> Result<(), DispatchError> {
	let terms = stored(id).terms(ProviderId(provider), 160).hash::<crate::Blake2>();
	Jobs::accept(RawOrigin::Signed(owner(provider)).into(), id, terms)
}

fn decline(provider: u32, id: JobId) -> Result<(), DispatchError> {
	Jobs::decline(RawOrigin::Signed(owner(provider)).into(), id, DeclineReason::Busy)
}

#[test]
fn the_best_offers_should_become_candidates_and_the_dearest_fix_the_escrow() {
	build_and_execute(|| {
		offers(&[200, 100, 150, 300, 120]);
		let id = driver().submit(for_best_offer()).unwrap();
		assert_eq!(candidates(id), [2, 5, 3, 1]);
		assert_eq!(stored(id).escrow, 50);
	});
}

#[test]
fn candidates_that_the_user_or_the_series_cannot_pay_should_be_passed_over() {
	build_and_execute(|| {
		offers(&[200, 100, 150]);
		let request = Request { max_price: 40, ..for_best_offer() };
		assert_eq!(candidates(driver().submit(request).unwrap()), [2, 3]);
		Offers::mutate(|offers| offers.get_mut(&ProviderId(2)).unwrap().min_price_per_unit = 4);
		let request = Request { max_price: 40, ..for_best_offer() };
		let id = driver().submit(request).unwrap();
		assert_eq!(candidates(id), [3]);
		assert_eq!(stored(id).escrow, 38);
	});
}

#[test]
fn without_any_candidate_the_best_ones_reason_should_be_the_reason() {
	build_and_execute(|| {
		offers(&[200, 100]);
		refuses(Request { max_price: 24, ..for_best_offer() }, Error::<Test>::PriceAboveMaximum);
		Offers::mutate(|offers| offers.get_mut(&ProviderId(2)).unwrap().min_price_per_unit = 4);
		refuses(Request { max_price: 24, ..for_best_offer() }, Error::<Test>::PriceAboveMaximum);
		refuses(Request { max_price: 25, ..for_best_offer() }, Error::<Test>::PriceBelowOffer);
		offers(&[]);
		refuses(for_best_offer(), Error::<Test>::NoOffer);
	});
}

#[test]
fn only_as_many_candidates_as_have_a_turn_should_be_taken() {
	build_and_execute(|| {
		offers(&[100, 110, 120, 130]);
		for (accept_within, expected) in [(1, 1), (5, 1), (6, 2), (15, 3), (600, 4)] {
			let request = Request { accept_within, ..for_best_offer() };
			assert_eq!(candidates(driver().submit(request).unwrap()).len(), expected);
		}
	});
}

#[test]
fn at_each_tick_exactly_one_candidate_should_have_its_turn() {
	build_and_execute(|| {
		offers(&[100, 110, 120]);
		let id = driver().submit(for_best_offer()).unwrap();
		for tick in 1..101 {
			Now::set(tick);
			let turn = (tick - 1) / 5 % 3 + 1;
			let expected = (1..=4).map(|provider| match provider {
				4 => Err(error(Error::NotCandidate)),
				_ if provider == turn => Ok(()),
				_ => Err(error(Error::NotYourTurn)),
			});
			let tried = (1..=4).map(|provider| {
				frame_support::storage::with_transaction(|| {
					let result = Ok::<_, DispatchError>(accept(provider, id));
					sp_runtime::TransactionOutcome::Rollback(result)
				})
				.unwrap()
			});
			assert!(tried.eq(expected), "at tick {tick}");
		}
		Now::set(101);
		assert_noop!(accept(1, id), Error::<Test>::AcceptanceOver);
	});
}

#[test]
fn the_escrow_should_suffice_for_whoever_accepts_and_the_rest_go_back() {
	build_and_execute(|| {
		offers(&[100, 200]);
		let id = driver().submit(for_best_offer()).unwrap();
		assert_eq!(stored(id).escrow, 50);
		assert_ok!(accept(1, id));
		// The longest answer costs 25 units at 3 each; 160 times that is reserved.
		assert_eq!(stored(id).promise().unwrap().reserved, 160 * 75);
		assert_ok!(driver().commit(id, driver().inline(2)));
		run_to(200);
		assert!(matches!(outcome_of(id), Outcome::Settled { units: 25, .. }));
		assert_eq!(FreeUnits::get((USER, SERIES)), UNITS - 25);
	});
}

#[test]
fn a_named_provider_that_declines_should_end_the_job_at_once() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		take_events();
		assert_noop!(decline(2, id), Error::<Test>::NotCandidate);
		assert_ok!(decline(1, id));
		let reason = DeclineReason::Busy;
		assert_eq!(outcome_of(id), Outcome::Declined { provider: ProviderId(1), reason });
		assert_eq!(FreeUnits::get((USER, SERIES)), UNITS);
		assert_eq!(Reports::get(), []);
		assert_eq!(EndedJobs::get(), []);
		assert_noop!(decline(1, id), Error::<Test>::UnknownJob);
	});
}

#[test]
fn a_candidate_that_declines_should_leave_the_round_to_the_others() {
	build_and_execute(|| {
		offers(&[100, 110]);
		let id = driver().submit(for_best_offer()).unwrap();
		take_events();
		assert_ok!(decline(1, id));
		let reason = DeclineReason::Busy;
		assert_eq!(take_events(), [Event::Passed { job: id, provider: ProviderId(1), reason }]);
		assert_noop!(accept(1, id), Error::<Test>::NotCandidate);
		assert_noop!(decline(1, id), Error::<Test>::NotCandidate);
		check();
		assert_ok!(decline(2, id));
		assert_eq!(outcome_of(id), Outcome::Declined { provider: ProviderId(2), reason });
	});
}

#[test]
fn declining_should_need_a_provider_and_a_job_that_nobody_accepted() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		let by = |who| Jobs::decline(RawOrigin::Signed(who).into(), id, DeclineReason::Other);
		assert_noop!(by(USER), Error::<Test>::NoProvider);
		assert_ok!(driver().accept(id));
		assert_noop!(by(owner(1)), Error::<Test>::AlreadyAccepted);
		assert_ok!(driver().commit(id, driver().by_root(1)));
		assert_noop!(by(owner(1)), Error::<Test>::AlreadyAccepted);
	});
}

#[test]
fn a_delegate_should_decline_for_its_provider() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		let call =
			Jobs::decline(RawOrigin::Signed(delegate(1)).into(), id, DeclineReason::InputMismatch);
		assert_ok!(call);
		assert!(matches!(outcome_of(id), Outcome::Declined { .. }));
	});
}
