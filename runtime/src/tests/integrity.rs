//! What must hold of the configuration as a whole.

use super::{chain_of, development_chain};
use crate::{
	configs::{referenda::Tracks, system::RuntimeBlockWeights},
	AllPalletsWithSystem, Runtime, RuntimeHoldReason, VERSION,
};
use codec::Decode;
use pallet_referenda::TracksInfo;

#[test]
fn hold_reasons_should_keep_their_encoding() {
	// A reason lies in storage as long as something is held: its bytes must never change.
	let listed = [
		([4, 0], RuntimeHoldReason::SafeMode(pallet_safe_mode::HoldReason::EnterOrExtend)),
		([5, 0], RuntimeHoldReason::Preimage(pallet_preimage::HoldReason::Preimage)),
		([15, 0], RuntimeHoldReason::Staking(pallet_staking::HoldReason::Staking)),
		([19, 0], RuntimeHoldReason::Session(pallet_session::HoldReason::Keys)),
		(
			[53, 0],
			RuntimeHoldReason::TechnicalCommittee(
				pallet_collective::HoldReason::ProposalSubmission,
			),
		),
		([62, 0], RuntimeHoldReason::Models(pallet_models::HoldReason::Deposit)),
		([62, 1], RuntimeHoldReason::Models(pallet_models::HoldReason::RequestFee)),
		([62, 2], RuntimeHoldReason::Models(pallet_models::HoldReason::Curation)),
		([63, 0], RuntimeHoldReason::Vouchers(pallet_vouchers::HoldReason::Escrow)),
		([64, 0], RuntimeHoldReason::Providers(pallet_providers::HoldReason::Registration)),
		([64, 1], RuntimeHoldReason::Providers(pallet_providers::HoldReason::Bond)),
		([65, 0], RuntimeHoldReason::Jobs(pallet_jobs::HoldReason::DataRequest)),
		([65, 1], RuntimeHoldReason::Jobs(pallet_jobs::HoldReason::Nonce)),
	];
	let all = (0..=u8::MAX)
		.flat_map(|pallet| (0..=u8::MAX).map(move |reason| [pallet, reason]))
		.filter_map(|bytes| Some((bytes, RuntimeHoldReason::decode(&mut &bytes[..]).ok()?)))
		.collect::<Vec<_>>();
	assert_eq!(all, listed, "a new reason joins the list, an old one stays as it is");
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
