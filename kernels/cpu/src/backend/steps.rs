//! What each operation does with the registers.

use std::borrow::Cow;

use assay_programs::op::{Elementwise, Register, TakeRows};

use super::{
	cache::Caches,
	pass::{Model, Rows},
	plan::{Heads, Operation, PlannedStep, Quantise},
	registers::Registers,
	store::{Failure, Store},
	weights::MatrixId,
};
use crate::{
	attention::{attend, Attention},
	elementwise,
	heads::{self, quantise_heads},
	linear::Epilogue,
	norm::{norm, norm_quantise},
	pool::mean_pool,
	quantise::quantise,
	Engine, Error,
};

/// A pass at one of its operations.
pub(super) struct Pass<'a, 'r, W> {
	pub(super) engine: Engine<'a>,
	pub(super) model: &'a Model<W>,
	pub(super) caches: &'a mut Caches,
	pub(super) registers: &'a mut Registers,
	pub(super) rows: &'a Rows<'r>,
}

impl<W: Store> Pass<'_, '_, W> {
	/// Computes an operation into its register.
	pub(super) fn step(&mut self, step: &PlannedStep) -> Result<(), Failure> {
		let output = step.output;
		let weights = &self.model.weights;
		match &step.operation {
			Operation::Embed { words, encoder } => self.embed(*words, *encoder, output),
			Operation::Normalise { input, columns, norm: with } => {
				let mut out = self.registers.take_spare();
				let x = self.registers.floats(*input);
				out.resize(x.len(), 0.0);
				norm(self.engine, x, *columns, with.with(weights), &mut out)?;
				self.registers.set_floats(output, out);
				Ok(())
			}
			Operation::Quantise(op) => Ok(self.quantise(op, output)?),
			Operation::Linear { input, layer, activation, residual } => {
				let epilogue = Epilogue { activation: *activation, residual: residual.is_some() };
				self.linear(*input, *layer, epilogue, *residual, output)
			}
			Operation::Gated { input, gate, up, activation } => {
				let mut out = self.registers.take_floats(output);
				let codes = self.registers.codes(*input);
				out.resize(codes.rows() * weights.shape(*gate).outputs, 0.0);
				weights.gated(self.engine, *activation, [*gate, *up], codes, &mut out)?;
				self.registers.set_floats(output, out);
				Ok(())
			}
			Operation::Heads(op) => Ok(self.heads(op, output)?),
			Operation::Attention { query, key, value, cache, attention } => {
				Ok(self.attention([*query, *key, *value], *cache, attention, output)?)
			}
			Operation::Elementwise(op) => Ok(self.elementwise(op, output)?),
			Operation::Take { input, columns, rows } => {
				self.take(*input, *columns, *rows, output);
				Ok(())
			}
			Operation::MeanPool { input, columns } => {
				let positions: Vec<usize> =
					self.rows.parts.iter().map(|part| part.tokens.len()).collect();
				let mut out = self.registers.take_spare();
				out.resize(positions.len() * columns, 0.0);
				let x = self.registers.floats(*input);
				mean_pool(self.engine, x, *columns, &positions, &mut out)?;
				self.registers.set_floats(output, out);
				Ok(())
			}
		}
	}

	fn embed(
		&mut self,
		words: MatrixId,
		encoder: Option<[MatrixId; 2]>,
		output: Register,
	) -> Result<(), Failure> {
		let (engine, rows, weights) = (self.engine, self.rows, &self.model.weights);
		let mut out = self.registers.take_floats(output);
		out.resize(rows.ids.len() * weights.shape(words).inputs, 0.0);
		weights.embed(engine, words, rows.ids, &mut out)?;
		if let Some([positions, kinds]) = encoder {
			let mut position = self.registers.take_spare();
			position.resize(out.len(), 0.0);
			weights.embed(engine, positions, rows.positions, &mut position)?;
			let mut kind = vec![0.0; out.len()];
			// Texts have one segment.
			weights.embed(engine, kinds, &vec![0; rows.ids.len()], &mut kind)?;
			elementwise::embedding_sum(engine, &mut out, &position, &kind)?;
		}
		self.registers.set_floats(output, out);
		Ok(())
	}

	/// The rows that a quantisation is about to quantise: after its norm, before its multipliers.
	pub(super) fn operand(&self, op: &Quantise) -> Result<Cow<'_, [f32]>, Error> {
		let x = self.registers.floats(op.input);
		let Some(with) = op.norm else { return Ok(Cow::Borrowed(x)) };
		let mut rows = vec![0.0; x.len()];
		norm(self.engine, x, op.columns, with.with(&self.model.weights), &mut rows)?;
		Ok(Cow::Owned(rows))
	}

	fn quantise(&mut self, op: &Quantise, output: Register) -> Result<(), Error> {
		let (engine, weights) = (self.engine, &self.model.weights);
		let multipliers = op.multipliers.map(|id| weights.vector(id));
		let mut out = self.registers.take_codes(output);
		let x = self.registers.floats(op.input);
		match op.norm {
			None => quantise(engine, x, op.columns, op.scheme, multipliers, &mut out)?,
			Some(norm) => {
				let norm = norm.with(weights);
				norm_quantise(engine, x, op.columns, norm, op.scheme, multipliers, &mut out)?;
			}
		}
		self.registers.set_codes(output, out);
		Ok(())
	}

	fn linear(
		&mut self,
		input: Register,
		layer: MatrixId,
		epilogue: Epilogue,
		residual: Option<Register>,
		output: Register,
	) -> Result<(), Failure> {
		let mut out = self.registers.take_floats(output);
		if let Some(residual) = residual.filter(|&residual| residual != output) {
			out.clear();
			out.extend_from_slice(self.registers.floats(residual));
		}
		let codes = self.registers.codes(input);
		let weights = &self.model.weights;
		out.resize(codes.rows() * weights.shape(layer).outputs, 0.0);
		weights.apply(self.engine, layer, codes, epilogue, &mut out)?;
		self.registers.set_floats(output, out);
		Ok(())
	}

	fn heads(&mut self, op: &Heads, output: Register) -> Result<(), Error> {
		let with = heads::Heads {
			heads: op.heads,
			head_dim: op.head_dim,
			norm: op.norm.map(|(gain, eps)| (self.model.weights.vector(gain), eps)),
			rotation: op.rotation.map(|index| {
				(&self.rows.angles[index], self.model.rotations[index].pairing.into())
			}),
			digits: op.digits,
		};
		let mut out = self.registers.take_codes(output);
		quantise_heads(self.engine, self.registers.floats(op.input), &with, &mut out)?;
		self.registers.set_codes(output, out);
		Ok(())
	}

	fn attention(
		&mut self,
		[query, key, value]: [Register; 3],
		cache: usize,
		attention: &Attention,
		output: Register,
	) -> Result<(), Error> {
		let (slots, sequences) = (&self.rows.slots[cache], &self.rows.sequences[cache]);
		let cache = self.caches.get_mut(cache);
		let mut out = self.registers.take_floats(output);
		let [query, key, value] = [query, key, value].map(|r| self.registers.codes(r));
		cache.append(self.engine, attention.first_head, key, value, slots)?;
		out.resize(query.rows() * query.inputs(), 0.0);
		attend(self.engine, attention, cache, query, sequences, &mut out)?;
		self.registers.set_floats(output, out);
		Ok(())
	}

	fn elementwise(&mut self, op: &Elementwise, output: Register) -> Result<(), Error> {
		let (x, y) = match *op {
			Elementwise::Add { x, y } | Elementwise::Mul { x, y } => (x, Some(y)),
			Elementwise::Scale { x, .. }
			| Elementwise::Activate { x, .. }
			| Elementwise::Softcap { x, .. } => (x, None),
		};
		let in_place = x == output && y != Some(output);
		let mut out = if in_place {
			self.registers.take_floats(output)
		} else {
			let mut out = self.registers.take_spare();
			out.clear();
			out.extend_from_slice(self.registers.floats(x));
			out
		};
		let engine = self.engine;
		match *op {
			Elementwise::Add { y, .. } => {
				elementwise::add(engine, &mut out, self.registers.floats(y))?;
			}
			Elementwise::Mul { y, .. } => {
				elementwise::mul(engine, &mut out, self.registers.floats(y))?;
			}
			Elementwise::Scale { factor, .. } => {
				elementwise::scale(engine, &mut out, factor.get());
			}
			Elementwise::Activate { activation, .. } => {
				elementwise::activate(engine, activation.into(), &mut out);
			}
			Elementwise::Softcap { cap, .. } => elementwise::softcap(engine, cap.get(), &mut out),
		}
		self.registers.set_floats(output, out);
		Ok(())
	}

	/// The rows of the parts' outputs, or the first or last of each part, which is a whole text.
	fn take(&mut self, input: Register, columns: usize, which: TakeRows, output: Register) {
		let mut out = self.registers.take_spare();
		out.clear();
		let x = self.registers.floats(input);
		let mut first = 0;
		for part in self.rows.parts {
			let end = first + part.tokens.len();
			let rows = match which {
				TakeRows::Outputs => end - part.outputs..end,
				TakeRows::First => first..first + 1,
				TakeRows::Last => end - 1..end,
			};
			out.extend_from_slice(&x[rows.start * columns..rows.end * columns]);
			first = end;
		}
		self.registers.set_floats(output, out);
	}
}
