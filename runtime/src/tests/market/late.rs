//! A provider that promises and does not answer.

use super::{
	check_properties,
	deal::{accept, open_market, provider_of, request, submit, SERVERS, UNITS, USER},
	pass, Chain,
};
use crate::{
	configs::market::ActiveEra, Assets, Balances, Burn, Jobs, Payouts, Providers, Runtime,
};
use assay_market::{traits::BurnReason, Assignment};
use frame_support::traits::Get;

#[test]
fn a_late_answer_should_cost_the_provider_and_nobody_else() {
	let mut chain = Chain::local();
	let series = chain.block(open_market);
	let job = chain.block(|| {
		let job = submit(USER, request(series, Assignment::Named(provider_of(SERVERS[0]))));
		accept(SERVERS[0], job);
		job
	});
	let (reserved, bond) = chain.between_blocks(|| {
		check_properties();
		let view = Jobs::job(job).unwrap();
		let promise = view.job.promise().expect("it is accepted");
		pass(promise.deadline_at - super::now());
		(
			promise.reserved,
			Providers::bonded(promise.candidate.provider, super::deal::model()).unwrap(),
		)
	});
	let issuance = chain.between_blocks(Balances::total_issuance);

	chain.block(|| ());

	chain.between_blocks(|| {
		assert_eq!(Jobs::job(job), None);
		let record = pallet_vouchers::AllSeries::<Runtime>::get(series).unwrap();
		assert_eq!(Assets::balance(record.asset, USER.to_account_id()), UNITS);
		let share = pallet_slashing::CurrentRules::<Runtime>::get().penalties.late;
		let penalty = share.mul_ceil(reserved);
		let after = Providers::bonded(provider_of(SERVERS[0]), super::deal::model()).unwrap();
		assert_eq!(after.bonded, bond.bonded - penalty);
		assert_eq!(after.open_jobs, 0);
		let books = Burn::supply_of_era(ActiveEra::get());
		assert_eq!(books.burned.get(&BurnReason::Slashes), Some(&penalty));
		assert_eq!(Balances::total_issuance(), issuance - penalty);
		assert!(Payouts::claimable(USER.to_account_id()).is_empty());
		check_properties();
	});
}
