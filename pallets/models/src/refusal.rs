//! Why a program is refused, in as many bytes as an error has.

use assay_programs::{Fault, Place, Program, Reason};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::PalletError;
use scale_info::TypeInfo;

/// A fault of the program as a whole, in place of an operation's number.
pub const WHOLE_PROGRAM: u16 = u16::MAX;

/// What is wrong with a program, and where. The view function `refusal` says it in words.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	PalletError,
)]
pub struct Refusal {
	/// What kind of fault it is.
	pub fault: FaultKind,
	/// The operation, counted over all blocks as written, from 0; [`WHOLE_PROGRAM`] for none.
	pub operation: u16,
}

/// What can be wrong with a program, by the part that has to change.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	PalletError,
)]
pub enum FaultKind {
	/// There is no block, or an empty one, or one that never runs.
	#[codec(index = 0)]
	Blocks,
	/// Too many operations, or too many bytes.
	#[codec(index = 1)]
	Length,
	/// The arithmetic is not the one that the referee computes.
	#[codec(index = 2)]
	Numerics,
	/// The number of token ids is out of bounds.
	#[codec(index = 3)]
	Vocabulary,
	/// The number of positions is out of bounds.
	#[codec(index = 4)]
	Positions,
	/// Too few or too many stop ids, out of order, or no token ids.
	#[codec(index = 5)]
	StopIds,
	/// A tensor is missing, or has another shape, type or number of copies than its readers need.
	#[codec(index = 6)]
	Tensor,
	/// A tensor or a rotation that nothing uses.
	#[codec(index = 7)]
	Unused,
	/// A rotation is missing, empty, too wide, or where none belongs.
	#[codec(index = 8)]
	Rotation,
	/// A register is read that nothing wrote before, or that holds something else.
	#[codec(index = 9)]
	Operand,
	/// Heads that do not go together.
	#[codec(index = 10)]
	Heads,
	/// Rows or heads that are too wide to be read as a whole.
	#[codec(index = 11)]
	Width,
	/// A constant out of its bounds.
	#[codec(index = 12)]
	Constant,
	/// A program that generates looks at later positions.
	#[codec(index = 13)]
	NotCausal,
	/// The last operation does not write what the program is for.
	#[codec(index = 14)]
	Result,
	/// The witness of a tile would be too long.
	#[codec(index = 15)]
	Witness,
	/// Checking a tile would hash too much.
	#[codec(index = 16)]
	Hashing,
	/// Recomputing a tile would take too long.
	#[codec(index = 17)]
	Work,
	/// The longest trace would have too many leaves.
	#[codec(index = 18)]
	Trace,
}

impl Refusal {
	/// The refusal of a program for a fault of it.
	pub fn of(program: &Program, fault: &Fault) -> Self {
		let operation = fault.place.and_then(|place| number(program, place));
		Self {
			fault: FaultKind::from(&fault.reason),
			operation: operation.unwrap_or(WHOLE_PROGRAM),
		}
	}
}

/// The number of an operation over all blocks.
fn number(program: &Program, place: Place) -> Option<u16> {
	let before = program.blocks.get(..place.block)?.iter().map(|block| block.ops.len());
	u16::try_from(before.sum::<usize>().checked_add(place.op)?).ok()
}

impl From<&Reason> for FaultKind {
	fn from(reason: &Reason) -> Self {
		match reason {
			Reason::NoBlocks | Reason::EmptyBlock { .. } | Reason::ZeroRepeat { .. } => {
				Self::Blocks
			}
			Reason::TooManySteps { .. } | Reason::EncodedSize { .. } => Self::Length,
			Reason::NumericsVersion { .. } => Self::Numerics,
			Reason::Vocabulary { .. } => Self::Vocabulary,
			Reason::MaxPositions { .. } => Self::Positions,
			Reason::StopIdCount { .. }
			| Reason::StopIdOrder { .. }
			| Reason::StopIdRange { .. } => Self::StopIds,
			Reason::TensorDimension { .. }
			| Reason::UnknownTensor { .. }
			| Reason::TensorCopies { .. }
			| Reason::TensorElement { .. }
			| Reason::TensorShape { .. }
			| Reason::TensorRows { .. } => Self::Tensor,
			Reason::UnusedTensor { .. } | Reason::UnusedRotation { .. } => Self::Unused,
			Reason::EmptyRotation { .. }
			| Reason::RotatedValue
			| Reason::UnknownRotation { .. }
			| Reason::RotationWidth { .. } => Self::Rotation,
			Reason::Unwritten { .. }
			| Reason::Carried { .. }
			| Reason::Form { .. }
			| Reason::RowCount { .. }
			| Reason::Columns { .. }
			| Reason::CodeDigits { .. } => Self::Operand,
			Reason::HeadRole { .. }
			| Reason::HeadDim { .. }
			| Reason::HeadCount { .. }
			| Reason::KeyHeads { .. }
			| Reason::ValueHeads { .. } => Self::Heads,
			Reason::RowWidth { .. } | Reason::HeadWidth { .. } | Reason::LayerTile { .. } => {
				Self::Width
			}
			Reason::ConstantForm { .. } | Reason::ConstantRange { .. } | Reason::EmptyWindow => {
				Self::Constant
			}
			Reason::NotCausal { .. } => Self::NotCausal,
			Reason::NoOutputs | Reason::Result { .. } => Self::Result,
			Reason::WitnessBytes { .. } => Self::Witness,
			Reason::HashedLeaves { .. } => Self::Hashing,
			Reason::TileWork { .. } => Self::Work,
			Reason::TraceLeaves => Self::Trace,
		}
	}
}
