//! What changes after submission or acceptance leaves a job alone.

use super::*;
use crate::{JobParameters, Outcome, Parameters};
use assay_market::{
	traits::{Offer, PenaltyTerms, Split, SplitTerms, Verdict},
	ProviderId,
};
use sp_runtime::{Perbill, Permill};

#[test]
fn a_job_should_keep_the_prices_of_its_submission() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		LayerProduct::set(50);
		UnitPrice::set(1_000_000);
		Offers::mutate(|offers| {
			let dear = Offer { multiplier_percent: 400, deadline_base_ticks: 1, ..offer() };
			offers.insert(ProviderId(1), dear)
		});
		assert_ok!(driver().accept(id));
		assert_eq!(stored(id).promise().unwrap().deadline_at, 1 + 22);
		assert_ok!(driver().commit(id, driver().by_root(1)));
		let answer = stored(id).answer().cloned().unwrap();
		assert_eq!((answer.units, answer.price_native), (15, 45));
	});
}

#[test]
fn a_job_should_keep_the_rules_of_its_acceptance() {
	build_and_execute(|| {
		let id = driver().accepted(5).unwrap();
		let hash = driver().terms_hash(id);
		Factor::set(1_000);
		LeastExposure::set(u128::MAX);
		Rate::set(9);
		SplitNow::set(SplitTerms {
			split: Split { provider: Permill::zero(), burn: Permill::one(), ..Split::default() },
			..split()
		});
		Parameters::<Test>::put(JobParameters {
			window_ticks: 2,
			data_ticks: 1,
			check_ticks: 1,
			..JobParameters::default()
		});
		assert_eq!(driver().terms_hash(id), hash);
		assert_ok!(driver().commit(id, driver().by_root(1)));
		let answer = stored(id).answer().cloned().unwrap();
		assert_eq!((answer.exposed, answer.window_closes_at), (160 * 45, 151));
		assert_ok!(driver().request_data(WATCHER, id, crate::Side::Input));
		assert_eq!(stored(id).queued_at, Some(51));
		assert_ok!(driver().post_data(id, crate::Side::Input, driver().leaves(5, 0, 0)));
		run_to(151);
		let Outcome::Settled { shares, .. } = outcome_of(id) else { panic!("not settled") };
		assert_eq!((shares.provider, shares.burned), (31, 6));
	});
}

#[test]
fn a_job_should_keep_the_penalties_of_its_acceptance() {
	build_and_execute(|| {
		let late = driver().accepted(5).unwrap();
		let lost = driver().held(6).unwrap();
		let commitment = driver().commitment_hash(lost);
		PenaltiesNow::set(PenaltyTerms { late: Perbill::one(), deferral_ticks: 0, ..penalties() });
		let terms = Jobs::dispute_terms(&lost, &commitment).unwrap();
		assert_eq!(terms.penalty, penalties());
		assert_ok!(Jobs::decide(&lost, Verdict::Refuted { challenger: Some((WATCHER, 77)) }));
		run_to(23);
		assert_eq!(outcome_of(late).ending(), crate::Ending::Late);
		assert_eq!(Reports::get().len(), 2);
		assert!(Reports::get().iter().all(|report| report.terms == penalties()));
	});
}

#[test]
fn a_game_should_know_the_rate_of_trace_that_the_provider_was_admitted_by() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		let offers = |trace_bytes_per_tick| {
			let offer = Offer { trace_bytes_per_tick, ..offer() };
			Offers::mutate(|offers| offers.insert(ProviderId(1), offer));
		};
		offers(5_000);
		assert_ok!(driver().accept(id));
		offers(1);
		assert_ok!(driver().commit(id, driver().by_root(1)));
		let terms = Jobs::dispute_terms(&id, &driver().commitment_hash(id)).unwrap();
		assert_eq!(terms.trace_bytes_per_tick, 5_000);
	});
}

#[test]
fn a_turn_should_keep_the_length_of_the_submission() {
	build_and_execute(|| {
		let request = Request {
			assignment: assay_market::Assignment::BestOffer,
			..driver().request(driver().inline(5), 2)
		};
		let id = driver().submit(request).unwrap();
		Parameters::<Test>::mutate(|parameters| parameters.turn_ticks = 1);
		Now::set(5);
		assert_ok!(driver().accept(id));
	});
}

#[test]
fn more_exposure_should_cost_more_and_never_be_less_than_the_rule() {
	build_and_execute(|| {
		let asks = |factor| Request {
			exposure_factor: Some(factor),
			..driver().request(driver().by_root(995), 2)
		};
		// The longest answer takes 1 015 units; 1 % for each further 160.
		for (factor, units) in [(160, 1_015), (320, 1_026), (1_600, 1_107), (161, 1_016)] {
			let id = driver().submit(asks(factor)).unwrap();
			assert_eq!(stored(id).escrow, units);
			assert_ok!(driver().accept(id));
			assert_eq!(stored(id).promise().unwrap().reserved, u128::from(factor) * 3 * units);
		}
		let id = driver().submit(asks(320)).unwrap();
		Factor::set(500);
		assert_ok!(driver().accept(id));
		assert_eq!(stored(id).promise().unwrap().exposure.factor, 500);
		assert_ok!(driver().commit(id, driver().by_root(2)));
		run_to(151);
		assert!(matches!(outcome_of(id), Outcome::Settled { units: 1_026, .. }));
	});
}

#[test]
fn the_surcharge_should_be_the_parameters_of_the_submission() {
	build_and_execute(|| {
		Parameters::<Test>::mutate(|parameters| {
			parameters.exposure_surcharge = Permill::from_percent(10);
		});
		let request =
			Request { exposure_factor: Some(320), ..driver().request(driver().by_root(980), 2) };
		let id = driver().submit(request).unwrap();
		assert_eq!(stored(id).escrow, 1_100);
	});
}
