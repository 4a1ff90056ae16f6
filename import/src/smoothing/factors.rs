//! From ranges to factors.

use assay_engine::tokenizer::{Tokenizer, TokenizerError};
use assay_kernels_backend::BackendError;
use assay_kernels_cpu::backend::Cpu;
use assay_kernels_exact::{
	elementary::{exp2, ln},
	float::is_zero_row,
	sqrt,
};
use assay_model::Assembly;
use assay_programs::Program;

use super::ranges::{column_ranges, source_bytes, ActivationRanges};
use crate::{
	balance::balance,
	lower::Model,
	plan::Plan,
	progress::{Callback, Meter, Phase},
	quantise::{Factors, Weights},
	source::Checkpoint,
	ImportError, Profile,
};

/// log2 e, rounded.
const LOG2_E: f32 = std::f32::consts::LOG2_E;
/// Factors stay within 2^-20..=2^20.
const LIMIT: f32 = 1_048_576.0;
/// Tokens of an example that are run; the rest of a longer one is left out, so that the run takes no
/// more memory however long lines are.
const EXAMPLE: usize = 512;

/// What a calibration run needs.
pub(crate) struct Run<'a> {
	pub(crate) model: &'a Model,
	pub(crate) checkpoint: &'a Checkpoint,
	pub(crate) tokenizer: &'a Tokenizer,
	/// Holds the weights of the run.
	pub(crate) assembly: &'a Assembly,
	/// Examples.
	pub(crate) texts: &'a [String],
	/// α.
	pub(crate) percent: u8,
}

/// Computes the factors of all sites of `plan`.
pub(crate) fn smooth(
	run: &Run<'_>,
	plan: &Plan,
	factors: &mut Factors,
	callback: Callback<'_>,
) -> Result<(), ImportError> {
	let activations = run.activation_ranges(callback)?;
	let mut total = 0;
	for site in &plan.sites {
		total += source_bytes(plan, run.checkpoint, &site.readers)?;
	}
	let mut meter = Meter::new(callback, Phase::Measure, total)?;
	for site in &plan.sites {
		let reader = plan.matrix(site.readers[0]);
		let mut copies = Vec::with_capacity(reader.copies.into());
		for copy in 0..reader.copies {
			let weights = column_ranges(plan, run.checkpoint, &site.readers, copy, &mut meter)?;
			let activations = activations.get(site.place, copy, reader.columns);
			let ranges = activations.iter().zip(&weights);
			copies.push(ranges.map(|(&a, &w)| factor(a, w, run.percent)).collect());
		}
		factors.set(site.factor, copies);
	}
	Ok(())
}

impl Run<'_> {
	/// Runs the texts through the model in two digits without smoothing.
	///
	/// The weights of that model lie in a file that nobody else sees and are read when needed, so
	/// that the run takes no more memory than the rest of the import. It is that of the backend `cpu`,
	/// since the reference takes hours for a model of a billion weights; both compute the same bits.
	fn activation_ranges(&self, callback: Callback<'_>) -> Result<ActivationRanges, ImportError> {
		let plan = self.model.plan(Profile::W16A16, false);
		let mut factors = Factors::none(&plan);
		let mut meter = Meter::new(
			callback,
			Phase::Measure,
			crate::balance::source_bytes(&plan, self.checkpoint)?,
		)?;
		balance(&plan, self.checkpoint, &mut factors, &mut meter)?;
		let weights = Weights { plan: &plan, checkpoint: self.checkpoint, factors: &factors };
		let mut meter = Meter::new(callback, Phase::Prepare, weights.source_bytes()?)?;
		let file = self.assembly.scratch(&plan.program, &plan.names(), |writer| {
			weights.make(&mut |bytes, read| {
				writer.append(bytes)?;
				meter.advance(read)
			})
		})?;

		let examples = self.examples(&plan.program)?;
		let mut rest: &[&[u32]] = &examples.iter().map(Vec::as_slice).collect::<Vec<_>>();
		let mut meter = Meter::new(callback, Phase::Calibrate, positions(rest))?;
		let cpu = Cpu::with_threads(rayon::current_num_threads())
			.map_err(|error| BackendError::Device(error.to_string()))?;
		let mut probe = cpu.probe(&plan.program, &file)?;
		let mut ranges = ActivationRanges::default();
		while !rest.is_empty() {
			let (done, others) = rest.split_at(probe.run(rest, &mut |rows| ranges.see(rows))?);
			meter.advance(positions(done))?;
			rest = others;
		}
		Ok(ranges)
	}

	/// The tokens of the texts that have any.
	fn examples(&self, program: &Program) -> Result<Vec<Vec<u32>>, ImportError> {
		let longest = EXAMPLE.min(program.max_positions as usize);
		let mut examples = Vec::with_capacity(self.texts.len());
		for (number, text) in (1..).zip(self.texts) {
			match self.tokenizer.encode(text) {
				Ok(mut tokens) => {
					tokens.truncate(longest);
					examples.push(tokens);
				}
				Err(TokenizerError::Empty) => {}
				Err(source) => return Err(ImportError::Example { number, source }),
			}
		}
		Ok(examples)
	}
}

fn positions(texts: &[&[u32]]) -> u64 {
	texts.iter().map(|tokens| tokens.len() as u64).sum()
}

/// `activation^α / weight^(1 - α)`; 1 for a channel without range. α = 1/2 is a square root; other
/// powers go through the exact kernels' logarithm.
fn factor(activation: f32, weight: f32, percent: u8) -> f32 {
	if is_zero_row(activation) || is_zero_row(weight) {
		return 1.0;
	}
	let factor = if percent == 50 {
		sqrt(activation / weight)
	} else {
		let alpha = f32::from(percent) / 100.0;
		let log = (alpha * ln(activation)) - ((1.0 - alpha) * ln(weight));
		exp2(log * LOG2_E)
	};
	factor.clamp(1.0 / LIMIT, LIMIT)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn both_ways_to_the_power_agree() {
		for (activation, weight) in [(28.5, 0.3), (0.001, 4.0), (1.0, 1.0)] {
			for percent in [30_u8, 50, 65] {
				let alpha = f64::from(percent) / 100.0;
				let expected =
					f64::from(activation).powf(alpha) / f64::from(weight).powf(1.0 - alpha);
				let got = f64::from(factor(activation, weight, percent));
				assert!((got / expected - 1.0).abs() < 1e-5, "{activation} {weight} {percent}");
			}
		}
	}

	#[test]
	fn channels_without_range_stay_as_they_are() {
		assert_eq!(factor(0.0, 1.0, 50), 1.0);
		assert_eq!(factor(1.0, 0.0, 30), 1.0);
		assert_eq!(factor(1.0e12, 1.0e-12, 50), LIMIT);
	}
}
