use assay_market::{traits::Bonds, ProviderId};
use frame_support::{assert_ok, assert_storage_noop};

use crate::{mock::*, types::Standing, Event, Rest, REST_DOUBLINGS_MAX};

fn standing(provider: ProviderId) -> Standing {
	ledger(provider).offer.expect("an offer").standing
}

fn refresh(provider: ProviderId) {
	assert_ok!(Providers::refresh_offer(RuntimeOrigin::signed(STRANGER), provider, MODEL));
}

#[test]
fn a_missed_turn_should_take_an_offer_off_the_list_for_a_while() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		never_overdue(provider);
		Now::set(3);
		events();
		Providers::turn_missed(provider, &MODEL);
		let until = 3 + PERIOD;
		assert_eq!(events(), [Event::OfferResting { provider, model: MODEL, until }]);
		assert_eq!(standing(provider), Standing::Resting);
		assert!(best(5).is_empty());
		// It can still be named, and still counts as supply.
		assert_eq!(Providers::offer(provider, &MODEL), Some(offer(1)));
		assert_eq!(crate::TotalSupply::<Test>::get().units_per_day, 50);

		Now::set(until - 1);
		refresh(provider);
		assert!(best(5).is_empty());
		Now::set(until);
		refresh(provider);
		assert_eq!(best(5), [provider]);
	});
}

#[test]
fn no_new_offer_should_end_a_rest() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		Providers::turn_missed(provider, &MODEL);
		let origin = || RuntimeOrigin::signed(OWNER);
		assert_ok!(Providers::set_offer(origin(), MODEL, offer_at(25)));
		assert!(best(5).is_empty());
		assert_ok!(Providers::withdraw_offer(origin(), MODEL));
		assert_ok!(Providers::set_offer(origin(), MODEL, offer_at(25)));
		assert!(best(5).is_empty());
		for online in [false, true] {
			assert_ok!(Providers::set_online(origin(), online));
		}
		assert!(best(5).is_empty());
	});
}

#[test]
fn an_accepted_job_should_end_the_rest_and_forget_what_was_missed() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		Providers::turn_missed(provider, &MODEL);
		assert_ok!(Providers::reserve(provider, &MODEL, 1, 1));
		assert_eq!(best(5), [provider]);
		assert_eq!(ledger(provider).rest, None);
	});
}

#[test]
fn whoever_never_works_should_hold_up_fewer_and_fewer_jobs() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		never_overdue(provider);
		// It does all it can to come back, in every tick of about a hundred periods.
		let mut held_up = 0;
		for tick in 0..100 * PERIOD {
			Now::set(tick);
			refresh(provider);
			if best(1) == [provider] {
				held_up += 1;
				Providers::turn_missed(provider, &MODEL);
			}
		}
		assert_eq!(held_up, 7, "after 0, 1, 3, 7, 15, 31 and 63 periods");
	});
}

#[test]
fn one_absence_should_count_once() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		Providers::turn_missed(provider, &MODEL);
		let rest = ledger(provider).rest;
		assert_eq!(rest, Some(Rest { turns_missed: 1, until: PERIOD }));
		Now::set(1);
		// Turns in other jobs that passed at the same time.
		Providers::turn_missed(provider, &MODEL);
		assert_eq!(ledger(provider).rest, rest);
	});
}

#[test]
fn whoever_could_not_accept_should_not_rest() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		let missed = |provider, model| {
			assert_storage_noop!(Providers::turn_missed(provider, model));
		};
		missed(ProviderId(9), &MODEL);
		missed(provider, &MODEL_2);
		for _ in 0..3 {
			assert_ok!(Providers::reserve(provider, &MODEL, 1, 1));
		}
		assert_eq!(standing(provider), Standing::Full);
		missed(provider, &MODEL);
		assert_ok!(Providers::set_online(RuntimeOrigin::signed(OWNER), false));
		missed(provider, &MODEL);
		assert_ok!(Providers::withdraw_offer(RuntimeOrigin::signed(OWNER), MODEL));
		missed(provider, &MODEL);
	});
}

#[test]
fn rests_should_double_up_to_a_bound() {
	let after = |turns_missed| Rest::after(Some(Rest { turns_missed, until: 0 }), 5, 10);
	assert_eq!(Rest::after(None, 5, 10), Rest { turns_missed: 1, until: 15 });
	assert_eq!(after(1), Rest { turns_missed: 2, until: 25 });
	let longest = 5 + 10 * 1_024;
	assert_eq!(after(REST_DOUBLINGS_MAX).until, longest);
	assert_eq!(after(u32::MAX), Rest { turns_missed: u32::MAX, until: longest });
	assert_eq!(Rest::after(None, u32::MAX, 10).until, u32::MAX);
}
