//! A compiler for `wasm32v1-none`, the target of the runtime.
//!
//! Usually the active toolchain gets the target from rustup. Where rustup cannot download (no
//! network, or only mirrors of package registries), Debian's compiler serves instead.

use super::{report, wasm_fallback};
use crate::{
	environment::clean_command,
	paths::Paths,
	process::{capture, find_program, succeeds_within, Step},
};
use anyhow::{bail, Context, Result};
use std::{
	env, fs,
	io::Write,
	path::Path,
	process::{Command, Stdio},
	time::Duration,
};

/// The target for which the runtime is compiled.
pub(super) const TARGET: &str = "wasm32v1-none";

/// A rustup without network may hang instead of failing.
const RUSTUP_TIME_LIMIT: Duration = Duration::from_secs(120);

/// The smallest runtime-like crate. Linked with LTO, as the runtime is, so that a standard library
/// without bitcode or a missing linker is found here and not after half an hour.
const PROBE: &str = "#![no_std]\n\
	#[panic_handler]\n\
	fn panic(_: &core::panic::PanicInfo<'_>) -> ! {\n\tloop {}\n}\n";

/// Finds or installs a compiler for the runtime. Returns the toolchain for `WASM_BUILD_TOOLCHAIN`
/// unless the active one serves.
///
/// Fails with what to install when neither rustup nor apt-get can provide one.
pub(crate) fn require(paths: &Paths) -> Result<Option<String>> {
	if let Ok(given) = env::var("WASM_BUILD_TOOLCHAIN") {
		compiles_wasm(paths, &mut toolchain_rustc(&given)).with_context(|| {
			format!(
				"WASM_BUILD_TOOLCHAIN={given} does not compile for {TARGET}; correct or unset it"
			)
		})?;
		report(TARGET, &format!("WASM_BUILD_TOOLCHAIN={given}"));
		return Ok(None);
	}
	if compiles_wasm(paths, &mut clean_command("rustc")).is_ok() {
		report(TARGET, "present in the active toolchain");
		return Ok(None);
	}
	if find_program("rustup").is_none() {
		// The SDK's build reaches another toolchain only through `rustup run`.
		bail!(
			"`rustc` cannot compile for {TARGET}, and there is no rustup to add the target. Install \
			 rustup (many distributions have a package of this name) and start again; or, where the \
			 compiler comes from a distribution, its package with the standard library for {TARGET}"
		);
	}
	let fallback = wasm_fallback::Toolchain::new(paths);
	if fallback.link_if_built(paths)? {
		report(
			TARGET,
			&format!("toolchain `{}`, made earlier from Debian's compiler", fallback.name),
		);
		return Ok(Some(fallback.name));
	}
	if added_by_rustup(paths)? {
		report(TARGET, "added to the active toolchain by rustup");
		return Ok(None);
	}
	fallback.build(paths).with_context(|| {
		format!(
			"rustup cannot download {TARGET} and the fallback failed too. Give this machine a \
			 network on which `rustup target add {TARGET}` works and start again; or, on Debian 12, \
			 install {} as root",
			wasm_fallback::PACKAGES.join(" ")
		)
	})?;
	report(TARGET, &format!("toolchain `{}`, made from Debian's compiler", fallback.name));
	Ok(Some(fallback.name))
}

/// `rustc` of the rustup toolchain with this name.
pub(super) fn toolchain_rustc(name: &str) -> Command {
	let mut rustc = clean_command("rustup");
	rustc.args(["run", name, "rustc"]);
	rustc
}

/// Compiles the probe; the error is the compiler's complaint.
pub(super) fn compiles_wasm(paths: &Paths, rustc: &mut Command) -> Result<()> {
	let folder = paths.cache.join("probe");
	fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
	let source = folder.join("probe.rs");
	fs::File::create(&source)
		.and_then(|mut file| file.write_all(PROBE.as_bytes()))
		.with_context(|| format!("writing {}", source.display()))?;
	rustc
		.args(["--target", TARGET, "--edition", "2021", "--crate-type", "cdylib"])
		.args(["-C", "panic=abort", "-C", "lto=thin", "--out-dir"])
		.args([&folder, &source])
		.current_dir(&paths.root);
	capture(rustc).map(drop)
}

fn added_by_rustup(paths: &Paths) -> Result<bool> {
	let step = Step::begin(&format!("rustup target add {TARGET}"), "10 s, at most 2 min");
	let mut add = clean_command("rustup");
	add.args(["target", "add", TARGET]).current_dir(&paths.root).stdout(Stdio::null());
	let added = succeeds_within(RUSTUP_TIME_LIMIT, &mut add)?
		&& compiles_wasm(paths, &mut clean_command("rustc")).is_ok();
	step.done();
	if !added {
		report(TARGET, "rustup could not add it; trying the compiler of Debian");
	}
	Ok(added)
}

/// The `1.96` of `rustc 1.96.0 (...)`, as numbers.
pub(super) fn minor_version(text: &str) -> Option<(u32, u32)> {
	let version =
		text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
	let mut numbers = version.split('.').map(|number| number.parse().ok());
	Some((numbers.next()??, numbers.next()??))
}

/// Makes `link` point at `target`.
pub(super) fn symlink(target: &Path, link: &Path) -> Result<()> {
	if !target.exists() {
		bail!("{} does not exist", target.display());
	}
	std::os::unix::fs::symlink(target, link)
		.with_context(|| format!("linking {} to {}", link.display(), target.display()))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn should_read_the_version_of_a_compiler() {
		assert_eq!(
			minor_version("rustc 1.96.0 (abc 2026-05-28) (built from a source)"),
			Some((1, 96))
		);
		assert_eq!(minor_version("1.91"), Some((1, 91)));
		assert_eq!(minor_version("rustc unknown"), None);
	}
}
