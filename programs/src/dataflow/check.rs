//! The typing rule of each operation.

use super::weights::Weights;
use crate::{
	fault::Reason,
	op::{
		Attention, Digits, Elementwise, Embed, Gated, Heads, Linear, OpKind, Quantise, Register,
		Role, TakeRows,
	},
	operands::{GAIN, GATE, KINDS, LAYER, MAX_OPERANDS, MULTIPLIERS, POSITIONS, UP, WORDS},
	stage::Layer,
	value::{Form, Rows, Value},
};

/// The types of an operation's operands, in order.
type Operands = [Option<Value>; MAX_OPERANDS];

/// What an operation writes, if its operands fit together.
pub(super) fn output(
	weights: &Weights<'_>,
	kind: &OpKind,
	operands: &Operands,
) -> Result<Value, Reason> {
	let operand = Reader { kind, operands };
	match kind {
		OpKind::Embed(embed) => embed_rows(weights, embed),
		OpKind::Normalise { norm, .. } => {
			let (rows, columns) = operand.float(0)?;
			weights.norm(norm, columns)?;
			Ok(Value::float(rows, columns))
		}
		OpKind::Quantise(quantise) => codes(weights, quantise, &operand),
		OpKind::Linear(layer) => linear(weights, layer, &operand),
		OpKind::Gated(layer) => gated(weights, layer, &operand),
		OpKind::Heads(split) => heads(weights, split, &operand),
		OpKind::Attention(attention) => attended(attention, &operand),
		OpKind::Elementwise(Elementwise::Add { .. } | Elementwise::Mul { .. }) => {
			let (rows, columns) = operand.float(0)?;
			operand.same_float(1, rows, columns)?;
			Ok(Value::float(rows, columns))
		}
		OpKind::Elementwise(
			Elementwise::Scale { .. } | Elementwise::Activate { .. } | Elementwise::Softcap { .. },
		) => operand.float(0).map(|(rows, columns)| Value::float(rows, columns)),
		OpKind::Take { rows, .. } => {
			let columns = operand.float_of_positions(0)?;
			Ok(match rows {
				TakeRows::Outputs => Value::float(Rows::Outputs, columns),
				TakeRows::First | TakeRows::Last => Value::float(Rows::One, columns),
			})
		}
		OpKind::MeanPool { .. } => Ok(Value::float(Rows::One, operand.float_of_positions(0)?)),
	}
}

/// The operands of one operation, read with an expectation.
struct Reader<'a> {
	kind: &'a OpKind,
	operands: &'a Operands,
}

/// Heads of one operand.
struct HeadsOf {
	heads: u16,
	head_dim: u32,
	digits: Digits,
}

impl Reader<'_> {
	fn name(&self, n: usize) -> (&'static str, Register) {
		self.kind.named_operands().nth(n).unwrap_or(("", 0))
	}

	fn get(&self, n: usize) -> Result<Value, Reason> {
		let (operand, register) = self.name(n);
		self.operands.get(n).copied().flatten().ok_or(Reason::Unwritten { operand, register })
	}

	fn wrong(&self, n: usize, expected: &'static str, found: Form) -> Reason {
		let (operand, register) = self.name(n);
		Reason::Form { operand, register, expected, found }
	}

	fn float(&self, n: usize) -> Result<(Rows, u32), Reason> {
		let value = self.get(n)?;
		match value.form {
			Form::Float { columns } => Ok((value.rows, columns)),
			found => Err(self.wrong(n, "f32 rows", found)),
		}
	}

	fn rows(&self, n: usize, expected: Rows, found: Rows) -> Result<(), Reason> {
		let (operand, _) = self.name(n);
		(expected == found).then_some(()).ok_or(Reason::RowCount { operand, expected, found })
	}

	fn float_of_positions(&self, n: usize) -> Result<u32, Reason> {
		let (rows, columns) = self.float(n)?;
		self.rows(n, Rows::Positions, rows)?;
		Ok(columns)
	}

	fn same_float(&self, n: usize, rows: Rows, expected: u32) -> Result<(), Reason> {
		let (found_rows, found) = self.float(n)?;
		self.rows(n, rows, found_rows)?;
		let (operand, _) = self.name(n);
		(found == expected).then_some(()).ok_or(Reason::Columns { operand, expected, found })
	}

	fn codes(&self, n: usize) -> Result<(Rows, u32, Digits), Reason> {
		let value = self.get(n)?;
		match value.form {
			Form::Codes { columns, codes } => Ok((value.rows, columns, codes.digits())),
			found => Err(self.wrong(n, "codes", found)),
		}
	}

	fn heads(&self, n: usize, expected: Role) -> Result<HeadsOf, Reason> {
		let value = self.get(n)?;
		let (operand, _) = self.name(n);
		match value.form {
			Form::Heads { role, heads, head_dim, digits } if role == expected => {
				self.rows(n, Rows::Positions, value.rows)?;
				Ok(HeadsOf { heads, head_dim, digits })
			}
			Form::Heads { role: found, .. } => Err(Reason::HeadRole { operand, expected, found }),
			found => Err(self.wrong(n, "heads", found)),
		}
	}
}

fn embed_rows(weights: &Weights<'_>, embed: &Embed) -> Result<Value, Reason> {
	let program = weights.program;
	let (rows, columns) = weights.table(WORDS, &embed.words)?;
	if rows != program.vocabulary {
		return Err(Reason::TensorShape {
			operand: WORDS[0],
			tensor: embed.words.codes,
			expected: (program.vocabulary, columns),
			found: (rows, columns),
		});
	}
	if let Some(encoder) = &embed.encoder {
		let further =
			[(POSITIONS, &encoder.positions, program.max_positions), (KINDS, &encoder.kinds, 1)];
		for (names, table, least) in further {
			let (operand, tensor) = (names[0], table.codes);
			let (found, width) = weights.table(names, table)?;
			if found < least {
				return Err(Reason::TensorRows { operand, tensor, least, found });
			}
			if width != columns {
				let (expected, found) = ((found, columns), (found, width));
				return Err(Reason::TensorShape { operand, tensor, expected, found });
			}
		}
	}
	Ok(Value::float(Rows::Positions, columns))
}

fn codes(
	weights: &Weights<'_>,
	quantise: &Quantise,
	operand: &Reader<'_>,
) -> Result<Value, Reason> {
	let (rows, columns) = operand.float(0)?;
	if let Some(norm) = &quantise.norm {
		weights.norm(norm, columns)?;
	}
	if let Some(multipliers) = quantise.multipliers {
		weights.vector(MULTIPLIERS, multipliers, columns)?;
	}
	Ok(Value { rows, form: Form::Codes { columns, codes: quantise.codes } })
}

fn linear(weights: &Weights<'_>, layer: &Linear, operand: &Reader<'_>) -> Result<Value, Reason> {
	let (rows, inputs, input) = operand.codes(0)?;
	let (outputs, digits) = weights.layer(LAYER, &layer.weights, inputs)?;
	tiled(inputs, input, digits, 1)?;
	if layer.residual.is_some() {
		operand.same_float(1, rows, outputs)?;
	}
	Ok(Value::float(rows, outputs))
}

fn gated(weights: &Weights<'_>, layer: &Gated, operand: &Reader<'_>) -> Result<Value, Reason> {
	let (rows, inputs, input) = operand.codes(0)?;
	let (outputs, gate) = weights.layer(GATE, &layer.gate, inputs)?;
	let (up_outputs, up) = weights.layer(UP, &layer.up, inputs)?;
	if up_outputs != outputs {
		return Err(Reason::TensorShape {
			operand: UP[0],
			tensor: layer.up.codes,
			expected: (outputs, inputs),
			found: (up_outputs, inputs),
		});
	}
	if up != gate {
		return Err(Reason::CodeDigits { operand: UP[0], expected: gate, found: up });
	}
	tiled(inputs, input, gate, 2)?;
	Ok(Value::float(rows, outputs))
}

/// A layer has to be such that at least one output fits into a tile.
fn tiled(inputs: u32, input: Digits, weights: Digits, matrices: u32) -> Result<(), Reason> {
	match Layer::new(inputs, input, weights, matrices) {
		Some(_) => Ok(()),
		None => Err(Reason::LayerTile { inputs, input, weights, matrices }),
	}
}

fn heads(weights: &Weights<'_>, split: &Heads, operand: &Reader<'_>) -> Result<Value, Reason> {
	let columns = operand.float_of_positions(0)?;
	let Heads { heads, role, digits, .. } = *split;
	let (Some(head_dim), Some(0)) =
		(columns.checked_div(u32::from(heads)), columns.checked_rem(u32::from(heads)))
	else {
		return Err(Reason::HeadCount { heads, columns });
	};
	if let Some(norm) = &split.norm {
		weights.vector(GAIN, norm.gain, head_dim)?;
	}
	if let Some(rotation) = split.rotation {
		let rotations = &weights.program.rotations;
		let found = rotations
			.get(usize::from(rotation))
			.ok_or(Reason::UnknownRotation { rotation, rotations: rotations.len() })?;
		let phases = found.phases.len();
		if phases > usize::try_from(head_dim / 2).unwrap_or(usize::MAX) {
			return Err(Reason::RotationWidth { phases, head_dim });
		}
	}
	if role == Role::Value {
		if split.rotation.is_some() {
			return Err(Reason::RotatedValue);
		}
		if digits != Digits::One {
			let (expected, found) = (Digits::One, digits);
			return Err(Reason::CodeDigits { operand: "output", expected, found });
		}
	}
	Ok(Value { rows: Rows::Positions, form: Form::Heads { role, heads, head_dim, digits } })
}

fn attended(_: &Attention, operand: &Reader<'_>) -> Result<Value, Reason> {
	let query = operand.heads(0, Role::Query)?;
	let key = operand.heads(1, Role::Key)?;
	let value = operand.heads(2, Role::Value)?;
	for (operand, heads) in [("key", &key), ("value", &value)] {
		if heads.head_dim != query.head_dim {
			let (expected, found) = (query.head_dim, heads.head_dim);
			return Err(Reason::HeadDim { operand, expected, found });
		}
	}
	if key.digits != query.digits {
		let (expected, found) = (query.digits, key.digits);
		return Err(Reason::CodeDigits { operand: "key", expected, found });
	}
	// A value with heads has at least one.
	if query.heads.checked_rem(key.heads) != Some(0) {
		return Err(Reason::KeyHeads { query: query.heads, key: key.heads });
	}
	if value.heads != key.heads {
		return Err(Reason::ValueHeads { key: key.heads, value: value.heads });
	}
	// As many columns as the query's f32 rows had.
	let columns = u32::from(query.heads).saturating_mul(query.head_dim);
	Ok(Value::float(Rows::Positions, columns))
}
