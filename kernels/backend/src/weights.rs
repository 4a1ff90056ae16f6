//! Where weights come from.

use alloc::{boxed::Box, collections::BTreeMap, vec::Vec};
use core::fmt;

use assay_programs::{Program, TensorId};

/// The weights of a program, read one tensor at a time.
pub trait WeightSource: Sync {
	/// Fills `out` with copy `copy` of a tensor: elements little-endian, row after row, exactly
	/// [`Tensor::copy_bytes`](assay_programs::Tensor::copy_bytes) bytes.
	///
	/// # Errors
	/// If there is no such copy, it has another size than `out`, or it cannot be read.
	fn read(&self, tensor: TensorId, copy: u16, out: &mut [u8]) -> Result<(), WeightError>;
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
		let bytes = self.get(tensor, copy).ok_or(WeightError::Missing { tensor, copy })?;
		if bytes.len() != out.len() {
			let (expected, found) = (out.len() as u64, bytes.len() as u64);
			return Err(WeightError::Size { tensor, copy, expected, found });
		}
		out.copy_from_slice(bytes);
		Ok(())
	}
}
