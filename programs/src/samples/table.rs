//! The table of tensors while a program is being written.

use alloc::vec::Vec;

use crate::{
	op::{Digits, LinearWeights, Table},
	tensor::{Element, Tensor, TensorId},
};

/// A growing table of tensors.
#[derive(Clone, Debug, Default)]
pub struct TensorTable {
	/// The tensors so far.
	pub tensors: Vec<Tensor>,
}

impl TensorTable {
	/// Adds a tensor.
	///
	/// # Panics
	/// When the table is full; tests do not come near.
	pub fn add(&mut self, tensor: Tensor) -> TensorId {
		self.tensors.push(tensor);
		TensorId(u16::try_from(self.tensors.len() - 1).expect("fewer than 65536 tensors"))
	}

	/// Adds `copies` vectors of f32.
	pub fn vector(&mut self, length: u32, copies: u16) -> TensorId {
		self.add(Tensor::vector(length).repeated(copies))
	}

	/// Adds `copies` matrices of codes.
	pub fn codes(&mut self, rows: u32, columns: u32, digits: Digits, copies: u16) -> TensorId {
		let element = match digits {
			Digits::One => Element::I8,
			Digits::Two => Element::I16,
		};
		self.add(Tensor { element, rows, columns, copies })
	}

	/// Adds a table of codes and its scales.
	pub fn table(&mut self, rows: u32, columns: u32, digits: Digits) -> Table {
		Table { codes: self.codes(rows, columns, digits, 1), scales: self.vector(rows, 1) }
	}

	/// Adds the weights of `copies` layers without groups.
	pub fn layer(
		&mut self,
		outputs: u32,
		inputs: u32,
		digits: Digits,
		bias: bool,
		copies: u16,
	) -> LinearWeights {
		LinearWeights {
			codes: self.codes(outputs, inputs, digits, copies),
			scales: self.vector(outputs, copies),
			groups: None,
			bias: bias.then(|| self.vector(outputs, copies)),
		}
	}

	/// Adds group multipliers to layers of `inputs` inputs.
	pub fn grouped(&mut self, layer: LinearWeights, inputs: u32, copies: u16) -> LinearWeights {
		let outputs = self.tensors[usize::from(layer.codes.0)].rows;
		let columns = crate::dataflow::group_bytes(inputs);
		let groups = self.add(Tensor { element: Element::U8, rows: outputs, columns, copies });
		LinearWeights { groups: Some(groups), ..layer }
	}
}
