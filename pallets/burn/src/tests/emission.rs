use crate::mock::*;
use assay_market::traits::{BurnReason, MintReason, PayoutReason};
use frame_support::assert_ok;
use sp_runtime::Permill;

fn emit(percent: u32) {
	assert_ok!(Burn::set_emission_rate(RuntimeOrigin::root(), Permill::from_percent(percent)));
}

#[test]
fn emission_should_be_off_by_default() {
	build_and_execute(|| assert_eq!(settle(native_price(10_000), true).emitted, 0));
}

#[test]
fn emission_should_be_minted_and_claimable() {
	build_and_execute(|| {
		emit(40);
		let issuance = Balances::total_issuance();
		let shares = settle(native_price(10_000), true);
		assert_eq!(shares.emitted, 600);
		assert_eq!(Balances::total_issuance(), issuance - 1_500 + 600);
		let emission = (PROVIDER, native_price(600), PayoutReason::Emission);
		assert_eq!(Payments::get().last(), Some(&emission));
		assert_eq!(Burn::supply_of_era(0).minted.get(&MintReason::Emission), Some(&600));
		assert_eq!(Burn::issuance().minted, 600);
	});
}

#[test]
fn the_highest_emission_should_return_the_burn_and_no_more() {
	build_and_execute(|| {
		emit(100);
		let issuance = Balances::total_issuance();
		for amount in [1, 7, 10_000] {
			let shares = settle(native_price(amount), true);
			assert_eq!(shares.emitted, shares.burned);
		}
		assert_eq!(Balances::total_issuance(), issuance);
		let era = Burn::supply_of_era(0);
		assert_eq!(era.minted.get(&MintReason::Emission), era.burned.get(&BurnReason::Jobs));
	});
}

#[test]
fn unlisted_models_and_prices_in_assets_should_have_no_emission() {
	build_and_execute(|| {
		emit(100);
		assert_eq!(settle(native_price(10_000), false).emitted, 0);
		assert_eq!(settle(asset_price(STABLE, 10_000), true).emitted, 0);
	});
}
