use assay_market::{
	traits::{Bonds, Offer},
	ProviderId,
};
use frame_support::assert_ok;

use crate::{mock::*, views::CapacityView, ServedBefore, SERVED_ERAS};

fn serve(units: u128) {
	Providers::units_served(ProviderId(0), &MODEL, units);
}

fn next_era() {
	Now::mutate(|now| *now += TICKS_PER_ERA);
}

#[test]
fn capacity_should_be_the_least_of_the_three() {
	build_and_execute(|| {
		let least = || Providers::capacity_units_per_day();
		assert_eq!(least(), 0);
		serving(OWNER, 64_000, 1);
		// 64 000 x 1 000 ticks of a day ÷ (2 x 160 x 5 ticks of lock).
		let view =
			CapacityView { declared: 50, demonstrated: 7, covered: 40_000, units_per_day: 14 };
		assert_eq!(Providers::capacity(), view);
		assert_eq!(least(), 14);
		// Ten eras a day, and twice what was demonstrated counts.
		serve(1);
		serve(1);
		assert_eq!(least(), 40);
		serve(1_000);
		assert_eq!(least(), 50);
		UnitPrice::set(8_000);
		assert_eq!(least(), 10);
	});
}

#[test]
fn only_offers_in_service_should_be_declared_and_covered() {
	build_and_execute(|| {
		let provider = serving(OWNER, 2_000, 1);
		let supply = || (Providers::capacity().declared, Providers::capacity().covered);
		assert_eq!(supply(), (50, 1_250));
		// Full offers still serve.
		for _ in 0..3 {
			assert_ok!(Providers::reserve(provider, &MODEL, 1, 1));
		}
		assert_eq!(supply(), (50, 1_250));
		let second = serving(OTHER, 1_000, 1);
		assert_eq!(supply(), (100, 1_875));
		assert_ok!(Providers::set_online(RuntimeOrigin::signed(OTHER), false));
		assert_eq!(supply(), (50, 1_250));
		assert_ok!(Providers::set_online(RuntimeOrigin::signed(OTHER), true));
		let more = Offer { units_per_day: u64::MAX, ..offer(1) };
		assert_ok!(Providers::set_offer(RuntimeOrigin::signed(OTHER), MODEL, more));
		assert_eq!(supply(), (50 + u128::from(u64::MAX), 1_875));
		// What leaves covers nothing, and what is below the minimum does not serve.
		let request = Providers::request_withdrawal(RuntimeOrigin::signed(OWNER), MODEL, 900);
		assert_ok!(request);
		assert_eq!(supply().1, 1_312);
		assert_ok!(Providers::slash(second, &MODEL, 1, &SLASHER));
		assert_eq!(supply(), (50, 687));
		assert_ok!(Providers::withdraw_offer(RuntimeOrigin::signed(OWNER), MODEL));
		assert_eq!(supply(), (0, 0));
	});
}

#[test]
fn declared_compute_should_count_in_vouchers() {
	build_and_execute(|| {
		serving_with(OWNER, 2_000, offer_at(200));
		assert_eq!(Providers::capacity().declared, 100);
		assert_ok!(Providers::set_offer(RuntimeOrigin::signed(OWNER), MODEL, offer_at(25)));
		assert_eq!(Providers::capacity().declared, 12);
	});
}

#[test]
fn idle_compute_should_be_seen_to_be_idle() {
	build_and_execute(|| {
		let plenty = Offer { units_per_day: 1_000_000, ..offer(1) };
		serving_with(OWNER, 900_000, plenty);
		// The price controller aims at 80 %: at a steady demand the price must not rise.
		let demand_per_day = 500;
		for _ in 0..SERVED_ERAS {
			next_era();
			serve(demand_per_day / 10);
		}
		assert!(Providers::capacity_units_per_day() * 80 / 100 > demand_per_day);
	});
}

#[test]
fn a_moment_should_decide_nothing() {
	build_and_execute(|| {
		UnitPrice::set(0);
		let provider = serving_with(OWNER, 900_000, Offer { units_per_day: 1_000, ..offer(1) });
		never_overdue(provider);
		Now::set(5 * TICKS_PER_DAY + 300);
		serve(1_000_000);
		assert_eq!(Providers::capacity_units_per_day(), 1_000);
		let online = |online| {
			assert_ok!(Providers::set_online(RuntimeOrigin::signed(OWNER), online));
		};
		online(false);
		assert_eq!(Providers::capacity_units_per_day(), 1_000);
		online(true);
		// More, declared for a moment.
		let boast = |units_per_day| {
			let offer = Offer { units_per_day, ..offer(1) };
			assert_ok!(Providers::set_offer(RuntimeOrigin::signed(OWNER), MODEL, offer));
		};
		boast(u64::MAX);
		assert_eq!(Providers::capacity_units_per_day(), 1_000);
		boast(1_000);
		assert_eq!(Providers::capacity_units_per_day(), 1_000);
	});
}

#[test]
fn what_is_on_offer_should_count_for_as_long_as_it_is() {
	build_and_execute(|| {
		let declared = || Providers::capacity().declared;
		let offers = |units_per_day| {
			let offer = Offer { units_per_day, ..offer(1) };
			assert_ok!(Providers::set_offer(RuntimeOrigin::signed(OWNER), MODEL, offer));
		};
		// All of the first day, so far.
		Now::set(200);
		never_overdue(serving(OWNER, 2_000, 1));
		Now::set(250);
		assert_eq!(declared(), 10);
		Now::set(500);
		offers(100);
		Now::set(1_500);
		// 300 ticks of 50 and 1 000 of 100, in 1 500.
		assert_eq!(declared(), (300 * 50 + 1_000 * 100) / 1_500);
		offers(400);
		// The first day is forgotten.
		Now::set(2_000);
		assert_eq!(declared(), (500 * 100 + 500 * 400) / 1_000);
		Now::set(2_250);
		assert_eq!(declared(), (500 * 100 + 750 * 400) / 1_250);
		// After whole days without a change.
		Now::set(5_999);
		assert_eq!(declared(), 400);
		offers(40);
		Now::set(6_000);
		assert_eq!(declared(), (999 * 400 + 40) / 1_000);
	});
}

#[test]
fn demonstrated_should_be_the_best_of_the_last_eras() {
	build_and_execute(|| {
		let demonstrated = || Providers::capacity().demonstrated;
		serve(900);
		next_era();
		assert_eq!(demonstrated(), 9_000);
		serve(100);
		assert_eq!(demonstrated(), 9_000);
		for _ in 1..SERVED_ERAS {
			next_era();
			serve(200);
		}
		assert_eq!(demonstrated(), 9_000);
		next_era();
		assert_eq!(demonstrated(), 2_000);
		serve(1);
		assert_eq!(ServedBefore::<Test>::get().len(), usize::try_from(SERVED_ERAS).unwrap());
		serve(u128::MAX);
		assert_eq!(demonstrated(), u128::MAX);
	});
}

#[test]
fn eras_without_jobs_should_count() {
	build_and_execute(|| {
		serve(900);
		Now::set((SERVED_ERAS + 1) * TICKS_PER_ERA - 1);
		assert_eq!(Providers::capacity().demonstrated, 9_000);
		next_era();
		assert_eq!(Providers::capacity().demonstrated, 7);
		ServedFloor::set(0);
		assert_eq!(Providers::capacity().demonstrated, 0);
	});
}

#[test]
fn prices_at_the_limits_should_be_covered_by_everything_or_nothing() {
	build_and_execute(|| {
		serving(OWNER, 2_000, 1);
		UnitPrice::set(0);
		assert_eq!(Providers::capacity().covered, u128::MAX);
		UnitPrice::set(u128::MAX);
		assert_eq!(Providers::capacity().covered, 0);
	});
}
