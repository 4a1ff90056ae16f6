//! Who attests that a model's weights can be had, and what was asked of them.
//!
//! A request has a number. An attestation answers for the requests that are opened while it counts, and
//! for no other. So nobody leaves a request behind, nobody inherits one that others let run out, and
//! nobody can be kept by requests that come later.

use alloc::vec::Vec;

use assay_market::{Balance, ProviderId, Tick};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::Get, BoundedBTreeMap, CloneNoBound, DebugNoBound, DefaultNoBound};
use scale_info::TypeInfo;

use crate::Config;

/// Attestations and requests of one model.
#[derive(CloneNoBound, DebugNoBound, DefaultNoBound, Encode, Decode, MaxEncodedLen, TypeInfo)]
#[scale_info(skip_type_params(T))]
pub struct Availability<T: Config> {
	/// By attester.
	pub attestations: BoundedBTreeMap<ProviderId, Attestation, T::MaxAttesters>,
	/// By leaf of the weights' tree.
	pub requests: BoundedBTreeMap<u64, Request<T::AccountId>, T::MaxRequests>,
	/// Number of the next request.
	pub next_request: u32,
}

/// A provider's word that it has the weights.
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
pub struct Attestation {
	/// What it risks by silence, bound in its bond.
	pub exposure: Balance,
	/// It answers for requests with this number or a higher one only: those before were asked of others.
	pub answers_from: u32,
	/// Once withdrawn, it answers for requests with a lower number only, and does not count.
	pub answers_below: Option<u32>,
}

impl Attestation {
	/// Whether it answers for a request.
	pub fn answers(&self, request: u32) -> bool {
		request >= self.answers_from && self.answers_below.is_none_or(|below| request < below)
	}
}

/// A demand of one leaf.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Request<AccountId> {
	/// Its number among the model's requests.
	pub number: u32,
	/// Bytes of the leaf, by the program.
	pub bytes: u32,
	/// Whether it can still be answered in time.
	pub state: RequestState<AccountId>,
}

/// Whether a request can still be answered in time.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum RequestState<AccountId> {
	/// Attesters have to answer.
	#[codec(index = 0)]
	Open {
		/// Who asked.
		by: AccountId,
		/// What is held of them for the answer.
		fee: Balance,
		/// What is held beside it, and burns with the answer.
		surcharge: Balance,
		/// The last tick for an answer.
		until: Tick,
	},
	/// Nobody answered. The model is frozen until somebody does.
	#[codec(index = 1)]
	Missing,
}

impl<AccountId> Request<AccountId> {
	/// Whether attesters have to answer it.
	pub fn is_open(&self) -> bool {
		matches!(self.state, RequestState::Open { .. })
	}
}

/// What withdrawing an attestation came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Withdrawn {
	/// It is gone; what it risked is free again.
	Gone(Balance),
	/// It stays until the requests that it answers for are closed.
	Ending,
}

impl<T: Config> Availability<T> {
	/// Attestations that count.
	pub fn counted(&self) -> u32 {
		let counted = self.attestations.values().filter(|one| one.answers_below.is_none());
		u32::try_from(counted.count()).unwrap_or(u32::MAX)
	}

	/// Whether enough attestations count for the model to be listed.
	pub fn is_attested(&self) -> bool {
		self.counted() >= T::RequiredAttestations::get()
	}

	/// Whether a demand went unanswered.
	pub fn has_missing(&self) -> bool {
		self.requests.values().any(|request| !request.is_open())
	}

	/// Whether attesters owe an answer.
	pub fn has_open(&self) -> bool {
		self.open() > 0
	}

	/// How many answers attesters owe.
	pub fn open(&self) -> u32 {
		let open = self.requests.values().filter(|request| request.is_open());
		u32::try_from(open.count()).unwrap_or(u32::MAX)
	}

	/// Whether there is nothing to store.
	pub fn is_empty(&self) -> bool {
		self.attestations.is_empty() && self.requests.is_empty()
	}

	/// Withdraws a provider's attestation as far as it can be; `None` if it made none.
	pub(crate) fn withdraw(&mut self, provider: ProviderId) -> Option<Withdrawn> {
		let attestation = self.attestations.get_mut(&provider)?;
		attestation.answers_below.get_or_insert(self.next_request);
		let attestation = *attestation;
		let mut open = self.requests.values().filter(|request| request.is_open());
		if open.any(|request| attestation.answers(request.number)) {
			return Some(Withdrawn::Ending);
		}
		self.attestations.remove(&provider);
		Some(Withdrawn::Gone(attestation.exposure))
	}

	/// Takes out the attestations that answer for a request.
	pub(crate) fn take_answering(&mut self, request: u32) -> Vec<(ProviderId, Balance)> {
		let answering = self.attestations.iter().filter(|(_, one)| one.answers(request));
		let taken: Vec<_> = answering.map(|(provider, one)| (*provider, one.exposure)).collect();
		for (provider, _) in &taken {
			self.attestations.remove(provider);
		}
		taken
	}
}
