//! How models, jobs, series and providers are named.

use assay_primitives::Hash;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Hashes that name different things have different types.
macro_rules! hash_id {
	($(#[$documentation:meta])* $name:ident) => {
		$(#[$documentation])*
		#[derive(
			Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode,
			DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
		)]
		pub struct $name(pub Hash);

		impl core::fmt::Display for $name {
			fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
				self.0.fmt(f)
			}
		}
	};
}

/// Numbers that name different things have different types.
macro_rules! number_id {
	($(#[$documentation:meta])* $name:ident) => {
		$(#[$documentation])*
		#[derive(
			Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode,
			DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
		)]
		pub struct $name(pub u32);

		impl core::fmt::Display for $name {
			fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
				self.0.fmt(f)
			}
		}
	};
}

hash_id! {
	/// A model: the hash of its manifest's SCALE encoding.
	ModelId
}
hash_id! {
	/// A job: the hash of its user, the user's nonce and the hash of its terms.
	JobId
}
hash_id! {
	/// What a job promises: the hash of [`Terms`](crate::Terms).
	TermsHash
}
hash_id! {
	/// What a provider answered: the hash of a job, its terms and a
	/// [`Commitment`](crate::Commitment).
	CommitmentHash
}
number_id! {
	/// A series of vouchers.
	SeriesId
}
number_id! {
	/// A provider. It outlives the account that owns it: rotation gives it another one.
	ProviderId
}
