//! What is done twice, or on another fork.

use super::*;
use frame_system::RawOrigin;

fn submit(nonce: u64) -> frame_support::dispatch::DispatchResultWithPostInfo {
	let request = driver().request(driver().inline(5), 2);
	Jobs::submit(RawOrigin::Signed(USER).into(), nonce, request)
}

#[test]
fn submitting_the_same_again_should_change_nothing_while_the_job_is_open() {
	build_and_execute(|| {
		assert_ok!(submit(0));
		changes_nothing(|| submit(0));
	});
}

#[test]
fn a_request_should_not_be_submitted_again_once_its_job_is_over() {
	build_and_execute(|| {
		assert_ok!(submit(0));
		run_to(11);
		assert_noop!(submit(0), Error::<Test>::NonceUsed);
		assert_ok!(submit(1));
	});
}

#[test]
fn another_user_nonce_or_request_should_be_another_job() {
	build_and_execute(|| {
		let (request, _) =
			driver().request(driver().inline(5), 2).with_input(driver().inline(5).list());
		let id = request.job::<crate::Blake2>(&USER, 0);
		assert_ne!(id, request.job::<crate::Blake2>(&WATCHER, 0));
		assert_ne!(id, request.job::<crate::Blake2>(&USER, 1));
		let other = Request { max_price: 7, ..request };
		assert_ne!(id, other.job::<crate::Blake2>(&USER, 0));
	});
}

#[test]
fn moves_signed_for_another_fork_should_meet_no_job_and_harm_nobody() {
	build_and_execute(|| {
		let id = driver().accepted(5).unwrap();
		let terms = driver().terms_hash(id);
		// On this fork, the provider had accepted other terms under the same job.
		crate::Jobs::<Test>::mutate(id, |job| {
			let crate::State::Accepted(promise) = &mut job.as_mut().unwrap().state else {
				panic!("not accepted")
			};
			promise.exposure.factor += 1;
		});
		let output = driver().by_root(1);
		let call = Jobs::commit(RawOrigin::Signed(owner(1)).into(), id, terms, output);
		assert_noop!(call, Error::<Test>::TermsMismatch);
	});
}
