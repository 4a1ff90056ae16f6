//! libclang: the bencher contains RocksDB, whose Rust interface is generated from C headers.

use super::{apt, report};
use crate::process::capture;
use anyhow::{Context, Result};
use std::{
	env,
	path::{Path, PathBuf},
	process::Command,
};

/// The variable by which a libclang in an unusual place is named.
const VARIABLE: &str = "LIBCLANG_PATH";

/// Finds libclang or installs it.
pub(crate) fn require() -> Result<()> {
	if let Some(given) = env::var_os(VARIABLE) {
		report("libclang", &format!("{VARIABLE}={}", given.display()));
		return Ok(());
	}
	if let Some(found) = installed() {
		report("libclang", &format!("present at {}", found.display()));
		return Ok(());
	}
	apt::install("for frame-omni-bencher, which contains RocksDB", &["libclang-dev"]).with_context(
		|| {
			format!(
				"libclang is missing. Install it and start again, or name its folder by \
				 {VARIABLE}. Debian and Ubuntu: `apt-get install libclang-dev`. Fedora: \
				 `dnf install clang-devel`. Arch: `pacman -S clang`. macOS: \
				 `xcode-select --install`"
			)
		},
	)
}

/// The library of one of the places in which distributions put it.
fn installed() -> Option<PathBuf> {
	let of_llvm = capture(Command::new("llvm-config").arg("--libdir")).ok();
	let mut folders: Vec<PathBuf> = of_llvm.iter().map(|folder| folder.trim().into()).collect();
	folders
		.extend(["/usr/lib", "/usr/lib64", "/usr/local/lib", "/Library/Developer"].map(Into::into));
	// Debian has a folder for each version, and one for each architecture.
	for parent in ["/usr/lib", "/usr/lib/llvm"] {
		let entries = Path::new(parent).read_dir().into_iter().flatten().flatten();
		folders.extend(entries.flat_map(|entry| [entry.path(), entry.path().join("lib")]));
	}
	folders.iter().find_map(|folder| library_in(folder))
}

fn library_in(folder: &Path) -> Option<PathBuf> {
	let entries = folder.read_dir().ok()?;
	entries.flatten().map(|entry| entry.path()).find(|path| {
		let name = path.file_name().unwrap_or_default().to_string_lossy();
		name.starts_with("libclang.so") || name.starts_with("libclang-") || name == "libclang.dylib"
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn should_know_the_library_by_its_name() {
		let folder = tempfile::tempdir().unwrap();
		std::fs::write(folder.path().join("libclangBasic.a"), "").unwrap();
		assert_eq!(library_in(folder.path()), None);
		let library = folder.path().join("libclang-14.so.1");
		std::fs::write(&library, "").unwrap();
		assert_eq!(library_in(folder.path()), Some(library));
		assert_eq!(library_in(Path::new("/no/such/folder")), None);
	}
}
