//! The values that governance may change, and what they must respect.

use assay_market::{Balance, Tick};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{Deserialize, PalletError, Serialize};
use scale_info::TypeInfo;
use sp_runtime::Permill;

/// Longest span that a value may set: a week of six-second blocks. Vouchers and bonds must not be
/// locked up by a mistaken parameter.
pub const SPAN_TICKS_MAX: Tick = 100_800;

/// Shortest window: requests of data need a half of it, challenges of an answer the other.
pub const WINDOW_TICKS_MIN: Tick = 2;

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
	/// What a window has left, at least, once data was posted: a full check.
	pub check_ticks: Tick,
	/// Deposit for a request of data, in the native token: the part that does not grow.
	pub data_deposit_base: Balance,
	/// And for each leaf of the list.
	pub data_deposit_per_leaf: Balance,
	/// What a user pays who asks for more exposure, of the price, for each further time the rule's
	/// factor.
	pub exposure_surcharge: Permill,
}

impl Default for JobParameters {
	/// A window of 15 minutes with blocks every six seconds. Whatever is requested and posted, all is
	/// over 20 minutes after the answer, unless it is disputed.
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
			check_ticks: 75,
			data_deposit_base: 100_000_000_000,
			data_deposit_per_leaf: 10_000_000_000,
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
	/// The window is shorter than [`WINDOW_TICKS_MIN`] or exceeds [`SPAN_TICKS_MAX`].
	#[codec(index = 2)]
	Window,
	/// There is no time to post data, or [`SPAN_TICKS_MAX`] is exceeded.
	#[codec(index = 3)]
	Data,
	/// There is no time to check posted data, or [`SPAN_TICKS_MAX`] is exceeded.
	#[codec(index = 4)]
	Check,
	/// A request of data would cost nothing, and so would extending windows.
	#[codec(index = 5)]
	DataDeposit,
}

impl JobParameters {
	/// Whether every value respects its rule.
	///
	/// # Errors
	/// The first value that does not.
	pub fn validate(&self) -> Result<(), BadParameter> {
		let span = |ticks: Tick, least: Tick| (least..=SPAN_TICKS_MAX).contains(&ticks);
		let rules = [
			(span(self.turn_ticks, 1), BadParameter::Turn),
			(span(self.accept_within_max, 1), BadParameter::AcceptWithin),
			(span(self.window_ticks, WINDOW_TICKS_MIN), BadParameter::Window),
			(span(self.data_ticks, 1), BadParameter::Data),
			(span(self.check_ticks, 1), BadParameter::Check),
			(self.data_deposit_base > 0, BadParameter::DataDeposit),
		];
		rules.into_iter().find(|(kept, _)| !kept).map_or(Ok(()), |(_, broken)| Err(broken))
	}

	/// Deposit for a request of a list with so many leaves; `None` on overflow.
	pub fn data_deposit(&self, leaves: u32) -> Option<Balance> {
		self.data_deposit_per_leaf.checked_mul(leaves.into())?.checked_add(self.data_deposit_base)
	}
}
