//! The operands of an operation: which registers and tensors it reads, by name and in order.

use crate::{
	op::{
		Attention, Elementwise, Embed, Gated, HeadNorm, Linear, LinearWeights, Norm, OpKind,
		Quantise, Register, Table,
	},
	tensor::TensorId,
};

/// The names of a table's tensors.
pub(crate) type TableNames = [&'static str; 2];
/// The names of a layer's tensors.
pub(crate) type LayerNames = [&'static str; 4];

pub(crate) const WORDS: TableNames = ["word codes", "word scales"];
pub(crate) const POSITIONS: TableNames = ["position codes", "position scales"];
pub(crate) const KINDS: TableNames = ["kind codes", "kind scales"];
pub(crate) const LAYER: LayerNames = ["codes", "scales", "groups", "bias"];
pub(crate) const GATE: LayerNames = ["gate codes", "gate scales", "gate groups", "gate bias"];
pub(crate) const UP: LayerNames = ["up codes", "up scales", "up groups", "up bias"];
pub(crate) const GAIN: &str = "gain";
pub(crate) const BIAS: &str = "bias";
pub(crate) const MULTIPLIERS: &str = "multipliers";

/// Most registers that an operation reads.
pub const MAX_OPERANDS: usize = 3;

type Registers = [Option<(&'static str, Register)>; MAX_OPERANDS];
type Tensors = [Option<(&'static str, TensorId)>; 8];

impl OpKind {
	/// The operation's name.
	pub const fn name(&self) -> &'static str {
		match self {
			Self::Embed(_) => "embed",
			Self::Normalise { .. } => "normalise",
			Self::Quantise(_) => "quantise",
			Self::Linear(_) => "linear",
			Self::Gated(_) => "gated",
			Self::Heads(_) => "heads",
			Self::Attention(_) => "attention",
			Self::Elementwise(Elementwise::Add { .. }) => "add",
			Self::Elementwise(Elementwise::Mul { .. }) => "mul",
			Self::Elementwise(Elementwise::Scale { .. }) => "scale",
			Self::Elementwise(Elementwise::Activate { .. }) => "activate",
			Self::Elementwise(Elementwise::Softcap { .. }) => "softcap",
			Self::Take { .. } => "take",
			Self::MeanPool { .. } => "mean pool",
		}
	}

	/// The registers that the operation reads; operand n is the n-th of them.
	pub fn operands(&self) -> impl Iterator<Item = Register> {
		self.named_operands().map(|(_, register)| register)
	}

	/// The registers that the operation reads, with the operands' names.
	pub fn named_operands(&self) -> impl Iterator<Item = (&'static str, Register)> {
		let one = |input| [Some(("input", input)), None, None];
		let two = |x, y| [Some(("x", x)), Some(("y", y)), None];
		let registers: Registers = match *self {
			Self::Embed(_) => [None; MAX_OPERANDS],
			Self::Normalise { input, .. }
			| Self::Take { input, .. }
			| Self::MeanPool { input }
			| Self::Elementwise(
				Elementwise::Scale { x: input, .. }
				| Elementwise::Activate { x: input, .. }
				| Elementwise::Softcap { x: input, .. },
			) => one(input),
			Self::Quantise(Quantise { input, .. }) | Self::Gated(Gated { input, .. }) => one(input),
			Self::Heads(heads) => one(heads.input),
			Self::Linear(Linear { input, residual, .. }) => {
				[Some(("input", input)), residual.map(|r| ("residual", r)), None]
			}
			Self::Attention(Attention { query, key, value, .. }) => {
				[Some(("query", query)), Some(("key", key)), Some(("value", value))]
			}
			Self::Elementwise(Elementwise::Add { x, y } | Elementwise::Mul { x, y }) => two(x, y),
		};
		registers.into_iter().flatten()
	}

	/// The weight tensors that the operation reads.
	pub fn tensors(&self) -> impl Iterator<Item = TensorId> {
		self.named_tensors().map(|(_, tensor)| tensor)
	}

	/// The weight tensors that the operation reads, with the operands' names.
	pub fn named_tensors(&self) -> impl Iterator<Item = (&'static str, TensorId)> {
		let mut tensors: Tensors = [None; 8];
		match self {
			Self::Embed(Embed { words, encoder }) => {
				tensors[..2].copy_from_slice(&words.named(WORDS));
				if let Some(encoder) = encoder {
					tensors[2..4].copy_from_slice(&encoder.positions.named(POSITIONS));
					tensors[4..6].copy_from_slice(&encoder.kinds.named(KINDS));
				}
			}
			Self::Normalise { norm, .. } => tensors[..2].copy_from_slice(&norm.named()),
			Self::Quantise(Quantise { norm, multipliers, .. }) => {
				if let Some(norm) = norm {
					tensors[..2].copy_from_slice(&norm.named());
				}
				tensors[2] = multipliers.map(|tensor| (MULTIPLIERS, tensor));
			}
			Self::Linear(Linear { weights, .. }) => {
				tensors[..4].copy_from_slice(&weights.named(LAYER));
			}
			Self::Gated(Gated { gate, up, .. }) => {
				tensors[..4].copy_from_slice(&gate.named(GATE));
				tensors[4..].copy_from_slice(&up.named(UP));
			}
			Self::Heads(heads) => {
				tensors[0] = heads.norm.map(|HeadNorm { gain, .. }| (GAIN, gain));
			}
			Self::Attention(_)
			| Self::Elementwise(_)
			| Self::Take { .. }
			| Self::MeanPool { .. } => {}
		}
		tensors.into_iter().flatten()
	}
}

impl Table {
	const fn named(&self, names: TableNames) -> [Option<(&'static str, TensorId)>; 2] {
		[Some((names[0], self.codes)), Some((names[1], self.scales))]
	}
}

impl Norm {
	const fn named(&self) -> [Option<(&'static str, TensorId)>; 2] {
		match *self {
			Self::Rms { gain, .. } => [Some((GAIN, gain)), None],
			Self::Layer { gain, bias, .. } => [Some((GAIN, gain)), Some((BIAS, bias))],
			Self::L2 => [None, None],
		}
	}
}

impl LinearWeights {
	fn named(&self, names: LayerNames) -> [Option<(&'static str, TensorId)>; 4] {
		[
			Some((names[0], self.codes)),
			Some((names[1], self.scales)),
			self.groups.map(|tensor| (names[2], tensor)),
			self.bias.map(|tensor| (names[3], tensor)),
		]
	}
}
