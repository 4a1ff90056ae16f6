//! Weights that stay where they are: of matrices, a block is read and packed when it is needed.

use core::ops::Range;

use assay_kernels_backend::BackendError;
use assay_kernels_exact::{activation::Activation, embedding::row_of};

use super::{
	store::{Failure, Store},
	weights::{MatrixId, MatrixKey, Reader, VectorId, Vectors, WeightList},
};
use crate::{
	dot::PANEL,
	linear::{self, Epilogue, Shape},
	Codes, Engine,
};

/// Bytes of codes of a block: work for many threads, and little beside a matrix.
const BLOCK: usize = 4 << 20;

/// The weights of a program, whose matrices are read anew by each operation. Vectors are kept, as
/// they are small.
pub(super) struct Streamed<'w> {
	reader: Reader<'w>,
	matrices: Vec<MatrixKey>,
	vectors: Vectors,
	/// Bytes of codes of a block, unless a panel has more.
	block: usize,
}

impl<'w> Streamed<'w> {
	/// The weights that are listed.
	pub(super) fn new(list: &WeightList<'_>, reader: Reader<'w>) -> Result<Self, BackendError> {
		let vectors = Vectors::load(list, reader)?;
		Ok(Self { reader, matrices: list.matrices().to_vec(), vectors, block: BLOCK })
	}

	fn key(&self, id: MatrixId) -> &MatrixKey {
		&self.matrices[id.0]
	}

	/// Computes rows of outputs of a matrix, a block of columns at a time. `compute` gets the range
	/// of the outputs, and what `out` has there, to be replaced.
	fn by_blocks(
		&self,
		shape: Shape,
		out: &mut [f32],
		mut compute: impl FnMut(Range<usize>, &mut [f32]) -> Result<(), Failure>,
	) -> Result<(), Failure> {
		let width = shape.outputs;
		let row_bytes = shape.inputs * shape.digits.count();
		let step = (self.block / row_bytes).max(1).next_multiple_of(PANEL);
		let mut block = Vec::new();
		for first in (0..width).step_by(step) {
			let columns = first..width.min(first + step);
			block.clear();
			for row in out.chunks(width) {
				block.extend_from_slice(&row[columns.clone()]);
			}
			compute(columns.clone(), &mut block)?;
			for (row, block) in out.chunks_mut(width).zip(block.chunks(columns.len())) {
				row[columns.clone()].copy_from_slice(block);
			}
		}
		Ok(())
	}
}

impl Store for Streamed<'_> {
	fn vector(&self, id: VectorId) -> &[f32] {
		self.vectors.get(id)
	}

	fn shape(&self, id: MatrixId) -> Shape {
		self.reader.shape(self.key(id))
	}

	fn apply(
		&self,
		engine: Engine<'_>,
		layer: MatrixId,
		input: &Codes,
		epilogue: Epilogue,
		out: &mut [f32],
	) -> Result<(), Failure> {
		self.by_blocks(self.shape(layer), out, |outputs, out| {
			let rows = self.reader.rows(self.key(layer), outputs)?;
			Ok(rows.apply(engine, input, epilogue, out)?)
		})
	}

	fn gated(
		&self,
		engine: Engine<'_>,
		activation: Activation,
		gate_and_up: [MatrixId; 2],
		input: &Codes,
		out: &mut [f32],
	) -> Result<(), Failure> {
		let [gate, up] = gate_and_up.map(|id| self.key(id));
		self.by_blocks(self.reader.shape(gate), out, |outputs, out| {
			let gate = self.reader.rows(gate, outputs.clone())?;
			let up = self.reader.rows(up, outputs)?;
			Ok(linear::gated(engine, activation, &gate, &up, input, out)?)
		})
	}

	/// Row by row, as few rows of a table are read.
	fn embed(
		&self,
		engine: Engine<'_>,
		table: MatrixId,
		ids: &[u32],
		out: &mut [f32],
	) -> Result<(), Failure> {
		let Shape { inputs, outputs, .. } = self.shape(table);
		for (&id, out) in ids.iter().zip(out.chunks_mut(inputs)) {
			let row = row_of(id, outputs as u32) as usize;
			self.reader.rows(self.key(table), row..row + 1)?.embed(engine, &[0], out)?;
		}
		Ok(())
	}
}

#[cfg(test)]
mod tests {
	use std::cell::Cell;

	use assay_kernels_backend::{Limits, MemoryWeights};
	use assay_kernels_vectors::stream;
	use assay_programs::{
		op::{Codes, Digits},
		samples::{Decoder, Encoder},
		Element, Program,
	};
	use rayon::ThreadPoolBuilder;

	use super::{
		super::{
			cache::Caches,
			pass::{Model, Space},
			plan::Plan,
			texts::run_texts,
			weights::Weights,
		},
		*,
	};

	/// The bits of a program's result for two texts.
	fn result<W: Store>(
		program: &Program,
		weights: impl FnOnce(&WeightList<'_>) -> Result<W, BackendError>,
	) -> Vec<u32> {
		let (plan, list) = Plan::of_whole_texts(program).unwrap();
		let weights = weights(&list).unwrap();
		let mut caches = Caches::new(&plan.caches, &Limits::NONE).unwrap();
		let model = Model { plan, weights, rotations: program.rotations.clone() };
		let mut space = Space::new(&model);
		let pool = ThreadPoolBuilder::new().num_threads(2).build().unwrap();
		let texts: [&[u32]; 2] = [&[1, 31, 7], &[39, 0]];
		let engine = Engine::new(&pool);
		let rows = run_texts(engine, &model, &mut caches, &mut space, &texts, None).unwrap();
		rows.iter().map(|x| x.to_bits()).collect()
	}

	#[test]
	fn one_panel_at_a_time_gives_the_same_bits() {
		let decoder = || Decoder { vocabulary: 70, hidden: 72, inner: 100, ..Decoder::default() };
		let programs = [
			decoder().program(),
			Decoder { weights: Digits::Two, biases: true, tied: true, ..decoder() }.program(),
			Decoder { codes: Codes::Two, groups: true, ..decoder() }.program(),
			Encoder { codes: Codes::OneAsymmetric, ..Encoder::default() }.program(),
		];
		for program in &programs {
			let index = Cell::new(0);
			let weights = MemoryWeights::for_program(program, |_, _, tensor| {
				let word = |_| {
					index.set(index.get() + 1);
					let word = stream(5, index.get()) as u32;
					// As an f32, of magnitude 2^-7 to 2^-6.
					let float = word & 0x807f_ffff | 120 << 23;
					if tensor.element == Element::F32 { float } else { word }.to_le_bytes()
				};
				let bytes = tensor.copy_bytes();
				(0..bytes.div_ceil(4)).flat_map(word).take(bytes as usize).collect()
			});
			let reader = Reader { program, source: &weights };
			let packed = result(program, |list| Weights::load(list, &weights));
			assert!(packed.iter().any(|&bits| bits != packed[0]));
			let streamed = |block| {
				result(program, |list| Ok(Streamed { block, ..Streamed::new(list, reader)? }))
			};
			assert_eq!(streamed(0), packed);
			assert_eq!(streamed(10_000), packed);
			assert_eq!(streamed(BLOCK), packed);
		}
	}
}
