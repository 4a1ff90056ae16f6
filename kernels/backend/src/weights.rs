//! Where weights come from.

use alloc::{boxed::Box, collections::BTreeMap, vec, vec::Vec};
use core::fmt;

use assay_programs::{Program, TensorId};

/// The weights of a program, read a tensor or a piece of one at a time.
pub trait WeightSource: Sync {
	/// Fills `out` with copy `copy` of a tensor: elements little-endian, row after row, exactly
	/// [`Tensor::copy_bytes`](assay_programs::Tensor::copy_bytes) bytes.
	///
	/// # Errors
	/// If there is no such copy, it has another size than `out`, or it cannot be read.
	fn read(&self, tensor: TensorId, copy: u16, out: &mut [u8]) -> Result<(), WeightError>;

	/// Fills `out` with a piece of copy `copy` of a tensor.
	///
	/// Reads the whole copy and takes the piece; a source that can do with less memory overrides it.
	///
	/// # Errors
	/// As [`read`](Self::read), and if the copy has no such piece.
	fn read_piece(
		&self,
		tensor: TensorId,
		copy: u16,
		piece: Piece,
		out: &mut [u8],
	) -> Result<(), WeightError> {
		if piece.start == 0 && piece.of == out.len() as u64 {
			return self.read(tensor, copy, out);
		}
		let missing = |_| piece.missing(tensor, copy, usize::MAX as u64);
		let mut whole = vec![0; usize::try_from(piece.of).map_err(missing)?];
		self.read(tensor, copy, &mut whole)?;
		piece.copy(&whole, out).ok_or_else(|| piece.missing(tensor, copy, piece.of))
	}
}

/// Which bytes of a copy of a tensor are read; as many as there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
	/// The first one.
	pub start: u64,
	/// How many the whole copy has.
	pub of: u64,
}

impl Piece {
	/// Fills `out` from the whole copy, if that has the size and the piece.
	fn copy(self, whole: &[u8], out: &mut [u8]) -> Option<()> {
		let start = usize::try_from(self.start).ok()?;
		let piece = whole.get(start..)?.get(..out.len())?;
		(whole.len() as u64 == self.of).then(|| out.copy_from_slice(piece))
	}

	/// The error for a copy of `found` bytes that does not have it.
	fn missing(self, tensor: TensorId, copy: u16, found: u64) -> WeightError {
		WeightError::Size { tensor, copy, expected: self.of, found }
	}
}

/// Why a weight cannot be read.
#[derive(Debug)]
pub enum WeightError {
	/// The source does not have it.
	Missing {
		/// The tensor.
		tensor: TensorId,
		/// Which copy.
		copy: u16,
	},
	/// The source has another size of it than the program states.
	Size {
		/// The tensor.
		tensor: TensorId,
		/// Which copy.
		copy: u16,
		/// Bytes that the program states.
		expected: u64,
		/// Bytes found.
		found: u64,
	},
	/// Reading failed.
	Read {
		/// The tensor.
		tensor: TensorId,
		/// Which copy.
		copy: u16,
		/// The cause.
		source: Box<dyn core::error::Error + Send + Sync>,
	},
}

impl fmt::Display for WeightError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Missing { tensor, copy } => {
				write!(f, "copy {copy} of tensor {} is missing from the weights", tensor.0)
			}
			Self::Size { tensor, copy, expected, found } => write!(
				f,
				"copy {copy} of tensor {} has {found} bytes, the program states {expected}",
				tensor.0
			),
			Self::Read { tensor, copy, source } => {
				write!(f, "copy {copy} of tensor {} cannot be read: {source}", tensor.0)
			}
		}
	}
}

impl core::error::Error for WeightError {
	fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
		match self {
			Self::Read { source, .. } => Some(&**source),
			_ => None,
		}
	}
}

/// Weights held in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryWeights {
	copies: BTreeMap<(TensorId, u16), Vec<u8>>,
}

impl MemoryWeights {
	/// Sets the bytes of one copy of a tensor.
	pub fn insert(&mut self, tensor: TensorId, copy: u16, bytes: Vec<u8>) {
		self.copies.insert((tensor, copy), bytes);
	}

	/// The bytes of one copy of a tensor.
	pub fn get(&self, tensor: TensorId, copy: u16) -> Option<&[u8]> {
		self.copies.get(&(tensor, copy)).map(Vec::as_slice)
	}

	/// All weights of a program, each copy with the bytes that `f` gives for its number of bytes.
	pub fn for_program(
		program: &Program,
		mut f: impl FnMut(TensorId, u16, &assay_programs::Tensor) -> Vec<u8>,
	) -> Self {
		let mut weights = Self::default();
		for (id, tensor) in (0..).map(TensorId).zip(&program.tensors) {
			for copy in 0..tensor.copies {
				weights.insert(id, copy, f(id, copy, tensor));
			}
		}
		weights
	}
}

impl WeightSource for MemoryWeights {
	fn read(&self, tensor: TensorId, copy: u16, out: &mut [u8]) -> Result<(), WeightError> {
		self.read_piece(tensor, copy, Piece { start: 0, of: out.len() as u64 }, out)
	}

	fn read_piece(
		&self,
		tensor: TensorId,
		copy: u16,
		piece: Piece,
		out: &mut [u8],
	) -> Result<(), WeightError> {
		let bytes = self.get(tensor, copy).ok_or(WeightError::Missing { tensor, copy })?;
		piece.copy(bytes, out).ok_or_else(|| piece.missing(tensor, copy, bytes.len() as u64))
	}
}
