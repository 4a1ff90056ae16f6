//! What is stored of a job.

use assay_market::{
	traits::{ExposureTerms, Run},
	Balance, Commitment, CommitmentHash, JobId, Price, ProviderId, Request, Terms, TermsHash, Tick,
	TokenList,
};
use assay_programs::cost::Weights;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

use crate::{data::Publication, hashing::Blake2, price::UnitRate, state::Stage};

/// Most candidates of a job for the best offer: four turns are as many as an impatient user waits
/// for, and their offers are stored with the job.
pub const MAX_CANDIDATES: u32 = 4;

/// A job, from its submission to its end.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Job<AccountId> {
	/// Who asked.
	pub user: AccountId,
	/// The user's nonce.
	pub nonce: u64,
	/// What was asked for.
	pub request: Request<TokenList>,
	/// Version of the arithmetic of the model.
	pub numerics_version: u32,
	/// Vouchers that wait in escrow, in units of the request's series.
	pub escrow: Balance,
	/// Price of a unit of the series.
	pub unit_price: Price,
	/// What compute units were computed with.
	pub weights: Weights,
	/// The run of the longest answer that was asked for.
	pub longest: Run,
	/// When it was submitted.
	pub submitted_at: Tick,
	/// Whether the input can be had.
	pub input_data: Publication<AccountId>,
	/// Where it is in its life.
	pub state: State<AccountId>,
	/// The tick under which it waits in the queue; `None` while it waits for others to act.
	pub queued_at: Option<Tick>,
}

/// Where a job is in its life, with what is known since. Only `transition`
/// stores a change.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum State<AccountId> {
	/// Vouchers are in escrow; nobody has promised anything.
	#[codec(index = 0)]
	Submitted(Search),
	/// A provider promised an answer by a deadline.
	#[codec(index = 1)]
	Accepted(Promise),
	/// The provider answered; anybody may challenge.
	#[codec(index = 2)]
	Committed(Promise, Answer<AccountId>),
}

/// The search for a provider.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Search {
	/// Who may accept, best first; never empty.
	pub candidates: BoundedVec<Candidate, ConstU32<MAX_CANDIDATES>>,
	/// Length of a candidate's turn.
	pub turn_ticks: Tick,
	/// From this tick on, nobody may accept any more.
	pub expires_at: Tick,
}

/// A provider that may accept, with the offer that it had posted when the job was submitted.
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
pub struct Candidate {
	/// Who.
	pub provider: ProviderId,
	/// What it takes for a unit of compute.
	pub rate: UnitRate,
	/// Ticks from acceptance to its deadline.
	pub deadline_ticks: Tick,
}

/// What a provider promised, and what was pinned when it did.
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
pub struct Promise {
	/// Who.
	pub provider: ProviderId,
	/// What it takes for a unit of compute.
	pub rate: UnitRate,
	/// How much is at stake for a price.
	pub exposure: ExposureTerms,
	/// Price of the longest answer in the native token, by the rate of acceptance.
	pub price_native: Balance,
	/// Bond that was reserved for the longest answer.
	pub reserved: Balance,
	/// Whether the model was listed.
	pub listed: bool,
	/// From this tick on, it is late.
	pub deadline_at: Tick,
	/// Lengths of what follows.
	pub clocks: Clocks,
}

/// How long each step after the answer takes, pinned at acceptance.
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
pub struct Clocks {
	/// From the answer to the end of its window.
	pub window_ticks: Tick,
	/// From a request of data to the end of the time for posting it.
	pub data_ticks: Tick,
	/// What a window has left, at least, once data was posted.
	pub check_ticks: Tick,
}

/// What a provider answered.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Answer<AccountId> {
	/// What was committed.
	pub commitment: Commitment,
	/// The run that it took.
	pub run: Run,
	/// Its price, in units of the request's series; at most the escrow.
	pub units: Balance,
	/// The same in the native token, by the rate of acceptance.
	pub price_native: Balance,
	/// Bond at stake.
	pub exposed: Balance,
	/// From this tick on, no data may be requested.
	pub requests_close_at: Tick,
	/// From this tick on, nothing may be challenged.
	pub window_closes_at: Tick,
	/// Games and audits that have begun and not ended.
	pub open_games: u32,
	/// Whether the output can be had.
	pub output_data: Publication<AccountId>,
}

impl Search {
	/// Whose turn it is: turns go round, so that at each tick one candidate may accept and nobody
	/// can win it by being first in a block. `None` only without candidates.
	pub fn turn(&self, submitted_at: Tick, now: Tick) -> Option<&Candidate> {
		let turns = now.saturating_sub(submitted_at) / self.turn_ticks.max(1);
		let candidates = u32::try_from(self.candidates.len()).ok()?;
		let place = turns.checked_rem(candidates)?;
		self.candidates.get(usize::try_from(place).ok()?)
	}
}

impl<AccountId> State<AccountId> {
	/// The state without its data.
	pub const fn stage(&self) -> Stage {
		match self {
			Self::Submitted(_) => Stage::Submitted,
			Self::Accepted(_) => Stage::Accepted,
			Self::Committed(..) => Stage::Committed,
		}
	}
}

impl<AccountId> Job<AccountId> {
	/// Who promised an answer; `None` before acceptance.
	pub const fn promise(&self) -> Option<&Promise> {
		match &self.state {
			State::Submitted(_) => None,
			State::Accepted(promise) | State::Committed(promise, _) => Some(promise),
		}
	}

	/// What was answered; `None` before commitment.
	pub const fn answer(&self) -> Option<&Answer<AccountId>> {
		match &self.state {
			State::Submitted(_) | State::Accepted(_) => None,
			State::Committed(_, answer) => Some(answer),
		}
	}

	/// What the job promises if this provider answers with this exposure per price.
	pub fn terms(&self, provider: ProviderId, exposure_factor: u32) -> Terms {
		self.request.terms(self.numerics_version, exposure_factor, provider)
	}

	/// What the parties of a promise name its terms by.
	pub fn terms_hash(&self, promise: &Promise) -> TermsHash {
		self.terms(promise.provider, promise.exposure.factor).hash::<Blake2>()
	}

	/// What parties name the answer by; `None` before commitment.
	pub fn commitment_hash(&self, id: &JobId) -> Option<CommitmentHash> {
		let terms = self.terms_hash(self.promise()?);
		Some(self.answer()?.commitment.hash::<Blake2>(id, &terms))
	}

	/// The tick from which on something is due that needs nobody's will: expiry, lateness, silence
	/// or settlement. `None` while games are open.
	pub fn due_at(&self) -> Option<Tick> {
		match &self.state {
			State::Submitted(search) => Some(search.expires_at),
			State::Accepted(promise) => Some(promise.deadline_at),
			State::Committed(_, answer) => match self.data_due_at() {
				None if answer.open_games > 0 => None,
				None => Some(answer.window_closes_at),
				requested => requested,
			},
		}
	}

	/// The tick from which on the provider is silent; `None` if no data is requested.
	pub fn data_due_at(&self) -> Option<Tick> {
		let output = self.answer().and_then(|answer| answer.output_data.due_at());
		self.input_data.due_at().into_iter().chain(output).min()
	}
}
