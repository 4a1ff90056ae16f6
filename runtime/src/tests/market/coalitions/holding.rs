//! Vouchers that nobody uses.

use super::{check_properties, expected, market, pass, signed_amount, wealth};
use crate::{
	tests::{
		dispatch,
		market::deal::{subscribe_and_mint, SERVERS, UNITS, USER},
		signed,
	},
	units::ASY,
	Balances, Runtime, Vouchers,
};
use assay_coalitions::{roles::Role::User, setting::Setting};
use frame_support::{
	assert_ok,
	traits::{fungible::Mutate, tokens::Preservation},
};

#[test]
fn holding_vouchers_to_the_expiry_should_cost_the_premium() {
	let (mut chain, series) = market();
	let before = chain.between_blocks(|| wealth(&[USER]));
	chain.block(|| subscribe_and_mint(series));
	chain.between_blocks(|| {
		pass(pallet_vouchers::CurrentParameters::<Runtime>::get().life_ticks);
	});
	chain.block(|| {
		let reclaim = pallet_vouchers::Call::reclaim { series, units: UNITS };
		assert_ok!(dispatch(reclaim, signed(USER)));
	});
	let gained = chain.between_blocks(|| {
		check_properties();
		wealth(&[USER]) - before
	});
	let play = ("expiry games", "reclaimed in the grace period");
	assert_eq!(gained, expected(play, &[User], &Setting::today(), UNITS));
	assert!(gained < 0);
}

#[test]
fn a_gift_to_the_reserve_should_be_lost_and_harm_nobody() {
	let (mut chain, series) = market();
	chain.block(|| subscribe_and_mint(series));
	let everybody = [SERVERS[0], USER];
	let before = chain.between_blocks(|| wealth(&everybody));
	let amount = ASY;
	chain.block(|| {
		let (from, to) = (USER.to_account_id(), Vouchers::account());
		assert_ok!(<Balances as Mutate<_>>::transfer(&from, &to, amount, Preservation::Preserve));
	});
	chain.between_blocks(|| {
		check_properties();
		assert_eq!(wealth(&everybody) - before, -signed_amount(amount));
	});
	chain.between_blocks(|| {
		pass(pallet_vouchers::CurrentParameters::<Runtime>::get().life_ticks);
	});
	chain.block(|| {
		let reclaim = pallet_vouchers::Call::reclaim { series, units: UNITS };
		assert_ok!(dispatch(reclaim, signed(USER)));
	});
	chain.between_blocks(|| {
		check_properties();
		assert_eq!(wealth(&everybody) - before, -signed_amount(amount));
	});
}
