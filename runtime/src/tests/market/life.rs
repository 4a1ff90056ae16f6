//! A job from the first bond to the last claim.

use super::{
	check_properties, deal,
	deal::{accept, commit, open_market, provider_of, request, submit, SERVERS, UNITS, USER},
	dispatch, last_event, pass, signed, Chain,
};
use crate::{
	configs::market::ActiveEra, AccountId, Assets, Balance, Balances, Burn, Jobs, Models, Payouts,
	Runtime, RuntimeEvent,
};
use assay_market::{
	traits::{BurnReason, ModelStatus, Models as _, PayoutReason},
	Assignment, JobId, Price, Quote, SeriesId,
};
use frame_support::{
	assert_ok,
	traits::{fungible::Inspect, Get},
};
use pallet_jobs::{AnswerSecurity, Outcome};
use sp_keyring::Sr25519Keyring;

/// A market with a job that its provider has answered, on a chain of its own.
fn answered() -> (Chain, SeriesId, JobId) {
	let mut chain = Chain::local();
	let series = chain.block(open_market);
	let job =
		chain.block(|| submit(USER, request(series, Assignment::Named(provider_of(SERVERS[0])))));
	chain.block(|| accept(SERVERS[0], job));
	chain.block(|| commit(SERVERS[0], job));
	(chain, series, job)
}

fn claimable(who: Sr25519Keyring, reason: PayoutReason) -> Balance {
	claimable_by(who.to_account_id(), reason)
}

fn claimable_by(who: AccountId, reason: PayoutReason) -> Balance {
	let claims = Payouts::claimable(who).into_iter();
	claims.filter(|claim| claim.reason == reason).map(|claim| claim.price.amount).sum()
}

/// What the books of this era say was burned for a reason.
fn burned(reason: BurnReason) -> Balance {
	Burn::supply_of_era(ActiveEra::get()).burned.get(&reason).copied().unwrap_or_default()
}

/// The price of the job that ended in this block.
fn settled_price(job: JobId) -> Option<Price> {
	last_event(|event| match event {
		RuntimeEvent::Jobs(pallet_jobs::Event::Ended {
			job: ended,
			outcome: Outcome::Settled { price, .. },
			..
		}) if ended == job => Some(price),
		_ => None,
	})
}

/// Issuance is that of genesis, plus what was minted, minus what was burned.
fn check_books() {
	let books = Burn::issuance();
	assert_eq!(Balances::total_issuance(), books.genesis + books.minted - books.burned);
}

#[test]
fn three_attestations_should_list_the_demo_model() {
	let mut chain = Chain::local();
	chain.block(open_market);
	chain.between_blocks(|| {
		let facts = Models::facts(&deal::model()).expect("it is registered at genesis");
		assert_eq!(facts.status, ModelStatus::Listed);
		check_properties();
	});
}

#[test]
fn a_job_should_be_settled_by_itself_and_every_token_accounted_for() {
	let (mut chain, series, job) = answered();
	let (asset, free) = chain.between_blocks(|| {
		check_properties();
		let window = match Jobs::answer_security(job) {
			Some(AnswerSecurity::Provisional { window_left, .. }) => window_left,
			other => panic!("an answer within its window: {other:?}"),
		};
		let asset = pallet_vouchers::AllSeries::<Runtime>::get(series).unwrap().asset;
		pass(window);
		(asset, Assets::balance(asset, USER.to_account_id()))
	});
	let (server, pot) = chain.between_blocks(|| (SERVERS[0], Burn::pallet_accounts().1));
	let before = chain.between_blocks(|| (burned(BurnReason::Jobs), Balances::balance(&pot)));

	let price = chain.block(|| settled_price(job).expect("the queue settled it"));

	chain.between_blocks(|| {
		assert_eq!(Jobs::job(job), None);
		assert_eq!(price.quote, Quote::Native);
		// 70, 15, 10 and 5 of a hundred.
		let amount = price.amount;
		assert_eq!(claimable(server, PayoutReason::Earnings), amount * 70 / 100);
		assert_eq!(burned(BurnReason::Jobs) - before.0, amount * 15 / 100);
		assert_eq!(Balances::balance(&pot) - before.1, amount * 10 / 100);
		let treasury = crate::configs::treasury::TreasuryAccount::get();
		assert_eq!(
			claimable_by(treasury, PayoutReason::Treasury),
			amount - amount * 70 / 100 - amount * 15 / 100 - amount * 10 / 100
		);
		// The premium of what it served, as it had subscribed.
		assert!(claimable(server, PayoutReason::Premium) > 0);

		let record = pallet_vouchers::AllSeries::<Runtime>::get(series).unwrap();
		let units = amount / record.price_per_unit;
		assert_eq!(record.redeemed, units);
		assert_eq!(record.outstanding, UNITS - units);
		assert_eq!(Assets::balance(asset, USER.to_account_id()), UNITS - units);
		assert!(free < UNITS - units, "what the answer did not cost came back");
		check_properties();
		check_books();
	});

	chain.block(|| {
		let owner = server.to_account_id();
		let (before, waiting) = (
			Balances::free_balance(&owner),
			claimable(server, PayoutReason::Earnings) + claimable(server, PayoutReason::Premium),
		);
		let claim = pallet_payouts::Call::claim { quote: Quote::Native, to: None };
		assert_ok!(dispatch(claim, signed(server)));
		assert_eq!(Balances::free_balance(&owner), before + waiting);
	});
	chain.between_blocks(|| {
		check_properties();
		check_books();
	});
}

#[test]
fn the_best_offer_should_be_found() {
	let mut chain = Chain::local();
	let series = chain.block(open_market);
	let job = chain.block(|| submit(USER, request(series, Assignment::BestOffer)));
	let provider = chain.between_blocks(|| Jobs::job(job).unwrap().provider.expect("a turn"));
	let owner = chain.between_blocks(|| {
		SERVERS.into_iter().find(|owner| provider_of(*owner) == provider).expect("one of three")
	});
	chain.block(|| accept(owner, job));
	chain.between_blocks(|| {
		assert_eq!(Jobs::job(job).unwrap().provider, Some(provider));
		check_properties();
	});
}

#[test]
fn a_lost_game_should_refund_slash_and_burn() {
	use assay_market::traits::{Disputable, Verdict};
	let (mut chain, series, job) = answered();
	let challenger = Sr25519Keyring::Ferdie.to_account_id();
	let exposed = chain.block(|| {
		let answer = Jobs::job(job).unwrap().job.answer().unwrap().clone();
		let commitment_hash = deal::commitment_hash(job);
		assert_ok!(Jobs::hold(&job, &commitment_hash));
		let costs = crate::units::ASY / 10;
		let verdict = Verdict::Refuted { challenger: Some((challenger.clone(), costs)) };
		assert_ok!(Jobs::decide(&job, verdict));
		answer.exposed
	});
	chain.between_blocks(|| {
		assert_eq!(Jobs::job(job), None);
		let record = pallet_vouchers::AllSeries::<Runtime>::get(series).unwrap();
		assert_eq!(Assets::balance(record.asset, USER.to_account_id()), UNITS);
		assert_eq!(pallet_slashing::TotalPending::<Runtime>::get(), exposed);
		check_properties();
		pass(pallet_slashing::CurrentRules::<Runtime>::get().deferral_ticks);
	});
	let before = chain.between_blocks(|| burned(BurnReason::Slashes));
	chain.block(|| ());
	chain.between_blocks(|| {
		assert_eq!(pallet_slashing::TotalPending::<Runtime>::get(), 0);
		assert!(burned(BurnReason::Slashes) - before >= exposed / 2, "at least half burns");
		assert!(claimable_by(challenger, PayoutReason::ChallengeReward) > 0);
		assert!(claimable(USER, PayoutReason::Compensation) > 0);
		check_properties();
		check_books();
	});
}
