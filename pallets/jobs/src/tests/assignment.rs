//! Candidates, their turns, and stepping aside.

use super::*;
use crate::{DeclineReason, Jobs as StoredJobs, Outcome, State};
use assay_market::{
	traits::{ExposureTerms, ModelStatus, Offer, OfferSearch},
	Assignment, Lengths, ProviderId, Quote,
};
use frame_system::RawOrigin;
use std::collections::BTreeMap;

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
	let terms = driver().terms_hash_of(id, ProviderId(provider));
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
fn without_any_candidate_there_should_be_no_job() {
	build_and_execute(|| {
		offers(&[200, 100]);
		refuses(Request { max_price: 24, ..for_best_offer() }, Error::<Test>::NoOffer);
		refuses(Request { max_deadline_ticks: 21, ..for_best_offer() }, Error::<Test>::NoOffer);
		Offers::mutate(|offers| offers.get_mut(&ProviderId(2)).unwrap().min_price_per_unit = 4);
		refuses(Request { max_price: 25, ..for_best_offer() }, Error::<Test>::NoOffer);
		offers(&[]);
		refuses(for_best_offer(), Error::<Test>::NoOffer);
	});
}

#[test]
fn offers_should_be_asked_for_what_the_run_costs_and_the_user_accepts() {
	build_and_execute(|| {
		SeriesQuote::set(Quote::Asset(7));
		Rate::set(10);
		let search = |request| {
			assert_ok!(driver().submit(request));
			Searched::get().expect("offers were searched")
		};
		let request = Request { max_price: 40, accept_within: 12, ..for_best_offer() };
		let found = search(request.clone());
		let expected = OfferSearch {
			tie: found.tie,
			most: 3,
			run_units: 25,
			run_price: 25 * 3 * 10,
			max_multiplier_percent: 160,
			lengths: Lengths { inputs: 5, outputs: 2 },
			max_deadline_ticks: 10_000,
			trace_bytes: 2_500,
			exposure: ExposureTerms { factor: 160, minimum: 1_000 },
		};
		assert_eq!(found, expected);
		// With what the user adds for more exposure: 1 % of 25 units, rounded up.
		let more = Request { exposure_factor: Some(320), ..request.clone() };
		let found = search(Request { max_deadline_ticks: 22, ..more });
		let expected = OfferSearch {
			tie: found.tie,
			run_units: 26,
			run_price: 26 * 3 * 10,
			max_multiplier_percent: 158,
			max_deadline_ticks: 22,
			exposure: ExposureTerms { factor: 320, minimum: 1_000 },
			..expected
		};
		assert_eq!(found, expected);
		assert_ne!(search(request.clone()).tie, search(request).tie, "each job draws anew");
	});
}

#[test]
fn providers_that_take_too_long_should_not_count() {
	build_and_execute(|| {
		offers(&[100, 110]);
		let slow = |offers: &mut BTreeMap<ProviderId, Offer>| {
			offers.get_mut(&ProviderId(1)).unwrap().deadline_base_ticks = 21;
		};
		Offers::mutate(slow);
		let request = Request { max_deadline_ticks: 22, ..for_best_offer() };
		assert_eq!(candidates(driver().submit(request).unwrap()), [2]);
		MaxDeadline::set(22);
		assert_eq!(candidates(driver().submit(for_best_offer()).unwrap()), [2]);
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
fn declining_should_move_nobody_elses_turn() {
	build_and_execute(|| {
		offers(&[100, 110, 120]);
		let id = driver().submit(for_best_offer()).unwrap();
		Now::set(6);
		assert_ok!(decline(1, id));
		assert_noop!(accept(3, id), Error::<Test>::NotYourTurn);
		let turn = |tick| {
			Now::set(tick);
			Jobs::job(id).unwrap().provider.unwrap().0
		};
		// The turns of the first go to the second, and those of both to the third.
		let turns = |ticks: [u32; 4]| ticks.map(turn);
		assert_eq!(turns([6, 11, 16, 21]), [2, 3, 2, 2]);
		Now::set(6);
		assert_ok!(decline(2, id));
		assert_eq!(turns([6, 11, 16, 21]), [3; 4]);
		Now::set(6);
		assert_ok!(accept(3, id));
	});
}

#[test]
fn who_lets_a_whole_turn_pass_without_a_word_should_be_noted() {
	build_and_execute(|| {
		offers(&[100, 110, 120]);
		let noted = || Missed::take().into_iter().map(|provider| provider.0).collect::<Vec<_>>();
		let submit = |accept_within| {
			let request = Request { accept_within, ..for_best_offer() };
			(driver().submit(request).unwrap(), Now::get())
		};
		// Who accepts missed nothing, not even in a second round.
		let (id, start) = submit(100);
		Now::set(start + 25);
		assert_ok!(accept(3, id));
		assert_eq!(noted(), [1, 2]);
		// Who declined said a word, and whose turn is not over may still.
		let (id, start) = submit(100);
		assert_ok!(decline(1, id));
		Now::set(start + 14);
		assert_ok!(Jobs::cancel(RawOrigin::Signed(USER).into(), id));
		assert_eq!(noted(), [2]);
		// A turn that acceptance cuts short is no turn.
		let (_, start) = submit(12);
		run_to(start + 12);
		assert_eq!(noted(), [1, 2]);
		let (_, start) = submit(15);
		run_to(start + 15);
		assert_eq!(noted(), [1, 2, 3]);
	});
}

#[test]
fn nobody_should_be_noted_who_could_not_accept_or_owes_nothing() {
	build_and_execute(|| {
		assert_ok!(driver().submitted(5));
		run_to(20);
		let troubles: [fn(); 2] = [|| Status::set(ModelStatus::Frozen), || Stopped::set(true)];
		for trouble in troubles {
			assert_ok!(driver().submit(Request { accept_within: 15, ..for_best_offer() }));
			trouble();
			run_to(Now::get() + 20);
			Status::set(ModelStatus::Listed);
			Stopped::set(false);
		}
		assert_eq!(StoredJobs::<Test>::iter_keys().count(), 0);
		assert_eq!(Missed::get(), []);
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
