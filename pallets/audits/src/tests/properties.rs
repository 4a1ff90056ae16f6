//! Each property of the documentation, broken by writing storage directly, is noticed by its check.

use super::*;
use crate::{
	plants::PLANTS_MAX,
	types::{PendingDraw, RoundDraws},
	AuditOutcome, BeaconState, Due, DueCursor, InRound, KeptClaims, OldestRound, Outcomes,
	Parameters, PlantList, PlantLists, Promised, Roster, RoundOf, Rounds,
};
use frame_support::traits::fungible::Mutate;
use sp_runtime::{Perbill, TryRuntimeError};

/// An answer that waits, an audit in which one root was shown, and an outcome.
fn with_audits(breaks: impl Fn(JobId, JobId), property: &'static str) {
	new_test_ext().execute_with(|| {
		enrol(1..=4);
		let (over, _) = drawn(1);
		close_answer(over);
		blocks(1);
		let (audited, both) = drawn(2);
		for one in both {
			assert_ok!(seal(one, audited, 1));
		}
		assert_ok!(reveal(both[0], audited, 1, Finding::Ok));
		let waiting = answer(3);
		check();
		breaks(waiting, audited);
		assert_eq!(Audits::do_try_state(), Err(TryRuntimeError::Other(property)));
	});
}

fn change(job: JobId, change: impl Fn(&mut Audit<AccountId>)) {
	StoredAudits::<Test>::mutate(job, |audit| change(audit.as_mut().unwrap()));
}

fn change_entry(job: JobId, change: impl Fn(&mut crate::Enrolment)) {
	let auditor = stored(job).seats[0].auditor;
	Roster::<Test>::mutate(MODEL, |roster| {
		change(roster.iter_mut().find(|entry| entry.provider == auditor).unwrap());
	});
}

#[test]
fn every_answer_is_drawn_once() {
	const NAME: &str = "every_answer_is_drawn_once";
	let round = |waiting| RoundOf::<Test>::get(waiting).unwrap();
	with_audits(|waiting, _| RoundOf::<Test>::remove(waiting), NAME);
	with_audits(|_, audited| RoundOf::<Test>::insert(audited, 0), NAME);
	with_audits(|waiting, _| InRound::<Test>::remove(round(waiting), waiting), NAME);
	with_audits(
		|waiting, _| Rounds::<Test>::mutate(round(waiting), |draws| draws.waiting += 1),
		NAME,
	);
	with_audits(|waiting, _| OldestRound::<Test>::put(round(waiting) + 1), NAME);
	with_audits(
		|waiting, audited| {
			let (commitment, share) = (commitment(audited), Perbill::one());
			let pending = PendingDraw { commitment, share, answered_at: 1 };
			InRound::<Test>::insert(round(waiting), audited, pending);
			RoundOf::<Test>::insert(audited, round(waiting));
			Rounds::<Test>::mutate(round(waiting), |draws| draws.waiting += 1);
		},
		NAME,
	);
}

#[test]
fn draws_wait_for_later_authors() {
	const NAME: &str = "draws_wait_for_later_authors";
	let seeded = |waiting, seed| {
		let round = RoundOf::<Test>::get(waiting).unwrap();
		Rounds::<Test>::insert(round, RoundDraws { waiting: 1, seed });
	};
	with_audits(|waiting, _| seeded(waiting, Some(Hash::default())), NAME);
	with_audits(
		|_, _| {
			BeaconState::<Test>::mutate(|beacon| {
				(0..40).for_each(|_| beacon.push(None));
			});
		},
		NAME,
	);
	with_audits(|_, _| BeaconState::<Test>::kill(), NAME);
}

#[test]
fn nobody_audits_its_own_answer() {
	const NAME: &str = "nobody_audits_its_own_answer";
	with_audits(|_, job| change(job, |audit| audit.seats[0].auditor = ANSWERER), NAME);
	let twice = |audit: &mut Audit<AccountId>| audit.seats[0].auditor = audit.seats[1].auditor;
	with_audits(|_, job| change(job, twice), NAME);
	let again = |audit: &mut Audit<AccountId>| {
		audit.silent.try_push(audit.seats[1].auditor).unwrap();
	};
	with_audits(|_, job| change(job, again), NAME);
}

#[test]
fn stakes_cover_what_auditors_answer_for() {
	const NAME: &str = "stakes_cover_what_auditors_answer_for";
	with_audits(|_, job| change_entry(job, |entry| entry.engaged += 1), NAME);
	with_audits(|_, job| change_entry(job, |entry| entry.seats += 1), NAME);
	with_audits(|_, job| change_entry(job, |entry| entry.stake = entry.engaged - 1), NAME);
	with_audits(|_, job| change(job, |audit| audit.terms.at_risk += 1), NAME);
	with_audits(|_, job| change(job, |audit| audit.terms.at_risk = 99), NAME);
	with_audits(|_, _| Roster::<Test>::remove(MODEL), NAME);
}

#[test]
fn an_idle_auditor_that_stood_down_should_not_stay() {
	const NAME: &str = "stakes_cover_what_auditors_answer_for";
	let stand_down = || {
		Roster::<Test>::mutate(MODEL, |roster| {
			let idle = roster.iter_mut().find(|entry| entry.seats == 0).unwrap();
			idle.is_active = false;
		});
	};
	with_audits(|_, _| stand_down(), NAME);
	let twice = || {
		Roster::<Test>::mutate(MODEL, |roster| {
			let idle = *roster.iter().find(|entry| entry.seats == 0).unwrap();
			roster.try_push(idle).unwrap();
		});
	};
	with_audits(|_, _| twice(), NAME);
}

#[test]
fn fund_covers_promises() {
	const NAME: &str = "fund_covers_promises";
	with_audits(|_, _| Promised::<Test>::mutate(|promised| *promised += 1), NAME);
	with_audits(|_, job| change(job, |audit| audit.seats[0].fee += 1), NAME);
	with_audits(
		|_, _| {
			Balances::set_balance(&Audits::account(), ED + Promised::<Test>::get() - 1);
		},
		NAME,
	);
}

#[test]
fn every_clock_is_in_the_queue() {
	const NAME: &str = "every_clock_is_in_the_queue";
	with_audits(|_, job| Due::<Test>::remove(stored(job).due_at.unwrap(), job), NAME);
	with_audits(|waiting, _| Due::<Test>::insert(500, waiting, ()), NAME);
	with_audits(|_, job| change(job, |audit| audit.due_at = None), NAME);
	with_audits(|_, _| DueCursor::<Test>::put(500), NAME);
	with_audits(|_, _| Outcomes::<Test>::remove(job(1)), NAME);
	let outcome = AuditOutcome { answered_at: 1, forgotten_at: 500, found: 0, missed: 0 };
	with_audits(|_, job| Outcomes::<Test>::insert(job, outcome), NAME);
	// Nothing is left of an audit without auditors.
	with_audits(
		|_, _| {
			let empty = Audit { seats: Default::default(), due_at: Some(500), ..stored(job(2)) };
			StoredAudits::<Test>::insert(job(9), empty);
			Due::<Test>::insert(500, job(9), ());
		},
		NAME,
	);
}

#[test]
fn claims_are_kept_for_the_other_auditor() {
	const NAME: &str = "claims_are_kept_for_the_other_auditor";
	let kept = |job| KeptClaims::<Test>::get(job).unwrap();
	with_audits(|waiting, job| KeptClaims::<Test>::insert(waiting, kept(job)), NAME);
	let other = |job| crate::types::KeptClaim { root: Hash([9; 32]), ..kept(job) };
	with_audits(|_, job| KeptClaims::<Test>::insert(job, other(job)), NAME);
	with_audits(
		|_, job| {
			Due::<Test>::remove(stored(job).due_at.unwrap(), job);
			change(job, |audit| (audit.stage, audit.due_at) = (Stage::Concluded, None));
		},
		NAME,
	);
}

#[test]
fn planted_lists_name_jobs() {
	const NAME: &str = "planted_lists_name_jobs";
	let list = PlantList { hash: Hash::default(), count: 1, posted_at: 1 };
	let put = |lists: Vec<PlantList>| {
		PlantLists::<Test>::put(frame_support::BoundedVec::truncate_from(lists));
	};
	with_audits(|_, _| put(vec![PlantList { count: 0, ..list }]), NAME);
	with_audits(|_, _| put(vec![PlantList { count: PLANTS_MAX + 1, ..list }]), NAME);
	with_audits(|_, _| put(vec![list, list]), NAME);
	with_audits(|_, _| put(vec![PlantList { posted_at: Now::get() + 1, ..list }]), NAME);
}

#[test]
fn parameters_are_valid() {
	let wrong = || Parameters::<Test>::mutate(|parameters| parameters.seal_ticks = 0);
	with_audits(|_, _| wrong(), "parameters_are_valid");
}

#[test]
fn the_documentation_should_name_every_property_and_no_other() {
	let docs = include_str!("../lib.rs");
	let (_, properties) = docs.split_once("## Properties").expect("there is such a section");
	let (properties, _) = properties.split_once("#![cfg_attr").expect("the documentation ends");
	let named: Vec<_> = properties
		.lines()
		.filter_map(|line| line.strip_prefix("//! - **")?.split_once("**:"))
		.map(|(name, _)| name)
		.collect();
	let checks = include_str!("../try_state.rs");
	let checked: Vec<_> = checks
		.lines()
		.filter_map(|line| line.trim().strip_prefix("Self::")?.split_once("()"))
		.map(|(name, _)| name)
		.collect();
	assert_eq!(named, checked);
}
