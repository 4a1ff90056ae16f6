//! What the search calls the rules of today are those with which the runtime begins.

use super::Chain;
use crate::{
	configs::{
		market::TICKS_PER_DAY,
		models::InitialParameters,
		slashing::DefaultRules,
		vouchers::{DefaultParameters, MAX_LIVE_SERIES},
	},
	fees::{FEE_OF_BASE_WEIGHT, FEE_PER_BYTE},
	Burn, Runtime,
};
use assay_coalitions::setting::{self, Setting};

#[test]
fn the_search_should_play_the_rules_of_this_runtime() {
	Chain::local().between_blocks(|| {
		let Setting { rules, vouchers, burn, jobs, models, around } = Setting::today();
		assert_eq!(rules, DefaultRules::get());
		assert_eq!(vouchers, DefaultParameters::get());
		assert_eq!(burn, Burn::configuration());
		assert_eq!(jobs, pallet_jobs::Parameters::<Runtime>::get());
		assert_eq!(models, InitialParameters::get());
		assert_eq!(around.byte, FEE_PER_BYTE);
		assert_eq!(around.base, FEE_OF_BASE_WEIGHT);
		assert_eq!(around.swap, crate::configs::asset_conversion::LiquidityProviderFee::get());
		assert_eq!(setting::TICKS_PER_DAY, TICKS_PER_DAY);
		assert_eq!(setting::MAX_LIVE_SERIES, MAX_LIVE_SERIES);
		assert_eq!(setting::ASY, crate::units::ASY);
	});
}
