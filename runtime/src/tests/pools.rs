//! A market between the native token and an asset.

use super::{development_chain, dispatch, signed};
use crate::{
	configs::{
		asset_conversion::{AssetKind, PoolSetupFee},
		assets::AssetId,
	},
	units::ASY,
	AccountId, Assets, Balances, Block, PoolAssets, Runtime, RuntimeCall,
};
use frame_support::assert_ok;
use pallet_asset_conversion::runtime_decl_for_asset_conversion_api::AssetConversionApi;
use pallet_assets::Instance1;
use sp_keyring::Sr25519Keyring::{Alice, Bob};

const ASSET: AssetId = 7;
/// What the pool holds in the tests, in the smallest units.
const NATIVE_RESERVE: u128 = 1_000 * ASY;
const ASSET_RESERVE: u128 = 4_000_000;

fn pair() -> (Box<AssetKind>, Box<AssetKind>) {
	(Box::new(AssetKind::Native), Box::new(AssetKind::WithId(ASSET)))
}

/// Alice makes an asset, its pool, and fills it.
fn open_pool() {
	let alice: AccountId = Alice.to_account_id();
	let calls: [RuntimeCall; 4] = [
		pallet_assets::Call::<_, Instance1>::create {
			id: ASSET,
			admin: alice.clone().into(),
			min_balance: 1,
		}
		.into(),
		pallet_assets::Call::<_, Instance1>::mint {
			id: ASSET,
			beneficiary: alice.clone().into(),
			amount: 2 * ASSET_RESERVE,
		}
		.into(),
		pallet_asset_conversion::Call::create_pool { asset1: pair().0, asset2: pair().1 }.into(),
		pallet_asset_conversion::Call::add_liquidity {
			asset1: pair().0,
			asset2: pair().1,
			amount1_desired: NATIVE_RESERVE,
			amount2_desired: ASSET_RESERVE,
			amount1_min: NATIVE_RESERVE,
			amount2_min: ASSET_RESERVE,
			mint_to: alice,
		}
		.into(),
	];
	for call in calls {
		assert_ok!(dispatch(call, signed(Alice)));
	}
}

/// What wallets are told of the pool: native and asset.
fn reserves() -> Option<(u128, u128)> {
	let (native, asset) = pair();
	<Runtime as AssetConversionApi<Block, _, _>>::get_reserves(*native, *asset)
}

#[test]
fn a_new_pool_should_burn_its_fee_and_give_out_shares() {
	development_chain().execute_with(|| {
		let issuance = Balances::total_issuance();
		assert_eq!(reserves(), None);
		open_pool();
		assert_eq!(reserves(), Some((NATIVE_RESERVE, ASSET_RESERVE)));
		assert_eq!(Balances::total_issuance(), issuance - PoolSetupFee::get());
		assert!(PoolAssets::balance(0, Alice.to_account_id()) > 0);
	});
}

#[test]
fn a_swap_should_pay_what_was_quoted_and_keep_the_product() {
	development_chain().execute_with(|| {
		open_pool();
		let bob = Bob.to_account_id();
		let (native, asset) = pair();
		let paid = 10 * ASY;
		let quoted =
			<Runtime as AssetConversionApi<Block, _, _>>::quote_price_exact_tokens_for_tokens(
				*native.clone(),
				*asset.clone(),
				paid,
				true,
			)
			.unwrap();
		let swap = |amount_out_min| pallet_asset_conversion::Call::swap_exact_tokens_for_tokens {
			path: vec![native.clone(), asset.clone()],
			amount_in: paid,
			amount_out_min,
			send_to: bob.clone(),
			keep_alive: true,
		};
		let before = Balances::free_balance(&bob);
		assert!(dispatch(swap(quoted + 1), signed(Bob)).is_err());
		assert_ok!(dispatch(swap(quoted), signed(Bob)));

		assert_eq!(Balances::free_balance(&bob), before - paid);
		assert_eq!(Assets::balance(ASSET, &bob), quoted);
		// At a fee of 0.3 %: 4 000 000 × 9.97 / 1 009.97, rounded down.
		assert_eq!(quoted, 39_486);
		assert_eq!(reserves(), Some((NATIVE_RESERVE + paid, ASSET_RESERVE - quoted)));
	});
}
