//! Refusals in words: what was found, what is admitted, and how to get there.

use core::fmt;

use super::{Fault, Place, Reason};
use crate::{limits, program::MAX_BYTES};

impl fmt::Display for Fault {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match &self.place {
			Some(place) => write!(f, "{place}: {}", self.reason),
			None => write!(f, "program: {}", self.reason),
		}
	}
}

impl core::error::Error for Fault {}

impl fmt::Display for Place {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "block {}, operation {} ({})", self.block, self.op, self.name)
	}
}

impl fmt::Display for Reason {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match *self {
			Self::NoBlocks
			| Self::EmptyBlock { .. }
			| Self::ZeroRepeat { .. }
			| Self::TooManySteps { .. }
			| Self::EncodedSize { .. }
			| Self::NumericsVersion { .. }
			| Self::Vocabulary { .. }
			| Self::MaxPositions { .. }
			| Self::StopIdCount { .. }
			| Self::StopIdOrder { .. }
			| Self::StopIdRange { .. }
			| Self::UnusedRotation { .. }
			| Self::EmptyRotation { .. } => self.of_program(f),
			Self::TensorDimension { .. }
			| Self::UnusedTensor { .. }
			| Self::UnknownTensor { .. }
			| Self::TensorCopies { .. }
			| Self::TensorElement { .. }
			| Self::TensorShape { .. }
			| Self::TensorRows { .. } => self.of_tensor(f),
			Self::RowWidth { .. }
			| Self::HeadWidth { .. }
			| Self::ConstantForm { .. }
			| Self::ConstantRange { .. }
			| Self::EmptyWindow
			| Self::NotCausal { .. }
			| Self::NoOutputs
			| Self::Result { .. }
			| Self::LayerTile { .. }
			| Self::WitnessBytes { .. }
			| Self::HashedLeaves { .. }
			| Self::TileWork { .. }
			| Self::TraceLeaves => self.of_bound(f),
			_ => self.of_operand(f),
		}
	}
}

impl Reason {
	fn of_program(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::NoBlocks => write!(f, "there is no block; a program has at least one operation"),
			Self::EmptyBlock { block } => {
				write!(f, "block {block} has no operations; leave it out")
			}
			Self::ZeroRepeat { block } => write!(f, "block {block} runs 0 times; leave it out"),
			Self::TooManySteps { found } => write!(
				f,
				"there are {found} operations when blocks are unrolled, at most {} are admitted",
				limits::MAX_STEPS
			),
			Self::EncodedSize { found } => write!(
				f,
				"the encoding has {found} bytes, at most {MAX_BYTES} are admitted; write equal layers \
				 as one repeated block"
			),
			Self::NumericsVersion { found } => write!(
				f,
				"numerics version {found} is unknown, this referee computes version {}",
				assay_kernels_exact::NUMERICS_VERSION
			),
			Self::Vocabulary { found } => {
				write!(f, "vocabulary is {found}, must be in 1..={}", limits::MAX_VOCABULARY)
			}
			Self::MaxPositions { found } => {
				write!(f, "max_positions is {found}, must be in 1..={}", limits::MAX_POSITIONS)
			}
			Self::StopIdCount { found } => {
				write!(f, "there are {found} stop ids, must be 1..={}", limits::MAX_STOP_IDS)
			}
			Self::StopIdOrder { first, second } => {
				write!(f, "stop id {second} follows {first}; list each once, in ascending order")
			}
			Self::StopIdRange { id, vocabulary } => {
				write!(f, "stop id {id} is no token id, the vocabulary is {vocabulary}")
			}
			Self::UnusedRotation { rotation } => {
				write!(f, "rotation {rotation} is used by no operation; leave it out")
			}
			Self::EmptyRotation { rotation } => {
				write!(f, "rotation {rotation} has no phases; leave it out")
			}
			_ => Ok(()),
		}
	}

	fn of_tensor(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::TensorDimension { tensor, dimension, found } => write!(
				f,
				"tensor {} has {found} {dimension}, must be in 1..={}",
				tensor.0,
				limits::MAX_DIMENSION
			),
			Self::UnusedTensor { tensor } => {
				write!(f, "tensor {} is read by no operation; leave it out", tensor.0)
			}
			Self::UnknownTensor { operand, tensor, tensors } => write!(
				f,
				"{operand} names tensor {}, the table has {tensors}, counted from 0",
				tensor.0
			),
			Self::TensorCopies { operand, tensor, repeat, found } => write!(
				f,
				"{operand} names tensor {} of {found} copies in a block that runs {repeat} times; \
				 give it {repeat} copies, or 1 to share it",
				tensor.0
			),
			Self::TensorElement { operand, tensor, expected, found } => write!(
				f,
				"{operand} names tensor {} of {found} elements, {expected} are needed",
				tensor.0
			),
			Self::TensorShape { operand, tensor, expected, found } => write!(
				f,
				"{operand} names tensor {} of {} x {} elements, {} x {} are needed",
				tensor.0, found.0, found.1, expected.0, expected.1
			),
			Self::TensorRows { operand, tensor, least, found } => write!(
				f,
				"{operand} names tensor {} of {found} rows, at least {least} are needed",
				tensor.0
			),
			_ => Ok(()),
		}
	}

	fn of_operand(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Unwritten { operand, register } => {
				write!(f, "{operand} reads register {register}, which nothing has written before")
			}
			Self::Carried { operand, register, entering, leaving } => write!(
				f,
				"{operand} reads register {register}, which holds {entering} in the block's first \
				 iteration and {leaving} in later ones; end the iteration with the type that it \
				 begins with"
			),
			Self::Form { operand, register, expected, found } => {
				write!(f, "{operand} reads {found} in register {register}, {expected} are needed")
			}
			Self::RowCount { operand, expected, found } => {
				write!(f, "{operand} has {found}, {expected} is needed")
			}
			Self::Columns { operand, expected, found } => {
				write!(f, "{operand} has {found} columns, {expected} are needed")
			}
			Self::HeadRole { operand, expected, found } => {
				write!(f, "{operand} reads {found} heads, {expected} heads are needed")
			}
			Self::HeadDim { operand, expected, found } => {
				write!(f, "{operand} has heads of {found} channels, the query's have {expected}")
			}
			Self::CodeDigits { operand, expected, found } => {
				write!(f, "{operand} has {found} codes, {expected} ones are needed")
			}
			Self::HeadCount { heads, columns } => {
				write!(f, "{columns} columns cannot be cut into {heads} equal heads")
			}
			Self::KeyHeads { query, key } => {
				write!(f, "{query} query heads cannot be shared out equally among {key} key heads")
			}
			Self::ValueHeads { key, value } => {
				write!(f, "there are {value} value heads, the {key} key heads need as many")
			}
			Self::RotatedValue => {
				write!(f, "heads of values are not rotated; leave the rotation out")
			}
			Self::UnknownRotation { rotation, rotations } => {
				write!(f, "rotation {rotation} is named, there are {rotations}, counted from 0")
			}
			Self::RotationWidth { phases, head_dim } => write!(
				f,
				"the rotation turns {phases} pairs of channels, a head of {head_dim} channels has \
				 fewer"
			),
			_ => Ok(()),
		}
	}

	fn of_bound(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::RowWidth { operand, found } => write!(
				f,
				"{operand} has rows of {found} columns, at most {} can be read as a whole",
				limits::MAX_ROW
			),
			Self::HeadWidth { found } => {
				write!(f, "heads have {found} channels, must be in 1..={}", limits::MAX_HEAD_DIM)
			}
			Self::ConstantForm { operand, found } => write!(
				f,
				"{operand} has the bits {:08x}, which are read as {:e}; write those",
				found.0,
				found.get()
			),
			Self::ConstantRange { operand, found, low, high } => write!(
				f,
				"{operand} is {:e}, its magnitude must be in 2^{low}..=2^{high}",
				found.get()
			),
			Self::EmptyWindow => write!(f, "window is 0, must be at least 1"),
			Self::NotCausal { what } => write!(
				f,
				"{what} looks at later positions, which a program that generates cannot do"
			),
			Self::NoOutputs => {
				write!(
					f,
					"rows of output tokens are taken in a program that embeds, which has none"
				)
			}
			Self::Result { expected, found } => {
				write!(f, "the last operation writes {found}; the result must be {expected}")
			}
			Self::LayerTile { inputs, input, weights, matrices } => write!(
				f,
				"rows of {inputs} {input} codes times {matrices} matrices of {weights} weights do not \
				 fit into a tile of {} bytes; use fewer digits, or separate layers",
				assay_kernels_exact::tile::LINEAR_TILE_BYTES
			),
			Self::WitnessBytes { stage, found } => write!(
				f,
				"the witness of a tile of its {stage} can have {found} bytes, at most {} are \
				 admitted; {}",
				limits::MAX_WITNESS,
				stage.advice()
			),
			Self::HashedLeaves { stage, found } => write!(
				f,
				"a tile of its {stage} can read {found} leaves, at most {} are admitted; put an \
				 elementwise operation between it and the layer whose tiles are so narrow",
				limits::MAX_HASHED_LEAVES
			),
			Self::TileWork { stage, found } => write!(
				f,
				"a tile of its {stage} can take {found} operations, at most {} are admitted",
				limits::MAX_TILE_WORK
			),
			Self::TraceLeaves => write!(
				f,
				"the longest run's trace has more than {} leaves; admit fewer positions",
				limits::MAX_LEAVES - limits::MAX_EPILOGUE_LEAVES
			),
			_ => Ok(()),
		}
	}
}
