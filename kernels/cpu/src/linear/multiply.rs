//! Products of a packed matrix with rows of codes.

use assay_kernels_exact::activation::Activation;
use rayon::prelude::*;

use super::{block::Place, Linear, Shape};
use crate::{
	codes::Codes,
	dot::{rows_at_once, Dot, Kernel, Sums, MAX_ROWS, PANEL},
	elementary,
	error::length,
	float::canon,
	Engine, Error,
};

const OP: &str = "linear";
/// Bytes of codes that stay in a core's cache while panels pass by.
const CACHED_CODES: usize = 1 << 20;

/// What happens to the outputs y of a linear layer, in this order. Nothing by default: out = y.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Epilogue {
	/// y = ACT(y).
	pub activation: Option<Activation>,
	/// out = CANON(out + y): `out` holds the residual stream.
	pub residual: bool,
}

impl Epilogue {
	/// out = y.
	pub const STORE: Self = Self { activation: None, residual: false };
	/// out = CANON(out + y).
	pub const ADD: Self = Self { activation: None, residual: true };
}

impl Linear {
	/// The layer's outputs for every row of `input`, and what follows them: `out` holds a row of
	/// `outputs` elements for each.
	///
	/// # Errors
	/// [`Error::Shape`] when input or output do not fit the matrix.
	pub fn apply(
		&self,
		engine: Engine<'_>,
		input: &Codes,
		epilogue: Epilogue,
		out: &mut [f32],
	) -> Result<(), Error> {
		self.check(input, out)?;
		run(engine, &Product { layers: Layers::One { layer: self, epilogue }, input }, out);
		Ok(())
	}

	fn check(&self, input: &Codes, out: &[f32]) -> Result<(), Error> {
		length(OP, "input row", self.shape.inputs, input.inputs())?;
		length(OP, "out", input.rows().saturating_mul(self.shape.outputs), out.len())
	}
}

/// out = CANON(ACT(gate) * up), both layers applied to the same rows.
///
/// # Errors
/// [`Error::Shape`] when the matrices differ in inputs or outputs, or input or output do not fit.
pub fn gated(
	engine: Engine<'_>,
	activation: Activation,
	gate: &Linear,
	up: &Linear,
	input: &Codes,
	out: &mut [f32],
) -> Result<(), Error> {
	gate.check(input, out)?;
	up.check(input, out)?;
	run(engine, &Product { layers: Layers::Gated { gate, up, activation }, input }, out);
	Ok(())
}

/// The matrices of a product and what follows.
#[derive(Clone, Copy)]
enum Layers<'a> {
	One {
		layer: &'a Linear,
		epilogue: Epilogue,
	},
	/// Both of one shape.
	Gated {
		gate: &'a Linear,
		up: &'a Linear,
		activation: Activation,
	},
}

/// Layers and the rows that they are applied to.
struct Product<'a> {
	layers: Layers<'a>,
	input: &'a Codes,
}

impl Layers<'_> {
	/// The shape of each layer, and whether one has groups.
	#[inline(always)]
	fn shape(&self) -> (Shape, bool) {
		match self {
			Self::One { layer, .. } => (layer.shape, layer.shape.grouped),
			Self::Gated { gate, up, .. } => (gate.shape, gate.shape.grouped || up.shape.grouped),
		}
	}
}

/// Some rows and panels of a product.
struct Task<'a, 'o> {
	product: &'a Product<'a>,
	first_row: usize,
	first_panel: usize,
	/// Of each row, the columns of the task's panels.
	out: Vec<&'o mut [f32]>,
}

/// Cuts the output into tasks, columns first: a column's panels are read once for all rows of a task.
fn run(engine: Engine<'_>, product: &Product<'_>, out: &mut [f32]) {
	let (shape, _) = product.layers.shape();
	let rows = product.input.rows();
	let panels_per_task = shape.panels().div_ceil(engine.tasks()).max(1);
	let column_tasks = shape.panels().div_ceil(panels_per_task);
	let row_tasks = engine.tasks().div_ceil(column_tasks).min(rows / (2 * MAX_ROWS)).max(1);
	let rows_per_task = rows.div_ceil(row_tasks).max(1);
	let mut tasks = Vec::with_capacity(row_tasks * column_tasks);
	for (index, out) in out.chunks_mut(rows_per_task * shape.outputs).enumerate() {
		let first = tasks.len();
		tasks.extend((0..column_tasks).map(|column| Task {
			product,
			first_row: index * rows_per_task,
			first_panel: column * panels_per_task,
			out: Vec::with_capacity(rows_per_task),
		}));
		for row in out.chunks_mut(shape.outputs) {
			for (task, columns) in
				tasks[first..].iter_mut().zip(row.chunks_mut(panels_per_task * PANEL))
			{
				task.out.push(columns);
			}
		}
	}
	engine.for_each(tasks.into_par_iter(), |task| engine.run(task));
}

/// The place of a block's results.
struct Block {
	sums: Sums,
	totals: [[i64; PANEL]; MAX_ROWS],
	y: [[f32; PANEL]; MAX_ROWS],
	up: [[f32; PANEL]; MAX_ROWS],
}

impl Kernel for Task<'_, '_> {
	type Output = ();

	#[inline(always)]
	fn run<D: Dot>(mut self, dot: D) {
		let Product { layers, input } = *self.product;
		let digits = input.digits().count();
		let (_, grouped) = layers.shape();
		let width = self.out.first().map_or(0, |columns| columns.len());
		let cached = (CACHED_CODES / (input.stride() * digits)).next_multiple_of(MAX_ROWS);
		let mut block = Block {
			sums: [[0; PANEL]; MAX_ROWS],
			totals: [[0; PANEL]; MAX_ROWS],
			y: [[0.0; PANEL]; MAX_ROWS],
			up: [[0.0; PANEL]; MAX_ROWS],
		};
		for (index, rows) in self.out.chunks_mut(cached).enumerate() {
			let first_row = self.first_row + index * cached;
			for (panel, column) in (0..width).step_by(PANEL).enumerate() {
				let columns = column..width.min(column + PANEL);
				let mut done = 0;
				while done < rows.len() {
					let count = rows_at_once::<D>((rows.len() - done) * digits, grouped) / digits;
					let row = first_row + done;
					let place = Place { row, rows: count, panel: self.first_panel + panel };
					let out = &mut rows[done..done + count];
					layers.finish(dot, input, place, &mut block, out, columns.clone());
					done += count;
				}
			}
		}
	}
}

impl Layers<'_> {
	/// Computes one block and writes it into `columns` of the rows `out`.
	#[inline(always)]
	fn finish<D: Dot>(
		&self,
		dot: D,
		input: &Codes,
		place: Place,
		block: &mut Block,
		out: &mut [&mut [f32]],
		columns: core::ops::Range<usize>,
	) {
		let Block { sums, totals, y, up: second } = block;
		match *self {
			Self::One { layer, epilogue } => {
				layer.outputs(dot, input, place, sums, totals, y);
				for (y, out) in y.iter_mut().zip(out) {
					let out = &mut out[columns.clone()];
					if let Some(activation) = epilogue.activation {
						elementary::activate(activation, y);
					}
					if epilogue.residual {
						for (y, &x) in y.iter_mut().zip(&*out) {
							*y = canon(x + *y);
						}
					}
					out.copy_from_slice(&y[..columns.len()]);
				}
			}
			Self::Gated { gate, up, activation } => {
				gate.outputs(dot, input, place, sums, totals, y);
				up.outputs(dot, input, place, sums, totals, second);
				for ((y, up), out) in y.iter_mut().zip(second).zip(out) {
					elementary::gate(activation, y, up);
					out[columns.clone()].copy_from_slice(&y[..columns.len()]);
				}
			}
		}
	}
}
