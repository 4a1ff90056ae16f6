//! What calls cost.

use alloc::boxed::Box;

use assay_kernels_exact::verdict::{NOT_OK, OK};
use assay_market::{
	manifest::{ProgramBytes, MAX_PROGRAM_BYTES},
	traits::{Clock, Disputable, Finding, Models, OpenGame},
	CommitmentHash, JobId,
};
use assay_primitives::{merkle, Hash};
use assay_trace::{tree::Opening, Node};
use frame_benchmarking::v2::*;
use frame_support::traits::{fungible::Mutate, EnsureOrigin};
use frame_system::RawOrigin;

use crate::{
	clocks::MoveClocks,
	fixtures::fixture,
	hashing::Blake2,
	paths::path_of_last,
	seal,
	types::{GameState, Play, Trace, MAX_REVEALED, MAX_WAITING},
	Call, Cases, Claims, Config, CurrentRules, DisputeParameters, Due, Games, LeafKind, Pallet,
	Side,
};

/// Native tokens of challengers.
const FUNDS: assay_market::Balance = 1_000_000_000_000_000_000_000;
/// The salt of every seal.
const SALT: [u8; 32] = [3; 32];
/// Most bytes of a measured witness.
const WITNESS: u32 = 150_000;

fn owner<T: Config>() -> T::AccountId {
	account("owner", 0, 0)
}

fn challenger<T: Config>(index: u32) -> T::AccountId {
	let who = account("challenger", index, 0);
	T::Currency::set_balance(&who, FUNDS);
	who
}

/// An answered job for a model with a program of about so many bytes.
fn answered<T: Config>(program_bytes: u32) -> Result<(JobId, CommitmentHash), BenchmarkError> {
	T::Currency::set_balance(&Pallet::<T>::account(), FUNDS);
	let model = T::Models::register_for_benchmark(program_bytes);
	Ok(T::Jobs::commit_for_benchmark(&account("user", 0, 0), &owner::<T>(), &model)?)
}

/// A claim of somebody, sealed, that the trace has this root.
fn challenge<T: Config>(
	(job, commitment): (JobId, CommitmentHash),
	index: u32,
	root: Hash,
) -> Result<T::AccountId, BenchmarkError> {
	let who = challenger::<T>(index);
	let made = seal(&root, &SALT, &who);
	let origin = RawOrigin::Signed(who.clone()).into();
	Pallet::<T>::challenge(origin, job, commitment, made, u128::MAX)
		.map_err(|_| "the claim is taken")?;
	Ok(who)
}

/// The last leaf's path and the root of a trace with this verdict.
fn trace<T: Config>(job: JobId, verdict: u8) -> Result<(merkle::Path, Hash), BenchmarkError> {
	let case = Cases::<T>::get(job).ok_or("the case is stored")?;
	Ok(path_of_last(case.run.leaves, verdict))
}

/// The provider posts its trace.
fn post<T: Config>((job, commitment): (JobId, CommitmentHash)) -> Result<(), BenchmarkError> {
	let (path, root) = trace::<T>(job, OK)?;
	let origin = RawOrigin::Signed(owner::<T>()).into();
	Pallet::<T>::post_trace(origin, job, commitment, root, path)?;
	Ok(())
}

/// A game; returns its root.
fn game<T: Config>(answer: (JobId, CommitmentHash)) -> Result<Hash, BenchmarkError> {
	// The root follows from the number of leaves, which the first case tells.
	let first = challenge::<T>(answer, 9, Hash::default())?;
	let (path, root) = trace::<T>(answer.0, NOT_OK)?;
	let who = challenge::<T>(answer, 0, root)?;
	Claims::<T>::mutate(answer.0, &first, |claim| {
		if let Some(claim) = claim {
			claim.state = crate::ClaimState::Sealed { seal: Hash::default(), at: 0 };
		}
	});
	post::<T>(answer)?;
	let origin = RawOrigin::Signed(who.clone()).into();
	Pallet::<T>::reveal_root(origin, answer.0, answer.1, who, root, SALT, path)?;
	Ok(root)
}

/// Changes where a game stands.
fn set_play<T: Config>(job: JobId, root: Hash, change: impl FnOnce(&mut Play)) {
	Games::<T>::mutate(job, root, |game| {
		if let Some(GameState::Playing(play)) = game.as_mut().map(|game| &mut game.state) {
			change(play);
		}
	});
}

/// A game at a leaf of this kind whose witness is given, and which the provider loses: the dearest
/// ending. Returns the call's arguments.
#[allow(clippy::type_complexity, reason = "taken apart where it is made")]
fn at_leaf<T: Config>(
	kind: LeafKind,
	bytes: u32,
) -> Result<((JobId, CommitmentHash), Hash, Box<assay_referee::Witness>), BenchmarkError> {
	let answer = answered::<T>(1_024)?;
	let root = game::<T>(answer)?;
	// Nobody came before the winner.
	Pallet::<T>::drop_for_benchmark(&answer.0, &challenger::<T>(9))?;
	let found = fixture(kind, bytes).ok_or("the fixture has a leaf of the kind")?;
	let program = ProgramBytes::try_from(found.program.to_bytes()).map_err(|_| "it fits")?;
	let model = T::Models::register_program_for_benchmark(program).ok_or("it is admitted")?;
	let [posted, weights, input, output] = found.roots;
	Cases::<T>::mutate(answer.0, |case| {
		if let Some(case) = case {
			case.run.model = model;
			case.run.lengths = found.lengths;
			case.run.sampling = found.sampling;
			case.run.leaves = found.leaves;
			(case.run.weights, case.run.input, case.run.output) = (weights, input, output);
			case.trace = Trace::Posted { root: posted, at: T::Clock::now(), reveal_ticks: 50 };
		}
	});
	set_play::<T>(answer.0, root, |play| {
		play.node = Node { level: 0, index: found.leaf };
		play.hashes = Some((Hash::default(), found.hash));
	});
	Ok((answer, root, Box::new(found.witness)))
}

/// Whether the provider has lost, and nothing is left.
fn provider_lost<T: Config>(job: JobId) -> bool {
	!Cases::<T>::contains_key(job)
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn challenge(b: Linear<1_024, MAX_PROGRAM_BYTES>) -> Result<(), BenchmarkError> {
		let (job, commitment) = answered::<T>(b)?;
		let who = challenger::<T>(0);
		let made = seal(&Hash::default(), &SALT, &who);

		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), job, commitment, made, u128::MAX);

		assert!(Claims::<T>::contains_key(job, who));
		Ok(())
	}

	#[benchmark]
	fn post_trace() -> Result<(), BenchmarkError> {
		let (job, commitment) = answered::<T>(1_024)?;
		super::challenge::<T>((job, commitment), 9, Hash::default())?;
		for auditor in 0..MAX_WAITING {
			let who = challenger::<T>(auditor);
			let mut claim = Pallet::<T>::claim_for_benchmark(&job, &commitment, Finding::NotOk)?;
			if auditor > 0 {
				// Games of their own: other hashes beside the same leaf.
				for sibling in claim.last_leaf.siblings.iter_mut() {
					sibling.0[0] = auditor.to_le_bytes()[0];
				}
				let leaf = merkle::leaf::<Blake2>(&[NOT_OK]);
				claim.root = claim.last_leaf.root::<Blake2>(leaf).ok_or("a path")?;
			}
			Pallet::<T>::open_game(&job, &commitment, &who, 0, &claim)?;
		}
		let (path, root) = trace::<T>(job, OK)?;

		#[extrinsic_call]
		_(RawOrigin::Signed(owner::<T>()), job, commitment, root, path);

		assert_eq!(Games::<T>::iter_prefix(job).count(), MAX_WAITING.try_into().unwrap_or(0));
		Ok(())
	}

	#[benchmark]
	fn reveal_root() -> Result<(), BenchmarkError> {
		let answer = answered::<T>(1_024)?;
		// The earlier seal is shown last and takes the game over.
		let first = super::challenge::<T>(answer, 9, Hash::default())?;
		let (path, root) = trace::<T>(answer.0, NOT_OK)?;
		let second = super::challenge::<T>(answer, 0, root)?;
		post::<T>(answer)?;
		let origin = RawOrigin::Signed(second.clone()).into();
		Pallet::<T>::reveal_root(origin, answer.0, answer.1, second, root, SALT, path.clone())?;
		let made = seal(&root, &SALT, &first);
		Claims::<T>::mutate(answer.0, &first, |claim| {
			if let Some(claim) = claim {
				claim.state = crate::ClaimState::Sealed { seal: made, at: 0 };
			}
		});

		#[extrinsic_call]
		_(RawOrigin::Signed(first.clone()), answer.0, answer.1, first.clone(), root, SALT, path);

		assert_eq!(Games::<T>::get(answer.0, root).map(|game| game.owner), Some(first));
		Ok(())
	}

	#[benchmark]
	fn reveal() -> Result<(), BenchmarkError> {
		let (job, commitment) = answered::<T>(1_024)?;
		let root = game::<T>((job, commitment))?;
		let opening = |byte| Opening(vec_of(Hash([byte; 32])));
		let node = Node { level: 2, index: 0 };
		Cases::<T>::mutate(job, |case| {
			if let Some(case) = case {
				case.run.leaves = 16 * u64::from(MAX_REVEALED);
			}
		});
		let shape = Cases::<T>::get(job).ok_or("the case is stored")?.shape();
		let hash = |byte| opening(byte).hash::<Blake2>(shape, node).ok_or("the node exists");
		let hashes = (hash(1)?, hash(2)?);
		set_play::<T>(job, root, |play| (play.node, play.hashes) = (node, Some(hashes)));
		let who = challenger::<T>(0);
		let origin = RawOrigin::Signed(who.clone());
		let side = Side::Provider;
		Pallet::<T>::reveal(origin.clone().into(), job, commitment, root, side, node, opening(1))?;

		#[extrinsic_call]
		_(origin, job, commitment, root, Side::Challenger, node, opening(2));

		let game = Games::<T>::get(job, root).ok_or("the game is stored")?;
		assert!(matches!(game.state, GameState::Playing(play) if play.node.level == 0));
		Ok(())
	}

	#[benchmark]
	fn read_program(b: Linear<1_024, MAX_PROGRAM_BYTES>) -> Result<(), BenchmarkError> {
		let model = T::Models::register_for_benchmark(b);
		let lengths = assay_market::Lengths { inputs: 5, outputs: 1 };
		let leaves;

		#[block]
		{
			let registered = Pallet::<T>::registered(&model)?;
			leaves = Pallet::<T>::leaves_of(&registered.program, lengths)?;
		}

		assert!(leaves > 0);
		Ok(())
	}

	#[benchmark]
	fn witness_embed(b: Linear<1_024, WITNESS>) -> Result<(), BenchmarkError> {
		let kind = LeafKind::Embed;
		let ((job, commitment), root, given) = at_leaf::<T>(kind, b)?;
		let origin = RawOrigin::Signed(challenger::<T>(0));

		#[extrinsic_call]
		witness(origin, job, commitment, root, kind, given);

		assert!(provider_lost::<T>(job));
		Ok(())
	}

	#[benchmark]
	fn witness_norm(b: Linear<1_024, WITNESS>) -> Result<(), BenchmarkError> {
		let kind = LeafKind::Norm;
		let ((job, commitment), root, given) = at_leaf::<T>(kind, b)?;
		let origin = RawOrigin::Signed(challenger::<T>(0));

		#[extrinsic_call]
		witness(origin, job, commitment, root, kind, given);

		assert!(provider_lost::<T>(job));
		Ok(())
	}

	#[benchmark]
	fn witness_quantise(b: Linear<1_024, WITNESS>) -> Result<(), BenchmarkError> {
		let kind = LeafKind::Quantise;
		let ((job, commitment), root, given) = at_leaf::<T>(kind, b)?;
		let origin = RawOrigin::Signed(challenger::<T>(0));

		#[extrinsic_call]
		witness(origin, job, commitment, root, kind, given);

		assert!(provider_lost::<T>(job));
		Ok(())
	}

	#[benchmark]
	fn witness_linear(b: Linear<1_024, WITNESS>) -> Result<(), BenchmarkError> {
		let kind = LeafKind::Linear;
		let ((job, commitment), root, given) = at_leaf::<T>(kind, b)?;
		let origin = RawOrigin::Signed(challenger::<T>(0));

		#[extrinsic_call]
		witness(origin, job, commitment, root, kind, given);

		assert!(provider_lost::<T>(job));
		Ok(())
	}

	#[benchmark]
	fn witness_gated(b: Linear<1_024, WITNESS>) -> Result<(), BenchmarkError> {
		let kind = LeafKind::Gated;
		let ((job, commitment), root, given) = at_leaf::<T>(kind, b)?;
		let origin = RawOrigin::Signed(challenger::<T>(0));

		#[extrinsic_call]
		witness(origin, job, commitment, root, kind, given);

		assert!(provider_lost::<T>(job));
		Ok(())
	}

	#[benchmark]
	fn witness_heads(b: Linear<1_024, WITNESS>) -> Result<(), BenchmarkError> {
		let kind = LeafKind::Heads;
		let ((job, commitment), root, given) = at_leaf::<T>(kind, b)?;
		let origin = RawOrigin::Signed(challenger::<T>(0));

		#[extrinsic_call]
		witness(origin, job, commitment, root, kind, given);

		assert!(provider_lost::<T>(job));
		Ok(())
	}

	#[benchmark]
	fn witness_records(b: Linear<1_024, WITNESS>) -> Result<(), BenchmarkError> {
		let kind = LeafKind::Records;
		let ((job, commitment), root, given) = at_leaf::<T>(kind, b)?;
		let origin = RawOrigin::Signed(challenger::<T>(0));

		#[extrinsic_call]
		witness(origin, job, commitment, root, kind, given);

		assert!(provider_lost::<T>(job));
		Ok(())
	}

	#[benchmark]
	fn witness_merge(b: Linear<1_024, WITNESS>) -> Result<(), BenchmarkError> {
		let kind = LeafKind::Merge;
		let ((job, commitment), root, given) = at_leaf::<T>(kind, b)?;
		let origin = RawOrigin::Signed(challenger::<T>(0));

		#[extrinsic_call]
		witness(origin, job, commitment, root, kind, given);

		assert!(provider_lost::<T>(job));
		Ok(())
	}

	#[benchmark]
	fn witness_elementwise(b: Linear<1_024, WITNESS>) -> Result<(), BenchmarkError> {
		let kind = LeafKind::Elementwise;
		let ((job, commitment), root, given) = at_leaf::<T>(kind, b)?;
		let origin = RawOrigin::Signed(challenger::<T>(0));

		#[extrinsic_call]
		witness(origin, job, commitment, root, kind, given);

		assert!(provider_lost::<T>(job));
		Ok(())
	}

	#[benchmark]
	fn witness_pool(b: Linear<1_024, WITNESS>) -> Result<(), BenchmarkError> {
		let kind = LeafKind::Pool;
		let ((job, commitment), root, given) = at_leaf::<T>(kind, b)?;
		let origin = RawOrigin::Signed(challenger::<T>(0));

		#[extrinsic_call]
		witness(origin, job, commitment, root, kind, given);

		assert!(provider_lost::<T>(job));
		Ok(())
	}

	#[benchmark]
	fn witness_sampling(b: Linear<1_024, WITNESS>) -> Result<(), BenchmarkError> {
		let kind = LeafKind::Sampling;
		let ((job, commitment), root, given) = at_leaf::<T>(kind, b)?;
		let origin = RawOrigin::Signed(challenger::<T>(0));

		#[extrinsic_call]
		witness(origin, job, commitment, root, kind, given);

		assert!(provider_lost::<T>(job));
		Ok(())
	}

	#[benchmark]
	fn witness_verdict(b: Linear<1_024, WITNESS>) -> Result<(), BenchmarkError> {
		let kind = LeafKind::Verdict;
		let ((job, commitment), root, given) = at_leaf::<T>(kind, b)?;
		let origin = RawOrigin::Signed(challenger::<T>(0));

		#[extrinsic_call]
		witness(origin, job, commitment, root, kind, given);

		assert!(provider_lost::<T>(job));
		Ok(())
	}

	#[benchmark]
	fn timeout() -> Result<(), BenchmarkError> {
		let (job, commitment) = answered::<T>(1_024)?;
		let root = game::<T>((job, commitment))?;
		Pallet::<T>::drop_for_benchmark(&job, &challenger::<T>(9))?;
		// The provider is silent, and the job falls.
		set_play::<T>(job, root, |play| {
			play.revealed = Some((Side::Challenger, Default::default()));
			play.clocks = MoveClocks { since: 0, minimum: 0, provider: 0, challenger: 0 };
		});
		T::Clock::set_for_benchmark(T::Clock::now() + 1_000);

		#[extrinsic_call]
		_(RawOrigin::Signed(challenger::<T>(0)), job, Due::Game(root));

		assert!(provider_lost::<T>(job));
		Ok(())
	}

	#[benchmark]
	fn set_parameters() -> Result<(), BenchmarkError> {
		let origin =
			T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		let parameters = DisputeParameters { move_ticks: 77, ..Default::default() };

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, parameters);

		assert_eq!(CurrentRules::<T>::get().now.parameters, parameters);
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}

/// As many of a hash as a move reveals.
fn vec_of(hash: Hash) -> alloc::vec::Vec<Hash> {
	(0..MAX_REVEALED).map(|_| hash).collect()
}
