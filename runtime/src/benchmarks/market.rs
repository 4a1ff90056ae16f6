//! What the market's benchmarks need of other pallets: assets with pools, and a model.

use crate::{
	configs::{asset_conversion::AssetKind, assets::AssetId, vouchers::FIRST_VOUCHER},
	units::ASY,
	AccountId, AssetConversion, Assets, Balance, Balances, Models, Providers, Runtime,
	RuntimeOrigin,
};
use alloc::boxed::Box;
use assay_market::{
	traits::{Bonds, Models as _},
	ModelId,
};
use frame_benchmarking::account;
use frame_support::{
	assert_ok,
	traits::{
		fungible::Mutate as _,
		fungibles::{Create, Mutate as _},
		Get,
	},
};

/// An asset that no genesis has and no voucher is.
const QUOTED: AssetId = FIRST_VOUCHER - 1;

/// What a pool holds of either side: more than any benchmark sells.
const RESERVE: Balance = 1_000_000 * ASY;

/// Makes assets with a pool in which a unit is worth one of the native token.
pub struct MakeAssets;

impl MakeAssets {
	fn make(asset: AssetId) {
		let funder: AccountId = account("liquidity", 0, 0);
		assert_ok!(Balances::mint_into(&funder, 3 * RESERVE));
		// Sufficient, so that accounts without native tokens can own it.
		assert_ok!(<Assets as Create<_>>::create(asset, funder.clone(), true, 1));
		assert_ok!(Assets::mint_into(asset, &funder, 2 * RESERVE));
		let pair = || (Box::new(AssetKind::Native), Box::new(AssetKind::WithId(asset)));
		let origin = RuntimeOrigin::signed(funder.clone());
		let (native, other) = pair();
		assert_ok!(AssetConversion::create_pool(origin.clone(), native, other));
		let (native, other) = pair();
		assert_ok!(AssetConversion::add_liquidity(
			origin, native, other, RESERVE, RESERVE, RESERVE, RESERVE, funder,
		));
	}
}

impl pallet_burn::BenchmarkHelper<AccountId> for MakeAssets {
	fn make_asset_with_pool(asset: AssetId, who: &AccountId, amount: Balance) {
		Self::make(asset);
		assert_ok!(Assets::mint_into(asset, who, amount));
	}
}

impl pallet_vouchers::BenchmarkHelper for MakeAssets {
	fn model() -> ModelId {
		let model = Models::register_for_benchmark(1_024);
		let bond = 2 * pallet_models::CurrentParameters::<Runtime>::get().min_bond_floor;
		for number in 0..<Runtime as pallet_models::Config>::RequiredAttestations::get() {
			let attester: AccountId = account("attester", number, 0);
			<Providers as Bonds<AccountId>>::bond_for_benchmark(&attester, &model, bond);
			assert_ok!(Models::attest(RuntimeOrigin::signed(attester), model));
		}
		model
	}

	fn quoted_asset() -> AssetId {
		Self::make(QUOTED);
		QUOTED
	}
}
