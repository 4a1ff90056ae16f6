//! What the treasury's benchmarks need: somebody who can be paid.

use crate::{AccountId, Balances};
use frame_support::{
	assert_ok,
	traits::fungible::{Inspect, Mutate},
};
use pallet_treasury::ArgumentsFactory;

/// Makes beneficiaries that have an account.
///
/// The benchmarks pay a hundred of the smallest units, with which no account may begin.
pub struct MakeBeneficiary;

impl ArgumentsFactory<(), AccountId> for MakeBeneficiary {
	fn create_asset_kind(_seed: u32) {}

	fn create_beneficiary(seed: [u8; 32]) -> AccountId {
		let who = AccountId::from(seed);
		assert_ok!(Balances::mint_into(&who, Balances::minimum_balance()));
		who
	}
}
