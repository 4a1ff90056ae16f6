//! What a transaction costs and where the money goes.
//!
//! A fee is a base for inclusion, a part by length, and a part by weight that moves with demand.
//! **All of it burns**, with an entry in the books of the supply. Only the tip reaches somebody: the
//! author of the block.

use crate::{
	units::{MICRO_ASY, MILLI_ASY},
	AccountId, Authorship, Balance, Balances, Burn, Runtime, TransactionPayment,
};
use assay_market::traits::{BurnReason, SupplyLedger};
use frame_support::{
	traits::{
		fungible::{Balanced, Credit},
		Imbalance, OnUnbalanced,
	},
	weights::{
		constants::ExtrinsicBaseWeight, Weight, WeightToFeeCoefficient, WeightToFeeCoefficients,
		WeightToFeePolynomial,
	},
};
use pallet_transaction_payment::{Multiplier, TargetedFeeAdjustment};
use sp_runtime::{
	traits::{Bounded, Convert, Get},
	FixedPointNumber, Perbill, Perquintill,
};

/// Fee of one byte of a transaction.
pub const FEE_PER_BYTE: Balance = MICRO_ASY;
/// Fee of the weight that every transaction has.
pub const FEE_OF_BASE_WEIGHT: Balance = MILLI_ASY / 10;

/// Weight to fee: linear in execution time, [`FEE_OF_BASE_WEIGHT`] for an empty transaction.
pub struct WeightToFee;

impl WeightToFeePolynomial for WeightToFee {
	type Balance = Balance;

	fn polynomial() -> WeightToFeeCoefficients<Balance> {
		let base = Balance::from(ExtrinsicBaseWeight::get().ref_time());
		[WeightToFeeCoefficient {
			degree: 1,
			negative: false,
			coeff_frac: Perbill::from_rational(FEE_OF_BASE_WEIGHT % base, base),
			coeff_integer: FEE_OF_BASE_WEIGHT / base,
		}]
		.into_iter()
		.collect()
	}
}

/// What a call costs, without a tip: its base, its weight at today's demand, its length. For deposits
/// that are to cover what somebody else pays for an answer.
pub struct CallFee;

impl Convert<(Weight, u32), Balance> for CallFee {
	fn convert((weight, length): (Weight, u32)) -> Balance {
		let multiplier = pallet_transaction_payment::NextFeeMultiplier::<Runtime>::get();
		let base = TransactionPayment::weight_to_fee(ExtrinsicBaseWeight::get());
		multiplier
			.saturating_mul_int(TransactionPayment::weight_to_fee(weight))
			.saturating_add(base)
			.saturating_add(TransactionPayment::length_to_fee(length))
	}
}

/// How much of a block's normal share transactions should fill on average.
pub struct TargetFullness;
impl Get<Perquintill> for TargetFullness {
	fn get() -> Perquintill {
		Perquintill::from_percent(25)
	}
}

/// How fast the multiplier follows demand: a day of full six-second blocks multiplies it by 2.25.
pub struct AdjustmentVariable;
impl Get<Multiplier> for AdjustmentVariable {
	fn get() -> Multiplier {
		Multiplier::saturating_from_rational(75, 1_000_000)
	}
}

/// The multiplier's floor: fees never fall below a tenth, so that spam always costs something.
pub struct MinimumMultiplier;
impl Get<Multiplier> for MinimumMultiplier {
	fn get() -> Multiplier {
		Multiplier::saturating_from_rational(1, 10)
	}
}

/// The multiplier's ceiling.
pub struct MaximumMultiplier;
impl Get<Multiplier> for MaximumMultiplier {
	fn get() -> Multiplier {
		Multiplier::max_value()
	}
}

/// Moves the price of weight with demand, slowly.
pub type FeeMultiplierUpdate = TargetedFeeAdjustment<
	Runtime,
	TargetFullness,
	AdjustmentVariable,
	MinimumMultiplier,
	MaximumMultiplier,
>;

/// The split of a transaction's payment: the fee burns, the tip goes to the block's author.
pub struct BurnFeePayTip;

impl OnUnbalanced<Credit<AccountId, Balances>> for BurnFeePayTip {
	fn on_unbalanceds(mut fee_then_tip: impl Iterator<Item = Credit<AccountId, Balances>>) {
		if let Some(fee) = fee_then_tip.next() {
			burn(fee);
		}
		if let Some(tip) = fee_then_tip.next() {
			pay_author(tip);
		}
	}

	fn on_nonzero_unbalanced(fee: Credit<AccountId, Balances>) {
		burn(fee);
	}
}

fn burn(fee: Credit<AccountId, Balances>) {
	Burn::note_burned(fee.peek(), BurnReason::Fees);
	// Dropping a credit lowers total issuance: this is the burn.
	drop(fee);
}

fn pay_author(tip: Credit<AccountId, Balances>) {
	if tip.peek() == 0 {
		return;
	}
	let unpaid = match Authorship::author() {
		// An author that cannot receive so little has no account, and the tip is below the existential
		// deposit.
		Some(author) => Balances::resolve(&author, tip).err(),
		None => Some(tip),
	};
	if let Some(tip) = unpaid {
		burn(tip);
	}
}
