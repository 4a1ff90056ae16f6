//! The transaction pool's tasks, so spawned that a stop in order does not look like a failure.
//!
//! Each is essential: when it ends, the node has to end, and the task manager says so in the log. But
//! they also end when the pool is dropped, which a stop does, and some are polled then before they are
//! told to stop.

use futures::future::{poll_fn, BoxFuture};
use sc_service::SpawnEssentialTaskHandle;
use sp_core::traits::SpawnEssentialNamed;
use std::{future::Future, mem, task::Poll};

/// Spawns the pool's tasks.
#[derive(Clone)]
pub(super) struct PoolTasks {
	essential: SpawnEssentialTaskHandle,
}

impl PoolTasks {
	/// Spawns them with `essential`.
	pub(super) fn new(essential: SpawnEssentialTaskHandle) -> Self {
		Self { essential }
	}
}

impl SpawnEssentialNamed for PoolTasks {
	fn spawn_essential_blocking(
		&self,
		name: &'static str,
		group: Option<&'static str>,
		task: BoxFuture<'static, ()>,
	) {
		self.essential.spawn_blocking(name, group, then_once_more(task));
	}

	fn spawn_essential(
		&self,
		name: &'static str,
		group: Option<&'static str>,
		task: BoxFuture<'static, ()>,
	) {
		self.essential.spawn(name, group, then_once_more(task));
	}
}

/// Does the task, and is not complete before it is polled once more. The task manager looks whether
/// the node stops before it polls, so it never sees the end of a task that ended by the stop.
async fn then_once_more(task: impl Future<Output = ()>) {
	task.await;
	let mut was_polled = false;
	poll_fn(|context| {
		if mem::replace(&mut was_polled, true) {
			return Poll::Ready(());
		}
		context.waker().wake_by_ref();
		Poll::Pending
	})
	.await;
}

#[cfg(test)]
mod tests {
	use super::*;
	use futures::{poll, FutureExt};

	#[test]
	fn an_ended_task_should_be_seen_one_poll_later() {
		futures::executor::block_on(async {
			let mut task = Box::pin(then_once_more(async {}));
			assert!(poll!(&mut task).is_pending());
			assert!(task.now_or_never().is_some());
		});
	}
}
