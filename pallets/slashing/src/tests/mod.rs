//! What the pallet does, by subject.

mod breaker;
mod distribute;
mod forgetting;
mod insurance;
mod penalties;
mod properties;
mod rules;
mod shares;
mod terms;

use crate::{mock::*, Event};

/// The pallet's events since the last call.
fn events() -> Vec<Event<Test>> {
	let events = System::events();
	System::reset_events();
	events
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::Slashing(event) => Some(event),
			_ => None,
		})
		.collect()
}
