//! `model quality`: the exact model beside the float model.

use assay_model::{Accuracy, EmbedFigures, Figures, GenerateFigures, Manifest, Quality};
use assay_quality::{
	measure,
	targets::{targets, Target},
	Comparison,
};
use serde::Serialize;

use crate::{cli::QualityArgs, console, progress::Meter, status::Failure};

/// The JSON result: what the manifest keeps, and how it compares with what is wanted.
#[derive(Serialize)]
struct Report<'q> {
	#[serde(flatten)]
	quality: &'q Quality,
	#[serde(skip_serializing_if = "Vec::is_empty")]
	targets: Vec<Verdict>,
}

/// A figure beside its target.
#[derive(Serialize)]
struct Verdict {
	#[serde(flatten)]
	target: Target,
	reached: bool,
}

pub(super) fn run(args: &QualityArgs) -> Result<(), Failure> {
	args.backend.set_threads()?;
	let comparison =
		Comparison { model: &args.model, source: &args.source, text: args.text.as_deref() };
	let backend = args.backend.open()?;
	let mut meter = Meter::new();
	let quality = measure(&comparison, backend.backend(), &mut |progress| {
		meter.update(progress.phase.to_string(), progress.done as u64, progress.total as u64);
	})?;
	drop(meter);
	let mut manifest = Manifest::read(&args.model)?;
	let targets = targets(&manifest.profile, &quality);
	if args.write {
		manifest.quality = Some(quality.clone());
		manifest.replace(&args.model)?;
	}
	if args.json {
		let verdict = |target: Target| Verdict { reached: target.is_reached(), target };
		let targets = targets.into_iter().map(verdict).collect();
		return console::json(&Report { quality: &quality, targets });
	}
	let mut lines = lines(&quality);
	lines.extend(targets.iter().map(line_of_target));
	console::line(lines.join("\n"))
}

fn line_of_target(target: &Target) -> String {
	let verdict = if target.is_reached() { "reached" } else { "MISSED" };
	let Target { figure, least, found } = target;
	format!("target of all-MiniLM-L6-v2: {figure} at least {least}, is {found:.5}: {verdict}")
}

/// The figures for people, a line for each thing to know.
pub(super) fn lines(quality: &Quality) -> Vec<String> {
	let mut lines = match &quality.figures {
		Figures::Generate(figures) => of_generating(figures),
		Figures::Embed(figures) => of_embedding(figures),
	};
	let text = &quality.text;
	lines.push(format!(
		"{} texts, {} tokens, {}, by the backend {}",
		text.texts, text.tokens, text.blake2_256, quality.backend
	));
	lines
}

fn of_generating(figures: &GenerateFigures) -> Vec<String> {
	let GenerateFigures {
		positions,
		float_perplexity,
		exact_perplexity,
		perplexity_ratio,
		top1_agreement,
		mean_divergence,
		accuracy,
	} = figures;
	let mut lines = vec![
		format!("perplexity {exact_perplexity:.4}, float {float_perplexity:.4}, ratio {perplexity_ratio:.5}"),
		format!(
			"same token first at {:.2} % of {positions} positions, divergence {mean_divergence:.2e} nats",
			100.0 * top1_agreement
		),
	];
	lines.extend(accuracy.map(|Accuracy { problems, float_correct, exact_correct }| {
		format!("{exact_correct} of {problems} problems solved, float {float_correct}")
	}));
	lines
}

fn of_embedding(figures: &EmbedFigures) -> Vec<String> {
	let EmbedFigures { cosine_min, cosine_percentile_1, cosine_median, rank_correlation } = figures;
	vec![
		format!(
			"cosine to the float model: least {cosine_min:.5}, 1 % {cosine_percentile_1:.5}, median \
			 {cosine_median:.5}"
		),
		format!("rank correlation of similarities {rank_correlation:.5}"),
	]
}
