//! Where money goes: shares, burns, pull payments, exchange.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::{DispatchError, DispatchResult};

use super::SplitTerms;
use crate::{Balance, JobId, Price, Quote};

/// Why an account may claim money.
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
pub enum PayoutReason {
	/// A provider's share of settled jobs.
	#[codec(index = 0)]
	Earnings,
	/// A subscriber's part of the premium.
	#[codec(index = 1)]
	Premium,
	/// Reserve of vouchers that expired in escrow.
	#[codec(index = 2)]
	ExpiredVouchers,
	/// A user's compensation from a slash.
	#[codec(index = 3)]
	Compensation,
	/// A challenger's reward and costs.
	#[codec(index = 4)]
	ChallengeReward,
	/// What a settled job of a listed model was granted by emission.
	#[codec(index = 5)]
	Emission,
	/// A flat fee for closing a series.
	#[codec(index = 6)]
	SweepFee,
	/// Posting data on demand.
	#[codec(index = 7)]
	DataFee,
	/// An auditor's fee.
	#[codec(index = 8)]
	AuditFee,
	/// The treasury's share of settled jobs.
	#[codec(index = 9)]
	Treasury,
	/// A slash given back because the version of the arithmetic was faulty.
	#[codec(index = 10)]
	Restitution,
	/// A provider's costs of showing that its answer was right.
	#[codec(index = 11)]
	DefenceCosts,
}

impl PayoutReason {
	/// Every reason, in the order of the indices.
	pub const ALL: [Self; 12] = [
		Self::Earnings,
		Self::Premium,
		Self::ExpiredVouchers,
		Self::Compensation,
		Self::ChallengeReward,
		Self::Emission,
		Self::SweepFee,
		Self::DataFee,
		Self::AuditFee,
		Self::Treasury,
		Self::Restitution,
		Self::DefenceCosts,
	];
}

/// Pull payments: money waits until its owner claims it, so that a dead account or a frozen asset
/// breaks nothing.
pub trait Payouts<AccountId> {
	/// Moves `price` from `from` and lets `to` claim it.
	///
	/// # Errors
	/// If `from` has less; the native token's existential deposit always stays on `from`. In an asset
	/// also if `to` has claims in as many other assets as may be; in the native token never for that.
	fn pay(from: &AccountId, to: &AccountId, price: Price, reason: PayoutReason) -> DispatchResult;

	/// What is waiting for `from` waits for `to` from now on.
	///
	/// # Errors
	/// On overflow, or if `to` would have claims in more assets than may be.
	fn rotate(from: &AccountId, to: &AccountId) -> DispatchResult;
}

/// How the price of a settled job was shared.
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
pub struct Shares {
	/// What was shared.
	pub quote: Quote,
	/// The provider's, claimable.
	pub provider: Balance,
	/// What burned at once (native) or waits to be sold and burned.
	pub burned: Balance,
	/// The validators'.
	pub validators: Balance,
	/// The treasury's; has what rounding left.
	pub treasury: Balance,
	/// What was emitted for the provider, in the native token.
	pub emitted: Balance,
}

/// The split of what jobs pay.
pub trait Settlement<AccountId> {
	/// The account on which the reserve of redeemed vouchers must lie before [`Self::distribute`].
	fn account() -> AccountId;

	/// The split as it is now. A job keeps it from its acceptance on.
	fn terms() -> SplitTerms;

	/// Shares `price`, which lies on [`Self::account`], by the terms that the job keeps. `listed`:
	/// whether the job may be granted emission.
	///
	/// # Errors
	/// If the account has less.
	fn distribute(
		job: &JobId,
		price: Price,
		provider: &AccountId,
		listed: bool,
		terms: &SplitTerms,
	) -> Result<Shares, DispatchError>;
}

/// Why native tokens were burned.
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
pub enum BurnReason {
	/// Share of settled jobs.
	#[codec(index = 0)]
	Jobs,
	/// Bought with the share of jobs that were paid in an asset.
	#[codec(index = 1)]
	Sales,
	/// Slashes.
	#[codec(index = 2)]
	Slashes,
	/// Insurance beyond its target.
	#[codec(index = 3)]
	InsuranceExcess,
	/// Transactions' fees.
	#[codec(index = 4)]
	Fees,
	/// Validators' share of jobs, which staking mints again when it pays them.
	#[codec(index = 5)]
	ValidatorShare,
	/// Whatever else lowered the issuance, such as dust.
	#[codec(index = 6)]
	Other,
	/// Part of what is paid for posting weights, so that asking oneself costs something.
	#[codec(index = 7)]
	WeightRequests,
}

impl BurnReason {
	/// Every reason, in the order of the indices.
	pub const ALL: [Self; 8] = [
		Self::Jobs,
		Self::Sales,
		Self::Slashes,
		Self::InsuranceExcess,
		Self::Fees,
		Self::ValidatorShare,
		Self::Other,
		Self::WeightRequests,
	];
}

/// Why native tokens were minted.
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
pub enum MintReason {
	/// Granted for settled jobs of listed models.
	#[codec(index = 0)]
	Emission,
	/// Paid to stakers, the validators' share of jobs included.
	#[codec(index = 1)]
	StakingRewards,
	/// Whatever else raised the issuance.
	#[codec(index = 2)]
	Other,
}

impl MintReason {
	/// Every reason, in the order of the indices.
	pub const ALL: [Self; 3] = [Self::Emission, Self::StakingRewards, Self::Other];
}

/// What was burned, by era and reason.
pub trait SupplyLedger<AccountId> {
	/// Burns native tokens of `from`.
	///
	/// # Errors
	/// If `from` has less; the existential deposit always stays on `from`.
	fn burn(from: &AccountId, amount: Balance, reason: BurnReason) -> DispatchResult;

	/// Notes a burn that somebody else made.
	fn note_burned(amount: Balance, reason: BurnReason);
}

/// Pools that exchange assets for the native token.
pub trait Exchange<AccountId> {
	/// Native tokens and units of the asset in the pool; `None` without a pool.
	fn reserves(quote: Quote) -> Option<(Balance, Balance)>;

	/// Sells `amount` of an asset for at least `least` native tokens, from and to `who`. Returns the
	/// proceeds.
	///
	/// # Errors
	/// If there is no pool, or it gives less.
	fn sell(
		who: &AccountId,
		quote: Quote,
		amount: Balance,
		least: Balance,
	) -> Result<Balance, DispatchError>;
}

#[cfg(test)]
mod tests {
	use super::*;

	/// Whether `all` lists the reasons by their indices, and no index is missing.
	fn is_complete<R: Encode + Decode>(all: &[R]) -> bool {
		let known = (0..=u8::MAX).filter(|index| R::decode(&mut &[*index][..]).is_ok());
		known.eq(all.iter().flat_map(Encode::encode))
	}

	#[test]
	fn lists_of_reasons_should_be_complete() {
		assert!(is_complete(&PayoutReason::ALL));
		assert!(is_complete(&BurnReason::ALL));
		assert!(is_complete(&MintReason::ALL));
		assert!(!is_complete(&BurnReason::ALL[1..]));
	}
}
