//! From ranges to factors.

use assay_kernels_backend::reference::Interpreter;
use assay_kernels_exact::{
	elementary::{exp2, ln},
	float::is_zero_row,
	sqrt,
};
use assay_model::Assembly;
use assay_programs::{limits::MAX_POSITIONS, Kind};

use super::ranges::{column_ranges, source_bytes, ActivationRanges};
use crate::{
	balance::balance,
	lower::Model,
	plan::Plan,
	progress::{Callback, Meter, Phase},
	quantise::{Factors, Weights},
	source::{Checkpoint, Tokenizer},
	ImportError, Profile,
};

/// log2 e, rounded.
const LOG2_E: f32 = std::f32::consts::LOG2_E;
/// Factors stay within 2^-20..=2^20.
const LIMIT: f32 = 1_048_576.0;

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
	/// that the run takes no more memory than the rest of the import.
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
		let file = self.assembly.scratch(&plan.program, &plan.names(), |writer| {
			weights.make(&mut |bytes, _| Ok(writer.append(bytes)?))
		})?;

		let mut texts = Vec::with_capacity(self.texts.len());
		for text in self.texts {
			let mut tokens = self.tokenizer.encode(text)?;
			tokens.truncate(plan.program.max_positions.min(MAX_POSITIONS) as usize);
			texts.push(tokens);
		}
		let positions = texts.iter().map(|tokens| tokens.len() as u64).sum();
		let mut meter = Meter::new(callback, Phase::Calibrate, positions)?;
		let interpreter = Interpreter::lazy(&plan.program, &file)?;
		let mut ranges = ActivationRanges::default();
		for tokens in texts.iter().filter(|tokens| !tokens.is_empty()) {
			let outputs = match plan.program.kind {
				// Every position's row reaches the output head.
				Kind::Generate { .. } => u32::try_from(tokens.len()).unwrap_or(1),
				Kind::Embed => 1,
			};
			interpreter.run(tokens, outputs, &mut ranges)?;
			meter.advance(tokens.len() as u64)?;
		}
		Ok(ranges)
	}
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
