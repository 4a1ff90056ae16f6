//! What a user asks for.

#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

use assay_primitives::Hasher;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::{
	Balance, Conditions, JobId, Limits, ModelId, ProviderId, Sampling, SeriesId, Terms, Tick,
	TokenList,
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
	/// Most ticks from acceptance to the answer: providers whose offers give themselves more do not
	/// count. Until then, the vouchers wait for whoever accepted.
	pub max_deadline_ticks: Tick,
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
			max_deadline_ticks,
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
			max_deadline_ticks,
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

	/// What the job promises once a provider accepts it on these conditions.
	pub fn terms(&self, numerics_version: u32, conditions: Conditions) -> Terms {
		Terms {
			model: self.model,
			input: self.input,
			sampling: self.sampling,
			limits: self.limits,
			series: self.series,
			numerics_version,
			conditions,
		}
	}
}

#[cfg(all(test, feature = "std"))]
mod tests {
	use assay_primitives::Native;

	use super::*;
	use crate::{traits::ExposureTerms, Price, Quote};

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
			max_deadline_ticks: 50,
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
			Request { max_deadline_ticks: 51, ..named }.job::<Native>(&1_u64, 0),
		] {
			assert_ne!(id, other);
		}
	}

	#[test]
	fn terms_should_differ_by_each_condition() {
		let (named, ()) = request().with_input(TokenList::of::<Native>(&[1]));
		let hash = |conditions| named.terms(1, conditions).hash::<Native>();
		let price = Price { quote: Quote::Native, amount: 3 };
		let exposure = ExposureTerms { factor: 160, minimum: 1_000 };
		let agreed = Conditions {
			provider: ProviderId(1),
			rate_millionths: 1_000_000,
			unit_price: price,
			deadline_ticks: 20,
			exposure,
		};
		assert_eq!(hash(agreed), hash(agreed));
		for other in [
			Conditions { provider: ProviderId(2), ..agreed },
			Conditions { rate_millionths: 1_000_001, ..agreed },
			Conditions { unit_price: Price { amount: 4, ..price }, ..agreed },
			Conditions { unit_price: Price { quote: Quote::Asset(3), ..price }, ..agreed },
			Conditions { deadline_ticks: 21, ..agreed },
			Conditions { exposure: ExposureTerms { factor: 161, ..exposure }, ..agreed },
			Conditions { exposure: ExposureTerms { minimum: 1_001, ..exposure }, ..agreed },
		] {
			assert_ne!(hash(agreed), hash(other), "{other:?}");
		}
	}
}
