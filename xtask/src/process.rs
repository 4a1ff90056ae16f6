//! Running other programs: a title before, the time after, and an error that shows the command
//! line which failed.

use anyhow::{bail, Context, Result};
use std::{
	env, fmt,
	io::{self, BufRead, BufReader},
	os::unix::process::CommandExt,
	path::{Path, PathBuf},
	process::{Command, ExitStatus, Stdio},
	thread,
	time::{Duration, Instant},
};

/// How often a child with a time limit is looked at.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// A piece of work that the user can watch.
pub(crate) struct Step {
	started: Instant,
}

impl Step {
	/// Announces the work and how long it may take.
	pub(crate) fn begin(title: &str, expectation: &str) -> Self {
		eprintln!("==> {title} ({expectation})");
		Self { started: Instant::now() }
	}

	/// Says how long the work took.
	pub(crate) fn done(self) {
		eprintln!("    done in {}", Elapsed(self.started.elapsed()));
	}
}

/// A duration as a person says it: `2 h 03 min`, `4 min 07 s`, `1.5 s`.
pub(crate) struct Elapsed(pub(crate) Duration);

impl fmt::Display for Elapsed {
	fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
		let seconds = self.0.as_secs();
		match seconds {
			0..=9 => write!(out, "{:.1} s", self.0.as_secs_f32()),
			10..=59 => write!(out, "{seconds} s"),
			60..=3599 => write!(out, "{} min {:02} s", seconds / 60, seconds % 60),
			_ => write!(out, "{} h {:02} min", seconds / 3600, seconds / 60 % 60),
		}
	}
}

/// Runs `command`, all its output going to standard error: standard output is for results.
///
/// Fails when the program cannot be started or reports failure.
pub(crate) fn run(command: &mut Command) -> Result<()> {
	let status = command.stdout(io::stderr()).status().with_context(|| cannot_start(command))?;
	ensure_success(command, status)
}

/// Runs `command` as a step of its own, like [`run`].
pub(crate) fn run_step(title: &str, expectation: &str, command: &mut Command) -> Result<()> {
	let step = Step::begin(title, expectation);
	run(command)?;
	step.done();
	Ok(())
}

/// Becomes `command`. Returns only when that fails.
///
/// The program takes the place of this process instead of running below it: Ctrl-C and the exit
/// status reach the right one without anybody passing them on.
pub(crate) fn replace_this_process(command: &mut Command) -> Result<()> {
	eprintln!("==> {}", line(command));
	let error = command.exec();
	Err(error).with_context(|| cannot_start(command))
}

/// Runs `command` and returns what it wrote to standard output.
///
/// Fails like [`run`]; the error then carries the last lines of standard error.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
	let output = command.stdin(Stdio::null()).output().with_context(|| cannot_start(command))?;
	if !output.status.success() {
		let complaint = String::from_utf8_lossy(&output.stderr);
		bail!("`{}` failed ({}): {}", line(command), output.status, last_lines(&complaint));
	}
	String::from_utf8(output.stdout)
		.with_context(|| format!("`{}` printed bytes that are not UTF-8", line(command)))
}

/// Runs `command` and hands over each line of its standard output as it comes.
pub(crate) fn stream(command: &mut Command, mut on_line: impl FnMut(&str)) -> Result<ExitStatus> {
	let mut child =
		command.stdout(Stdio::piped()).spawn().with_context(|| cannot_start(command))?;
	let output = child.stdout.take().context("the child has no standard output")?;
	let mut reader = BufReader::new(output);
	let mut bytes = Vec::new();
	// Lines are read as bytes: a test may print anything, and that must not end the run.
	while reader.read_until(b'\n', &mut bytes)? > 0 {
		on_line(String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']));
		bytes.clear();
	}
	child.wait().with_context(|| format!("waiting for `{}`", line(command)))
}

/// Whether `command` succeeds within `limit`; it is stopped when the time is over.
pub(crate) fn succeeds_within(limit: Duration, command: &mut Command) -> Result<bool> {
	let started = Instant::now();
	let mut child = command.stdin(Stdio::null()).spawn().with_context(|| cannot_start(command))?;
	loop {
		if let Some(status) = child.try_wait()? {
			return Ok(status.success());
		}
		if started.elapsed() > limit {
			eprintln!("    `{}` got no result within {}", line(command), Elapsed(limit));
			child.kill()?;
			child.wait()?;
			return Ok(false);
		}
		thread::sleep(POLL_INTERVAL);
	}
}

/// Whether `command` starts and succeeds; nothing is shown.
pub(crate) fn succeeds_quietly(command: &mut Command) -> bool {
	command
		.stdin(Stdio::null())
		.stdout(Stdio::null())
		.stderr(Stdio::null())
		.status()
		.is_ok_and(|status| status.success())
}

/// Fails with the command line when `status` is not success.
pub(crate) fn ensure_success(command: &Command, status: ExitStatus) -> Result<()> {
	if status.success() {
		return Ok(());
	}
	bail!("`{}` failed ({status})", line(command))
}

/// The first file of this name in `PATH` that may be executed.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
	let path = env::var_os("PATH")?;
	env::split_paths(&path).map(|folder| folder.join(name)).find(|file| is_executable(file))
}

/// Whether `file` is a file that may be executed.
pub(crate) fn is_executable(file: &Path) -> bool {
	use std::os::unix::fs::PermissionsExt;
	file.metadata()
		.is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

/// The command line as it may be typed into a shell.
pub(crate) fn line(command: &Command) -> String {
	std::iter::once(command.get_program())
		.chain(command.get_args())
		.map(|word| quoted(&word.to_string_lossy()))
		.collect::<Vec<_>>()
		.join(" ")
}

fn quoted(word: &str) -> String {
	let plain = |c: char| c.is_ascii_alphanumeric() || "-_=+./,:@%".contains(c);
	if !word.is_empty() && word.chars().all(plain) {
		word.to_owned()
	} else {
		format!("'{}'", word.replace('\'', r"'\''"))
	}
}

fn last_lines(text: &str) -> String {
	const SHOWN: usize = 5;
	let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
	lines[lines.len().saturating_sub(SHOWN)..].join(" | ")
}

fn cannot_start(command: &Command) -> String {
	format!("`{}` cannot be started", line(command))
}

#[cfg(test)]
mod tests {
	use super::*;

	fn shell(script: &str) -> Command {
		let mut command = Command::new("sh");
		command.args(["-c", script]);
		command
	}

	#[test]
	fn should_show_the_failed_command_and_its_complaint() {
		let error = capture(&mut shell("echo broken >&2; exit 3")).unwrap_err().to_string();
		assert!(error.contains("sh -c 'echo broken >&2; exit 3'"), "{error}");
		assert!(error.contains("broken") && error.contains('3'), "{error}");
	}

	#[test]
	fn should_name_a_program_that_does_not_exist() {
		let error = run(&mut Command::new("assay-no-such-program")).unwrap_err().to_string();
		assert!(error.contains("`assay-no-such-program` cannot be started"), "{error}");
	}

	#[test]
	fn should_hand_over_lines_and_the_exit_status() {
		let mut lines = Vec::new();
		let status = stream(&mut shell("printf 'a\\nb\\377\\nc'; exit 7"), |line| {
			lines.push(line.to_owned());
		})
		.unwrap();
		assert_eq!(lines, ["a", "b\u{fffd}", "c"]);
		assert_eq!(status.code(), Some(7));
	}

	#[test]
	fn should_stop_a_child_that_exceeds_its_limit() {
		let started = Instant::now();
		assert!(!succeeds_within(Duration::from_millis(200), &mut shell("exec sleep 60")).unwrap());
		assert!(started.elapsed() < Duration::from_secs(30));
		assert!(succeeds_within(Duration::from_secs(30), &mut shell("true")).unwrap());
		assert!(!succeeds_within(Duration::from_secs(30), &mut shell("false")).unwrap());
	}

	#[test]
	fn should_say_durations_like_a_person() {
		let said = |seconds| Elapsed(Duration::from_millis(seconds)).to_string();
		assert_eq!(said(1_540), "1.5 s");
		assert_eq!(said(59_000), "59 s");
		assert_eq!(said(247_000), "4 min 07 s");
		assert_eq!(said(7_380_000), "2 h 03 min");
	}

	#[test]
	fn should_quote_what_a_shell_would_split() {
		assert_eq!(quoted("--locked"), "--locked");
		assert_eq!(quoted("two words"), "'two words'");
		assert_eq!(quoted("it's"), r"'it'\''s'");
	}
}
