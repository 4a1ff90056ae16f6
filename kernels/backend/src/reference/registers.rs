//! The registers of a pass.

use alloc::vec::Vec;

use assay_programs::op::Register;

use super::value::{CodeRows, FloatRows, HeadRows, Value};
use crate::OperationError;

/// What has been computed and not yet overwritten.
pub(super) struct Registers(Vec<Option<Value>>);

impl Registers {
	pub(super) fn new() -> Self {
		Self((0..=Register::MAX).map(|_| None).collect())
	}

	/// Drops a value that nobody reads any more.
	pub(super) fn clear(&mut self, register: Register) {
		self.0[usize::from(register)] = None;
	}

	pub(super) fn set(&mut self, register: Register, value: Value) {
		self.0[usize::from(register)] = Some(value);
	}

	pub(super) fn floats(&self, register: Register) -> Result<&FloatRows, OperationError> {
		match &self.0[usize::from(register)] {
			Some(Value::Float(rows)) => Ok(rows),
			_ => Err(OperationError::Operand { register, expected: "f32 rows" }),
		}
	}

	/// The rows of a register, when no other is needed any more.
	pub(super) fn into_floats(mut self, register: Register) -> Result<FloatRows, OperationError> {
		match self.0[usize::from(register)].take() {
			Some(Value::Float(rows)) => Ok(rows),
			_ => Err(OperationError::Operand { register, expected: "f32 rows" }),
		}
	}

	pub(super) fn codes(&self, register: Register) -> Result<&CodeRows, OperationError> {
		match &self.0[usize::from(register)] {
			Some(Value::Codes(rows)) => Ok(rows),
			_ => Err(OperationError::Operand { register, expected: "codes" }),
		}
	}

	pub(super) fn heads(&self, register: Register) -> Result<&HeadRows, OperationError> {
		match &self.0[usize::from(register)] {
			Some(Value::Heads(rows)) => Ok(rows),
			_ => Err(OperationError::Operand { register, expected: "heads" }),
		}
	}
}
