//! Who enrols, with what, and how it leaves.

use super::*;
use crate::Roster;
use assay_market::ModelId;

fn enrol_with(provider: u32, stake: u128) -> DispatchResult {
	with_storage_layer(|| Audits::enrol(signed(owner(provider)), MODEL, stake))
}

#[test]
fn an_auditor_should_bind_its_stake_and_raise_it() {
	build_and_execute(|| {
		assert_ok!(enrol_with(1, 2_500));
		let enrolled = |stake| Event::Enrolled { auditor: ProviderId(1), model: MODEL, stake };
		assert_eq!(take_events(), [enrolled(2_500)]);
		assert_ok!(enrol_with(1, 4_000));
		assert_eq!(take_events(), [enrolled(4_000)]);
		assert_eq!(entry(1), Some((4_000, 0, true)));
		assert_eq!(Pledged::get((ProviderId(1), MODEL)), 4_000);
		frame_support::assert_storage_noop!(enrol_with(1, 4_000).unwrap());
		assert_noop!(enrol_with(1, 3_999), Error::<Test>::StakeBelowBound);
		assert_eq!(Audits::roster(MODEL).len(), 1);
		assert_eq!(Audits::roster(ModelId::default()), []);
	});
}

#[test]
fn only_owners_of_bonded_providers_should_enrol_with_enough() {
	build_and_execute(|| {
		let enrol = |who, stake| Audits::enrol(signed(who), MODEL, stake);
		assert_noop!(enrol(ANYBODY, STAKE), Error::<Test>::NoProvider);
		assert_noop!(enrol(delegate(1), STAKE), Error::<Test>::NotOwner);
		assert_noop!(enrol(owner(1), 2_499), Error::<Test>::StakeTooSmall);
		Unbonded::set(vec![ProviderId(1)]);
		assert_noop!(enrol(owner(1), STAKE), Error::<Test>::NotBonded);
		Unbonded::set(vec![]);
		let too_much = with_storage_layer(|| enrol(owner(1), BOND + 1));
		assert_eq!(too_much, Err("too little free bond".into()));
		assert_ok!(enrol(owner(1), BOND));
	});
}

#[test]
fn an_idle_auditor_should_leave_at_once() {
	build_and_execute(|| {
		enrol([1]);
		assert_noop!(Audits::leave(signed(ANYBODY), MODEL), Error::<Test>::NoProvider);
		assert_noop!(Audits::leave(signed(delegate(1)), MODEL), Error::<Test>::NotOwner);
		assert_noop!(Audits::leave(signed(owner(2)), MODEL), Error::<Test>::NotEnrolled);
		take_events();
		assert_ok!(Audits::leave(signed(owner(1)), MODEL));
		let auditor = ProviderId(1);
		assert_eq!(
			take_events(),
			[
				Event::StoodDown { auditor, model: MODEL },
				Event::Left { auditor, model: MODEL, stake: STAKE },
			]
		);
		assert_eq!(entry(1), None);
		assert!(!Roster::<Test>::contains_key(MODEL));
	});
}

#[test]
fn an_auditor_should_answer_for_its_audits_before_it_leaves() {
	build_and_execute(|| {
		enrol(1..=3);
		let (job, [first, _]) = drawn(1);
		assert_ok!(Audits::leave(signed(owner(first)), MODEL));
		assert_eq!(entry(first), Some((STAKE, FALSEHOOD, false)));
		assert_eq!(Pledged::get((ProviderId(first), MODEL)), STAKE);
		// It is not drawn any more.
		let (other, both) = drawn(2);
		assert!(!both.contains(&first));
		checked(job, [(1, Finding::Ok), (1, Finding::Ok)]);
		close_answer(job);
		blocks(1);
		assert_eq!(entry(first), None);
		assert_eq!(Pledged::get((ProviderId(first), MODEL)), 0);
		assert_eq!(auditors(other).len(), 2);
	});
}

#[test]
fn who_stood_down_should_come_back_by_enrolling() {
	build_and_execute(|| {
		enrol(1..=3);
		let (_, [first, _]) = drawn(1);
		assert_ok!(Audits::leave(signed(owner(first)), MODEL));
		assert_ok!(enrol_with(first, STAKE));
		assert_eq!(entry(first), Some((STAKE, FALSEHOOD, true)));
	});
}

#[test]
fn a_full_roster_should_make_room_for_more_only() {
	build_and_execute(|| {
		MaxAuditors::set(3);
		enrol(1..=3);
		assert_noop!(enrol_with(4, STAKE), Error::<Test>::RosterFull);
		assert_ok!(enrol_with(4, STAKE + 1));
		assert_eq!(entry(1), None);
		assert_eq!(Pledged::get((ProviderId(1), MODEL)), 0);
		assert_eq!(entry(4), Some((STAKE + 1, 0, true)));
		// Who is at work stays.
		let (_, both) = drawn(1);
		let idle = (2..=4).find(|one| !both.contains(one)).unwrap();
		assert_ok!(enrol_with(5, 2 * STAKE));
		assert_eq!(entry(idle), None);
		let (_, next) = drawn(2);
		assert!(next.contains(&5) || both != next);
		for auditor in both {
			assert!(entry(auditor).is_some());
		}
	});
}

#[test]
fn a_roster_of_auditors_at_work_should_have_no_room() {
	build_and_execute(|| {
		MaxAuditors::set(2);
		enrol(1..=2);
		drawn(1);
		assert_noop!(enrol_with(3, BOND), Error::<Test>::RosterFull);
	});
}
