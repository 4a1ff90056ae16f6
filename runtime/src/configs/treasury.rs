//! The common purse, spent by Root alone.

use super::referenda::Days;
use crate::{AccountId, Balance, Balances, Runtime, RuntimeEvent, System};
use frame_support::{
	parameter_types,
	traits::{
		tokens::{PayFromAccount, UnityAssetBalanceConversion},
		ConstU32,
	},
	PalletId,
};
use frame_system::{EnsureRoot, EnsureRootWithSuccess};
use sp_runtime::{
	traits::{AccountIdConversion, IdentityLookup},
	Permill,
};

parameter_types! {
	/// Name of the treasury's account.
	pub const TreasuryPalletId: PalletId = PalletId(*b"assay/tr");
	/// The treasury's account.
	pub TreasuryAccount: AccountId = TreasuryPalletId::get().into_account_truncating();
	/// The treasury keeps what it does not spend.
	pub const Burn: Permill = Permill::zero();
	/// Root may spend everything.
	pub const MaxSpend: Balance = Balance::MAX;
}

impl pallet_treasury::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type Currency = Balances;
	type RejectOrigin = EnsureRoot<AccountId>;
	type SpendPeriod = Days<7>;
	type Burn = Burn;
	type BurnDestination = ();
	type PalletId = TreasuryPalletId;
	type SpendFunds = ();
	type MaxApprovals = ConstU32<100>;
	type SpendOrigin = EnsureRootWithSuccess<AccountId, MaxSpend>;
	type AssetKind = ();
	type Beneficiary = AccountId;
	type BeneficiaryLookup = IdentityLookup<AccountId>;
	type Paymaster = PayFromAccount<Balances, TreasuryAccount>;
	type BalanceConverter = UnityAssetBalanceConversion;
	type PayoutPeriod = Days<30>;
	type BlockNumberProvider = System;
	type WeightInfo = crate::weights::pallet_treasury::WeightInfo<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = crate::benchmarks::treasury::MakeBeneficiary;
}
