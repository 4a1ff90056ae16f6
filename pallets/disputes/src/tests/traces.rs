//! The provider's trace and the queue of those it owes.

use assay_kernels_exact::verdict::{NOT_OK, OK};
use assay_market::{traits::Verdict, ProviderId};
use frame_support::{assert_noop, assert_ok};

use crate::{mock::*, Call, Due, Error, TraceDuties, TraceQueues};

#[test]
fn a_trace_should_be_the_providers_and_end_in_ok() {
	let truth = right_run();
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_noop!(dispute.post(&truth), Error::<Test>::UnknownCase);
		assert_ok!(dispute.challenge(1, &truth));
		assert_noop!(dispute.post_by(1, &truth), Error::<Test>::NotTheProvider);
		assert_noop!(dispute.post_by(owner(2), &truth), Error::<Test>::NotTheProvider);
		let not_ok = lie(&truth, 0, NOT_OK);
		assert_noop!(dispute.post(&not_ok), Error::<Test>::WrongLastLeaf);
		// The path of another leaf that holds the same byte shows nothing.
		let inner = truth.with_tiles(|leaf, tile| {
			if leaf == 0 {
				*tile = vec![OK];
			}
		});
		let (job, commitment_hash) = (dispute.job, dispute.commitment);
		let (root, last_leaf) = (inner.trace().root(), inner.path(0));
		let call = Call::post_trace { job, commitment_hash, root, last_leaf };
		assert_noop!(dispatch(call, owner(1)), Error::<Test>::WrongLastLeaf);
		assert_ok!(dispute.post_by(delegate(1), &truth));
		assert_noop!(dispute.post(&lie(&truth, 3, OK)), Error::<Test>::TracePosted);
		assert_noop!(dispute.timeout(Due::Trace), Error::<Test>::NotDue);
	});
}

#[test]
fn roots_should_be_shown_after_the_trace_as_they_were_sealed() {
	let truth = right_run();
	let claim = lie(&truth, 4, NOT_OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.challenge(1, &claim));
		assert_noop!(dispute.show(1, &claim), Error::<Test>::TraceAwaited);
		assert_noop!(dispute.show(2, &claim), Error::<Test>::UnknownClaim);
		assert_ok!(dispute.challenge(2, &truth));
		assert_ok!(dispute.post(&truth));
		assert_noop!(dispute.show(1, &lie(&truth, 5, NOT_OK)), Error::<Test>::WrongSeal);
		// A claim that ends in OK, the provider's own among them, is none.
		assert_noop!(dispute.show(2, &truth), Error::<Test>::WrongLastLeaf);
		assert_ok!(dispute.show(1, &claim));
		assert_noop!(dispute.show(1, &lie(&truth, 5, NOT_OK)), Error::<Test>::AlreadyShown);
	});
}

#[test]
fn a_trace_outside_of_the_queue_should_be_refused() {
	let truth = right_run();
	new_test_ext().execute_with(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.challenge(1, &truth));
		TraceDuties::<Test>::remove(dispute.job);
		assert_noop!(dispute.post(&truth), Error::<Test>::NoTraceAwaited);
		assert_noop!(dispute.timeout(Due::Trace), Error::<Test>::NoTraceAwaited);
	});
}

#[test]
fn the_clock_of_a_trace_should_start_when_the_one_before_is_posted() {
	let truth = right_run();
	build_and_execute(|| {
		let disputes = [0, 1, 2].map(|number| committed(&truth, number));
		for dispute in &disputes {
			assert_ok!(dispute.challenge(1, &truth));
		}
		let by = || disputes[2].trace_by();
		assert_eq!((disputes[0].trace_by(), by()), (61, 181));
		// Out of turn: those behind it gain its whole time.
		Now::set(40);
		assert_ok!(disputes[1].post(&truth));
		assert_eq!((disputes[0].trace_by(), by()), (61, 121));
		check();
		assert_ok!(disputes[0].post(&truth));
		assert_eq!(by(), 100);
		Now::set(100);
		assert_ok!(disputes[2].post(&truth));
		assert!(!TraceQueues::<Test>::contains_key(ProviderId(1)));
	});
}

#[test]
fn the_clock_after_a_withheld_trace_should_start_when_its_time_was_over() {
	let truth = right_run();
	build_and_execute(|| {
		let disputes = [0, 1, 2].map(|number| committed(&truth, number));
		for dispute in &disputes {
			assert_ok!(dispute.challenge(1, &truth));
		}
		// Nobody asks for long: that changes nothing for those behind.
		Now::set(125);
		assert_noop!(disputes[1].timeout(Due::Trace), Error::<Test>::NotDue);
		assert_noop!(disputes[0].post(&truth), Error::<Test>::TimeOver);
		assert_ok!(disputes[0].timeout(Due::Trace));
		assert_noop!(disputes[1].post(&truth), Error::<Test>::TimeOver);
		assert_ok!(disputes[1].timeout(Due::Trace));
		assert_ok!(disputes[2].post(&truth));
		let silent = |verdict: &Verdict<u64>| matches!(verdict, Verdict::Silent { .. });
		assert_eq!(Verdicts::get().iter().filter(|(_, verdict)| silent(verdict)).count(), 2);
	});
}

#[test]
fn providers_should_have_queues_of_their_own() {
	let truth = right_run();
	build_and_execute(|| {
		let (one, two) = (committed(&truth, 0), committed_by(2, &truth, 1));
		assert_ok!(one.challenge(1, &truth));
		assert_ok!(two.challenge(1, &truth));
		let by = |provider, dispute: &Dispute| {
			Disputes::trace_deadline_of(ProviderId(provider), dispute.job)
		};
		assert_eq!((by(1, &one), by(2, &two), by(1, &two)), (Some(61), Some(61), None));
	});
}
