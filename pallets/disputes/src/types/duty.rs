//! Traces that providers owe.

use assay_market::{JobId, Tick};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A trace that a provider owes, as a link of its queue.
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
pub struct TraceDuty {
	/// Ticks in which it is to be posted once its turn has come.
	pub ticks: Tick,
	/// The job whose trace is due before.
	pub before: Option<JobId>,
	/// The job whose trace is due after.
	pub after: Option<JobId>,
}

/// The traces that a provider owes, first come first due.
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
pub struct TraceQueue {
	/// The job whose trace is due first.
	pub first: JobId,
	/// The job whose trace is due last.
	pub last: JobId,
	/// Since when the first one's clock runs.
	pub since: Tick,
	/// Ticks of all of them.
	pub ticks: Tick,
	/// How many there are.
	pub length: u32,
}
