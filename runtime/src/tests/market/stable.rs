//! Jobs that are paid in an asset: shared in it, and what should burn is sold for native tokens first.

use super::{
	check_properties,
	deal::{
		accept, commit, open_market, open_series, provider_of, request, submit, subscribe_and_mint,
		SERVERS, UNITS, USER,
	},
	dispatch, last_event, now, pass, signed, Chain,
};
use crate::{
	genesis_config_presets::market::STABLE_ASSET, AccountId, Assets, Balance, Balances, Burn,
	Payouts, Runtime, RuntimeEvent, Slashing, Vouchers,
};
use assay_market::{
	traits::{BurnReason, PayoutReason},
	Assignment, Quote, SeriesId,
};
use frame_support::{assert_ok, traits::fungible::Inspect};
use sp_keyring::Sr25519Keyring::Ferdie;

const STABLE: Quote = Quote::Asset(STABLE_ASSET);

/// A market with a job that was paid for in the stable asset.
fn settled() -> (Chain, SeriesId) {
	let mut chain = Chain::local();
	chain.block(open_market);
	let series = chain.block(|| {
		let series = open_series(STABLE);
		subscribe_and_mint(series);
		series
	});
	chain.block(|| {
		let job = submit(USER, request(series, Assignment::Named(provider_of(SERVERS[0]))));
		accept(SERVERS[0], job);
		commit(SERVERS[0], job);
	});
	chain.between_blocks(|| pass(200));
	chain.block(|| ());
	(chain, series)
}

fn claimable(who: AccountId, reason: PayoutReason) -> Balance {
	let claims = Payouts::claimable(who).into_iter();
	claims
		.filter(|claim| claim.reason == reason && claim.price.quote == STABLE)
		.map(|claim| claim.price.amount)
		.sum()
}

/// What waits to be sold.
fn waiting() -> Balance {
	let lots = Burn::waiting_for_sale().into_iter();
	lots.filter_map(|(asset, lot)| (asset == STABLE_ASSET).then(|| lot.units())?).sum()
}

/// Lets time pass until the next block places the order for what waits.
fn pass_until_the_order(chain: &mut Chain) {
	// A look after a gap as long as the averaging would be a first look again.
	let step = chain.between_blocks(|| Burn::configuration().sale.averaging / 2);
	loop {
		let left = chain.between_blocks(|| {
			let lots = Burn::waiting_for_sale();
			let (_, lot) = lots.iter().find(|(asset, _)| *asset == STABLE_ASSET).unwrap();
			lot.order_at.saturating_sub(now())
		});
		chain.between_blocks(|| pass(left.min(step)));
		if left <= step {
			break;
		}
		chain.block(|| ());
	}
}

#[test]
fn a_job_should_be_shared_in_the_asset_that_paid_for_it() {
	let (mut chain, series) = settled();
	chain.between_blocks(|| {
		let record = pallet_vouchers::AllSeries::<Runtime>::get(series).unwrap();
		let price = record.redeemed * record.price_per_unit;
		assert!(price > 0, "the job was settled");
		let server = SERVERS[0].to_account_id();
		assert_eq!(claimable(server, PayoutReason::Earnings), price * 70 / 100);
		let treasury = crate::configs::treasury::TreasuryAccount::get();
		assert_eq!(claimable(treasury, PayoutReason::Treasury), price * 5 / 100);
		assert_eq!(waiting(), price * 25 / 100);
		assert_eq!(record.reserve, (UNITS - record.redeemed) * record.price_per_unit);
		assert!(Assets::balance(STABLE_ASSET, Vouchers::account()) >= record.reserve);
		check_properties();
	});
	chain.block(|| {
		let server = SERVERS[0].to_account_id();
		let before = Assets::balance(STABLE_ASSET, &server);
		let claim = pallet_payouts::Call::claim { quote: STABLE, to: None };
		assert_ok!(dispatch(claim, signed(SERVERS[0])));
		assert!(Assets::balance(STABLE_ASSET, &server) > before);
	});
	chain.between_blocks(check_properties);
}

#[test]
fn what_should_burn_should_be_sold_for_native_tokens_that_do() {
	let (mut chain, _) = settled();
	// The average of the pool's price begins with the first look, the order follows a period later.
	chain.block(|| ());
	pass_until_the_order(&mut chain);
	let (lot, issuance) = chain.between_blocks(|| (waiting(), Balances::total_issuance()));
	let sold = chain.block(|| {
		last_event(|event| match event {
			RuntimeEvent::Burn(pallet_burn::Event::Sold { amount, burned, validators, .. }) => {
				Some((amount, burned, validators))
			}
			_ => None,
		})
	});
	let (amount, burned, validators) = sold.expect("the order was due");
	assert_eq!(amount, lot);
	// As 15 to 10.
	assert!((burned * 10).abs_diff(validators * 15) <= 25, "{burned} {validators}");
	chain.between_blocks(|| {
		assert_eq!(Balances::total_issuance(), issuance - burned);
		let books = Burn::supply_of_era(0);
		assert_eq!(books.burned.get(&BurnReason::Sales), Some(&burned));
		check_properties();
	});
}

#[test]
fn the_insurances_share_should_become_native_tokens() {
	let (mut chain, _) = settled();
	let insurance = chain.between_blocks(Slashing::insurance_account);
	let stable = chain.between_blocks(|| Assets::balance(STABLE_ASSET, &insurance));
	assert!(stable > 0, "premiums insure challengers");
	chain.block(|| {
		let collect = pallet_burn::Call::collect { asset: STABLE_ASSET };
		assert_ok!(dispatch(collect, signed(Ferdie)));
	});
	let before = chain.between_blocks(|| Balances::balance(&insurance));
	chain.block(|| ());
	pass_until_the_order(&mut chain);
	chain.block(|| ());
	chain.between_blocks(|| {
		assert!(Balances::balance(&insurance) > before);
		check_properties();
	});
}
