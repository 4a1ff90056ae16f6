use crate::{mock::*, Configuration, Error, Event, SaleTerms, TOLERANCE_MAX};
use assay_market::{
	traits::{Shares, Split},
	Quote,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, Permill};

fn shares(provider: u32, burn: u32, validators: u32, treasury: u32) -> Split {
	Split {
		provider: Permill::from_percent(provider),
		burn: Permill::from_percent(burn),
		validators: Permill::from_percent(validators),
		treasury: Permill::from_percent(treasury),
	}
}

#[test]
fn the_default_should_be_valid_and_without_emission() {
	build_and_execute(|| {
		let configuration = Burn::configuration();
		assert_eq!(configuration, Configuration::default());
		assert_eq!(configuration.shares, shares(70, 15, 10, 5));
		assert!(configuration.emission_rate.is_zero());
		assert!(configuration.validate::<Test>().is_ok());
	});
}

#[test]
fn only_the_admin_should_configure() {
	build_and_execute(|| {
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::signed(FUNDER)] {
			let refused = DispatchError::BadOrigin;
			assert_noop!(Burn::set_shares(origin.clone(), Split::default()), refused);
			assert_noop!(Burn::set_emission_rate(origin.clone(), Permill::one()), refused);
			assert_noop!(Burn::set_sale_terms(origin, SaleTerms::default()), refused);
		}
	});
}

#[test]
fn shares_should_be_set_as_a_whole() {
	build_and_execute(|| {
		for shares in [shares(0, 100, 0, 0), shares(100, 0, 0, 0), shares(25, 25, 25, 25)] {
			assert_ok!(Burn::set_shares(RuntimeOrigin::root(), shares));
			assert_eq!(events(), [Event::SharesSet { shares }]);
			assert_eq!(Burn::configuration().shares, shares);
		}
	});
}

#[test]
fn shares_that_do_not_sum_to_the_whole_should_be_refused() {
	build_and_execute(|| {
		let mut tiny = Split::default();
		tiny.treasury = Permill::from_parts(tiny.treasury.deconstruct() + 1);
		for wrong in [shares(70, 15, 10, 4), shares(100, 100, 100, 100), shares(0, 0, 0, 0), tiny] {
			assert_noop!(
				Burn::set_shares(RuntimeOrigin::root(), wrong),
				Error::<Test>::SharesDoNotSumToWhole
			);
		}
	});
}

#[test]
fn every_emission_rate_should_be_allowed() {
	build_and_execute(|| {
		for rate in [Permill::one(), Permill::from_parts(1), Permill::zero()] {
			assert_ok!(Burn::set_emission_rate(RuntimeOrigin::root(), rate));
			assert_eq!(events(), [Event::EmissionRateSet { rate }]);
			assert_eq!(Burn::configuration().emission_rate, rate);
		}
	});
}

#[test]
fn sale_terms_should_be_set_as_a_whole() {
	build_and_execute(|| {
		let terms = SaleTerms {
			period: 1,
			reserve_share: Permill::from_parts(1),
			tolerance: TOLERANCE_MAX,
			averaging: MaxQuotes::get() + 1,
		};
		let largest = SaleTerms { reserve_share: Permill::from_parts(2_700), ..terms };
		for terms in [terms, largest] {
			assert_ok!(Burn::set_sale_terms(RuntimeOrigin::root(), terms));
			assert_eq!(events(), [Event::SaleTermsSet { terms }]);
			assert_eq!(Burn::configuration().sale, terms);
		}
	});
}

#[test]
fn unusable_sale_terms_should_be_refused() {
	let usable = SaleTerms::default();
	let wider = Permill::from_parts(TOLERANCE_MAX.deconstruct() + 1);
	let cases = [
		(SaleTerms { period: 0, ..usable }, Error::<Test>::NoSalePeriod),
		(SaleTerms { averaging: MaxQuotes::get(), ..usable }, Error::AveragingTooShort),
		(SaleTerms { reserve_share: Permill::zero(), ..usable }, Error::OrderOutsideTolerance),
		(SaleTerms { reserve_share: usable.tolerance, ..usable }, Error::OrderOutsideTolerance),
		(SaleTerms { reserve_share: Permill::from_parts(2_701), ..usable }, Error::OrderAboveFee),
		(SaleTerms { tolerance: Permill::zero(), ..usable }, Error::OrderOutsideTolerance),
		(SaleTerms { tolerance: wider, ..usable }, Error::ToleranceTooWide),
	];
	build_and_execute(|| {
		for (terms, error) in cases {
			assert_noop!(Burn::set_sale_terms(RuntimeOrigin::root(), terms), error);
		}
	});
}

#[test]
fn a_preview_should_be_what_a_settlement_does() {
	build_and_execute(|| {
		assert_ok!(Burn::set_emission_rate(RuntimeOrigin::root(), Permill::from_percent(50)));
		let preview = Burn::preview(native_price(10_000), true);
		let expected = Shares {
			quote: Quote::Native,
			provider: 7_000,
			burned: 1_500,
			validators: 1_000,
			treasury: 500,
			emitted: 750,
		};
		assert_eq!(preview, expected);
		assert_eq!(settle(native_price(10_000), true), expected);
	});
}
