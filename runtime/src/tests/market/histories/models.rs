//! Registrants, attesters and curators.

use super::{
	super::{dispatch, signed},
	pick,
	world::Done,
};
use crate::{genesis_config_presets::market::demo_manifests, Balance, Runtime};
use assay_market::Manifest;
use assay_primitives::Hash;
use pallet_models::Call;
use proptest::prelude::*;
use sp_keyring::Sr25519Keyring;

#[derive(Clone, Debug)]
pub(super) enum Act {
	Register { seed: u8, successor_of: Option<usize> },
	Attest(usize),
	WithdrawAttestation(usize),
	RefreshAttestations(usize),
	RequestWeights { model: usize, leaf: u64 },
	PostWeights { model: usize, bytes: usize },
	ExpireRequest { model: usize, which: usize },
	AnnounceDeprecation(usize),
	Remove(usize),
	Curate { model: usize, approved: bool },
	Uncurate(usize),
}

pub(super) fn act() -> impl Strategy<Value = Act> {
	let index = any::<usize>;
	prop_oneof![
		2 => (0..4_u8, proptest::option::weighted(0.2, index()))
			.prop_map(|(seed, successor_of)| Act::Register { seed, successor_of }),
		4 => index().prop_map(Act::Attest),
		2 => index().prop_map(Act::WithdrawAttestation),
		1 => index().prop_map(Act::RefreshAttestations),
		2 => (index(), prop_oneof![4 => 0..3_u64, 1 => Just(u64::MAX)])
			.prop_map(|(model, leaf)| Act::RequestWeights { model, leaf }),
		1 => (index(), 0..2_000_usize).prop_map(|(model, bytes)| Act::PostWeights { model, bytes }),
		2 => (index(), index()).prop_map(|(model, which)| Act::ExpireRequest { model, which }),
		1 => index().prop_map(Act::AnnounceDeprecation),
		1 => index().prop_map(Act::Remove),
		1 => (index(), any::<bool>()).prop_map(|(model, approved)| Act::Curate { model, approved }),
		1 => index().prop_map(Act::Uncurate),
	]
}

fn manifest(seed: u8, successor_of: Option<usize>) -> Manifest {
	let [demo, _] = demo_manifests();
	let previous = successor_of.map(pick::model);
	Manifest { tokenizer_hash: Hash([seed; 32]), previous, ..demo }
}

/// A leaf of a model that is asked for.
fn leaf(model: assay_market::ModelId, which: usize) -> Option<u64> {
	let availability = pallet_models::Availabilities::<Runtime>::get(model);
	pick::of(availability.requests.keys().copied(), which)
}

impl Act {
	pub(super) fn take(&self, who: Sr25519Keyring) -> Done {
		let call: Call<Runtime> = match *self {
			Self::Register { seed, successor_of } => {
				Call::register { manifest: Box::new(manifest(seed, successor_of)) }
			}
			Self::Attest(model) => Call::attest { model: pick::model(model) },
			Self::WithdrawAttestation(model) => {
				Call::withdraw_attestation { model: pick::model(model) }
			}
			Self::RefreshAttestations(model) => Call::refresh { model: pick::model(model) },
			Self::RequestWeights { model, leaf } => {
				Call::request_weights { model: pick::model(model), leaf, most: Balance::MAX }
			}
			Self::PostWeights { model, bytes } => {
				let model = pick::model(model);
				let bytes = vec![7; bytes].try_into().ok()?;
				let leaf = leaf(model, 0).unwrap_or_default();
				Call::post_weights { model, leaf, bytes, siblings: Default::default() }
			}
			Self::ExpireRequest { model, which } => {
				let model = pick::model(model);
				Call::expire_request { model, leaf: leaf(model, which)? }
			}
			Self::AnnounceDeprecation(model) => {
				Call::announce_deprecation { model: pick::model(model) }
			}
			Self::Remove(model) => Call::remove { model: pick::model(model) },
			Self::Curate { model, approved } => {
				Call::curate { model: pick::model(model), approved }
			}
			Self::Uncurate(model) => Call::uncurate { model: pick::model(model) },
		};
		Some(dispatch(call, signed(who)))
	}
}
