use assay_market::traits::Bonds;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::TokenError;

use crate::{mock::*, types::Standing, Error, Event, HoldReason, Ledgers};

fn bond(who: u64, amount: u128) -> sp_runtime::DispatchResult {
	Providers::bond(RuntimeOrigin::signed(who), MODEL, amount)
}

/// Leaves a debt of this much: what is pledged answers for something else.
fn indebted(owner: u64, bonded_for_model: u128, debt: u128) -> assay_market::ProviderId {
	let provider = bonded(owner, bonded_for_model);
	assert_ok!(Providers::pledge(provider, &MODEL, bonded_for_model, true));
	assert_ok!(Providers::slash(provider, &MODEL, debt, &SLASHER));
	assert_eq!(ledger(provider).debt, debt);
	events();
	provider
}

#[test]
fn bond_should_hold_the_amount_in_the_ledger_of_its_model() {
	build_and_execute(|| {
		let provider = registered(OWNER);
		events();
		assert_ok!(bond(OWNER, MIN_BOND));
		assert_eq!(
			events(),
			[Event::Bonded { provider, model: MODEL, amount: MIN_BOND, bonded: MIN_BOND }]
		);
		assert_ok!(bond(OWNER, 1));
		assert_ok!(Providers::bond(RuntimeOrigin::signed(OWNER), MODEL_2, 2 * MIN_BOND));
		assert_eq!(ledger(provider).bonded, MIN_BOND + 1);
		assert_eq!(on_hold(HoldReason::Bond, OWNER), 3 * MIN_BOND + 1);
		assert_eq!(Providers::total_bonded(&MODEL), MIN_BOND + 1);
		assert_eq!(Providers::total_bonded(&MODEL_2), 2 * MIN_BOND);
		assert_eq!(Providers::free_bond(provider, &MODEL), MIN_BOND + 1);
		assert!(Providers::is_bonded(provider, &MODEL));
		assert!(!Providers::is_bonded(provider, &MODEL_3));
		assert_eq!(Providers::free_bond(provider, &MODEL_3), 0);
	});
}

#[test]
fn bond_should_refuse_what_cannot_be_bonded() {
	build_and_execute(|| {
		assert_noop!(bond(OWNER, MIN_BOND), Error::<Test>::NotOwner);
		registered(OWNER);
		assert_noop!(bond(OWNER, 0), Error::<Test>::ZeroAmount);
		assert_noop!(bond(OWNER, MIN_BOND - 1), Error::<Test>::BelowMinimum);
		let unknown = Providers::bond(RuntimeOrigin::signed(OWNER), NO_MODEL, MIN_BOND);
		assert_noop!(unknown, Error::<Test>::UnknownModel);
		assert_noop!(bond(OWNER, FUNDS), TokenError::FundsUnavailable);
		assert_noop!(bond(OWNER, u128::MAX), TokenError::FundsUnavailable);
		assert_ok!(bond(OWNER, MIN_BOND));
		assert_noop!(bond(OWNER, u128::MAX), Error::<Test>::Overflow);
		assert_ok!(Providers::add_delegate(RuntimeOrigin::signed(OWNER), KEY));
		assert_noop!(bond(KEY, MIN_BOND), Error::<Test>::NotOwner);
	});
}

#[test]
fn governance_should_ask_for_more_than_the_model_does() {
	build_and_execute(|| {
		registered(OWNER);
		Floor::set(2 * MIN_BOND);
		assert_noop!(bond(OWNER, 2 * MIN_BOND - 1), Error::<Test>::BelowMinimum);
		assert_ok!(bond(OWNER, 2 * MIN_BOND));
	});
}

#[test]
fn a_provider_should_bond_for_a_bounded_number_of_models() {
	build_and_execute(|| {
		registered(OWNER);
		let bond = |byte| Providers::bond(RuntimeOrigin::signed(OWNER), model(byte), MIN_BOND);
		for byte in 1..=3 {
			assert_ok!(bond(byte));
		}
		assert_noop!(bond(4), Error::<Test>::TooManyModels);
		assert_ok!(bond(3));
	});
}

#[test]
fn new_bond_should_pay_the_debt_first() {
	build_and_execute(|| {
		let provider = indebted(OWNER, MIN_BOND, 300);
		assert!(!Providers::is_bonded(provider, &MODEL));
		assert_ok!(bond(OWNER, 100));
		let paid = |amount, debt| Event::DebtPaid { provider, model: MODEL, amount, debt };
		assert_eq!(events(), [paid(100, 200)]);
		assert_eq!(ledger(provider).bonded, MIN_BOND);
		assert_ok!(bond(OWNER, 250));
		assert_eq!(
			events(),
			[
				paid(200, 0),
				Event::Bonded { provider, model: MODEL, amount: 50, bonded: MIN_BOND + 50 }
			]
		);
		assert_eq!(Balances::free_balance(INSURANCE), EXISTENTIAL_DEPOSIT + 300);
		assert!(Providers::is_bonded(provider, &MODEL));
	});
}

#[test]
fn a_debt_should_bar_all_models_of_the_provider_until_it_is_paid() {
	build_and_execute(|| {
		let provider = indebted(OWNER, MIN_BOND, 300);
		let origin = || RuntimeOrigin::signed(OWNER);
		assert_ok!(Providers::bond(origin(), MODEL_2, 3 * MIN_BOND));
		assert_ok!(Providers::set_offer(origin(), MODEL_2, offer(1)));
		assert_ok!(Providers::set_online(origin(), true));
		never_overdue(provider);
		let reserve = || Providers::reserve(provider, &MODEL_2, 1, 1);
		let pledge = || Providers::pledge(provider, &MODEL_2, 1, true);
		let found = || Providers::best_offers(&MODEL_2, &search(1));
		assert!(!Providers::is_bonded(provider, &MODEL_2));
		assert_eq!(Providers::offer(provider, &MODEL_2), None);
		assert!(found().is_empty());
		assert_noop!(reserve(), Error::<Test>::InDebt);
		assert_noop!(pledge(), Error::<Test>::InDebt);
		assert_ok!(Providers::request_withdrawal(origin(), MODEL_2, MIN_BOND));
		Now::set(WITHDRAWAL_TICKS);
		let withdraw = || Providers::withdraw(origin(), MODEL_2);
		assert_noop!(withdraw(), Error::<Test>::InDebt);

		assert_ok!(Providers::bond(origin(), MODEL, 300));
		assert_ok!(withdraw());
		assert!(Providers::is_bonded(provider, &MODEL_2));
		assert_ok!(pledge());
	});
}

#[test]
fn a_debt_should_reach_listed_offers_of_other_models() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		let origin = || RuntimeOrigin::signed(OWNER);
		assert_ok!(Providers::bond(origin(), MODEL_2, MIN_BOND));
		assert_ok!(Providers::pledge(provider, &MODEL_2, MIN_BOND, true));
		assert_eq!(best(1), [provider]);
		assert_ok!(Providers::slash(provider, &MODEL_2, 5, &SLASHER));
		// At once for jobs; for the list when anybody asks.
		assert!(best(1).is_empty());
		let standing = || ledger(provider).offer.map(|posted| posted.standing);
		let refresh = || Providers::refresh_offer(RuntimeOrigin::signed(STRANGER), provider, MODEL);
		assert_eq!(standing(), Some(Standing::Listed));
		assert_ok!(refresh());
		assert_eq!(standing(), Some(Standing::Idle));
		assert_ok!(Providers::bond(origin(), MODEL_2, 5));
		assert_ok!(refresh());
		assert_eq!(best(1), [provider]);
	});
}

#[test]
fn a_debt_should_not_be_paid_with_what_keeps_the_account_alive() {
	build_and_execute(|| {
		indebted(OWNER, MIN_BOND, FUNDS);
		let left = Balances::free_balance(OWNER);
		assert_noop!(bond(OWNER, left), TokenError::Frozen);
		assert_ok!(bond(OWNER, left - EXISTENTIAL_DEPOSIT));
	});
}

#[test]
fn a_debt_should_be_collected_from_what_becomes_unbound() {
	build_and_execute(|| {
		let provider = indebted(OWNER, MIN_BOND, 300);
		let collect = || Providers::collect_debt(RuntimeOrigin::signed(STRANGER), provider, MODEL);
		assert_noop!(collect(), Error::<Test>::NothingToCollect);
		assert_ok!(Providers::pledge(provider, &MODEL, 200, false));
		assert_eq!(Providers::free_bond(provider, &MODEL), 0);
		assert_ok!(collect());
		assert_eq!(events(), [Event::DebtPaid { provider, model: MODEL, amount: 200, debt: 100 }]);
		assert_ok!(Providers::pledge(provider, &MODEL, 200, false));
		assert_ok!(collect());
		assert_eq!((ledger(provider).debt, ledger(provider).bonded), (0, MIN_BOND - 300));
		assert_eq!(Providers::free_bond(provider, &MODEL), 100);
		assert_eq!(Balances::free_balance(INSURANCE), EXISTENTIAL_DEPOSIT + 300);
		assert_eq!(Providers::total_bonded(&MODEL), MIN_BOND - 300);
		assert_noop!(collect(), Error::<Test>::NothingToCollect);
	});
}

#[test]
fn collecting_should_name_what_is_missing() {
	build_and_execute(|| {
		let collect = |provider, model| {
			Providers::collect_debt(RuntimeOrigin::signed(STRANGER), provider, model)
		};
		let nobody = assay_market::ProviderId(9);
		assert_noop!(collect(nobody, MODEL), Error::<Test>::UnknownProvider);
		let provider = bonded(OWNER, MIN_BOND);
		assert_noop!(collect(provider, MODEL_2), Error::<Test>::NoBond);
		assert_noop!(collect(provider, MODEL), Error::<Test>::NothingToCollect);
	});
}

#[test]
fn a_ledger_should_end_when_its_debt_took_all_of_it() {
	build_and_execute(|| {
		let provider = indebted(OWNER, MIN_BOND, MIN_BOND);
		assert_ok!(Providers::pledge(provider, &MODEL, MIN_BOND, false));
		let collect = Providers::collect_debt(RuntimeOrigin::signed(STRANGER), provider, MODEL);
		assert_ok!(collect);
		assert!(!Ledgers::<Test>::contains_key(provider, MODEL));
		assert_eq!(Providers::total_bonded(&MODEL), 0);
		assert_ok!(Providers::deregister(RuntimeOrigin::signed(OWNER)));
	});
}
