use assay_programs::samples;
use frame_support::{assert_noop, assert_ok};

use super::{
	requests::{held, FEE},
	*,
};
use crate::Parameters;

#[test]
fn a_fee_below_the_minimum_balance_should_be_payable() {
	ExtBuilder::default().build_and_execute(|| {
		let parameters = Parameters { request_fee_base: 1, request_fee_per_byte: 0, ..PARAMETERS };
		assert_ok!(Models::set_parameters(RuntimeOrigin::root(), parameters));
		let model = listed();
		request(model, 0);
		assert_ok!(post(owner(1), model, 0));
		assert_eq!(Claimable::get(), [(owner(1), 1)].into());
	});
}

#[test]
fn nothing_should_be_asked_for_while_no_fee_can_pass() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		let set = |balance| {
			assert_ok!(Balances::force_set_balance(
				RuntimeOrigin::root(),
				Models::account(),
				balance
			));
		};
		set(0);
		assert_noop!(
			Models::request_weights(signed(USER), model, 0, u128::MAX),
			error(Error::AccountNotEndowed)
		);
		set(MINIMUM_BALANCE);
		request(model, 0);
	});
}

#[test]
fn each_open_request_should_double_the_price_of_the_next_and_burn_what_exceeds_the_fee() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		for (leaf, surcharge) in [(0, 0), (1, FEE), (2, 3 * FEE), (3, 7 * FEE)] {
			assert_eq!(Models::request_cost(model, leaf), Ok((FEE, surcharge)));
			let before = held(USER);
			request(model, leaf);
			assert_eq!(held(USER) - before, FEE + surcharge);
		}
		let issuance = Balances::total_issuance();
		for leaf in [3, 0] {
			assert_ok!(post(owner(1), model, leaf));
		}
		// Who posts earns the fee, whatever the request cost.
		assert_eq!(Claimable::get(), [(owner(1), 2 * FEE)].into());
		assert_eq!((Burned::get(), Balances::total_issuance()), (7 * FEE, issuance - 7 * FEE));
		// With two open, the next one costs four times the fee.
		assert_eq!(Models::request_cost(model, 0), Ok((FEE, 3 * FEE)));
		let leaves = samples::decoder().weight_leaves();
		assert_eq!(Models::request_cost(model, leaves), Err(error(Error::NoSuchLeaf)));
	});
}

#[test]
fn whoever_is_right_should_get_the_surcharge_back() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		request(model, 0);
		request(model, 1);
		pass_ticks(PARAMETERS.request_ticks + 1);
		assert_ok!(Models::expire_request(signed(OTHER), model, 1));
		assert_eq!(held(USER), FEE);
		assert_ok!(Models::expire_request(signed(OTHER), model, 0));
		assert_eq!((Balances::free_balance(USER), Burned::get()), (ENDOWMENT, 0));
	});
}

#[test]
fn nobody_should_pay_more_for_a_request_than_was_agreed() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		let ask = |leaf, most| Models::request_weights(signed(OTHER), model, leaf, most);
		assert_noop!(ask(0, FEE - 1), error(Error::FeeAboveMaximum));
		assert_ok!(ask(0, FEE));
		assert_noop!(ask(1, 2 * FEE - 1), error(Error::FeeAboveMaximum));
		assert_ok!(ask(1, 2 * FEE));
	});
}
