//! What the calls cost, at their worst: an asset in which the receiver has no account yet, and a
//! claim with every reason.

use crate::{Call, Claims, Config, Pallet};
use assay_market::{
	traits::{PayoutReason, Payouts},
	AssetId, Balance, Price, Quote,
};
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	traits::{
		fungible::{Inspect as _, Mutate as _},
		fungibles::{self, Create as _, Inspect as _, Mutate as _},
	},
};
use frame_system::RawOrigin;

/// An asset that no genesis has.
const ASSET: AssetId = 7_000_001;
const AMOUNT: Balance = 1_000;

/// An account that lives.
fn alive<T: Config>(name: &'static str) -> T::AccountId {
	let who = account(name, 0, 0);
	assert_ok!(T::Native::mint_into(&who, T::Native::minimum_balance().saturating_mul(100)));
	who
}

/// Lets `owner` claim an asset for every reason.
fn pay_all_reasons<T: Config>(owner: &T::AccountId)
where
	T::Assets: fungibles::Create<T::AccountId>,
{
	assert_ok!(Pallet::<T>::endow());
	let payer = alive::<T>("payer");
	assert_ok!(T::Assets::create(ASSET, payer.clone(), false, 1));
	assert_ok!(T::Assets::mint_into(ASSET, &payer, AMOUNT.saturating_mul(100)));
	for reason in PayoutReason::ALL {
		let price = Price { quote: Quote::Asset(ASSET), amount: AMOUNT };
		assert_ok!(Pallet::<T>::pay(&payer, owner, price, reason));
	}
}

fn is_claimed<T: Config>(owner: &T::AccountId, to: &T::AccountId) -> bool {
	let reasons: Balance = PayoutReason::ALL.iter().map(|_| 1).sum();
	!Claims::<T>::contains_key(owner, Quote::Asset(ASSET))
		&& T::Assets::balance(ASSET, to) == AMOUNT.saturating_mul(reasons)
}

#[benchmarks(where T::Assets: fungibles::Create<T::AccountId>)]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn claim() {
		let owner = alive::<T>("owner");
		let to = alive::<T>("to");
		pay_all_reasons::<T>(&owner);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner.clone()), Quote::Asset(ASSET), Some(to.clone()));

		assert!(is_claimed::<T>(&owner, &to));
	}

	#[benchmark]
	fn claim_for() {
		let owner = alive::<T>("owner");
		pay_all_reasons::<T>(&owner);
		let caller: T::AccountId = whitelisted_caller();

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), owner.clone(), Quote::Asset(ASSET));

		assert!(is_claimed::<T>(&owner, &owner));
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
