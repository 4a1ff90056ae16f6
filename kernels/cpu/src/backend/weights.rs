//! Weights as the operations read them: matrices in panels, vectors through CANON.

use core::ops::Range;
use std::collections::BTreeMap;

use assay_kernels_backend::{BackendError, Piece, WeightSource};
use assay_kernels_exact::{float::canon, linear, quantise::Digits};
use assay_programs::{
	op::{LinearWeights, Table},
	Element, Program, TensorId,
};
use rayon::prelude::*;

use super::device;
use crate::linear::{Linear, Packer, Shape, WeightCode};

/// Rows of a matrix that are converted and packed at a time.
const ROWS: usize = 64;

/// A matrix on the [`WeightList`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MatrixId(pub(super) usize);

/// A vector on the [`WeightList`].
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
pub(super) struct MatrixKey {
	codes: TensorCopy,
	scales: TensorCopy,
	groups: Option<TensorCopy>,
	bias: Option<TensorCopy>,
}

impl MatrixKey {
	/// The tensors.
	fn copies(&self) -> impl Iterator<Item = TensorCopy> {
		[Some(self.codes), Some(self.scales), self.groups, self.bias].into_iter().flatten()
	}

	fn shape(&self, program: &Program) -> Shape {
		let codes = program.tensors[usize::from(self.codes.tensor.0)];
		Shape {
			inputs: codes.columns as usize,
			outputs: codes.rows as usize,
			// A valid program has i8 codes where it has no i16 ones.
			digits: if codes.element == Element::I16 { Digits::Two } else { Digits::One },
			grouped: self.groups.is_some(),
			biased: self.bias.is_some(),
		}
	}
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

	/// The matrices, by [`MatrixId`].
	pub(super) fn matrices(&self) -> &[MatrixKey] {
		&self.matrices.order
	}

	/// Bytes of all weights once they are loaded.
	pub(super) fn bytes(&self) -> u64 {
		let matrices = self.matrices.order.iter();
		let matrices: u64 = matrices.map(|key| key.shape(self.program).memory() as u64).sum();
		let vectors: u64 = self.vectors.order.iter().map(|&copy| self.stored_bytes(copy)).sum();
		matrices + vectors
	}

	/// Bytes of what is read and not packed yet, while so many threads load weights.
	pub(super) fn reading_bytes(&self, threads: usize) -> u64 {
		let raw = |key: &MatrixKey| key.copies().map(|copy| self.stored_bytes(copy)).sum::<u64>();
		let mut raw: Vec<u64> = self.matrices.order.iter().map(raw).collect();
		raw.sort_unstable_by(|a, b| b.cmp(a));
		raw.iter().take(threads).sum()
	}

	fn stored_bytes(&self, TensorCopy { tensor, .. }: TensorCopy) -> u64 {
		self.program.tensors[usize::from(tensor.0)].copy_bytes()
	}
}

/// The vectors of a program.
#[derive(Debug)]
pub(super) struct Vectors(Vec<Vec<f32>>);

impl Vectors {
	/// Reads what is listed.
	pub(super) fn load(list: &WeightList<'_>, reader: Reader<'_>) -> Result<Self, BackendError> {
		let vectors = list.vectors.order.iter().map(|&copy| reader.vector(copy));
		vectors.collect::<Result<_, _>>().map(Self)
	}

	/// A vector.
	pub(super) fn get(&self, id: VectorId) -> &[f32] {
		&self.0[id.0]
	}
}

/// All weights of a program; of each code there is only the packed form.
#[derive(Debug)]
pub(super) struct Weights {
	matrices: Vec<Linear>,
	vectors: Vectors,
}

impl Weights {
	/// Reads and packs what is listed, on the threads of the pool that this is called from.
	pub(super) fn load(
		list: &WeightList<'_>,
		source: &dyn WeightSource,
	) -> Result<Self, BackendError> {
		let reader = Reader { program: list.program, source };
		let matrices = list.matrices.order.par_iter().map(|key| {
			let outputs = reader.shape(key).outputs;
			reader.rows(key, 0..outputs)
		});
		Ok(Self {
			matrices: matrices.collect::<Result<_, _>>()?,
			vectors: Vectors::load(list, reader)?,
		})
	}

	#[cfg(test)]
	pub(super) fn memory(&self) -> usize {
		let matrices: usize = self.matrices.iter().map(Linear::memory).sum();
		matrices + self.vectors.0.iter().map(|vector| size_of_val(&vector[..])).sum::<usize>()
	}

	/// A matrix.
	pub(super) fn matrix(&self, id: MatrixId) -> &Linear {
		&self.matrices[id.0]
	}

	/// A vector.
	pub(super) fn vector(&self, id: VectorId) -> &[f32] {
		self.vectors.get(id)
	}
}

/// Reads weights of a valid program.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
	pub(super) program: &'a Program,
	pub(super) source: &'a dyn WeightSource,
}

impl Reader<'_> {
	/// What a matrix is.
	pub(super) fn shape(&self, key: &MatrixKey) -> Shape {
		key.shape(self.program)
	}

	/// Bytes of some rows.
	fn bytes(
		&self,
		TensorCopy { tensor, copy }: TensorCopy,
		rows: &Range<usize>,
	) -> Result<Vec<u8>, BackendError> {
		let form = self.program.tensors[usize::from(tensor.0)];
		let size = rows.len() as u64 * form.row_bytes();
		let too_large = |_| BackendError::Device(format!("{size} bytes exceed the address space"));
		let mut bytes = vec![0; usize::try_from(size).map_err(too_large)?];
		let piece = Piece { start: rows.start as u64 * form.row_bytes(), of: form.copy_bytes() };
		self.source.read_piece(tensor, copy, piece, &mut bytes)?;
		Ok(bytes)
	}

	fn floats(&self, copy: TensorCopy, rows: &Range<usize>) -> Result<Vec<f32>, BackendError> {
		let bytes = self.bytes(copy, rows)?;
		Ok(elements(&bytes, f32::from_le_bytes).map(canon).collect())
	}

	/// A whole vector of f32.
	fn vector(&self, copy: TensorCopy) -> Result<Vec<f32>, BackendError> {
		let rows = self.program.tensors[usize::from(copy.tensor.0)].rows as usize;
		self.floats(copy, &(0..rows))
	}

	/// Some rows of a matrix, as a matrix of their own.
	pub(super) fn rows(&self, key: &MatrixKey, rows: Range<usize>) -> Result<Linear, BackendError> {
		let raw = RawMatrix {
			shape: Shape { outputs: rows.len(), ..self.shape(key) },
			codes: self.bytes(key.codes, &rows)?,
			scales: self.floats(key.scales, &rows)?,
			groups: key.groups.map(|copy| self.bytes(copy, &rows)).transpose()?,
			bias: key.bias.map(|copy| self.floats(copy, &rows)).transpose()?,
		};
		match raw.shape.digits {
			Digits::One => raw.pack(i8::from_le_bytes),
			Digits::Two => raw.pack(i16::from_le_bytes),
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

/// A matrix, or some rows of one, as it is stored.
struct RawMatrix {
	shape: Shape,
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
		let Shape { inputs, outputs, .. } = self.shape;
		let mut packer = Packer::new(self.shape)?;
		let group_bytes = self.groups.as_ref().map_or(0, |groups| groups.len() / outputs.max(1));
		let mut codes = Vec::with_capacity(ROWS.min(outputs) * inputs);
		for first in (0..outputs).step_by(ROWS) {
			let last = outputs.min(first + ROWS);
			let bytes = &self.codes[first * inputs * N..last * inputs * N];
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
