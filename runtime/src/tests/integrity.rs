//! What must hold of the configuration as a whole.

use super::{chain_of, development_chain};
use crate::{
	configs::{referenda::Tracks, system::RuntimeBlockWeights},
	AllPalletsWithSystem, Runtime, RuntimeHoldReason, VERSION,
};
use codec::{Decode, Encode};
use frame_support::traits::{Get, VariantCount};
use pallet_referenda::TracksInfo;

#[test]
fn hold_reasons_should_keep_their_encoding() {
	// A reason lies in storage as long as something is held: its bytes must never change.
	let reasons = [
		(RuntimeHoldReason::Preimage(pallet_preimage::HoldReason::Preimage), [5, 0]),
		(RuntimeHoldReason::Staking(pallet_staking::HoldReason::Staking), [15, 0]),
		(RuntimeHoldReason::Session(pallet_session::HoldReason::Keys), [19, 0]),
		(RuntimeHoldReason::SafeMode(pallet_safe_mode::HoldReason::EnterOrExtend), [4, 0]),
	];
	for (reason, bytes) in reasons {
		assert_eq!(reason.encode(), bytes, "{reason:?}");
	}
	assert_eq!(RuntimeHoldReason::VARIANT_COUNT as usize, reasons.len(), "list the new reason");
}

#[test]
fn bags_should_rise() {
	let thresholds =
		<Runtime as pallet_bags_list::Config<pallet_bags_list::Instance1>>::BagThresholds::get();
	let bounds = thresholds.iter().filter(|bound| **bound != u64::MAX).collect::<Vec<_>>();
	assert!(bounds.windows(2).all(|pair| pair[0] < pair[1]));
	assert!(bounds.len() > 20, "{}", bounds.len());
}

#[test]
fn track_should_take_root_alone() {
	development_chain().execute_with(|| {
		use crate::OriginCaller;
		let root = OriginCaller::system(frame_system::RawOrigin::Root);
		let signed = OriginCaller::system(frame_system::RawOrigin::Signed(
			sp_keyring::Sr25519Keyring::Alice.to_account_id(),
		));
		assert_eq!(Tracks::track_for(&root), Ok(0));
		assert_eq!(Tracks::track_for(&signed), Err(()));
		assert_eq!(Tracks::check_integrity(), Ok(()));
		let info = Tracks::info(0).expect("the track exists");
		assert_eq!(info.decision_period, 14 * 86_400, "days of one-second blocks");
	});
}

#[test]
fn block_limits_should_be_consistent() {
	RuntimeBlockWeights::get().validate().unwrap();
}

#[test]
fn metadata_should_be_served_in_its_stable_versions() {
	chain_of(sp_genesis_builder::DEV_RUNTIME_PRESET).execute_with(|| {
		let versions = Runtime::metadata_versions();
		for version in [14, 15, 16] {
			assert!(versions.contains(&version), "{versions:?}");
			let opaque = Runtime::metadata_at_version(version).expect("it is listed");
			let prefixed =
				frame_metadata::RuntimeMetadataPrefixed::decode(&mut &opaque[..]).unwrap();
			assert_eq!(prefixed.1.version(), version);
		}
	});
}

#[test]
fn genesis_should_satisfy_every_storage_version() {
	use frame_support::traits::{GetStorageVersion, PalletsInfoAccess};
	development_chain().execute_with(|| {
		assert!(AllPalletsWithSystem::count() > 25);
		assert_eq!(
			pallet_timing::Pallet::<Runtime>::on_chain_storage_version(),
			pallet_timing::Pallet::<Runtime>::in_code_storage_version(),
		);
	});
}

#[test]
fn version_should_name_this_chain() {
	assert_eq!(VERSION.spec_name, "assay");
	assert_eq!(VERSION.system_version, 1);
}
