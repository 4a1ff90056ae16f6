//! Leaning on a pool while the chain sells: finding B15, and the bound that ends it.

use super::{as_root, check_properties, pass, signed_amount, wealth, Chain};
use crate::{
	configs::asset_conversion::AssetKind,
	exchange::Pools,
	genesis_config_presets::market::STABLE_ASSET,
	tests::{
		dispatch,
		market::{last_event, now},
		signed,
	},
	units::ASY,
	Assets, Balance, Burn, Runtime, RuntimeEvent, Slashing,
};
use assay_coalitions::{known::KNOWN, setting::Setting};
use assay_market::{traits::Exchange, Quote};
use frame_support::{
	assert_ok,
	traits::{fungibles::Mutate, tokens::Preservation},
};
use pallet_burn::SaleTerms;
use sp_keyring::Sr25519Keyring::{self, Eve, Ferdie};

const STABLE: Quote = Quote::Asset(STABLE_ASSET);
/// Makes the blocks before and after the chain's order, or pays who does.
const AUTHOR: Sr25519Keyring = Ferdie;
/// What the author sells: the pool has 10 000 of either.
const LEANED: Balance = 40 * ASY;
/// What waits to be sold: more than one order.
const LOT: Balance = 100 * ASY;

/// What the author has more after the chain's order under these terms.
fn leaned(terms: SaleTerms) -> i128 {
	let mut chain = Chain::local();
	chain.block(|| {
		as_root(pallet_burn::Call::set_sale_terms { terms });
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
fn leaning_on_a_pool_should_pay_as_the_open_finding_says() {
	let gained = leaned(SaleTerms::default());
	assert!(gained > 0, "B15 is no finding any more: {gained}");
	// Far less than what the order sells: the pool's fees take most of it.
	assert!(gained < signed_amount(LOT / 100), "{gained}");
}

#[test]
fn orders_smaller_than_the_pools_fee_should_end_it() {
	let mut setting = Setting::today();
	let known = KNOWN.iter().find(|known| known.number == "B15").expect("an open finding");
	(known.remedy)(&mut setting);
	let gained = leaned(setting.burn.sale);
	assert!(gained <= 0, "{gained}");
}
