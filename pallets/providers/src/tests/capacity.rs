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
			CapacityView { declared: 50, demonstrated: 7, covered: 40_000, units_per_day: 7 };
		assert_eq!(Providers::capacity(), view);
		assert_eq!(least(), 7);
		// Ten eras a day.
		serve(3);
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
