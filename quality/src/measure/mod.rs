//! A model directory and its source, from opening them to the figures.

mod embed;
mod generate;

use std::{fmt, path::Path};

use assay_engine::text_model::TextModel;
use assay_kernels_backend::Backend;
use assay_model::{hash_file, EvaluationText, Figures, Kind, Manifest, Quality};

use crate::{text::Texts, QualityError};

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a> {
	/// The model directory.
	pub model: &'a Path,
	/// The Hugging Face folder that it was imported from.
	pub source: &'a Path,
	/// One text a line; `None` for the text that comes with this program.
	pub text: Option<&'a Path>,
}

/// How far the work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
	/// What is being done.
	pub phase: Phase,
	/// How many texts are done.
	pub done: usize,
	/// Of how many.
	pub total: usize,
}

/// A part of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
	/// Both models predict the tokens of a text.
	Predict,
	/// The float model solves problems, or embeds.
	Float,
	/// The exact model does.
	Exact,
}

impl fmt::Display for Phase {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::Predict => "comparing predictions",
			Self::Float => "running the float model",
			Self::Exact => "running the exact model",
		})
	}
}

/// What hears about progress.
type OnProgress<'a> = dyn FnMut(Progress) + 'a;

/// Tells how many texts of a phase are done.
fn tell<'a, 'b>(
	on_progress: &'a mut OnProgress<'b>,
	phase: Phase,
	total: usize,
) -> impl FnMut(usize) + use<'a, 'b> {
	move |done| on_progress(Progress { phase, done, total })
}

/// What a comparison works with.
struct Run<'a> {
	model: &'a TextModel,
	source: &'a Path,
	texts: &'a Texts,
	backend: &'a dyn Backend,
}

/// Compares a model with its source.
///
/// # Errors
/// If the source is not the one that was imported, one of the models cannot be run, or the text cannot
/// be used.
pub fn measure(
	comparison: &Comparison<'_>,
	backend: &dyn Backend,
	on_progress: &mut OnProgress<'_>,
) -> Result<Quality, QualityError> {
	let model = TextModel::open(comparison.model)?;
	check_source(&model.model.manifest, comparison.source)?;
	let kind = model.model.manifest.kind;
	let texts = match comparison.text {
		Some(path) => Texts::read(path, kind)?,
		None => Texts::built_in(kind),
	};
	let run = Run { model: &model, source: comparison.source, texts: &texts, backend };
	let (figures, tokens) = match kind {
		Kind::Generate => generate::compare(&run, on_progress)?,
		Kind::Embed => embed::compare(&run, on_progress)?,
	};
	check_finite(&figures)?;
	let text = EvaluationText {
		blake2_256: texts.blake2_256,
		texts: texts.texts.len() as u64,
		tokens: tokens as u64,
	};
	Ok(Quality { text, backend: backend.name().to_owned(), figures })
}

/// That the source's files are those that were imported.
fn check_source(manifest: &Manifest, source: &Path) -> Result<(), QualityError> {
	for file in &manifest.source.files {
		let path = source.join(&file.path);
		if hash_file(&path)? != (file.blake2_256, file.bytes) {
			return Err(QualityError::OtherSource { path });
		}
	}
	Ok(())
}

/// That every figure is a number, which JSON and readers can use.
fn check_finite(figures: &Figures) -> Result<(), QualityError> {
	let named: Vec<(&'static str, f64)> = match figures {
		Figures::Generate(figures) => vec![
			("perplexity of the float model", figures.float_perplexity),
			("perplexity of the exact model", figures.exact_perplexity),
			("divergence", figures.mean_divergence),
		],
		Figures::Embed(figures) => vec![
			("least cosine", figures.cosine_min),
			("median of the cosines", figures.cosine_median),
			("rank correlation", figures.rank_correlation),
		],
	};
	match named.into_iter().find(|(_, value)| !value.is_finite()) {
		Some((figure, value)) => Err(QualityError::NotFinite { figure, value }),
		None => Ok(()),
	}
}
