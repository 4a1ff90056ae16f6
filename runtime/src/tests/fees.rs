//! Where a transaction's payment goes.

use super::{chain::slot_claim, development_chain};
use crate::{
	fees::{BurnFeePayTip, FEE_OF_BASE_WEIGHT, FEE_PER_BYTE},
	units::{ASY, EXISTENTIAL_DEPOSIT},
	Balances, Burn, Runtime, System, TransactionPayment,
};
use assay_market::traits::BurnReason;
use frame_support::{
	traits::{
		fungible::{Balanced, Inspect},
		tokens::{Fortitude::Polite, Precision::Exact, Preservation::Preserve},
		OnInitialize, OnUnbalanced,
	},
	weights::{constants::ExtrinsicBaseWeight, WeightToFee as _},
};
use sp_keyring::Sr25519Keyring;

/// Begins a block whose author is the development chain's only validator.
fn begin_block_of_alice() {
	System::reset_events();
	System::initialize(&2, &Default::default(), &slot_claim(0, 1.into()));
	crate::Authorship::on_initialize(2);
}

/// Fees that the books of the supply know of.
fn noted() -> u128 {
	Burn::supply_of_era(0).burned.get(&BurnReason::Fees).copied().unwrap_or_default()
}

/// Takes `amount` from Bob, as a payment in the hands of the runtime.
fn payment(amount: u128) -> frame_support::traits::fungible::Credit<crate::AccountId, Balances> {
	Balances::withdraw(&Sr25519Keyring::Bob.to_account_id(), amount, Exact, Preserve, Polite)
		.unwrap()
}

#[test]
fn fee_should_burn_and_tip_should_reach_the_author() {
	development_chain().execute_with(|| {
		begin_block_of_alice();
		let author = Sr25519Keyring::AliceStash.to_account_id();
		let issuance = Balances::total_issuance();
		let balance = Balances::balance(&author);

		BurnFeePayTip::on_unbalanceds([payment(3 * ASY), payment(2 * ASY)].into_iter());

		assert_eq!(Balances::balance(&author), balance + 2 * ASY);
		assert_eq!(Balances::total_issuance(), issuance - 3 * ASY);
		assert_eq!(noted(), 3 * ASY);
	});
}

#[test]
fn tip_should_burn_when_the_block_names_no_author() {
	development_chain().execute_with(|| {
		let issuance = Balances::total_issuance();
		BurnFeePayTip::on_unbalanceds([payment(ASY), payment(ASY)].into_iter());
		assert_eq!(Balances::total_issuance(), issuance - 2 * ASY);
		assert_eq!(noted(), 2 * ASY);
	});
}

#[test]
fn tip_should_burn_when_the_author_cannot_hold_so_little() {
	development_chain().execute_with(|| {
		begin_block_of_alice();
		let author = Sr25519Keyring::AliceStash.to_account_id();
		// An author whose account is gone: its stake is released and everything is moved away.
		frame_system::Account::<Runtime>::remove(&author);
		let issuance = Balances::total_issuance();
		let tip = EXISTENTIAL_DEPOSIT - 1;
		BurnFeePayTip::on_unbalanceds([payment(ASY), payment(tip)].into_iter());
		assert_eq!(Balances::total_issuance(), issuance - ASY - tip);
		assert_eq!(noted(), ASY + tip);
	});
}

#[test]
fn fee_alone_should_burn() {
	development_chain().execute_with(|| {
		let issuance = Balances::total_issuance();
		BurnFeePayTip::on_unbalanceds([payment(ASY)].into_iter());
		BurnFeePayTip::on_nonzero_unbalanced(payment(ASY));
		assert_eq!(Balances::total_issuance(), issuance - 2 * ASY);
		assert_eq!(noted(), 2 * ASY);
	});
}

#[test]
fn prices_should_be_those_that_the_constants_state() {
	development_chain().execute_with(|| {
		assert_eq!(TransactionPayment::length_to_fee(100), 100 * FEE_PER_BYTE);
		let base = crate::fees::WeightToFee::weight_to_fee(&ExtrinsicBaseWeight::get());
		// The coefficient is rounded to a billionth.
		assert!(base.abs_diff(FEE_OF_BASE_WEIGHT) <= 1, "{base}");
	});
}
