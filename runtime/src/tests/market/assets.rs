//! Vouchers among other assets: traded on pools, and with numbers of their own.

use super::{
	check_properties,
	deal::{open_market, open_series, request, submit, USER},
	dispatch, signed, Chain,
};
use crate::{
	configs::{asset_conversion::AssetKind, assets::AssetId, vouchers::FIRST_VOUCHER},
	units::ASY,
	Assets, RuntimeCall, RuntimeOrigin,
};
use assay_market::{Assignment, Quote};
use frame_support::assert_ok;
use pallet_assets::Instance1;
use sp_keyring::Sr25519Keyring::{Alice, Ferdie};
use sp_runtime::DispatchError;

const FERDIE: sp_keyring::Sr25519Keyring = Ferdie;

fn create(id: AssetId) -> RuntimeCall {
	let admin = Alice.to_account_id().into();
	pallet_assets::Call::<_, Instance1>::create { id, admin, min_balance: 1 }.into()
}

#[test]
fn vouchers_should_trade_on_a_pool_and_pay_whoever_bought_them() {
	const SOLD: u128 = 100_000_000;
	let pair = || (Box::new(AssetKind::Native), Box::new(AssetKind::WithId(FIRST_VOUCHER)));
	let mut chain = Chain::local();
	let series = chain.block(open_market);
	chain.block(|| {
		let (asset1, asset2) = pair();
		let create = pallet_asset_conversion::Call::create_pool { asset1, asset2 };
		assert_ok!(dispatch(create, signed(USER)));
		let (asset1, asset2) = pair();
		let provide = pallet_asset_conversion::Call::add_liquidity {
			asset1,
			asset2,
			amount1_desired: ASY,
			amount2_desired: SOLD,
			amount1_min: ASY,
			amount2_min: SOLD,
			mint_to: USER.to_account_id(),
		};
		assert_ok!(dispatch(provide, signed(USER)));
	});
	chain.block(|| {
		let (native, voucher) = pair();
		let buy = pallet_asset_conversion::Call::swap_tokens_for_exact_tokens {
			path: vec![native, voucher],
			amount_out: SOLD / 2,
			amount_in_max: 2 * ASY,
			send_to: FERDIE.to_account_id(),
			keep_alive: true,
		};
		assert_ok!(dispatch(buy, signed(FERDIE)));
		assert_eq!(Assets::balance(FIRST_VOUCHER, FERDIE.to_account_id()), SOLD / 2);
		submit(FERDIE, request(series, Assignment::BestOffer));
	});
	chain.between_blocks(check_properties);
}

#[test]
fn people_should_not_take_the_numbers_of_vouchers() {
	let mut chain = Chain::local();
	chain.block(|| {
		for id in [FIRST_VOUCHER, FIRST_VOUCHER + 1, AssetId::MAX] {
			assert_eq!(dispatch(create(id), signed(Alice)), Err(DispatchError::BadOrigin));
		}
		assert_ok!(dispatch(create(FIRST_VOUCHER - 1), signed(Alice)));
		assert_eq!(
			dispatch(create(5), RuntimeOrigin::none()),
			Err(DispatchError::BadOrigin),
			"whatever the number, somebody has to sign"
		);
		// Vouchers take them all the same.
		open_series(Quote::Native);
		assert!(Assets::maybe_balance(FIRST_VOUCHER, Alice.to_account_id()).is_none());
		let owner = crate::Vouchers::owner_account();
		use frame_support::traits::fungibles::roles::Inspect;
		assert_eq!(<Assets as Inspect<_>>::owner(FIRST_VOUCHER), Some(owner));
	});
	chain.between_blocks(check_properties);
}
