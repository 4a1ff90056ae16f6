//! The market of new chains.

use super::{check_properties, deal, Chain};
use crate::{
	configs::{assets::AssetId, vouchers::FIRST_VOUCHER},
	exchange::Pools,
	genesis_config_presets::{
		market::{demo_manifests, STABLE_ASSET},
		PRODUCTION_RUNTIME_PRESET,
	},
	tests::chain_of,
	units::EXISTENTIAL_DEPOSIT,
	Balances, Burn, Jobs, Models, Payouts, Runtime, Slashing, Vouchers,
};
use assay_market::{
	traits::{Exchange, ModelKind, Models as _},
	Quote,
};
use pallet_assets::Instance1;
use pallet_jobs::Blake2;
use sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};

#[test]
fn every_preset_should_keep_the_properties_of_the_market() {
	for preset in [DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET, PRODUCTION_RUNTIME_PRESET] {
		chain_of(preset).execute_with(check_properties);
	}
	let mut chain = Chain::local();
	chain.block(|| ());
	chain.between_blocks(check_properties);
}

#[test]
fn every_preset_should_keep_the_accounts_of_pallets_alive() {
	for preset in [DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET, PRODUCTION_RUNTIME_PRESET] {
		chain_of(preset).execute_with(|| {
			let (settlement, pot) = Burn::pallet_accounts();
			for account in [
				Payouts::pallet_account(),
				Models::account(),
				Vouchers::account(),
				Vouchers::owner_account(),
				Jobs::account(),
				Slashing::account(),
				Slashing::insurance_account(),
				crate::configs::treasury::TreasuryAccount::get(),
				settlement,
				pot,
			] {
				assert!(Balances::free_balance(&account) >= EXISTENTIAL_DEPOSIT, "{account}");
			}
		});
	}
}

#[test]
fn books_should_begin_with_the_issuance_of_genesis() {
	chain_of(DEV_RUNTIME_PRESET).execute_with(|| {
		let books = Burn::issuance();
		assert_eq!(books.genesis, Balances::total_issuance());
		assert_eq!((books.minted, books.burned), (0, 0));
	});
}

#[test]
fn chains_for_ones_own_machine_should_have_models_and_quotes_to_try() {
	for preset in [DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET] {
		chain_of(preset).execute_with(|| {
			let [decoder, encoder] = demo_manifests().map(|manifest| manifest.id::<Blake2>());
			let kind = |model| Models::ensure_takes_jobs(&model).expect("a demo model").kind;
			assert_eq!(kind(decoder), ModelKind::Generate);
			assert!(matches!(kind(encoder), ModelKind::Embed { .. }));

			for quote in [Quote::Native, Quote::Asset(STABLE_ASSET)] {
				assert!(pallet_vouchers::Quotes::<Runtime>::contains_key(quote));
			}
			let metadata = pallet_assets::Metadata::<Runtime, Instance1>::get(STABLE_ASSET);
			assert_eq!(metadata.symbol.to_vec(), b"TUSD");
			let reserves = Pools::reserves(Quote::Asset(STABLE_ASSET));
			assert!(reserves.is_some_and(|(native, stable)| native == stable && native > 0));
		});
	}
}

#[test]
fn public_chains_should_begin_without_models_quotes_and_assets() {
	chain_of(PRODUCTION_RUNTIME_PRESET).execute_with(|| {
		assert_eq!(pallet_models::Records::<Runtime>::iter().count(), 0);
		assert_eq!(pallet_vouchers::Quotes::<Runtime>::iter().count(), 0);
		assert_eq!(pallet_assets::Asset::<Runtime, Instance1>::iter().count(), 0);
		assert_eq!(pallet_asset_conversion::Pools::<Runtime>::iter().count(), 0);
	});
}

#[test]
fn numbers_of_the_presets_assets_should_be_below_those_of_vouchers() {
	let numbers: [AssetId; 1] = [STABLE_ASSET];
	assert!(numbers.iter().all(|number| *number < FIRST_VOUCHER));
}

#[test]
fn a_demo_model_should_have_a_price() {
	chain_of(DEV_RUNTIME_PRESET).execute_with(|| {
		let lengths = assay_market::Lengths { inputs: 100, outputs: 50 };
		let price = Models::price(deal::model(), lengths).expect("it admits such runs");
		assert!(price.run.units.0 > 0 && price.units_per_million_tokens > 0);
	});
}
