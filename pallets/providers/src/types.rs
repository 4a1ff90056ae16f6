//! What is stored of providers and of the market as a whole.

use assay_market::{
	traits::{Offer, Subscribed},
	Balance, ProviderId, Tick,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

use crate::rest::Rest;

/// Delegate keys of a provider.
pub const MAX_DELEGATES: u32 = 4;

/// Eras of which the best says what providers have shown they can serve.
pub const SERVED_ERAS: u32 = 30;

/// A provider.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct ProviderRecord<AccountId> {
	/// Whose bonds and earnings these are.
	pub owner: AccountId,
	/// Keys that may send heartbeats and work on jobs, but never touch money.
	pub delegates: BoundedVec<AccountId, ConstU32<MAX_DELEGATES>>,
	/// The account that may take the provider over.
	pub proposed_owner: Option<AccountId>,
	/// What the owner has on hold for the registration.
	pub deposit: Balance,
	/// How many models it has a ledger for.
	pub models: u32,
	/// How many of its ledgers have a debt. One is enough to bar it from new jobs of any model.
	pub indebted: u32,
	/// The last sign of life; `None` while the provider is offline.
	pub heartbeat: Option<Heartbeat>,
}

impl<AccountId> ProviderRecord<AccountId> {
	/// Whether it declared itself online and has given the signs of life that this asks for.
	pub fn is_up(&self, now: Tick) -> bool {
		self.heartbeat.is_some_and(|heartbeat| !heartbeat.is_overdue(now))
	}

	/// Whether it declared itself online and missed more signs of life than it may.
	pub fn is_overdue(&self, now: Tick) -> bool {
		self.heartbeat.is_some_and(|heartbeat| heartbeat.is_overdue(now))
	}
}

/// A sign of life. The ticks that follow from it are fixed when it is given, so that no change of
/// parameters makes anybody late.
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
pub struct Heartbeat {
	/// When it was given.
	pub at: Tick,
	/// When the next one may be given: the first tick of the next period.
	pub next_from: Tick,
	/// The first tick at which its absence is an offence.
	pub overdue_from: Tick,
}

impl Heartbeat {
	/// The sign of life given at `now`, when periods are `period` ticks and `allowance` whole periods
	/// in a row may pass without one.
	pub fn given(now: Tick, period: Tick, allowance: u32) -> Self {
		let index = now.checked_div(period).unwrap_or(now);
		let start_of = |further: u32| index.saturating_add(further).saturating_mul(period);
		Self {
			at: now,
			next_from: start_of(1),
			overdue_from: start_of(allowance.saturating_add(2)),
		}
	}

	/// Whether more signs of life are missing than may.
	pub fn is_overdue(&self, now: Tick) -> bool {
		now >= self.overdue_from
	}
}

/// What an account is to a provider.
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
pub enum Role {
	/// It owns the provider.
	#[codec(index = 0)]
	Owner,
	/// It is one of the delegate keys.
	#[codec(index = 1)]
	Delegate,
}

/// The provider that an account belongs to, and as what.
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
pub struct Membership {
	/// Which provider.
	pub provider: ProviderId,
	/// As what.
	pub role: Role,
}

/// What a provider has at stake for a model, and its offer for it.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Ledger {
	/// What the owner has on hold for this model.
	pub bonded: Balance,
	/// Of it: set aside for accepted jobs without an answer.
	pub reserved: Balance,
	/// Of it: at stake for answers that may still be disputed.
	pub exposed: Balance,
	/// Of it: bound to subscriptions, attestations and audits.
	pub pledged: Balance,
	/// Of it: asked back.
	pub leaving: Option<Leaving>,
	/// What penalties took that the bond could not pay.
	pub debt: Balance,
	/// Accepted jobs that have not ended.
	pub open_jobs: u32,
	/// Bytes of trace of the open jobs, should all be disputed.
	pub open_trace_bytes: u64,
	/// What the provider offers.
	pub offer: Option<PostedOffer>,
	/// For how long it is not listed, since it let turns pass; until it accepts a job.
	// Here, not with the offer: a new offer ends no rest.
	pub rest: Option<Rest>,
	/// What its subscriptions ask of the offer.
	pub subscribed: Option<Subscribed>,
}

/// A part of a bond that was asked back.
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
pub struct Leaving {
	/// How much; slashes may lower it.
	pub amount: Balance,
	/// The first tick at which it may be withdrawn; fixed by the request, so that no change of
	/// parameters delays it.
	pub ready_at: Tick,
}

/// An offer and where it stands.
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
pub struct PostedOffer {
	/// What is offered.
	pub offer: Offer,
	/// Whether jobs can be assigned to it.
	pub standing: Standing,
}

/// Whether jobs can be assigned to an offer.
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
pub enum Standing {
	/// No: the provider is offline, in debt, or its bond is below the minimum.
	#[codec(index = 0)]
	Idle,
	/// Not now: as many jobs are open as it offers.
	#[codec(index = 1)]
	Full,
	/// Yes, and it is among the offers that are searched for the best.
	#[codec(index = 2)]
	Listed,
	/// Yes, by name only: enough cheaper offers are listed.
	#[codec(index = 3)]
	Displaced,
	/// Yes, by name only: its provider let a turn pass.
	#[codec(index = 4)]
	Resting,
}

/// An entry of the list of a model's best offers, with all that a search has to know to pass it over;
/// ordered as the list is: first by what users pay.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Candidate {
	/// See [`Offer::multiplier_percent`].
	pub multiplier_percent: u16,
	/// See [`Offer::min_price_per_unit`]. Users do not pay it: it decides only about a place on a full
	/// list, among equal multipliers, since more series pay the lesser one.
	pub min_price_per_unit: Balance,
	/// Whose offer.
	pub provider: ProviderId,
}

impl Candidate {
	/// The entry of an offer.
	pub fn of(provider: ProviderId, offer: &Offer) -> Self {
		let Offer { multiplier_percent, min_price_per_unit, .. } = *offer;
		Self { multiplier_percent, min_price_per_unit, provider }
	}

	/// Whether it is no dearer than another; who is there first then stays.
	pub fn is_no_dearer_than(&self, other: &Self) -> bool {
		let terms = |one: &Self| (one.multiplier_percent, one.min_price_per_unit);
		terms(self) <= terms(other)
	}
}

/// What all offers in service promise together.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Supply {
	/// Voucher units per day: the compute that was declared, at the offers' multipliers.
	pub units_per_day: Balance,
	/// Bond behind them, in the native token.
	pub bond: Balance,
}

/// Voucher units for which jobs of listed models settled within an era.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct EraUnits {
	/// Which era.
	pub era: u32,
	/// How many.
	pub units: Balance,
}

/// How a provider has served. Every number is halved again and again, so that old deeds, good or bad,
/// fade; compute is not among them, since nobody can tell it from compute that a provider sold to
/// itself.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Reputation {
	/// Settled jobs, in thousandths.
	pub settled: u64,
	/// Failed jobs, in thousandths.
	pub failed: u64,
	/// What its jobs burned, in the native token.
	pub burned: Balance,
	/// What was emitted for its jobs, in the native token.
	pub emitted: Balance,
	/// The era up to which the halving has been done.
	pub era: u32,
}
