//! The last move: anybody shows what a leaf is computed from, and the chain recomputes it.

use assay_market::{
	traits::{Clock, Disputable, Verdict as JobVerdict},
	CommitmentHash, JobId,
};
use assay_primitives::Hash;
use assay_programs::{limits::MAX_WITNESS, Program};
use assay_referee::{error::Error as RefereeError, Claim as LeafClaim, Referee, Verdict, Witness};
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{
	dispatch::{DispatchResult, DispatchResultWithPostInfo},
	ensure, PalletError,
};
use scale_info::TypeInfo;

use crate::{
	hashing::Blake2,
	kinds::LeafKind,
	types::{Play, Run, Side},
	verdict::GameEnd,
	CaseOf, Claims, Config, Error, Event, GameOf, Pallet,
};

/// What is wrong with a witness.
#[derive(
	Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, PalletError,
)]
pub enum WitnessFault {
	/// It has more than 224 KiB.
	#[codec(index = 0)]
	TooLong,
	/// It ends before something that is read.
	#[codec(index = 1)]
	MissingLeaf,
	/// It holds something that is not read.
	#[codec(index = 2)]
	SurplusBytes,
	/// The hashes beside its leaves are too few or too many.
	#[codec(index = 3)]
	Proof,
	/// Its leaves do not lie under the roots.
	#[codec(index = 4)]
	OtherRoot,
}

/// Bytes of a witness as the call carries it.
pub(crate) fn witness_bytes(witness: &Witness) -> u32 {
	u32::try_from(witness.encoded_size()).unwrap_or(u32::MAX)
}

/// Why a leaf is not decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Undecided {
	/// The program asks what has no answer, or does not admit the run: its registration should have
	/// refused it.
	#[codec(index = 0)]
	Impossible,
	/// The leaf is of another kind.
	#[codec(index = 1)]
	OtherKind,
	/// The witness decides nothing.
	#[codec(index = 2)]
	Witness(WitnessFault),
}

/// Whose claim about a leaf of a run is right: of the provider's, first, and the one against it.
///
/// # Errors
/// If the witness does not hold exactly what the leaf is computed from.
pub fn decide(
	program: &Program,
	run: &Run,
	(leaf, kind): (u64, LeafKind),
	[provider, challenger]: &[LeafClaim; 2],
	witness: &Witness,
) -> Result<GameEnd, Undecided> {
	// Before anything is computed: what a witness of this size takes is paid for.
	if u64::from(witness_bytes(witness)) > MAX_WITNESS {
		return Err(Undecided::Witness(WitnessFault::TooLong));
	}
	let typed = program.types().map_err(|_| Undecided::Impossible)?;
	let (inputs, outputs) = (run.lengths.inputs, run.lengths.outputs);
	let referee =
		Referee::new(&typed, inputs, outputs, run.sampling()).ok_or(Undecided::Impossible)?;
	// The weight that was paid for is that of this kind.
	if LeafKind::of(referee.layout(), leaf) != Some(kind) {
		return Err(Undecided::OtherKind);
	}
	let roots = run.roots();
	match referee.decide::<Blake2>(leaf, provider, challenger, &roots, witness) {
		Ok(Verdict::Left) => Ok(GameEnd::Lost(Side::Challenger)),
		Ok(Verdict::Right) => Ok(GameEnd::Lost(Side::Provider)),
		Ok(Verdict::Neither) => Ok(GameEnd::Both),
		Err(RefereeError::Fault(_)) => Err(Undecided::Impossible),
		Err(error) => Err(Undecided::Witness(WitnessFault::of(&error))),
	}
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_witness(
		job: JobId,
		commitment: CommitmentHash,
		root: Hash,
		kind: LeafKind,
		witness: &Witness,
	) -> DispatchResultWithPostInfo {
		let mut case = Self::open(&job)?;
		Self::ensure_commitment(&case, &commitment)?;
		let (game, play) = match Self::playing(&job, &root) {
			Err(Error::<T>::GameOver) => return Ok(().into()),
			found => found?,
		};
		let (leaf, provider, challenger) = Self::leaf_in_question(&case, &play, root)?;
		ensure!(T::Clock::now() <= play.clocks.witness_deadline(), Error::<T>::TimeOver);
		let registered = Self::registered(&case.run.model)?;
		let claims = [provider, challenger];
		match decide(&registered.program, &case.run, (leaf, kind), &claims, witness) {
			Ok(end) => {
				Self::deposit_event(Event::Judged { job, root, leaf, kind, end });
				Self::end_game(&job, &mut case, game, root, end, true)?;
				Self::conclude(&job, case)?;
			}
			Err(Undecided::Impossible) => Self::void_case(job, case, leaf)?,
			Err(Undecided::OtherKind) => return Err(Error::<T>::OtherKind.into()),
			Err(Undecided::Witness(fault)) => return Err(Error::<T>::BadWitness(fault).into()),
		}
		Ok(Some(kind.weight::<T>(witness_bytes(witness), registered.bytes)).into())
	}

	/// The leaf in question, with what each side claims of it.
	fn leaf_in_question(
		case: &CaseOf<T>,
		play: &Play,
		root: Hash,
	) -> Result<(u64, LeafClaim, LeafClaim), Error<T>> {
		let leaf = (play.node.level == 0).then_some(play.node.index);
		let leaf = leaf.ok_or(Error::<T>::RevealDue)?;
		let posted = case.posted().ok_or(Error::<T>::TraceAwaited)?;
		let (provider, challenger) = play.hashes.ok_or(Error::<T>::RevealDue)?;
		Ok((leaf, LeafClaim { root: posted, leaf: provider }, LeafClaim { root, leaf: challenger }))
	}

	/// The registered program asks something that has no answer, which its check at registration should
	/// have refused: nobody is to blame, and everybody gets their own back.
	fn void_case(job: JobId, mut case: CaseOf<T>, leaf: u64) -> DispatchResult {
		T::Jobs::decide(&job, JobVerdict::Void)?;
		case.over = true;
		Self::deposit_event(Event::RefereeFault { job, model: case.run.model, leaf });
		Self::put_case(&job, case);
		Ok(())
	}

	/// Owner and claim of a game.
	pub(crate) fn owner_of(job: &JobId, game: &GameOf<T>) -> Result<crate::types::Claim, Error<T>> {
		Claims::<T>::get(job, &game.owner).ok_or(Error::<T>::UnknownClaim)
	}
}

impl WitnessFault {
	/// What of a referee's error a caller needs to know.
	pub const fn of(error: &RefereeError) -> Self {
		match error {
			RefereeError::TooLong { .. } => Self::TooLong,
			RefereeError::MissingLeaf { .. } => Self::MissingLeaf,
			RefereeError::SurplusBytes { .. } => Self::SurplusBytes,
			RefereeError::OtherRoot { .. } => Self::OtherRoot,
			RefereeError::Malformed | RefereeError::Proof { .. } | RefereeError::Fault(_) => {
				Self::Proof
			}
		}
	}
}
