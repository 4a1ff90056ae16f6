//! How a model compares with the float model that it was imported from.

use assay_primitives::hash::Hash;
use serde::{Deserialize, Serialize};

use crate::text;

/// The exact model beside the float model on the same text, as the importer claims.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quality {
	/// What both read.
	pub text: EvaluationText,
	/// The backend that ran the exact model.
	pub backend: String,
	/// How near they are.
	pub figures: Figures,
}

/// What both models read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvaluationText {
	/// Hash of the text as it lies in its file.
	#[serde(with = "text")]
	pub blake2_256: Hash,
	/// Texts in it.
	pub texts: u64,
	/// Tokens of all of them.
	pub tokens: u64,
}

/// How near the exact model is to the float model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Figures {
	/// Of a model that generates.
	Generate(GenerateFigures),
	/// Of a model that embeds.
	Embed(EmbedFigures),
}

/// How near two models are that generate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenerateFigures {
	/// Positions at which their predictions of the next token were compared.
	pub positions: u64,
	/// Perplexity of the float model.
	pub float_perplexity: f64,
	/// Perplexity of the exact model.
	pub exact_perplexity: f64,
	/// That of the exact model divided by that of the float model.
	pub perplexity_ratio: f64,
	/// Share of positions at which both put the same token first.
	pub top1_agreement: f64,
	/// Mean Kullback-Leibler divergence of the exact from the float distribution, in nats.
	pub mean_divergence: f64,
	/// How many problems each solves, if the text has problems with answers.
	pub accuracy: Option<Accuracy>,
}

/// How many problems two models solve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accuracy {
	/// Problems given to both.
	pub problems: u64,
	/// Answered to the letter by the float model.
	pub float_correct: u64,
	/// Answered to the letter by the exact model.
	pub exact_correct: u64,
}

/// How near two models are that embed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmbedFigures {
	/// Least cosine of a text's exact and float embedding.
	pub cosine_min: f64,
	/// The cosine that one text of a hundred is below.
	pub cosine_percentile_1: f64,
	/// Median of the cosines.
	pub cosine_median: f64,
	/// Spearman's correlation of the similarities of pairs of texts, exact against float.
	pub rank_correlation: f64,
}
