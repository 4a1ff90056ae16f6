//! Time of a game: a guaranteed minimum for each move, and a budget beyond it for all of them.
//!
//! Both sides owe their moves at the same time. What a move takes within the minimum is free; what it
//! takes beyond is taken from the side's budget.

use assay_market::Tick;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::types::Side;

/// The clocks of both sides of a game.
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
pub struct MoveClocks {
	/// When the moves became due.
	pub since: Tick,
	/// Ticks that each move has for nothing.
	pub minimum: Tick,
	/// Ticks that the provider's side has beyond.
	pub provider: Tick,
	/// Ticks that the other side has beyond.
	pub challenger: Tick,
}

/// Whose time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimedOut {
	/// One side's.
	One(Side),
	/// Both, in the same block.
	Both,
}

impl MoveClocks {
	/// The budget of a side.
	pub const fn budget(&self, side: Side) -> Tick {
		match side {
			Side::Provider => self.provider,
			Side::Challenger => self.challenger,
		}
	}

	/// The last tick at which a side may move.
	pub const fn deadline(&self, side: Side) -> Tick {
		self.since.saturating_add(self.minimum).saturating_add(self.budget(side))
	}

	/// The last tick at which anybody may give the witness: as long as either side has time.
	pub fn witness_deadline(&self) -> Tick {
		self.deadline(Side::Provider).max(self.deadline(Side::Challenger))
	}

	/// A side moves: what it took beyond the minimum is taken from its budget.
	pub fn charge(&mut self, side: Side, now: Tick) {
		let beyond = now.saturating_sub(self.since).saturating_sub(self.minimum);
		let budget = match side {
			Side::Provider => &mut self.provider,
			Side::Challenger => &mut self.challenger,
		};
		*budget = budget.saturating_sub(beyond);
	}

	/// Both have moved: the next moves are due.
	pub fn restart(&mut self, now: Tick, minimum: Tick) {
		self.since = now;
		self.minimum = minimum;
	}

	/// Whose time is over, if one side has moved, or neither. It does not matter when somebody asks: of
	/// two sides that are silent, the one whose time was over first has lost.
	pub fn timed_out(&self, moved: Option<Side>, now: Tick) -> Option<TimedOut> {
		let [provider, challenger] = [Side::Provider, Side::Challenger].map(|s| self.deadline(s));
		let (first, out) = match moved {
			Some(Side::Provider) => (challenger, TimedOut::One(Side::Challenger)),
			Some(Side::Challenger) => (provider, TimedOut::One(Side::Provider)),
			None if provider == challenger => (provider, TimedOut::Both),
			None if provider < challenger => (provider, TimedOut::One(Side::Provider)),
			None => (challenger, TimedOut::One(Side::Challenger)),
		};
		(now > first).then_some(out)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const CLOCKS: MoveClocks = MoveClocks { since: 100, minimum: 20, provider: 50, challenger: 30 };

	#[test]
	fn a_quick_move_should_cost_nothing_and_a_slow_one_its_excess() {
		let mut clocks = CLOCKS;
		clocks.charge(Side::Provider, 120);
		assert_eq!(clocks, CLOCKS);
		clocks.charge(Side::Provider, 127);
		clocks.charge(Side::Challenger, 150);
		assert_eq!((clocks.provider, clocks.challenger), (43, 0));
		clocks.restart(150, 9);
		assert_eq!(
			[Side::Provider, Side::Challenger].map(|side| clocks.deadline(side)),
			[202, 159]
		);
		assert_eq!(clocks.witness_deadline(), 202);
	}

	#[test]
	fn of_two_silent_sides_the_first_whose_time_is_over_should_lose_whoever_asks_when() {
		use Side::{Challenger, Provider};
		assert_eq!(CLOCKS.timed_out(None, 150), None);
		for now in [151, 170, 171, 1_000] {
			assert_eq!(CLOCKS.timed_out(None, now), Some(TimedOut::One(Challenger)));
		}
		assert_eq!(CLOCKS.timed_out(Some(Challenger), 170), None);
		assert_eq!(CLOCKS.timed_out(Some(Challenger), 171), Some(TimedOut::One(Provider)));
		assert_eq!(CLOCKS.timed_out(Some(Provider), 151), Some(TimedOut::One(Challenger)));
		let even = MoveClocks { provider: 30, ..CLOCKS };
		assert_eq!(even.timed_out(None, 150), None);
		assert_eq!(even.timed_out(None, 151), Some(TimedOut::Both));
	}
}
