//! Faulty versions of the arithmetic.

use assay_market::{
	traits::{BurnReason, Offence, OffenceKind, Offences, PayoutReason},
	Balance, ProviderId,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError::BadOrigin;

use super::events;
use crate::{mock::*, Error, Event, Paused, Pending};

#[test]
fn only_governance_declares_and_resumes() {
	ExtBuilder::default().build_and_execute(|| {
		let anybody = RuntimeOrigin::signed(ANYBODY);
		assert_noop!(Slashing::declare_faulty(anybody.clone(), 1), BadOrigin);
		assert_noop!(Slashing::resume(anybody, model()), BadOrigin);
		assert_noop!(Slashing::resume(RuntimeOrigin::root(), model()), Error::<Test>::NotPaused);
	});
}

#[test]
fn a_faulty_version_stops_and_gives_everything_back() {
	ExtBuilder::default().insurance(5_000).build_and_execute(|| {
		assert_ok!(Slashing::report(wrong_result(100_000, 600, 400)));
		assert!(!Slashing::is_stopped(1, &model()));
		events();
		assert_ok!(Slashing::declare_faulty(RuntimeOrigin::root(), 1));
		assert_eq!(events(), [Event::DeclaredFaulty { numerics_version: 1 }]);
		assert_noop!(
			Slashing::declare_faulty(RuntimeOrigin::root(), 1),
			Error::<Test>::AlreadyFaulty
		);
		assert!(Slashing::is_stopped(1, &model()) && Slashing::is_faulty(1, &model()));
		assert!(!Slashing::is_stopped(2, &model()) && !Slashing::is_faulty(2, &model()));
		// Before it would have been due.
		assert_ok!(Slashing::distribute(RuntimeOrigin::signed(ANYBODY), 0));
		let (provider, amount) = (PROVIDER, 100_000);
		assert_eq!(events(), [Event::GivenBack { id: 0, provider, amount, insured: 250 }]);
		assert_eq!(paid(OWNER, PayoutReason::Restitution), 100_000);
		// Of its costs by formula, what a dispute costs in fees.
		assert_eq!(paid(CHALLENGER, PayoutReason::ChallengeReward), 250);
		assert_eq!(paid(USER, PayoutReason::Compensation), 0);
		assert_eq!(Slashing::stopped(1, model()), (true, None));
	});
}

#[test]
fn slashes_of_other_versions_stand() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Slashing::report(wrong_result(100_000, 600, 400)));
		assert_ok!(Slashing::declare_faulty(RuntimeOrigin::root(), 2));
		Now::set(30);
		assert_ok!(Slashing::distribute(RuntimeOrigin::signed(ANYBODY), 0));
		assert_eq!(paid(USER, PayoutReason::Compensation), 600);
	});
}

/// Games that each of three providers loses, the first with this exposure, the others with little.
fn three_lose(exposure: Balance) {
	lose(PROVIDER, exposure);
	OTHERS.into_iter().for_each(|provider| lose(provider, 1_000));
}

fn lose(provider: ProviderId, exposure: Balance) {
	assert_ok!(Slashing::report(Offence { provider, ..wrong_result(exposure, 6, 4) }));
}

fn is_stopped() -> bool {
	Slashing::is_stopped(1, &model())
}

#[test]
fn the_breaker_trips_above_its_share_within_an_era() {
	ExtBuilder::default().build_and_execute(|| {
		let share = BOND / 20;
		three_lose(share - 2_000);
		assert!(!is_stopped(), "exactly the share");
		lose(PROVIDER, 1_000);
		assert!(is_stopped());
		assert!(Slashing::is_stopped(2, &model()), "the model, whatever the version");
		// Jobs wait; were they void, a provider could save its other jobs by losing one on purpose.
		assert!(!Slashing::is_faulty(1, &model()));
		let (numerics_version, lost, until) = (1, share + 1_000, Now::get() + 20);
		let bonded = BOND - lost;
		let tripped =
			Event::BreakerTripped { model: model(), numerics_version, lost, bonded, until };
		assert_eq!(events().last(), Some(&tripped));
		assert_eq!(Slashing::paused_until(&model()), Some(until));

		let anybody = RuntimeOrigin::signed(ANYBODY);
		assert_noop!(Slashing::distribute(anybody.clone(), 0), Error::<Test>::Paused);
		assert_ok!(Slashing::resume(RuntimeOrigin::root(), model()));
		assert!(!is_stopped());
		// What governance looked at does not trip it again.
		lose(PROVIDER, 1_000);
		assert!(!is_stopped());
		Now::set(until);
		assert_ok!(Slashing::distribute(anybody, 0));
	});
}

#[test]
fn a_pause_that_governance_does_not_end_is_over_after_the_deferral() {
	ExtBuilder::default().build_and_execute(|| {
		three_lose(BOND / 10);
		let until = Now::get() + 20;
		Now::set(until - 1);
		assert!(is_stopped());
		let anybody = RuntimeOrigin::signed(ANYBODY);
		assert_noop!(Slashing::distribute(anybody.clone(), 0), Error::<Test>::Paused);
		assert!(Slashing::stopped(1, model()).1.is_some());
		Now::set(until);
		assert!(!is_stopped());
		assert_eq!(Slashing::paused_until(&model()), None);
		assert_eq!(Slashing::stopped(1, model()), (false, None));
		assert_noop!(Slashing::resume(RuntimeOrigin::root(), model()), Error::<Test>::NotPaused);
		assert_ok!(Slashing::distribute(anybody, 0));
		assert!(!Paused::<Test>::contains_key(model()), "forgotten");
		// What tripped it does not trip it again within the era, but as much once more does.
		lose(PROVIDER, 1_000);
		assert!(!is_stopped());
		three_lose(BOND / 10);
		assert!(is_stopped());
	});
}

#[test]
fn one_or_two_providers_alone_never_trip_the_breaker() {
	ExtBuilder::default().build_and_execute(|| {
		for _ in 0..3 {
			lose(PROVIDER, BOND / 10);
			lose(OTHERS[0], BOND / 10);
		}
		assert!(!is_stopped());
		lose(OTHERS[1], 1_000);
		assert!(is_stopped());
	});
}

#[test]
fn silence_does_not_trip_the_breaker() {
	ExtBuilder::default().build_and_execute(|| {
		for provider in [PROVIDER, OTHERS[0], OTHERS[1]] {
			let kind = OffenceKind::Silence;
			let offence = Offence { kind, provider, ..wrong_result(BOND / 10, 6, 4) };
			assert_ok!(Slashing::report(offence));
		}
		assert!(!is_stopped());
		assert_eq!(Pending::<Test>::iter().count(), 3);
	});
}

#[test]
fn a_share_of_little_does_not_trip_the_breaker() {
	ExtBuilder::default().build_and_execute(|| {
		// A small model: almost nothing is bonded for it.
		let taken = Slashing::take(PROVIDER, &model(), BOND - 5_000_000);
		assert_ok!(
			taken.and_then(|taken| Slashing::burn(taken, BurnReason::Slashes).map(|()| taken))
		);
		three_lose(997_999);
		assert!(!is_stopped(), "less than the least sum, though a fifth of all bonds");
		lose(PROVIDER, 1);
		assert!(is_stopped());
	});
}

#[test]
fn losses_of_another_era_do_not_count() {
	ExtBuilder::default().build_and_execute(|| {
		three_lose(BOND / 20 - 2_000);
		Era::set(2);
		three_lose(BOND / 30);
		assert!(!is_stopped());
	});
}

#[test]
fn a_tripped_model_whose_version_was_faulty_gives_back() {
	ExtBuilder::default().build_and_execute(|| {
		three_lose(BOND / 2);
		assert!(is_stopped());
		assert_ok!(Slashing::declare_faulty(RuntimeOrigin::root(), 1));
		for id in 0..3 {
			assert_ok!(Slashing::distribute(RuntimeOrigin::signed(ANYBODY), id));
		}
		assert_eq!(paid(OWNER, PayoutReason::Restitution), BOND / 2 + 2_000);
		assert_eq!(Pending::<Test>::iter().count(), 0);
	});
}
