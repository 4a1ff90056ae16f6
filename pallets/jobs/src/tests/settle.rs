//! Payment.

use super::*;
use crate::{AnswerSecurity, Outcome, Totals};
use assay_market::{
	traits::{ModelStatus, Offer, Shares, Verdict},
	Price, ProviderId, Quote,
};
use assay_programs::cost::ComputeUnits;
use frame_system::RawOrigin;

/// An answer of one token to five: 15 of 25 units.
fn committed() -> JobId {
	driver().committed(5).unwrap()
}

fn poke(id: JobId) -> Result<(), DispatchError> {
	dispatch(crate::Call::poke { job: id }, WATCHER)
}

#[test]
fn a_settled_job_should_pay_what_it_cost_and_return_the_rest() {
	build_and_execute(|| {
		let id = committed();
		let commitment_hash = Some(driver().commitment_hash(id));
		take_events();
		run_to(150);
		assert_eq!(take_events(), []);
		run_to(151);
		let price = Price { quote: Quote::Native, amount: 45 };
		let shares = Shares {
			quote: Quote::Native,
			provider: 31,
			burned: 6,
			validators: 4,
			treasury: 4,
			emitted: 1,
		};
		assert_eq!(
			take_events(),
			[Event::Ended {
				job: id,
				user: USER,
				model: GENERATOR,
				series: SERIES,
				provider: Some(ProviderId(1)),
				commitment_hash,
				escrow: 25,
				refunded: 10,
				outcome: Outcome::Settled {
					compute_units: ComputeUnits(15),
					units: 15,
					price,
					shares,
				},
			}]
		);
		assert_eq!(FreeUnits::get((USER, SERIES)), UNITS - 15);
		assert_eq!(BurnedUnits::get(), 15);
		assert_eq!(Distributed::get(), [(id, 45, owner(1), true)]);
		assert_eq!(EndedJobs::get(), [(ProviderId(1), Some((6, 1)))]);
		assert_eq!((Served::get(ProviderId(1)), Demand::get()), (15, 15));
		assert_eq!(Stakes::get((ProviderId(1), GENERATOR)), (0, 0, 0));
		let totals = Totals::<Test>::get();
		assert_eq!((totals.units_escrowed, totals.units_paid, totals.units_refunded), (25, 15, 10));
		assert_noop!(poke(id), Error::<Test>::UnknownJob);
	});
}

#[test]
fn anybody_should_settle_when_the_window_is_over() {
	build_and_execute(|| {
		let id = committed();
		Now::set(150);
		assert_noop!(poke(id), Error::<Test>::NothingDue);
		Now::set(151);
		assert_ok!(poke(id));
		assert!(matches!(outcome_of(id), Outcome::Settled { .. }));
	});
}

#[test]
fn a_whole_escrow_should_be_paid_without_a_refund() {
	build_and_execute(|| {
		let id = driver().accepted(5).unwrap();
		assert_ok!(driver().commit(id, driver().inline(2)));
		run_to(151);
		assert!(matches!(outcome_of(id), Outcome::Settled { units: 25, .. }));
		assert_eq!(FreeUnits::get((USER, SERIES)), UNITS - 25);
	});
}

#[test]
fn the_cheapest_job_should_cost_one_unit() {
	build_and_execute(|| {
		LayerProduct::set(0);
		let id = committed();
		assert_eq!((stored(id).escrow, stored(id).answer().unwrap().units), (1, 1));
		run_to(151);
		assert!(matches!(outcome_of(id), Outcome::Settled { units: 1, .. }));
	});
}

#[test]
fn the_multiplier_should_raise_the_price_and_capacity_as_it_raises_demand() {
	build_and_execute(|| {
		Offers::mutate(|offers| {
			offers.insert(ProviderId(1), Offer { multiplier_percent: 250, ..offer() });
		});
		let id = committed();
		run_to(151);
		let Outcome::Settled { compute_units, units, .. } = outcome_of(id) else { panic!() };
		assert_eq!((compute_units, units), (ComputeUnits(15), 38));
		assert_eq!((Served::get(ProviderId(1)), Demand::get()), (38, 38));
	});
}

#[test]
fn jobs_of_models_that_were_not_listed_all_the_time_should_count_for_nothing() {
	build_and_execute(|| {
		let unlisted = ModelStatus::Unlisted;
		for (accepted, settled) in [
			(unlisted, unlisted),
			(unlisted, ModelStatus::Listed),
			(ModelStatus::Listed, unlisted),
			(ModelStatus::Listed, ModelStatus::Deprecated { until: 0 }),
		] {
			Status::set(accepted);
			let id = committed();
			Status::set(settled);
			Now::mutate(|now| *now += 150);
			assert_ok!(poke(id));
		}
		assert!(Distributed::get().iter().all(|(_, _, _, listed)| !listed));
		assert_eq!((Distributed::get().len(), EndedJobs::get()), (4, vec![]));
		assert_eq!((Served::get(ProviderId(1)), Demand::get()), (0, 0));
	});
}

#[test]
fn a_burn_in_an_asset_should_count_at_the_rate_of_acceptance() {
	build_and_execute(|| {
		SeriesQuote::set(Quote::Asset(7));
		Rate::set(1_000);
		let id = committed();
		assert_eq!(stored(id).promise().unwrap().reserved, 160 * 75_000);
		assert_eq!(stored(id).answer().unwrap().exposed, 160 * 45_000);
		Rate::set(5);
		RateIsStale::set(true);
		run_to(151);
		let Outcome::Settled { price, .. } = outcome_of(id) else { panic!() };
		assert_eq!(price, Price { quote: Quote::Asset(7), amount: 45 });
		assert_eq!(EndedJobs::get(), [(ProviderId(1), Some((6_000, 0)))]);
	});
}

#[test]
fn a_series_that_expired_should_pay_all_the_same() {
	build_and_execute(|| {
		let id = committed();
		SeriesExpired::set(true);
		run_to(151);
		assert!(matches!(outcome_of(id), Outcome::Settled { .. }));
	});
}

#[test]
fn a_provider_that_rotated_should_be_paid_at_its_new_account() {
	build_and_execute(|| {
		let id = committed();
		NewOwners::insert(ProviderId(1), 900);
		run_to(151);
		assert_eq!(Distributed::get(), [(id, 45, 900, true)]);
	});
}

#[test]
fn settlement_should_wait_while_a_version_is_stopped_and_not_declared_faulty() {
	build_and_execute(|| {
		let id = committed();
		Stopped::set(true);
		Now::set(151);
		assert_noop!(poke(id), Error::<Test>::SettlementPaused);
		block_at(151);
		assert_eq!(stored(id).queued_at, Some(151 + crate::state::RETRY_TICKS));
		check();
		Stopped::set(false);
		run_to(151 + crate::state::RETRY_TICKS);
		assert!(matches!(outcome_of(id), Outcome::Settled { .. }));
	});
}

#[test]
fn a_payment_that_fails_should_free_the_bond_and_stay_due() {
	build_and_execute(|| {
		let id = committed();
		SplitterFails::set(true);
		take_events();
		block_at(151);
		let until = Some(151 + crate::state::RETRY_TICKS);
		// The text of an error is not stored with it.
		let error = DispatchError::Other("");
		assert_eq!(take_events(), [Event::Owed { job: id, error, until }]);
		assert_eq!(Stakes::get((ProviderId(1), GENERATOR)), (0, 0, 0));
		assert_eq!(EscrowedUnits::get((USER, SERIES)), 25);
		assert_eq!(Jobs::answer_security(id), Some(AnswerSecurity::Final { exposure: 160 * 45 }));
		check();
		assert_noop!(poke(id), DispatchError::Other("the splitter fails"));
		block_at(201);
		let until = Some(201 + 2 * crate::state::RETRY_TICKS);
		assert_eq!(take_events(), [Event::Delayed { job: id, error, until }]);
		SplitterFails::set(false);
		// Anybody may try earlier.
		assert_ok!(poke(id));
		assert!(matches!(outcome_of(id), Outcome::Settled { units: 15, .. }));
		assert_eq!(EndedJobs::get(), [(ProviderId(1), Some((6, 1)))]);
	});
}

#[test]
fn an_answer_that_stands_should_not_fall_while_its_payment_is_due() {
	build_and_execute(|| {
		let id = committed();
		let commitment = driver().commitment_hash(id);
		SplitterFails::set(true);
		block_at(151);
		let over = Error::<Test>::WindowOver;
		assert_noop!(Jobs::hold(&id, &commitment), over);
		assert_noop!(Jobs::extend_window(&id, 500), Error::<Test>::WindowOver);
		assert_noop!(Jobs::decide(&id, Verdict::Void), Error::<Test>::WindowOver);
		let demand = driver().request_data(WATCHER, id, crate::Side::Input);
		assert_noop!(demand, Error::<Test>::WindowOver);
		// The model's weights were there as long as anybody could ask for a check.
		Status::set(ModelStatus::Frozen);
		SplitterFails::set(false);
		assert_ok!(poke(id));
		assert!(matches!(outcome_of(id), Outcome::Settled { .. }));
	});
}

#[test]
fn an_answer_of_a_faulty_version_should_be_void_though_its_payment_is_due() {
	build_and_execute(|| {
		let id = committed();
		SplitterFails::set(true);
		block_at(151);
		Faulty::set(true);
		assert_ok!(poke(id));
		assert_eq!(outcome_of(id), Outcome::Void);
		assert_eq!(FreeUnits::get((USER, SERIES)), UNITS);
	});
}

#[test]
fn only_signed_calls_should_poke() {
	build_and_execute(|| {
		let id = committed();
		assert_noop!(Jobs::poke(RawOrigin::None.into(), id), DispatchError::BadOrigin);
	});
}
