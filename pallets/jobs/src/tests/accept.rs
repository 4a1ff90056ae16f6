//! Promising an answer.

use super::*;
use crate::State;
use assay_market::traits::ModelStatus;
use assay_primitives::Hash;
use codec::Encode;
use frame_system::RawOrigin;

fn accept_as(who: u64, id: JobId) -> Result<(), DispatchError> {
	Jobs::accept(RawOrigin::Signed(who).into(), id, driver().terms_hash(id))
}

#[test]
fn acceptance_should_reserve_the_longest_answers_exposure_and_trace() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		take_events();
		Now::set(4);
		assert_ok!(driver().accept(id));
		let State::Accepted(promise) = stored(id).state else { panic!("not accepted") };
		assert_eq!(promise.price_native, 75);
		assert_eq!(promise.reserved, 160 * 75);
		// Twenty ticks, and two for the first thousand tokens.
		assert_eq!(promise.deadline_at, 4 + 22);
		assert_eq!(Stakes::get((driver().provider, GENERATOR)), (160 * 75, 0, 2_500));
		assert_eq!(
			take_events(),
			[Event::Accepted {
				job: id,
				provider: driver().provider,
				terms_hash: driver().terms_hash(id),
				reserved: 160 * 75,
				deadline_at: 26,
			}]
		);
	});
}

#[test]
fn cheap_jobs_should_reserve_the_least_exposure() {
	build_and_execute(|| {
		LeastExposure::set(1_000_000);
		let id = driver().accepted(5).unwrap();
		assert_eq!(stored(id).promise().unwrap().reserved, 1_000_000);
	});
}

#[test]
fn a_wrong_terms_hash_should_have_no_consequence() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		let wrong = TermsHash(Hash([7; 32]));
		let call = Jobs::accept(RawOrigin::Signed(owner(1)).into(), id, wrong);
		assert_noop!(call, Error::<Test>::TermsMismatch);
		// A rule that became stricter changes the terms: whoever signed the old ones is not bound.
		let signed = driver().terms_hash(id);
		Factor::set(200);
		let call = Jobs::accept(RawOrigin::Signed(owner(1)).into(), id, signed);
		assert_noop!(call, Error::<Test>::TermsMismatch);
		assert_ok!(driver().accept(id));
		assert_eq!(stored(id).promise().unwrap().exposure.factor, 200);
	});
}

#[test]
fn only_the_candidate_should_accept_by_its_owner_or_a_delegate() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		assert_noop!(accept_as(USER, id), Error::<Test>::NoProvider);
		assert_noop!(accept_as(owner(2), id), Error::<Test>::NotCandidate);
		assert_ok!(accept_as(delegate(1), id));
	});
}

#[test]
fn accepting_the_same_again_should_change_nothing() {
	build_and_execute(|| {
		let id = driver().accepted(5).unwrap();
		changes_nothing(|| driver().accept(id));
		assert_noop!(accept_as(owner(2), id), Error::<Test>::AlreadyAccepted);
		let wrong = TermsHash(Hash([7; 32]));
		let call = Jobs::accept(RawOrigin::Signed(owner(1)).into(), id, wrong);
		assert_noop!(call, Error::<Test>::AlreadyAccepted);
		assert_ok!(driver().commit(id, driver().by_root(1)));
		changes_nothing(|| driver().accept(id));
	});
}

#[test]
fn acceptance_should_end_at_its_tick() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		Now::set(11);
		assert_noop!(accept_as(owner(1), id), Error::<Test>::AcceptanceOver);
		Now::set(10);
		assert_ok!(accept_as(owner(1), id));
	});
}

#[test]
fn models_and_versions_that_take_no_jobs_should_not_be_accepted() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		Stopped::set(true);
		assert_noop!(accept_as(owner(1), id), Error::<Test>::NumericsStopped);
		Stopped::set(false);
		Status::set(ModelStatus::Frozen);
		assert_noop!(accept_as(owner(1), id), DispatchError::Other("frozen"));
		Status::set(ModelStatus::Listed);
		RateIsStale::set(true);
		assert_noop!(accept_as(owner(1), id), DispatchError::Other("stale rate"));
	});
}

#[test]
fn a_bond_that_does_not_suffice_should_be_refused() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		BondOfEach::set(160 * 75 - 1);
		assert_noop!(accept_as(owner(1), id), DispatchError::Other("too little bond"));
		BondOfEach::set(160 * 75);
		assert_ok!(accept_as(owner(1), id));
	});
}

#[test]
fn exposures_beyond_all_amounts_should_be_refused() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		LeastExposure::set(0);
		Factor::set(u32::MAX);
		MaxFactor::set(u32::MAX);
		UnitPrice::set(u128::MAX / 100);
		let dear = driver().submitted(5).unwrap();
		assert_noop!(accept_as(owner(1), dear), Error::<Test>::PriceOverflow);
		Now::set(u32::MAX - 1);
		assert_noop!(accept_as(owner(1), id), Error::<Test>::AcceptanceOver);
	});
}

#[test]
fn deadlines_beyond_all_ticks_should_be_refused() {
	build_and_execute(|| {
		Now::set(u32::MAX - 15);
		let id = driver().submitted(5).unwrap();
		assert_noop!(accept_as(owner(1), id), Error::<Test>::TickOverflow);
	});
}

#[test]
fn unknown_jobs_should_not_be_accepted() {
	build_and_execute(|| {
		let id = JobId(Hash([9; 32]));
		assert_noop!(accept_as(owner(1), id), Error::<Test>::UnknownJob);
	});
}

#[test]
fn accepting_and_answering_at_once_should_do_both_or_nothing() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		let at_once = |output| {
			let terms_hash = driver().terms_hash(id);
			dispatch(crate::Call::accept_and_commit { job: id, terms_hash, output }, owner(1))
		};
		assert_noop!(at_once(driver().by_root(3).list()), Error::<Test>::OutputTooLong);
		take_events();
		assert_ok!(at_once(driver().by_root(1).list()));
		let events = take_events();
		assert!(
			matches!(events[..], [Event::Accepted { .. }, Event::Committed { units: 15, .. }]),
			"{events:?}"
		);
		check();
		changes_nothing(|| at_once(driver().by_root(1).list()));
	});
}

#[test]
fn accepting_and_answering_at_once_should_show_nobody_the_answer() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		let output = driver().by_root(2).list();
		let terms_hash = driver().terms_hash(id);
		let call = crate::Call::<Test>::accept_and_commit { job: id, terms_hash, output };
		// Two hashes, a root, a length: no tokens that the pool of transactions could give away.
		assert_eq!(call.encoded_size(), 1 + 3 * 32 + 4);
		assert_ok!(dispatch(call, owner(1)));
		assert_eq!(stored(id).answer().unwrap().output_data, crate::Publication::Unasked);
	});
}

#[test]
fn a_price_deadline_or_stake_of_another_fork_should_be_other_terms() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		let signed = driver().terms_hash(id);
		let changes: [fn(&mut crate::JobOf<Test>, &mut crate::Candidate); 3] = [
			|_, candidate| candidate.rate.0 -= 1,
			|_, candidate| candidate.deadline_ticks -= 1,
			|job, _| job.unit_price.amount -= 1,
		];
		for change in changes {
			let before = stored(id);
			let mut job = before.clone();
			let State::Submitted(search) = &mut job.state else { panic!("not submitted") };
			let mut candidate = search.candidates[0];
			change(&mut job, &mut candidate);
			let State::Submitted(search) = &mut job.state else { panic!("not submitted") };
			search.candidates[0] = candidate;
			crate::Jobs::<Test>::insert(id, job);
			let call = Jobs::accept(RawOrigin::Signed(owner(1)).into(), id, signed);
			assert_noop!(call, Error::<Test>::TermsMismatch);
			crate::Jobs::<Test>::insert(id, before);
		}
		LeastExposure::set(999);
		let call = Jobs::accept(RawOrigin::Signed(owner(1)).into(), id, signed);
		assert_noop!(call, Error::<Test>::TermsMismatch);
		LeastExposure::set(1_000);
		assert_ok!(Jobs::accept(RawOrigin::Signed(owner(1)).into(), id, signed));
	});
}

#[test]
fn a_provider_without_an_offer_should_learn_why() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		Offers::set(Default::default());
		assert_noop!(accept_as(owner(1), id), DispatchError::Other("offline"));
	});
}

#[test]
fn an_accepted_job_should_be_answered_by_accepting_and_answering_at_once() {
	build_and_execute(|| {
		let id = driver().accepted(5).unwrap();
		let terms = driver().terms_hash(id);
		let output = driver().by_root(2).list();
		let call = Jobs::accept_and_commit(RawOrigin::Signed(owner(1)).into(), id, terms, output);
		assert_ok!(call);
		assert!(stored(id).answer().is_some());
	});
}
