//! A party that lies, for tests and demonstrations.

use assay_kernels_backend::reference;
use assay_trace::{EpilogueLeaf, Layout, Leaf};

/// One byte of one leaf of a trace that is another, and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lie {
	/// In a tile of the program: told by a [faulty backend](reference::Faulty), which answers accordingly.
	Program(reference::Lie),
	/// In a leaf of the protocol: told when the run is [traced](crate::tracer::Keep::lie).
	Epilogue(EpilogueLie),
}

/// A lie about a leaf of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpilogueLie {
	/// The leaf.
	pub leaf: EpilogueLeaf,
	/// The byte of the leaf, read modulo its length.
	pub byte: usize,
	/// The bits of the byte that are flipped; 0 flips none.
	pub bits: u8,
}

impl Lie {
	/// The lie that flips bits of a byte of a leaf; `None` if the trace has no such leaf.
	pub fn at(layout: &Layout<'_, '_>, leaf: u64, byte: usize, bits: u8) -> Option<Self> {
		Some(match layout.locate(leaf)? {
			Leaf::Epilogue(leaf) => Self::Epilogue(EpilogueLie { leaf, byte, bits }),
			Leaf::Program(location) => Self::Program(reference::Lie {
				step: location.step,
				stage: location.section.stage,
				tile: location.section.layout.tile(location.tile)?,
				first_output: layout.shape().first_output(),
				byte,
				bits,
			}),
		})
	}
}

impl EpilogueLie {
	/// Tells the lie if `leaf` is the one that it is about.
	pub(crate) fn tell(&self, leaf: &EpilogueLeaf, content: &mut [u8]) {
		if *leaf == self.leaf && !content.is_empty() {
			let byte = self.byte % content.len();
			content[byte] ^= self.bits;
		}
	}
}
