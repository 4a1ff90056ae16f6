//! Tests, one file for each concern.

/// Providers give and take back their word.
mod attestation;
/// Lists of curators.
mod curation;
/// Announcement, notice, removal.
mod deprecation;
/// What requests cost.
mod fees;
/// Models of a new chain.
mod genesis;
/// Random histories keep the properties.
mod histories;
/// Manifests that lie.
mod lies;
/// The governed figures.
mod parameters;
/// What runs cost, and what other pallets are told.
mod pricing;
/// Each property, broken.
mod properties;
/// Manifests that do not lie.
mod registration;
/// Demands of weights.
mod requests;
/// What users read.
mod views;

use assay_market::{manifest::Manifest, ModelId, ProviderId, Tick};
use assay_primitives::{
	merkle::{leaf, Tree},
	Hash, WeightsRoot,
};
use assay_programs::{samples, Program};
use frame_support::{assert_ok, traits::ConstU32, BoundedVec};
use sp_runtime::DispatchError;

use crate::{
	fixtures, mock::*, requests::leaf_bytes, types::ModelRecord, Availabilities, Error, Event,
	HostHasher, Records, MAX_LEAF_BYTES, MAX_SIBLINGS,
};

/// Who registers models.
const REGISTRANT: AccountId = 1;
/// Somebody without a part in it.
const USER: AccountId = 100;
/// Somebody else.
const OTHER: AccountId = 101;

fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// Weights of a program: of its leaf n, every byte is n modulo 251.
struct Weights {
	leaves: Vec<Vec<u8>>,
	tree: Tree<HostHasher>,
}

impl Weights {
	fn of(program: &Program) -> Self {
		let content = |n: u64| {
			let bytes = leaf_bytes(&program.tensors, n).unwrap();
			vec![u8::try_from(n % 251).unwrap(); usize::try_from(bytes).unwrap()]
		};
		let leaves: Vec<Vec<u8>> = (0..program.weight_leaves()).map(content).collect();
		let tree = Tree::new(leaves.iter().map(|bytes| leaf::<HostHasher>(bytes)).collect());
		Self { leaves, tree }
	}

	fn leaf(&self, n: u64) -> BoundedVec<u8, ConstU32<MAX_LEAF_BYTES>> {
		self.leaves[usize::try_from(n).unwrap()].clone().try_into().unwrap()
	}

	fn siblings(&self, n: u64) -> BoundedVec<Hash, ConstU32<MAX_SIBLINGS>> {
		self.tree.path(n).unwrap().siblings.try_into().unwrap()
	}
}

/// The manifest of a program with [`Weights`].
fn manifest_of(program: &Program) -> Manifest {
	let weights_root = WeightsRoot(Weights::of(program).tree.root());
	Manifest { weights_root, ..fixtures::manifest(program) }
}

fn register(manifest: Manifest) -> ModelId {
	let model = manifest.id::<HostHasher>();
	assert_ok!(Models::register(signed(REGISTRANT), Box::new(manifest)));
	model
}

/// The sample that generates, registered.
fn unlisted() -> ModelId {
	register(manifest_of(&samples::decoder()))
}

/// The sample that generates, attested by providers 1 to 3.
fn listed() -> ModelId {
	let model = unlisted();
	attested_by(model, 1..=3);
	model
}

fn attested_by(model: ModelId, providers: impl IntoIterator<Item = u32>) {
	for provider in providers {
		assert_ok!(Models::attest(signed(owner(provider)), model));
	}
}

/// The sample, frozen since nobody showed leaf 0.
fn frozen() -> ModelId {
	let model = listed();
	request(model, 0);
	pass_ticks(PARAMETERS.request_ticks + 1);
	assert_ok!(Models::expire_request(signed(USER), model, 0));
	model
}

fn request(model: ModelId, leaf: u64) {
	assert_ok!(Models::request_weights(signed(USER), model, leaf, u128::MAX));
}

/// Posts the right bytes of a leaf of the sample.
fn post(who: AccountId, model: ModelId, leaf: u64) -> Result<(), DispatchError> {
	let weights = Weights::of(&samples::decoder());
	Models::post_weights(signed(who), model, leaf, weights.leaf(leaf), weights.siblings(leaf))
}

fn pass_ticks(ticks: Tick) {
	Now::mutate(|now| *now += ticks);
}

fn record(model: ModelId) -> ModelRecord<AccountId> {
	Records::<Test>::get(model).unwrap()
}

fn counted(model: ModelId) -> u32 {
	Availabilities::<Test>::get(model).counted()
}

fn pledged(provider: u32, model: ModelId) -> u128 {
	Pledged::get().get(&(ProviderId(provider), model)).copied().unwrap_or_default()
}

fn error(error: Error<Test>) -> DispatchError {
	error.into()
}

/// The pallet's events since the last call of this.
fn events() -> Vec<Event<Test>> {
	let events = System::events();
	System::reset_events();
	let ours = events.into_iter().filter_map(|record| match record.event {
		RuntimeEvent::Models(event) => Some(event),
		_ => None,
	});
	ours.collect()
}
