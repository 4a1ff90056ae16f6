//! Compute prepaid: series of vouchers, their reserves, their price.

use super::{
	assets::AssetId,
	market::{MarketAdmin, MAX_QUOTES, TICKS_PER_DAY, TICKS_PER_HOUR},
	slashing::InsuranceAccount,
	treasury::TreasuryAccount,
};
use crate::{
	exchange::Pools, units::MILLI_ASY, Assets, AssetsHolder, Balance, Balances, Clock, Models,
	Payouts, Providers, Runtime,
};
use frame_support::{parameter_types, traits::ConstU32, PalletId};
use pallet_vouchers::{Parameters, GRACE_DAYS, LIFE_DAYS_MAX, UNITS_PER_CU};
use sp_runtime::Permill;

/// Number of the asset of the first series. From here on, numbers belong to vouchers: see
/// [`super::assets::BelowVouchers`].
pub const FIRST_VOUCHER: AssetId = 1_000_000_000;

/// Most series of a quote that are not closed. One opens a day at most, and lives until its grace
/// period is over: with this many, no series of others keeps the next from being opened, whatever
/// governance chooses.
pub const MAX_LIVE_SERIES: u32 = 200;
const _: () = assert!(MAX_LIVE_SERIES > LIFE_DAYS_MAX + GRACE_DAYS.1);

parameter_types! {
	/// Name of the accounts that have the reserves and own the assets.
	pub const VouchersPalletId: PalletId = PalletId(*b"assay/vo");
	/// The values until governance sets others.
	pub DefaultParameters: Parameters = Parameters {
		window_ticks: 7 * TICKS_PER_DAY,
		life_ticks: 60 * TICKS_PER_DAY,
		grace_ticks: 14 * TICKS_PER_DAY,
		premium: Permill::from_percent(3),
		subscribers_share: Permill::from_percent(70),
		insurance_share: Permill::from_percent(20),
		// Who subscribes with a dearer offer promises less compute than the vouchers' number says.
		max_multiplier_percent: 100,
		pledge: Permill::from_percent(20),
		// A stored subscription costs a pledge.
		least_subscription: 100 * UNITS_PER_CU,
		mint_limit_per_day: 10_000_000 * UNITS_PER_CU,
		target_utilisation: Permill::from_percent(80),
		price_step: Permill::from_percent(5),
		rate_interval_ticks: TICKS_PER_HOUR,
		rate_stale_ticks: TICKS_PER_DAY,
		// Several times the fees of closing a series.
		sweep_fee: 20 * MILLI_ASY,
	};
}

/// What the account that owns the vouchers' assets must have for the names of all series that can be
/// alive at once.
pub const fn deposits_of_names() -> Balance {
	// "Compute voucher 4294967295" and "CU4294967295".
	const BYTES_OF_NAME: u32 = 26 + 12;
	let of_one = super::assets::METADATA_DEPOSIT_BASE
		+ BYTES_OF_NAME as Balance * super::assets::METADATA_DEPOSIT_PER_BYTE;
	of_one * MAX_QUOTES as Balance * MAX_LIVE_SERIES as Balance
}

impl pallet_vouchers::Config for Runtime {
	type AdminOrigin = MarketAdmin;
	type Native = Balances;
	type Assets = Assets;
	type AssetsHold = AssetsHolder;
	type Bonds = Providers;
	type Models = Models;
	type Payouts = Payouts;
	type Exchange = Pools;
	type Clock = Clock;
	type InsuranceAccount = InsuranceAccount;
	type TreasuryAccount = TreasuryAccount;
	type DefaultParameters = DefaultParameters;
	type PalletId = VouchersPalletId;
	type FirstAssetId = ConstU32<FIRST_VOUCHER>;
	type TicksPerDay = ConstU32<TICKS_PER_DAY>;
	type MaxQuotes = ConstU32<MAX_QUOTES>;
	type MaxLiveSeries = ConstU32<MAX_LIVE_SERIES>;
	// A series of each quote in every week of a life of 90 days, and some more.
	type MaxSubscriptions = ConstU32<64>;
	type WeightInfo = crate::weights::pallet_vouchers::WeightInfo<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = crate::benchmarks::market::MakeAssets;
}
