//! Input and output on demand.

use super::*;
use crate::{DataLoad, DataLoads, HoldReason, Outcome, PostedLeaves, Publication, Side};
use assay_market::{traits::OffenceKind, Balance};
use assay_primitives::Hash;
use frame_support::traits::fungible::{freeze::Mutate as _, hold::Inspect as _, Mutate as _};
use frame_system::RawOrigin;

/// Leaves of an input of 3 000 tokens: two full ones and a part.
const LENGTH: u32 = 3_000;
/// What one call with three leaves costs, each of them with two siblings and ten further bytes.
const DEPOSIT: Balance = 1_000_000 + 1_000 * (190 + 3 * (2 * 32 + 10) + 3_000 * 4);
/// What it costs to demand a list.
const DEMAND: Balance = 1_000_000 + 1_000 * 190;

fn held(who: u64) -> Balance {
	Balances::balance_on_hold(&HoldReason::DataRequest.into(), &who)
}

fn committed() -> JobId {
	driver().committed(LENGTH).unwrap()
}

/// An answered job whose input the watcher has demanded.
fn demanded() -> JobId {
	let id = committed();
	assert_ok!(driver().request_data(WATCHER, id, Side::Input));
	id
}

fn leaves(first: u32, last: u32) -> PostedLeaves {
	driver().leaves(LENGTH, first, last)
}

#[test]
fn a_request_should_hold_a_deposit_and_start_the_providers_clock() {
	build_and_execute(|| {
		let id = committed();
		take_events();
		Now::set(4);
		assert_ok!(driver().request_data(WATCHER, id, Side::Input));
		assert_eq!(held(WATCHER), DEPOSIT);
		assert_eq!(stored(id).queued_at, Some(54));
		assert_eq!(
			take_events(),
			[Event::DataRequested {
				job: id,
				side: Side::Input,
				requester: WATCHER,
				deposit: DEPOSIT,
				answer_by: 54,
			}]
		);
	});
}

#[test]
fn all_leaves_in_any_order_should_pay_the_provider_and_extend_the_window() {
	build_and_execute(|| {
		let id = demanded();
		let provider = driver().provider;
		take_events();
		Now::set(20);
		assert_ok!(driver().post_data(id, Side::Input, leaves(2, 2)));
		let partly = |complete, window_closes_at| Event::DataPosted {
			job: id,
			side: Side::Input,
			complete,
			window_closes_at,
		};
		assert_eq!(take_events(), [partly(false, 151)]);
		assert_eq!(held(WATCHER), DEPOSIT);
		check();
		Now::set(50);
		NewOwners::insert(provider, 900);
		assert_ok!(Balances::mint_into(&900, FUNDS));
		let commitment = driver().commitment_hash(id);
		let by_delegate = RawOrigin::Signed(delegate(1)).into();
		let rest = leaves(0, 1);
		assert_ok!(Jobs::post_data(by_delegate, id, commitment, Side::Input, rest));
		assert_eq!(take_events(), [partly(true, 151)]);
		assert_eq!(held(WATCHER), 0);
		assert_eq!(Claims::get(900), DEPOSIT, "the owner of now is paid, not the poster");
		assert_eq!(stored(id).input_data, Publication::Posted);
		assert_eq!(stored(id).queued_at, Some(151));
	});
}

#[test]
fn a_late_answer_should_leave_a_full_check_of_the_window() {
	build_and_execute(|| {
		let id = committed();
		Now::set(75);
		assert_ok!(driver().request_data(WATCHER, id, Side::Input));
		Now::set(124);
		assert_ok!(driver().post_data(id, Side::Input, leaves(0, 2)));
		assert_eq!(stored(id).answer().unwrap().window_closes_at, 124 + 75);
		assert_eq!(stored(id).queued_at, Some(124 + 75));
	});
}

#[test]
fn silence_should_cost_what_a_wrong_answer_costs_and_return_the_deposit() {
	build_and_execute(|| {
		let id = demanded();
		assert_ok!(driver().post_data(id, Side::Input, leaves(0, 1)));
		run_to(50);
		check();
		run_to(51);
		let exposure = 160 * (3_010 * 3);
		assert_eq!(outcome_of(id), Outcome::Silent { exposure, challenger: Some(WATCHER) });
		assert_eq!(held(WATCHER), 0);
		assert_eq!(FreeUnits::get((USER, SERIES)), UNITS);
		let reports = Reports::get();
		assert_eq!(reports.len(), 1);
		assert_eq!((reports[0].kind, reports[0].exposure), (OffenceKind::Silence, exposure));
		let lost = reports[0].lost.as_ref().unwrap();
		assert_eq!((lost.user, lost.price), (USER, 3_010 * 3));
		assert_eq!(lost.challenger, Some((WATCHER, DEMAND)), "who demanded it showed it");
		assert_eq!(EndedJobs::get(), [(driver().provider, None)]);
	});
}

#[test]
fn both_sides_should_be_demanded_and_the_earlier_time_count() {
	build_and_execute(|| {
		let id = demanded();
		Now::set(11);
		assert_ok!(driver().request_data(USER, id, Side::Output));
		assert_eq!(stored(id).queued_at, Some(51));
		check();
		assert_ok!(driver().post_data(id, Side::Input, leaves(0, 2)));
		assert_eq!(stored(id).queued_at, Some(61));
		assert_ok!(driver().post_data(id, Side::Output, driver().leaves(1, 0, 0)));
		assert_eq!(stored(id).queued_at, Some(151));
		assert_eq!((held(USER), held(WATCHER)), (0, 0));
	});
}

#[test]
fn who_demanded_first_what_is_overdue_should_have_shown_it() {
	build_and_execute(|| {
		let id = committed();
		assert_ok!(driver().request_data(USER, id, Side::Output));
		Now::set(2);
		assert_ok!(driver().request_data(WATCHER, id, Side::Input));
		run_to(51);
		assert!(matches!(outcome_of(id), Outcome::Silent { challenger: Some(USER), .. }));
		assert_eq!((held(USER), held(WATCHER)), (0, 0));
	});
}

#[test]
fn a_deposit_should_be_what_posting_costs_in_as_few_calls_as_possible() {
	build_and_execute(|| {
		let fee = |words| {
			let root = Default::default();
			Jobs::posting_fee(&assay_market::TokenList { root, length: words })
		};
		let call = |bytes: u128| 1_000_000 + 1_000 * (190 + bytes);
		assert_eq!(fee(1), call(10 + 4));
		assert_eq!(fee(1_025), call(2 * (10 + 32) + 1_025 * 4));
		// A leaf of 64 has fifteen siblings below the root's node, and three in it.
		let full = call(16 * (10 + 18 * 32) + 16 * 1_024 * 4);
		assert_eq!(fee(65_536), 4 * full);
		// Of twenty leaves, one sibling is in the root's node.
		let first = call(16 * (10 + 16 * 32) + 16 * 1_024 * 4);
		let second = call(4 * (10 + 16 * 32) + (20_000 - 16_384) * 4);
		assert_eq!(fee(20_000), first + second);
		assert_eq!(fee(0), 0);
	});
}

#[test]
fn withholding_an_answer_should_not_pay() {
	build_and_execute(|| {
		let id = driver().committed(5).unwrap();
		let posting = 1_000_000 + 1_000 * (190 + 10 + 4);
		// The user shares what the provider pays for posting; others pay all of it.
		assert_ok!(driver().request_data(USER, id, Side::Output));
		assert_eq!(held(USER), posting / 2);
		assert_ok!(driver().post_data(id, Side::Output, driver().leaves(1, 0, 0)));
		assert_eq!(Claims::get(owner(1)), posting / 2);
		let id = driver().committed(5).unwrap();
		assert_ok!(driver().request_data(WATCHER, id, Side::Output));
		assert_eq!(held(WATCHER), posting);
		assert_ok!(driver().request_data(USER, id, Side::Input));
		assert_eq!(held(USER), posting + 1_000 * 4 * 4, "the input was the user's to give");
	});
}

#[test]
fn a_flood_of_demands_should_give_the_time_that_posting_takes() {
	build_and_execute(|| {
		crate::Parameters::<Test>::mutate(|parameters| parameters.data_leaves_per_tick = 2);
		let provider = driver().provider;
		let jobs: Vec<_> = (0..3).map(|_| committed()).collect();
		let other = crate::instantiator::Instantiator {
			owner: owner(2),
			provider: assay_market::ProviderId(2),
			..driver()
		};
		let of_another = other.committed(LENGTH).unwrap();
		Now::set(4);
		let answer_by = |id: JobId| stored(id).data_due_at();
		for (id, expected) in jobs.iter().zip([54, 56, 58]) {
			assert_ok!(driver().request_data(WATCHER, *id, Side::Input));
			assert_eq!(answer_by(*id), Some(expected), "three leaves take two ticks");
		}
		assert_ok!(other.request_data(WATCHER, of_another, Side::Input));
		assert_eq!(answer_by(of_another), Some(54), "each provider has its own queue");
		check();
		assert_eq!(DataLoads::<Test>::get(provider), Some(DataLoad { open: 3, busy_until: 10 }));
		for id in &jobs {
			assert_ok!(driver().post_data(*id, Side::Input, leaves(0, 2)));
		}
		assert_eq!(DataLoads::<Test>::get(provider), None);
		// Whoever has posted everything is free at once.
		assert_ok!(driver().request_data(WATCHER, jobs[0], Side::Output));
		assert_eq!(answer_by(jobs[0]), Some(54));
		run_to(58);
		check();
		assert_eq!(DataLoads::<Test>::iter_keys().count(), 0);
	});
}

#[test]
fn queues_beyond_all_ticks_should_be_refused() {
	build_and_execute(|| {
		let id = committed();
		let load = DataLoad { open: 0, busy_until: u32::MAX };
		DataLoads::<Test>::insert(driver().provider, load);
		let call = driver().request_data(WATCHER, id, Side::Input);
		assert_noop!(call, Error::<Test>::TickOverflow);
		DataLoads::<Test>::remove(driver().provider);
	});
}

#[test]
fn a_fee_that_cannot_be_paid_should_not_keep_the_provider_from_answering() {
	build_and_execute(|| {
		let id = demanded();
		CashierFails::set(true);
		assert_ok!(driver().post_data(id, Side::Input, leaves(0, 2)));
		assert_eq!(stored(id).input_data, Publication::Posted);
		assert_eq!((held(WATCHER), Claims::get(owner(1))), (0, 0));
	});
}

#[test]
fn a_list_should_be_demanded_once() {
	build_and_execute(|| {
		let id = demanded();
		changes_nothing(|| driver().request_data(WATCHER, id, Side::Input));
		let other = driver().request_data(USER, id, Side::Input);
		assert_noop!(other, Error::<Test>::AlreadyRequested);
		assert_ok!(driver().post_data(id, Side::Input, leaves(0, 2)));
		let again = driver().request_data(USER, id, Side::Input);
		assert_noop!(again, Error::<Test>::AlreadyPublished);
		changes_nothing(|| driver().post_data(id, Side::Input, leaves(0, 2)));
	});
}

#[test]
fn lists_in_bodies_of_blocks_should_not_be_demanded() {
	build_and_execute(|| {
		let driver = driver();
		let id = driver.submit(driver.request(driver.inline(5), 2)).unwrap();
		assert_ok!(driver.accept(id));
		assert_ok!(driver.commit(id, driver.inline(2)));
		for side in [Side::Input, Side::Output] {
			let call = driver.request_data(WATCHER, id, side);
			assert_noop!(call, Error::<Test>::AlreadyPublished);
			changes_nothing(|| driver.post_data(id, side, driver.leaves(5, 0, 0)));
		}
	});
}

#[test]
fn lists_should_be_demanded_in_the_first_half_of_the_window_of_an_answer() {
	build_and_execute(|| {
		let id = driver().accepted(5).unwrap();
		let call = driver().request_data(WATCHER, id, Side::Input);
		assert_noop!(call, Error::<Test>::NotCommitted);
		assert_ok!(driver().commit(id, driver().by_root(1)));
		Now::set(76);
		let call = driver().request_data(WATCHER, id, Side::Input);
		assert_noop!(call, Error::<Test>::RequestsOver);
		Now::set(75);
		assert_ok!(driver().request_data(WATCHER, id, Side::Input));
	});
}

#[test]
fn a_wrong_commitment_hash_should_have_no_consequence() {
	build_and_execute(|| {
		let id = demanded();
		let wrong = CommitmentHash(Hash([7; 32]));
		let origin = || RawOrigin::Signed(owner(1)).into();
		let call = Jobs::request_data(origin(), id, wrong, Side::Output);
		assert_noop!(call, Error::<Test>::CommitmentMismatch);
		let call = Jobs::post_data(origin(), id, wrong, Side::Input, leaves(0, 2));
		assert_noop!(call, Error::<Test>::CommitmentMismatch);
	});
}

#[test]
fn only_the_provider_should_post_what_was_demanded_in_time() {
	build_and_execute(|| {
		let id = committed();
		let unasked = driver().post_data(id, Side::Input, leaves(0, 2));
		assert_noop!(unasked, Error::<Test>::NotRequested);
		assert_ok!(driver().request_data(WATCHER, id, Side::Input));
		let commitment = driver().commitment_hash(id);
		let by = |who| {
			let origin = RawOrigin::Signed(who).into();
			Jobs::post_data(origin, id, commitment, Side::Input, leaves(0, 2))
		};
		assert_noop!(by(USER), Error::<Test>::NoProvider);
		assert_noop!(by(owner(2)), Error::<Test>::NotTheProvider);
		Now::set(51);
		assert_noop!(by(owner(1)), Error::<Test>::AnswerOver);
	});
}

#[test]
fn leaves_should_be_those_of_the_list() {
	build_and_execute(|| {
		let id = demanded();
		let posts = |change: fn(&mut crate::PostedLeaf)| {
			let mut leaves = leaves(1, 1);
			change(&mut leaves[0]);
			driver().post_data(id, Side::Input, leaves)
		};
		let changes: [fn(&mut crate::PostedLeaf); 7] = [
			|leaf| leaf.words[5] += 1,
			|leaf| leaf.words.truncate(1_023),
			|leaf| leaf.index = 2,
			|leaf| leaf.index = 3,
			|leaf| leaf.index = u32::MAX,
			|leaf| leaf.siblings[0].0[0] ^= 1,
			|leaf| leaf.siblings.truncate(1),
		];
		for change in changes {
			assert_noop!(posts(change), Error::<Test>::WrongLeaf);
		}
		assert_ok!(posts(|_| ()));
	});
}

#[test]
fn a_list_whose_root_hides_other_leaves_cannot_be_posted() {
	build_and_execute(|| {
		let driver = driver();
		let id = driver.accepted(5).unwrap();
		// The root of two words, said to be one.
		let root = assay_market::TokenList::of::<crate::Blake2>(&[7, 7]).root;
		let lie = Words::Root(assay_market::TokenList { root, length: 1 });
		assert_ok!(driver.commit(id, lie));
		assert_ok!(driver.request_data(WATCHER, id, Side::Output));
		for length in [1, 2] {
			let call = driver.post_data(id, Side::Output, driver.leaves(length, 0, 0));
			assert_noop!(call, Error::<Test>::WrongLeaf);
		}
	});
}

#[test]
fn a_deposit_that_is_lacking_should_be_refused() {
	build_and_execute(|| {
		let id = committed();
		let poor = 77;
		let call = driver().request_data(poor, id, Side::Input);
		assert_noop!(call, sp_runtime::TokenError::FundsUnavailable);
	});
}

#[test]
fn a_locked_requester_should_not_keep_the_provider_from_answering() {
	build_and_execute(|| {
		let id = demanded();
		// Held and frozen tokens may be the same; after the release the freeze alone would remain.
		assert_ok!(Balances::set_freeze(&(), &WATCHER, FUNDS));
		assert_ok!(driver().post_data(id, Side::Input, leaves(0, 2)));
		assert_eq!(Claims::get(owner(1)), DEPOSIT);
	});
}

#[test]
fn requests_should_wait_until_deposits_can_pass_through_the_pallets_account() {
	new_test_ext().execute_with(|| {
		let id = committed();
		let account = Jobs::account();
		assert_ok!(Balances::burn_from(
			&account,
			10,
			frame_support::traits::tokens::Preservation::Expendable,
			frame_support::traits::tokens::Precision::Exact,
			frame_support::traits::tokens::Fortitude::Force,
		));
		let call = driver().request_data(WATCHER, id, Side::Input);
		assert_noop!(call, Error::<Test>::AccountNotEndowed);
	});
}

#[test]
fn a_long_list_should_be_posted_in_several_calls() {
	build_and_execute(|| {
		let length = 20_000;
		let id = driver().committed(length).unwrap();
		assert_ok!(driver().request_data(WATCHER, id, Side::Input));
		for first in [0, 16] {
			let leaves = driver().leaves(length, first, first + 15);
			assert_ok!(driver().post_data(id, Side::Input, leaves));
		}
		assert_eq!(stored(id).input_data, Publication::Posted);
	});
}

#[test]
fn deadlines_beyond_all_ticks_should_be_refused() {
	build_and_execute(|| {
		Now::set(u32::MAX - 160);
		let id = committed();
		crate::Jobs::<Test>::mutate(id, |job| {
			let crate::State::Committed(promise, _) = &mut job.as_mut().unwrap().state else {
				panic!("no answer")
			};
			promise.clocks.data_ticks = 161;
		});
		let call = driver().request_data(WATCHER, id, Side::Input);
		assert_noop!(call, Error::<Test>::TickOverflow);
	});
}
