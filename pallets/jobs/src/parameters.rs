//! The values that governance may change, and what they must respect.

use assay_market::Tick;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{Deserialize, PalletError, Serialize};
use scale_info::TypeInfo;
use sp_runtime::Permill;

use crate::data::MAX_POSTED_LEAVES;

/// Longest span that a value may set: a week of six-second blocks. Vouchers and bonds must not be
/// locked up by a mistaken parameter.
pub const SPAN_TICKS_MAX: Tick = 100_800;

/// Blocks whose authors draw the auditors of an answer.
pub const DRAW_TICKS: Tick = 32;

/// Shortest time to post data: a provider that watches finalised blocks must be able to.
pub const DATA_TICKS_MIN: Tick = 20;

/// Shortest time to check an answer from its data. With the draw before it, an answer has a window
/// in which it can be challenged, whatever governance sets.
pub const CHECK_TICKS_MIN: Tick = 40;

/// The governed values. A job keeps those of its submission and acceptance.
#[derive(
	Clone,
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
pub struct JobParameters {
	/// Length of a candidate's turn to accept a job for the best offer.
	pub turn_ticks: Tick,
	/// Longest time that a user may give for acceptance.
	pub accept_within_max: Tick,
	/// From an answer to the end of its window.
	pub window_ticks: Tick,
	/// From a request of data to the end of the time for posting it.
	pub data_ticks: Tick,
	/// Leaves that a provider is expected to post in a tick: a request's time begins when all that
	/// was requested of the provider before could have been posted.
	pub data_leaves_per_tick: u32,
	/// What a window has left, at least, once data was posted: a full check.
	pub check_ticks: Tick,
	/// What a user pays who asks for more exposure, of the price, for each further time the rule's
	/// factor.
	pub exposure_surcharge: Permill,
}

impl Default for JobParameters {
	/// A window of 15 minutes with blocks every six seconds. Whatever is requested and posted, all is
	/// over 20 minutes after the answer, unless it is disputed or the provider is flooded with
	/// requests: it posts two full calls in a tick.
	///
	/// A price `p` with k = 160 locks 160 p for those 20 minutes. At 20 % a year that costs 0.12 % of
	/// `p`, of which the provider's share is 70 %: a surcharge of 1 % covers twice the factor with
	/// room for bonds that are five times dearer.
	fn default() -> Self {
		Self {
			turn_ticks: 5,
			accept_within_max: 600,
			window_ticks: 150,
			data_ticks: 50,
			data_leaves_per_tick: 2 * MAX_POSTED_LEAVES,
			check_ticks: 75,
			exposure_surcharge: Permill::from_percent(1),
		}
	}
}

/// Which value breaks its rule.
#[derive(
	Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, PalletError,
)]
pub enum BadParameter {
	/// A turn is empty or exceeds [`SPAN_TICKS_MAX`].
	#[codec(index = 0)]
	Turn,
	/// Nobody could accept, or [`SPAN_TICKS_MAX`] is exceeded.
	#[codec(index = 1)]
	AcceptWithin,
	/// The window has no time for a check after the draw of auditors, its first half does not last
	/// until the draw, so that they could not demand data, or [`SPAN_TICKS_MAX`] is exceeded.
	#[codec(index = 2)]
	Window,
	/// The time to post data is below [`DATA_TICKS_MIN`] or exceeds [`SPAN_TICKS_MAX`].
	#[codec(index = 3)]
	Data,
	/// The time to check an answer is below [`CHECK_TICKS_MIN`] or exceeds [`SPAN_TICKS_MAX`].
	#[codec(index = 4)]
	Check,
	/// No data could be posted in a tick.
	#[codec(index = 5)]
	DataRate,
}

impl JobParameters {
	/// Whether every value respects its rule.
	///
	/// # Errors
	/// The first value that does not.
	pub fn validate(&self) -> Result<(), BadParameter> {
		let span = |ticks: Tick, least: Tick| (least..=SPAN_TICKS_MAX).contains(&ticks);
		let shortest = self.check_ticks.saturating_add(DRAW_TICKS).max(2 * DRAW_TICKS);
		let rules = [
			(span(self.turn_ticks, 1), BadParameter::Turn),
			(span(self.accept_within_max, 1), BadParameter::AcceptWithin),
			(span(self.data_ticks, DATA_TICKS_MIN), BadParameter::Data),
			(self.data_leaves_per_tick > 0, BadParameter::DataRate),
			(span(self.check_ticks, CHECK_TICKS_MIN), BadParameter::Check),
			(span(self.window_ticks, shortest), BadParameter::Window),
		];
		rules.into_iter().find(|(kept, _)| !kept).map_or(Ok(()), |(_, broken)| Err(broken))
	}
}
