//! Computes the outputs of all golden vectors anew and writes the data files back.
//!
//! Run it after a change that is meant to change results, and review the difference: a result that
//! changes without a new numerics version is a fault.

use std::{path::Path, process::ExitCode};

fn main() -> ExitCode {
	let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
	for (name, _) in assay_kernels_vectors::FILES {
		if let Err(reason) = regenerate(&folder.join(name)) {
			eprintln!("{name}: {reason}");
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
