use assay_market::{
	traits::{Bonds, Offer},
	ProviderId,
};
use frame_support::{assert_noop, assert_ok};
use sp_io::hashing::blake2_256;

use crate::{mock::*, types::Standing, BestOffers, Error, Event, OVERDUE_SKIPPED};

fn set_offer(who: u64, offer: Offer) -> sp_runtime::DispatchResult {
	Providers::set_offer(RuntimeOrigin::signed(who), MODEL, offer)
}

fn standing(provider: ProviderId) -> Standing {
	ledger(provider).offer.expect("an offer").standing
}

fn best(most: u32) -> Vec<ProviderId> {
	Providers::best_offers(&MODEL, &[7; 32], most)
}

/// Providers of the owners 1, 2, .. with offers at these prices, online.
fn market(prices: &[u128]) -> Vec<ProviderId> {
	(OWNER..).zip(prices).map(|(owner, price)| serving(owner, 2 * MIN_BOND, *price)).collect()
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
		refused(|it| it.min_price_per_unit = u128::MAX, Error::<Test>::PriceTooHigh);
		for multiplier_percent in [25, 400] {
			assert_ok!(set_offer(OWNER, Offer { multiplier_percent, ..offer(0) }));
		}
	});
}

#[test]
fn the_best_should_be_the_cheapest_with_the_multiplier() {
	build_and_execute(|| {
		let [a, b, c] = market(&[30, 20, 10])[..] else { panic!("three providers") };
		assert_eq!(best(5), [c, b, a]);
		assert_eq!(best(2), [c, b]);
		assert!(best(0).is_empty());
		// 30 x 0.25 < 10 x 1 < 20 x 1.
		assert_ok!(set_offer(OWNER, Offer { multiplier_percent: 25, ..offer(30) }));
		assert_eq!(best(5), [a, c, b]);
		assert_ok!(set_offer(OWNER, offer(15)));
		assert_eq!(best(5), [c, a, b]);
	});
}

#[test]
fn ties_should_be_drawn_anew_for_each_job() {
	build_and_execute(|| {
		let providers = market(&[5, 5, 5, 4]);
		let firsts: Vec<ProviderId> = (0..64)
			.map(|tie: u8| {
				let order = Providers::best_offers(&MODEL, &[tie; 32], 4);
				assert_eq!(order[0], providers[3]);
				let mut expected = providers[..3].to_vec();
				expected.sort_by_key(|provider| {
					blake2_256(&[&[tie; 32][..], &provider.0.to_le_bytes()[..]].concat())
				});
				assert_eq!(order[1..], expected);
				order[1]
			})
			.collect();
		for provider in &providers[..3] {
			assert!(firsts.contains(provider), "{provider} never comes first");
		}
	});
}

#[test]
fn a_full_offer_should_make_way_and_come_back() {
	build_and_execute(|| {
		let [a, b] = market(&[1, 2])[..] else { panic!("two providers") };
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
		assert_ok!(set_offer(OWNER, Offer { max_open_jobs: 4, ..offer(1) }));
		assert_eq!(best(5), [a, b]);
		assert_ok!(set_offer(OWNER, Offer { max_open_jobs: 2, ..offer(1) }));
		assert_eq!(best(5), [b]);
	});
}

#[test]
fn a_better_offer_should_displace_the_worst_of_a_full_list() {
	build_and_execute(|| {
		let providers = market(&[10, 20, 30, 40]);
		events();
		// As dear as the worst: no place.
		let late = serving(5, MIN_BOND, 40);
		assert_eq!(standing(late), Standing::Displaced);
		assert!(events().contains(&Event::OfferDisplaced { provider: late, model: MODEL }));
		assert_eq!(best(9), providers);
		// It can still be named.
		assert_eq!(Providers::offer(late, &MODEL), Some(offer(40)));

		let cheap = serving(6, MIN_BOND, 15);
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
fn an_offer_that_stays_displaced_should_say_so_once() {
	build_and_execute(|| {
		market(&[10, 20, 30, 40]);
		let late = serving(5, MIN_BOND, 50);
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
		assert_eq!(best(5), [provider]);
		assert_ok!(refresh(MODEL));
		assert!(best(5).is_empty());
		Floor::set(0);
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

#[test]
fn overdue_providers_at_the_head_should_be_passed_over() {
	build_and_execute(|| {
		let overdue = market(&[1, 2]);
		Now::set((ALLOWANCE + 2) * PERIOD);
		let up = serving(3, MIN_BOND, 9);
		assert!(overdue.len() < usize::try_from(OVERDUE_SKIPPED).unwrap());
		assert_eq!(best(1), [up]);
		assert_eq!(best(9), [up]);
	});
}
