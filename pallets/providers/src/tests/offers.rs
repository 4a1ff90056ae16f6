use assay_market::{
	traits::{Bonds, Offer},
	ProviderId,
};
use frame_support::{assert_noop, assert_ok};

use crate::{mock::*, types::Standing, BestOffers, Error, Event};

fn set_offer(who: u64, offer: Offer) -> sp_runtime::DispatchResult {
	Providers::set_offer(RuntimeOrigin::signed(who), MODEL, offer)
}

fn standing(provider: ProviderId) -> Standing {
	ledger(provider).offer.expect("an offer").standing
}

/// Providers of the owners 1, 2, .. with offers at these multipliers, online.
fn market(multipliers: &[u16]) -> Vec<ProviderId> {
	let serving = |(owner, multiplier)| serving_with(owner, 2 * MIN_BOND, offer_at(multiplier));
	(OWNER..).zip(multipliers.iter().copied()).map(serving).collect()
}

#[test]
fn an_offer_should_be_listed_once_its_provider_is_online_and_bonded() {
	build_and_execute(|| {
		let provider = bonded(OWNER, MIN_BOND);
		events();
		assert_ok!(set_offer(OWNER, offer(3)));
		assert_eq!(events(), [Event::OfferSet { provider, model: MODEL, offer: offer(3) }]);
		assert_eq!(standing(provider), Standing::Idle);
		assert_eq!(Providers::offer(provider, &MODEL), None);
		assert!(best(5).is_empty());

		assert_ok!(Providers::set_online(RuntimeOrigin::signed(OWNER), true));
		assert_eq!(standing(provider), Standing::Listed);
		assert_eq!(Providers::offer(provider, &MODEL), Some(offer(3)));
		assert_eq!(best(5), [provider]);
		assert_eq!(Providers::offer(provider, &MODEL_2), None);
		assert_eq!(Providers::offer(ProviderId(9), &MODEL), None);

		assert_ok!(Providers::set_online(RuntimeOrigin::signed(OWNER), false));
		assert_eq!(standing(provider), Standing::Idle);
		assert!(best(5).is_empty());
		assert!(!BestOffers::<Test>::contains_key(MODEL));
	});
}

#[test]
fn offers_out_of_bounds_should_be_refused() {
	build_and_execute(|| {
		assert_noop!(set_offer(OWNER, offer(1)), Error::<Test>::NotOwner);
		registered(OWNER);
		assert_noop!(set_offer(OWNER, offer(1)), Error::<Test>::NoBond);
		assert_ok!(Providers::bond(RuntimeOrigin::signed(OWNER), MODEL, MIN_BOND));
		let refused = |change: fn(&mut Offer), error: Error<Test>| {
			let mut changed = offer(1);
			change(&mut changed);
			assert_noop!(set_offer(OWNER, changed), error);
		};
		refused(|it| it.multiplier_percent = 24, Error::<Test>::MultiplierOutOfRange);
		refused(|it| it.multiplier_percent = 401, Error::<Test>::MultiplierOutOfRange);
		refused(|it| it.deadline_base_ticks = 0, Error::<Test>::DeadlineTooShort);
		refused(|it| it.deadline_ticks_per_1000_tokens = 0, Error::<Test>::DeadlineTooShort);
		refused(|it| it.max_open_jobs = 0, Error::<Test>::NoCapacity);
		refused(|it| it.units_per_day = 0, Error::<Test>::NoCapacity);
		refused(|it| it.trace_bytes_per_tick = 9, Error::<Test>::TraceRateTooLow);
		for multiplier_percent in [25, 400] {
			assert_ok!(set_offer(OWNER, Offer { multiplier_percent, ..offer(0) }));
		}
		// Nobody has to serve for less than it likes.
		assert_ok!(set_offer(OWNER, offer(u128::MAX)));
	});
}

#[test]
fn deadlines_should_have_a_maximum() {
	build_and_execute(|| {
		bonded(OWNER, MIN_BOND);
		let set = |deadline_base_ticks, deadline_ticks_per_1000_tokens| {
			set_offer(
				OWNER,
				Offer { deadline_base_ticks, deadline_ticks_per_1000_tokens, ..offer(1) },
			)
		};
		assert_ok!(set(MAX_DEADLINE_TICKS - 1, 1));
		assert_ok!(set(1, MAX_DEADLINE_TICKS - 1));
		// Every run has a started thousand of tokens.
		assert_noop!(set(MAX_DEADLINE_TICKS, 1), Error::<Test>::DeadlineTooLong);
		assert_noop!(set(1, MAX_DEADLINE_TICKS), Error::<Test>::DeadlineTooLong);
		assert_noop!(set(u32::MAX, u32::MAX), Error::<Test>::DeadlineTooLong);
	});
}

#[test]
fn a_full_offer_should_make_way_and_come_back() {
	build_and_execute(|| {
		let [a, b] = market(&[100, 200])[..] else { panic!("two providers") };
		for _ in 0..3 {
			assert_eq!(best(1), [a]);
			assert_ok!(Providers::reserve(a, &MODEL, 10, 1));
		}
		assert_eq!(standing(a), Standing::Full);
		assert_eq!(Providers::offer(a, &MODEL), None);
		assert_eq!(best(5), [b]);
		assert_ok!(Providers::release(a, &MODEL, 10, 0, 1));
		assert_eq!(standing(a), Standing::Listed);
		assert_eq!(best(5), [a, b]);
		// More room, by a new offer.
		assert_ok!(Providers::reserve(a, &MODEL, 10, 1));
		assert_eq!(best(5), [b]);
		assert_ok!(set_offer(OWNER, Offer { max_open_jobs: 4, ..offer_at(100) }));
		assert_eq!(best(5), [a, b]);
		assert_ok!(set_offer(OWNER, Offer { max_open_jobs: 2, ..offer_at(100) }));
		assert_eq!(best(5), [b]);
	});
}

#[test]
fn a_better_offer_should_displace_the_worst_of_a_full_list() {
	build_and_execute(|| {
		let providers = market(&[110, 120, 130, 140]);
		events();
		// As dear as the worst: no place.
		let late = serving_with(5, MIN_BOND, offer_at(140));
		assert_eq!(standing(late), Standing::Displaced);
		assert!(events().contains(&Event::OfferDisplaced { provider: late, model: MODEL }));
		assert_eq!(best(9), providers);
		// It can still be named.
		assert_eq!(Providers::offer(late, &MODEL), Some(offer_at(140)));

		let cheap = serving_with(6, MIN_BOND, offer_at(115));
		assert_eq!(standing(cheap), Standing::Listed);
		assert_eq!(standing(providers[3]), Standing::Displaced);
		let displaced = Event::OfferDisplaced { provider: providers[3], model: MODEL };
		assert!(events().contains(&displaced));
		assert_eq!(best(9), [providers[0], cheap, providers[1], providers[2]]);

		// Place again: by hand, or with the next job.
		assert_ok!(Providers::withdraw_offer(RuntimeOrigin::signed(6), MODEL));
		let refresh = Providers::refresh_offer(RuntimeOrigin::signed(STRANGER), late, MODEL);
		assert_ok!(refresh);
		assert_eq!(standing(late), Standing::Listed);
		assert_ok!(Providers::withdraw_offer(RuntimeOrigin::signed(5), MODEL));
		assert_ok!(Providers::reserve(providers[3], &MODEL, 1, 1));
		assert_eq!(best(9), providers);
	});
}

#[test]
fn among_equal_multipliers_the_offer_that_more_series_pay_should_displace() {
	build_and_execute(|| {
		let providers: Vec<_> =
			(OWNER..=4).map(|owner| serving(owner, MIN_BOND, owner.into())).collect();
		let late = serving(5, MIN_BOND, 2);
		assert_eq!(standing(late), Standing::Listed);
		assert_eq!(standing(providers[3]), Standing::Displaced);
	});
}

#[test]
fn an_offer_that_stays_displaced_should_say_so_once() {
	build_and_execute(|| {
		market(&[110, 120, 130, 140]);
		let late = serving_with(5, MIN_BOND, offer_at(150));
		events();
		assert_ok!(Providers::reserve(late, &MODEL, 1, 1));
		assert!(events().is_empty());
	});
}

#[test]
fn a_changed_minimum_should_reach_an_offer_by_refreshing() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		let refresh =
			|model| Providers::refresh_offer(RuntimeOrigin::signed(STRANGER), provider, model);
		Floor::set(MIN_BOND + 1);
		assert_eq!(Providers::offer(provider, &MODEL), None);
		assert!(best(5).is_empty());
		assert_eq!(standing(provider), Standing::Listed);
		assert_ok!(refresh(MODEL));
		assert_eq!(standing(provider), Standing::Idle);
		Floor::set(0);
		assert!(best(5).is_empty());
		assert_ok!(refresh(MODEL));
		assert_eq!(best(5), [provider]);

		assert_noop!(refresh(MODEL_2), Error::<Test>::NoBond);
		assert_ok!(Providers::withdraw_offer(RuntimeOrigin::signed(OWNER), MODEL));
		assert_noop!(refresh(MODEL), Error::<Test>::NoOffer);
		let nobody = Providers::refresh_offer(RuntimeOrigin::signed(OWNER), ProviderId(9), MODEL);
		assert_noop!(nobody, Error::<Test>::UnknownProvider);
	});
}

#[test]
fn debts_and_requests_to_leave_should_end_the_service_and_their_end_should_resume_it() {
	build_and_execute(|| {
		let provider = serving(OWNER, 2 * MIN_BOND, 1);
		assert_ok!(Providers::pledge(provider, &MODEL, 2 * MIN_BOND, true));
		assert_ok!(Providers::slash(provider, &MODEL, 5, &SLASHER));
		assert_eq!(standing(provider), Standing::Idle);
		assert_ok!(Providers::bond(RuntimeOrigin::signed(OWNER), MODEL, 5));
		assert_eq!(standing(provider), Standing::Listed);
		assert_ok!(Providers::pledge(provider, &MODEL, 2 * MIN_BOND, false));
		let request =
			|amount| Providers::request_withdrawal(RuntimeOrigin::signed(OWNER), MODEL, amount);
		assert_ok!(request(MIN_BOND));
		assert_eq!(standing(provider), Standing::Listed);
		assert_ok!(request(2 * MIN_BOND));
		assert_eq!(standing(provider), Standing::Idle);
		assert_ok!(Providers::cancel_withdrawal(RuntimeOrigin::signed(OWNER), MODEL));
		assert_eq!(standing(provider), Standing::Listed);
	});
}

#[test]
fn an_offer_should_be_withdrawn() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		let withdraw = |who, model| Providers::withdraw_offer(RuntimeOrigin::signed(who), model);
		assert_noop!(withdraw(STRANGER, MODEL), Error::<Test>::NotOwner);
		assert_noop!(withdraw(OWNER, MODEL_2), Error::<Test>::NoBond);
		events();
		assert_ok!(withdraw(OWNER, MODEL));
		assert_eq!(events(), [Event::OfferWithdrawn { provider, model: MODEL }]);
		assert_noop!(withdraw(OWNER, MODEL), Error::<Test>::NoOffer);
		assert!(best(5).is_empty());
	});
}

#[test]
fn an_overdue_provider_should_not_change_its_offers() {
	build_and_execute(|| {
		serving(OWNER, MIN_BOND, 1);
		Now::set(10 * PERIOD);
		assert_noop!(set_offer(OWNER, offer(2)), Error::<Test>::Overdue);
		let withdraw = Providers::withdraw_offer(RuntimeOrigin::signed(OWNER), MODEL);
		assert_noop!(withdraw, Error::<Test>::Overdue);
	});
}
