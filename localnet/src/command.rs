//! Commands that end by themselves, with what they print.

use std::{
	fs::File,
	io::{Read, Seek},
	process::{Command, ExitStatus, Stdio},
	time::{Duration, Instant},
};

use anyhow::{bail, Context, Result};

use crate::process::Process;

/// A command that has ended.
#[derive(Debug)]
pub struct Finished {
	/// How it ended.
	pub status: ExitStatus,
	/// What it wrote to standard output.
	pub stdout: String,
	/// What it wrote to standard error.
	pub stderr: String,
	/// How long it ran.
	pub duration: Duration,
}

/// Runs the command to its end.
///
/// Errors, with what the command printed, when it still runs after `limit`; it is killed then.
pub async fn run(command: &mut Command, limit: Duration) -> Result<Finished> {
	let (mut stdout, mut stderr) = (output_file()?, output_file()?);
	command
		.stdout(Stdio::from(stdout.try_clone().context("cannot share a file")?))
		.stderr(Stdio::from(stderr.try_clone().context("cannot share a file")?));
	let started = Instant::now();
	let mut process = Process::spawn(command)?;
	let ended = process.wait(limit).await;
	let duration = started.elapsed();
	let (stdout, stderr) = (content(&mut stdout)?, content(&mut stderr)?);
	match ended {
		Ok(status) => Ok(Finished { status, stdout, stderr, duration }),
		Err(error) => bail!("{command:?} does not end: {error:#}\n{stdout}\n{stderr}"),
	}
}

fn output_file() -> Result<File> {
	tempfile::tempfile().context("cannot make a temporary file; is TMPDIR writable?")
}

fn content(file: &mut File) -> Result<String> {
	let mut bytes = Vec::new();
	file.rewind().context("cannot rewind a temporary file")?;
	file.read_to_end(&mut bytes).context("cannot read a temporary file")?;
	Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[tokio::test]
	async fn should_return_status_and_output() -> Result<()> {
		let mut command = Command::new("sh");
		command.args(["-c", "echo out; echo err >&2; exit 3"]);
		let finished = run(&mut command, Duration::from_secs(10)).await?;
		assert_eq!(finished.status.code(), Some(3));
		assert_eq!(finished.stdout, "out\n");
		assert_eq!(finished.stderr, "err\n");
		Ok(())
	}

	#[tokio::test]
	async fn should_quote_the_output_when_the_limit_passes() {
		let mut command = Command::new("sh");
		command.args(["-c", "echo still here; exec sleep 600"]);
		let error = run(&mut command, Duration::from_secs(1)).await.expect_err("it sleeps");
		assert!(format!("{error:#}").contains("still here"), "{error:#}");
	}
}
