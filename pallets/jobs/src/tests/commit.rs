//! Answers in tokens.

use super::*;
use crate::{Publication, State};
use assay_market::{Commitment, ProviderId, TokenList};
use assay_primitives::Hash;
use frame_support::BoundedVec;
use frame_system::RawOrigin;

fn words(tokens: &[u32]) -> Words {
	Words::Inline(BoundedVec::truncate_from(tokens.to_vec()))
}

/// An accepted job whose answer may have four tokens.
fn accepted() -> JobId {
	let id = driver().submit(driver().request(driver().inline(5), 4)).unwrap();
	assert_ok!(driver().accept(id));
	id
}

#[test]
fn an_answer_should_cost_its_length_and_expose_a_multiple() {
	build_and_execute(|| {
		let id = accepted();
		take_events();
		Now::set(3);
		assert_ok!(driver().commit(id, words(&[7, STOP])));
		let State::Committed(promise, answer) = stored(id).state else { panic!("no answer") };
		// Five units in, ten for each token out; three native tokens each.
		assert_eq!((answer.units, answer.price_native), (25, 75));
		assert_eq!(answer.exposed, 160 * 75);
		assert_eq!(promise.reserved, 160 * 135);
		assert_eq!(answer.run.trace_bytes, 2_500);
		assert_eq!((answer.requests_close_at, answer.window_closes_at), (3 + 75, 3 + 150));
		assert_eq!(answer.output_data, Publication::InBody);
		assert_eq!(Stakes::get((ProviderId(1), GENERATOR)), (0, 160 * 75, 4_500));
		let commitment = Commitment::Tokens(TokenList::of::<crate::Blake2>(&[7, STOP]));
		assert_eq!(
			take_events(),
			[Event::Committed {
				job: id,
				provider: ProviderId(1),
				commitment,
				commitment_hash: commitment.hash::<crate::Blake2>(&id, &driver().terms_hash(id)),
				units: 25,
				exposed: 160 * 75,
				window_closes_at: 153,
			}]
		);
	});
}

#[test]
fn an_answer_should_end_with_a_stop_token_or_at_the_limit() {
	build_and_execute(|| {
		for admitted in [&[STOP][..], &[7, STOP], &[7, 7, 7, STOP], &[7, 7, 7, 7]] {
			assert_ok!(driver().commit(accepted(), words(admitted)));
		}
		let id = accepted();
		for early in [&[7][..], &[7, 7, 7]] {
			assert_noop!(driver().commit(id, words(early)), Error::<Test>::StopsEarly);
		}
		for inside in [&[STOP, 7][..], &[STOP, STOP], &[7, STOP, 7, 7]] {
			assert_noop!(driver().commit(id, words(inside)), Error::<Test>::StopTokenInside);
		}
	});
}

#[test]
fn an_answer_should_have_from_one_token_to_the_limit() {
	build_and_execute(|| {
		let id = accepted();
		assert_noop!(driver().commit(id, words(&[])), Error::<Test>::OutputEmpty);
		assert_noop!(driver().commit(id, driver().by_root(0)), Error::<Test>::OutputEmpty);
		assert_noop!(driver().commit(id, words(&[7; 5])), Error::<Test>::OutputTooLong);
		assert_noop!(driver().commit(id, driver().by_root(5)), Error::<Test>::OutputTooLong);
		assert_noop!(driver().commit(id, driver().by_root(65_537)), Error::<Test>::ListTooLong);
	});
}

#[test]
fn an_answer_should_be_of_the_vocabulary() {
	build_and_execute(|| {
		let id = accepted();
		for wrong in [[VOCABULARY, STOP], [u32::MAX, STOP]] {
			assert_noop!(driver().commit(id, words(&wrong)), Error::<Test>::TokenOutOfVocabulary);
		}
		assert_ok!(driver().commit(id, words(&[VOCABULARY - 1, STOP])));
	});
}

#[test]
fn an_answer_by_its_root_should_be_shown_wrong_by_games_only() {
	build_and_execute(|| {
		let id = accepted();
		assert_ok!(driver().commit(id, driver().by_root(3)));
		assert_eq!(stored(id).answer().unwrap().output_data, Publication::Unasked);
	});
}

#[test]
fn answering_the_same_again_should_change_nothing_and_another_answer_fail() {
	build_and_execute(|| {
		let id = accepted();
		assert_ok!(driver().commit(id, words(&[7, STOP])));
		changes_nothing(|| driver().commit(id, words(&[7, STOP])));
		let root = Words::Root(TokenList::of::<crate::Blake2>(&[7, STOP]));
		changes_nothing(|| driver().commit(id, root));
		assert_noop!(driver().commit(id, words(&[STOP])), Error::<Test>::AlreadyCommitted);
	});
}

#[test]
fn only_the_provider_should_answer_to_the_terms_that_it_accepted() {
	build_and_execute(|| {
		let id = accepted();
		let terms = driver().terms_hash(id);
		let by =
			|who, terms| Jobs::commit(RawOrigin::Signed(who).into(), id, terms, words(&[STOP]));
		assert_noop!(by(USER, terms), Error::<Test>::NoProvider);
		assert_noop!(by(owner(2), terms), Error::<Test>::NotTheProvider);
		let wrong = TermsHash(Hash([7; 32]));
		assert_noop!(by(owner(1), wrong), Error::<Test>::TermsMismatch);
		assert_ok!(by(delegate(1), terms));
	});
}

#[test]
fn a_job_that_nobody_accepted_should_not_be_answered() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		assert_noop!(driver().commit(id, words(&[STOP])), Error::<Test>::NotAccepted);
		let unknown = JobId(Hash([9; 32]));
		assert_noop!(driver().commit(unknown, words(&[STOP])), Error::<Test>::UnknownJob);
	});
}

#[test]
fn an_answer_should_come_before_the_deadline() {
	build_and_execute(|| {
		let id = accepted();
		Now::set(23);
		assert_noop!(driver().commit(id, words(&[STOP])), Error::<Test>::DeadlineOver);
		Now::set(22);
		assert_ok!(driver().commit(id, words(&[STOP])));
	});
}

#[test]
fn windows_beyond_all_ticks_should_be_refused() {
	build_and_execute(|| {
		Now::set(u32::MAX - 149);
		let id = accepted();
		assert_noop!(driver().commit(id, words(&[STOP])), Error::<Test>::TickOverflow);
	});
}

#[test]
fn prices_that_an_answers_length_raises_should_be_refused() {
	build_and_execute(|| {
		let id = accepted();
		// As if the registry now priced the same run higher.
		crate::Jobs::<Test>::mutate(id, |job| {
			job.as_mut().unwrap().weights.layer_product = 2;
		});
		let longest = words(&[7; 4]);
		assert_noop!(driver().commit(id, longest), Error::<Test>::CostsMoreThanLongest);
	});
}
