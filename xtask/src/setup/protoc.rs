//! protoc: the network crates of the node compile protocol buffer definitions.

use super::{install_atomically, report};
use crate::{
	environment::clean_command,
	paths::Paths,
	process::{capture, find_program, is_executable, Step},
};
use anyhow::{bail, Context, Result};
use std::{
	env, fs,
	path::{Path, PathBuf},
	process::Command,
};

/// The crate that carries Google's binaries of protoc, and its exact version.
const VENDORED_CRATE: &str = "protoc-bin-vendored";
const VENDORED_VERSION: &str = "3.3.0";

/// Finds protoc or fetches it. Returns the path for `PROTOC` unless builds find it by themselves.
///
/// Where the machine has none, it comes from the crate registry: no root rights needed, the same
/// version everywhere, and the registry is one that the build needs anyway.
pub(crate) fn require(paths: &Paths) -> Result<Option<PathBuf>> {
	if let Some(given) = env::var_os("PROTOC") {
		let given = PathBuf::from(given);
		version_of(&given).with_context(|| {
			format!("PROTOC={} is no working protoc; correct or unset it", given.display())
		})?;
		report("protoc", &format!("PROTOC={}", given.display()));
		return Ok(None);
	}
	if let Some(found) = find_program("protoc") {
		let version = version_of(&found)?;
		report("protoc", &format!("{version} at {}", found.display()));
		return Ok(None);
	}
	let folder = paths.tools().join(format!("protoc-{VENDORED_VERSION}"));
	let protoc = folder.join("bin/protoc");
	if is_executable(&protoc) {
		report("protoc", &format!("{} (fetched earlier)", protoc.display()));
	} else {
		fetch(&folder).context(
			"protoc is needed and could not be fetched. Install it and start again. \
			 Debian and Ubuntu: `apt-get install protobuf-compiler`. Fedora: \
			 `dnf install protobuf-compiler`. Arch: `pacman -S protobuf`. macOS: \
			 `brew install protobuf`",
		)?;
		report("protoc", &format!("fetched to {}", protoc.display()));
	}
	Ok(Some(protoc))
}

fn version_of(protoc: &Path) -> Result<String> {
	Ok(capture(Command::new(protoc).arg("--version"))?.trim().to_owned())
}

/// Fetches protoc and its standard definitions into `folder`.
fn fetch(folder: &Path) -> Result<()> {
	let step = Step::begin("Fetching protoc from the crate registry", "up to 30 s");
	install_atomically(folder, |partial| {
		let seed = partial.join("seed");
		write_seed_crate(&seed)?;
		let mut print_path = clean_command("cargo");
		print_path
			.args(["run", "--quiet"])
			.env("CARGO_TARGET_DIR", seed.join("target"))
			.current_dir(&seed);
		let vendored = PathBuf::from(capture(&mut print_path)?.trim());
		let vendored = vendored
			.parent()
			.and_then(Path::parent)
			.with_context(|| format!("{VENDORED_CRATE} printed {}", vendored.display()))?;
		// protoc looks for its standard definitions in `include` beside its own folder.
		for part in ["bin", "include"] {
			copy_folder(&vendored.join(part), &partial.join(part))?;
		}
		fs::remove_dir_all(&seed)?;
		let version = version_of(&partial.join("bin/protoc"))?;
		if !version.starts_with("libprotoc") {
			bail!("{VENDORED_CRATE} {VENDORED_VERSION} holds no protoc but {version:?}");
		}
		Ok(())
	})?;
	step.done();
	Ok(())
}

/// A program that prints where the registry put protoc for this kind of machine.
fn write_seed_crate(folder: &Path) -> Result<()> {
	fs::create_dir_all(folder.join("src"))?;
	fs::write(
		folder.join("Cargo.toml"),
		format!(
			"[package]\nname = \"protoc-seed\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n\
			 [dependencies]\n{VENDORED_CRATE} = \"={VENDORED_VERSION}\"\n\n[workspace]\n"
		),
	)?;
	fs::write(
		folder.join("src/main.rs"),
		"fn main() {\n\tlet path = protoc_bin_vendored::protoc_bin_path().expect(\"no protoc for \
		 this kind of machine\");\n\tprintln!(\"{}\", path.display());\n}\n",
	)?;
	Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
	fs::create_dir_all(to)?;
	let entries = fs::read_dir(from).with_context(|| format!("reading {}", from.display()))?;
	for entry in entries {
		let entry = entry?;
		let target = to.join(entry.file_name());
		if entry.file_type()?.is_dir() {
			copy_folder(&entry.path(), &target)?;
		} else {
			fs::copy(entry.path(), &target)
				.with_context(|| format!("copying {}", entry.path().display()))?;
		}
	}
	Ok(())
}
