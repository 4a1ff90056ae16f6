//! What a runtime offers that judges games of a version of the arithmetic. That it has the API is what
//! [`RefereeGuard`](crate::RefereeGuard) looks for; that it still judges as before is what every release
//! replays recorded games with.

use alloc::vec::Vec;

use assay_primitives::Hash;
use assay_programs::Program;
use assay_referee::{Claim, Witness};

use crate::{
	judge::{decide, Undecided},
	types::Run,
	GameEnd, LeafKind, WitnessFault,
};

sp_api::decl_runtime_apis! {
	/// Judges leaves of runs of version 1 of the arithmetic.
	pub trait RefereeV1 {
		/// Whose claim about a leaf is right: the provider's, first, and the one against it, each as the
		/// root of a trace and the hash of the leaf in it.
		fn judge(
			program: Vec<u8>,
			run: Run,
			leaf: (u64, LeafKind),
			claims: [(Hash, Hash); 2],
			witness: Vec<u8>,
		) -> Result<GameEnd, Undecided>;
	}
}

/// The answer of [`RefereeV1`].
///
/// # Errors
/// As [`decide`]; bytes that are no program are an impossible one.
pub fn judge_v1(
	program: &[u8],
	run: &Run,
	leaf: (u64, LeafKind),
	claims: [(Hash, Hash); 2],
	witness: &[u8],
) -> Result<GameEnd, Undecided> {
	let program = Program::from_bytes(program).map_err(|_| Undecided::Impossible)?;
	let witness = Witness::from_bytes(witness)
		.map_err(|error| Undecided::Witness(WitnessFault::of(&error)))?;
	let claims = claims.map(|(root, leaf)| Claim { root, leaf });
	decide(&program, run, leaf, &claims, &witness)
}
