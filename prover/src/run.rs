//! The run that is traced.

use assay_kernels_exact::sampler::Sampling;
use assay_primitives::{Hash, Hasher, Native, TokenRoot};
use assay_programs::{Kind, Program, Typed};
use assay_trace::Layout;
use codec::Encode;

use crate::error::ProverError;

/// A run as it was committed to: what it read, what it is said to have given, and how tokens were chosen.
///
/// Input and output decide the trace together: it is that of one pass over both, whoever is right about
/// the output.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
	/// Input tokens.
	pub input: Vec<u32>,
	/// The committed words: output tokens, or the bits of an embedding.
	pub output: Vec<u32>,
	/// How tokens are chosen; without meaning for an embedding.
	pub sampling: Sampling,
}

impl Run {
	/// The layout of the run's trace.
	///
	/// # Errors
	/// If the program has no such run.
	pub fn layout<'t, 'p>(&self, typed: &'t Typed<'p>) -> Result<Layout<'t, 'p>, ProverError> {
		let program = typed.program();
		let (inputs, words) = (self.input.len(), self.output.len());
		let refused = || ProverError::Run { inputs, words, expected: expected(typed) };
		let input = u32::try_from(inputs).map_err(|_| refused())?;
		let output = u32::try_from(words).map_err(|_| refused())?;
		let outputs = match program.kind {
			Kind::Generate { .. } => output,
			Kind::Embed if output == typed.result().form.columns() => 0,
			Kind::Embed => return Err(refused()),
		};
		Layout::new(typed, input, outputs).ok_or_else(refused)
	}

	/// The token of each position of the pass that is traced.
	pub fn tokens(&self, program: &Program) -> Vec<u32> {
		let continued = match program.kind {
			// Nobody continues the last token.
			Kind::Generate { .. } => self.output.split_last().map_or(&[][..], |(_, before)| before),
			Kind::Embed => &[],
		};
		[&self.input, continued].concat()
	}

	/// What tells this run of a program from all others.
	pub fn identity(&self, program: &Program) -> Hash {
		let Sampling { temperature, top_k, top_p, min_p, seed } = self.sampling;
		let roots = [&self.input, &self.output].map(|words| TokenRoot::of::<Native>(words));
		let sampling = (temperature.to_bits(), top_k, top_p, min_p, seed);
		let program = Native::hash(&program.to_bytes());
		Native::hash(&(b"assay run", program, roots, sampling).encode())
	}
}

fn expected(typed: &Typed<'_>) -> String {
	let most = typed.program().max_positions;
	match typed.program().kind {
		Kind::Generate { .. } => {
			format!("it needs at least one of each, at most {most} positions together")
		}
		Kind::Embed => {
			let words = typed.result().form.columns();
			format!("it needs 1 to {most} tokens and gives {words} words")
		}
	}
}
