use crate::{mock::*, Eras, Event, Issuance, OldestEra, WeightInfo};
use assay_market::{
	traits::{BurnReason, MintReason, SupplyLedger as _},
	Balance,
};
use frame_support::{
	assert_noop, assert_ok,
	traits::{
		fungible::Mutate as _,
		tokens::{Fortitude, Precision, Preservation},
		Hooks,
	},
	weights::WeightMeter,
};
use sp_runtime::TokenError;

/// What an era's ledger says.
fn burned(era: u32, reason: BurnReason) -> Balance {
	Burn::supply_of_era(era).burned.get(&reason).copied().unwrap_or_default()
}

fn minted(era: u32, reason: MintReason) -> Balance {
	Burn::supply_of_era(era).minted.get(&reason).copied().unwrap_or_default()
}

/// Burns without saying why.
fn lose(amount: Balance) {
	assert_ok!(Balances::burn_from(
		&FUNDER,
		amount,
		Preservation::Preserve,
		Precision::Exact,
		Fortitude::Polite
	));
}

#[test]
fn genesis_should_record_the_issuance() {
	build_and_execute(|| {
		let genesis = Balances::total_issuance();
		assert_eq!(Burn::issuance(), Issuance { genesis, minted: 0, burned: 0 });
		assert_eq!(Burn::issuance().now(), genesis);
		end_block();
		assert_eq!(events(), []);
	});
}

#[test]
fn a_burn_for_another_pallet_should_be_done_and_noted() {
	build_and_execute(|| {
		let issuance = Balances::total_issuance();
		for reason in BurnReason::ALL {
			assert_ok!(Burn::burn(&FUNDER, 30, reason));
			assert_eq!(events(), [Event::Burned { from: FUNDER, amount: 30, reason }]);
			assert_eq!(burned(0, reason), 30);
		}
		let all: Balance = BurnReason::ALL.iter().map(|_| 30).sum();
		assert_eq!(Balances::total_issuance(), issuance - all);
		assert_eq!(Burn::issuance().burned, all);
	});
}

#[test]
fn a_burn_of_nothing_should_do_nothing() {
	build_and_execute(|| {
		assert_ok!(Burn::burn(&FUNDER, 0, BurnReason::Slashes));
		Burn::note_burned(0, BurnReason::Fees);
		Burn::note_minted(0, MintReason::Other);
		assert_eq!(events(), []);
		assert!(!Eras::<Test>::contains_key(0));
	});
}

#[test]
fn a_burn_should_leave_the_existential_deposit() {
	build_and_execute(|| {
		let refused = TokenError::FundsUnavailable;
		assert_noop!(Burn::burn(&TREASURY, 1, BurnReason::Slashes), refused);
		assert_noop!(Burn::burn(&PROVIDER, 1, BurnReason::Slashes), refused);
		assert_noop!(Burn::burn(&FUNDER, Balance::MAX, BurnReason::Slashes), refused);
	});
}

#[test]
fn fees_that_somebody_else_burns_should_be_noted_by_reason() {
	build_and_execute(|| {
		lose(25);
		Burn::note_burned(25, BurnReason::Fees);
		end_block();
		assert_eq!(burned(0, BurnReason::Fees), 25);
		assert_eq!(burned(0, BurnReason::Other), 0);
		assert_eq!(events(), []);
	});
}

#[test]
fn changes_without_a_reason_should_be_taken_up_at_the_end_of_the_block() {
	build_and_execute(|| {
		lose(25);
		end_block();
		assert_eq!(events(), [Event::TakenUp { minted: 0, burned: 25 }]);
		assert_eq!(burned(0, BurnReason::Other), 25);

		assert_ok!(Balances::mint_into(&FUNDER, 40));
		end_block();
		assert_eq!(events(), [Event::TakenUp { minted: 40, burned: 0 }]);
		assert_eq!(minted(0, MintReason::Other), 40);

		// Of both in one block, only the sum is known.
		lose(10);
		assert_ok!(Balances::mint_into(&FUNDER, 4));
		end_block();
		assert_eq!(events(), [Event::TakenUp { minted: 0, burned: 6 }]);
	});
}

#[test]
fn dust_should_be_taken_up() {
	build_and_execute(|| {
		assert_ok!(Balances::transfer_allow_death(RuntimeOrigin::signed(FUNDER), PROVIDER, ED + 5));
		assert_ok!(Balances::transfer_allow_death(RuntimeOrigin::signed(PROVIDER), FUNDER, 6));
		end_block();
		assert_eq!(events(), [Event::TakenUp { minted: 0, burned: ED - 1 }]);
	});
}

#[test]
fn a_note_without_a_burn_should_be_set_right() {
	build_and_execute(|| {
		Burn::note_burned(25, BurnReason::Fees);
		end_block();
		assert_eq!(events(), [Event::TakenUp { minted: 25, burned: 0 }]);
	});
}

#[test]
fn eras_should_be_kept_apart() {
	build_and_execute(|| {
		assert_ok!(Burn::burn(&FUNDER, 1, BurnReason::Slashes));
		Era::set(1);
		assert_ok!(Burn::burn(&FUNDER, 2, BurnReason::Slashes));
		assert_eq!(burned(0, BurnReason::Slashes), 1);
		assert_eq!(burned(1, BurnReason::Slashes), 2);
		assert_eq!(Burn::issuance().burned, 3);
	});
}

#[test]
fn old_eras_should_be_forgotten_one_a_block_and_stay_in_the_sums() {
	build_and_execute(|| {
		for era in 0..DEPTH {
			Era::set(era);
			assert_ok!(Burn::burn(&FUNDER, 1, BurnReason::Slashes));
			next_block();
		}
		assert_eq!(OldestEra::<Test>::get(), 0);
		assert_eq!(Eras::<Test>::iter_keys().count(), 3);

		Era::set(DEPTH + 1);
		next_block();
		assert_eq!(OldestEra::<Test>::get(), 1);
		assert!(!Eras::<Test>::contains_key(0));
		next_block();
		assert_eq!(OldestEra::<Test>::get(), 2);
		next_blocks(5);
		assert_eq!(OldestEra::<Test>::get(), 2);
		assert!(Eras::<Test>::contains_key(2));
		assert_eq!(Burn::supply_of_era(0), Default::default());
		assert_eq!(Burn::issuance().burned, 3);
	});
}

#[test]
fn an_era_should_be_forgotten_only_within_the_meter() {
	build_and_execute(|| {
		Era::set(DEPTH);
		let look = <() as WeightInfo>::on_poll();
		Burn::on_poll(1, &mut WeightMeter::with_limit(look));
		assert_eq!(OldestEra::<Test>::get(), 0);
		let limit = look + <() as WeightInfo>::forget_era();
		Burn::on_poll(1, &mut WeightMeter::with_limit(limit));
		assert_eq!(OldestEra::<Test>::get(), 1);
	});
}

#[test]
fn the_weight_of_the_last_hook_should_be_charged_by_the_first() {
	build_and_execute(|| {
		assert_eq!(Burn::on_initialize(1), <() as WeightInfo>::on_finalize());
	});
}
