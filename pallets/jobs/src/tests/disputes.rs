//! What games and audits do to jobs.

use super::*;
use crate::Outcome;
use assay_market::{
	traits::{DisputeTerms, LostGame, Offence, OffenceKind, Verdict},
	ProviderId,
};
use assay_primitives::Hash;

fn upheld(id: JobId) -> Result<(), DispatchError> {
	Jobs::decide(&id, Verdict::Upheld)
}

fn offence(id: JobId, kind: OffenceKind, challenger: Option<(u64, u128)>) -> Offence<u64> {
	Offence {
		kind,
		provider: ProviderId(1),
		model: GENERATOR,
		job: Some(id),
		numerics_version: 1,
		exposure: 160 * 45,
		terms: penalties(),
		lost: Some(LostGame { user: USER, price: 45, challenger }),
	}
}

#[test]
fn a_game_should_learn_what_it_is_about() {
	build_and_execute(|| {
		let id = driver().committed(5).unwrap();
		let job = stored(id);
		let promise = job.promise().unwrap();
		let expected = DisputeTerms {
			terms: job.terms(&promise.candidate, promise.exposure),
			user: USER,
			commitment: job.answer().unwrap().commitment,
			exposure: 160 * 45,
			price: 45,
			trace_bytes: 1_500,
			trace_bytes_per_tick: 1_000_000,
			penalty: penalties(),
			window_ends_at: 150,
			accepted_at: 1,
		};
		assert_eq!(Jobs::dispute_terms(&id, &driver().commitment_hash(id)), Ok(expected));
		let wrong = CommitmentHash(Hash([7; 32]));
		let mismatch = Err(error(Error::CommitmentMismatch));
		assert_eq!(Jobs::dispute_terms(&id, &wrong), mismatch);
		let accepted = driver().accepted(5).unwrap();
		let none = Err(error(Error::NotCommitted));
		assert_eq!(Jobs::dispute_terms(&accepted, &wrong), none);
		let unknown = Err(error(Error::UnknownJob));
		assert_eq!(Jobs::dispute_terms(&JobId(Hash([9; 32])), &wrong), unknown);
	});
}

#[test]
fn versions_should_be_open_as_long_as_a_job_of_them_is() {
	use assay_market::traits::OpenVersions;
	build_and_execute(|| {
		assert_eq!(Jobs::open_versions(), Vec::<u32>::new());
		let ids = [driver().submitted(5).unwrap(), driver().submitted(6).unwrap()];
		assert_eq!(Jobs::open_versions(), [1]);
		for (id, open) in ids.into_iter().zip([vec![1], vec![]]) {
			assert_ok!(dispatch(crate::Call::cancel { job: id }, USER));
			assert_eq!(Jobs::open_versions(), open);
		}
	});
}

#[test]
fn settlement_should_wait_for_every_game() {
	build_and_execute(|| {
		let id = driver().committed(5).unwrap();
		let commitment = driver().commitment_hash(id);
		take_events();
		for open_games in [1, 2] {
			assert_ok!(Jobs::hold(&id, &commitment));
			assert_eq!(take_events(), [Event::Held { job: id, open_games }]);
		}
		assert_eq!(stored(id).queued_at, None);
		run_to(300);
		check();
		for open_games in [1, 0] {
			assert_ok!(upheld(id));
			assert_eq!(take_events(), [Event::Upheld { job: id, open_games }]);
			check();
		}
		assert_eq!(stored(id).queued_at, Some(300));
		block_at(300);
		assert!(matches!(outcome_of(id), Outcome::Settled { .. }));
	});
}

#[test]
fn a_game_that_ends_early_should_leave_the_window_open() {
	build_and_execute(|| {
		let id = driver().held(5).unwrap();
		Now::set(50);
		assert_ok!(upheld(id));
		assert_eq!(stored(id).queued_at, Some(151));
	});
}

#[test]
fn games_should_begin_in_the_window_about_the_answer_they_mean() {
	build_and_execute(|| {
		let id = driver().committed(5).unwrap();
		let commitment = driver().commitment_hash(id);
		let wrong = CommitmentHash(Hash([7; 32]));
		assert_noop!(Jobs::hold(&id, &wrong), Error::<Test>::CommitmentMismatch);
		Now::set(151);
		assert_noop!(Jobs::hold(&id, &commitment), Error::<Test>::WindowOver);
		Now::set(150);
		assert_ok!(Jobs::hold(&id, &commitment));
		// An open game admits no others after the window.
		Now::set(151);
		assert_noop!(Jobs::hold(&id, &commitment), Error::<Test>::WindowOver);
		// An open audit does.
		assert_ok!(Jobs::hold_further(&id, &commitment));
		assert_noop!(Jobs::hold_further(&id, &wrong), Error::<Test>::CommitmentMismatch);
		assert_ok!(upheld(id));
		assert_ok!(upheld(id));
		assert_noop!(Jobs::hold_further(&id, &commitment), Error::<Test>::WindowOver);
	});
}

#[test]
fn a_window_should_only_ever_grow() {
	build_and_execute(|| {
		let id = driver().committed(5).unwrap();
		take_events();
		changes_nothing(|| Jobs::extend_window(&id, 150));
		assert_ok!(Jobs::extend_window(&id, 199));
		assert_eq!(take_events(), [Event::WindowExtended { job: id, window_closes_at: 200 }]);
		assert_eq!(stored(id).queued_at, Some(200));
		assert_noop!(Jobs::extend_window(&id, u32::MAX), Error::<Test>::TickOverflow);
		let accepted = driver().accepted(5).unwrap();
		assert_noop!(Jobs::extend_window(&accepted, 500), Error::<Test>::NotCommitted);
	});
}

#[test]
fn a_window_that_is_over_should_be_extended_by_open_games_only() {
	build_and_execute(|| {
		let id = driver().held(5).unwrap();
		Now::set(151);
		assert_ok!(Jobs::extend_window(&id, 159));
		assert_ok!(upheld(id));
		Now::set(160);
		assert_noop!(Jobs::extend_window(&id, 300), Error::<Test>::WindowOver);
	});
}

#[test]
fn a_lost_game_should_refund_the_user_and_report_the_exposure() {
	build_and_execute(|| {
		let id = driver().held(5).unwrap();
		assert_ok!(Jobs::decide(&id, Verdict::Refuted { challenger: Some((WATCHER, 77)) }));
		let exposure = 160 * 45;
		let challenger = Some(WATCHER);
		assert_eq!(outcome_of(id), Outcome::Refuted { exposure, challenger });
		assert_eq!(FreeUnits::get((USER, SERIES)), UNITS);
		assert_eq!(Stakes::get((ProviderId(1), GENERATOR)), (0, 0, 0));
		assert_eq!(Reports::get(), [offence(id, OffenceKind::WrongResult, Some((WATCHER, 77)))]);
		assert_eq!(EndedJobs::get(), [(ProviderId(1), None)]);
	});
}

#[test]
fn a_withheld_trace_should_cost_the_same() {
	build_and_execute(|| {
		for challenger in [Some((WATCHER, 77)), None] {
			let id = driver().held(5).unwrap();
			assert_ok!(Jobs::decide(&id, Verdict::Silent { challenger }));
			let winner = challenger.map(|(account, _)| account);
			let exposure = 160 * 45;
			assert_eq!(outcome_of(id), Outcome::Silent { exposure, challenger: winner });
			let last = Reports::get().pop();
			assert_eq!(last, Some(offence(id, OffenceKind::Silence, challenger)));
		}
	});
}

#[test]
fn the_first_verdict_against_the_provider_should_be_the_last() {
	build_and_execute(|| {
		let id = driver().held(5).unwrap();
		let commitment = driver().commitment_hash(id);
		assert_ok!(Jobs::hold(&id, &commitment));
		assert_ok!(Jobs::decide(&id, Verdict::Refuted { challenger: Some((WATCHER, 77)) }));
		let unknown = Error::<Test>::UnknownJob;
		assert_noop!(upheld(id), unknown);
		let later = Jobs::decide(&id, Verdict::Refuted { challenger: Some((USER, 5)) });
		assert_noop!(later, Error::<Test>::UnknownJob);
		assert_eq!(Reports::get().len(), 1);
	});
}

#[test]
fn a_verdict_should_need_an_open_game() {
	build_and_execute(|| {
		let id = driver().committed(5).unwrap();
		for verdict in [
			Verdict::Upheld,
			Verdict::Refuted { challenger: Some((WATCHER, 77)) },
			Verdict::Silent { challenger: None },
			Verdict::Void,
		] {
			assert_noop!(Jobs::decide(&id, verdict), Error::<Test>::NoOpenGame);
		}
		let accepted = driver().accepted(5).unwrap();
		assert_noop!(upheld(accepted), Error::<Test>::NotCommitted);
	});
}

/// A job with an open game whose input was demanded and not posted in time.
fn held_and_withheld() -> JobId {
	let id = driver().held(5).unwrap();
	assert_ok!(driver().request_data(USER, id, crate::Side::Input));
	run_to(60);
	assert_eq!(stored(id).queued_at, None);
	assert_noop!(dispatch(crate::Call::poke { job: id }, USER), Error::<Test>::NothingDue);
	let late = driver().post_data(id, crate::Side::Input, driver().leaves(5, 0, 0));
	assert_noop!(late, Error::<Test>::AnswerOver);
	id
}

#[test]
fn a_demand_for_data_should_not_take_the_reward_of_an_open_game() {
	build_and_execute(|| {
		let id = held_and_withheld();
		assert_ok!(Jobs::decide(&id, Verdict::Refuted { challenger: Some((WATCHER, 77)) }));
		assert_eq!(Reports::get(), [offence(id, OffenceKind::WrongResult, Some((WATCHER, 77)))]);
	});
}

#[test]
fn a_game_that_is_won_should_not_save_who_withheld_data() {
	build_and_execute(|| {
		let id = held_and_withheld();
		assert_ok!(upheld(id));
		assert_eq!(stored(id).queued_at, Some(60));
		block_at(60);
		assert!(matches!(outcome_of(id), Outcome::Silent { challenger: Some(USER), .. }));
	});
}
