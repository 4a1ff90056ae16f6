//! Starting a node, or one of its commands, that must refuse.

use std::{
	collections::BTreeMap,
	env,
	ffi::OsString,
	fs,
	hash::{DefaultHasher, Hash, Hasher},
	os::unix::fs::symlink,
	path::{Path, PathBuf},
	process::Command,
	time::Duration,
};

use anyhow::{bail, ensure, Context, Result};
use assay_localnet::{
	artifacts,
	command::{self, Finished},
};

/// How long a node may take to refuse. It loads its runtime for some checks, beside other tests.
pub(crate) const REFUSAL_LIMIT: Duration = Duration::from_secs(90);
/// Stretch of a file that is skipped at once when it is empty: most of a database's files is.
const STRETCH: usize = 4096;

/// The one line with which a node ended.
pub(crate) struct Refused {
	line: String,
}

impl Refused {
	/// The line of a command that ended with exit code 1, and said one line besides its log.
	fn of(finished: &Finished) -> Result<Self> {
		let Finished { status, stderr, .. } = finished;
		ensure!(status.code() == Some(1), "{status}, not exit code 1:\n{stderr}");
		let complaints: Vec<&str> = stderr.lines().filter(|line| !is_log(line)).collect();
		let [line] = complaints[..] else {
			bail!("not one line besides the log:\n{stderr}");
		};
		ensure!(line.starts_with("Error: "), "the line does not start with `Error: `: {line}");
		Ok(Self { line: line.to_owned() })
	}

	/// Fails unless the line has all of these parts.
	pub(crate) fn names(&self, parts: &[&str]) -> Result<()> {
		for part in parts {
			ensure!(self.line.contains(part), "no `{part}` in: {}", self.line);
		}
		Ok(())
	}

	/// Fails if a person would not read the line to its end.
	pub(crate) fn is_short(&self) -> Result<()> {
		const CHARACTERS_MAX: usize = 1_000;
		ensure!(self.line.len() <= CHARACTERS_MAX, "{} characters: {}", self.line.len(), self.line);
		Ok(())
	}

	/// The command that the line advises and that has this part.
	pub(crate) fn advised(&self, part: &str) -> Result<&str> {
		let mut commands = self.line.split('`').skip(1).step_by(2);
		let command = commands.find(|command| command.contains(part));
		command.with_context(|| format!("no command with `{part}` in: {}", self.line))
	}

	/// Types the command that the line advises and that has this part, with more arguments. It
	/// must succeed.
	pub(crate) async fn follow(&self, part: &str, arguments: &str) -> Result<()> {
		let command = format!("{} {arguments}", self.advised(part)?);
		// As after an installation: the node is on the `PATH` under its name.
		let folder = artifacts::scratch_folder()?;
		symlink(artifacts::node_binary()?, folder.path().join("assay-node"))?;
		let mut path = OsString::from(folder.path());
		path.push(":");
		path.push(env::var_os("PATH").context("no PATH")?);
		let mut shell = Command::new("sh");
		let finished =
			command::run(shell.env("PATH", path).args(["-c", &command]), REFUSAL_LIMIT).await?;
		ensure!(finished.status.success(), "advised `{command}` fails: {}", finished.stderr);
		Ok(())
	}
}

/// Starts a node that must refuse to run and leave everything below its base path as it was. Only its
/// network key may be new, which the SDK makes for a full node before anything can be checked.
pub(crate) async fn refuse(base_path: &Path, arguments: &[&str]) -> Result<Refused> {
	let mut command = Command::new(artifacts::node_binary()?);
	command.arg("--base-path").arg(base_path).arg("--no-telemetry").args(arguments);
	// Ports that a test does not occupy itself must not be the cause.
	for flag in ["--rpc-port", "--prometheus-port", "--port"] {
		if !arguments.contains(&flag) {
			command.args([flag, "0"]);
		}
	}
	let before = contents(base_path)?;
	// What the last run left in ParityDB's journal moves to its place with the first look, so that
	// only a database with an empty journal can be held against what it was.
	let database =
		|path: &Path| path.parent().is_some_and(|folder| folder.ends_with("paritydb/full"));
	let is_log = |path: &Path| {
		path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("log"))
	};
	let is_written =
		|path: &Path| fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() > 0);
	let pending = before.keys().any(|path| database(path) && is_log(path) && is_written(path));
	let is_journal = |path: &Path| database(path) && (pending || is_log(path));
	let finished = command::run(&mut command, REFUSAL_LIMIT).await?;
	let after = contents(base_path)?;
	for (path, hash) in before.iter().filter(|(path, _)| !is_journal(path)) {
		ensure!(after.get(path) == Some(hash), "the node changed {}", path.display());
	}
	let network_key = after.keys().find(|path| path.ends_with("network/secret_ed25519"));
	let is_for_key = |path: &Path| network_key.is_some_and(|key| key.starts_with(path));
	let added: Vec<_> = after
		.keys()
		.filter(|path| !before.contains_key(*path) && !is_for_key(path) && !is_journal(path))
		.collect();
	ensure!(added.is_empty(), "the node added {added:?}");
	Refused::of(&finished)
}

/// Runs a command of the node that must refuse.
pub(crate) async fn refuse_command(arguments: &[&str]) -> Result<Refused> {
	let mut command = Command::new(artifacts::node_binary()?);
	let finished = command::run(command.args(arguments), REFUSAL_LIMIT).await?;
	ensure!(finished.stdout.is_empty(), "it printed something:\n{}", finished.stdout);
	Refused::of(&finished)
}

/// Whether a line is of the node's log, which starts with the date.
fn is_log(line: &str) -> bool {
	line.starts_with(|first: char| first.is_ascii_digit())
}

/// A hash of each file below a folder, and each folder.
fn contents(folder: &Path) -> Result<BTreeMap<PathBuf, u64>> {
	let mut contents = BTreeMap::new();
	let mut folders = vec![folder.to_owned()];
	while let Some(folder) = folders.pop() {
		if !folder.is_dir() {
			continue;
		}
		for entry in fs::read_dir(&folder)? {
			let path = entry?.path();
			if path.is_dir() {
				contents.insert(path.clone(), 0);
				folders.push(path);
			} else {
				let hash = hash_of(&path)?;
				contents.insert(path, hash);
			}
		}
	}
	Ok(contents)
}

fn hash_of(file: &Path) -> Result<u64> {
	let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
	let mut hasher = DefaultHasher::new();
	bytes.len().hash(&mut hasher);
	for (index, stretch) in bytes.chunks(STRETCH).enumerate() {
		if stretch != &[0; STRETCH][..stretch.len()] {
			(index, stretch).hash(&mut hasher);
		}
	}
	Ok(hasher.finish())
}

/// The spec of a preset, as the node prints it.
pub(crate) async fn template(preset: &str) -> Result<String> {
	let mut command = Command::new(artifacts::node_binary()?);
	command.args(["chain-spec-template", "--preset", preset]);
	let finished = command::run(&mut command, REFUSAL_LIMIT).await?;
	ensure!(finished.status.success(), "no template of {preset}: {}", finished.stderr);
	Ok(finished.stdout)
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> Result<&str> {
	path.to_str().context("a temporary path is not UTF-8")
}
