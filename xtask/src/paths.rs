//! Where things lie: the repository, the cache folder of the user and cargo's target folder.

use anyhow::{Context, Result};
use std::{
	env,
	ffi::OsString,
	path::{Path, PathBuf},
};

/// The folders that every command works with.
pub(crate) struct Paths {
	/// The root of the repository.
	pub(crate) root: PathBuf,
	/// What set-up made and may be thrown away: tools, toolchains, build outputs. Outside of the
	/// repository, so that a second clone starts warm.
	pub(crate) cache: PathBuf,
	/// Cargo's target folder.
	pub(crate) target: PathBuf,
}

impl Paths {
	/// Reads the folders from the environment.
	///
	/// Fails when neither `ASSAY_CACHE_DIR` nor `XDG_CACHE_HOME` nor `HOME` is set.
	pub(crate) fn detect() -> Result<Self> {
		let root = Path::new(env!("CARGO_MANIFEST_DIR"))
			.parent()
			.context("the xtask crate has no parent folder")?
			.to_owned();
		let cache = cache_folder(|name| env::var_os(name))?;
		let target = non_empty(env::var_os("CARGO_TARGET_DIR")).map_or_else(
			|| cache.join("target"),
			|dir| {
				// Children of this process run in other folders, so that a relative path given by
				// the user has to be pinned to the folder that the user meant.
				std::path::absolute(&dir).unwrap_or_else(|_| dir.into())
			},
		);
		Ok(Self { root, cache, target })
	}

	/// The tools that set-up installs, one folder per tool and version.
	pub(crate) fn tools(&self) -> PathBuf {
		self.cache.join("tools")
	}

	/// The compilers that set-up lays out.
	pub(crate) fn toolchains(&self) -> PathBuf {
		self.cache.join("toolchains")
	}

	/// Where lint puts the binaries that it links, which nobody runs.
	pub(crate) fn lint_outputs(&self) -> PathBuf {
		self.cache.join("lint")
	}

	/// The target folder for builds with benchmarks: other features, so that sharing the usual
	/// folder would only mix two sets of outputs.
	pub(crate) fn benchmark_target(&self) -> PathBuf {
		self.cache.join("target-benchmarks")
	}

	/// Where the engine's bench is compiled, with flags of its own.
	pub(crate) fn engine_bench_target(&self) -> PathBuf {
		self.cache.join("target-engine-bench")
	}

	/// Where the golden vectors' replays are compiled, with flags of their own.
	pub(crate) fn replay_target(&self) -> PathBuf {
		self.cache.join("target-replay")
	}
}

fn cache_folder(variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf> {
	if let Some(folder) = non_empty(variable("ASSAY_CACHE_DIR")) {
		return std::path::absolute(&folder)
			.with_context(|| format!("ASSAY_CACHE_DIR={} is not a path", folder.display()));
	}
	if let Some(folder) = non_empty(variable("XDG_CACHE_HOME")) {
		return Ok(Path::new(&folder).join("assay"));
	}
	let home = non_empty(variable("HOME"))
		.context("no place for the cache: set ASSAY_CACHE_DIR, XDG_CACHE_HOME or HOME")?;
	Ok(Path::new(&home).join(".cache").join("assay"))
}

fn non_empty(value: Option<OsString>) -> Option<OsString> {
	value.filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
	use super::*;

	fn folder_for(variables: &[(&str, &str)]) -> Result<PathBuf> {
		cache_folder(|name| {
			variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).into())
		})
	}

	#[test]
	fn should_prefer_the_own_variable_then_xdg_then_home() {
		let all = [("ASSAY_CACHE_DIR", "/own"), ("XDG_CACHE_HOME", "/xdg"), ("HOME", "/h")];
		assert_eq!(folder_for(&all).unwrap(), Path::new("/own"));
		assert_eq!(folder_for(&all[1..]).unwrap(), Path::new("/xdg/assay"));
		assert_eq!(folder_for(&all[2..]).unwrap(), Path::new("/h/.cache/assay"));
	}

	#[test]
	fn should_treat_an_empty_variable_as_unset() {
		assert_eq!(
			folder_for(&[("ASSAY_CACHE_DIR", ""), ("HOME", "/h")]).unwrap(),
			Path::new("/h/.cache/assay")
		);
	}

	#[test]
	fn should_say_what_to_set_when_nothing_is_set() {
		let error = folder_for(&[]).unwrap_err().to_string();
		assert!(error.contains("set ASSAY_CACHE_DIR"), "{error}");
	}
}
