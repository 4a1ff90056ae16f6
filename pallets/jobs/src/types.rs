//! What is stored of a job.

use assay_market::{
	traits::{ExposureTerms, PenaltyTerms, Run, SplitTerms},
	Balance, Commitment, CommitmentHash, Conditions, JobId, Price, ProviderId, Request, Terms,
	TermsHash, Tick, TokenList,
};
use assay_programs::cost::Weights;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use sp_runtime::Perbill;

use crate::{
	data::{DataRequest, Publication},
	hashing::Blake2,
	price::UnitRate,
	state::Stage,
};

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
	/// How often in a row what was due has failed.
	pub failures: u8,
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
	/// The answer stands and the bond is free; the payment failed and is still due.
	#[codec(index = 3)]
	Unpaid(Promise, Answer<AccountId>),
}

/// The search for a provider.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Search {
	/// Who may accept, best first; never empty.
	pub candidates: BoundedVec<Candidate, ConstU32<MAX_CANDIDATES>>,
	/// Which of them, by their places, stepped aside. They keep their places: nobody's turn moves.
	pub declined: [bool; MAX_CANDIDATES as usize],
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
	/// Who, at which rate, and how fast.
	pub candidate: Candidate,
	/// Bytes of trace per tick that it offered when it accepted, and was admitted by.
	pub trace_bytes_per_tick: u64,
	/// How much is at stake for a price.
	pub exposure: ExposureTerms,
	/// Price of the longest answer in the native token, by the rate of acceptance.
	pub price_native: Balance,
	/// Bond that was reserved for the longest answer.
	pub reserved: Balance,
	/// Whether the model was listed.
	pub listed: bool,
	/// The probability with which the answer is audited.
	pub audit_share: Perbill,
	/// From this tick on, it is late.
	pub deadline_at: Tick,
	/// Lengths of what follows.
	pub clocks: Clocks,
	/// How what is paid is split.
	pub split: SplitTerms,
	/// What broken promises cost, and whom that pays.
	pub penalty: PenaltyTerms,
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
	/// From a request of data, once those before it are posted, to the end of the time for posting it.
	pub data_ticks: Tick,
	/// Leaves of demanded data that a provider is expected to post in a tick.
	pub data_leaves_per_tick: u32,
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

impl Promise {
	/// When it was made.
	pub const fn accepted_at(&self) -> Tick {
		self.deadline_at.saturating_sub(self.candidate.deadline_ticks)
	}
}

impl Search {
	/// The candidate at a place, unless it stepped aside.
	fn standing_at(&self, place: usize) -> Option<&Candidate> {
		let declined = *self.declined.get(place)?;
		self.candidates.get(place).filter(|_| !declined)
	}

	/// Turns that are wholly over.
	fn turns_over(&self, submitted_at: Tick, now: Tick) -> usize {
		let turns = now.min(self.expires_at).saturating_sub(submitted_at) / self.turn_ticks.max(1);
		usize::try_from(turns).unwrap_or(usize::MAX)
	}

	/// The place of a candidate that has not stepped aside.
	pub fn place_of(&self, provider: ProviderId) -> Option<usize> {
		let is_this = |candidate: &Candidate| candidate.provider == provider;
		(0..self.candidates.len()).find(|place| self.standing_at(*place).is_some_and(is_this))
	}

	/// Whether everybody stepped aside.
	pub fn is_over(&self) -> bool {
		(0..self.candidates.len()).all(|place| self.standing_at(place).is_none())
	}

	/// Whose turn it is: turns go round over all places, so that at each tick one candidate may
	/// accept and nobody can win it by being first in a block. The turns of whoever stepped aside go
	/// to the next one: declining gives turns away and takes none. `None` only if nobody is left.
	pub fn turn(&self, submitted_at: Tick, now: Tick) -> Option<&Candidate> {
		let places = self.candidates.len();
		let first = self.turns_over(submitted_at, now).checked_rem(places)?;
		(first..places).chain(0..first).find_map(|place| self.standing_at(place))
	}

	/// Who let a whole turn pass without a word.
	pub fn missed(&self, submitted_at: Tick, now: Tick) -> impl Iterator<Item = ProviderId> + '_ {
		let over = self.turns_over(submitted_at, now).min(self.candidates.len());
		(0..over).filter_map(move |place| self.standing_at(place).map(|one| one.provider))
	}
}

impl<AccountId> State<AccountId> {
	/// The state without its data.
	pub const fn stage(&self) -> Stage {
		match self {
			Self::Submitted(_) => Stage::Submitted,
			Self::Accepted(_) => Stage::Accepted,
			Self::Committed(..) => Stage::Committed,
			Self::Unpaid(..) => Stage::Unpaid,
		}
	}
}

impl<AccountId> Job<AccountId> {
	/// Who promised an answer; `None` before acceptance.
	pub const fn promise(&self) -> Option<&Promise> {
		match &self.state {
			State::Submitted(_) => None,
			State::Accepted(promise) | State::Committed(promise, _) | State::Unpaid(promise, _) => {
				Some(promise)
			}
		}
	}

	/// What was answered; `None` before commitment.
	pub const fn answer(&self) -> Option<&Answer<AccountId>> {
		match &self.state {
			State::Submitted(_) | State::Accepted(_) => None,
			State::Committed(_, answer) | State::Unpaid(_, answer) => Some(answer),
		}
	}

	/// What the job promises if this candidate answers with so much at stake.
	pub fn terms(&self, candidate: &Candidate, exposure: ExposureTerms) -> Terms {
		let conditions = Conditions {
			provider: candidate.provider,
			rate_millionths: candidate.rate.0,
			unit_price: self.unit_price,
			deadline_ticks: candidate.deadline_ticks,
			exposure,
		};
		self.request.terms(self.numerics_version, conditions)
	}

	/// What the parties of a promise name its terms by.
	pub fn terms_hash(&self, promise: &Promise) -> TermsHash {
		self.terms(&promise.candidate, promise.exposure).hash::<Blake2>()
	}

	/// What parties name the answer by; `None` before commitment.
	pub fn commitment_hash(&self, id: &JobId) -> Option<CommitmentHash> {
		let terms = self.terms_hash(self.promise()?);
		Some(self.answer()?.commitment.hash::<Blake2>(id, &terms))
	}

	/// The tick from which on something is due that needs nobody's will: expiry, lateness, silence
	/// or settlement. `None` while games are open: whoever sealed a claim must not lose its reward to
	/// a demand for data that a friend of the provider made.
	pub fn due_at(&self) -> Option<Tick> {
		match &self.state {
			State::Submitted(search) => Some(search.expires_at),
			State::Accepted(promise) => Some(promise.deadline_at),
			State::Committed(_, answer) if answer.open_games > 0 => None,
			State::Committed(_, answer) | State::Unpaid(_, answer) => {
				Some(self.data_due_at().unwrap_or(answer.window_closes_at))
			}
		}
	}

	/// The open requests of data.
	pub fn data_requests(&self) -> impl Iterator<Item = &DataRequest<AccountId>> {
		let output = self.answer().and_then(|answer| answer.output_data.request());
		self.input_data.request().into_iter().chain(output)
	}

	/// The tick from which on the provider is silent; `None` if no data is requested.
	pub fn data_due_at(&self) -> Option<Tick> {
		self.data_requests().map(|request| request.answer_by).min()
	}
}
