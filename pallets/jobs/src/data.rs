//! Input and output on demand: whoever wants to check an answer can get what it was computed from.
//!
//! A list is demanded as a whole. With parts of it, a provider and its friends could fill whatever
//! number of requests a job may have with parts that nobody needs; so there is one request for each
//! side, and whoever makes it, everybody gets the list.

use assay_market::{
	terms::TOKENS_PER_LEAF, traits::Clock, Balance, CommitmentHash, JobId, Tick, TokenList,
};
use assay_primitives::{
	merkle::{Path, ARITY},
	tokens::leaf_bytes,
	Hash,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{dispatch::DispatchResult, ensure, traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

use crate::{
	state::{After, Move},
	words::MAX_LEAVES,
	Blake2, Config, Error, Event, Pallet, State, Words,
};

/// Most leaves that one call posts: 64 KiB of words.
pub const MAX_POSTED_LEAVES: u32 = 16;

/// Most siblings on the way of a leaf: two levels are enough for [`MAX_LEAVES`].
pub const MAX_SIBLINGS: u32 = 30;
const _: () = assert!(MAX_LEAVES as usize <= ARITY * ARITY);
const _: () = assert!(MAX_SIBLINGS as usize == 2 * (ARITY - 1));

/// Which list of a job.
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
pub enum Side {
	/// What was asked.
	#[codec(index = 0)]
	Input,
	/// What was answered.
	#[codec(index = 1)]
	Output,
}

/// Whether a list can be had.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Publication<AccountId> {
	/// It lies in the body of a block: that of the submission or of the answer.
	#[codec(index = 0)]
	InBody,
	/// Nobody asked for it.
	#[codec(index = 1)]
	Unasked,
	/// Somebody asked.
	#[codec(index = 2)]
	Asked(DataRequest<AccountId>),
	/// The provider posted it: it lies in the bodies of the blocks of its posts.
	#[codec(index = 3)]
	Posted,
}

/// A request for a list.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct DataRequest<AccountId> {
	/// Who asked.
	pub requester: AccountId,
	/// What is on hold for the posts: what they cost by the formula of fees.
	pub deposit: Balance,
	/// From this tick on, the provider is silent.
	pub answer_by: Tick,
	/// The leaves that were posted, the first in the lowest bit.
	pub posted: u64,
}

/// A leaf of a list, with the way to the list's root.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct PostedLeaf {
	/// Which leaf.
	pub index: u32,
	/// Its words.
	pub words: BoundedVec<u32, ConstU32<TOKENS_PER_LEAF>>,
	/// The hashes beside its way up, as in [`Path`].
	pub siblings: BoundedVec<Hash, ConstU32<MAX_SIBLINGS>>,
}

/// Leaves in a call.
pub type PostedLeaves = BoundedVec<PostedLeaf, ConstU32<MAX_POSTED_LEAVES>>;

/// How many leaves a call posts.
pub fn count(leaves: &PostedLeaves) -> u32 {
	// At most `MAX_POSTED_LEAVES`.
	u32::try_from(leaves.len()).unwrap_or(MAX_POSTED_LEAVES)
}

impl<AccountId> Publication<AccountId> {
	/// How a list can be had that came like this.
	pub fn of(words: &Words) -> Self {
		match words {
			Words::Inline(_) => Self::InBody,
			Words::Root(_) => Self::Unasked,
		}
	}

	/// The open request.
	pub const fn request(&self) -> Option<&DataRequest<AccountId>> {
		match self {
			Self::Asked(request) => Some(request),
			Self::InBody | Self::Unasked | Self::Posted => None,
		}
	}
}

impl PostedLeaf {
	/// Whether this is a leaf of the list, as long as the leaf of that place is.
	fn belongs_to(&self, list: &TokenList) -> bool {
		let Some(before) = self.index.checked_mul(TOKENS_PER_LEAF) else { return false };
		let expected = list.length.saturating_sub(before).min(TOKENS_PER_LEAF);
		if u32::try_from(self.words.len()) != Ok(expected) {
			return false;
		}
		let path = Path {
			index: self.index.into(),
			leaves: list.leaves().into(),
			siblings: self.siblings.to_vec(),
		};
		path.verify::<Blake2>(&leaf_bytes(&self.words), &list.root.0)
	}

	/// Its place in the mask of posted leaves.
	fn bit(&self) -> u64 {
		1_u64.checked_shl(self.index).unwrap_or(0)
	}
}

/// The mask of a list of which all was posted.
const fn all_leaves(list: &TokenList) -> u64 {
	match u64::MAX.checked_shr(MAX_LEAVES.saturating_sub(list.leaves())) {
		Some(mask) => mask,
		None => 0,
	}
}

impl<T: Config> Pallet<T> {
	/// Somebody demands a list. Done already by the same: nothing happens.
	pub(crate) fn do_request_data(
		who: T::AccountId,
		id: JobId,
		commitment_hash: CommitmentHash,
		side: Side,
	) -> DispatchResult {
		let mut job = Self::open_job(&id)?;
		let (promise, mut answer) = Self::answered_as(&id, &job, &commitment_hash)?;
		let (list, data) = match side {
			Side::Input => (job.request.input, &mut job.input_data),
			Side::Output => (*answer.commitment.output(), &mut answer.output_data),
		};
		match data {
			Publication::Unasked => {}
			Publication::Asked(request) if request.requester == who => return Ok(()),
			Publication::Asked(_) => return Err(Error::<T>::AlreadyRequested.into()),
			Publication::InBody | Publication::Posted => {
				return Err(Error::<T>::AlreadyPublished.into())
			}
		}
		ensure!(T::Clock::now() < answer.requests_close_at, Error::<T>::RequestsOver);
		let posting = Self::posting_fee(&list);
		// Whoever paid for an answer pays half of having it posted: to withhold it then costs the
		// provider as much as to demand it costs the user, and neither gains.
		let is_own = side == Side::Output && who == job.user;
		let deposit = if is_own { posting / 2 } else { posting };
		let provider = promise.candidate.provider;
		let answer_by = Self::queue_request(provider, list.leaves(), &promise.clocks)?;
		Self::hold_deposit(&who, deposit)?;
		*data = Publication::Asked(DataRequest {
			requester: who.clone(),
			deposit,
			answer_by,
			posted: 0,
		});
		job.state = State::Committed(promise, answer);
		Self::transition(&id, Move::Request, After::Open(job))?;
		Self::deposit_event(Event::DataRequested {
			job: id,
			side,
			requester: who,
			deposit,
			answer_by,
		});
		Ok(())
	}

	/// The provider posts leaves of what was demanded. Done already: nothing happens.
	pub(crate) fn do_post_data(
		who: &T::AccountId,
		id: JobId,
		commitment_hash: CommitmentHash,
		side: Side,
		leaves: &PostedLeaves,
	) -> DispatchResult {
		let provider = Self::acting_provider(who)?;
		let mut job = Self::open_job(&id)?;
		let (promise, mut answer) = Self::answered_as(&id, &job, &commitment_hash)?;
		// Only the provider: if others could, asking and answering oneself would extend the window
		// for the fees alone.
		ensure!(promise.candidate.provider == provider, Error::<T>::NotTheProvider);
		let (list, data) = match side {
			Side::Input => (job.request.input, &mut job.input_data),
			Side::Output => (*answer.commitment.output(), &mut answer.output_data),
		};
		let request = match data {
			Publication::Asked(request) => request,
			Publication::InBody | Publication::Posted => return Ok(()),
			Publication::Unasked => return Err(Error::<T>::NotRequested.into()),
		};
		let now = T::Clock::now();
		ensure!(now < request.answer_by, Error::<T>::AnswerOver);
		for leaf in leaves {
			ensure!(leaf.belongs_to(&list), Error::<T>::WrongLeaf);
			request.posted |= leaf.bit();
		}
		let complete = request.posted == all_leaves(&list);
		if complete {
			Self::pay_poster(request, provider)?;
			Self::unqueue_requests(provider, 1);
			*data = Publication::Posted;
			let checked_at =
				now.checked_add(promise.clocks.check_ticks).ok_or(Error::<T>::TickOverflow)?;
			answer.window_closes_at = answer.window_closes_at.max(checked_at);
		}
		let window_closes_at = answer.window_closes_at;
		job.state = State::Committed(promise, answer);
		Self::transition(&id, Move::Post, After::Open(job))?;
		Self::deposit_event(Event::DataPosted { job: id, side, complete, window_closes_at });
		Ok(())
	}
}
