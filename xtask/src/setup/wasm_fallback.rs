//! The fallback compiler for the runtime: Debian's, laid out as a toolchain that rustup can run.
//!
//! Debian ships a current compiler and the sources of the standard library, but no library built
//! for the target. So `core`, `alloc` and `compiler_builtins` are built once, and a folder of links
//! in rustup's layout joins them with Debian's compiler and linker.

use super::{
	apt, install_atomically,
	wasm_target::{compiles_wasm, minor_version, symlink, toolchain_rustc, TARGET},
};
use crate::{
	environment::clean_command,
	paths::Paths,
	process::{capture, run, Step},
};
use anyhow::{bail, Context, Result};
use std::{
	env, fs,
	os::unix::fs::PermissionsExt,
	path::{Path, PathBuf},
	process::Command,
};

/// Debian's compiler, its sources and a linker for Wasm.
pub(super) const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];

const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const LINKER: &str = "/usr/lib/llvm-19/bin/lld";

/// The name under which rustup knows the toolchain. Names are per user, cache folders need not be:
/// whoever uses two caches at once gives one of them another name by this variable.
const NAME_VARIABLE: &str = "ASSAY_WASM_TOOLCHAIN";
const DEFAULT_NAME: &str = "assay-wasm";

/// The crates of the standard library that a `no_std` crate links.
const LIBRARIES: [&str; 3] = ["libcore-", "liballoc-", "libcompiler_builtins-"];

/// The toolchain in the cache folder.
pub(super) struct Toolchain {
	/// Its name for `rustup run`.
	pub(super) name: String,
	folder: PathBuf,
}

impl Toolchain {
	pub(super) fn new(paths: &Paths) -> Self {
		let name = env::var(NAME_VARIABLE).unwrap_or_else(|_| DEFAULT_NAME.to_owned());
		Self { name, folder: paths.toolchains().join("debian-wasm32v1") }
	}

	/// Whether the toolchain was built earlier and still works; rustup knows it then.
	///
	/// An update of Debian's compiler makes it unusable, as libraries belong to one compiler.
	pub(super) fn link_if_built(&self, paths: &Paths) -> Result<bool> {
		let rustc = self.folder.join("bin/rustc");
		if !rustc.exists() || compiles_wasm(paths, &mut Command::new(&rustc)).is_err() {
			return Ok(false);
		}
		if compiles_wasm(paths, &mut toolchain_rustc(&self.name)).is_err() {
			self.link()?;
		}
		Ok(true)
	}

	/// Installs Debian's compiler, builds the libraries and links the toolchain.
	pub(super) fn build(&self, paths: &Paths) -> Result<()> {
		apt::install("the compiler for the runtime", &PACKAGES)?;
		let version = capture(Command::new(RUSTC).arg("--version"))?;
		let oldest = env!("CARGO_PKG_RUST_VERSION");
		if minor_version(&version) < minor_version(oldest) {
			bail!("{RUSTC} is {}; the runtime needs {oldest} or newer", version.trim());
		}
		let step = Step::begin("Building the standard library for the runtime", "30 s");
		install_atomically(&self.folder, |partial| {
			build_libraries(&partial.join("seed"))?;
			self.lay_out(partial)?;
			fs::remove_dir_all(partial.join("seed")).context("removing the build folder")
		})?;
		step.done();
		self.link()?;
		compiles_wasm(paths, &mut toolchain_rustc(&self.name))
			.context("the toolchain made from Debian's compiler does not work")
	}

	fn link(&self) -> Result<()> {
		run(clean_command("rustup").args(["toolchain", "link", &self.name]).arg(&self.folder))
	}

	/// Fills `partial`, which will be renamed to the toolchain's folder.
	fn lay_out(&self, partial: &Path) -> Result<()> {
		let sysroot =
			PathBuf::from(capture(Command::new(RUSTC).args(["--print", "sysroot"]))?.trim());
		let description = capture(Command::new(RUSTC).arg("-vV"))?;
		let host = description
			.lines()
			.find_map(|line| line.strip_prefix("host: "))
			.with_context(|| format!("`{RUSTC} -vV` names no host"))?;
		let theirs = sysroot.join("lib/rustlib");
		let ours = partial.join("lib/rustlib");
		let bin = partial.join("bin");
		for folder in [&bin, &ours.join(host).join("bin")] {
			fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
		}
		let rustc = bin.join("rustc");
		let script =
			format!("#!/bin/sh\nexec {RUSTC} --sysroot '{}' \"$@\"\n", self.folder.display());
		fs::write(&rustc, script)?;
		fs::set_permissions(&rustc, fs::Permissions::from_mode(0o755))?;
		symlink(Path::new(CARGO), &bin.join("cargo"))?;
		symlink(&theirs.join("src"), &ours.join("src"))?;
		symlink(&theirs.join(host).join("lib"), &ours.join(host).join("lib"))?;
		symlink(Path::new(LINKER), &ours.join(host).join("bin/rust-lld"))?;
		let built = partial.join("seed/target").join(TARGET).join("release/deps");
		copy_libraries(&built, &ours.join(TARGET).join("lib"))
	}
}

/// Compiles an empty crate together with the standard library, which leaves the libraries in its
/// target folder.
fn build_libraries(seed: &Path) -> Result<()> {
	fs::create_dir_all(seed.join("src"))?;
	fs::write(
		seed.join("Cargo.toml"),
		"[package]\nname = \"seed\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[workspace]\n",
	)?;
	fs::write(seed.join("src/lib.rs"), "#![no_std]\n")?;
	let mut build = clean_command(CARGO);
	build
		.args(["build", "--release", "--target", TARGET, "-Zbuild-std=core,alloc"])
		.current_dir(seed)
		.env("CARGO_TARGET_DIR", seed.join("target"))
		.env("RUSTC", RUSTC)
		// A released compiler accepts -Z only so. Set for this build alone: set for the node's
		// build it would change every fingerprint.
		.env("RUSTC_BOOTSTRAP", "1")
		// Runtimes are linked with LTO, which needs the bitcode.
		.env("RUSTFLAGS", "-Cembed-bitcode=yes");
	run(&mut build)
}

fn copy_libraries(from: &Path, to: &Path) -> Result<()> {
	fs::create_dir_all(to)?;
	let mut copied = 0;
	for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
		let entry = entry?;
		let name = entry.file_name().to_string_lossy().into_owned();
		if name.ends_with(".rlib") && LIBRARIES.iter().any(|library| name.starts_with(library)) {
			fs::copy(entry.path(), to.join(&name))?;
			copied += 1;
		}
	}
	if copied != LIBRARIES.len() {
		bail!("expected {} libraries in {}, found {copied}", LIBRARIES.len(), from.display());
	}
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn should_refuse_an_incomplete_set_of_libraries() {
		let folder = tempfile::tempdir().unwrap();
		let (from, to) = (folder.path().join("from"), folder.path().join("to"));
		fs::create_dir_all(&from).unwrap();
		for file in ["libcore-1.rlib", "liballoc-1.rlib", "libseed.rlib", "libcore-1.rmeta"] {
			fs::write(from.join(file), "").unwrap();
		}
		let error = copy_libraries(&from, &to).unwrap_err().to_string();
		assert!(error.contains("expected 3") && error.contains("found 2"), "{error}");
		fs::write(from.join("libcompiler_builtins-1.rlib"), "").unwrap();
		copy_libraries(&from, &to).unwrap();
		assert_eq!(fs::read_dir(&to).unwrap().count(), 3);
	}
}
