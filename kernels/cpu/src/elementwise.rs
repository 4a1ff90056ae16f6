//! Operations on corresponding elements (SPEC 5 and 6). Each replaces its first operand.

use assay_kernels_exact::{activation::Activation, float::is_zero_row};
use rayon::prelude::*;

use crate::{
	dot::{Dot, Kernel},
	elementary,
	error::length,
	float::canon,
	Engine, Error,
};

/// x = CANON(x + y): the residual connection.
///
/// # Errors
/// [`Error::Shape`] when the operands differ in length.
pub fn add(engine: Engine<'_>, x: &mut [f32], y: &[f32]) -> Result<(), Error> {
	length("add", "y", x.len(), y.len())?;
	pairs(engine, x, y, Add);
	Ok(())
}

/// x = CANON(x * y).
///
/// # Errors
/// [`Error::Shape`] when the operands differ in length.
pub fn mul(engine: Engine<'_>, x: &mut [f32], y: &[f32]) -> Result<(), Error> {
	length("mul", "y", x.len(), y.len())?;
	pairs(engine, x, y, Mul);
	Ok(())
}

/// gate = CANON(ACT(gate) * up).
///
/// # Errors
/// [`Error::Shape`] when the operands differ in length.
pub fn gated(
	engine: Engine<'_>,
	activation: Activation,
	gate: &mut [f32],
	up: &[f32],
) -> Result<(), Error> {
	length("gated", "up", gate.len(), up.len())?;
	pairs(engine, gate, up, Gate(activation));
	Ok(())
}

/// x = CANON(x * factor).
pub fn scale(engine: Engine<'_>, x: &mut [f32], factor: f32) {
	each(engine, x, Scale(factor));
}

/// x = ACT(x).
pub fn activate(engine: Engine<'_>, activation: Activation, x: &mut [f32]) {
	each(engine, x, Act(activation));
}

/// x = CANON(cap * TANH(x * (1 / cap))); +0 everywhere when |cap| < 2^-40.
pub fn softcap(engine: Engine<'_>, cap: f32, x: &mut [f32]) {
	if is_zero_row(cap) {
		return x.fill(0.0);
	}
	each(engine, x, Softcap { cap, inverse: 1.0 / cap });
}

/// word = CANON((word + position) + kind): the embeddings of an encoder.
///
/// # Errors
/// [`Error::Shape`] when the operands differ in length.
pub fn embedding_sum(
	engine: Engine<'_>,
	word: &mut [f32],
	position: &[f32],
	kind: &[f32],
) -> Result<(), Error> {
	length("embedding sum", "position", word.len(), position.len())?;
	length("embedding sum", "kind", word.len(), kind.len())?;
	let count = engine.rows_per_task(word.len(), 1);
	let tasks = word.par_chunks_mut(count).zip(position.par_chunks(count));
	engine.for_each(tasks.zip(kind.par_chunks(count)), |((word, position), kind)| {
		engine.run(Sum { word, position, kind });
	});
	Ok(())
}

/// What happens to the elements of one slice.
trait Each: Copy + Sync {
	fn run(self, x: &mut [f32]);
}

/// What happens to the elements of one slice because of those of another.
trait Pairs: Copy + Sync {
	fn run(self, x: &mut [f32], y: &[f32]);
}

#[derive(Clone, Copy)]
struct Add;

impl Pairs for Add {
	#[inline(always)]
	fn run(self, x: &mut [f32], y: &[f32]) {
		for (x, &y) in x.iter_mut().zip(y) {
			*x = canon(*x + y);
		}
	}
}

#[derive(Clone, Copy)]
struct Mul;

impl Pairs for Mul {
	#[inline(always)]
	fn run(self, x: &mut [f32], y: &[f32]) {
		for (x, &y) in x.iter_mut().zip(y) {
			*x = canon(*x * y);
		}
	}
}

#[derive(Clone, Copy)]
struct Gate(Activation);

impl Pairs for Gate {
	#[inline(always)]
	fn run(self, x: &mut [f32], y: &[f32]) {
		elementary::gate(self.0, x, y);
	}
}

#[derive(Clone, Copy)]
struct Scale(f32);

impl Each for Scale {
	#[inline(always)]
	fn run(self, x: &mut [f32]) {
		for x in x {
			*x = canon(*x * self.0);
		}
	}
}

#[derive(Clone, Copy)]
struct Act(Activation);

impl Each for Act {
	#[inline(always)]
	fn run(self, x: &mut [f32]) {
		elementary::activate(self.0, x);
	}
}

#[derive(Clone, Copy)]
struct Softcap {
	cap: f32,
	inverse: f32,
}

impl Each for Softcap {
	#[inline(always)]
	fn run(self, x: &mut [f32]) {
		for x in x {
			*x = canon(self.cap * elementary::tanh(*x * self.inverse));
		}
	}
}

struct Sum<'a> {
	word: &'a mut [f32],
	position: &'a [f32],
	kind: &'a [f32],
}

impl Kernel for Sum<'_> {
	type Output = ();

	#[inline(always)]
	fn run<D: Dot>(self, _: D) {
		for ((word, &position), &kind) in self.word.iter_mut().zip(self.position).zip(self.kind) {
			*word = canon((*word + position) + kind);
		}
	}
}

struct EachKernel<'a, O> {
	op: O,
	x: &'a mut [f32],
}

impl<O: Each> Kernel for EachKernel<'_, O> {
	type Output = ();

	#[inline(always)]
	fn run<D: Dot>(self, _: D) {
		self.op.run(self.x);
	}
}

struct PairsKernel<'a, O> {
	op: O,
	x: &'a mut [f32],
	y: &'a [f32],
}

impl<O: Pairs> Kernel for PairsKernel<'_, O> {
	type Output = ();

	#[inline(always)]
	fn run<D: Dot>(self, _: D) {
		self.op.run(self.x, self.y);
	}
}

fn each<O: Each>(engine: Engine<'_>, x: &mut [f32], op: O) {
	let count = engine.rows_per_task(x.len(), 1);
	engine.for_each(x.par_chunks_mut(count), |x| engine.run(EachKernel { op, x }));
}

fn pairs<O: Pairs>(engine: Engine<'_>, x: &mut [f32], y: &[f32], op: O) {
	let count = engine.rows_per_task(x.len(), 1);
	let tasks = x.par_chunks_mut(count).zip(y.par_chunks(count));
	engine.for_each(tasks, |(x, y)| engine.run(PairsKernel { op, x, y }));
}
