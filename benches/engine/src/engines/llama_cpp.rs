//! llama.cpp, by its own program for measurements.

use std::{
	io::Read,
	path::Path,
	process::{Command, Stdio},
	sync::atomic::{AtomicBool, Ordering},
	thread,
	time::Duration,
};

use anyhow::{ensure, Context, Result};
use serde::Deserialize;

use super::{DecoderRun, GENERATED, PROMPT};
use crate::memory;

/// How often the memory of the running program is looked at. The figure is a high water mark, so that
/// only what happens after the last look is lost.
const LOOK: Duration = Duration::from_millis(100);

/// One of llama-bench's tests, as far as it is needed.
#[derive(Deserialize)]
struct Test {
	n_prompt: u16,
	n_gen: u16,
	n_threads: u16,
	avg_ns: u64,
}

/// Measures with `llama-bench`, which does each kind of work once before it counts.
pub(crate) fn decoder(program: &Path, model: &Path, threads: u16) -> Result<DecoderRun> {
	let mut command = Command::new(program);
	command.arg("-m").arg(model);
	for (flag, number) in [("-t", threads), ("-p", PROMPT), ("-n", GENERATED), ("-ngl", 0)] {
		command.args([flag, &number.to_string()]);
	}
	command.args(["-r", "1", "-o", "json"]);
	let (output, peak_bytes) =
		output_and_peak(&mut command).with_context(|| format!("running {}", program.display()))?;
	let tests: Vec<Test> = serde_json::from_str(&output).context("reading llama-bench's output")?;
	ensure!(tests.iter().all(|test| test.n_threads == threads), "llama-bench took other threads");
	let seconds = |prompt, generated| {
		let is_wanted = |test: &&Test| (test.n_prompt, test.n_gen) == (prompt, generated);
		let test = tests.iter().find(is_wanted);
		let test = test.with_context(|| format!("no test of {prompt} + {generated} tokens"))?;
		anyhow::Ok(Duration::from_nanos(test.avg_ns).as_secs_f64())
	};
	let (prefill_seconds, decode_seconds) = (seconds(PROMPT, 0)?, seconds(0, GENERATED)?);
	Ok(DecoderRun { prefill_seconds, decode_seconds, peak_bytes })
}

/// What a program writes to standard output, and the most memory that it had in use.
fn output_and_peak(command: &mut Command) -> Result<(String, Option<u64>)> {
	let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
	let process = child.id().to_string();
	let is_done = AtomicBool::new(false);
	let (output, peak) = thread::scope(|scope| {
		let watch = scope.spawn(|| {
			let mut peak = None;
			while !is_done.load(Ordering::Relaxed) {
				peak = peak.max(memory::peak_of(&process));
				thread::sleep(LOOK);
			}
			peak
		});
		let mut output = String::new();
		let read = child.stdout.take().map(|mut pipe| pipe.read_to_string(&mut output));
		is_done.store(true, Ordering::Relaxed);
		(read.transpose().map(|_| output), watch.join().unwrap_or_default())
	});
	let status = child.wait()?;
	ensure!(status.success(), "it failed ({status}), see above");
	Ok((output?, peak))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_program_is_watched_until_it_ends() {
		let mut shell = Command::new("sh");
		let (output, peak) = output_and_peak(shell.args(["-c", "sleep 0.3; echo done"])).unwrap();
		assert_eq!(output, "done\n");
		if cfg!(target_os = "linux") {
			assert!(peak.is_some_and(|bytes| bytes > 100_000), "{peak:?}");
		}
	}

	#[test]
	fn a_program_that_fails_gives_no_figures() {
		let mut shell = Command::new("sh");
		let error = output_and_peak(shell.args(["-c", "exit 3"])).unwrap_err();
		assert!(error.to_string().contains("it failed"), "{error}");
	}
}
