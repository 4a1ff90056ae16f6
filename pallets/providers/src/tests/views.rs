use assay_market::{
	traits::{Bonds, Subscribed},
	ProviderId,
};
use frame_support::assert_ok;

use crate::{
	mock::*,
	types::{Membership, Role},
	views::{BondView, Lock, LockReason, OfferView, Online, ProviderView},
	Error,
};

#[test]
fn a_provider_should_be_shown() {
	build_and_execute(|| {
		assert_eq!(Providers::provider(ProviderId(0)), None);
		let provider = bonded(OWNER, MIN_BOND);
		assert_ok!(Providers::add_delegate(RuntimeOrigin::signed(OWNER), KEY));
		assert_ok!(Providers::propose_rotation(RuntimeOrigin::signed(OWNER), OTHER));
		let offline = ProviderView {
			owner: OWNER,
			delegates: vec![KEY],
			proposed_owner: Some(OTHER),
			deposit: DEPOSIT,
			models: vec![MODEL],
			indebted: 0,
			online: None,
		};
		assert_eq!(Providers::provider(provider), Some(offline.clone()));
		Now::set(3);
		assert_ok!(Providers::set_online(RuntimeOrigin::signed(OWNER), true));
		let online = Some(Online {
			last_heartbeat: 3,
			next_from: PERIOD,
			overdue_from: (ALLOWANCE + 2) * PERIOD,
		});
		assert_eq!(Providers::provider(provider), Some(ProviderView { online, ..offline }));
		let membership = Membership { provider, role: Role::Owner };
		assert_eq!(Providers::membership(OWNER), Some(membership));
		assert_eq!(Providers::membership(STRANGER), None);
	});
}

#[test]
fn a_bond_should_say_what_is_locked_and_why() {
	build_and_execute(|| {
		let provider = serving(OWNER, 5_000, 1);
		assert_eq!(Providers::bonded(provider, MODEL_2), None);
		assert_ok!(Providers::reserve(provider, &MODEL, 1_000, 10));
		assert_ok!(Providers::reserve(provider, &MODEL, 500, 20));
		assert_ok!(Providers::expose(provider, &MODEL, 500, 300));
		assert_ok!(Providers::pledge(provider, &MODEL, 400, true));
		Now::set(2);
		let request = Providers::request_withdrawal(RuntimeOrigin::signed(OWNER), MODEL, 200);
		assert_ok!(request);
		let lock = |amount, reason| Lock { amount, reason };
		let view = BondView {
			bonded: 5_000,
			free: 3_100,
			minimum: Some(MIN_BOND),
			debt: 0,
			open_jobs: 2,
			open_trace_bytes: 30,
			locks: vec![
				lock(1_000, LockReason::Reserved),
				lock(300, LockReason::Exposed),
				lock(400, LockReason::Pledged),
				lock(200, LockReason::Leaving { ready_at: 2 + WITHDRAWAL_TICKS }),
			],
			subscribed: None,
			resting_until: None,
		};
		assert_eq!(Providers::bonded(provider, MODEL), Some(view));

		// A debt that the unlocked part cannot pay, then one that it can.
		assert_ok!(Providers::slash(provider, &MODEL, 4_000, &SLASHER));
		let view = Providers::bonded(provider, MODEL).unwrap();
		assert_eq!((view.bonded, view.free, view.debt), (1_700, 0, 700));
		assert_eq!(Providers::provider(provider).unwrap().indebted, 1);
		assert_eq!(view.locks.iter().map(|lock| lock.amount).sum::<u128>(), 1_700);
		assert_ok!(Providers::release(provider, &MODEL, 1_000, 0, 10));
		let view = Providers::bonded(provider, MODEL).unwrap();
		assert_eq!(view.free, 300);
		assert_eq!(view.locks.last(), Some(&lock(700, LockReason::Owed)));
	});
}

#[test]
fn what_holds_an_offer_should_be_shown_as_long_as_it_does() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		let bounds =
			Subscribed { max_min_price_per_unit: 5, max_multiplier_percent: 150, until: 20 };
		assert_ok!(Providers::set_subscribed(provider, &MODEL, Some(bounds)));
		Providers::turn_missed(provider, &MODEL);
		let shown = || {
			let view = Providers::bonded(provider, MODEL).unwrap();
			(view.subscribed, view.resting_until)
		};
		assert_eq!(shown(), (Some(bounds), Some(PERIOD)));
		Now::set(PERIOD);
		assert_eq!(shown(), (Some(bounds), None));
		Now::set(20);
		assert_eq!(shown(), (None, None));
	});
}

#[test]
fn a_withdrawal_should_be_asked_for_before_it_is_tried() {
	build_and_execute(|| {
		let provider = bonded(OWNER, MIN_BOND);
		let withdrawable = || Providers::withdrawable(provider, MODEL);
		assert_eq!(withdrawable(), Err(Error::<Test>::NothingLeaving.into()));
		let request = Providers::request_withdrawal(RuntimeOrigin::signed(OWNER), MODEL, MIN_BOND);
		assert_ok!(request);
		assert_eq!(withdrawable(), Err(Error::<Test>::WithdrawalTooEarly.into()));
		Now::set(WITHDRAWAL_TICKS);
		assert_eq!(withdrawable(), Ok(MIN_BOND));
		let elsewhere = Providers::withdrawable(provider, MODEL_2);
		assert_eq!(elsewhere, Err(Error::<Test>::NoBond.into()));
	});
}

#[test]
fn offers_should_be_shown_best_first() {
	build_and_execute(|| {
		let dear = serving_with(OWNER, MIN_BOND, offer_at(200));
		let cheap = serving_with(OTHER, 2 * MIN_BOND, offer_at(100));
		assert_ok!(Providers::reserve(cheap, &MODEL, 100, 1));
		let view = |provider, multiplier, free_bond, open_jobs| OfferView {
			provider,
			offer: offer_at(multiplier),
			free_bond,
			open_jobs,
		};
		let expected = [view(cheap, 100, 2 * MIN_BOND - 100, 1), view(dear, 200, MIN_BOND, 0)];
		assert_eq!(Providers::offers(MODEL), expected);
		assert!(Providers::offers(MODEL_2).is_empty());
	});
}
