//! Ctrl-C and SIGTERM: what runs is dropped, and with it the nodes that it started.

use std::{future::Future, process::ExitCode};

use anyhow::{Context, Result};
use tokio::signal::unix::{signal, SignalKind};

/// Exit code of a command that was interrupted, as shells report it for Ctrl-C.
const INTERRUPTED: u8 = 130;

/// Runs the work to its end, unless it is interrupted: then it is dropped, and with it the nodes
/// that it started.
pub async fn unless(
	interrupted: impl Future<Output = ()>,
	work: impl Future<Output = Result<()>>,
) -> Result<ExitCode> {
	tokio::select! {
		result = work => result.map(|()| ExitCode::SUCCESS),
		() = interrupted => {
			eprintln!("interrupted; the nodes are stopped");
			Ok(ExitCode::from(INTERRUPTED))
		},
	}
}

/// Completes at the first SIGINT (Ctrl-C) or SIGTERM.
///
/// Errors when the system refuses a signal handler.
pub fn interruption() -> Result<impl Future<Output = ()>> {
	let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
	let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
	Ok(async move {
		tokio::select! {
			_ = interrupt.recv() => {},
			_ = terminate.recv() => {},
		}
	})
}
