//! What a user asks for.

#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

use assay_primitives::Hasher;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::{
	Balance, JobId, Limits, ModelId, ProviderId, Sampling, SeriesId, Terms, Tick, TokenList,
};

/// Who may accept a job. Auctions come later, under an index of their own.
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
pub enum Assignment {
	/// This provider.
	#[codec(index = 0)]
	Named(ProviderId),
	/// Whoever offers the model best when the job is submitted; the next ones take turns.
	#[codec(index = 1)]
	BestOffer,
}

/// A request for a job. `Input` is a [`TokenList`] where the request is named or stored; a call may
/// carry the tokens themselves.
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
pub struct Request<Input> {
	/// The model.
	pub model: ModelId,
	/// The input.
	pub input: Input,
	/// How tokens are chosen; the default for models that embed.
	pub sampling: Sampling,
	/// How long the answer may be.
	pub limits: Limits,
	/// The series whose vouchers pay.
	pub series: SeriesId,
	/// Most units of the series that the longest answer may cost.
	pub max_price: Balance,
	/// Who may accept.
	pub assignment: Assignment,
	/// Ticks from submission in which the job must be accepted.
	pub accept_within: Tick,
	/// Exposure per price, if more is asked for than the rule's factor.
	pub exposure_factor: Option<u32>,
}

impl<Input> Request<Input> {
	/// The same request with another form of its input, and the form that it had.
	pub fn with_input<Other>(self, input: Other) -> (Request<Other>, Input) {
		let Self {
			model,
			input: before,
			sampling,
			limits,
			series,
			max_price,
			assignment,
			accept_within,
			exposure_factor,
		} = self;
		let request = Request {
			model,
			input,
			sampling,
			limits,
			series,
			max_price,
			assignment,
			accept_within,
			exposure_factor,
		};
		(request, before)
	}
}

impl Request<TokenList> {
	/// The job that this request becomes.
	pub fn job<H: Hasher>(&self, user: &impl Encode, nonce: u64) -> JobId {
		JobId::of::<H>(user, nonce, self)
	}

	/// What the job promises once this provider accepts it.
	pub fn terms(
		&self,
		numerics_version: u32,
		exposure_factor: u32,
		provider: ProviderId,
	) -> Terms {
		Terms {
			model: self.model,
			input: self.input,
			sampling: self.sampling,
			limits: self.limits,
			numerics_version,
			exposure_factor,
			series: self.series,
			provider,
		}
	}
}

#[cfg(all(test, feature = "std"))]
mod tests {
	use assay_primitives::Native;

	use super::*;
	use crate::TokenList;

	fn request() -> Request<()> {
		Request {
			model: ModelId::default(),
			input: (),
			sampling: Sampling::default(),
			limits: Limits { max_tokens: 2 },
			series: SeriesId(1),
			max_price: 7,
			assignment: Assignment::BestOffer,
			accept_within: 5,
			exposure_factor: None,
		}
	}

	#[test]
	fn a_job_should_be_named_by_its_user_nonce_and_whole_request() {
		let list = TokenList::of::<Native>(&[1, 2, 3]);
		let (named, ()) = request().with_input(list);
		let id = named.job::<Native>(&1_u64, 0);
		assert_eq!(id, named.job::<Native>(&1_u64, 0));
		let (other, _) = named.with_input(TokenList { length: 4, ..list });
		for other in [
			other.job::<Native>(&1_u64, 0),
			named.job::<Native>(&2_u64, 0),
			named.job::<Native>(&1_u64, 1),
			Request { accept_within: 6, ..named }.job::<Native>(&1_u64, 0),
		] {
			assert_ne!(id, other);
		}
	}

	#[test]
	fn terms_should_differ_by_provider_and_exposure() {
		let (named, ()) = request().with_input(TokenList::of::<Native>(&[1]));
		let hash = |factor, provider| named.terms(1, factor, ProviderId(provider)).hash::<Native>();
		assert_eq!(hash(160, 1), hash(160, 1));
		assert_ne!(hash(160, 1), hash(161, 1));
		assert_ne!(hash(160, 1), hash(160, 2));
	}
}
