//! Plays disputes about real runs: each call as a transaction makes it, so that what fails is rolled
//! back.

use assay_kernels_exact::sampler::Sampling;
use assay_market::{
	manifest::ProgramBytes, traits::ExposureTerms, Commitment, CommitmentHash, Conditions, JobId,
	Limits, ModelId, Price, ProviderId, Quote, SeriesId, Terms, Tick, TokenList,
};
use assay_primitives::{Hash, Hasher};
use assay_programs::Kind;
use assay_trace::{Node, TreeShape};
use frame_support::dispatch::DispatchResult;
use sp_runtime::{traits::Dispatchable, DispatchError};

use super::{
	decoders, owner, runs::Kept, MockJob, Now, OpenJobs, Registry, Run, RuntimeCall, RuntimeOrigin,
	Test,
};
use crate::{
	seal, types::GameState, Blake2, Call, Case, Cases, Due, Game, Games, LeafKind, Play, Side,
};

/// Greedy choice, which jobs of the mock ask for.
pub(crate) fn greedy() -> Sampling {
	Sampling { temperature: 0.0, top_k: 0, top_p: 0, min_p: 0, seed: [0; 4] }
}

/// A small run whose answer is what the program computes.
pub(crate) fn right_run() -> Run {
	Run::honest(&decoders()[0], 3, 2, greedy())
}

/// The run over an answer whose last token is another.
pub(crate) fn wrong_run() -> Run {
	Run::committing(&decoders()[0], 3, 2, greedy(), |output| output[1] ^= 1)
}

/// The trace of a run with a lie at one leaf, and with this verdict at the end.
pub(crate) fn lie(run: &Run, at: u64, verdict: u8) -> Run {
	let last = run.leaves() - 1;
	run.with_tiles(|leaf, tile| {
		if leaf == last {
			*tile = vec![verdict];
		} else if leaf == at {
			tile[0] ^= 1;
		}
	})
}

/// A dispute about one job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dispute {
	pub(crate) job: JobId,
	pub(crate) commitment: CommitmentHash,
}

/// A committed job of provider 1 about a run; `number` tells it from others.
pub(crate) fn committed(run: &Run, number: u32) -> Dispute {
	committed_by(1, run, number)
}

/// The same of another provider.
pub(crate) fn committed_by(provider: u32, run: &Run, number: u32) -> Dispute {
	let bytes = ProgramBytes::try_from(run.program.to_bytes()).unwrap();
	let weights = run.roots().weights;
	let model = ModelId(Blake2::hash_parts(&[&bytes, &weights.0 .0]));
	Registry::register(model, bytes, weights);
	let output =
		TokenList { root: run.roots().output, length: u32::try_from(run.committed.len()).unwrap() };
	let commitment = match run.program.kind {
		Kind::Generate { .. } => Commitment::Tokens(output),
		Kind::Embed => Commitment::Embedding(output),
	};
	let input = TokenList { root: run.roots().input, length: run.inputs };
	let (job, commitment) = insert_job(model, provider, input, commitment, number);
	Dispute { job, commitment }
}

/// A committed job of a model with so many tokens in and out, which nobody knows.
#[cfg(feature = "runtime-benchmarks")]
pub(crate) fn committed_for(
	model: ModelId,
	provider: u32,
	(inputs, outputs): (u32, u32),
	number: u32,
) -> (JobId, CommitmentHash) {
	let list = |length| TokenList { root: Default::default(), length };
	insert_job(model, provider, list(inputs), Commitment::Tokens(list(outputs)), number)
}

fn insert_job(
	model: ModelId,
	provider: u32,
	input: TokenList,
	commitment: Commitment,
	number: u32,
) -> (JobId, CommitmentHash) {
	let terms = Terms {
		model,
		input,
		sampling: Default::default(),
		limits: Limits { max_tokens: commitment.output().length },
		series: SeriesId(1),
		numerics_version: 1,
		conditions: Conditions {
			provider: ProviderId(provider),
			rate_millionths: 1_000_000,
			unit_price: Price { quote: Quote::Native, amount: 1 },
			deadline_ticks: 10,
			exposure: ExposureTerms { factor: 160, minimum: 1_000 },
		},
	};
	let job = JobId::of::<Blake2>(&number, 0, &terms);
	let hash = commitment.hash::<Blake2>(&job, &terms.hash::<Blake2>());
	let mock = MockJob {
		hash,
		terms,
		commitment,
		trace_bytes: 100_000,
		trace_bytes_per_tick: 10_000,
		window_ends_at: Now::get() + 150,
		accepted_at: Now::get(),
		open_games: 0,
	};
	OpenJobs::insert(job, mock);
	(job, hash)
}

/// A call, as a transaction makes it.
pub(crate) fn dispatch(call: Call<Test>, who: u64) -> DispatchResult {
	let call = RuntimeCall::Disputes(call);
	call.dispatch(RuntimeOrigin::signed(who)).map(drop).map_err(|failed| failed.error)
}

/// The salt of an account's seal.
pub(crate) fn salt(who: u64) -> [u8; 32] {
	[u8::try_from(who % 251).unwrap(); 32]
}

impl Dispute {
	/// Seals a claim that the trace is this one.
	pub(crate) fn challenge(&self, who: u64, claim: &Run) -> DispatchResult {
		self.challenge_with(who, seal(&claim.trace().root(), &salt(who), &who))
	}

	/// Hands in a seal.
	pub(crate) fn challenge_with(&self, who: u64, seal: Hash) -> DispatchResult {
		let Self { job, commitment } = *self;
		let stake_at_most = u128::MAX;
		dispatch(Call::challenge { job, commitment_hash: commitment, seal, stake_at_most }, who)
	}

	/// The provider posts this trace.
	pub(crate) fn post(&self, trace: &Run) -> DispatchResult {
		self.post_by(owner(1), trace)
	}

	/// Somebody posts this trace.
	pub(crate) fn post_by(&self, who: u64, trace: &Run) -> DispatchResult {
		let Self { job, commitment } = *self;
		let (root, last_leaf) = (trace.trace().root(), trace.path(trace.leaves() - 1));
		dispatch(Call::post_trace { job, commitment_hash: commitment, root, last_leaf }, who)
	}

	/// Shows what an account sealed.
	pub(crate) fn show(&self, who: u64, claim: &Run) -> DispatchResult {
		let Self { job, commitment } = *self;
		let (root, last_leaf) = (claim.trace().root(), claim.path(claim.leaves() - 1));
		let call = Call::reveal_root {
			job,
			commitment_hash: commitment,
			challenger: who,
			root,
			salt: salt(who),
			last_leaf,
		};
		dispatch(call, 20)
	}

	/// Everything up to the game of one claim against a trace.
	pub(crate) fn begin(&self, who: u64, posted: &Run, claim: &Run) -> DispatchResult {
		self.challenge(who, claim)?;
		self.post(posted)?;
		self.show(who, claim)
	}

	/// The game against a claim.
	pub(crate) fn game(&self, claim: &Run) -> Option<Game<u64>> {
		Games::<Test>::get(self.job, claim.trace().root())
	}

	/// Where a game stands.
	pub(crate) fn play(&self, claim: &Run) -> Play {
		match self.game(claim).expect("the game is stored").state {
			GameState::Playing(play) => play,
			GameState::Won => panic!("the game is won"),
		}
	}

	/// The case.
	pub(crate) fn case(&self) -> Option<Case<u64>> {
		Cases::<Test>::get(self.job)
	}

	/// One side opens the node in question.
	pub(crate) fn reveal(&self, claim: &Run, side: Side, trace: &Run) -> DispatchResult {
		self.reveal_node(claim, side, trace, self.play(claim).node)
	}

	/// One side opens a node.
	pub(crate) fn reveal_node(
		&self,
		claim: &Run,
		side: Side,
		trace: &Run,
		node: Node,
	) -> DispatchResult {
		let opening = trace.trace().opening(node, &mut Kept).unwrap();
		let Self { job, commitment } = *self;
		let root = claim.trace().root();
		let call = Call::reveal { job, commitment_hash: commitment, root, side, node, opening };
		dispatch(call, 19)
	}

	/// Both sides move until a leaf is in question, which is returned with the moves of each side.
	pub(crate) fn walk(&self, posted: &Run, claim: &Run) -> Result<(u64, u32), DispatchError> {
		let mut moves = 0;
		while self.play(claim).node.level > 0 {
			self.reveal(claim, Side::Challenger, claim)?;
			self.reveal(claim, Side::Provider, posted)?;
			moves += 1;
		}
		Ok((self.play(claim).node.index, moves))
	}

	/// Somebody gives the witness of the leaf in question, from a trace.
	pub(crate) fn judge(&self, claim: &Run, from: &Run) -> DispatchResult {
		let leaf = self.play(claim).node.index;
		let typed = from.typed();
		let referee = from.referee(&typed);
		let kind = LeafKind::of(referee.layout(), leaf).unwrap();
		let (witness, _) = from.witness(&referee, leaf);
		self.witness(claim, kind, witness)
	}

	/// Somebody gives a witness.
	pub(crate) fn witness(
		&self,
		claim: &Run,
		kind: LeafKind,
		witness: assay_referee::Witness,
	) -> DispatchResult {
		let Self { job, commitment } = *self;
		let (root, witness) = (claim.trace().root(), Box::new(witness));
		let call = Call::witness { job, commitment_hash: commitment, root, kind, witness };
		dispatch(call, 18)
	}

	/// The whole game of one claim against a trace.
	pub(crate) fn fight(&self, who: u64, posted: &Run, claim: &Run) -> DispatchResult {
		self.begin(who, posted, claim)?;
		self.walk(posted, claim)?;
		self.judge(claim, claim)
	}

	/// Somebody says that time is over.
	pub(crate) fn timeout(&self, due: Due<u64>) -> DispatchResult {
		dispatch(Call::timeout { job: self.job, due }, 17)
	}

	/// Closes a claim.
	pub(crate) fn close(&self, who: u64) -> DispatchResult {
		self.timeout(Due::Claim(who))
	}

	/// The last tick at which the trace may be posted.
	pub(crate) fn trace_by(&self) -> Tick {
		super::Disputes::latest_trace_deadline(ProviderId(1), &self.job).expect("it is awaited")
	}

	/// The form of the trace's tree.
	pub(crate) fn shape(&self) -> TreeShape {
		self.case().expect("there is a case").shape()
	}
}
