//! `model verify`: a model directory against its manifest, and against its source.

use std::{ops::ControlFlow, path::Path};

use assay_import::{import, Calibration, Options, Smoothing};
use assay_model::{Manifest, Model, SourceFile};
use assay_programs::tensor::Tensor;
use serde::Serialize;

use crate::{
	cli::VerifyArgs,
	console,
	progress::Meter,
	status::{Failure, Status},
};

/// The JSON result. There is one only if everything agrees.
#[derive(Serialize)]
struct Report {
	program_hash: String,
	weights_root: String,
	tokenizer_hash: String,
	/// Whether the source was imported again and gave the same.
	source_verified: bool,
}

pub(super) fn run(args: &VerifyArgs) -> Result<(), Failure> {
	let model = Model::open(&args.model)?;
	verify_files(&model)?;
	if let Some(source) = &args.source {
		verify_source(&model.manifest, source, args.calibration.as_deref())?;
	}
	let manifest = &model.manifest;
	let source_verified = args.source.is_some();
	if args.json {
		return console::json(&Report {
			program_hash: manifest.program_hash.to_string(),
			weights_root: manifest.weights_root.to_string(),
			tokenizer_hash: manifest.tokenizer_hash.to_string(),
			source_verified,
		});
	}
	let what = if source_verified { "its files and its source" } else { "its files" };
	console::line(format!("the model agrees with {what}\nweights root {}", manifest.weights_root))
}

fn verify_files(model: &Model) -> Result<(), Failure> {
	let total = model.program.tensors.iter().map(Tensor::total_bytes).sum();
	let mut meter = Meter::new();
	let mut done = 0;
	model.verify(|bytes| {
		done += bytes;
		meter.update("hashing the weights", done, total);
	})?;
	Ok(())
}

/// Imports the source again, into a temporary folder (`TMPDIR` says where), and compares.
fn verify_source(
	manifest: &Manifest,
	source: &Path,
	calibration: Option<&Path>,
) -> Result<(), Failure> {
	let profile = manifest.profile.parse().map_err(|error| Failure::new(Status::Refused, error))?;
	let options = Options {
		profile: Some(profile),
		smoothing: match &manifest.smoothing {
			Some(smoothing) => Smoothing::Percent(smoothing.percent),
			None => Smoothing::Off,
		},
		calibration: calibration
			.map_or(Calibration::BuiltIn, |file| Calibration::File(file.to_path_buf())),
		name: Some(manifest.source.name.clone()),
		revision: manifest.source.revision.clone(),
	};
	let scratch = tempfile::tempdir().map_err(|error| Failure::io(&std::env::temp_dir(), error))?;
	let mut meter = Meter::new();
	let again = import(source, &scratch.path().join("model"), &options, &mut |progress| {
		meter.update(progress.phase.to_string(), progress.done, progress.total);
		ControlFlow::Continue(())
	})?;
	drop(meter);
	match difference(manifest, &again) {
		Some(reason) => {
			let reason = format!("{}: {reason}", source.display());
			Err(Failure::new(Status::Different, reason))
		}
		None => Ok(()),
	}
}

/// The first thing in which two imports differ, the likeliest cause first.
fn difference(stated: &Manifest, again: &Manifest) -> Option<String> {
	if let Some(file) = other_file(&stated.source.files, &again.source.files) {
		return Some(format!("{file} is not the file that the model was imported from"));
	}
	if stated.smoothing != again.smoothing {
		let reason = "the model was smoothed with another text; give it with --calibration";
		return Some(reason.to_owned());
	}
	let compared = [
		("program hash", stated.program_hash.to_string(), again.program_hash.to_string()),
		("weights root", stated.weights_root.to_string(), again.weights_root.to_string()),
		("tokenizer hash", stated.tokenizer_hash.to_string(), again.tokenizer_hash.to_string()),
	];
	compared.into_iter().find(|(_, stated, again)| stated != again).map(|(what, stated, again)| {
		format!("importing it again gives {what} {again}, the manifest says {stated}")
	})
}

/// The path of the first file that only one list has, or that differs.
fn other_file<'f>(stated: &'f [SourceFile], again: &'f [SourceFile]) -> Option<&'f str> {
	let lacks = |list: &[SourceFile], file: &SourceFile| !list.contains(file);
	let changed = stated.iter().find(|file| lacks(again, file));
	changed.or_else(|| again.iter().find(|file| lacks(stated, file))).map(|file| file.path.as_str())
}
