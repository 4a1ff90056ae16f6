//! An import that does not reach its end leaves nothing that looks finished.
#![allow(
	clippy::unwrap_used,
	reason = "a helper of tests that cannot go on has to fail, and the sizes are small"
)]

mod support;

use std::{fs, ops::ControlFlow, path::Path, process::Command};

use assay_import::{import, ImportError, Options, Phase, Profile, Smoothing};
use assay_model::Model;
use support::{entries, run, Source};

/// Set for the process that is killed: the folder to work in.
const VICTIM: &str = "ASSAY_IMPORT_VICTIM";

fn options() -> Options {
	Options {
		profile: Some(Profile::W8A16),
		smoothing: Smoothing::Percent(50),
		..Options::default()
	}
}

#[test]
fn a_cancelled_import_removes_what_it_wrote() {
	let folder = tempfile::tempdir().unwrap();
	let (source, out) = (folder.path().join("source"), folder.path().join("out"));
	Source::bert().write(&source);
	let mut calls: usize = 0;
	import(&source, &out, &options(), &mut |_| {
		calls += 1;
		ControlFlow::Continue(())
	})
	.unwrap();
	fs::remove_dir_all(&out).unwrap();
	assert!(calls > 50, "{calls}");
	// Some thirty places from the first to the last.
	for last in (0..calls).step_by(calls / 30).chain([calls - 1]) {
		let mut left = last;
		let result = import(&source, &out, &options(), &mut |_| {
			if left == 0 {
				return ControlFlow::Break(());
			}
			left -= 1;
			ControlFlow::Continue(())
		});
		assert!(matches!(result, Err(ImportError::Cancelled)), "{last}: {result:?}");
		assert_eq!(entries(folder.path()), ["source"], "{last}");
	}
}

/// An import that dies in the middle of its work, without any clean-up.
fn import_and_die(folder: &Path) -> ! {
	let ended = import(&folder.join("source"), &folder.join("out"), &options(), &mut |progress| {
		if progress.phase == Phase::Quantise && progress.done > progress.total / 2 {
			std::process::abort();
		}
		ControlFlow::Continue(())
	});
	panic!("the import should have died, and ended with {ended:?}");
}

#[test]
fn a_killed_import_leaves_a_partial_folder_that_the_next_one_removes() {
	// The test starts itself once more as the process that is killed.
	if let Some(folder) = std::env::var_os(VICTIM) {
		import_and_die(Path::new(&folder));
	}
	let folder = tempfile::tempdir().unwrap();
	Source::bert().write(&folder.path().join("source"));
	let status = Command::new(std::env::current_exe().unwrap())
		.args(["a_killed_import_leaves_a_partial_folder_that_the_next_one_removes", "--exact"])
		.env(VICTIM, folder.path())
		.output()
		.unwrap()
		.status;
	assert!(!status.success());
	assert_eq!(entries(folder.path()), ["out.partial", "source"]);
	let partial = folder.path().join("out.partial");
	assert!(entries(&partial).contains(&"weights.safetensors".into()), "{:?}", entries(&partial));
	assert!(Model::open(&partial).is_err());

	let out = folder.path().join("out");
	run(&folder.path().join("source"), &out, &options()).unwrap();
	assert_eq!(entries(folder.path()), ["out", "source"]);
	Model::open(&out).unwrap().verify(|_| ()).unwrap();
}

#[test]
fn two_imports_of_one_output_do_not_meet() {
	let folder = tempfile::tempdir().unwrap();
	let (source, out) = (folder.path().join("source"), folder.path().join("out"));
	Source::bert().write(&source);
	let mut refused = None;
	import(&source, &out, &options(), &mut |_| {
		refused = refused.take().or_else(|| run(&source, &out, &options()).err());
		ControlFlow::Continue(())
	})
	.unwrap();
	let refused = refused.unwrap().to_string();
	assert!(refused.contains("out.partial is being written by another import"), "{refused}");
	Model::open(&out).unwrap();
}

#[test]
fn a_folder_of_somebody_else_is_not_touched() {
	let folder = tempfile::tempdir().unwrap();
	let (source, out) = (folder.path().join("source"), folder.path().join("out"));
	Source::bert().write(&source);
	let theirs = folder.path().join("out.partial");
	fs::create_dir(&theirs).unwrap();
	fs::write(theirs.join("precious"), "x").unwrap();
	let error = run(&source, &out, &options()).unwrap_err().to_string();
	assert!(error.contains("out.partial exists"), "{error}");
	assert_eq!(entries(&theirs), ["precious"]);
}
