//! What users, providers and contracts may read.

use assay_market::{Balance, CommitmentHash, Price, ProviderId, Terms, TermsHash, Tick};
use assay_programs::cost::ComputeUnits;
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;

use crate::Job;

/// A job with what follows from it now.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct JobView<AccountId> {
	/// What is stored.
	pub job: Job<AccountId>,
	/// Who promised an answer, or whose turn it is to do so; `None` once acceptance is over.
	pub provider: Option<ProviderId>,
	/// What that provider promised, or would promise now.
	pub terms: Option<Terms>,
	/// What [`accept`](crate::Pallet::accept) and [`commit`](crate::Pallet::commit) name them by.
	pub terms_hash: Option<TermsHash>,
	/// What requests of data and challenges name the answer by.
	pub commitment_hash: Option<CommitmentHash>,
	/// Whether [`poke`](crate::Pallet::poke) would do something now.
	pub is_due: bool,
}

/// How far an answer can be relied on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum AnswerSecurity {
	/// There is no answer yet.
	#[codec(index = 0)]
	Unanswered,
	/// It may still fall. It is worth relying on for less than the exposure times the chance that
	/// somebody looks; for more, replay it.
	#[codec(index = 1)]
	Provisional {
		/// What the provider loses if it falls, in the native token.
		exposure: Balance,
		/// Games and audits that are open.
		open_games: u32,
		/// Ticks in which it may still be challenged.
		window_left: Tick,
		/// Whether data was demanded that the provider has not posted.
		data_pending: bool,
	},
	/// It can no longer fall: the window is over, nothing is open, and it does not wait for the draw of an
	/// audit.
	#[codec(index = 2)]
	Final {
		/// What the provider had at stake, in the native token.
		exposure: Balance,
	},
}

/// What a job would cost.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Quotation {
	/// Compute, in millionths of a unit.
	pub compute_units: ComputeUnits,
	/// Bytes of the trace, should it be disputed.
	pub trace_bytes: u64,
	/// Vouchers, in units of the series.
	pub units: Balance,
	/// Their price.
	pub price: Price,
	/// The same in the native token, by the rate of now.
	pub price_native: Balance,
	/// The price of a million tokens, in and out, at this mixture, rounded up.
	pub per_million_tokens: Price,
	/// The same in the native token.
	pub per_million_tokens_native: Balance,
	/// What the provider would have at stake, in the native token.
	pub exposure: Balance,
	/// Ticks from acceptance to the deadline.
	pub deadline_ticks: Tick,
}
