//! What of each job burns, and the books of everything that was burned or minted.

use super::{
	asset_conversion::LiquidityProviderFee,
	assets::AssetId,
	market::{ActiveEra, MarketAdmin, MAX_WAITING_QUOTES},
	slashing::InsuranceAccount,
	staking,
	treasury::TreasuryAccount,
};
use crate::{exchange::Pools, Assets, Balances, Clock, Payouts, Runtime};
use assay_market::Quote;
use frame_support::{
	parameter_types,
	traits::{ConstU32, Contains},
	PalletId,
};

parameter_types! {
	/// Name of the account that settles jobs; the validators' pot is a sub-account.
	pub const BurnPalletId: PalletId = PalletId(*b"assay/bu");
}

/// The assets that vouchers are quoted in.
pub struct QuotedAssets;
impl Contains<AssetId> for QuotedAssets {
	fn contains(asset: &AssetId) -> bool {
		pallet_vouchers::Quotes::<Runtime>::contains_key(Quote::Asset(*asset))
	}
}

impl pallet_burn::Config for Runtime {
	type WeightInfo = crate::weights::pallet_burn::WeightInfo<Runtime>;
	type AdminOrigin = MarketAdmin;
	type Native = Balances;
	type Assets = Assets;
	type Quotes = QuotedAssets;
	type Payouts = Payouts;
	type Exchange = Pools;
	type PoolFee = LiquidityProviderFee;
	type Clock = Clock;
	type Era = ActiveEra;
	type Treasury = TreasuryAccount;
	type Insurance = InsuranceAccount;
	type PalletId = BurnPalletId;
	type MaxQuotes = ConstU32<MAX_WAITING_QUOTES>;
	// As long as the rewards of an era can be claimed, its books can be read.
	type HistoryDepth = staking::HistoryDepth;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = crate::benchmarks::market::MakeAssets;
}
