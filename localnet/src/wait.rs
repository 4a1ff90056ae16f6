//! Waiting for a condition of a running node, with a limit and a useful message when it passes.

use std::time::Duration;

use anyhow::{bail, Result};
use tokio::time::{sleep, timeout_at, Instant};

/// Pause between two looks at a condition.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// What one look at a condition found.
pub enum Probe<T> {
	/// The condition holds.
	Holds(T),
	/// It does not hold yet; the text says what was seen instead.
	NotYet(String),
}

impl<T> Probe<T> {
	/// `Holds(value)` where `holds`, else `NotYet` with what was seen.
	pub fn when(holds: bool, value: T, seen: impl Into<String>) -> Self {
		if holds {
			Self::Holds(value)
		} else {
			Self::NotYet(seen.into())
		}
	}
}

/// Looks again and again until the condition holds.
///
/// An error of the probe counts as "not yet": nodes refuse connections while they start. After
/// `limit` the wait fails with `what` and with the last thing that was seen.
pub async fn until<T>(
	what: &str,
	limit: Duration,
	mut probe: impl AsyncFnMut() -> Result<Probe<T>>,
) -> Result<T> {
	let deadline = Instant::now() + limit;
	let mut last_seen = String::from("nothing");
	loop {
		match timeout_at(deadline, probe()).await {
			Ok(Ok(Probe::Holds(value))) => return Ok(value),
			Ok(Ok(Probe::NotYet(seen))) => last_seen = seen,
			Ok(Err(error)) => last_seen = format!("error: {error:#}"),
			Err(_) => last_seen.push_str(" (and the last look did not return)"),
		}
		if Instant::now() + POLL_INTERVAL >= deadline {
			bail!("{what}: not within {} s; last seen: {last_seen}", limit.as_secs());
		}
		sleep(POLL_INTERVAL).await;
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[tokio::test]
	async fn should_return_the_value_when_the_condition_holds_later() {
		let mut looks = 0;
		let value = until("three looks", Duration::from_secs(10), async || {
			looks += 1;
			Ok(Probe::when(looks == 3, looks, format!("{looks} looks")))
		})
		.await;
		assert_eq!(value.ok(), Some(3));
	}

	#[tokio::test]
	async fn should_name_the_condition_and_the_last_look_when_the_limit_passes() {
		let result: Result<()> = until("a miracle", Duration::from_millis(300), async || {
			Ok(Probe::NotYet("an ordinary day".into()))
		})
		.await;
		let message = format!("{:#}", result.expect_err("the condition never holds"));
		assert!(message.contains("a miracle") && message.contains("an ordinary day"), "{message}");
	}

	#[tokio::test]
	async fn should_give_up_when_the_probe_hangs() {
		let result: Result<()> =
			until("an answer", Duration::from_millis(300), async || std::future::pending().await)
				.await;
		assert!(result.is_err());
	}
}
