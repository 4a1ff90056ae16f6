//! The lengths of a run.

use crate::{
	program::{Kind, Program},
	value::Rows,
};

/// The lengths of a run: all that the shape of a trace depends on besides the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
	/// Positions that are computed. A generating run reads the input and all output tokens but the
	/// last, which nobody continues.
	pub positions: u32,
	/// Rows of the result.
	pub outputs: u32,
}

impl Shape {
	/// The shape for `input` and `output` tokens; an embedding program has no output tokens.
	///
	/// `None` when the run is empty or longer than the program admits.
	pub fn new(program: &Program, input: u32, output: u32) -> Option<Self> {
		let shape = match program.kind {
			Kind::Generate { .. } => {
				let before_last = output.checked_sub(1)?;
				Self { positions: input.checked_add(before_last)?, outputs: output }
			}
			Kind::Embed if output == 0 => Self { positions: input, outputs: 1 },
			Kind::Embed => return None,
		};
		(input > 0 && shape.positions <= program.max_positions).then_some(shape)
	}

	/// Rows of a value.
	pub const fn rows(&self, rows: Rows) -> u32 {
		match rows {
			Rows::Positions => self.positions,
			Rows::Outputs => self.outputs,
			Rows::One => 1,
		}
	}

	/// The position whose row becomes output row 0.
	pub const fn first_output(&self) -> u32 {
		// Never below zero: `new` gives at least as many positions as outputs.
		self.positions.saturating_sub(self.outputs)
	}
}
