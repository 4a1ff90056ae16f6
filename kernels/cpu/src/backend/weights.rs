//! Weights as the operations read them: matrices in panels, vectors through CANON.

use std::collections::BTreeMap;

use assay_kernels_backend::{BackendError, WeightSource};
use assay_kernels_exact::{float::canon, linear};
use assay_programs::{
	op::{LinearWeights, Table},
	Element, Program, TensorId,
};
use rayon::prelude::*;

use super::device;
use crate::linear::{Linear, Packer, Shape, WeightCode};

/// Rows of a matrix that are converted and packed at a time.
const ROWS: usize = 64;

/// A matrix among the [`Weights`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MatrixId(usize);

/// A vector among the [`Weights`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct VectorId(usize);

/// One copy of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct TensorCopy {
	tensor: TensorId,
	copy: u16,
}

/// The tensors that become one matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct MatrixKey {
	codes: TensorCopy,
	scales: TensorCopy,
	groups: Option<TensorCopy>,
	bias: Option<TensorCopy>,
}

/// Things in the order in which they were first named.
#[derive(Debug)]
struct Names<K> {
	order: Vec<K>,
	indices: BTreeMap<K, usize>,
}

impl<K: Copy + Ord> Names<K> {
	const fn new() -> Self {
		Self { order: Vec::new(), indices: BTreeMap::new() }
	}

	fn index(&mut self, key: K) -> usize {
		*self.indices.entry(key).or_insert_with(|| {
			self.order.push(key);
			self.order.len() - 1
		})
	}
}

/// Which weights a program reads: each once, however many operations and iterations share it.
pub(super) struct WeightList<'p> {
	program: &'p Program,
	matrices: Names<MatrixKey>,
	vectors: Names<TensorCopy>,
}

impl<'p> WeightList<'p> {
	/// No weights of a program yet.
	pub(super) const fn new(program: &'p Program) -> Self {
		Self { program, matrices: Names::new(), vectors: Names::new() }
	}

	fn copy(&self, tensor: TensorId, iteration: u16) -> TensorCopy {
		TensorCopy { tensor, copy: self.program.tensors[usize::from(tensor.0)].copy(iteration) }
	}

	/// The matrix of a layer in an iteration.
	pub(super) fn layer(&mut self, layer: LinearWeights, iteration: u16) -> MatrixId {
		let copy = |tensor| self.copy(tensor, iteration);
		let LinearWeights { codes, scales, groups, bias } = layer;
		let (codes, scales) = (copy(codes), copy(scales));
		let key = MatrixKey { codes, scales, groups: groups.map(copy), bias: bias.map(copy) };
		MatrixId(self.matrices.index(key))
	}

	/// A table, whose rows are read from a layer of the same codes and scales where there is one. So
	/// the layers have to be named first.
	pub(super) fn table(&mut self, table: Table, iteration: u16) -> MatrixId {
		let Table { codes, scales } = table;
		let (codes, scales) = (self.copy(codes, iteration), self.copy(scales, iteration));
		let is_tied =
			|key: &MatrixKey| (key.codes, key.scales, key.groups) == (codes, scales, None);
		let key = self.matrices.order.iter().copied().find(is_tied);
		let key = key.unwrap_or(MatrixKey { codes, scales, groups: None, bias: None });
		MatrixId(self.matrices.index(key))
	}

	/// A vector of f32 in an iteration.
	pub(super) fn vector(&mut self, tensor: TensorId, iteration: u16) -> VectorId {
		let copy = self.copy(tensor, iteration);
		VectorId(self.vectors.index(copy))
	}
}

/// All weights of a program; of each code there is only the packed form.
#[derive(Debug)]
pub(super) struct Weights {
	matrices: Vec<Linear>,
	vectors: Vec<Vec<f32>>,
}

impl Weights {
	/// Reads and packs what is listed, on the threads of the pool that this is called from.
	pub(super) fn load(
		list: &WeightList<'_>,
		source: &dyn WeightSource,
	) -> Result<Self, BackendError> {
		let reader = Reader { program: list.program, source };
		let matrices = list.matrices.order.par_iter().map(|key| reader.matrix(key));
		let vectors = list.vectors.order.iter().map(|&copy| reader.floats(copy));
		Ok(Self {
			matrices: matrices.collect::<Result<_, _>>()?,
			vectors: vectors.collect::<Result<_, _>>()?,
		})
	}

	/// A matrix.
	pub(super) fn matrix(&self, id: MatrixId) -> &Linear {
		&self.matrices[id.0]
	}

	/// A vector.
	pub(super) fn vector(&self, id: VectorId) -> &[f32] {
		&self.vectors[id.0]
	}
}

/// Reads weights of a valid program.
struct Reader<'a> {
	program: &'a Program,
	source: &'a dyn WeightSource,
}

impl Reader<'_> {
	fn bytes(&self, TensorCopy { tensor, copy }: TensorCopy) -> Result<Vec<u8>, BackendError> {
		let size = self.program.tensors[usize::from(tensor.0)].copy_bytes();
		let too_large = |_| BackendError::Device(format!("{size} bytes exceed the address space"));
		let mut bytes = vec![0; usize::try_from(size).map_err(too_large)?];
		self.source.read(tensor, copy, &mut bytes)?;
		Ok(bytes)
	}

	fn floats(&self, copy: TensorCopy) -> Result<Vec<f32>, BackendError> {
		let bytes = self.bytes(copy)?;
		Ok(elements(&bytes, f32::from_le_bytes).map(canon).collect())
	}

	fn matrix(&self, key: &MatrixKey) -> Result<Linear, BackendError> {
		let tensor = self.program.tensors[usize::from(key.codes.tensor.0)];
		let raw = RawMatrix {
			inputs: tensor.columns as usize,
			codes: self.bytes(key.codes)?,
			scales: self.floats(key.scales)?,
			groups: key.groups.map(|copy| self.bytes(copy)).transpose()?,
			bias: key.bias.map(|copy| self.floats(copy)).transpose()?,
		};
		match tensor.element {
			Element::I16 => raw.pack(i16::from_le_bytes),
			// A valid program has i8 codes where it has no i16 ones.
			_ => raw.pack(i8::from_le_bytes),
		}
		.map_err(device)
	}
}

/// Little-endian elements of `N` bytes.
fn elements<const N: usize, T>(
	bytes: &[u8],
	element: fn([u8; N]) -> T,
) -> impl Iterator<Item = T> + '_
where
	T: 'static,
{
	bytes.as_chunks().0.iter().map(move |&bytes| element(bytes))
}

/// A matrix as it is stored.
struct RawMatrix {
	inputs: usize,
	codes: Vec<u8>,
	scales: Vec<f32>,
	groups: Option<Vec<u8>>,
	bias: Option<Vec<f32>>,
}

impl RawMatrix {
	fn pack<const N: usize, W: WeightCode + 'static>(
		&self,
		element: fn([u8; N]) -> W,
	) -> Result<Linear, crate::Error> {
		let outputs = self.scales.len();
		let mut packer = Packer::new(Shape {
			inputs: self.inputs,
			outputs,
			digits: W::DIGITS,
			grouped: self.groups.is_some(),
			biased: self.bias.is_some(),
		})?;
		let group_bytes = self.groups.as_ref().map_or(0, |groups| groups.len() / outputs.max(1));
		let mut codes = Vec::with_capacity(ROWS.min(outputs) * self.inputs);
		for first in (0..outputs).step_by(ROWS) {
			let last = outputs.min(first + ROWS);
			let bytes = &self.codes[first * self.inputs * N..last * self.inputs * N];
			codes.clear();
			codes.extend(elements(bytes, element));
			packer.push(&linear::Weights {
				codes: &codes,
				scales: &self.scales[first..last],
				groups: self
					.groups
					.as_ref()
					.map(|all| &all[first * group_bytes..last * group_bytes]),
				bias: self.bias.as_ref().map(|all| &all[first..last]),
			})?;
		}
		packer.finish()
	}
}
