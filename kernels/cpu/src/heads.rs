//! What lies between the query, key and value layers and attention: the norm of each head, its
//! rotation, its quantisation (SPEC 7, 9, 10), in one pass.

use assay_kernels_exact::{attention::MAX_HEAD_DIM, quantise::Digits, rope::Pairing};
use rayon::prelude::*;

use crate::{
	codes::RowsMut,
	dot::{Dot, Kernel},
	error::{length, range},
	norm::Norm,
	quantise::{quantise_row, Scheme},
	rope::{rotate_head, Angles},
	Codes, Engine, Error,
};

const OP: &str = "heads";

/// What happens to each head of a layer's output.
#[derive(Clone, Copy, Debug)]
pub struct Heads<'a> {
	/// Heads of a row.
	pub heads: usize,
	/// Channels of a head, at most 256.
	pub head_dim: usize,
	/// RMS norm of each head: gain, one per channel of a head, and epsilon.
	pub norm: Option<(&'a [f32], f32)>,
	/// Rotation, with the angles of the rows.
	pub rotation: Option<(&'a Angles, Pairing)>,
	/// Digits of the codes: one for values, one or two for queries and keys.
	pub digits: Digits,
}

/// Norm, rotation and symmetric quantisation of each head. `x` holds rows of `heads` * `head_dim`
/// elements; `out` gets one row of codes per row and head, row by row.
///
/// # Errors
/// [`Error::Shape`] when the dimensions are out of bounds or the operands do not fit them.
pub fn quantise_heads(
	engine: Engine<'_>,
	x: &[f32],
	heads: &Heads<'_>,
	out: &mut Codes,
) -> Result<(), Error> {
	range(OP, "head dimension", (1, MAX_HEAD_DIM), heads.head_dim)?;
	range(OP, "heads", (1, usize::MAX / MAX_HEAD_DIM), heads.heads)?;
	let columns = heads.heads * heads.head_dim;
	let rows = x.len() / columns;
	length(OP, "x", rows * columns, x.len())?;
	if let Some((gain, _)) = heads.norm {
		length(OP, "gain", heads.head_dim, gain.len())?;
	}
	if let Some((angles, _)) = heads.rotation {
		angles.check(rows, heads.head_dim)?;
	}
	out.reshape(rows * heads.heads, heads.head_dim, heads.digits)?;
	let count = engine.rows_per_task(rows, columns);
	let tasks = out.tasks_mut(count * heads.heads).zip(x.par_chunks(count * columns)).enumerate();
	engine.for_each(tasks, |(task, (rows, x))| {
		engine.run(Rows { heads, first: task * count, x, rows });
	});
	Ok(())
}

struct Rows<'a> {
	heads: &'a Heads<'a>,
	/// Row of the batch that `x` starts with.
	first: usize,
	x: &'a [f32],
	rows: RowsMut<'a>,
}

impl Kernel for Rows<'_> {
	type Output = ();

	#[inline(always)]
	fn run<D: Dot>(mut self, _: D) {
		let Heads { heads, head_dim, norm, rotation, digits } = *self.heads;
		let stride = self.rows.stride;
		let mut buffer = [0.0; MAX_HEAD_DIM];
		let head = &mut buffer[..head_dim];
		for (index, (x, out)) in self.x.chunks(head_dim).zip(self.rows.rows()).enumerate() {
			match norm {
				Some((gain, eps)) => Norm::Rms { gain, eps }.row(x, head),
				None => head.copy_from_slice(x),
			}
			if let Some((angles, pairing)) = rotation {
				rotate_head(head, angles.at(self.first + index / heads), pairing);
			}
			quantise_row(head, Scheme::Symmetric(digits), stride, out);
		}
	}
}
