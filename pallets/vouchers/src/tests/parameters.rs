//! What governance may set.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, traits::Hooks};
use sp_runtime::{traits::BadOrigin, Permill};

#[test]
fn parameters_should_be_set_by_the_admin_as_a_whole() {
	ExtBuilder::default().build_and_execute(|| {
		let new = Parameters { premium: Permill::from_percent(5), ..parameters() };
		assert_noop!(Vouchers::set_parameters(by(BUYER), new.clone()), BadOrigin);
		assert_ok!(Vouchers::set_parameters(RuntimeOrigin::root(), new.clone()));
		assert_eq!(Vouchers::parameters(), new);
		assert_eq!(events(), [Event::ParametersSet { parameters: new }]);
	});
}

#[test]
fn each_rule_should_refuse_what_breaks_it() {
	type Change = fn(&mut Parameters);
	let breaking: [(BadParameter, Change); 22] = [
		(BadParameter::Window, |p| p.window_ticks = 0),
		(BadParameter::Window, |p| p.window_ticks = p.life_ticks + 1),
		(BadParameter::Life, |p| p.life_ticks = 90 * DAY + 1),
		(BadParameter::Grace, |p| p.grace_ticks = DAY - 1),
		(BadParameter::Grace, |p| p.grace_ticks = 90 * DAY + 1),
		(BadParameter::Premium, |p| p.premium = Permill::from_parts(19_999)),
		(BadParameter::Premium, |p| p.premium = Permill::from_parts(50_001)),
		(BadParameter::PremiumShares, |p| p.subscribers_share = Permill::from_parts(499_999)),
		(BadParameter::PremiumShares, |p| p.insurance_share = Permill::from_parts(300_001)),
		(BadParameter::Pledge, |p| p.pledge = Permill::zero()),
		(BadParameter::Multiplier, |p| p.max_multiplier_percent = 0),
		(BadParameter::LiveSeries, |p| (p.life_ticks, p.grace_ticks) = (90 * DAY, 31 * DAY)),
		(BadParameter::LeastSubscription, |p| p.least_subscription = 0),
		(BadParameter::MintLimit, |p| p.mint_limit_per_day = 0),
		(BadParameter::TargetUtilisation, |p| p.target_utilisation = Permill::zero()),
		(BadParameter::PriceStep, |p| p.price_step = Permill::zero()),
		(BadParameter::PriceStep, |p| p.price_step = Permill::from_parts(50_001)),
		(BadParameter::RateInterval, |p| p.rate_interval_ticks = 0),
		(BadParameter::RateStale, |p| p.rate_stale_ticks = p.rate_interval_ticks),
		(BadParameter::RateStale, |p| p.rate_stale_ticks = 7 * DAY + 1),
		(BadParameter::Life, |p| p.life_ticks = u32::MAX),
		(BadParameter::Grace, |p| p.grace_ticks = u32::MAX),
	];
	ExtBuilder::default().build_and_execute(|| {
		for (reason, change) in breaking {
			let mut new = parameters();
			change(&mut new);
			assert_noop!(
				Vouchers::set_parameters(RuntimeOrigin::root(), new),
				Error::<Test>::BadParameter(reason)
			);
		}
	});
}

#[test]
fn the_limits_of_each_rule_should_be_allowed() {
	let changes: [fn(&mut Parameters); 11] = [
		|p| p.window_ticks = p.life_ticks,
		|p| p.life_ticks = 90 * DAY,
		|p| p.grace_ticks = DAY,
		|p| p.grace_ticks = 90 * DAY,
		|p| p.premium = Permill::from_percent(2),
		|p| p.premium = Permill::from_percent(5),
		|p| p.insurance_share = Permill::from_percent(30),
		|p| p.pledge = Permill::one(),
		|p| p.max_multiplier_percent = 1,
		|p| p.price_step = Permill::from_parts(1),
		|p| p.rate_stale_ticks = 7 * DAY,
	];
	ExtBuilder::default().build_and_execute(|| {
		for change in changes {
			let mut new = parameters();
			change(&mut new);
			assert_ok!(Vouchers::set_parameters(RuntimeOrigin::root(), new));
		}
	});
}

#[test]
fn what_a_series_promised_should_survive_new_parameters() {
	ExtBuilder::default().build_and_execute(|| {
		let id = minted(assay_market::Quote::Native, 1_000);
		let before = series(id);
		let new = Parameters { window_ticks: 1, life_ticks: 1, grace_ticks: DAY, ..parameters() };
		assert_ok!(Vouchers::set_parameters(RuntimeOrigin::root(), new));
		assert_eq!(series(id), before);
	});
}

#[test]
#[should_panic(expected = "DefaultParameters")]
fn a_runtime_whose_defaults_break_a_rule_should_not_pass_its_tests() {
	ExtBuilder::default().build_and_execute(|| {
		DefaultParameters::set(Parameters { pledge: Permill::zero(), ..parameters() });
		Vouchers::integrity_test();
	});
}

#[test]
fn life_and_grace_should_have_no_more_days_than_series_may_live() {
	ExtBuilder::default().build_and_execute(|| {
		// Of 30 days and 14.
		MaxLiveSeries::set(44);
		let set = |parameters| Vouchers::set_parameters(RuntimeOrigin::root(), parameters);
		assert_ok!(set(parameters()));
		let longer = Parameters { life_ticks: 30 * DAY + 1, ..parameters() };
		let reason = BadParameter::LiveSeries;
		assert_noop!(set(longer), Error::<Test>::BadParameter(reason));
		let longer = Parameters { grace_ticks: 14 * DAY + 1, ..parameters() };
		assert_noop!(set(longer), Error::<Test>::BadParameter(reason));
	});
}

#[test]
#[should_panic(expected = "LiveSeries")]
fn a_runtime_without_room_for_a_series_a_day_should_not_pass_its_tests() {
	ExtBuilder::default().build_and_execute(|| {
		MaxLiveSeries::set(43);
		Vouchers::integrity_test();
	});
}

#[test]
#[should_panic(expected = "vouchers.native = [40, 50]: choose a floor of at least 20")]
fn genesis_should_refuse_a_price_below_its_floor() {
	use sp_runtime::BuildStorage;
	let vouchers = GenesisConfig { native: Some((40, 50)), ..Default::default() };
	let _chain = RuntimeGenesisConfig { vouchers, ..Default::default() }.build_storage();
}

#[test]
#[should_panic(expected = "with the existential deposit")]
fn genesis_should_refuse_an_account_without_existential_deposit() {
	use sp_runtime::BuildStorage;
	let vouchers = GenesisConfig { native: Some((50, 50)), ..Default::default() };
	let _chain = RuntimeGenesisConfig { vouchers, ..Default::default() }.build_storage();
}

#[test]
#[should_panic(expected = "vouchers.assets: 7 cannot be a quote: ")]
fn genesis_should_refuse_a_quote_in_an_asset_that_does_not_exist() {
	use sp_runtime::BuildStorage;
	let rate = sp_runtime::FixedU128::from_u32(1);
	let assets = vec![(7, rate, "nobody issues it".to_owned(), 100, 50)];
	let vouchers = GenesisConfig { assets, ..Default::default() };
	let _chain = RuntimeGenesisConfig { vouchers, ..Default::default() }.build_storage();
}
