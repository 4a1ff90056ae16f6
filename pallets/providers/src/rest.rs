//! What follows when a candidate lets its turn pass: its offer is not listed for a while. A bond that
//! never works would otherwise hold up one job after the other, at no loss.

use assay_market::{traits::Clock, ModelId, ProviderId, Tick};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::Get;
use scale_info::TypeInfo;

use crate::{
	types::{Ledger, Standing},
	Config, Event, Pallet,
};

/// The first rest lasts a heartbeat's period; each further one twice as long, so many times.
pub const REST_DOUBLINGS_MAX: u32 = 10;

/// For how long an offer is not listed.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Rest {
	/// Turns that passed since a job was accepted last; those during a rest count as one.
	pub turns_missed: u32,
	/// The first tick at which the offer may be listed again; fixed when the turn was missed.
	pub until: Tick,
}

impl Rest {
	/// The rest that begins when another turn is missed.
	pub fn after(earlier: Option<Self>, now: Tick, period: Tick) -> Self {
		let missed = earlier.map_or(0, |rest| rest.turns_missed);
		let ticks = period.saturating_mul(2_u32.saturating_pow(missed.min(REST_DOUBLINGS_MAX)));
		Self { turns_missed: missed.saturating_add(1), until: now.saturating_add(ticks) }
	}

	/// Whether the offer may be listed again.
	pub fn is_over(&self, now: Tick) -> bool {
		now >= self.until
	}
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_turn_missed(provider: ProviderId, model: &ModelId) {
		let Ok(before) = Self::ledger(provider, model) else { return };
		// An offer that is idle or full could not accept; one that rests already was absent once,
		// however many jobs came meanwhile.
		let was_there = before.offer.is_some_and(|posted| {
			matches!(posted.standing, Standing::Listed | Standing::Displaced)
		});
		if !was_there {
			return;
		}
		let rest = Rest::after(before.rest, T::Clock::now(), T::HeartbeatPeriod::get());
		Self::deposit_event(Event::OfferResting { provider, model: *model, until: rest.until });
		Self::put_ledger_as_before(provider, model, Ledger { rest: Some(rest), ..before });
	}
}
