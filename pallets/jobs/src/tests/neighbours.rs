//! Neighbours that break what their traits promise: jobs refuse, and nothing happens.

use super::*;
use crate::{Call, Side};
use assay_market::Assignment;

#[test]
fn more_offers_than_asked_for_should_be_refused() {
	build_and_execute(|| {
		MoreOffersThanAsked::set(true);
		let request = Request {
			assignment: Assignment::BestOffer,
			accept_within: 100,
			..driver().request(driver().inline(5), 2)
		};
		refuses(request, Error::<Test>::TooManyCandidates);
	});
}

#[test]
fn a_provider_that_is_gone_should_keep_its_job_from_settling() {
	build_and_execute(|| {
		let id = driver().committed(5).unwrap();
		assert_ok!(driver().request_data(WATCHER, id, Side::Output));
		let commitment_hash = driver().commitment_hash(id);
		OwnersAreGone::set(true);
		let leaves = driver().leaves(1, 0, 0);
		let post = Call::post_data { job: id, commitment_hash, side: Side::Output, leaves };
		assert_noop!(dispatch(post.clone(), delegate(1)), Error::<Test>::UnknownProvider);
		OwnersAreGone::set(false);
		assert_ok!(dispatch(post, delegate(1)));
		OwnersAreGone::set(true);
		Now::set(151);
		let poke = Call::poke { job: id };
		assert_noop!(dispatch(poke, WATCHER), Error::<Test>::UnknownProvider);
	});
}

#[test]
fn a_model_that_is_gone_should_have_no_answers_and_void_jobs() {
	build_and_execute(|| {
		let id = driver().accepted(5).unwrap();
		ModelIsGone::set(true);
		assert_noop!(driver().commit(id, driver().by_root(1)), Error::<Test>::UnknownModel);
		assert_ok!(dispatch(Call::poke { job: id }, WATCHER));
		assert_eq!(outcome_of(id), crate::Outcome::Void);
	});
}
