use crate::{mock::*, Eras, Lots, OldestEra, Settings, Supply};
use assay_market::{
	traits::{BurnReason, MintReason, SupplyLedger as _},
	AssetId, Balance,
};
use frame_support::{
	assert_ok,
	traits::{
		fungible::Mutate as _,
		tokens::{Fortitude, Precision, Preservation},
	},
};
use proptest::prelude::*;
use sp_runtime::{Permill, TryRuntimeError};

/// What happens in a random history.
#[derive(Clone, Copy, Debug)]
enum Step {
	SettleNative { amount: Balance, listed: bool },
	SettleAsset { asset: AssetId, amount: Balance },
	SetEmission { percent: u32 },
	Blocks { count: u32 },
	MovePrice { asset: AssetId, percent: Balance },
	Burn { amount: Balance },
	Gift { amount: Balance },
	Collect { paid: Balance },
	GiveUp { asset: AssetId },
	Unexplained { minted: Balance, burned: Balance },
	EndEra,
}

fn step() -> impl Strategy<Value = Step> {
	let amount = || prop_oneof![0..30u128, 0..1_000_000u128];
	let asset = || prop_oneof![Just(STABLE), Just(OTHER)];
	prop_oneof![
		4 => (amount(), any::<bool>())
			.prop_map(|(amount, listed)| Step::SettleNative { amount, listed }),
		4 => (asset(), amount()).prop_map(|(asset, amount)| Step::SettleAsset { asset, amount }),
		1 => (0..=100u32).prop_map(|percent| Step::SetEmission { percent }),
		3 => (1..400u32).prop_map(|count| Step::Blocks { count }),
		2 => (asset(), 70..140u128)
			.prop_map(|(asset, percent)| Step::MovePrice { asset, percent }),
		1 => amount().prop_map(|amount| Step::Burn { amount }),
		1 => amount().prop_map(|amount| Step::Gift { amount }),
		2 => amount().prop_map(|paid| Step::Collect { paid }),
		1 => asset().prop_map(|asset| Step::GiveUp { asset }),
		1 => (amount(), amount())
			.prop_map(|(minted, burned)| Step::Unexplained { minted, burned }),
		2 => Just(Step::EndEra),
	]
}

fn take(step: Step) {
	match step {
		Step::SettleNative { amount, listed } => {
			settle(native_price(amount), listed);
		}
		Step::SettleAsset { asset, amount } => {
			settle(asset_price(asset, amount), true);
		}
		Step::SetEmission { percent } => {
			let rate = Permill::from_percent(percent);
			assert_ok!(Burn::set_emission_rate(RuntimeOrigin::root(), rate));
		}
		Step::Blocks { count } => next_blocks(count),
		Step::MovePrice { asset, percent } => Pools::mutate(|pools| {
			let (native, of_asset) = pools[&asset];
			// The pool's account holds enough for all of it.
			pools.insert(asset, ((native * percent / 100).min(RESERVE), of_asset));
		}),
		Step::Burn { amount } => {
			assert_ok!(Burn::burn(&FUNDER, amount, BurnReason::Slashes));
		}
		Step::Gift { amount } => fund(native_price(amount)),
		Step::Collect { paid } => {
			if paid > 0 {
				insure(STABLE, paid);
			}
			let collected = Burn::collect(RuntimeOrigin::signed(FUNDER), STABLE);
			assert!(collected.is_ok() || units(STABLE, INSURANCE) <= 1, "{collected:?}");
		}
		Step::GiveUp { asset } => {
			let was_open = Lots::<Test>::contains_key(asset);
			let given_up = Burn::give_up_lot(RuntimeOrigin::root(), asset);
			assert_eq!(given_up.is_ok(), was_open);
		}
		Step::Unexplained { minted, burned } => {
			assert_ok!(Balances::mint_into(&FUNDER, minted));
			assert_ok!(Balances::burn_from(
				&FUNDER,
				burned,
				Preservation::Preserve,
				Precision::Exact,
				Fortitude::Polite
			));
		}
		Step::EndEra => {
			Burn::take_for_era();
			Era::mutate(|era| *era += 1);
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	#[test]
	fn random_histories_should_keep_the_properties(
		steps in prop::collection::vec(step(), 0..60),
	) {
		build_and_execute(|| {
			for step in steps {
				take(step);
				next_block();
				end_block();
				assert_ok!(Burn::do_try_state());
			}
			// Sums by reason are the sums since genesis, as long as no era was forgotten.
			if OldestEra::<Test>::get() == 0 {
				let eras = || Eras::<Test>::iter_values();
				let minted: Balance = eras().flat_map(|era| era.minted.into_inner()).map(|(_, sum)| sum).sum();
				let burned: Balance = eras().flat_map(|era| era.burned.into_inner()).map(|(_, sum)| sum).sum();
				assert_eq!((minted, burned), (Burn::issuance().minted, Burn::issuance().burned));
			}
		});
	}
}

/// The error that the checks give after a change of a state with a lot and an emission.
fn error_after(change: impl FnOnce()) -> Option<TryRuntimeError> {
	let mut error = None;
	new_test_ext().execute_with(|| {
		assert_ok!(Burn::set_emission_rate(RuntimeOrigin::root(), Permill::one()));
		settle(native_price(10_000), true);
		settle(asset_price(STABLE, 10_000), true);
		end_block();
		assert_ok!(Burn::do_try_state());
		change();
		error = Burn::do_try_state().err();
	});
	error
}

#[test]
fn try_state_should_name_conservation() {
	let name = Some(TryRuntimeError::Other("conservation"));
	assert_eq!(error_after(|| Supply::<Test>::mutate(|supply| supply.burned += 1)), name);
	let mint = || assert_eq!(Balances::mint_into(&FUNDER, 1), Ok(1));
	assert_eq!(error_after(mint), name);
}

#[test]
fn try_state_should_name_emission_within_burn() {
	let emit_more = || {
		Eras::<Test>::mutate(0, |era| {
			let emitted = era.minted.get_mut(&MintReason::Emission).unwrap();
			*emitted += 1;
		});
	};
	assert_eq!(error_after(emit_more), Some(TryRuntimeError::Other("emission_within_burn")));
}

#[test]
fn try_state_should_name_account_covers_ledger() {
	let name = Some(TryRuntimeError::Other("account_covers_ledger"));
	let grow = || {
		Lots::<Test>::mutate(STABLE, |lot| lot.as_mut().unwrap().burn += 1);
	};
	assert_eq!(error_after(grow), name);
	let overflow = || {
		Lots::<Test>::mutate(STABLE, |lot| lot.as_mut().unwrap().burn = Balance::MAX);
	};
	assert_eq!(error_after(overflow), name);
	// Root's call is no burn that anybody explained, so the block has to end first.
	let kill = || {
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), Burn::pot(), 0));
		end_block();
	};
	assert_eq!(error_after(kill), name);
}

#[test]
fn try_state_should_name_shares_sum_to_whole() {
	let name = Some(TryRuntimeError::Other("shares_sum_to_whole"));
	let lose = || Settings::<Test>::mutate(|all| all.shares.treasury = Permill::zero());
	assert_eq!(error_after(lose), name);
	let halt = || Settings::<Test>::mutate(|all| all.sale.period = 0);
	assert_eq!(error_after(halt), name);
}

#[test]
fn try_state_should_name_ledger_is_bounded() {
	let name = Some(TryRuntimeError::Other("ledger_is_bounded"));
	assert_eq!(error_after(|| Eras::<Test>::insert(1, crate::EraSupply::default())), name);
	assert_eq!(error_after(|| OldestEra::<Test>::put(1)), name);
	assert_eq!(error_after(|| MaxQuotes::set(0)), name);
}
