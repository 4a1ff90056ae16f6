//! Taking a job back.

use super::*;
use crate::Outcome;
use frame_system::RawOrigin;

fn cancel(who: u64, id: JobId) -> Result<(), DispatchError> {
	Jobs::cancel(RawOrigin::Signed(who).into(), id)
}

#[test]
fn a_user_should_take_a_job_back_free_of_charge() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		take_events();
		assert_ok!(cancel(USER, id));
		assert_eq!(
			take_events(),
			[Event::Ended {
				job: id,
				user: USER,
				model: GENERATOR,
				series: SERIES,
				provider: None,
				commitment_hash: None,
				escrow: 25,
				refunded: 25,
				outcome: Outcome::Cancelled,
			}]
		);
		assert_eq!(FreeUnits::get((USER, SERIES)), UNITS);
		assert_noop!(cancel(USER, id), Error::<Test>::UnknownJob);
	});
}

#[test]
fn nobody_else_should_take_it_back() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		assert_noop!(cancel(WATCHER, id), Error::<Test>::NotUser);
		assert_noop!(cancel(owner(1), id), Error::<Test>::NotUser);
	});
}

#[test]
fn an_accepted_or_answered_job_should_stay() {
	build_and_execute(|| {
		let id = driver().accepted(5).unwrap();
		assert_noop!(cancel(USER, id), Error::<Test>::AlreadyAccepted);
		assert_ok!(driver().commit(id, driver().by_root(1)));
		assert_noop!(cancel(USER, id), Error::<Test>::AlreadyAccepted);
	});
}

#[test]
fn a_job_should_be_taken_back_even_after_its_time_and_when_everything_is_stopped() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		Now::set(500);
		Stopped::set(true);
		RateIsStale::set(true);
		SeriesExpired::set(true);
		assert_ok!(cancel(USER, id));
	});
}
