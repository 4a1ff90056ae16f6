//! What users read of the registry.

use alloc::{
	string::{String, ToString},
	vec::Vec,
};

use assay_market::{
	manifest::{Quality, Source},
	traits::{ModelFacts, ModelStatus, Models, Run},
	Balance, Lengths, ModelId, ProviderId, Tick,
};
use assay_primitives::{Hash, WeightsRoot};
use assay_programs::Program;
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::traits::Get;
use scale_info::TypeInfo;
use sp_runtime::{ArithmeticError, DispatchError};

use crate::{
	availability::RequestState,
	requests::{leaf_bytes, path_bytes, surcharge},
	AllClaims, Availabilities, Config, CurrentParameters, Error, OpenJobs, Pallet, Records,
};

/// Most models of a page.
pub const MAX_PAGE: u32 = 100;

/// Most models that are looked at for a page.
const MAX_SCANNED: usize = 1_000;

/// Tokens for which prices are quoted.
const PER_TOKENS: u128 = 1_000_000;

/// A model, for reading.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ModelView<AccountId> {
	/// What the chain found out, or decided. The bond is at least the floor.
	pub facts: ModelFacts,
	/// Whether it takes a new job now.
	pub takes_jobs: bool,
	/// Root of the tree over the weights.
	pub weights_root: WeightsRoot,
	/// Leaves of that tree.
	pub weight_leaves: u64,
	/// Who registered it; nobody for models of genesis.
	pub registrant: Option<AccountId>,
	/// What is held for it.
	pub deposit: Balance,
	/// Jobs that are open.
	pub open_jobs: u32,
	/// Providers that attest that the weights can be had.
	pub attesters: Vec<ProviderId>,
	/// Leaves that were asked for, with the last tick for an answer; none for those that are missing.
	pub requests: Vec<(u64, Option<Tick>)>,
	/// What the registrant says and nobody checked.
	pub claimed: Claimed,
}

/// What the registrant of a model says and nobody checked.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Claimed {
	/// What was imported.
	pub source: Source,
	/// Hash of the tokenizer's file.
	pub tokenizer_hash: Hash,
	/// How near the model is to its source.
	pub quality: Option<Quality>,
	/// The model that this one is a new version of: one of the same registrant.
	pub previous: Option<ModelId>,
}

/// What a run costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct RunPrice {
	/// The run.
	pub run: Run,
	/// Units, as of the run, for a million tokens in and out of this mixture; rounded up.
	pub units_per_million_tokens: u128,
}

/// A status, whatever its tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum StatusKind {
	/// Nobody, or not enough, attests.
	#[codec(index = 0)]
	Unlisted,
	/// Enough providers attest.
	#[codec(index = 1)]
	Listed,
	/// A demand of weights went unanswered.
	#[codec(index = 2)]
	Frozen,
	/// Deprecation is announced, or its notice over.
	#[codec(index = 3)]
	Deprecated,
}

impl From<ModelStatus> for StatusKind {
	fn from(status: ModelStatus) -> Self {
		match status {
			ModelStatus::Unlisted => Self::Unlisted,
			ModelStatus::Listed => Self::Listed,
			ModelStatus::Frozen => Self::Frozen,
			ModelStatus::Deprecated { .. } => Self::Deprecated,
		}
	}
}

/// Some of the models, in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ModelsPage {
	/// What was asked for; may be none although there are more.
	pub models: Vec<(ModelId, ModelFacts)>,
	/// Where to go on after; none at the end.
	pub next: Option<ModelId>,
}

impl<T: Config> Pallet<T> {
	pub(crate) fn view_model(model: &ModelId) -> Option<ModelView<T::AccountId>> {
		let record = Records::<T>::get(model)?;
		let claims = AllClaims::<T>::get(model)?;
		let availability = Availabilities::<T>::get(model);
		let counted =
			availability.attestations.iter().filter(|(_, one)| one.answers_below.is_none());
		let requests = availability.requests.iter().map(|(leaf, request)| match request.state {
			RequestState::Open { until, .. } => (*leaf, Some(until)),
			RequestState::Missing => (*leaf, None),
		});
		Some(ModelView {
			facts: Self::effective(record.facts),
			takes_jobs: Self::ensure_takes_jobs(model).is_ok(),
			weights_root: record.weights_root,
			weight_leaves: record.weight_leaves,
			registrant: record.registrant,
			deposit: record.deposit,
			open_jobs: OpenJobs::<T>::get(model),
			attesters: counted.map(|(provider, _)| *provider).collect(),
			requests: requests.collect(),
			claimed: Claimed {
				source: claims.source,
				tokenizer_hash: claims.tokenizer_hash,
				quality: claims.quality,
				previous: claims.previous,
			},
		})
	}

	pub(crate) fn view_price(model: &ModelId, lengths: Lengths) -> Result<RunPrice, DispatchError> {
		let run = Self::price_of(model, lengths, &T::CostWeights::get())?;
		// A run has at least one input.
		let tokens = u128::from(lengths.inputs).saturating_add(lengths.outputs.into()).max(1);
		let units = u128::from(run.units.0).saturating_mul(PER_TOKENS);
		Ok(RunPrice { run, units_per_million_tokens: units.div_ceil(tokens) })
	}

	pub(crate) fn view_request_cost(
		model: &ModelId,
		leaf: u64,
	) -> Result<(Balance, Balance), DispatchError> {
		let bytes = leaf_bytes(&Self::program(model)?.tensors, leaf);
		let bytes = bytes.ok_or(Error::<T>::NoSuchLeaf)?;
		let open = Availabilities::<T>::get(model).open();
		let leaves = Self::record(model)?.weight_leaves;
		let posted = bytes.saturating_add(path_bytes(leaf, leaves));
		let fee = CurrentParameters::<T>::get().request_fee(posted);
		let fee = fee.ok_or(ArithmeticError::Overflow)?;
		Ok((fee, surcharge(fee, open).ok_or(ArithmeticError::Overflow)?))
	}

	pub(crate) fn view_models(
		status: Option<StatusKind>,
		after: Option<ModelId>,
		limit: u32,
	) -> ModelsPage {
		let all = match after {
			Some(after) => Records::<T>::iter_from(Records::<T>::hashed_key_for(after)),
			None => Records::<T>::iter(),
		};
		let limit = usize::try_from(limit.clamp(1, MAX_PAGE)).unwrap_or(usize::MAX);
		let mut page = ModelsPage::default();
		let mut rest = all.enumerate();
		for (scanned, (model, record)) in rest.by_ref() {
			if status.is_none_or(|status| status == StatusKind::from(record.facts.status)) {
				page.models.push((model, Self::effective(record.facts)));
			}
			page.next = Some(model);
			if page.models.len() >= limit || scanned.saturating_add(1) >= MAX_SCANNED {
				break;
			}
		}
		if rest.next().is_none() {
			page.next = None;
		}
		page
	}

	pub(crate) fn view_refusal(program: &[u8]) -> Option<String> {
		match Program::from_bytes(program) {
			Ok(program) => program.validate().err().map(|fault| fault.to_string()),
			Err(error) => Some(error.to_string()),
		}
	}
}
