//! Tensors of the source to entries of the table, a few rows at a time.

use assay_kernels_exact::{
	float::canon,
	quantise::{group_multipliers_len, import_grouped_row, symmetric, Digits},
};
use assay_programs::op;
use rayon::prelude::*;
use safetensors::Dtype;

use crate::{
	plan::{copy_name, FactorId, Matrix, MatrixId, Plan, Recipe, Scaling, Vector},
	source::{Checkpoint, SourceTensor},
	ImportError, TensorFault,
};

/// Bytes of f32 that are worked on at once, unless a single row has more.
const CHUNK: usize = 4 << 20;

/// Takes bytes of an entry, in order, and how many bytes of the source they were made of.
pub(crate) type Sink<'a> = &'a mut dyn FnMut(&[u8], u64) -> Result<(), ImportError>;

/// What scalings multiply by: for each factor that was computed, a vector for each copy.
#[derive(Debug)]
pub(crate) struct Factors(Vec<Option<Vec<Vec<f32>>>>);

impl Factors {
	/// Factors that change nothing.
	pub(crate) fn none(plan: &Plan) -> Self {
		Self(vec![None; plan.factors])
	}

	/// Sets a factor.
	pub(crate) fn set(&mut self, factor: FactorId, copies: Vec<Vec<f32>>) {
		self.0[factor.0] = Some(copies);
	}

	fn get(&self, factor: FactorId, copy: u16) -> Option<&[f32]> {
		Some(self.0[factor.0].as_ref()?.get(usize::from(copy))?)
	}

	/// What a scaling does to the elements of one copy.
	fn scaling(&self, scaling: Option<Scaling>, copy: u16) -> Applied<'_> {
		let factor = scaling.and_then(|scaling| self.get(scaling.factor, copy));
		Applied { factor, inverse: scaling.is_some_and(|scaling| scaling.inverse) }
	}
}

/// A scaling with its factor.
#[derive(Clone, Copy)]
struct Applied<'f> {
	factor: Option<&'f [f32]>,
	inverse: bool,
}

impl Applied<'_> {
	fn to(self, index: usize, value: f32) -> f32 {
		match self.factor.and_then(|factor| factor.get(index)) {
			None => canon(value),
			Some(&factor) if self.inverse => canon(canon(value) / factor),
			Some(&factor) => canon(canon(value) * factor),
		}
	}
}

/// Makes the entries of a plan's table.
pub(crate) struct Weights<'a> {
	pub(crate) plan: &'a Plan,
	pub(crate) checkpoint: &'a Checkpoint,
	pub(crate) factors: &'a Factors,
}

impl Weights<'_> {
	/// Bytes of the source that all entries are made of.
	pub(crate) fn source_bytes(&self) -> Result<u64, ImportError> {
		let mut bytes = 0;
		for (entry, tensor) in self.plan.entries.iter().zip(&self.plan.program.tensors) {
			for copy in 0..tensor.copies {
				bytes += match &entry.recipe {
					Recipe::Codes(id) => {
						let matrix = self.plan.matrix(*id);
						matrix_tensor(self.checkpoint, matrix, &copy_name(&matrix.source, copy))?
							.bytes()
					}
					Recipe::Vector(vector) => {
						let name = copy_name(&vector.source, copy);
						self.checkpoint.floats(&name, &[vector.length as usize])?.bytes()
					}
					Recipe::Scales | Recipe::Groups | Recipe::Multipliers(_) => 0,
				};
			}
		}
		Ok(bytes)
	}

	/// Makes all entries in the table's order, copy after copy.
	pub(crate) fn make(&self, sink: Sink<'_>) -> Result<(), ImportError> {
		// What belongs to the rows of the matrix whose codes were made last, for each copy.
		let mut made: Vec<MadeRows> = Vec::new();
		for (index, tensor) in self.plan.program.tensors.iter().enumerate() {
			match &self.plan.entries[index].recipe {
				Recipe::Codes(id) => {
					made.clear();
					for copy in 0..tensor.copies {
						made.push(self.codes(*id, copy, sink)?);
					}
				}
				Recipe::Scales => {
					for rows in &made {
						sink(&bytes_of(&rows.scales), 0)?;
					}
				}
				Recipe::Groups => {
					for rows in &made {
						sink(&rows.groups, 0)?;
					}
				}
				Recipe::Vector(vector) => {
					for copy in 0..tensor.copies {
						let (elements, bytes) = self.vector(vector, copy)?;
						sink(&bytes_of(&elements), bytes)?;
					}
				}
				Recipe::Multipliers(factor) => {
					for copy in 0..tensor.copies {
						sink(&bytes_of(&self.multipliers(*factor, copy, tensor.rows)), 0)?;
					}
				}
			}
		}
		Ok(())
	}

	/// Makes the codes of a matrix and returns what belongs to its rows.
	fn codes(&self, id: MatrixId, copy: u16, sink: Sink<'_>) -> Result<MadeRows, ImportError> {
		let matrix = self.plan.matrix(id);
		let name = copy_name(&matrix.source, copy);
		let tensor = matrix_tensor(self.checkpoint, matrix, &name)?;
		let rows = self.factors.scaling(matrix.row_scaling, copy);
		let columns = self.factors.scaling(matrix.column_scaling, copy);
		if is_quantised(self.checkpoint, &name) {
			if matrix.digits == op::Digits::Two || matrix.grouped || columns.factor.is_some() {
				let reason =
					"and its codes are taken as they are, with one digit and without smoothing; \
					 choose another profile or no smoothing";
				return Err(tensor.fault(TensorFault::Quantised { reason }));
			}
			return copied(self.checkpoint, &tensor, matrix, &name, rows, sink);
		}
		quantised(&tensor, matrix, rows, columns, sink)
	}

	/// A vector, and how many bytes of the source it was made of.
	fn vector(&self, vector: &Vector, copy: u16) -> Result<(Vec<f32>, u64), ImportError> {
		let name = copy_name(&vector.source, copy);
		let tensor = self.checkpoint.floats(&name, &[vector.length as usize])?;
		let (mut raw, mut elements) = (Vec::new(), Vec::new());
		tensor.read_floats(0, vector.length as usize, &mut raw, &mut elements)?;
		let scaling = self.factors.scaling(vector.scaling, copy);
		for (index, element) in elements.iter_mut().enumerate() {
			*element = scaling.to(index, *element);
		}
		Ok((elements, tensor.bytes()))
	}

	/// What channels are multiplied by before they are quantised.
	fn multipliers(&self, factor: FactorId, copy: u16, length: u32) -> Vec<f32> {
		let scaling = self.factors.scaling(Some(factor.divided()), copy);
		(0..length as usize).map(|index| scaling.to(index, 1.0)).collect()
	}
}

/// What a matrix has besides its codes.
#[derive(Default)]
struct MadeRows {
	/// One per row.
	scales: Vec<f32>,
	/// Packed multipliers, row after row; empty without groups.
	groups: Vec<u8>,
}

/// Quantises the rows of a matrix of floats.
fn quantised(
	tensor: &SourceTensor<'_>,
	matrix: &Matrix,
	rows: Applied<'_>,
	columns: Applied<'_>,
	sink: Sink<'_>,
) -> Result<MadeRows, ImportError> {
	let width = matrix.columns as usize;
	let digits = Digits::from(matrix.digits);
	let mut made = MadeRows::default();
	let mut codes = Vec::new();
	each_chunk(tensor, matrix, |first, chunk| {
		codes.resize(chunk.len() * digits.count(), 0_u8);
		let quantised: Vec<(f32, Vec<u8>)> = codes
			.par_chunks_mut(width * digits.count())
			.zip(chunk.par_chunks_mut(width))
			.enumerate()
			.map(|(row, (codes, elements))| {
				for (column, element) in elements.iter_mut().enumerate() {
					*element = rows.to(first + row, columns.to(column, *element));
				}
				quantise_row(elements, matrix.grouped, digits, codes)
			})
			.collect();
		for (scale, groups) in quantised {
			made.scales.push(scale);
			made.groups.extend(groups);
		}
		sink(&codes, (chunk.len() / width * tensor.row_bytes()) as u64)
	})?;
	Ok(made)
}

/// Writes the codes of a row; returns its scale and the packed multipliers of its groups.
fn quantise_row(row: &[f32], grouped: bool, digits: Digits, out: &mut [u8]) -> (f32, Vec<u8>) {
	if grouped {
		let row = import_grouped_row(row, digits);
		write_codes(&row.codes, digits, out);
		debug_assert_eq!(row.multipliers.len(), group_multipliers_len(row.codes.len()));
		return (row.scale, row.multipliers);
	}
	let row = symmetric(row, None, digits).expect("there are no multipliers of another length");
	write_codes(&row.codes, digits, out);
	(row.stats.scale, Vec::new())
}

/// Takes the codes of a quantised matrix as they are.
fn copied(
	checkpoint: &Checkpoint,
	tensor: &SourceTensor<'_>,
	matrix: &Matrix,
	name: &str,
	rows: Applied<'_>,
	sink: Sink<'_>,
) -> Result<MadeRows, ImportError> {
	let height = matrix.rows as usize;
	let chunk_rows = (CHUNK / matrix.columns as usize).max(1);
	let mut raw = Vec::new();
	for first in (0..height).step_by(chunk_rows) {
		raw.resize(chunk_rows.min(height - first) * tensor.row_bytes(), 0);
		tensor.read_raw(first, &mut raw)?;
		sink(&raw, raw.len() as u64)?;
	}
	let scales = scales(checkpoint, matrix, name)?.into_iter().enumerate();
	let scales = scales.map(|(row, scale)| rows.to(row, scale)).collect();
	Ok(MadeRows { scales, groups: Vec::new() })
}

/// The scales of the rows of a quantised matrix, none of them below zero.
pub(crate) fn scales(
	checkpoint: &Checkpoint,
	matrix: &Matrix,
	name: &str,
) -> Result<Vec<f32>, ImportError> {
	let (rows, name) = (matrix.rows as usize, scale_name(name));
	let tensor = checkpoint.floats(&name, &[rows, 1])?;
	let (mut raw, mut elements) = (Vec::new(), Vec::new());
	tensor.read_floats(0, rows, &mut raw, &mut elements)?;
	match elements.iter().position(|scale| *scale < 0.0) {
		None => Ok(elements),
		Some(row) => {
			let value = elements[row].to_string();
			Err(tensor.fault(TensorFault::NegativeScale { row, value }))
		}
	}
}

/// Calls `f` with the rows of a matrix of floats, some at a time, and the index of the first.
pub(crate) fn each_chunk(
	tensor: &SourceTensor<'_>,
	matrix: &Matrix,
	mut f: impl FnMut(usize, &mut [f32]) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
	let (height, width) = (matrix.rows as usize, matrix.columns as usize);
	let chunk_rows = (CHUNK / 4 / width).max(1);
	let (mut raw, mut elements) = (Vec::new(), Vec::new());
	for first in (0..height).step_by(chunk_rows) {
		let rows = chunk_rows.min(height - first);
		tensor.read_floats(first, rows, &mut raw, &mut elements)?;
		f(first, &mut elements)?;
	}
	Ok(())
}

fn write_codes(codes: &[i16], digits: Digits, out: &mut [u8]) {
	match digits {
		Digits::One => {
			for (out, code) in out.iter_mut().zip(codes) {
				// A code of one digit is within i8: its low byte is the whole of it.
				*out = code.to_le_bytes()[0];
			}
		}
		Digits::Two => {
			for (out, code) in out.chunks_exact_mut(2).zip(codes) {
				out.copy_from_slice(&code.to_le_bytes());
			}
		}
	}
}

fn bytes_of(elements: &[f32]) -> Vec<u8> {
	elements.iter().flat_map(|element| element.to_le_bytes()).collect()
}

/// The tensor that one copy of a matrix is made of.
pub(crate) fn matrix_tensor<'c>(
	checkpoint: &'c Checkpoint,
	matrix: &Matrix,
	name: &'c str,
) -> Result<SourceTensor<'c>, ImportError> {
	let shape = [matrix.rows as usize, matrix.columns as usize];
	if is_quantised(checkpoint, name) {
		checkpoint.bytes(name, &shape)
	} else {
		checkpoint.floats(name, &shape)
	}
}

/// Whether a matrix of the source is codes already.
pub(crate) fn is_quantised(checkpoint: &Checkpoint, name: &str) -> bool {
	checkpoint.dtype(name) == Some(Dtype::I8) && checkpoint.has(&scale_name(name))
}

/// The name of the scales of a quantised matrix.
pub(crate) fn scale_name(name: &str) -> String {
	format!("{name}_scale")
}
