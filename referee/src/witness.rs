//! What a witness holds, and reading it.

use alloc::{collections::BTreeMap, vec::Vec};
use core::ops::Range;

use assay_primitives::{merkle, Hash, Hasher};
use assay_programs::limits::MAX_WITNESS;
use assay_trace::{tree::root_of, TreeShape};
use codec::{Decode, DecodeAll, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;

use crate::{
	error::Error,
	source::{Source, Tree},
};

/// What a leaf of a trace is computed from.
///
/// Neither which leaves these are nor where one ends is part of it: both follow from the program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Witness {
	/// Earlier leaves of the trace, under the root of either claim.
	pub trace: Opened,
	/// Leaves of the weights.
	pub weights: Opened,
	/// Leaves of the input tokens.
	pub input: Opened,
	/// Leaves of the committed output.
	pub output: Opened,
}

/// Some leaves of a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Opened {
	/// The contents of the leaves, one after the other in the order in which they are first read.
	pub leaves: Vec<u8>,
	/// The hashes beside the leaves' ways to the root, each once, in the order of
	/// [`climb`](assay_trace::tree::climb).
	pub beside: Vec<Hash>,
}

impl Witness {
	/// Reads a witness from exactly these bytes.
	///
	/// # Errors
	/// If there are more than the referee takes, or bytes that mean nothing.
	pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
		if is_too_long(bytes.len()) {
			return Err(Error::TooLong { bytes: bytes.len() });
		}
		Self::decode_all(&mut &*bytes).map_err(|_| Error::Malformed)
	}

	/// Checks that the witness is not longer than the referee takes.
	///
	/// # Errors
	/// If it is.
	pub(crate) fn check_length(&self) -> Result<(), Error> {
		match self.encoded_size() {
			bytes if is_too_long(bytes) => Err(Error::TooLong { bytes }),
			_ => Ok(()),
		}
	}

	/// What is opened of a tree.
	pub const fn opened(&self, tree: Tree) -> &Opened {
		match tree {
			Tree::Trace => &self.trace,
			Tree::Weights => &self.weights,
			Tree::Input => &self.input,
			Tree::Output => &self.output,
		}
	}

	pub(crate) const fn opened_mut(&mut self, tree: Tree) -> &mut Opened {
		match tree {
			Tree::Trace => &mut self.trace,
			Tree::Weights => &mut self.weights,
			Tree::Input => &mut self.input,
			Tree::Output => &mut self.output,
		}
	}
}

fn is_too_long(bytes: usize) -> bool {
	u64::try_from(bytes).is_ok_and(|bytes| bytes > MAX_WITNESS)
}

/// The leaves of one tree that have been read, each with where its content is.
pub(crate) type Places = BTreeMap<u64, Range<usize>>;

/// A witness being read: every leaf that is asked for is the next one, unless it was asked for before.
pub(crate) struct Reading<'w> {
	witness: &'w Witness,
	read: [Places; 4],
	/// Bytes of each tree's leaves that have been read.
	used: [usize; 4],
}

impl<'w> Reading<'w> {
	pub(crate) fn new(witness: &'w Witness) -> Self {
		Self { witness, read: Default::default(), used: [0; 4] }
	}

	/// Proves everything that was read of a tree of this form, and that there is nothing else. Returns
	/// the root, `None` if nothing was read.
	pub(crate) fn prove<H: Hasher>(
		&self,
		tree: Tree,
		shape: TreeShape,
	) -> Result<Option<Hash>, Error> {
		let (opened, read) = (self.witness.opened(tree), &self.read[tree.number()]);
		let bytes = opened.leaves.len().saturating_sub(self.used[tree.number()]);
		if bytes > 0 {
			return Err(Error::SurplusBytes { tree, bytes });
		}
		if read.is_empty() {
			return match opened.beside.len() {
				0 => Ok(None),
				count => Err(Error::Proof {
					tree,
					reason: assay_trace::ProofError::SurplusHashes { count },
				}),
			};
		}
		root_of::<H>(shape, &hashes::<H>(&opened.leaves, read), &opened.beside)
			.map(Some)
			.map_err(|reason| Error::Proof { tree, reason })
	}
}

/// The hashes of leaves whose contents lie in `bytes`.
pub(crate) fn hashes<H: Hasher>(bytes: &[u8], places: &Places) -> BTreeMap<u64, Hash> {
	let hash =
		|place: &Range<usize>| merkle::leaf::<H>(bytes.get(place.clone()).unwrap_or_default());
	places.iter().map(|(&index, place)| (index, hash(place))).collect()
}

impl Source for Reading<'_> {
	type Error = Error;

	fn leaf(&mut self, tree: Tree, index: u64, bytes: u64) -> Result<&[u8], Error> {
		let missing = Error::MissingLeaf { tree, leaf: index };
		let leaves = &self.witness.opened(tree).leaves;
		let (read, used) = (&mut self.read[tree.number()], &mut self.used[tree.number()]);
		let place = match read.get(&index) {
			Some(place) => place.clone(),
			None => {
				let bytes = usize::try_from(bytes).map_err(|_| missing)?;
				let end = used.checked_add(bytes).filter(|&end| end <= leaves.len());
				let place = *used..end.ok_or(missing)?;
				*used = place.end;
				read.insert(index, place.clone());
				place
			}
		};
		leaves.get(place).ok_or(missing)
	}
}
