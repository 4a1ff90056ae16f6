//! Computes the outputs of golden vectors anew and writes the files back: `regenerate [FILE...]`,
//! by default all data files.
//!
//! Run it after a change that is meant to change results, and review the difference: a result that
//! changes without a new numerics version is a fault.

use std::{
	path::{Path, PathBuf},
	process::ExitCode,
};

fn main() -> ExitCode {
	let mut files: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
	if files.is_empty() {
		let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
		files.extend(assay_kernels_vectors::FILES.iter().map(|(name, _)| folder.join(name)));
	}
	for file in files {
		if let Err(reason) = regenerate(&file) {
			eprintln!("{}: {reason}", file.display());
			return ExitCode::FAILURE;
		}
	}
	ExitCode::SUCCESS
}

fn regenerate(path: &Path) -> Result<(), Box<dyn std::error::Error>> {
	let text = std::fs::read_to_string(path)?;
	let fresh = assay_kernels_vectors::refreshed(&text)?;
	if fresh != text {
		std::fs::write(path, fresh)?;
		println!("rewrote {}", path.display());
	}
	Ok(())
}
