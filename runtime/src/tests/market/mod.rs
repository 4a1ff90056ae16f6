//! The market over the real runtime: its pallets as they are wired, without a node.

mod assets;
mod coalitions;
mod deal;
mod exchange;
mod full_blocks;
mod genesis;
mod histories;
mod late;
mod life;
mod parameters;
mod positions;
mod room;
mod stable;
mod supply;
mod throughput;

use super::{chain::Chain, dispatch, signed};
use crate::{Burn, Clock, Jobs, Models, Payouts, Providers, Runtime, Slashing, System, Vouchers};
use assay_market::Tick;
use pallet_clock::{LastReading, Reading};
use sp_runtime::TryRuntimeError;

/// Checks every property that the market's pallets promise. Those of burning hold between blocks.
fn check_properties() {
	let checks: [(&str, fn() -> Result<(), TryRuntimeError>); 8] = [
		("clock", Clock::do_try_state),
		("payouts", Payouts::do_try_state),
		("models", Models::do_try_state),
		("vouchers", Vouchers::do_try_state),
		("providers", Providers::do_try_state),
		("jobs", Jobs::do_try_state),
		("slashing", Slashing::do_try_state),
		("burn", Burn::do_try_state),
	];
	for (pallet, check) in checks {
		assert_eq!(check(), Ok(()), "{pallet}");
	}
}

/// Lets time pass as if so many blocks had been empty, but for the work of their hooks.
fn pass(ticks: Tick) {
	LastReading::<Runtime>::mutate(|reading| {
		let now = reading.now.saturating_add(ticks);
		*reading = Reading { now, before: now, quarters: 0 };
	});
}

/// What the market's clock shows.
fn now() -> Tick {
	LastReading::<Runtime>::get().now
}

/// The last event of this block that `pick` wants.
fn last_event<Picked>(pick: impl Fn(crate::RuntimeEvent) -> Option<Picked>) -> Option<Picked> {
	System::events().into_iter().rev().find_map(|record| pick(record.event))
}
