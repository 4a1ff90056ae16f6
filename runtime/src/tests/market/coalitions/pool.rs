//! Leaning on a pool while the chain sells: it costs more than it brings, as orders are smaller than the
//! pool's fee.

use super::{as_root, check_properties, pass, signed_amount, wealth, Chain};
use crate::{
	configs::asset_conversion::{AssetKind, LiquidityProviderFee},
	exchange::Pools,
	genesis_config_presets::market::STABLE_ASSET,
	tests::{
		dispatch,
		market::{last_event, now},
		signed,
	},
	units::ASY,
	Assets, Balance, Burn, Runtime, RuntimeEvent, RuntimeOrigin, Slashing,
};
use assay_market::{traits::Exchange, Quote};
use frame_support::{
	assert_ok,
	traits::{fungibles::Mutate, tokens::Preservation},
};
use pallet_burn::{SaleTerms, ORDER_OF_FEE_MAX};
use sp_keyring::Sr25519Keyring::{self, Eve, Ferdie};
use sp_runtime::Permill;

const STABLE: Quote = Quote::Asset(STABLE_ASSET);
/// Makes the blocks before and after the chain's order, or pays who does.
const AUTHOR: Sr25519Keyring = Ferdie;
/// What the author sells: the pool has 10 000 of either.
const LEANED: Balance = 40 * ASY;
/// What waits to be sold: more than one order.
const LOT: Balance = 100 * ASY;

/// What the author has more after the chain's order under these terms, which `set` makes those of the
/// chain.
fn leaned(set: impl FnOnce(), terms: SaleTerms) -> i128 {
	let mut chain = Chain::local();
	chain.block(|| {
		set();
		// As premiums fill the insurance. Its last unit stays.
		let (from, to) = (Eve.to_account_id(), Slashing::insurance_account());
		let keep = Preservation::Preserve;
		assert_ok!(<Assets as Mutate<_>>::transfer(STABLE_ASSET, &from, &to, LOT + 1, keep));
		assert_ok!(dispatch(pallet_burn::Call::collect { asset: STABLE_ASSET }, signed(Eve)));
	});
	// The average begins with the first look, and the first order follows a period later. In between
	// the chain looks once more, as gaps as long as the averaging begin a new one.
	let begun = chain.between_blocks(now);
	chain.block(|| ());
	let ticks_of_block = chain.between_blocks(now) - begun;
	chain.between_blocks(|| pass(terms.period / 2));
	chain.block(|| ());
	let order_at = chain.between_blocks(|| {
		let lots = Burn::waiting_for_sale();
		lots.iter().find(|(asset, _)| *asset == STABLE_ASSET).expect("the lot").1.order_at
	});
	chain.between_blocks(|| pass(order_at - 1 - ticks_of_block - now()));

	let before = chain.between_blocks(|| wealth(&[AUTHOR]));
	chain.block(|| {
		assert_eq!(now(), order_at - 1, "the order is not due yet");
		assert_ok!(Pools::sell(&AUTHOR.to_account_id(), STABLE, LEANED, 0));
	});
	chain.between_blocks(|| pass(1 - ticks_of_block));
	chain.block(|| {
		let sold = last_event(|event| match event {
			RuntimeEvent::Burn(pallet_burn::Event::Sold { amount, .. }) => Some(amount),
			_ => None,
		});
		assert!(sold.is_some_and(|amount| amount > 0), "the chain's order came first");
		buy(LEANED);
	});
	chain.between_blocks(|| {
		// Terms that governance may not choose would break a property by themselves.
		pallet_burn::Settings::<Runtime>::mutate(|settings| settings.sale = SaleTerms::default());
		check_properties();
		wealth(&[AUTHOR]) - before
	})
}

/// The author buys so much of the asset.
fn buy(amount: Balance) {
	let path = [AssetKind::Native, AssetKind::WithId(STABLE_ASSET)].map(Box::new).to_vec();
	let swap: pallet_asset_conversion::Call<Runtime> =
		pallet_asset_conversion::Call::swap_tokens_for_exact_tokens {
			path,
			amount_out: amount,
			amount_in_max: 2 * amount,
			send_to: AUTHOR.to_account_id(),
			keep_alive: true,
		};
	assert_ok!(dispatch(swap, signed(AUTHOR)));
}

#[test]
fn leaning_on_a_pool_should_cost_its_author_more_than_it_brings() {
	let largest = SaleTerms {
		reserve_share: ORDER_OF_FEE_MAX * LiquidityProviderFee::get(),
		..SaleTerms::default()
	};
	for terms in [SaleTerms::default(), largest] {
		let gained = leaned(|| as_root(pallet_burn::Call::set_sale_terms { terms }), terms);
		assert!(gained < 0, "{gained} by {terms:?}");
	}
}

#[test]
fn leaning_should_pay_with_orders_that_governance_may_not_choose() {
	let terms = SaleTerms { reserve_share: Permill::from_parts(5_000), ..SaleTerms::default() };
	let gained = leaned(
		|| {
			let call = pallet_burn::Call::set_sale_terms { terms };
			let refused = pallet_burn::Error::<Runtime>::OrderAboveFee.into();
			assert_eq!(dispatch(call, RuntimeOrigin::root()), Err(refused));
			pallet_burn::Settings::<Runtime>::mutate(|settings| settings.sale = terms);
		},
		terms,
	);
	assert!(gained > 0, "{gained}");
	// Far less than what the order sells: the pool's fees take most of it.
	assert!(gained < signed_amount(LOT / 100), "{gained}");
}
