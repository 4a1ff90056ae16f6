//! The weights as operations read them.

use alloc::{sync::Arc, vec, vec::Vec};

use assay_programs::{Element, Program, Tensor, TensorId};

use crate::{OperationError, WeightError, WeightSource};

/// A program's weights.
pub(super) struct Tensors<'w> {
	table: Vec<Tensor>,
	store: Store<'w>,
}

enum Store<'w> {
	/// [tensor][copy].
	Kept(Vec<Vec<Array>>),
	Lazy(&'w dyn WeightSource),
}

/// Elements of a tensor.
#[derive(Clone)]
enum Array {
	F32(Arc<Vec<f32>>),
	I8(Arc<Vec<i8>>),
	I16(Arc<Vec<i16>>),
	U8(Arc<Vec<u8>>),
}

/// Codes of a weight matrix or table.
pub(super) enum WeightCodes {
	One(Arc<Vec<i8>>),
	Two(Arc<Vec<i16>>),
}

impl Tensors<'static> {
	/// All weights, read at once.
	pub(super) fn kept(program: &Program, source: &dyn WeightSource) -> Result<Self, WeightError> {
		let table = program.tensors.clone();
		let store = Store::Kept(read_all(&table, source)?);
		Ok(Self { table, store })
	}
}

impl<'w> Tensors<'w> {
	/// Weights that are read whenever an operation needs them and dropped afterwards.
	pub(super) fn lazy(program: &Program, source: &'w dyn WeightSource) -> Self {
		Self { table: program.tensors.clone(), store: Store::Lazy(source) }
	}

	/// The weights as an iteration of a block sees them.
	pub(super) const fn at(&self, iteration: u16) -> IterationTensors<'_> {
		IterationTensors { tensors: self, iteration }
	}
}

/// Every copy of every tensor.
fn read_all(table: &[Tensor], source: &dyn WeightSource) -> Result<Vec<Vec<Array>>, WeightError> {
	let ids = (0..).map(TensorId);
	ids.zip(table)
		.map(|(id, tensor)| (0..tensor.copies).map(|copy| read(source, id, copy, tensor)).collect())
		.collect()
}

fn read(
	source: &dyn WeightSource,
	id: TensorId,
	copy: u16,
	tensor: &Tensor,
) -> Result<Array, WeightError> {
	let size = usize::try_from(tensor.copy_bytes()).map_err(|_| WeightError::Size {
		tensor: id,
		copy,
		expected: tensor.copy_bytes(),
		found: usize::MAX as u64,
	})?;
	let mut bytes = vec![0; size];
	source.read(id, copy, &mut bytes)?;
	Ok(match tensor.element {
		Element::U8 => Array::U8(Arc::new(bytes)),
		Element::I8 => {
			Array::I8(Arc::new(bytes.into_iter().map(|b| i8::from_le_bytes([b])).collect()))
		}
		Element::I16 => Array::I16(Arc::new(elements(&bytes, i16::from_le_bytes))),
		Element::F32 => Array::F32(Arc::new(elements(&bytes, f32::from_le_bytes))),
	})
}

/// Little-endian elements of `N` bytes.
fn elements<const N: usize, T>(bytes: &[u8], element: impl Fn([u8; N]) -> T) -> Vec<T> {
	bytes.as_chunks().0.iter().map(|&chunk| element(chunk)).collect()
}

/// The weights of one iteration.
#[derive(Clone, Copy)]
pub(super) struct IterationTensors<'a> {
	tensors: &'a Tensors<'a>,
	iteration: u16,
}

impl IterationTensors<'_> {
	/// A tensor of one copy is shared by all iterations; of several, iteration i reads copy i.
	fn array(&self, id: TensorId, expected: &'static str) -> Result<Array, OperationError> {
		let wrong = OperationError::Tensor { tensor: id, expected };
		let Some(tensor) = self.tensors.table.get(usize::from(id.0)) else { return Err(wrong) };
		let copy = if tensor.copies == 1 { 0 } else { self.iteration };
		match &self.tensors.store {
			Store::Lazy(source) => Ok(read(*source, id, copy, tensor)?),
			Store::Kept(arrays) => {
				arrays[usize::from(id.0)].get(usize::from(copy)).cloned().ok_or(wrong)
			}
		}
	}

	pub(super) fn floats(&self, id: TensorId) -> Result<Arc<Vec<f32>>, OperationError> {
		let expected = "f32 elements";
		match self.array(id, expected)? {
			Array::F32(elements) => Ok(elements),
			_ => Err(OperationError::Tensor { tensor: id, expected }),
		}
	}

	pub(super) fn bytes(&self, id: TensorId) -> Result<Arc<Vec<u8>>, OperationError> {
		let expected = "u8 elements";
		match self.array(id, expected)? {
			Array::U8(elements) => Ok(elements),
			_ => Err(OperationError::Tensor { tensor: id, expected }),
		}
	}

	pub(super) fn codes(&self, id: TensorId) -> Result<WeightCodes, OperationError> {
		let expected = "codes of one or two digits";
		match self.array(id, expected)? {
			Array::I8(codes) => Ok(WeightCodes::One(codes)),
			Array::I16(codes) => Ok(WeightCodes::Two(codes)),
			_ => Err(OperationError::Tensor { tensor: id, expected }),
		}
	}

	/// Elements of a row of a tensor.
	pub(super) fn columns(&self, id: TensorId) -> usize {
		self.tensors.table.get(usize::from(id.0)).map_or(0, |tensor| tensor.columns as usize)
	}
}
