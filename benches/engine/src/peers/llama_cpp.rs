//! llama.cpp, from the source distribution of llama-cpp-python, built for this machine.

use std::{
	fs,
	path::{Path, PathBuf},
	process::Command,
	thread,
};

use anyhow::{Context, Result};

use super::{install_atomically, python::Python, run};
use crate::say;

/// The Python package whose source distribution holds llama.cpp.
const PACKAGE: &str = "llama-cpp-python";
const VERSION: &str = "0.3.36";
/// Of the distribution's file.
const SHA_256: &str = "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e";

/// The program.
const PROGRAM: &str = "llama-bench";

/// Finds the program, or fetches and builds it.
pub(super) fn require(cache: &Path) -> Result<PathBuf> {
	let folder = cache.join("tools").join(format!("llama.cpp-{VERSION}"));
	let program = folder.join(PROGRAM);
	if program.is_file() {
		return Ok(program);
	}
	let python = Python::require(cache)?;
	install_atomically(&folder, |partial| {
		let work = partial.join("work");
		fs::create_dir_all(&work).with_context(|| format!("making {}", work.display()))?;
		let built = build(&python, &fetch(&python, &work)?, &work.join("build"))?;
		fs::rename(&built, partial.join(PROGRAM))
			.with_context(|| format!("taking {}", built.display()))?;
		fs::remove_dir_all(&work).with_context(|| format!("removing {}", work.display()))
	})?;
	Ok(program)
}

/// Fetches the source distribution and unpacks it; the folder of llama.cpp.
fn fetch(python: &Python, work: &Path) -> Result<PathBuf> {
	say(format_args!("fetching the source of {PACKAGE} {VERSION}, which holds llama.cpp (77 MB)"));
	let requirement = work.join("requirement.txt");
	fs::write(&requirement, format!("{PACKAGE}=={VERSION} --hash=sha256:{SHA_256}\n"))
		.with_context(|| format!("writing {}", requirement.display()))?;
	// pip asks a source distribution for its metadata, which takes its build system. Without
	// isolation that is the one of our environment; with it, pip would first fetch or even build all
	// that the package is built with.
	run(python
		.pip("download")
		.args(["--no-build-isolation", "--no-binary", PACKAGE, "--require-hashes"])
		.arg("--requirement")
		.arg(&requirement)
		.arg("--dest")
		.arg(work))
	.context("the package index that pip is configured for has to have this file")?;
	let name = format!("{}-{VERSION}", PACKAGE.replace('-', "_"));
	let archive = work.join(format!("{name}.tar.gz"));
	run(python.command().args(["-m", "tarfile", "-e"]).arg(archive).arg(work))?;
	Ok(work.join(name).join("vendor").join("llama.cpp"))
}

/// Builds the program, which needs no library besides the system's.
fn build(python: &Python, source: &Path, out: &Path) -> Result<PathBuf> {
	const OFF: [&str; 8] = [
		"BUILD_SHARED_LIBS",
		"GGML_CCACHE",
		"LLAMA_ALL_WARNINGS",
		"LLAMA_BUILD_APP",
		"LLAMA_BUILD_EXAMPLES",
		"LLAMA_BUILD_SERVER",
		"LLAMA_BUILD_TESTS",
		"LLAMA_OPENSSL",
	];
	say("building llama-bench (5 min on two cores)");
	let cmake = python.program("cmake");
	run(Command::new(&cmake)
		.arg("-S")
		.arg(source)
		.arg("-B")
		.arg(out)
		// The instructions of this machine, as users of llama.cpp build it.
		.args(["-DCMAKE_BUILD_TYPE=Release", "-DGGML_NATIVE=ON"])
		.args(OFF.map(|option| format!("-D{option}=OFF"))))
	.context("a C++ compiler and make are needed")?;
	let cores = thread::available_parallelism().map_or(1, usize::from);
	run(Command::new(&cmake).arg("--build").arg(out).args([
		"--target",
		PROGRAM,
		"--parallel",
		&cores.to_string(),
	]))?;
	Ok(out.join("bin").join(PROGRAM))
}
