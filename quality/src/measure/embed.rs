//! Models that embed.

use assay_engine::embedding::Embedder;
use assay_model::Figures;

use super::{tell, OnProgress, Phase, Run};
use crate::{
	compare::{compare_embeddings, limits},
	float::FloatEncoder,
	QualityError,
};

/// The figures, and how many tokens were read.
pub(super) fn compare(
	run: &Run<'_>,
	on_progress: &mut OnProgress<'_>,
) -> Result<(Figures, usize), QualityError> {
	let model = &run.model.model;
	let float = FloatEncoder::load(run.source)?;
	let limits = limits(model.program.max_positions);
	let executor = run.backend.load(&model.program, &model.weights, &limits)?;
	let mut embedder = Embedder::new(executor, &model.program, run.model.tokenizer.clone());
	let mut texts = Vec::with_capacity(run.texts.texts.len());
	for (index, text) in run.texts.texts.iter().enumerate() {
		let tokens = embedder.tokens(&text.prompt);
		texts.push(tokens.map_err(|error| QualityError::text(index, error))?);
	}
	let tokens = texts.iter().map(Vec::len).sum();

	let mut on_embedded = tell(on_progress, Phase::Float, texts.len());
	let mut by_float = Vec::with_capacity(texts.len());
	for text in &texts {
		by_float.push(float.embed(text)?);
		on_embedded(by_float.len());
	}
	drop(on_embedded);
	let on_embedded = tell(on_progress, Phase::Exact, texts.len());
	let by_exact: Vec<Vec<f64>> = embedder
		.embed(texts, on_embedded)?
		.into_iter()
		.map(|embedding| embedding.vector.into_iter().map(f64::from).collect())
		.collect();
	Ok((Figures::Embed(compare_embeddings(&by_float, &by_exact)?), tokens))
}
