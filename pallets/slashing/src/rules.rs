//! The governed rules, and what makes a set of them admissible.

use assay_market::{
	traits::{PenaltyTerms, SlashShares},
	Balance, Tick,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::{Perbill, Saturating};

/// Most providers that the breaker may ask for: so many are remembered.
pub const BREAKER_PROVIDERS_MAX: u32 = 8;

/// Every governed number of this pallet, set as a whole.
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
pub struct Rules {
	/// What decides whether cheating pays.
	pub deterrence: Deterrence,
	/// Who gets a slash.
	pub shares: SlashShares,
	/// Penalties that pay nobody.
	pub penalties: Penalties,
	/// What the insurance may pay.
	pub insurance: InsuranceRules,
	/// Ticks for which a slash waits before it is distributed, and for which a model is paused.
	pub deferral_ticks: Tick,
	/// When a model is paused.
	pub breaker: BreakerRules,
}

/// What decides whether cheating pays.
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
pub struct Deterrence {
	/// q: share of jobs that are audited.
	pub audit_share: Perbill,
	/// h: share of auditors that really check.
	pub honesty: Perbill,
	/// b: what remains of the draw's chance when its last author may draw twice.
	pub draw_bias: Perbill,
	/// k: exposure of a job per price.
	pub exposure_factor: u32,
	/// Greatest k that a user may ask for.
	pub max_exposure_factor: u32,
	/// Least exposure of a job, in the native token.
	pub min_exposure: Balance,
	/// What a dispute costs both sides by formula, in the native token.
	pub dispute_costs: Balance,
}

/// What must be lost in games about a model within an era for the model to be paused: all of it.
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
pub struct BreakerRules {
	/// More than this share of what is bonded for it.
	pub share: Perbill,
	/// By at least so many providers.
	pub providers: u32,
	/// At least so much, in the native token: a share of little is soon lost.
	pub least: Balance,
}

/// Penalties that pay nobody: they burn.
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
pub struct Penalties {
	/// Of a late job's exposure.
	pub late: Perbill,
	/// Of a lost job's exposure, from an auditor that had signed it.
	pub false_audit: Perbill,
	/// Of the free bond, at the first downtime; it doubles with each that follows soon.
	pub downtime: Perbill,
	/// Most of the free bond that one downtime may take.
	pub downtime_at_most: Perbill,
	/// Ticks after which an earlier downtime is forgotten.
	pub downtime_memory_ticks: Tick,
}

/// What the insurance may pay.
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
pub struct InsuranceRules {
	/// What it holds at most; more burns.
	pub target: Balance,
	/// Most that it pays to one winner of a slash: no more than [`Deterrence::dispute_costs`], which
	/// each of them has really paid. Costs by formula also count a trace, and who refutes its own lie
	/// made none.
	pub per_event: Balance,
	/// Most that it pays in an era, to all winners of all slashes together.
	pub per_era: Balance,
}

/// Why a set of rules is refused.
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
	frame_support::PalletError,
)]
pub enum RulesFault {
	/// b·q·h·k·(1 − c) is below 2: raise the audits, the exposure or the honesty that was measured.
	#[codec(index = 0)]
	CheatingPays,
	/// The challenger's part of the least exposure is below twice a dispute's costs: raise the least
	/// exposure.
	#[codec(index = 1)]
	SmallJobsNotWorthDisputing,
	/// Costs, reward, insurance and the least burn are together more than the whole, or the least burn
	/// is below half: lower the shares.
	#[codec(index = 2)]
	SharesExceedSlash,
	/// A penalty is nothing, or the first downtime takes more than the most.
	#[codec(index = 3)]
	Penalty,
	/// The insurance's caps must not fall from event to era to target.
	#[codec(index = 4)]
	InsuranceCaps,
	/// The greatest exposure factor is below the usual one.
	#[codec(index = 5)]
	ExposureFactor,
	/// The breaker's share or its least sum is nothing, or it asks for fewer than two providers or for
	/// more than are remembered.
	#[codec(index = 6)]
	Breaker,
	/// Governance would have no time to look: the deferral must be at least 1 tick.
	#[codec(index = 7)]
	NoDeferral,
	/// Auditors have shown less honesty than the rules count on: lower it, and raise audits or
	/// exposure.
	#[codec(index = 8)]
	HonestyAboveMeasured,
	/// Refuting oneself would pay: lower the insurance's cap of an event to a dispute's costs.
	#[codec(index = 9)]
	InsuranceAboveCosts,
}

impl InsuranceRules {
	/// What is paid of a challenger's costs that a slash left open, while so much may still be paid
	/// in this era and the insurance has so much.
	pub fn covered(&self, costs: Balance, left_in_era: Balance, insured: Balance) -> Balance {
		costs.min(self.per_event).min(left_in_era).min(insured)
	}
}

/// 1 in parts per billion.
const ONE: u128 = 1_000_000_000;
/// What b·q·h·k·(1 − c) must reach, in parts per billion.
const DETERRENCE_AT_LEAST: u128 = 2 * ONE;

impl Rules {
	/// Checks that the rules deter and distribute no more than there is.
	///
	/// # Errors
	/// The first fault found.
	pub fn validate(&self) -> Result<(), RulesFault> {
		let Self { deterrence, shares, penalties, insurance, deferral_ticks, breaker } = self;
		if self.deterrence_ppb() < DETERRENCE_AT_LEAST {
			return Err(RulesFault::CheatingPays);
		}
		if deterrence.max_exposure_factor < deterrence.exposure_factor {
			return Err(RulesFault::ExposureFactor);
		}
		let reward = shares.reward.mul_floor(deterrence.min_exposure).min(shares.reward_at_most);
		if reward < deterrence.dispute_costs.saturating_mul(2) {
			return Err(RulesFault::SmallJobsNotWorthDisputing);
		}
		let parts = [shares.costs_at_most, shares.reward, shares.insurance, shares.burn_at_least];
		let whole: u64 = parts.iter().map(|part| u64::from(part.deconstruct())).sum();
		let half = Perbill::from_percent(50);
		if u128::from(whole) > ONE || shares.burn_at_least < half {
			return Err(RulesFault::SharesExceedSlash);
		}
		let positive = [penalties.late, penalties.false_audit, penalties.downtime];
		if positive.iter().any(Perbill::is_zero) || penalties.downtime > penalties.downtime_at_most
		{
			return Err(RulesFault::Penalty);
		}
		if insurance.per_event > insurance.per_era || insurance.per_era > insurance.target {
			return Err(RulesFault::InsuranceCaps);
		}
		if insurance.per_event > deterrence.dispute_costs {
			return Err(RulesFault::InsuranceAboveCosts);
		}
		let admitted = 2..=BREAKER_PROVIDERS_MAX;
		if breaker.share.is_zero() || breaker.least == 0 || !admitted.contains(&breaker.providers) {
			return Err(RulesFault::Breaker);
		}
		if *deferral_ticks == 0 {
			return Err(RulesFault::NoDeferral);
		}
		Ok(())
	}

	/// What a job keeps of the rules.
	pub fn terms(&self) -> PenaltyTerms {
		let Penalties { late, false_audit, .. } = self.penalties;
		let Self { shares, deferral_ticks, .. } = *self;
		PenaltyTerms { late, false_audit, shares, deferral_ticks }
	}

	/// b·q·h·k·(1 − c) in parts per billion, rounded down at every step: never more than it is.
	pub fn deterrence_ppb(&self) -> u128 {
		let Deterrence { audit_share, honesty, draw_bias, exposure_factor, .. } = self.deterrence;
		let kept = Perbill::one().saturating_sub(self.shares.reward);
		let chance = [audit_share, honesty, kept].iter().fold(
			u128::from(draw_bias.deconstruct()),
			|product, factor| {
				// Both below 2^30.
				product * u128::from(factor.deconstruct()) / ONE
			},
		);
		chance.saturating_mul(exposure_factor.into())
	}
}
