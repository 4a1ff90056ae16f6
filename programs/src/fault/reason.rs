//! Everything that a program can be refused for.

use crate::{
	constant::Constant,
	op::{Digits, Register, Role},
	stage::Stage,
	tensor::{Element, TensorId},
	value::{Form, Rows, Value},
};

/// What is wrong with a program or with one of its operations. Registers, tensors and rotations are
/// named by number, operands by the names of [`named_operands`](crate::op::OpKind::named_operands) and
/// [`named_tensors`](crate::op::OpKind::named_tensors).
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "the fields are the words of the message that Display prints")]
pub enum Reason {
	/// There is no block.
	NoBlocks,
	/// A block holds no operation.
	EmptyBlock { block: usize },
	/// A block runs zero times.
	ZeroRepeat { block: usize },
	/// Unrolled, there are more operations than admitted.
	TooManySteps { found: u64 },
	/// The encoding has more bytes than admitted.
	EncodedSize { found: usize },

	/// The arithmetic is unknown.
	NumericsVersion { found: u32 },
	/// The number of token ids is out of bounds.
	Vocabulary { found: u32 },
	/// The number of positions is out of bounds.
	MaxPositions { found: u32 },
	/// No stop id, or more than admitted.
	StopIdCount { found: usize },
	/// Stop ids do not ascend.
	StopIdOrder { first: u32, second: u32 },
	/// A stop id is no token id.
	StopIdRange { id: u32, vocabulary: u32 },

	/// Rows, columns or copies of a tensor are out of bounds.
	TensorDimension { tensor: TensorId, dimension: &'static str, found: u32 },
	/// No operation reads the tensor.
	UnusedTensor { tensor: TensorId },
	/// No operation uses the rotation.
	UnusedRotation { rotation: usize },
	/// A rotation rotates nothing.
	EmptyRotation { rotation: usize },

	/// A register is read that nothing has written.
	Unwritten { operand: &'static str, register: Register },
	/// A register that an iteration reads from the one before has another type there.
	Carried { operand: &'static str, register: Register, entering: Value, leaving: Value },
	/// An operand holds something else.
	Form { operand: &'static str, register: Register, expected: &'static str, found: Form },
	/// An operand has another number of rows.
	RowCount { operand: &'static str, expected: Rows, found: Rows },
	/// An operand has another number of columns.
	Columns { operand: &'static str, expected: u32, found: u32 },
	/// An operand's heads are for something else.
	HeadRole { operand: &'static str, expected: Role, found: Role },
	/// An operand's heads have another number of channels.
	HeadDim { operand: &'static str, expected: u32, found: u32 },
	/// An operand's codes have another number of digits.
	CodeDigits { operand: &'static str, expected: Digits, found: Digits },
	/// Columns cannot be cut into this number of heads.
	HeadCount { heads: u16, columns: u32 },
	/// Query heads cannot be shared out among the key heads.
	KeyHeads { query: u16, key: u16 },
	/// There are not as many value heads as key heads.
	ValueHeads { key: u16, value: u16 },
	/// Heads of values are to be rotated.
	RotatedValue,
	/// The table of rotations is shorter.
	UnknownRotation { rotation: u8, rotations: usize },
	/// The rotation has more channels than a head.
	RotationWidth { phases: usize, head_dim: u32 },

	/// The table of tensors is shorter.
	UnknownTensor { operand: &'static str, tensor: TensorId, tensors: usize },
	/// The tensor has neither one copy nor one per iteration.
	TensorCopies { operand: &'static str, tensor: TensorId, repeat: u16, found: u16 },
	/// The tensor has elements of another type.
	TensorElement {
		operand: &'static str,
		tensor: TensorId,
		expected: &'static str,
		found: Element,
	},
	/// The tensor has another shape; rows and columns.
	TensorShape { operand: &'static str, tensor: TensorId, expected: (u32, u32), found: (u32, u32) },
	/// The tensor has fewer rows than can be asked for.
	TensorRows { operand: &'static str, tensor: TensorId, least: u32, found: u32 },

	/// A row that a step reads as a whole is too wide.
	RowWidth { operand: &'static str, found: u32 },
	/// A head has too many channels.
	HeadWidth { found: u32 },
	/// Reading would change the constant.
	ConstantForm { operand: &'static str, found: Constant },
	/// The constant's magnitude lies outside its bounds, which are powers of two.
	ConstantRange { operand: &'static str, found: Constant, low: i8, high: i8 },
	/// A window that shows nothing.
	EmptyWindow,
	/// A generating program looks at what comes later.
	NotCausal { what: &'static str },
	/// An embedding program has no output tokens.
	NoOutputs,
	/// The last operation writes something else.
	Result { expected: Value, found: Value },

	/// Not even one output of the layer fits into a tile.
	LayerTile { inputs: u32, input: Digits, weights: Digits, matrices: u32 },
	/// The witness of a tile would have too many bytes.
	WitnessBytes { stage: Stage, found: u64 },
	/// Checking a tile would hash too many leaves.
	HashedLeaves { stage: Stage, found: u64 },
	/// Recomputing a tile would take too many operations.
	TileWork { stage: Stage, found: u64 },
	/// The trace of the longest run would have too many leaves.
	TraceLeaves,
}
