//! Checks of the tensors that an operation names.

use assay_kernels_exact::quantise;

use crate::{
	fault::Reason,
	op::{Digits, LinearWeights, Norm, Table},
	operands::{LayerNames, TableNames, BIAS, GAIN},
	program::Program,
	tensor::{Element, Tensor, TensorId},
};

/// The table of tensors, seen from a block that runs `repeat` times.
pub(super) struct Weights<'p> {
	pub(super) program: &'p Program,
	pub(super) repeat: u16,
}

/// Bytes of a row of packed group multipliers.
pub(crate) fn group_bytes(inputs: u32) -> u32 {
	// Fewer than inputs, so both conversions fit.
	let inputs = usize::try_from(inputs).unwrap_or(usize::MAX);
	u32::try_from(quantise::group_multipliers_len(inputs)).unwrap_or(u32::MAX)
}

impl Weights<'_> {
	fn tensor(&self, operand: &'static str, tensor: TensorId) -> Result<Tensor, Reason> {
		let tensors = &self.program.tensors;
		let found = tensors.get(usize::from(tensor.0)).ok_or(Reason::UnknownTensor {
			operand,
			tensor,
			tensors: tensors.len(),
		})?;
		if found.copies == 1 || found.copies == self.repeat {
			Ok(*found)
		} else {
			let (repeat, found) = (self.repeat, found.copies);
			Err(Reason::TensorCopies { operand, tensor, repeat, found })
		}
	}

	fn shaped(
		&self,
		operand: &'static str,
		id: TensorId,
		element: Element,
		expected: (u32, u32),
	) -> Result<(), Reason> {
		let tensor = self.tensor(operand, id)?;
		if tensor.element != element {
			let (expected, found) = (element.name(), tensor.element);
			return Err(Reason::TensorElement { operand, tensor: id, expected, found });
		}
		let found = (tensor.rows, tensor.columns);
		if found != expected {
			return Err(Reason::TensorShape { operand, tensor: id, expected, found });
		}
		Ok(())
	}

	/// A vector of f32.
	pub(super) fn vector(
		&self,
		operand: &'static str,
		tensor: TensorId,
		length: u32,
	) -> Result<(), Reason> {
		self.shaped(operand, tensor, Element::F32, (length, 1))
	}

	/// A matrix of codes.
	fn codes(&self, operand: &'static str, id: TensorId) -> Result<(Tensor, Digits), Reason> {
		let tensor = self.tensor(operand, id)?;
		let (found, expected) = (tensor.element, "i8 or i16");
		let digits =
			found.digits().ok_or(Reason::TensorElement { operand, tensor: id, expected, found })?;
		Ok((tensor, digits))
	}

	/// A table of codes with its scales: rows and columns.
	pub(super) fn table(&self, names: TableNames, table: &Table) -> Result<(u32, u32), Reason> {
		let (codes, _) = self.codes(names[0], table.codes)?;
		self.vector(names[1], table.scales, codes.rows)?;
		Ok((codes.rows, codes.columns))
	}

	/// The weights of a norm over rows of `columns` elements.
	pub(super) fn norm(&self, norm: &Norm, columns: u32) -> Result<(), Reason> {
		match *norm {
			Norm::Rms { gain, .. } => self.vector(GAIN, gain, columns),
			Norm::Layer { gain, bias, .. } => {
				self.vector(GAIN, gain, columns)?;
				self.vector(BIAS, bias, columns)
			}
			Norm::L2 => Ok(()),
		}
	}

	/// A layer for rows of `inputs` codes: its outputs and the digits of its weights.
	pub(super) fn layer(
		&self,
		names: LayerNames,
		weights: &LinearWeights,
		inputs: u32,
	) -> Result<(u32, Digits), Reason> {
		let (codes, digits) = self.codes(names[0], weights.codes)?;
		let outputs = codes.rows;
		if codes.columns != inputs {
			return Err(Reason::TensorShape {
				operand: names[0],
				tensor: weights.codes,
				expected: (outputs, inputs),
				found: (outputs, codes.columns),
			});
		}
		self.vector(names[1], weights.scales, outputs)?;
		if let Some(groups) = weights.groups {
			let bytes = group_bytes(inputs);
			self.shaped(names[2], groups, Element::U8, (outputs, bytes))?;
		}
		if let Some(bias) = weights.bias {
			self.vector(names[3], bias, outputs)?;
		}
		Ok((outputs, digits))
	}
}
