//! The values that governance may change, and what they must respect.

use assay_market::{
	traits::{AuditRule, Settlement},
	Balance, Tick,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{dispatch::DispatchResult, ensure, Deserialize, PalletError, Serialize};
use scale_info::TypeInfo;
use sp_runtime::{Perbill, Permill};

use crate::{
	beacon::DRAW_ROUNDS,
	types::{REDRAWS_MAX, SEATS},
	Config, Error, Event, Pallet, Parameters,
};

/// Most ticks from an answer to the end of its audit, whoever falls silent: exposure is locked as
/// long. Half an hour of six-second blocks. Traces that take long to make have more.
pub const LOCK_TICKS_MAX: Tick = 300;

/// Shortest time to seal: an auditor that watches finalised blocks must be able to.
pub const SEAL_TICKS_MIN: Tick = 20;

/// Shortest time to show a root.
pub const REVEAL_TICKS_MIN: Tick = 10;

/// Longest time for a trace: a day of six-second blocks. No answer waits longer for its auditors.
pub const TRACE_TICKS_MAX: Tick = 14_400;

/// The governed values. An audit keeps those of its draw; the probability of audits itself is one
/// of the rules of punishment, since these have to deter.
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
pub struct AuditParameters {
	/// From a draw to the end of the time for sealing, whatever the trace.
	pub seal_ticks: Tick,
	/// From the last seal to the end of the time for showing roots.
	pub reveal_ticks: Tick,
	/// Bytes of trace that an auditor is expected to make in a tick: longer ones have more time.
	pub trace_bytes_per_tick: u64,
	/// How often somebody is drawn in the place of who fell silent, for an audit.
	pub redraws: u8,
	/// a: an auditor's fee, of the job's price. Its transactions are paid for besides.
	pub fee_share: Perbill,
	/// What silence costs an auditor, in the native token.
	pub silence_penalty: Balance,
	/// Least stake of an auditor, in the native token.
	pub min_stake: Balance,
}

/// Which value breaks its rule.
#[derive(
	Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, PalletError,
)]
pub enum BadParameter {
	/// The time to seal is below [`SEAL_TICKS_MIN`].
	#[codec(index = 0)]
	Seal,
	/// The time to show roots is below [`REVEAL_TICKS_MIN`].
	#[codec(index = 1)]
	Reveal,
	/// With all redraws, an audit would take longer than [`LOCK_TICKS_MAX`]. Shorten the times, or
	/// allow fewer redraws.
	#[codec(index = 2)]
	Lock,
	/// No trace could ever be made.
	#[codec(index = 3)]
	TraceRate,
	/// More redraws than [`REDRAWS_MAX`].
	#[codec(index = 4)]
	Redraws,
	/// Silence costs nothing.
	#[codec(index = 5)]
	Silence,
	/// The least stake does not cover silence, or a signed falsehood about the least exposure.
	#[codec(index = 6)]
	Stake,
	/// All auditors together would be paid more than the treasury earns with all jobs: whoever
	/// audits its own jobs would gain.
	#[codec(index = 7)]
	Fee,
}

impl AuditParameters {
	/// Whether every value respects its rule.
	///
	/// # Errors
	/// The first value that does not.
	pub fn validate(&self) -> Result<(), BadParameter> {
		let rules = [
			(self.seal_ticks >= SEAL_TICKS_MIN, BadParameter::Seal),
			(self.reveal_ticks >= REVEAL_TICKS_MIN, BadParameter::Reveal),
			(self.redraws <= REDRAWS_MAX, BadParameter::Redraws),
			(self.longest() <= LOCK_TICKS_MAX, BadParameter::Lock),
			(self.trace_bytes_per_tick > 0, BadParameter::TraceRate),
			(self.silence_penalty > 0, BadParameter::Silence),
			(self.min_stake >= self.silence_penalty, BadParameter::Stake),
		];
		rules.into_iter().find(|(kept, _)| !kept).map_or(Ok(()), |(_, broken)| Err(broken))
	}

	/// Ticks from an answer to the end of its audit if everybody drawn falls silent.
	fn longest(&self) -> Tick {
		let draws = Tick::from(self.redraws).saturating_add(1);
		let draw = self.seal_ticks.saturating_add(self.reveal_ticks);
		draw.saturating_mul(draws).saturating_add(DRAW_ROUNDS)
	}

	/// Ticks from a draw to the end of the time for sealing the root of a trace of so many bytes.
	pub fn seal_ticks_for(&self, trace_bytes: u64) -> Tick {
		let ticks = trace_bytes.div_ceil(self.trace_bytes_per_tick.max(1));
		let trace = Tick::try_from(ticks).unwrap_or(Tick::MAX).min(TRACE_TICKS_MAX);
		self.seal_ticks.saturating_add(trace)
	}

	/// The part of a job's price that an auditor is paid when answers are audited with this
	/// probability: all auditors of all jobs together no more than the treasury's part.
	pub fn fee_share_within(&self, audited: Perbill, treasury: Permill) -> Perbill {
		self.fee_share.min(most_fee_share(audited, treasury))
	}
}

/// The greatest fee, as a part of the price, at which q × auditors × fee is no more than the
/// treasury's part.
pub fn most_fee_share(audited: Perbill, treasury: Permill) -> Perbill {
	// Parts of a thousand million: at most 10^9 × 10^9, and at most 2 × 10^9.
	let treasury = u64::from(treasury.deconstruct()) * 1_000 * 1_000_000_000;
	let audited = u64::from(audited.deconstruct()) * u64::from(SEATS);
	let parts = treasury.checked_div(audited).unwrap_or(u64::MAX);
	Perbill::from_parts(u32::try_from(parts).unwrap_or(u32::MAX).min(1_000_000_000))
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_parameters(parameters: AuditParameters) -> DispatchResult {
		let refuse = |fault| Error::<T>::BadParameter(fault);
		parameters.validate().map_err(refuse)?;
		let treasury = T::Settlement::terms().split.treasury;
		let most = most_fee_share(T::Rule::audit_share(), treasury);
		ensure!(parameters.fee_share <= most, refuse(BadParameter::Fee));
		let falsehood = T::Rule::false_audit().mul_ceil(T::Rule::min_exposure());
		ensure!(parameters.min_stake >= falsehood, refuse(BadParameter::Stake));
		Parameters::<T>::put(parameters);
		Self::deposit_event(Event::ParametersSet { parameters });
		Ok(())
	}
}
