//! Constant-product pools between the native token and assets.

use super::assets::AssetId;
use crate::{units::ASY, AccountId, Assets, Balance, Balances, PoolAssets, Runtime, RuntimeEvent};
use alloc::vec;
use frame_support::{
	ord_parameter_types, parameter_types,
	traits::{
		tokens::fungible::{NativeFromLeft, NativeOrWithId, UnionOf},
		ConstU128, ConstU32,
	},
	PalletId,
};
use frame_system::EnsureRoot;
use pallet_asset_conversion::{AccountIdConverter, Ascending, Chain, WithFirstAsset};
use sp_runtime::{traits::AccountIdConversion, Permill};

/// The native token or an asset.
pub type AssetKind = NativeOrWithId<AssetId>;
/// The native token and all assets behind one interface.
pub type NativeAndAssets = UnionOf<Balances, Assets, NativeFromLeft, AssetKind, AccountId>;
/// A pool's account is derived from its pair.
type PoolAccount = AccountIdConverter<AssetConversionPalletId, (AssetKind, AssetKind)>;

parameter_types! {
	/// Name of the pools' common account.
	pub const AssetConversionPalletId: PalletId = PalletId(*b"assay/cv");
	/// The first asset of most pools.
	pub const Native: AssetKind = NativeOrWithId::Native;
	/// What the liquidity's owners earn of a swap.
	pub const LiquidityProviderFee: Permill = Permill::from_parts(3_000);
	/// Highest fee that a pool may ask.
	pub const MaxSwapFee: Permill = Permill::from_percent(10);
	/// What leaving a pool costs.
	pub const LiquidityWithdrawalFee: Permill = Permill::zero();
	/// What a new pool costs; it burns.
	pub const PoolSetupFee: Balance = ASY;
}

ord_parameter_types! {
	/// The account that creates the pools' shares.
	pub const AssetConversionAccount: AccountId =
		AccountIdConversion::<AccountId>::into_account_truncating(&AssetConversionPalletId::get());
}

impl pallet_asset_conversion::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type Balance = Balance;
	type HigherPrecisionBalance = sp_core::U256;
	type AssetKind = AssetKind;
	type Assets = NativeAndAssets;
	type PoolId = (AssetKind, AssetKind);
	type PoolLocator = Chain<
		WithFirstAsset<Native, AccountId, AssetKind, PoolAccount>,
		Ascending<AccountId, AssetKind, PoolAccount>,
	>;
	type PoolAssetId = AssetId;
	type PoolAssets = PoolAssets;
	type LPFee = LiquidityProviderFee;
	type AdminOrigin = EnsureRoot<AccountId>;
	type MaxSwapFee = MaxSwapFee;
	type PoolSetupFee = PoolSetupFee;
	type PoolSetupFeeAsset = Native;
	type PoolSetupFeeTarget = ();
	type LiquidityWithdrawalFee = LiquidityWithdrawalFee;
	// Keeps the first depositor from making shares so coarse that later ones are cheated.
	type MintMinLiquidity = ConstU128<100>;
	type MaxSwapPathLength = ConstU32<4>;
	type PalletId = AssetConversionPalletId;
	type WeightInfo = crate::weights::pallet_asset_conversion::WeightInfo<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = ();
}
