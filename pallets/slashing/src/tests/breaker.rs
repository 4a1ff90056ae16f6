//! Faulty versions of the arithmetic.

use assay_market::traits::{Offences, PayoutReason};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError::BadOrigin;

use super::events;
use crate::{mock::*, Error, Event, Pending};

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
		assert_eq!(events(), [Event::GivenBack { id: 0, provider, amount, insured: 400 }]);
		assert_eq!(paid(OWNER, PayoutReason::Restitution), 100_000);
		assert_eq!(paid(CHALLENGER, PayoutReason::ChallengeReward), 400);
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

#[test]
fn the_breaker_trips_above_its_share_within_an_era() {
	ExtBuilder::default().build_and_execute(|| {
		let share = BOND / 20;
		assert_ok!(Slashing::report(wrong_result(share, 600, 400)));
		assert!(!Slashing::is_stopped(1, &model()), "exactly the share");
		assert_ok!(Slashing::report(wrong_result(1_000, 6, 4)));
		assert!(Slashing::is_stopped(1, &model()));
		assert!(Slashing::is_stopped(2, &model()), "the model, whatever the version");
		// Jobs wait; were they void, a provider could save its other jobs by losing one on purpose.
		assert!(!Slashing::is_faulty(1, &model()));
		assert!(matches!(
			events().last(),
			Some(Event::BreakerTripped { numerics_version: 1, lost, .. }) if *lost == share + 1_000
		));
		Now::set(100);
		let anybody = RuntimeOrigin::signed(ANYBODY);
		assert_noop!(Slashing::distribute(anybody.clone(), 0), Error::<Test>::Paused);
		assert_ok!(Slashing::resume(RuntimeOrigin::root(), model()));
		assert!(!Slashing::is_stopped(1, &model()));
		assert_ok!(Slashing::distribute(anybody, 0));
		// What governance looked at does not trip it again.
		assert_ok!(Slashing::report(wrong_result(1_000, 6, 4)));
		assert!(!Slashing::is_stopped(1, &model()));
	});
}

#[test]
fn losses_of_another_era_do_not_count() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Slashing::report(wrong_result(BOND / 20, 600, 400)));
		Era::set(2);
		assert_ok!(Slashing::report(wrong_result(BOND / 30, 600, 400)));
		assert!(!Slashing::is_stopped(1, &model()));
	});
}

#[test]
fn a_tripped_model_whose_version_was_faulty_gives_back() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Slashing::report(wrong_result(BOND / 2, 600, 400)));
		assert!(Slashing::is_stopped(1, &model()));
		assert_ok!(Slashing::declare_faulty(RuntimeOrigin::root(), 1));
		assert_ok!(Slashing::distribute(RuntimeOrigin::signed(ANYBODY), 0));
		assert_eq!(paid(OWNER, PayoutReason::Restitution), BOND / 2);
		assert_eq!(Pending::<Test>::iter().count(), 0);
	});
}
