//! `model import`.

use std::ops::ControlFlow;

use assay_import::{import, Calibration, Options, Smoothing};

use crate::{cli::ImportArgs, commands::show, console, progress::Meter, status::Failure};

pub(super) fn run(args: &ImportArgs) -> Result<(), Failure> {
	let options = Options {
		profile: args.profile,
		smoothing: args.smooth.unwrap_or(Smoothing::Usual),
		calibration: args.calibration.clone().map_or(Calibration::BuiltIn, Calibration::File),
		name: args.name.clone(),
		revision: args.revision.clone(),
	};
	let mut meter = Meter::new();
	let manifest = import(&args.source, &args.out, &options, &mut |progress| {
		meter.update(progress.phase.to_string(), progress.done, progress.total);
		ControlFlow::Continue(())
	})?;
	drop(meter);
	for note in &manifest.notes {
		eprintln!("Warning: {note}");
	}
	if args.json {
		console::json(&manifest)
	} else {
		console::write(&show::of_manifest(&manifest).to_string())
	}
}
