//! The C and C++ compiler, make and perl: crates of the node compile wasm-opt (C++), zstd and
//! secp256k1 (C) and OpenSSL (its own configure script, in perl, and make).

use super::{apt, report};
use crate::process::{find_program, succeeds_quietly};
use anyhow::{bail, Result};
use std::{
	io::Write,
	process::{Command, Stdio},
};

/// The perl modules that OpenSSL's configure script loads; some distributions package them apart
/// from perl.
const PERL_MODULES: [&str; 4] = ["FindBin", "IPC::Cmd", "File::Compare", "Time::Piece"];

/// Checks for the compilers, installs them where possible.
pub(crate) fn require() -> Result<()> {
	let missing = missing();
	if missing.is_empty() {
		report("C and C++ compiler, make, perl, git", "present");
		return Ok(());
	}
	let installed =
		apt::install("to compile C libraries of the node", &["build-essential", "perl", "git"]);
	let missing = self::missing();
	if missing.is_empty() {
		return Ok(());
	}
	let attempt = match installed {
		Ok(()) => "installing packages did not help".to_owned(),
		Err(error) => format!("{error:#}"),
	};
	bail!(
		"missing on this machine: {} ({attempt}). Install them and start again. \
		 Debian and Ubuntu: `apt-get install build-essential perl git`. \
		 Fedora: `dnf install gcc gcc-c++ make git perl perl-FindBin perl-IPC-Cmd perl-File-Compare \
		 perl-Time-Piece`. Arch: `pacman -S base-devel git`. macOS: `xcode-select --install`.",
		missing.join(", ")
	)
}

fn missing() -> Vec<&'static str> {
	let mut missing = Vec::new();
	if !compiles("cc", "c", "#include <stdlib.h>\nint main(void) { return 0; }\n") {
		missing.push("a C compiler `cc` with the headers of libc");
	}
	if !compiles("c++", "c++", "#include <cstdint>\nint main() { return 0; }\n") {
		missing.push("a C++ compiler `c++` with its standard library");
	}
	if find_program("make").is_none() {
		missing.push("make");
	}
	let modules = PERL_MODULES.map(|module| format!("-M{module}"));
	if !succeeds_quietly(Command::new("perl").args(modules).args(["-e", "1"])) {
		missing.push("perl with its core modules");
	}
	if find_program("git").is_none() {
		missing.push("git");
	}
	missing
}

/// Whether `compiler` accepts `source`; having the program but not its headers is common.
fn compiles(compiler: &str, language: &str, source: &str) -> bool {
	let child = Command::new(compiler)
		.args(["-x", language, "-fsyntax-only", "-"])
		.stdin(Stdio::piped())
		.stdout(Stdio::null())
		.stderr(Stdio::null())
		.spawn();
	let Ok(mut child) = child else { return false };
	// The handle is dropped at the end of the statement, which ends the compiler's input.
	let written =
		child.stdin.take().is_some_and(|mut input| input.write_all(source.as_bytes()).is_ok());
	child.wait().is_ok_and(|status| status.success()) && written
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn should_tell_a_working_compiler_from_one_that_lacks_headers() {
		// Rust links with `cc`, so that a machine which runs this test has one.
		assert!(compiles("cc", "c", "int main(void) { return 0; }\n"));
		assert!(!compiles("cc", "c", "#include <assay-no-such-header.h>\n"));
		assert!(!compiles("assay-no-such-compiler", "c", "int main(void) { return 0; }\n"));
	}
}
