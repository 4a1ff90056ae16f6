//! Money of the common purse.

use super::{development_chain, dispatch, signed};
use crate::{configs::treasury::TreasuryAccount, units::ASY, Balances, Runtime, RuntimeOrigin};
use frame_support::assert_ok;
use pallet_treasury::Spends;
use sp_keyring::Sr25519Keyring::{Alice, Dave, Eve};
use sp_runtime::DispatchError;

#[test]
fn an_approved_spend_should_reach_its_beneficiary_once() {
	development_chain().execute_with(|| {
		let purse: crate::AccountId = TreasuryAccount::get();
		let endow = pallet_balances::Call::transfer_allow_death {
			dest: purse.clone().into(),
			value: 100 * ASY,
		};
		assert_ok!(dispatch(endow, signed(Dave)));
		let spend = || pallet_treasury::Call::spend {
			asset_kind: Box::new(()),
			amount: 40 * ASY,
			beneficiary: Box::new(Eve.to_account_id()),
			valid_from: None,
		};
		assert_eq!(dispatch(spend(), signed(Alice)), Err(DispatchError::BadOrigin));
		assert_ok!(dispatch(spend(), RuntimeOrigin::root()));

		let (in_purse, before) =
			(Balances::free_balance(&purse), Balances::free_balance(Eve.to_account_id()));
		// Anybody may carry out what is approved.
		assert_ok!(dispatch(pallet_treasury::Call::payout { index: 0 }, signed(Alice)));
		assert_eq!(Balances::free_balance(Eve.to_account_id()), before + 40 * ASY);
		assert_eq!(Balances::free_balance(&purse), in_purse - 40 * ASY);

		assert!(dispatch(pallet_treasury::Call::payout { index: 0 }, signed(Alice)).is_err());
		assert_ok!(dispatch(pallet_treasury::Call::check_status { index: 0 }, signed(Alice)));
		assert!(Spends::<Runtime>::get(0).is_none());
		assert_eq!(Balances::free_balance(Eve.to_account_id()), before + 40 * ASY);
	});
}
