//! What is stored of a model.

use assay_market::{
	manifest::{Manifest, ProgramBytes, Quality, Source},
	traits::{ModelFacts, ModelStatus},
	Balance, ModelId, Tick,
};
use assay_primitives::{Hash, WeightsRoot};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What is read with every job: small.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct ModelRecord<AccountId> {
	/// What the market must know. The bond is the manifest's, without the floor.
	pub facts: ModelFacts,
	/// Who registered the model and holds its deposit; nobody for models of genesis.
	pub registrant: Option<AccountId>,
	/// What is held for it.
	pub deposit: Balance,
	/// Root of the tree over the weights.
	pub weights_root: WeightsRoot,
	/// Leaves of that tree, by the program.
	pub weight_leaves: u64,
	/// The last tick at which it takes jobs, once its deprecation is announced.
	pub deprecated_until: Option<Tick>,
	/// Whether it lost its listing because a demand of its weights went unanswered. Then it takes jobs
	/// again only once it is listed again.
	pub frozen: bool,
}

impl<AccountId> ModelRecord<AccountId> {
	/// Brings the status in line with whether enough providers attest, and whether leaves are
	/// missing. Returns the status before, if it is another now.
	///
	/// One attester's silence cannot stop an unlisted model for longer than the leaf is missing: to
	/// attest is open to everybody with a bond.
	pub(crate) fn restate(&mut self, attested: bool, missing: bool) -> Option<ModelStatus> {
		let before = self.facts.status;
		let thaws = attested && !missing;
		self.frozen = (self.frozen && !thaws) || (missing && before == ModelStatus::Listed);
		self.facts.status = match self.deprecated_until {
			_ if self.frozen || missing => ModelStatus::Frozen,
			Some(until) => ModelStatus::Deprecated { until },
			None if attested => ModelStatus::Listed,
			None => ModelStatus::Unlisted,
		};
		(self.facts.status != before).then_some(before)
	}

	/// Whether the notice of a deprecation is over.
	pub fn is_retired(&self, now: Tick) -> bool {
		self.deprecated_until.is_some_and(|until| now > until)
	}
}

/// What the chain cannot check, or need not read with a job.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Claims {
	/// Hash of the tokenizer's file.
	pub tokenizer_hash: Hash,
	/// What was imported.
	pub source: Source,
	/// How near the model is to its source.
	pub quality: Option<Quality>,
	/// The model that this one is a new version of. It may have been removed since.
	pub previous: Option<ModelId>,
}

impl Claims {
	/// The manifest that was registered.
	pub fn into_manifest<AccountId>(
		self,
		program: ProgramBytes,
		record: &ModelRecord<AccountId>,
	) -> Manifest {
		let Self { tokenizer_hash, source, quality, previous } = self;
		let (weights_root, min_bond) = (record.weights_root, record.facts.min_bond);
		Manifest { program, weights_root, tokenizer_hash, source, quality, min_bond, previous }
	}
}

/// An entry of a curator's list.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Curation {
	/// Whether the curator recommends the model or warns of it.
	pub approved: bool,
	/// What is held for the entry.
	pub deposit: Balance,
}
