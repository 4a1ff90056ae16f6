//! An import from beginning to end.

use std::{ops::ControlFlow, path::Path};

use assay_engine::tokenizer::Tokenizer;
use assay_kernels_exact::NUMERICS_VERSION;
use assay_model::{
	Assembly, Format, Manifest, RunCost, SmoothingRecord, Source, TensorEntry, TOKENIZER,
};
use assay_primitives::hash::{Hasher, Native, ProgramHash};
use assay_programs::Kind;

use crate::{
	balance::{self, balance},
	check::{admit, check},
	lower::{self, Model},
	plan::Plan,
	progress::{Callback, Meter, Phase, Progress},
	quantise::{Factors, Weights},
	smoothing::{smooth, Run},
	source::{doubt, read_tokenizer, text_files, Checkpoint, Config, Folder},
	Calibration, ImportError, Profile, Smoothing,
};

/// What an import's result depends on besides the source.
#[derive(Clone, Debug, Default)]
pub struct Options {
	/// Precisions; `None` for [what is usual](Profile::default_for).
	pub profile: Option<Profile>,
	/// Whether and how channels are smoothed.
	pub smoothing: Smoothing,
	/// The text that smoothing measures; a file is refused where nothing is smoothed.
	pub calibration: Calibration,
	/// Name of the source in the manifest; `None` for the folder's name.
	pub name: Option<String>,
	/// Revision of the source in the manifest.
	pub revision: Option<String>,
}

/// Imports the model in `source`, a folder in Hugging Face's form, into the new folder `out`.
///
/// `progress` is told what is being done and may end it. Nothing has the name `out` before everything
/// is on the disk.
///
/// # Errors
/// If anything about the source is not understood or not right, `out` exists or cannot be written, or
/// `progress` ends it.
pub fn import(
	source: &Path,
	out: &Path,
	options: &Options,
	progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Manifest, ImportError> {
	let assembly = Assembly::create(out)?;
	let folder = Folder::new(source);
	let config = Config::read(&folder)?;
	let (config_path, architecture) =
		(config.path().to_path_buf(), config.architecture().to_owned());
	let is_declared_quantised = config.peek("quantization_config").is_some();
	let checkpoint = Checkpoint::open(&folder)?;
	let model = lower::read(config, &folder, &checkpoint)?;
	let profile = options.profile.unwrap_or(Profile::default_for(model.kind()));
	let percent = options.smoothing.percent(model.kind(), profile);
	let smoothing = smoothing_text(percent, &options.calibration)?;
	let plan = model.plan(profile, smoothing.is_some());
	admit(&plan, &config_path)?;
	check(&plan, &checkpoint, &architecture, is_declared_quantised)?;
	let tokenizer = read_tokenizer(&folder, &plan.program)?;
	let mut notes = model.notes();
	notes.extend(doubt(&tokenizer, plan.program.vocabulary));

	let files = source_files(&folder, &checkpoint, &model, progress)?;
	let text = smoothing.as_ref();
	let factors =
		compute_factors(&model, &plan, &checkpoint, &tokenizer, &assembly, text, progress)?;
	let weights = Weights { plan: &plan, checkpoint: &checkpoint, factors: &factors };
	let mut writer = assembly.weights(&plan.program, &plan.names())?;
	let mut meter = Meter::new(progress, Phase::Quantise, weights.source_bytes()?)?;
	weights.make(&mut |bytes, read| {
		writer.append(bytes)?;
		meter.advance(read)
	})?;
	let (weights_root, hashes) = writer.finish()?;

	let mut tokenizer_hash = None;
	for name in text_files(&folder) {
		let copied = assembly.copy(&folder.file(&name), &name)?;
		tokenizer_hash = tokenizer_hash.or((name == TOKENIZER).then_some(copied.blake2_256));
	}
	let named = plan.names().into_iter().zip(hashes);
	let manifest = Manifest {
		format: Format::V1,
		kind: model.kind(),
		architecture,
		profile: profile.name().into(),
		smoothing: smoothing.map(|smoothing| smoothing.record),
		numerics_version: NUMERICS_VERSION,
		program_hash: ProgramHash(Native::hash(&plan.program.to_bytes())),
		weights_root,
		tokenizer_hash: tokenizer_hash.unwrap_or_default(),
		stop_ids: match &plan.program.kind {
			Kind::Generate { stop_ids } => stop_ids.clone(),
			Kind::Embed => Vec::new(),
		},
		source: Source {
			name: options.name.clone().unwrap_or_else(|| folder.name()),
			revision: options.revision.clone(),
			files,
		},
		notes,
		costs: RunCost::of(&plan.program)
			.map_err(|fault| ImportError::NotAdmitted { path: config_path, fault })?,
		quality: None,
		tensors: named.map(|(name, hash)| TensorEntry { name: name.into(), hash }).collect(),
	};
	assembly.finish(&manifest, &plan.program)?;
	Ok(manifest)
}

/// Hashes every file that the result depends on, in order of their names.
fn source_files(
	folder: &Folder,
	checkpoint: &Checkpoint,
	model: &Model,
	callback: Callback<'_>,
) -> Result<Vec<assay_model::SourceFile>, ImportError> {
	let mut names: Vec<String> = vec!["config.json".into()];
	names.extend(checkpoint.files().map(String::from));
	names.extend(model.files().iter().cloned());
	names.extend(text_files(folder));
	names.sort();
	names.dedup();
	let mut total = 0;
	for name in &names {
		total += folder.size(name)?;
	}
	folder.describe(&names, &mut Meter::new(callback, Phase::Hash, total)?)
}

/// The text that smoothing measures, and what the manifest tells of both.
struct SmoothingText {
	lines: Vec<String>,
	record: SmoothingRecord,
}

/// Reads the calibration text if channels are smoothed, by so many percent.
fn smoothing_text(
	percent: Option<u8>,
	calibration: &Calibration,
) -> Result<Option<SmoothingText>, ImportError> {
	match (percent, calibration) {
		(None, Calibration::BuiltIn) => Ok(None),
		(None, Calibration::File(path)) => Err(ImportError::NoSmoothing { path: path.clone() }),
		(Some(percent), calibration) => {
			let (lines, calibration_blake2_256) = calibration.read()?;
			let record = SmoothingRecord { percent, calibration_blake2_256 };
			Ok(Some(SmoothingText { lines, record }))
		}
	}
}

/// The factors of all scalings.
fn compute_factors(
	model: &Model,
	plan: &Plan,
	checkpoint: &Checkpoint,
	tokenizer: &Tokenizer,
	assembly: &Assembly,
	smoothing: Option<&SmoothingText>,
	callback: Callback<'_>,
) -> Result<Factors, ImportError> {
	let mut factors = Factors::none(plan);
	if plan.balance.is_some() {
		let total = balance::source_bytes(plan, checkpoint)?;
		let mut meter = Meter::new(callback, Phase::Measure, total)?;
		balance(plan, checkpoint, &mut factors, &mut meter)?;
	}
	if let Some(SmoothingText { lines, record }) = smoothing {
		let (texts, percent) = (lines.as_slice(), record.percent);
		let run = Run { model, checkpoint, tokenizer, assembly, texts, percent };
		smooth(&run, plan, &mut factors, callback)?;
	}
	Ok(factors)
}
