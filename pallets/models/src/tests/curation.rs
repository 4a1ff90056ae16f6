use assay_market::ModelId;
use assay_programs::samples::{self, Decoder};
use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use sp_runtime::TokenError;

use super::*;
use crate::{Curations, HoldReason, Parameters};

const DEPOSIT: u128 = PARAMETERS.curation_deposit;

fn held(who: AccountId) -> u128 {
	Balances::balance_on_hold(&HoldReason::Curation.into(), &who)
}

/// As many models as asked for.
fn models(count: u16) -> Vec<ModelId> {
	let program = |layers| Decoder { layers, ..Decoder::default() }.program();
	(1..=count).map(|layers| register(manifest_of(&program(layers)))).collect()
}

#[test]
fn an_entry_should_hold_a_deposit_and_be_changed_for_free() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		events();
		for approved in [true, false] {
			assert_ok!(Models::curate(signed(USER), model, approved));
			assert_eq!(events(), [Event::Curated { curator: USER, model, approved }]);
			assert_eq!(Models::curations(USER), [(model, approved)]);
			assert_eq!(held(USER), DEPOSIT);
		}
		assert_eq!(Models::curations(OTHER), []);
	});
}

#[test]
fn an_entry_should_be_of_a_registered_model_and_paid_for() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(
			Models::curate(signed(USER), ModelId::default(), true),
			error(Error::UnknownModel)
		);
		let (model, poor) = (unlisted(), 200);
		let least = DEPOSIT + MINIMUM_BALANCE;
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), poor, least - 1));
		assert_noop!(Models::curate(signed(poor), model, true), TokenError::FundsUnavailable);
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), poor, least));
		assert_ok!(Models::curate(signed(poor), model, true));
	});
}

#[test]
fn a_list_should_be_bounded() {
	ExtBuilder::default().build_and_execute(|| {
		let models = models(4);
		for model in &models[..3] {
			assert_ok!(Models::curate(signed(USER), *model, true));
		}
		assert_noop!(Models::curate(signed(USER), models[3], true), error(Error::TooManyCurations));
		assert_ok!(Models::curate(signed(USER), models[0], false));
		assert_ok!(Models::uncurate(signed(USER), models[1]));
		assert_ok!(Models::curate(signed(USER), models[3], true));
		assert_eq!(held(USER), 3 * DEPOSIT);
	});
}

#[test]
fn an_entry_should_return_the_deposit_that_was_taken_for_it() {
	ExtBuilder::default().build_and_execute(|| {
		let models = models(2);
		assert_ok!(Models::curate(signed(USER), models[0], true));
		let parameters = Parameters { curation_deposit: 2 * DEPOSIT, ..PARAMETERS };
		assert_ok!(Models::set_parameters(RuntimeOrigin::root(), parameters));
		assert_ok!(Models::curate(signed(USER), models[1], true));
		assert_eq!(held(USER), 3 * DEPOSIT);
		events();
		assert_ok!(Models::uncurate(signed(USER), models[0]));
		assert_eq!(events(), [Event::CurationRemoved { curator: USER, model: models[0] }]);
		assert_eq!(held(USER), 2 * DEPOSIT);
		assert_ok!(Models::uncurate(signed(USER), models[1]));
		assert!(!Curations::<Test>::contains_key(USER));
		assert_eq!(Balances::free_balance(USER), ENDOWMENT);
		for who in [USER, OTHER] {
			assert_noop!(Models::uncurate(signed(who), models[0]), error(Error::NotCurated));
		}
	});
}

#[test]
fn an_entry_should_outlive_its_model() {
	ExtBuilder::default().build_and_execute(|| {
		let model = register(manifest_of(&samples::encoder()));
		assert_ok!(Models::curate(signed(USER), model, false));
		assert_ok!(Models::announce_deprecation(signed(REGISTRANT), model));
		pass_ticks(PARAMETERS.notice_ticks + 1);
		assert_ok!(Models::remove(signed(USER), model));
		assert_eq!(Models::curations(USER), [(model, false)]);
		assert_ok!(Models::uncurate(signed(USER), model));
		assert_eq!(held(USER), 0);
	});
}
