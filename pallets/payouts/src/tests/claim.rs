use crate::{mock::*, Error, Event};
use assay_market::{traits::PayoutReason, traits::Payouts as _, Balance, Quote};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, DispatchResult};

fn claim(owner: AccountId, quote: Quote, to: Option<AccountId>) -> DispatchResult {
	Payouts::claim(RuntimeOrigin::signed(owner), quote, to)
}

const STABLE_QUOTE: Quote = Quote::Asset(STABLE);
const COARSE_QUOTE: Quote = Quote::Asset(COARSE);

#[test]
fn a_claim_should_take_every_reason_of_a_quote_and_nothing_else() {
	build_and_execute(|| {
		for reason in PayoutReason::ALL {
			assert_ok!(Payouts::pay(&PAYER, &ALICE, native(3), reason));
		}
		earn(ALICE, asset(STABLE, 7));
		earn(BOB, native(11));
		events();

		let all: Balance = PayoutReason::ALL.iter().map(|_| 3).sum();
		assert_ok!(claim(ALICE, Quote::Native, None));
		let claimed = Event::Claimed { owner: ALICE, to: ALICE, price: native(all) };
		assert_eq!(events(), [claimed]);
		assert_eq!(balance(ALICE, Quote::Native), ED + all);
		assert_eq!(Payouts::waiting(Quote::Native), 11);
		assert_eq!(Payouts::claimable(ALICE).len(), 1);
		assert_eq!(Payouts::waiting(STABLE_QUOTE), 7);
	});
}

#[test]
fn a_claim_should_reach_the_account_that_its_owner_names() {
	build_and_execute(|| {
		earn(DEAD, asset(STABLE, 7));
		assert_ok!(claim(DEAD, STABLE_QUOTE, Some(BOB)));
		assert_eq!(balance(BOB, STABLE_QUOTE), 7);
		assert_eq!(balance(Payouts::pallet_account(), STABLE_QUOTE), 0);
	});
}

#[test]
fn anybody_should_be_able_to_claim_for_the_owner() {
	build_and_execute(|| {
		earn(DEAD, native(ED));
		events();
		assert_ok!(Payouts::claim_for(RuntimeOrigin::signed(BOB), DEAD, Quote::Native));
		let claimed = Event::Claimed { owner: DEAD, to: DEAD, price: native(ED) };
		assert_eq!(events(), [claimed]);
		assert_eq!(balance(DEAD, Quote::Native), ED);
		assert_eq!(balance(BOB, Quote::Native), ED);
	});
}

#[test]
fn calls_should_need_a_signature() {
	build_and_execute(|| {
		earn(ALICE, native(1));
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(
				Payouts::claim(origin.clone(), Quote::Native, None),
				DispatchError::BadOrigin
			);
			assert_noop!(
				Payouts::claim_for(origin, ALICE, Quote::Native),
				DispatchError::BadOrigin
			);
		}
	});
}

#[test]
fn nothing_should_be_claimed_twice_or_by_others() {
	build_and_execute(|| {
		earn(ALICE, native(50));
		assert_noop!(claim(BOB, Quote::Native, None), Error::<Test>::NothingToClaim);
		assert_noop!(claim(ALICE, STABLE_QUOTE, None), Error::<Test>::NothingToClaim);
		assert_ok!(claim(ALICE, Quote::Native, None));
		assert_noop!(claim(ALICE, Quote::Native, None), Error::<Test>::NothingToClaim);
	});
}

#[test]
fn a_claim_below_the_existential_deposit_should_wait_for_more() {
	build_and_execute(|| {
		earn(DEAD, native(ED - 1));
		assert_noop!(claim(DEAD, Quote::Native, None), Error::<Test>::ReceiverBelowMinimum);
		earn(DEAD, native(1));
		assert_ok!(claim(DEAD, Quote::Native, None));
		assert_eq!(balance(DEAD, Quote::Native), ED);
	});
}

#[test]
fn a_receiver_without_references_should_be_refused_and_keep_its_claim() {
	build_and_execute(|| {
		earn(DEAD, asset(STABLE, 7));
		assert_noop!(claim(DEAD, STABLE_QUOTE, None), Error::<Test>::ReceiverCannotCreate);
		assert_eq!(Payouts::waiting(STABLE_QUOTE), 7);
		earn(DEAD, native(ED));
		assert_ok!(claim(DEAD, Quote::Native, None));
		assert_ok!(claim(DEAD, STABLE_QUOTE, None));
	});
}

#[test]
fn a_blocked_receiver_should_be_refused_and_may_name_another() {
	build_and_execute(|| {
		earn(ALICE, asset(STABLE, 1));
		assert_ok!(claim(ALICE, STABLE_QUOTE, None));
		assert_ok!(Assets::block(RuntimeOrigin::signed(ADMIN), STABLE, ALICE));
		earn(ALICE, asset(STABLE, 7));
		assert_noop!(claim(ALICE, STABLE_QUOTE, None), Error::<Test>::ReceiverBlocked);
		assert_ok!(claim(ALICE, STABLE_QUOTE, Some(BOB)));
		assert_eq!(balance(BOB, STABLE_QUOTE), 7);
	});
}

#[test]
fn a_frozen_asset_or_account_should_be_claimable_when_thawed() {
	build_and_execute(|| {
		earn(ALICE, asset(STABLE, 7));
		let admin = || RuntimeOrigin::signed(ADMIN);
		assert_ok!(Assets::freeze_asset(admin(), STABLE));
		assert_noop!(claim(ALICE, STABLE_QUOTE, None), Error::<Test>::Frozen);
		assert_ok!(Assets::thaw_asset(admin(), STABLE));

		assert_ok!(Assets::freeze(admin(), STABLE, Payouts::pallet_account()));
		assert_noop!(claim(ALICE, STABLE_QUOTE, None), Error::<Test>::Frozen);
		assert_ok!(Assets::thaw(admin(), STABLE, Payouts::pallet_account()));
		assert_ok!(claim(ALICE, STABLE_QUOTE, None));
	});
}

#[test]
fn an_asset_taken_from_the_pallets_account_should_be_missed_by_name() {
	new_test_ext().execute_with(|| {
		earn(ALICE, asset(STABLE, 7));
		let account = Payouts::pallet_account();
		let admin = RuntimeOrigin::signed(ADMIN);
		assert_ok!(Assets::force_transfer(admin, STABLE, account, ADMIN, 1));
		assert_noop!(claim(ALICE, STABLE_QUOTE, None), Error::<Test>::InsufficientFunds);
		assert_eq!(Payouts::do_try_state(), Err("account_covers_ledger".into()));
	});
}

#[test]
fn dust_of_an_asset_should_not_be_lost_by_a_claim() {
	build_and_execute(|| {
		earn(ALICE, asset(COARSE, 150));
		earn(BOB, asset(COARSE, 20));
		assert_noop!(claim(ALICE, COARSE_QUOTE, None), Error::<Test>::DustWouldBeLost);
		assert_noop!(claim(BOB, COARSE_QUOTE, None), Error::<Test>::ReceiverBelowMinimum);

		// The minimum, given once, cures it for good.
		let gift = RuntimeOrigin::signed(ADMIN);
		let account = Payouts::pallet_account();
		assert_ok!(Assets::transfer(gift, COARSE, account, COARSE_MINIMUM));
		assert_ok!(claim(ALICE, COARSE_QUOTE, None));
		assert_ok!(claim(BOB, COARSE_QUOTE, Some(ALICE)));
		assert_eq!(balance(ALICE, COARSE_QUOTE), 170);
	});
}

#[test]
fn a_claim_that_overflows_should_be_refused() {
	build_and_execute(|| {
		use crate::Claims;
		earn(ALICE, native(10));
		let full = |amount| {
			Claims::<Test>::mutate(ALICE, Quote::Native, |claim| {
				for reason in [PayoutReason::Earnings, PayoutReason::Premium] {
					claim.try_insert(reason, amount).unwrap();
				}
			});
		};
		full(Balance::MAX);
		assert_noop!(claim(ALICE, Quote::Native, None), Error::<Test>::Overflow);
		full(5);
	});
}

#[test]
fn a_claim_to_the_pallets_account_should_be_a_gift() {
	build_and_execute(|| {
		earn(ALICE, native(50));
		assert_ok!(claim(ALICE, Quote::Native, Some(Payouts::pallet_account())));
		assert_eq!(Payouts::waiting(Quote::Native), 0);
		assert_eq!(balance(Payouts::pallet_account(), Quote::Native), ED + 50);
	});
}
