//! A child process that never outlives this program.

use std::{
	process::{Child, Command, ExitStatus, Stdio},
	time::Duration,
};

use anyhow::{bail, Context, Result};
use rustix::process::{kill_process, Pid, Signal};
use tokio::time::{sleep, Instant};

/// Pause between two looks at whether a process has ended.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Shell program of the watchdog: waits until its standard input closes, then kills the process
/// whose id is its first argument.
const WATCHDOG: &str = r#"read -r _; kill -KILL "$0" 2>/dev/null"#;

/// A child process, killed when this value is dropped and also when this program dies without
/// dropping it.
///
/// The second promise is kept by a watchdog: a shell that holds the reading end of a pipe. The
/// kernel closes the pipe when this program ends, however it ends (`SIGKILL` included), and the
/// shell then kills the child. `prctl(PR_SET_PDEATHSIG)` would do the same, but can only be set
/// between `fork` and `exec`, which takes unsafe code.
pub struct Process {
	child: Child,
	watchdog: Child,
}

impl Process {
	/// Starts the command with its watchdog. Errors name the program.
	pub fn spawn(command: &mut Command) -> Result<Self> {
		let program = command.get_program().to_string_lossy().into_owned();
		let mut child = command
			.stdin(Stdio::null())
			.spawn()
			.with_context(|| format!("cannot start {program}"))?;
		let watchdog = Command::new("sh")
			.args(["-c", WATCHDOG, &child.id().to_string()])
			.stdin(Stdio::piped())
			.stdout(Stdio::null())
			.stderr(Stdio::null())
			.spawn();
		match watchdog {
			Ok(watchdog) => Ok(Self { child, watchdog }),
			Err(error) => {
				end(&mut child);
				Err(error).context("cannot start `sh`, which watches over started nodes")
			}
		}
	}

	/// The operating system's id of the process.
	pub fn id(&self) -> u32 {
		self.child.id()
	}

	/// The exit status, if the process has ended by itself.
	pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
		self.child.try_wait().context("cannot ask for the state of a child process")
	}

	/// Waits until the process ends by itself. Errors when it still runs after `limit`.
	pub async fn wait(&mut self, limit: Duration) -> Result<ExitStatus> {
		let deadline = Instant::now() + limit;
		loop {
			if let Some(status) = self.ended()? {
				return Ok(status);
			}
			if Instant::now() >= deadline {
				bail!("process {} still runs after {} s", self.id(), limit.as_secs());
			}
			sleep(POLL_INTERVAL).await;
		}
	}

	/// Asks the process to stop (`SIGTERM`) and waits for it, at most `limit`.
	pub async fn terminate(&mut self, limit: Duration) -> Result<ExitStatus> {
		if let Some(status) = self.ended()? {
			return Ok(status);
		}
		let id = i32::try_from(self.id()).ok().and_then(Pid::from_raw);
		let id = id.context("the operating system gave a process id out of range")?;
		kill_process(id, Signal::TERM).context("cannot send SIGTERM to a child process")?;
		self.wait(limit).await.context("SIGTERM was sent")
	}
}

impl Drop for Process {
	fn drop(&mut self) {
		// The watchdog last: as long as the child may live, somebody must watch it.
		end(&mut self.child);
		end(&mut self.watchdog);
	}
}

/// Kills a child and collects it. Fails only for a child that has already been collected.
fn end(child: &mut Child) {
	drop(child.kill());
	drop(child.wait());
}

#[cfg(test)]
mod tests {
	use super::*;

	/// Whether a process with this id runs; zombies do not count.
	fn runs(id: u32) -> bool {
		std::fs::read_to_string(format!("/proc/{id}/stat"))
			.is_ok_and(|stat| !stat.rsplit(')').next().unwrap_or("").starts_with(" Z"))
	}

	#[test]
	fn should_kill_the_child_when_dropped() -> Result<()> {
		let process = Process::spawn(Command::new("sleep").arg("600"))?;
		let id = process.id();
		assert!(runs(id));
		drop(process);
		assert!(!runs(id));
		Ok(())
	}

	#[tokio::test]
	async fn should_kill_the_child_when_the_pipe_of_the_watchdog_closes() -> Result<()> {
		let mut process = Process::spawn(Command::new("sleep").arg("600"))?;
		drop(process.watchdog.stdin.take());
		let status = process.wait(Duration::from_secs(10)).await?;
		assert!(!status.success());
		Ok(())
	}

	#[tokio::test]
	async fn should_end_the_child_by_sigterm() -> Result<()> {
		use std::os::unix::process::ExitStatusExt;
		let mut process = Process::spawn(Command::new("sleep").arg("600"))?;
		let status = process.terminate(Duration::from_secs(10)).await?;
		assert_eq!(status.signal(), Some(15));
		Ok(())
	}
}
