//! Brings a job to any point of its life. Tests and benchmarks start from there. Each step is done as
//! a transaction does it: what fails is rolled back.

use alloc::vec::Vec;

use assay_market::{
	traits::Disputable, Assignment, Balance, CommitmentHash, JobId, Limits, ModelId, ProviderId,
	Request, Sampling, SeriesId, TermsHash, TokenList,
};
use assay_primitives::{
	merkle::{leaf, Tree},
	tokens::{leaf_bytes, TOKENS_PER_LEAF},
};
use frame_support::{storage::with_storage_layer, traits::Get, BoundedVec};
use frame_system::RawOrigin;
use sp_runtime::DispatchError;

use crate::{
	Blake2, Config, Jobs, NextNonce, Pallet, PostedLeaf, PostedLeaves, Side, State, Words,
};

/// What the driver does, or why the pallet refused it.
pub type Driven<Value> = Result<Value, DispatchError>;

/// A user with vouchers, and a provider with a bond, for one model.
pub struct Instantiator<T: Config> {
	/// Who asks.
	pub user: T::AccountId,
	/// Who owns the provider.
	pub owner: T::AccountId,
	/// Who answers.
	pub provider: ProviderId,
	/// The model.
	pub model: ModelId,
	/// What pays.
	pub series: SeriesId,
	/// Tokens of requests and answers: any id of the vocabulary that does not end an answer.
	pub token: u32,
}

impl<T: Config> Instantiator<T> {
	/// So many words in the call.
	pub fn inline(&self, length: u32) -> Words {
		Words::Inline(BoundedVec::truncate_from(self.tokens(length)))
	}

	/// So many words by their root.
	pub fn by_root(&self, length: u32) -> Words {
		Words::Root(TokenList::of::<Blake2>(&self.tokens(length)))
	}

	/// So many words.
	pub fn tokens(&self, length: u32) -> Vec<u32> {
		(0..length).map(|_| self.token).collect()
	}

	/// A request that names the provider, with this input, for answers of up to so many tokens.
	pub fn request(&self, input: Words, max_tokens: u32) -> Request<Words> {
		Request {
			model: self.model,
			input,
			sampling: Sampling::default(),
			limits: Limits { max_tokens },
			series: self.series,
			max_price: Balance::MAX,
			assignment: Assignment::Named(self.provider),
			accept_within: 10,
			max_deadline_ticks: T::MaxDeadlineTicks::get(),
			exposure_factor: None,
		}
	}

	/// Submits a request with the user's next nonce.
	pub fn submit(&self, request: Request<Words>) -> Driven<JobId> {
		let nonce = NextNonce::<T>::get(&self.user);
		let (named, _) = request.clone().with_input(request.input.list());
		let origin = RawOrigin::Signed(self.user.clone()).into();
		with_storage_layer(|| Pallet::<T>::submit(origin, nonce, request))
			.map_err(|error| error.error)?;
		Ok(named.job::<Blake2>(&self.user, nonce))
	}

	/// The provider accepts.
	pub fn accept(&self, job: JobId) -> Driven<()> {
		let terms = self.terms_hash(job);
		let origin = RawOrigin::Signed(self.owner.clone()).into();
		with_storage_layer(|| Pallet::<T>::accept(origin, job, terms))
	}

	/// The provider answers.
	pub fn commit(&self, job: JobId, output: Words) -> Driven<()> {
		let terms = self.terms_hash(job);
		let origin = RawOrigin::Signed(self.owner.clone()).into();
		with_storage_layer(|| Pallet::<T>::commit(origin, job, terms, output))
			.map(|_| ())
			.map_err(|error| error.error)
	}

	/// Somebody demands a list.
	pub fn request_data(&self, who: T::AccountId, job: JobId, side: Side) -> Driven<()> {
		let commitment = self.commitment_hash(job);
		let origin = RawOrigin::Signed(who).into();
		with_storage_layer(|| Pallet::<T>::request_data(origin, job, commitment, side))
	}

	/// The provider posts leaves of so many words, from `first` on.
	pub fn post_data(&self, job: JobId, side: Side, leaves: PostedLeaves) -> Driven<()> {
		let commitment = self.commitment_hash(job);
		let origin = RawOrigin::Signed(self.owner.clone()).into();
		with_storage_layer(|| Pallet::<T>::post_data(origin, job, commitment, side, leaves))
	}

	/// A job with so many tokens in, by root, that nobody has accepted; the answer may have two.
	pub fn submitted(&self, inputs: u32) -> Driven<JobId> {
		self.submit(self.request(self.by_root(inputs), 2))
	}

	/// The same, accepted.
	pub fn accepted(&self, inputs: u32) -> Driven<JobId> {
		let job = self.submitted(inputs)?;
		self.accept(job)?;
		Ok(job)
	}

	/// The same, answered by root, so that the input and the output can be demanded.
	pub fn committed(&self, inputs: u32) -> Driven<JobId> {
		let job = self.accepted(inputs)?;
		self.commit(job, self.by_root(1))?;
		Ok(job)
	}

	/// The same, with an open game.
	pub fn held(&self, inputs: u32) -> Driven<JobId> {
		let job = self.committed(inputs)?;
		<Pallet<T> as Disputable<T::AccountId>>::hold(&job, &self.commitment_hash(job))?;
		Ok(job)
	}

	/// Leaves `first` to `last` of a list of so many words.
	pub fn leaves(&self, length: u32, first: u32, last: u32) -> PostedLeaves {
		let words = self.tokens(length);
		let chunks: Vec<_> = words.chunks(TOKENS_PER_LEAF).collect();
		let hashes = chunks.iter().map(|words| leaf::<Blake2>(&leaf_bytes(words))).collect();
		let tree = Tree::<Blake2>::new(hashes);
		let posted = (first..=last).filter_map(|index| {
			let words = chunks.get(usize::try_from(index).ok()?)?;
			Some(PostedLeaf {
				index,
				words: BoundedVec::truncate_from(words.to_vec()),
				siblings: BoundedVec::truncate_from(tree.path(index.into())?.siblings),
			})
		});
		BoundedVec::truncate_from(posted.collect())
	}

	/// What the provider promises, or would promise now.
	pub fn terms_hash(&self, job: JobId) -> TermsHash {
		self.terms_hash_of(job, self.provider)
	}

	/// What is promised, or what this candidate would promise now.
	pub fn terms_hash_of(&self, job: JobId, provider: ProviderId) -> TermsHash {
		let hash = Jobs::<T>::get(job).and_then(|job| match &job.state {
			State::Submitted(search) => {
				let candidate = search.candidates.iter().find(|one| one.provider == provider)?;
				Some(job.terms(candidate, Pallet::<T>::exposure_now(&job)).hash::<Blake2>())
			}
			State::Accepted(promise) | State::Committed(promise, _) | State::Unpaid(promise, _) => {
				Some(job.terms_hash(promise))
			}
		});
		hash.unwrap_or_default()
	}

	/// What was answered.
	pub fn commitment_hash(&self, job: JobId) -> CommitmentHash {
		let hash = Jobs::<T>::get(job).and_then(|stored| stored.commitment_hash(&job));
		hash.unwrap_or_default()
	}
}
