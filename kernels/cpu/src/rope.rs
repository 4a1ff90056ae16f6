//! Rotary position embedding (SPEC 10).

use assay_kernels_exact::rope::{turns, Pairing};
use rayon::prelude::*;

use crate::{
	dot::{Dot, Kernel},
	elementary::sincos,
	error::{length, range},
	float::canon,
	Engine, Error,
};

const OP: &str = "rope";

/// Cosine and sine of every pair at every position of a batch: computed once, used by all heads of
/// all layers.
#[derive(Clone, Debug, Default)]
pub struct Angles {
	pairs: usize,
	positions: usize,
	/// Per position: the pairs.
	cos: Vec<f32>,
	sin: Vec<f32>,
}

impl Angles {
	/// No positions.
	pub const fn new() -> Self {
		Self { pairs: 0, positions: 0, cos: Vec::new(), sin: Vec::new() }
	}

	/// Number of positions.
	pub fn positions(&self) -> usize {
		self.positions
	}

	/// Computes the angles of `positions`, one phase per pair of channels.
	pub fn fill(&mut self, engine: Engine<'_>, phases: &[u64], positions: &[u32]) {
		(self.pairs, self.positions) = (phases.len(), positions.len());
		let count = self.pairs * positions.len();
		self.cos.resize(count, 0.0);
		self.sin.resize(count, 0.0);
		if count == 0 {
			return;
		}
		let (cos, sin) = (self.cos.par_chunks_mut(self.pairs), self.sin.par_chunks_mut(self.pairs));
		let tasks = positions.par_iter().zip(cos).zip(sin).with_min_len(64);
		engine.for_each(tasks, |((&position, cos), sin)| {
			engine.run(Position { position, phases, cos, sin });
		});
	}

	/// The cosines and sines of one position of the batch.
	pub(crate) fn at(&self, index: usize) -> (&[f32], &[f32]) {
		let pairs = index * self.pairs..(index + 1) * self.pairs;
		(&self.cos[pairs.clone()], &self.sin[pairs])
	}

	/// Requires angles for `rows` rows and heads of `head_dim` channels.
	pub(crate) fn check(&self, rows: usize, head_dim: usize) -> Result<(), Error> {
		length(OP, "angles", rows, self.positions)?;
		range(OP, "phases", (0, head_dim / 2), self.pairs)
	}
}

struct Position<'a> {
	position: u32,
	phases: &'a [u64],
	cos: &'a mut [f32],
	sin: &'a mut [f32],
}

impl Kernel for Position<'_> {
	type Output = ();

	#[inline(always)]
	fn run<D: Dot>(self, _: D) {
		for ((cos, sin), &phase) in self.cos.iter_mut().zip(self.sin).zip(self.phases) {
			(*cos, *sin) = sincos(turns(self.position, phase));
		}
	}
}

/// Rotates every head of every row in place; a row holds the heads of one position.
///
/// # Errors
/// [`Error::Shape`] unless the angles are those of one position per row and of at most half a head,
/// and a row is a whole number of heads.
pub fn rotate(
	engine: Engine<'_>,
	x: &mut [f32],
	columns: usize,
	head_dim: usize,
	angles: &Angles,
	pairing: Pairing,
) -> Result<(), Error> {
	let rows = x.len() / columns.max(1);
	length(OP, "x", rows * columns, x.len())?;
	length(OP, "row", columns / head_dim.max(1) * head_dim, columns)?;
	angles.check(rows, head_dim)?;
	let count = engine.rows_per_task(rows, columns);
	let tasks = x.par_chunks_mut(count * columns.max(1)).enumerate();
	engine.for_each(tasks, |(task, x)| {
		engine.run(Rows { first: task * count, x, columns, head_dim, angles, pairing });
	});
	Ok(())
}

struct Rows<'a> {
	first: usize,
	x: &'a mut [f32],
	columns: usize,
	head_dim: usize,
	angles: &'a Angles,
	pairing: Pairing,
}

impl Kernel for Rows<'_> {
	type Output = ();

	#[inline(always)]
	fn run<D: Dot>(self, _: D) {
		for (row, x) in self.x.chunks_mut(self.columns).enumerate() {
			for head in x.chunks_mut(self.head_dim) {
				rotate_head(head, self.angles.at(self.first + row), self.pairing);
			}
		}
	}
}

/// Rotates the pairs of one head of members of F.
#[inline(always)]
pub(crate) fn rotate_head(head: &mut [f32], (cos, sin): (&[f32], &[f32]), pairing: Pairing) {
	let pairs = cos.len();
	match pairing {
		Pairing::Halves => {
			let (first, second) = head.split_at_mut(pairs);
			for (((x1, x2), &c), &s) in first.iter_mut().zip(second).zip(cos).zip(sin) {
				(*x1, *x2) = rotated(*x1, *x2, c, s);
			}
		}
		Pairing::Interleaved => {
			for ((pair, &c), &s) in head.chunks_exact_mut(2).zip(cos).zip(sin) {
				(pair[0], pair[1]) = rotated(pair[0], pair[1], c, s);
			}
		}
	}
}

#[inline(always)]
fn rotated(x1: f32, x2: f32, c: f32, s: f32) -> (f32, f32) {
	(canon((x1 * c) - (x2 * s)), canon((x2 * c) + (x1 * s)))
}
