//! The presets.

use super::{chain_of, genesis_json};
use crate::{
	genesis_config_presets::{get_preset, preset_names, PRODUCTION_RUNTIME_PRESET},
	Babe, Balances, Grandpa, Runtime, Session,
};
use sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

#[test]
fn every_named_preset_should_exist_and_build() {
	for name in preset_names() {
		assert!(get_preset(&name).is_some(), "{name:?}");
		chain_of(name.as_ref()).execute_with(|| {
			assert!(pallet_timing::SlotDuration::<Runtime>::exists(), "{name:?}");
		});
	}
	assert_eq!(get_preset(&"unheard-of".into()), None);
}

#[test]
fn presets_should_set_their_own_pace_on_one_runtime() {
	let pace = |preset| {
		chain_of(preset).execute_with(|| {
			use frame_support::traits::Get;
			(Babe::slot_duration(), <Runtime as pallet_babe::Config>::EpochDuration::get())
		})
	};
	assert_eq!(pace(DEV_RUNTIME_PRESET), (1_000, 30));
	assert_eq!(pace(LOCAL_TESTNET_RUNTIME_PRESET), (3_000, 10));
	assert_eq!(pace(PRODUCTION_RUNTIME_PRESET), (6_000, 600));
}

#[test]
fn development_should_have_one_validator_and_local_three() {
	for (preset, count) in [(DEV_RUNTIME_PRESET, 1), (LOCAL_TESTNET_RUNTIME_PRESET, 3)] {
		chain_of(preset).execute_with(|| {
			assert_eq!(Session::validators().len(), count);
			assert_eq!(Babe::authorities().len(), count);
			assert_eq!(Grandpa::grandpa_authorities().len(), count);
			assert_eq!(
				pallet_sudo::Key::<Runtime>::get(),
				Some(Sr25519Keyring::Alice.to_account_id())
			);
		});
	}
}

#[test]
fn production_should_have_no_sudo_no_money_and_no_keys() {
	chain_of(PRODUCTION_RUNTIME_PRESET).execute_with(|| {
		assert_eq!(pallet_sudo::Key::<Runtime>::get(), None);
		// Nothing but what keeps accounts of pallets alive: the treasury's, seven of the market that
		// bring themselves into existence, two of vouchers that the preset lists, and deposits for the
		// names of vouchers.
		let names = crate::configs::vouchers::deposits_of_names();
		assert_eq!(Balances::total_issuance(), 10 * crate::units::EXISTENTIAL_DEPOSIT + names);
		assert!(Session::validators().is_empty());
		assert!(
			pallet_collective::Members::<Runtime, pallet_collective::Instance1>::get().is_empty()
		);
	});
	let json = genesis_json(PRODUCTION_RUNTIME_PRESET).to_string();
	for account in Sr25519Keyring::iter() {
		assert!(!json.contains(&account.to_account_id().to_string()), "{account}");
	}
	for key in Ed25519Keyring::iter() {
		assert!(!json.contains(&sp_core::crypto::Ss58Codec::to_ss58check(&key.public())), "{key}");
	}
}

#[test]
fn sudo_should_be_unreachable_without_a_key() {
	use crate::{RuntimeCall, RuntimeOrigin};
	chain_of(PRODUCTION_RUNTIME_PRESET).execute_with(|| {
		let anyone = RuntimeOrigin::signed(Sr25519Keyring::Alice.to_account_id());
		let remark: RuntimeCall = frame_system::Call::remark { remark: vec![] }.into();
		let calls = [
			pallet_sudo::Call::sudo { call: Box::new(remark) },
			pallet_sudo::Call::set_key { new: Sr25519Keyring::Alice.to_account_id().into() },
		];
		for call in calls {
			assert_eq!(
				super::dispatch(call, anyone.clone()),
				Err(pallet_sudo::Error::<Runtime>::RequireSudo.into())
			);
		}
	});
}
