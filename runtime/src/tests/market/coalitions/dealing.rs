//! Jobs for oneself.

use super::{
	as_root, check_price, check_properties, expected, market, pass, premium, wealth, Chain,
};
use crate::{
	tests::market::deal::{
		accept, commit, provider_of, request, submit, subscribe_and_mint, SERVERS, UNITS, USER,
	},
	Balance, Runtime,
};
use assay_coalitions::{
	roles::Role::{Provider, Subscriber, User},
	setting::Setting,
};
use assay_market::{Assignment, SeriesId};
use sp_keyring::Sr25519Keyring;
use sp_runtime::Permill;

const DEALERS: [Sr25519Keyring; 2] = [SERVERS[0], USER];

/// What the dealers have more after a job for themselves, and the units that it took.
fn dealt(chain: &mut Chain, series: SeriesId) -> (i128, Balance) {
	let before = chain.between_blocks(|| {
		check_price(series);
		wealth(&DEALERS)
	});
	chain.block(|| subscribe_and_mint(series));
	chain.block(|| {
		let job = submit(USER, request(series, Assignment::Named(provider_of(SERVERS[0]))));
		accept(SERVERS[0], job);
		commit(SERVERS[0], job);
	});
	chain.between_blocks(|| pass(200));
	chain.block(|| ());
	chain.between_blocks(|| {
		check_properties();
		let record = pallet_vouchers::AllSeries::<Runtime>::get(series).expect("it is live");
		assert!(record.redeemed > 0, "the job was settled");
		(wealth(&DEALERS) - before, record.redeemed)
	})
}

#[test]
fn self_dealing_should_cost_what_the_search_says() {
	let (mut chain, series) = market();
	let (gained, units) = dealt(&mut chain, series);
	let play = ("self-dealing", "served by a subscriber");
	let coalition = [Provider, User, Subscriber];
	let searched = expected(play, &coalition, &Setting::today(), units);
	assert_eq!(gained, searched - (premium(UNITS) - premium(units)));
	assert!(gained < 0);
}

#[test]
fn the_greatest_emission_should_not_make_it_pay() {
	let (mut chain, series) = market();
	let rate = Permill::one();
	chain.block(|| as_root(pallet_burn::Call::set_emission_rate { rate }));
	let (gained, units) = dealt(&mut chain, series);
	let mut setting = Setting::today();
	setting.burn.emission_rate = rate;
	let play = ("self-dealing", "served by a subscriber");
	let searched = expected(play, &[Provider, User, Subscriber], &setting, units);
	assert_eq!(gained, searched - (premium(UNITS) - premium(units)));
	assert!(gained < 0);
}
