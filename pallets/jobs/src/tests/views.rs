//! What may be read without a transaction.

use super::*;
use crate::{AnswerSecurity, Quotation, State};
use assay_market::{
	traits::{ExposureTerms, Offer},
	Assignment, Lengths, Price, ProviderId, Quote, SeriesId,
};
use assay_primitives::Hash;
use assay_programs::cost::ComputeUnits;

fn quote(provider: u32, exposure_factor: Option<u32>) -> Result<Quotation, DispatchError> {
	let lengths = Lengths { inputs: 600, outputs: 40 };
	Jobs::quote(GENERATOR, lengths, SERIES, ProviderId(provider), exposure_factor)
}

#[test]
fn a_quote_should_tell_compute_vouchers_and_money() {
	build_and_execute(|| {
		Offers::mutate(|offers| {
			offers.insert(ProviderId(2), Offer { multiplier_percent: 150, ..offer() })
		});
		SeriesQuote::set(Quote::Asset(7));
		Rate::set(10);
		let price = |amount| Price { quote: Quote::Asset(7), amount };
		assert_eq!(
			quote(2, None),
			Ok(Quotation {
				compute_units: ComputeUnits(1_000),
				trace_bytes: 100_000,
				units: 1_500,
				price: price(4_500),
				price_native: 45_000,
				// 640 tokens cost 4 500: a million cost 7 031 250.
				per_million_tokens: price(7_031_250),
				per_million_tokens_native: 70_312_500,
				exposure: 160 * 45_000,
				deadline_ticks: 22,
			})
		);
	});
}

#[test]
fn a_quote_should_be_what_the_job_costs() {
	build_and_execute(|| {
		for factor in [None, Some(320)] {
			let quoted = quote(1, factor).unwrap();
			let request = Request {
				exposure_factor: factor,
				max_price: quoted.units,
				..driver().request(driver().by_root(600), 40)
			};
			let id = driver().submit(request).unwrap();
			assert_eq!(stored(id).escrow, quoted.units);
			assert_ok!(driver().accept(id));
			assert_eq!(stored(id).promise().unwrap().reserved, quoted.exposure);
		}
	});
}

#[test]
fn a_quote_should_fail_as_submission_would() {
	build_and_execute(|| {
		assert_eq!(quote(99, None), Err(error(Error::NoOffer)));
		assert_eq!(quote(1, Some(1)), Err(error(Error::ExposureFactorOutOfRange)));
		Offers::mutate(|offers| offers.get_mut(&ProviderId(1)).unwrap().min_price_per_unit = 4);
		assert_eq!(quote(1, None), Err(error(Error::PriceBelowOffer)));
		let lengths = Lengths { inputs: 1, outputs: 1 };
		let unknown = Jobs::quote(GENERATOR, lengths, SeriesId(9), ProviderId(2), None);
		assert_eq!(unknown, Err(DispatchError::Other("unknown series")));
		MaxDeadline::set(21);
		assert_eq!(quote(2, None), Err(error(Error::DeadlineTooLong)));
		UnitPrice::set(u128::MAX);
		assert_eq!(quote(2, None), Err(error(Error::PriceOverflow)));
	});
}

#[test]
fn a_job_should_tell_whose_turn_it_is_and_what_to_sign() {
	build_and_execute(|| {
		Offers::mutate(|offers| {
			offers.insert(ProviderId(2), Offer { multiplier_percent: 90, ..offer() })
		});
		let request = Request {
			assignment: Assignment::BestOffer,
			..driver().request(driver().by_root(5), 2)
		};
		let id = driver().submit(request).unwrap();
		let view = Jobs::job(id).unwrap();
		assert_eq!((view.provider, view.is_due), (Some(ProviderId(2)), false));
		Now::set(6);
		let view = Jobs::job(id).unwrap();
		assert_eq!(view.provider, Some(ProviderId(1)));
		assert_eq!(view.terms_hash, Some(driver().terms_hash(id)));
		let exposure = ExposureTerms { factor: 160, minimum: 1_000 };
		let State::Submitted(search) = stored(id).state else { panic!("not submitted") };
		assert_eq!(view.terms, Some(stored(id).terms(&search.candidates[1], exposure)));
		assert_eq!(view.commitment_hash, None);
		assert_ok!(driver().accept(id));
		assert_ok!(driver().commit(id, driver().by_root(1)));
		let view = Jobs::job(id).unwrap();
		assert_eq!(view.terms_hash, Some(driver().terms_hash(id)));
		assert_eq!(view.commitment_hash, Some(driver().commitment_hash(id)));
		assert_eq!(view.job, stored(id));
	});
}

#[test]
fn a_job_should_tell_what_is_due_and_nothing_once_it_is_over() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		Now::set(11);
		let view = Jobs::job(id).unwrap();
		assert_eq!((view.provider, view.terms, view.is_due), (None, None, true));
		block_at(11);
		assert_eq!(Jobs::job(id), None);
		assert_eq!(Jobs::job(JobId(Hash([9; 32]))), None);
	});
}

#[test]
fn an_answer_should_be_provisional_until_nothing_can_happen_to_it() {
	build_and_execute(|| {
		let security = |id| Jobs::answer_security(id);
		let id = driver().accepted(5).unwrap();
		assert_eq!(security(id), Some(AnswerSecurity::Unanswered));
		assert_ok!(driver().commit(id, driver().by_root(1)));
		let exposure = 160 * 45;
		let provisional = |open_games, window_left, data_pending| {
			Some(AnswerSecurity::Provisional { exposure, open_games, window_left, data_pending })
		};
		assert_eq!(security(id), provisional(0, 150, false));
		assert_ok!(driver().request_data(WATCHER, id, crate::Side::Output));
		assert_eq!(security(id), provisional(0, 150, true));
		assert_ok!(driver().post_data(id, crate::Side::Output, driver().leaves(1, 0, 0)));
		Now::set(150);
		assert_ok!(Jobs::hold(&id, &driver().commitment_hash(id)));
		Now::set(200);
		assert_eq!(security(id), provisional(1, 0, false));
		assert_ok!(Jobs::decide(&id, assay_market::traits::Verdict::Upheld));
		assert_eq!(security(id), Some(AnswerSecurity::Final { exposure }));
		block_at(200);
		assert_eq!(security(id), None);
	});
}
