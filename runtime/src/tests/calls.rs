//! Which calls pass which filter.

use super::{development_chain, dispatch};
use crate::{configs::proxy::ProxyType, units::ASY, Runtime, RuntimeCall, RuntimeOrigin, SafeMode};
use frame_support::{assert_ok, traits::InstanceFilter};
use sp_keyring::Sr25519Keyring;
use sp_runtime::DispatchError;

fn transfer() -> RuntimeCall {
	pallet_balances::Call::transfer_allow_death {
		dest: Sr25519Keyring::Bob.to_account_id().into(),
		value: ASY,
	}
	.into()
}

fn remark() -> RuntimeCall {
	frame_system::Call::remark { remark: vec![1] }.into()
}

fn chill() -> RuntimeCall {
	pallet_staking::Call::chill {}.into()
}

fn vote() -> RuntimeCall {
	pallet_conviction_voting::Call::remove_vote { class: None, index: 0 }.into()
}

#[test]
fn proxies_should_be_held_to_their_purpose() {
	use ProxyType::*;
	let allowed =
		|proxy: ProxyType| [transfer(), remark(), chill(), vote()].map(|call| proxy.filter(&call));
	assert_eq!(allowed(Any), [true, true, true, true]);
	assert_eq!(allowed(NonTransfer), [false, true, true, true]);
	assert_eq!(allowed(Staking), [false, false, true, false]);
	assert_eq!(allowed(Governance), [false, false, false, true]);
}

#[test]
fn a_superset_should_allow_all_that_its_subset_allows() {
	use ProxyType::*;
	let kinds = [Any, NonTransfer, Staking, Governance];
	for wide in kinds {
		for narrow in kinds.into_iter().filter(|narrow| wide.is_superset(narrow)) {
			for call in [transfer(), remark(), chill(), vote()] {
				assert!(wide.filter(&call) || !narrow.filter(&call), "{wide:?} {narrow:?}");
			}
		}
	}
	assert!(!Staking.is_superset(&Any));
}

#[test]
fn a_batch_should_not_widen_a_proxy() {
	development_chain().execute_with(|| {
		let owner = Sr25519Keyring::Alice.to_account_id();
		let proxy = Sr25519Keyring::Dave.to_account_id();
		assert_ok!(dispatch(
			pallet_proxy::Call::add_proxy {
				delegate: proxy.clone().into(),
				proxy_type: ProxyType::Staking,
				delay: 0,
			},
			RuntimeOrigin::signed(owner.clone()),
		));
		let before = crate::Balances::free_balance(&owner);
		let batch = pallet_utility::Call::batch_all { calls: vec![transfer()] };
		assert_ok!(dispatch(
			pallet_proxy::Call::proxy {
				real: owner.clone().into(),
				force_proxy_type: None,
				call: Box::new(batch.into()),
			},
			RuntimeOrigin::signed(proxy),
		));
		assert_eq!(crate::Balances::free_balance(&owner), before);
	});
}

#[test]
fn safe_mode_should_stop_money_and_leave_governance() {
	development_chain().execute_with(|| {
		let alice = RuntimeOrigin::signed(Sr25519Keyring::Alice.to_account_id());
		assert_ok!(dispatch(transfer(), alice.clone()));

		assert_ok!(SafeMode::force_enter(RuntimeOrigin::root()));
		assert_eq!(
			dispatch(transfer(), alice.clone()),
			Err(frame_system::Error::<Runtime>::CallFiltered.into())
		);
		assert_ok!(dispatch(remark(), alice.clone()));

		assert_ok!(dispatch(pallet_safe_mode::Call::force_exit {}, RuntimeOrigin::root()));
		assert_ok!(dispatch(transfer(), alice));
	});
}

#[test]
fn safe_mode_should_not_be_for_sale() {
	development_chain().execute_with(|| {
		let alice = RuntimeOrigin::signed(Sr25519Keyring::Alice.to_account_id());
		assert!(dispatch(pallet_safe_mode::Call::enter {}, alice.clone()).is_err());
		assert_eq!(
			dispatch(pallet_safe_mode::Call::force_enter {}, alice),
			Err(DispatchError::BadOrigin)
		);
	});
}
