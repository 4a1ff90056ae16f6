//! The walk down two trees: both sides open the node at which they are known to differ, and the chain
//! goes to the first place at which the openings differ.

use assay_market::{traits::Clock, CommitmentHash, JobId};
use assay_primitives::{merkle, Hash};
use assay_trace::{tree::Opening, Node};
use frame_support::{dispatch::DispatchResult, ensure};

use crate::{
	hashing::Blake2,
	types::{opening, GameState, Play, Revealed, Side},
	CaseOf, Config, Error, Event, GameOf, Games, Pallet,
};

impl<T: Config> Pallet<T> {
	/// A game that nobody has won.
	pub(crate) fn playing(job: &JobId, root: &Hash) -> Result<(GameOf<T>, Play), Error<T>> {
		let game = Games::<T>::get(job, root).ok_or(Error::<T>::UnknownGame)?;
		match &game.state {
			GameState::Playing(play) => {
				let play = play.clone();
				Ok((game, play))
			}
			GameState::Won => Err(Error::<T>::GameOver),
		}
	}

	pub(crate) fn do_reveal(
		job: JobId,
		commitment: CommitmentHash,
		root: Hash,
		side: Side,
		node: Node,
		shown: &Opening,
	) -> DispatchResult {
		let case = Self::open(&job)?;
		Self::ensure_commitment(&case, &commitment)?;
		let (game, mut play) = match Self::playing(&job, &root) {
			Err(Error::<T>::GameOver) => return Ok(()),
			found => found?,
		};
		if play.passed(node) {
			return Ok(());
		}
		ensure!(play.node == node, Error::<T>::OtherNode);
		ensure!(node.level > 0, Error::<T>::WitnessDue);
		let hash = shown.hash::<Blake2>(case.shape(), node).ok_or(Error::<T>::WrongOpening)?;
		ensure!(Self::is_opened(&case, &play, side, root, hash), Error::<T>::WrongOpening);
		if play.has_moved(side) {
			return Ok(());
		}
		let now = T::Clock::now();
		ensure!(now <= play.clocks.deadline(side), Error::<T>::TimeOver);
		play.clocks.charge(side, now);
		match play.revealed.take() {
			None => {
				let hashes = Revealed::try_from(shown.0.clone());
				play.revealed = Some((side, hashes.map_err(|_| Error::<T>::WrongOpening)?));
			}
			Some((_, before)) => {
				let before = opening(&before);
				let next =
					before.first_difference(shown, node).ok_or(Error::<T>::NothingDiffers)?;
				let (mine, other) = (at(shown, node, next), at(&before, node, next));
				let (mine, other) = mine.zip(other).ok_or(Error::<T>::NothingDiffers)?;
				play.hashes = Some(match side {
					Side::Provider => (mine, other),
					Side::Challenger => (other, mine),
				});
				play.node = next;
				play.clocks.restart(now, Self::minimum(&case));
			}
		}
		let next = play.node;
		let move_by = play.clocks.witness_deadline();
		Games::<T>::insert(
			job,
			root,
			crate::types::Game { state: GameState::Playing(play), ..game },
		);
		Self::deposit_event(Event::Revealed { job, root, side, node, next, move_by });
		Ok(())
	}

	/// Whether this is the hash of the node in question by a side's trace.
	fn is_opened(case: &CaseOf<T>, play: &Play, side: Side, root: Hash, hash: Hash) -> bool {
		match (play.hash_of(side), side) {
			(Some(expected), _) => expected == hash,
			// The roots stand for the tops.
			(None, Side::Provider) => {
				case.posted() == Some(merkle::root::<Blake2>(case.run.leaves, &hash))
			}
			(None, Side::Challenger) => root == merkle::root::<Blake2>(case.run.leaves, &hash),
		}
	}
}

/// The hash of a node below an opened one.
fn at(opening: &Opening, opened: Node, below: Node) -> Option<Hash> {
	let levels = opened.level.checked_sub(below.level)?;
	let first = opened.index.checked_shl(levels.checked_mul(4)?)?;
	let place = usize::try_from(below.index.checked_sub(first)?).ok()?;
	opening.0.get(place).copied()
}
