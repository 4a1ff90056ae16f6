//! Liquidity pools, as the market sees them: what they hold, and what they give for an asset.

use crate::{configs::asset_conversion::AssetKind, AccountId, AssetConversion, Balance, Runtime};
use alloc::vec;
use assay_market::{traits::Exchange, Quote};
use pallet_asset_conversion::{Error, Swap};
use sp_runtime::DispatchError;

/// The pools of the native token.
pub struct Pools;

/// The asset that a pool exchanges for the native token; the native token itself has no such pool.
fn asset_of(quote: Quote) -> Option<AssetKind> {
	match quote {
		Quote::Native => None,
		Quote::Asset(id) => Some(AssetKind::WithId(id)),
	}
}

impl Exchange<AccountId> for Pools {
	fn reserves(quote: Quote) -> Option<(Balance, Balance)> {
		// A pool that is empty, or whose asset is frozen, says nothing.
		AssetConversion::get_reserves(AssetKind::Native, asset_of(quote)?).ok()
	}

	fn sell(
		who: &AccountId,
		quote: Quote,
		amount: Balance,
		least: Balance,
	) -> Result<Balance, DispatchError> {
		let asset = asset_of(quote).ok_or(Error::<Runtime>::InvalidAssetPair)?;
		// Sellers are accounts of pallets, which live on their native tokens: of an asset, the last
		// unit may go.
		let keep_alive = false;
		<AssetConversion as Swap<AccountId>>::swap_exact_tokens_for_tokens(
			who.clone(),
			vec![asset, AssetKind::Native],
			amount,
			// The pools refuse a least amount of nothing; one unit is the least that they give.
			Some(least.max(1)),
			who.clone(),
			keep_alive,
		)
	}
}
