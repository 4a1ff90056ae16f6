//! Where money lies: every amount once, with what sets it free.

use super::{
	deal::{accept, commit, model, open_market, provider_of, request, submit, SERVERS, USER},
	pass, Chain,
};
use crate::{
	market_api::{positions, Place, Position, Release},
	AccountId, Assets, Balance, Balances, Runtime,
};
use assay_market::{traits::PayoutReason, Assignment, JobId, Quote, SeriesId};
use frame_support::traits::fungible::Inspect;
use pallet_providers::views::LockReason;
use sp_keyring::Sr25519Keyring;

/// What lies on an account in a quote, by its positions.
fn on_account(list: &[Position], quote: Quote) -> Balance {
	let here = list.iter().filter(|one| one.price.quote == quote && one.place.is_on_account());
	here.map(|one| one.price.amount).sum()
}

/// Fails unless what lies on an account is what its positions say, of every asset.
pub(super) fn check_positions(who: &AccountId) {
	let list = positions(who);
	assert_eq!(on_account(&list, Quote::Native), Balances::total_balance(who), "{who}: {list:?}");
	for (asset, free) in Assets::account_balances(who.clone()) {
		let escrowed: Balance = pallet_vouchers::AllSeries::<Runtime>::iter()
			.filter(|(_, series)| series.asset == asset)
			.map(|(series, _)| pallet_vouchers::Escrows::<Runtime>::get(series, who))
			.sum();
		assert_eq!(on_account(&list, Quote::Asset(asset)), free + escrowed, "{who}: {list:?}");
	}
	assert!(list.iter().all(|one| one.price.amount > 0), "nothing lies nowhere: {list:?}");
}

fn find(who: Sr25519Keyring, wanted: impl Fn(&Place) -> bool) -> Option<Position> {
	positions(&who.to_account_id()).into_iter().find(|position| wanted(&position.place))
}

fn answered() -> (Chain, SeriesId, JobId) {
	let mut chain = Chain::local();
	let series = chain.block(open_market);
	let job = chain.block(|| {
		let job = submit(USER, request(series, Assignment::Named(provider_of(SERVERS[0]))));
		accept(SERVERS[0], job);
		commit(SERVERS[0], job);
		job
	});
	(chain, series, job)
}

#[test]
fn everything_on_an_account_should_have_a_place() {
	let (mut chain, ..) = answered();
	chain.between_blocks(|| {
		for account in Sr25519Keyring::iter() {
			check_positions(&account.to_account_id());
		}
	});
}

#[test]
fn escrow_should_name_its_job_and_when_it_ends() {
	let (mut chain, _, job) = answered();
	chain.between_blocks(|| {
		let escrow = find(USER, |place| *place == Place::Escrow { job }).expect("it is open");
		let due = pallet_jobs::Jobs::<Runtime>::get(job).and_then(|job| job.due_at());
		assert_eq!(escrow.release, Release::AtTick(due.expect("its window ends")));
	});
}

#[test]
fn bonds_should_say_what_they_answer_for() {
	let (mut chain, _, job) = answered();
	chain.between_blocks(|| {
		let provider = provider_of(SERVERS[0]);
		let place = |lock| Place::Bond { provider, model: model(), lock };
		let exposed = find(SERVERS[0], |one| *one == place(Some(LockReason::Exposed)));
		let answer = pallet_jobs::Jobs::<Runtime>::get(job).and_then(|job| job.answer().cloned());
		assert_eq!(exposed.map(|one| one.price.amount), answer.map(|answer| answer.exposed));
		let pledged = find(SERVERS[0], |one| *one == place(Some(LockReason::Pledged)));
		assert_eq!(pledged.map(|one| one.release), Some(Release::WithObligation));
	});
}

#[test]
fn what_waits_should_be_listed_and_lie_elsewhere() {
	let (mut chain, ..) = answered();
	chain.between_blocks(|| pass(200));
	chain.block(|| ());
	chain.between_blocks(|| {
		let earned = find(SERVERS[0], |place| *place == Place::Claimable(PayoutReason::Earnings));
		let earned = earned.expect("the job was settled");
		assert_eq!(earned.release, Release::ByCall);
		assert!(!earned.place.is_on_account());
		check_positions(&SERVERS[0].to_account_id());
	});
}

#[test]
fn stake_should_be_told_from_other_holds() {
	Chain::local().between_blocks(|| {
		let staked = find(Sr25519Keyring::AliceStash, |place| *place == Place::Staked);
		assert!(staked.is_some_and(|position| position.release == Release::ByCall));
	});
}
