//! The values that governance may change, what they must respect, and which of them a job keeps.

use assay_market::{Balance, Tick};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec, Deserialize, PalletError, Serialize};
use scale_info::TypeInfo;

/// Longest span that a value may set: a day of six-second blocks. Exposure and bonds must not be
/// locked up by a mistaken parameter.
pub const SPAN_TICKS_MAX: Tick = 14_400;

/// Shortest time for a move. Whoever decides on finalised blocks and has a move dropped once must still
/// be able to make it.
pub const MOVE_TICKS_MIN: Tick = 10;

/// How often the fee of a claim is doubled at most.
pub const FEE_DOUBLINGS_MAX: u32 = 20;

/// Most sets of values that jobs may have been accepted under.
pub const MAX_RULES: u32 = 16;

/// The governed values. A job keeps those of its acceptance.
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
	Serialize,
	Deserialize,
)]
#[serde(crate = "sp_runtime::serde", rename_all = "camelCase", deny_unknown_fields)]
pub struct DisputeParameters {
	/// Time to post a trace, beside what its bytes take at the provider's rate.
	pub trace_ticks: Tick,
	/// Time to show the root of a sealed claim, from the provider's trace or the seal on, whichever is
	/// later.
	pub show_ticks: Tick,
	/// Guaranteed minimum of each move, beside what grows with the number of games.
	pub move_ticks: Tick,
	/// What a side has beyond the minima, for all its moves of a game together.
	pub budget_ticks: Tick,
	/// Fee of a claim that puts a trace into an empty queue.
	pub fee: Balance,
	/// Ticks of queued traces for which the fee doubles.
	pub fee_doubling_ticks: Tick,
}

impl Default for DisputeParameters {
	/// With blocks every six seconds: five minutes for a trace and for showing a root, two for each
	/// move, ten beyond. A fee of a thousandth of a token (12 decimals).
	fn default() -> Self {
		Self {
			trace_ticks: 50,
			show_ticks: 50,
			move_ticks: 20,
			budget_ticks: 100,
			fee: 1_000_000_000,
			fee_doubling_ticks: 150,
		}
	}
}

/// Which value breaks its rule.
#[derive(
	Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, PalletError,
)]
pub enum BadParameter {
	/// The time for a trace is below [`MOVE_TICKS_MIN`] or exceeds [`SPAN_TICKS_MAX`].
	#[codec(index = 0)]
	Trace,
	/// The time for showing a root is below [`MOVE_TICKS_MIN`] or exceeds [`SPAN_TICKS_MAX`].
	#[codec(index = 1)]
	Show,
	/// The minimum of a move is below [`MOVE_TICKS_MIN`] or exceeds [`SPAN_TICKS_MAX`].
	#[codec(index = 2)]
	Move,
	/// The budget exceeds [`SPAN_TICKS_MAX`].
	#[codec(index = 3)]
	Budget,
	/// The ticks for which the fee doubles are none, or exceed [`SPAN_TICKS_MAX`].
	#[codec(index = 4)]
	FeeDoubling,
}

impl DisputeParameters {
	/// Whether every value respects its rule.
	///
	/// # Errors
	/// The first value that does not.
	pub fn validate(&self) -> Result<(), BadParameter> {
		let span = |ticks: Tick, least: Tick| (least..=SPAN_TICKS_MAX).contains(&ticks);
		let rules = [
			(span(self.trace_ticks, MOVE_TICKS_MIN), BadParameter::Trace),
			(span(self.show_ticks, MOVE_TICKS_MIN), BadParameter::Show),
			(span(self.move_ticks, MOVE_TICKS_MIN), BadParameter::Move),
			(span(self.budget_ticks, 0), BadParameter::Budget),
			(span(self.fee_doubling_ticks, 1), BadParameter::FeeDoubling),
		];
		rules.into_iter().find(|(kept, _)| !kept).map_or(Ok(()), |(_, broken)| Err(broken))
	}

	/// Ticks in which a trace of so many bytes is to be posted by whoever declared so many per tick.
	pub fn ticks_for_trace(&self, bytes: u64, bytes_per_tick: u64) -> Tick {
		let ticks = bytes.div_ceil(bytes_per_tick.max(1));
		Tick::try_from(ticks).unwrap_or(Tick::MAX).saturating_add(self.trace_ticks)
	}

	/// Fee of a claim that adds a trace to a queue of so many ticks: it doubles for each full
	/// [`fee_doubling_ticks`](Self::fee_doubling_ticks).
	pub fn fee_at(&self, queued: Tick) -> Balance {
		let doublings = queued.checked_div(self.fee_doubling_ticks).unwrap_or(0);
		self.fee.saturating_mul(1 << doublings.min(FEE_DOUBLINGS_MAX))
	}

	/// Guaranteed minimum of a move while so many games are open, of which a block takes so many
	/// witnesses.
	pub fn minimum(&self, open_games: u32, witnesses_per_block: u32) -> Tick {
		self.move_ticks.saturating_add(open_games.div_ceil(witnesses_per_block.max(1)))
	}

	/// Most ticks of a game of so many moves a side, from the tick at which its root was shown, while
	/// no more than so many games are open: each move's minimum, the witness's, and the budget once,
	/// because both sides' clocks run at once.
	pub fn longest_game(&self, moves: u32, open_games: u32, witnesses_per_block: u32) -> Tick {
		let minimum = self.minimum(open_games, witnesses_per_block);
		// One tick each: deadlines are the last ticks of a move, not the first after it.
		let each = minimum.saturating_add(1);
		each.saturating_mul(moves.saturating_add(1)).saturating_add(self.budget_ticks)
	}
}

/// Values and the tick from which on they were in force.
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
pub struct RulesSince {
	/// From this tick on.
	pub since: Tick,
	/// The values.
	pub parameters: DisputeParameters,
}

/// The values of now and of before, latest first, as long as a job may be open that was accepted
/// under them.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Rules {
	/// The values of now.
	pub now: RulesSince,
	/// The values of before, latest first.
	pub before: BoundedVec<RulesSince, ConstU32<MAX_RULES>>,
}

impl Default for Rules {
	fn default() -> Self {
		Self::new(DisputeParameters::default())
	}
}

impl Rules {
	/// Of a new chain.
	pub fn new(parameters: DisputeParameters) -> Self {
		Self { now: RulesSince { since: 0, parameters }, before: BoundedVec::new() }
	}

	/// The values under which a job was accepted at a tick: those that were set before it. Whatever is
	/// older than what is kept has the oldest.
	pub fn at(&self, accepted_at: Tick) -> DisputeParameters {
		let all = || core::iter::once(&self.now).chain(&self.before);
		let found = all().find(|rules| rules.since <= accepted_at).or_else(|| all().last());
		found.unwrap_or(&self.now).parameters
	}

	/// Sets new values. Those are forgotten that no job can have any more, because others replaced them
	/// more than `longest_job` ticks ago.
	///
	/// `None` if too many sets are still needed.
	#[must_use]
	pub fn replaced(
		&self,
		parameters: DisputeParameters,
		now: Tick,
		longest_job: Tick,
	) -> Option<Self> {
		// Jobs of this very tick may have been accepted under the values of before.
		let since = now.saturating_add(1);
		let latest = RulesSince { since, parameters };
		let mut kept = BoundedVec::new();
		let mut replaced_at = since;
		for rules in core::iter::once(&self.now).chain(&self.before) {
			let needed = replaced_at.saturating_add(longest_job) >= now;
			// Of two changes within a tick, nobody accepted a job under the first.
			if needed && rules.since < replaced_at {
				kept.try_push(*rules).ok()?;
			}
			replaced_at = rules.since;
		}
		Some(Self { now: latest, before: kept })
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn with_fee(fee: Balance) -> DisputeParameters {
		DisputeParameters { fee, ..DisputeParameters::default() }
	}

	#[test]
	fn each_value_should_respect_its_rule() {
		use BadParameter::{Budget, FeeDoubling, Move, Show, Trace};
		let changes: [(fn(&mut DisputeParameters), BadParameter); 9] = [
			(|p| p.trace_ticks = MOVE_TICKS_MIN - 1, Trace),
			(|p| p.trace_ticks = SPAN_TICKS_MAX + 1, Trace),
			(|p| p.show_ticks = MOVE_TICKS_MIN - 1, Show),
			(|p| p.show_ticks = SPAN_TICKS_MAX + 1, Show),
			(|p| p.move_ticks = MOVE_TICKS_MIN - 1, Move),
			(|p| p.move_ticks = SPAN_TICKS_MAX + 1, Move),
			(|p| p.budget_ticks = SPAN_TICKS_MAX + 1, Budget),
			(|p| p.fee_doubling_ticks = 0, FeeDoubling),
			(|p| p.fee_doubling_ticks = SPAN_TICKS_MAX + 1, FeeDoubling),
		];
		assert_eq!(DisputeParameters::default().validate(), Ok(()));
		for (change, bad) in changes {
			let mut parameters = DisputeParameters::default();
			change(&mut parameters);
			assert_eq!(parameters.validate(), Err(bad));
		}
	}

	#[test]
	fn the_fee_should_double_with_each_full_window_of_queued_traces() {
		let fee = |queued| with_fee(10).fee_at(queued);
		assert_eq!([0, 149, 150, 299, 300, 450].map(fee), [10, 10, 20, 20, 40, 80]);
		assert_eq!(fee(Tick::MAX), 10 << FEE_DOUBLINGS_MAX);
		assert_eq!(with_fee(Balance::MAX).fee_at(300), Balance::MAX);
	}

	#[test]
	fn traces_should_have_time_by_their_bytes_and_moves_by_the_games() {
		let rules = DisputeParameters::default();
		assert_eq!(
			[(0, 5), (10, 5), (11, 5)].map(|(b, r)| rules.ticks_for_trace(b, r)),
			[50, 52, 53]
		);
		assert_eq!(rules.ticks_for_trace(u64::MAX, 0), Tick::MAX);
		assert_eq!([0, 1, 5, 6, 1_000].map(|games| rules.minimum(games, 5)), [20, 21, 21, 22, 220]);
		assert_eq!(rules.longest_game(4, 5, 5), 22 * 5 + 100);
	}

	#[test]
	fn a_job_should_keep_the_values_of_its_acceptance() {
		let rules = Rules::new(with_fee(1));
		let rules = rules.replaced(with_fee(2), 10, 100).unwrap();
		let rules = rules.replaced(with_fee(3), 20, 100).unwrap();
		let fee = |tick| rules.at(tick).fee;
		assert_eq!([0, 10, 11, 20, 21, 500].map(fee), [1, 1, 2, 2, 3, 3]);
	}

	#[test]
	fn values_should_be_forgotten_once_no_job_can_have_them() {
		let mut rules = Rules::new(with_fee(1));
		for change in 0..MAX_RULES {
			rules = rules.replaced(with_fee(2), 10 * change, 1_000).unwrap();
		}
		assert_eq!(rules.replaced(with_fee(3), 200, 1_000), None);
		// Those of genesis were replaced at tick 1.
		assert_eq!(rules.replaced(with_fee(3), 1_001, 1_000), None);
		let later = rules.replaced(with_fee(3), 1_002, 1_000).unwrap();
		assert_eq!(later.before.len(), rules.before.len());
		assert_eq!(later.at(1_003).fee, 3);
		assert_eq!(later.at(1_002).fee, 2);
	}

	#[test]
	fn of_two_changes_in_a_tick_only_the_last_should_be_kept() {
		let rules = Rules::new(with_fee(1)).replaced(with_fee(2), 10, 100).unwrap();
		let rules = rules.replaced(with_fee(3), 10, 100).unwrap();
		assert_eq!(rules.before.len(), 1);
		assert_eq!([10, 11].map(|tick| rules.at(tick).fee), [1, 3]);
	}
}
