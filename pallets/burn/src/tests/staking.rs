use crate::{mock::*, Event, NoteRewards, NoteSlashes, WeightInfo};
use assay_market::traits::{BurnReason, MintReason};
use frame_support::{
	assert_ok,
	dispatch::DispatchClass,
	traits::{
		fungible::Balanced,
		tokens::{Fortitude, Precision, Preservation},
		OnUnbalanced,
	},
};

#[test]
fn the_pot_should_burn_when_staking_takes_it() {
	build_and_execute(|| {
		settle(native_price(10_000), false);
		settle(native_price(500), false);
		events();
		let issuance = Balances::total_issuance();

		assert_eq!(Burn::take_for_era(), 1_050);
		assert_eq!(events(), [Event::PotBurned { amount: 1_050 }]);
		assert_eq!(Balances::total_issuance(), issuance - 1_050);
		assert_eq!(pot(), 0);
		let era = Burn::supply_of_era(0);
		assert_eq!(era.burned.get(&BurnReason::ValidatorShare), Some(&1_050));
	});
}

#[test]
fn an_empty_pot_should_give_nothing() {
	build_and_execute(|| {
		assert_eq!(Burn::take_for_era(), 0);
		assert_eq!(events(), []);
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), Burn::pot(), 0));
		assert_eq!(Burn::take_for_era(), 0);
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), Burn::pot(), ED));
	});
}

#[test]
fn taking_the_pot_should_register_its_weight() {
	build_and_execute(|| {
		let before = *System::block_weight().get(DispatchClass::Mandatory);
		Burn::take_for_era();
		let after = *System::block_weight().get(DispatchClass::Mandatory);
		assert_eq!(after - before, <() as WeightInfo>::take_for_era());
	});
}

#[test]
fn rewards_should_be_minted_and_noted() {
	build_and_execute(|| {
		let issuance = Balances::total_issuance();
		let paid = Balances::deposit(&PROVIDER, 700, Precision::Exact).unwrap();
		assert_eq!(Balances::total_issuance(), issuance);
		NoteRewards::<Test>::on_unbalanced(paid);
		assert_eq!(Balances::total_issuance(), issuance + 700);
		end_block();
		assert_eq!(Burn::supply_of_era(0).minted.get(&MintReason::StakingRewards), Some(&700));
		assert_eq!(events(), []);
	});
}

#[test]
fn slashes_of_stake_should_be_burned_and_noted() {
	build_and_execute(|| {
		let issuance = Balances::total_issuance();
		let lost = Balances::withdraw(
			&FUNDER,
			300,
			Precision::Exact,
			Preservation::Preserve,
			Fortitude::Force,
		)
		.unwrap();
		NoteSlashes::<Test>::on_unbalanced(lost);
		assert_eq!(Balances::total_issuance(), issuance - 300);
		end_block();
		assert_eq!(Burn::supply_of_era(0).burned.get(&BurnReason::Slashes), Some(&300));
		assert_eq!(events(), []);
	});
}
