//! Wrong answers to oneself, and answers that never come.

use super::{check_properties, expected, market, pass, premium, signed_amount, wealth};
use crate::{
	tests::market::{
		deal::{
			accept, commit, commitment_hash, provider_of, request, submit, subscribe_and_mint,
			SERVERS, UNITS, USER,
		},
		now,
	},
	Balance, Jobs, Runtime,
};
use assay_coalitions::{
	roles::Role::{Challenger, Provider, User},
	setting::Setting,
};
use assay_market::{
	traits::{Disputable, Verdict},
	Assignment,
};
use frame_support::assert_ok;
use sp_keyring::Sr25519Keyring;

/// Has no other part in the market.
const CHALLENGER: Sr25519Keyring = Sr25519Keyring::Ferdie;

/// The coalition's balance after its own challenger won, with the costs that the search assumes, and the
/// units of the job.
fn refuted() -> (i128, Balance) {
	let all = [SERVERS[0], USER, CHALLENGER];
	let (mut chain, series) = market();
	let before = chain.between_blocks(|| wealth(&all));
	chain.block(|| subscribe_and_mint(series));
	let job = chain.block(|| {
		let job = submit(USER, request(series, Assignment::Named(provider_of(SERVERS[0]))));
		accept(SERVERS[0], job);
		commit(SERVERS[0], job);
		job
	});
	let units = chain.block(|| {
		let answer = Jobs::job(job).expect("it is open").job.answer().expect("answered").clone();
		assert_ok!(Jobs::hold(&job, &commitment_hash(job)));
		let costs = Setting::today().rules.deterrence.dispute_costs + answer.price_native * 3 / 2;
		let challenger = Some((CHALLENGER.to_account_id(), costs));
		assert_ok!(Jobs::decide(&job, Verdict::Refuted { challenger }));
		answer.units
	});
	chain.between_blocks(|| {
		pass(pallet_slashing::CurrentRules::<Runtime>::get().deferral_ticks);
	});
	chain.block(|| ());
	chain.between_blocks(|| {
		assert_eq!(pallet_slashing::TotalPending::<Runtime>::get(), 0, "it was distributed");
		check_properties();
		(wealth(&all) - before, units)
	})
}

#[test]
fn refuting_oneself_should_cost_what_the_search_says() {
	let (gained, units) = refuted();
	let coalition = [Provider, User, Challenger];
	let play = ("self-challenge", "refuted");
	let searched = expected(play, &coalition, &Setting::today(), units);
	// Here the verdict is told and no game is played: its fees are not paid.
	let fees = signed_amount(Setting::today().rules.deterrence.dispute_costs);
	assert_eq!(gained, searched + fees - (premium(UNITS) - premium(units)));
	assert!(gained < 0);
}

#[test]
fn being_late_for_oneself_should_cost_what_the_search_says() {
	let both = [SERVERS[0], USER];
	let (mut chain, series) = market();
	let before = chain.between_blocks(|| wealth(&both));
	chain.block(|| subscribe_and_mint(series));
	let job = chain.block(|| {
		let job = submit(USER, request(series, Assignment::Named(provider_of(SERVERS[0]))));
		accept(SERVERS[0], job);
		job
	});
	let least = chain.between_blocks(|| {
		let view = Jobs::job(job).expect("it is open");
		let promise = view.job.promise().expect("it is accepted");
		pass(promise.deadline_at - now());
		promise.reserved
	});
	assert_eq!(least, Setting::today().rules.deterrence.min_exposure, "a small job");
	chain.block(|| ());
	let gained = chain.between_blocks(|| {
		assert_eq!(Jobs::job(job), None);
		check_properties();
		wealth(&both) - before
	});
	let play = ("late traps", "one's own provider is late");
	let searched = expected(play, &[Provider, User], &Setting::today(), UNITS / 1_000_000);
	assert_eq!(gained, searched - (premium(UNITS) - premium(UNITS / 1_000_000)));
	assert!(gained < 0);
}
