//! The pools as the market sees them.

use super::Chain;
use crate::{
	exchange::Pools, genesis_config_presets::market::STABLE_ASSET, units::ASY, Assets, Balances,
	Runtime,
};
use assay_market::{traits::Exchange, Quote};
use frame_support::{assert_noop, storage::with_storage_layer};
use pallet_asset_conversion::Error;
use sp_keyring::Sr25519Keyring::Bob;

const STABLE: Quote = Quote::Asset(STABLE_ASSET);

#[test]
fn reserves_should_be_native_first_and_of_pools_only() {
	Chain::local().between_blocks(|| {
		let (native, stable) = Pools::reserves(STABLE).expect("the preset has a pool");
		assert_eq!((native, stable), (10_000 * ASY, 10_000 * ASY));
		assert_eq!(Pools::reserves(Quote::Native), None);
		assert_eq!(Pools::reserves(Quote::Asset(77)), None);
	});
}

#[test]
fn a_sale_should_give_exactly_what_it_says() {
	Chain::local().block(|| {
		let bob = Bob.to_account_id();
		let before = (Balances::free_balance(&bob), Assets::balance(STABLE_ASSET, &bob));
		let proceeds = Pools::sell(&bob, STABLE, ASY, ASY * 99 / 100).expect("a fair price");
		let after = (Balances::free_balance(&bob), Assets::balance(STABLE_ASSET, &bob));
		assert_eq!(after, (before.0 + proceeds, before.1 - ASY));
		// The fee of 0.3 %, and the price that the sale itself moves.
		assert!((ASY * 99 / 100..ASY * 997 / 1_000 + 1).contains(&proceeds), "{proceeds}");
	});
}

#[test]
fn the_last_unit_may_be_sold() {
	Chain::local().block(|| {
		let bob = Bob.to_account_id();
		let all = Assets::balance(STABLE_ASSET, &bob);
		Pools::sell(&bob, STABLE, all, 0).expect("there is no least price");
		assert_eq!(Assets::balance(STABLE_ASSET, &bob), 0);
	});
}

#[test]
fn a_sale_should_be_refused_with_the_reason_and_change_nothing() {
	Chain::local().block(|| {
		let bob = Bob.to_account_id();
		let sell =
			|quote, amount, least| with_storage_layer(|| Pools::sell(&bob, quote, amount, least));
		let too_dear = Error::<Runtime>::ProvidedMinimumNotSufficientForSwap;
		assert_noop!(sell(STABLE, ASY, ASY), too_dear);
		assert_noop!(sell(Quote::Native, ASY, 0), Error::<Runtime>::InvalidAssetPair);
		assert_noop!(sell(Quote::Asset(77), ASY, 0), Error::<Runtime>::PoolEmpty);
		assert_noop!(sell(STABLE, 0, 0), Error::<Runtime>::ZeroAmount);
	});
}
