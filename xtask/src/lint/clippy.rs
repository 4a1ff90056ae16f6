//! Clippy and the lints of the compiler over every target, warnings denied.
//!
//! `cargo clippy` is `cargo check` with clippy's driver in the place of rustc. Checked dependencies
//! do not serve a build nor built ones a check, so that `cargo clippy` would analyse the thousand
//! crates of the node once more. Here a wrapper of the compiler, [`super::analysis`], lets the
//! driver analyse our own crates within `cargo build` instead, which uses the dependencies that the
//! tests need anyway.
//!
//! Nothing of this disturbs other builds:
//! - cargo keeps what a wrapper of the compiler makes of our crates apart, runs of their build
//!   scripts included, so that skipping the Wasm here does not make the next build redo it;
//! - the files in the place of programs go to a folder of their own.

use super::analysis;
use crate::{environment::Environment, paths::Paths, process::run_step};
use anyhow::{Context, Result};
use std::{
	env,
	path::{Path, PathBuf},
	process::Command,
};

/// Runs the check.
pub(super) fn check(environment: &Environment, paths: &Paths) -> Result<()> {
	run_step(
		"Clippy",
		"1 to 3 min, and first the build of all dependencies, about 30 min on two cores",
		&mut command(environment, paths, &this_program()?),
	)
}

fn this_program() -> Result<PathBuf> {
	env::current_exe().context("finding the program that runs")
}

/// `wrapper` is this program, which does as a compiler when it is told to by a variable.
fn command(environment: &Environment, paths: &Paths, wrapper: &Path) -> Command {
	let mut cargo =
		environment.cargo(&["build", "--workspace", "--all-targets", "--locked", "--keep-going"]);
	cargo
		.env("RUSTC_WORKSPACE_WRAPPER", wrapper)
		.env(analysis::VARIABLE, "1")
		// How `cargo clippy -- -D warnings` passes its arguments to the driver.
		.env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__")
		.env("SKIP_WASM_BUILD", "1")
		.env("CARGO_BUILD_BUILD_DIR", &paths.target)
		.env("CARGO_TARGET_DIR", paths.lint_outputs());
	cargo
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{
		process::{capture, succeeds_quietly},
		test_report::SKIP_MARK,
	};
	use std::{fs, io::Write};

	/// A workspace of a library, a program that uses it, and a test that does.
	struct Linted {
		folder: tempfile::TempDir,
	}

	impl Linted {
		fn new() -> Self {
			let folder = tempfile::tempdir().expect("a temporary folder");
			let linted = Self { folder };
			linted.write(
				"Cargo.toml",
				"[package]\nname = \"linted\"\nedition = \"2021\"\n\n[workspace]\n",
			);
			linted.write(
				"Cargo.lock",
				"version = 4\n\n[[package]]\nname = \"linted\"\nversion = \"0.0.0\"\n",
			);
			linted
				.write("src/lib.rs", "pub fn none(list: &[u8]) -> bool {\n\tlist.is_empty()\n}\n");
			linted.write("src/main.rs", "fn main() {\n\tassert!(linted::none(&[]));\n}\n");
			linted
				.write("tests/none.rs", "#[test]\nfn none() {\n\tassert!(linted::none(&[]));\n}\n");
			linted
		}

		fn write(&self, file: &str, text: &str) {
			let path = self.folder.path().join(file);
			fs::create_dir_all(path.parent().expect("a folder")).expect("a source folder");
			fs::write(path, text).expect("a source file");
		}

		fn check(&self) -> Result<()> {
			let root = self.folder.path().to_owned();
			let target = root.join("target");
			let paths = Paths { root, cache: target.clone(), target };
			capture(&mut command(&Environment::new(&paths), &paths, &xtask())).map(drop)
		}
	}

	/// The program beside the folder in which test programs lie.
	fn xtask() -> PathBuf {
		let test = this_program().expect("this test");
		test.ancestors().nth(2).expect("a target folder").join("xtask")
	}

	/// The way in which arguments reach the driver is clippy's own affair, and what cargo takes for
	/// an output is cargo's; this notices a change of either.
	#[test]
	fn should_fail_on_a_warning_in_any_target() {
		if !succeeds_quietly(Command::new("clippy-driver").arg("--version")) {
			let mut out = std::io::stdout();
			writeln!(out, "{SKIP_MARK} clippy is not installed").expect("standard output");
			return;
		}
		let linted = Linted::new();
		linted.check().expect("no warning");
		linted.check().expect("no warning the second time");

		let slow = "assert!(linted::none(&[]) == true);";
		linted.write("tests/none.rs", &format!("#[test]\nfn none() {{\n\t{slow}\n}}\n"));
		let error = linted.check().expect_err("a warning of clippy in a test").to_string();
		assert!(error.contains("could not compile"), "{error}");

		let linted = Linted::new();
		linted.write("src/main.rs", "fn main() {\n\tlet unused = 1;\n}\n");
		let error = linted.check().expect_err("a warning of the compiler in a program").to_string();
		assert!(error.contains("could not compile"), "{error}");
	}
}
