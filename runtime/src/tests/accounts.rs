//! What accounts use together: shared accounts, proxies, batches.

use super::{development_chain, dispatch, signed};
use crate::{
	configs::proxy::ProxyType, units::ASY, AccountId, Balances, Runtime, RuntimeCall, System,
};
use frame_support::{assert_ok, weights::Weight};
use pallet_multisig::Timepoint;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve};

fn transfer(to: Sr25519Keyring, value: u128) -> RuntimeCall {
	let dest = to.to_account_id().into();
	pallet_balances::Call::transfer_allow_death { dest, value }.into()
}

fn balance(account: Sr25519Keyring) -> u128 {
	Balances::free_balance(account.to_account_id())
}

/// The other signatories of an account, in the order that calls want.
fn sorted(accounts: &[Sr25519Keyring]) -> Vec<AccountId> {
	let mut accounts: Vec<_> = accounts.iter().map(|account| account.to_account_id()).collect();
	accounts.sort();
	accounts
}

#[test]
fn two_of_three_signatories_should_move_their_common_money() {
	development_chain().execute_with(|| {
		let signatories = sorted(&[Alice, Bob, Charlie]);
		let common = pallet_multisig::Pallet::<Runtime>::multi_account_id(&signatories, 2);
		let endow = pallet_balances::Call::transfer_allow_death {
			dest: common.clone().into(),
			value: 10 * ASY,
		};
		assert_ok!(dispatch(endow, signed(Dave)));
		let agree = |others: &[Sr25519Keyring], maybe_timepoint| pallet_multisig::Call::as_multi {
			threshold: 2,
			other_signatories: sorted(others),
			maybe_timepoint,
			call: Box::new(transfer(Eve, 3 * ASY)),
			max_weight: Weight::from_parts(u64::MAX / 2, u64::MAX / 2),
		};
		let before = balance(Eve);

		assert_ok!(dispatch(agree(&[Bob, Charlie], None), signed(Alice)));
		assert_eq!(balance(Eve), before, "one signatory is not enough");
		let proposed = Timepoint { height: System::block_number(), index: 0 };
		assert!(dispatch(agree(&[Alice, Bob], Some(proposed)), signed(Dave)).is_err());
		assert_eq!(balance(Eve), before, "an outsider is no signatory");
		assert_ok!(dispatch(agree(&[Alice, Bob], Some(proposed)), signed(Charlie)));

		assert_eq!(balance(Eve), before + 3 * ASY);
		assert_eq!(Balances::free_balance(&common), 7 * ASY);
	});
}

#[test]
fn a_proxy_should_spend_its_owners_money_until_it_is_removed() {
	development_chain().execute_with(|| {
		let delegate = Dave.to_account_id();
		let act = || pallet_proxy::Call::proxy {
			real: Alice.to_account_id().into(),
			force_proxy_type: None,
			call: Box::new(transfer(Eve, ASY)),
		};
		let not_proxy = Err(pallet_proxy::Error::<Runtime>::NotProxy.into());
		assert_eq!(dispatch(act(), signed(Dave)), not_proxy);

		let add = pallet_proxy::Call::add_proxy {
			delegate: delegate.clone().into(),
			proxy_type: ProxyType::Any,
			delay: 0,
		};
		assert_ok!(dispatch(add, signed(Alice)));
		let before = [Alice, Dave, Eve].map(balance);
		assert_ok!(dispatch(act(), signed(Dave)));
		assert_eq!([Alice, Dave, Eve].map(balance), [before[0] - ASY, before[1], before[2] + ASY]);

		let remove = pallet_proxy::Call::remove_proxy {
			delegate: delegate.into(),
			proxy_type: ProxyType::Any,
			delay: 0,
		};
		assert_ok!(dispatch(remove, signed(Alice)));
		assert_eq!(dispatch(act(), signed(Dave)), not_proxy);
	});
}

#[test]
fn a_batch_should_run_all_its_calls_or_none() {
	development_chain().execute_with(|| {
		let before = [Alice, Bob, Eve].map(balance);
		let calls = vec![transfer(Bob, ASY), transfer(Eve, 2 * ASY)];
		assert_ok!(dispatch(pallet_utility::Call::batch_all { calls }, signed(Alice)));
		let after = [before[0] - 3 * ASY, before[1] + ASY, before[2] + 2 * ASY];
		assert_eq!([Alice, Bob, Eve].map(balance), after);

		let calls = vec![transfer(Bob, ASY), transfer(Eve, before[0])];
		assert!(dispatch(pallet_utility::Call::batch_all { calls }, signed(Alice)).is_err());
		assert_eq!([Alice, Bob, Eve].map(balance), after);
	});
}
