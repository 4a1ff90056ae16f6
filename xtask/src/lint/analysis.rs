//! The compiler as lint needs it: analyses our crates and generates no code.
//!
//! cargo starts this program in the place of rustc for the crates of the workspace. It passes the
//! work to clippy's driver, without the request to generate code and to link, which would take
//! longer than the analysis. An empty file takes the place of each output that is missing then, so
//! that cargo sees the work as done; where a crate is to be linked to such a file, the compiler is
//! shown the crate's metadata instead, which is all that an analysis reads.

use anyhow::{Context, Result};
use std::{
	env,
	env::consts::{DLL_PREFIX, DLL_SUFFIX},
	ffi::OsString,
	fs,
	path::{Path, PathBuf},
	process::{Command, ExitCode},
};

/// With this variable set, this program is a compiler.
pub(super) const VARIABLE: &str = "ASSAY_LINT_ANALYSIS";

/// The outputs that cargo asks for when it builds a crate, and what of them an analysis makes.
const BUILD_OUTPUTS: [&str; 2] = ["--emit=dep-info,metadata,link", "--emit=dep-info,link"];
const ANALYSIS_OUTPUTS: &str = "--emit=dep-info,metadata";

/// Does the compiler's work when cargo started this program for that; nothing otherwise.
pub(crate) fn run_as_compiler() -> Option<ExitCode> {
	env::var_os(VARIABLE)?;
	Some(match compile(env::args_os().skip(1).collect()) {
		Ok(true) => ExitCode::SUCCESS,
		Ok(false) => ExitCode::FAILURE,
		Err(error) => {
			eprintln!("error: {error:#}");
			ExitCode::FAILURE
		}
	})
}

/// `arguments`: rustc's path and its arguments, as cargo passes them to wrappers.
fn compile(arguments: Vec<OsString>) -> Result<bool> {
	let words: Vec<_> = arguments.iter().map(|word| word.to_string_lossy().into_owned()).collect();
	let placeholder = Crate::read(&words).and_then(|this| this.output());
	let mut driver = Command::new("clippy-driver");
	match &placeholder {
		Some(_) => driver.args(words.iter().map(|word| analysed(word))),
		None => driver.args(&arguments),
	};
	let status = driver.status().context("`clippy-driver` cannot be started")?;
	if let (true, Some(path)) = (status.success(), placeholder) {
		fs::write(&path, []).with_context(|| format!("writing {}", path.display()))?;
	}
	Ok(status.success())
}

/// An argument of a build, changed to that of an analysis.
fn analysed(word: &str) -> String {
	if BUILD_OUTPUTS.contains(&word) {
		return ANALYSIS_OUTPUTS.to_owned();
	}
	// The value of `--extern`: `name=path`.
	if let Some((name, path)) = word.split_once('=') {
		let library = Path::new(path);
		let is_placeholder = library.extension().is_some_and(|extension| extension == "rlib")
			&& library.metadata().is_ok_and(|metadata| metadata.len() == 0);
		if is_placeholder {
			return format!("{name}={}", library.with_extension("rmeta").display());
		}
	}
	word.to_owned()
}

/// What a command line of the compiler says of the crate and of its output.
struct Crate<'a> {
	name: &'a str,
	kind: &'a str,
	is_test: bool,
	folder: &'a Path,
	suffix: &'a str,
}

impl<'a> Crate<'a> {
	/// `None` if the compiler is asked for something else than a crate's output, such as its version.
	fn read(words: &'a [String]) -> Option<Self> {
		let after = |flag: &str| {
			let place = words.iter().position(|word| word == flag)?;
			words.get(place + 1).map(String::as_str)
		};
		if !words.iter().any(|word| BUILD_OUTPUTS.contains(&word.as_str())) {
			return None;
		}
		Some(Self {
			name: after("--crate-name")?,
			kind: after("--crate-type").unwrap_or("bin"),
			is_test: words.iter().any(|word| word == "--test"),
			folder: Path::new(after("--out-dir")?),
			suffix: words
				.iter()
				.find_map(|word| word.strip_prefix("extra-filename="))
				.unwrap_or(""),
		})
	}

	/// Where cargo expects the output; `None` for what has to be built, because it will run now.
	fn output(&self) -> Option<PathBuf> {
		let Self { name, suffix, .. } = self;
		let file = match self.kind {
			_ if name.starts_with("build_script_") => return None,
			_ if self.is_test => format!("{name}{suffix}"),
			"bin" => format!("{name}{suffix}"),
			"lib" | "rlib" => format!("lib{name}{suffix}.rlib"),
			"cdylib" | "dylib" => format!("{DLL_PREFIX}{name}{suffix}{DLL_SUFFIX}"),
			_ => return None,
		};
		Some(self.folder.join(file))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn output(line: &str) -> Option<PathBuf> {
		let words: Vec<_> = line.split(' ').map(str::to_owned).collect();
		Crate::read(&words).and_then(|this| this.output())
	}

	#[test]
	fn should_know_where_cargo_expects_outputs() {
		let common = "--out-dir /deps -C extra-filename=-1f";
		let line = |rest: &str| format!("rustc {rest} {common}");
		let library = "--crate-name a --crate-type lib --emit=dep-info,metadata,link";
		assert_eq!(output(&line(library)), Some("/deps/liba-1f.rlib".into()));
		let program = "--crate-name a --crate-type bin --emit=dep-info,link";
		assert_eq!(output(&line(program)), Some("/deps/a-1f".into()));
		let test = "--crate-name a --test --emit=dep-info,link";
		assert_eq!(output(&line(test)), Some("/deps/a-1f".into()));
	}

	#[test]
	fn should_leave_what_has_to_run_and_mere_questions_alone() {
		let script = "rustc --crate-name build_script_build --crate-type bin \
			--emit=dep-info,link --out-dir /build";
		assert_eq!(output(script), None);
		assert_eq!(output("rustc -vV"), None);
		assert_eq!(output("rustc - --crate-name ___ --print=file-names --crate-type bin"), None);
	}

	#[test]
	fn should_show_metadata_in_the_place_of_an_empty_library() {
		let folder = tempfile::tempdir().expect("a temporary folder");
		let path = |name: &str| folder.path().join(name).display().to_string();
		fs::write(path("liba.rlib"), []).expect("a file");
		fs::write(path("libb.rlib"), [1]).expect("a file");
		let shown = |name: &str| analysed(&format!("x={}", path(name)));
		assert_eq!(shown("liba.rlib"), format!("x={}", path("liba.rmeta")));
		assert_eq!(shown("libb.rlib"), format!("x={}", path("libb.rlib")));
		assert_eq!(analysed("--emit=dep-info,link"), "--emit=dep-info,metadata");
		assert_eq!(analysed("--cfg"), "--cfg");
	}
}
