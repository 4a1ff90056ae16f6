//! An import that does not reach its end leaves nothing that looks finished.
#![allow(
	clippy::unwrap_used,
	reason = "a helper of tests that cannot go on has to fail, and the sizes are small"
)]

mod support;

use std::{fs, ops::ControlFlow, path::Path, process::Command};

use assay_import::{import, ImportError, Options, Phase, Profile, Smoothing};
use assay_model::{Model, ModelError};
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

#[test]
fn a_process_that_ended_before_it_had_its_lock_is_not_in_the_way() {
	let folder = tempfile::tempdir().unwrap();
	let (source, out) = (folder.path().join("source"), folder.path().join("out"));
	Source::bert().write(&source);
	fs::create_dir(folder.path().join("out.partial")).unwrap();
	run(&source, &out, &options()).unwrap();
	assert_eq!(entries(folder.path()), ["out", "source"]);
	assert!(!out.join(".lock").exists());
	Model::open(&out).unwrap().verify(|_| ()).unwrap();
}

#[test]
fn folders_above_the_output_stay_only_with_the_output() {
	let folder = tempfile::tempdir().unwrap();
	let (source, out) = (folder.path().join("source"), folder.path().join("new/models/out"));
	Source::bert().option("hidden_act", "mish".into()).write(&source);
	let error = run(&source, &out, &options()).unwrap_err().to_string();
	assert!(error.contains("mish"), "{error}");
	assert_eq!(entries(folder.path()), ["source"]);
	Source::bert().write(&source);
	run(&source, &out, &options()).unwrap();
	assert_eq!(entries(&folder.path().join("new/models")), ["out"]);
}

/// Set for the process that has small disks: the folder to work in.
#[cfg(target_os = "linux")]
const SMALL_DISK: &str = "ASSAY_IMPORT_SMALL_DISK";

/// Imports from the folder to the disks in it: a small one, with and without what calibration writes,
/// and one that has room for a folder and for no file.
#[cfg(target_os = "linux")]
fn import_to_small_disks(folder: &Path) {
	let disk = folder.join("disk");
	for (options, file) in
		[(Options::default(), "weights.safetensors"), (options(), "scratch.safetensors")]
	{
		let error = run(&folder.join("source"), &disk.join("out"), &options).unwrap_err();
		assert!(matches!(error, ImportError::Model(ModelError::DiskFull { .. })), "{error}");
		let expected = format!("out.partial/{file}: the disk is full; free some space");
		assert!(error.to_string().contains(&expected), "{error}");
		assert_eq!(entries(&disk), [""; 0]);
	}
	let disk = folder.join("without-files");
	let error = run(&folder.join("source"), &disk.join("out"), &options()).unwrap_err();
	assert!(error.to_string().contains("out.partial: the disk is full"), "{error}");
	assert_eq!(entries(&disk), [""; 0]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_gets_full_is_named_and_nothing_is_left() {
	use std::io::Write as _;

	const NAME: &str = "a_disk_that_gets_full_is_named_and_nothing_is_left";
	const NOT_GRANTED: i32 = 77;
	// The test starts itself once more, where two file systems are mounted: one of five pages, one for
	// two inodes, of which the root is one.
	if let Some(folder) = std::env::var_os(SMALL_DISK) {
		return import_to_small_disks(Path::new(&folder));
	}
	let folder = tempfile::tempdir().unwrap();
	Source::bert().write(&folder.path().join("source"));
	for disk in ["disk", "without-files"] {
		fs::create_dir(folder.path().join(disk)).unwrap();
	}
	let script = format!(
		"mount -t tmpfs -o size=20k assay \"${SMALL_DISK}/disk\" && \
		 mount -t tmpfs -o nr_inodes=2 assay \"${SMALL_DISK}/without-files\" || exit {NOT_GRANTED}; \
		 exec \"$@\""
	);
	let output = Command::new("unshare")
		.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script, "sh"])
		.arg(std::env::current_exe().unwrap())
		.args([NAME, "--exact", "--nocapture"])
		.env(SMALL_DISK, folder.path())
		.output();
	let granted = output.ok().filter(|output| {
		// A status of its own, or that of `unshare` when the namespace is refused.
		let complaint = String::from_utf8_lossy(&output.stderr);
		output.status.code() != Some(NOT_GRANTED) && !complaint.starts_with("unshare:")
	});
	let Some(output) = granted else {
		// Past the capture of the test program, for those who count skipped tests.
		let skip = "assay-skip: this system lets nobody but root mount a file system";
		writeln!(std::io::stdout(), "test {NAME} ... {skip}").unwrap();
		return;
	};
	let told = String::from_utf8_lossy(&output.stdout);
	let complaint = String::from_utf8_lossy(&output.stderr);
	assert!(output.status.success() && told.contains("1 passed"), "{told}{complaint}");
}
