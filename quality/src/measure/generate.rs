//! Models that generate.

use assay_model::{Accuracy, Figures, GenerateFigures};
use assay_programs::Kind;

use super::{tell, OnProgress, Phase, Run};
use crate::{
	compare::{compare_predictions, exact_answers, float_answers, limits, sequences, Problem},
	float::FloatDecoder,
	QualityError,
};

/// Most tokens that are read as one sequence: enough for attention to matter, few enough for the
/// float model, whose cost per token grows with the sequence.
const LONGEST_SEQUENCE: usize = 512;

/// The figures, and how many tokens were read.
pub(super) fn compare(
	run: &Run<'_>,
	on_progress: &mut OnProgress<'_>,
) -> Result<(Figures, usize), QualityError> {
	let (model, tokenizer) = (&run.model.model, &run.model.tokenizer);
	let mut float = FloatDecoder::load(run.source)?;
	let context = usize::try_from(model.program.max_positions).unwrap_or(usize::MAX);
	let limit = context.min(float.max_positions()).min(LONGEST_SEQUENCE);
	let sequences = sequences(tokenizer, run.texts, limit)?;
	let limits = limits(u32::try_from(limit).unwrap_or(u32::MAX));
	let mut exact = run.backend.load(&model.program, &model.weights, &limits)?;
	let on_predicted = tell(on_progress, Phase::Predict, sequences.len());
	let predictions = compare_predictions(&mut float, exact.as_mut(), &sequences, on_predicted)?;

	let problems: Vec<Problem> =
		sequences.iter().filter_map(|sequence| sequence.problem.clone()).collect();
	let accuracy = if problems.is_empty() {
		None
	} else {
		let total = problems.len();
		let stop_ids = match &model.program.kind {
			Kind::Generate { stop_ids } => stop_ids.as_slice(),
			Kind::Embed => &[],
		};
		let on_answered = tell(on_progress, Phase::Float, total);
		let by_float = float_answers(&mut float, &problems, stop_ids, on_answered)?;
		let on_answered = tell(on_progress, Phase::Exact, total);
		let by_exact = exact_answers(exact, &model.program, &problems, on_answered)?;
		let correct = |answers: &[Vec<u32>]| {
			let pairs = problems.iter().zip(answers);
			let solved =
				pairs.filter(|(problem, tokens)| problem.is_solved_by(tokens, tokenizer, stop_ids));
			solved.count() as u64
		};
		Some(Accuracy {
			problems: total as u64,
			float_correct: correct(&by_float),
			exact_correct: correct(&by_exact),
		})
	};
	let figures = GenerateFigures {
		positions: predictions.positions(),
		float_perplexity: predictions.float_perplexity(),
		exact_perplexity: predictions.exact_perplexity(),
		perplexity_ratio: predictions.exact_perplexity() / predictions.float_perplexity(),
		top1_agreement: predictions.top1_agreement(),
		mean_divergence: predictions.mean_divergence(),
		accuracy,
	};
	let tokens = sequences.iter().map(|sequence| sequence.tokens.len()).sum();
	Ok((Figures::Generate(figures), tokens))
}
