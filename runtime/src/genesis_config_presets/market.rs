//! The market of a new chain: accounts that must live from its first block on, and what there is to try
//! on a chain for one's own machine.

use crate::{
	configs::{asset_conversion::AssetKind, assets::AssetId, vouchers::deposits_of_names},
	units::{ASY, EXISTENTIAL_DEPOSIT},
	AccountId, AssetConversionConfig, AssetsConfig, Balance, ModelsConfig, Vouchers,
	VouchersConfig,
};
use alloc::{vec, vec::Vec};
use assay_market::{
	manifest::{ProgramBytes, Source, Text},
	Manifest,
};
use assay_primitives::{Hash, WeightsRoot};
use assay_programs::{samples, Program};
use codec::Encode;
use sp_arithmetic::FixedU128;
use sp_core::Bytes;

/// Price of a voucher's unit on these chains: a compute unit for a thousandth of a token.
const UNIT_PRICE: Balance = 1_000;
/// Below it the price never falls.
const UNIT_PRICE_FLOOR: Balance = 100;

/// The stable asset of these chains.
pub(crate) const STABLE_ASSET: AssetId = 1;
/// As many decimals as the native token's: of fewer, a unit of vouchers is worth less than the smallest
/// amount.
const STABLE_DECIMALS: u8 = crate::NATIVE_TOKEN_DECIMALS;
/// What its pool holds of either side: one is worth one.
const LIQUIDITY: Balance = 10_000 * ASY;

/// Accounts of pallets with what keeps them alive; those that are not here bring their own into
/// existence.
pub(super) fn pallet_accounts() -> Vec<(AccountId, Balance)> {
	vec![
		(Vouchers::account(), EXISTENTIAL_DEPOSIT),
		// It also deposits for the names of the vouchers' assets.
		(Vouchers::owner_account(), EXISTENTIAL_DEPOSIT + deposits_of_names()),
	]
}

/// Models whose programs the chain knows and whose weights nobody has: prices and offers can be tried
/// with them, answers cannot be checked.
pub(crate) fn demo_manifests() -> [Manifest; 2] {
	[
		demo_manifest("assay/demo-decoder", &samples::decoder()),
		demo_manifest("assay/demo-encoder", &samples::encoder()),
	]
}

fn demo_manifest(name: &str, program: &Program) -> Manifest {
	Manifest {
		// Programs and names of this file fit.
		program: ProgramBytes::truncate_from(program.to_bytes()),
		weights_root: WeightsRoot::default(),
		tokenizer_hash: Hash::default(),
		source: Source {
			name: Text::truncate_from(name.as_bytes().to_vec()),
			revision: None,
			files: Hash::default(),
		},
		quality: None,
		min_bond: crate::configs::models::InitialParameters::get().min_bond_floor,
		previous: None,
	}
}

/// The demo models.
pub(super) fn models() -> ModelsConfig {
	let models = demo_manifests().iter().map(|manifest| Bytes(manifest.encode())).collect();
	ModelsConfig { models, ..Default::default() }
}

/// A stable asset of which each of `holders` has so much; `owner` has its roles.
pub(super) fn assets(owner: &AccountId, holders: &[AccountId], each: Balance) -> AssetsConfig {
	AssetsConfig {
		// Sufficient: whoever has nothing else can hold it.
		assets: vec![(STABLE_ASSET, owner.clone(), true, 1)],
		metadata: vec![(STABLE_ASSET, b"Test dollar".to_vec(), b"TUSD".to_vec(), STABLE_DECIMALS)],
		accounts: holders.iter().map(|who| (STABLE_ASSET, who.clone(), each)).collect(),
		..Default::default()
	}
}

/// A pool of the stable asset, with liquidity of `owner`.
pub(super) fn pools(owner: &AccountId) -> AssetConversionConfig {
	AssetConversionConfig {
		pools: vec![(
			AssetKind::Native,
			AssetKind::WithId(STABLE_ASSET),
			owner.clone(),
			LIQUIDITY,
			LIQUIDITY,
		)],
	}
}

/// Vouchers are quoted in the native token and, at the same price, in the stable asset.
pub(super) fn vouchers() -> VouchersConfig {
	let statement = "An asset to try with: the development account Alice issues and freezes it.";
	let rate = FixedU128::from_rational(1, 1);
	VouchersConfig {
		native: Some((UNIT_PRICE, UNIT_PRICE_FLOOR)),
		assets: vec![(STABLE_ASSET, rate, statement.into(), UNIT_PRICE, UNIT_PRICE_FLOOR)],
		..Default::default()
	}
}
