//! Holds on assets: value that stays its owner's and cannot leave.

use super::{development_chain, dispatch, signed};
use crate::{configs::assets::AssetId, Assets, AssetsHolder, RuntimeHoldReason};
use frame_support::{
	assert_ok,
	traits::{
		fungibles::{Inspect, InspectHold, MutateHold},
		tokens::{Fortitude, Precision, Preservation, Restriction},
	},
};
use pallet_assets::Instance1;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie};
use sp_runtime::DispatchError;

const ASSET: AssetId = 7;
const REASON: RuntimeHoldReason =
	RuntimeHoldReason::Preimage(pallet_preimage::HoldReason::Preimage);

/// An asset of Alice's, of which Bob has `amount`.
fn give_bob(amount: u128) {
	let admin = Alice.to_account_id().into();
	let create = pallet_assets::Call::<_, Instance1>::create { id: ASSET, admin, min_balance: 1 };
	assert_ok!(dispatch(create, signed(Alice)));
	let beneficiary = Bob.to_account_id().into();
	let mint = pallet_assets::Call::<_, Instance1>::mint { id: ASSET, beneficiary, amount };
	assert_ok!(dispatch(mint, signed(Alice)));
}

fn bob_sends(amount: u128) -> Result<(), DispatchError> {
	let target = Charlie.to_account_id().into();
	let transfer = pallet_assets::Call::<_, Instance1>::transfer { id: ASSET, target, amount };
	dispatch(transfer, signed(Bob))
}

fn balance(account: Sr25519Keyring) -> u128 {
	Assets::balance(ASSET, account.to_account_id())
}

#[test]
fn a_held_asset_should_not_be_spent_until_it_is_released() {
	development_chain().execute_with(|| {
		let bob = Bob.to_account_id();
		give_bob(100);
		assert_ok!(AssetsHolder::hold(ASSET, &REASON, &bob, 60));
		assert_eq!(<Assets as Inspect<_>>::total_balance(ASSET, &bob), 100);
		assert_eq!(AssetsHolder::balance_on_hold(ASSET, &REASON, &bob), 60);

		assert!(bob_sends(41).is_err());
		assert_eq!((balance(Bob), balance(Charlie)), (40, 0));
		assert_ok!(bob_sends(30));
		assert_eq!((balance(Bob), balance(Charlie)), (10, 30));

		assert_ok!(AssetsHolder::release(ASSET, &REASON, &bob, 60, Precision::Exact));
		assert_ok!(bob_sends(60));
		assert_eq!((balance(Bob), balance(Charlie)), (10, 90));
	});
}

#[test]
fn a_held_asset_should_be_there_to_be_taken() {
	development_chain().execute_with(|| {
		let (bob, charlie) = (Bob.to_account_id(), Charlie.to_account_id());
		give_bob(100);
		assert_ok!(AssetsHolder::hold(ASSET, &REASON, &bob, 60));
		// Neither the asset's owner nor anybody else reaches what is held.
		let burn = pallet_assets::Call::<_, Instance1>::burn {
			id: ASSET,
			who: bob.clone().into(),
			amount: 100,
		};
		assert_ok!(dispatch(burn, signed(Alice)));
		assert_eq!(AssetsHolder::balance_on_hold(ASSET, &REASON, &bob), 60);

		let taken = AssetsHolder::transfer_on_hold(
			ASSET,
			&REASON,
			&bob,
			&charlie,
			60,
			Precision::Exact,
			Restriction::Free,
			Fortitude::Force,
		);
		assert_eq!(taken, Ok(60));
		assert_eq!(balance(Charlie), 60);
		assert_eq!(
			Assets::reducible_balance(ASSET, &charlie, Preservation::Expendable, Fortitude::Polite),
			60
		);
	});
}
