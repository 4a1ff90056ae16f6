//! How a witness is made: by reading as the referee reads, and keeping what was read.

use alloc::vec::Vec;

use assay_primitives::{Hash, Hasher};
use assay_trace::{tree::climb, Node};

use crate::{
	error::{BuildError, Fault},
	referee::Referee,
	source::{Source, Tree},
	witness::{hashes, Opened, Places, Witness},
};

/// The trees of a run as one side has them.
pub trait Data {
	/// Why something cannot be had.
	type Error;

	/// The content of a leaf.
	///
	/// # Errors
	/// If it cannot be had.
	fn leaf(&mut self, tree: Tree, index: u64) -> Result<Vec<u8>, Self::Error>;

	/// The hash of a node.
	///
	/// # Errors
	/// If it cannot be had.
	fn node(&mut self, tree: Tree, node: Node) -> Result<Hash, Self::Error>;
}

/// Makes the witnesses of one run's leaves.
#[derive(Clone, Copy, Debug)]
pub struct WitnessBuilder<'r, 't, 'p> {
	referee: &'r Referee<'t, 'p>,
}

impl<'r, 't, 'p> WitnessBuilder<'r, 't, 'p> {
	/// For the run that the referee judges.
	pub const fn new(referee: &'r Referee<'t, 'p>) -> Self {
		Self { referee }
	}

	/// The witness of a leaf, and the leaf's content as the referee will compute it.
	///
	/// # Errors
	/// If there is no such leaf, or what it reads cannot be had.
	pub fn build<H: Hasher, D: Data>(
		&self,
		leaf: u64,
		data: &mut D,
	) -> Result<(Witness, Vec<u8>), BuildError<D::Error>> {
		let mut recorder =
			Recorder { data: &mut *data, witness: Witness::default(), read: Default::default() };
		let content = self.referee.recompute(leaf, &mut recorder)?;
		let Recorder { mut witness, read, .. } = recorder;
		for tree in Tree::ALL {
			let Opened { leaves, beside } = witness.opened_mut(tree);
			let known = hashes::<H>(leaves, &read[tree.number()]);
			climb::<H, _>(self.referee.shape(tree), &known, |node| {
				let hash = data.node(tree, node).map_err(BuildError::Data)?;
				beside.push(hash);
				Ok::<_, BuildError<D::Error>>(hash)
			})?;
		}
		Ok((witness, content))
	}
}

/// Keeps every leaf that is read.
struct Recorder<'d, D> {
	data: &'d mut D,
	witness: Witness,
	read: [Places; 4],
}

impl<D: Data> Source for Recorder<'_, D> {
	type Error = BuildError<D::Error>;

	fn leaf(&mut self, tree: Tree, index: u64, bytes: u64) -> Result<&[u8], Self::Error> {
		let leaves = &mut self.witness.opened_mut(tree).leaves;
		let read = &mut self.read[tree.number()];
		let place = match read.get(&index) {
			Some(place) => place.clone(),
			None => {
				let content = self.data.leaf(tree, index).map_err(BuildError::Data)?;
				let found = content.len();
				if u64::try_from(found) != Ok(bytes) {
					return Err(BuildError::LeafBytes {
						tree,
						leaf: index,
						expected: bytes,
						found,
					});
				}
				let start = leaves.len();
				leaves.extend(content);
				read.insert(index, start..leaves.len());
				start..leaves.len()
			}
		};
		leaves.get(place).ok_or(Fault::NoSuchLeaf { leaf: index }.into())
	}
}
