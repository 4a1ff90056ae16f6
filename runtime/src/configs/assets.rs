//! Fungible assets: those that people create (stable coins, vouchers) and the shares of liquidity
//! pools.

use super::{asset_conversion::AssetConversionAccount, vouchers::FIRST_VOUCHER};
use crate::{
	units::{deposit, ASY},
	AccountId, AssetsHolder, Balance, Balances, Runtime, RuntimeEvent, RuntimeHoldReason,
	RuntimeOrigin,
};
use frame_support::{
	parameter_types,
	traits::{AsEnsureOriginWithArg, ConstU128, ConstU32, EnsureOrigin, EnsureOriginWithArg},
};
use frame_system::{EnsureRoot, EnsureSigned, EnsureSignedBy};
use pallet_assets::{Instance1, Instance2};

/// Number of an asset.
pub type AssetId = u32;

/// Deposit for an asset's name, symbol and decimals.
pub const METADATA_DEPOSIT_BASE: Balance = deposit(1, 68);
/// Deposit for each byte of the name and the symbol.
pub const METADATA_DEPOSIT_PER_BYTE: Balance = deposit(0, 1);

parameter_types! {
	/// What the creator of an asset deposits.
	pub const AssetDeposit: Balance = ASY;
	/// What an account that is not supported otherwise deposits to hold an asset.
	pub const AssetAccountDeposit: Balance = deposit(1, 16);
	/// See [`METADATA_DEPOSIT_BASE`].
	pub const MetadataDepositBase: Balance = METADATA_DEPOSIT_BASE;
	/// See [`METADATA_DEPOSIT_PER_BYTE`].
	pub const MetadataDepositPerByte: Balance = METADATA_DEPOSIT_PER_BYTE;
	/// Deposit for letting another account spend.
	pub const ApprovalDeposit: Balance = deposit(1, 16);
}

/// Anybody, for numbers below those of vouchers: whoever had the number of the next series could keep
/// it from being opened, and pass worthless assets off as vouchers.
pub struct BelowVouchers;

impl EnsureOriginWithArg<RuntimeOrigin, AssetId> for BelowVouchers {
	type Success = AccountId;

	fn try_origin(origin: RuntimeOrigin, id: &AssetId) -> Result<AccountId, RuntimeOrigin> {
		if *id >= FIRST_VOUCHER {
			return Err(origin);
		}
		<EnsureSigned<AccountId> as EnsureOrigin<RuntimeOrigin>>::try_origin(origin)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin(id: &AssetId) -> Result<RuntimeOrigin, ()> {
		if *id >= FIRST_VOUCHER {
			return Err(());
		}
		<EnsureSigned<AccountId> as EnsureOrigin<RuntimeOrigin>>::try_successful_origin()
	}
}

/// Assets that people create; holds on them name their reason as holds on the native token do.
impl pallet_assets::Config<Instance1> for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type Balance = Balance;
	type RemoveItemsLimit = ConstU32<1_000>;
	type AssetId = AssetId;
	type AssetIdParameter = AssetId;
	type ReserveData = ();
	type Currency = Balances;
	type CreateOrigin = BelowVouchers;
	type ForceOrigin = EnsureRoot<AccountId>;
	type AssetDeposit = AssetDeposit;
	type AssetAccountDeposit = AssetAccountDeposit;
	type MetadataDepositBase = MetadataDepositBase;
	type MetadataDepositPerByte = MetadataDepositPerByte;
	type ApprovalDeposit = ApprovalDeposit;
	type StringLimit = ConstU32<50>;
	type Holder = AssetsHolder;
	type Freezer = ();
	type Extra = ();
	type CallbackHandle = ();
	type AssetIdAllocator = ();
	type WeightInfo = crate::weights::pallet_assets::WeightInfo<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = ();
}

impl pallet_assets_holder::Config<Instance1> for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeHoldReason = RuntimeHoldReason;
}

/// Shares of liquidity pools; only the pools create them.
impl pallet_assets::Config<Instance2> for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type Balance = Balance;
	type RemoveItemsLimit = ConstU32<1_000>;
	type AssetId = AssetId;
	type AssetIdParameter = AssetId;
	type ReserveData = ();
	type Currency = Balances;
	type CreateOrigin = AsEnsureOriginWithArg<EnsureSignedBy<AssetConversionAccount, AccountId>>;
	type ForceOrigin = EnsureRoot<AccountId>;
	// A pool's creator pays the pool's own fee instead.
	type AssetDeposit = ConstU128<0>;
	type AssetAccountDeposit = AssetAccountDeposit;
	type MetadataDepositBase = MetadataDepositBase;
	type MetadataDepositPerByte = MetadataDepositPerByte;
	type ApprovalDeposit = ApprovalDeposit;
	type StringLimit = ConstU32<50>;
	type Holder = ();
	type Freezer = ();
	type Extra = ();
	type CallbackHandle = ();
	type AssetIdAllocator = ();
	type WeightInfo = crate::weights::pallet_assets::WeightInfo<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = ();
}
