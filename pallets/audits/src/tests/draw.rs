//! Which answers are audited, by whom, and when that is known.

use super::*;
use crate::{
	beacon::{DRAW_BLOCKS, DRAW_ROUNDS},
	BeaconState, InRound, OldestRound, RoundOf, Rounds, Tallies, Tally,
};
use assay_market::traits::Audits as _;
use frame_support::{traits::OnPoll, weights::WeightMeter};
use sp_runtime::Perbill;

#[test]
fn an_answer_should_be_drawn_by_the_authors_of_the_next_blocks_only() {
	build_and_execute(|| {
		enrol(1..=6);
		let own = answer(1);
		blocks(DRAW_ROUNDS - 1);
		assert!(Audits::awaits_draw(&own));
		let before = BeaconState::<Test>::get();
		blocks(1);
		assert!(!Audits::awaits_draw(&own));
		assert_eq!(auditors(own).len(), 2);
		// Neither the author of the answer's own block has a part in it, nor any before.
		assert_eq!(BeaconState::<Test>::get().round - 1, before.round);
		assert_eq!(BeaconState::<Test>::get().round, DRAW_ROUNDS);
		assert_eq!(DRAW_BLOCKS, 32);
	});
}

/// Whom an answer would be audited by if the authors contributed this.
fn auditors_with(vrfs: [u8; DRAW_ROUNDS as usize]) -> Vec<u32> {
	new_test_ext().execute_with(|| {
		enrol(1..=6);
		let job = answer(1);
		vrfs.into_iter().for_each(|vrf| block_with([vrf; 32]));
		auditors(job)
	})
}

#[test]
fn each_later_author_should_have_a_part_and_the_answers_own_none() {
	let vrfs = [7; DRAW_ROUNDS as usize];
	let usual = auditors_with(vrfs);
	let mut own = vrfs;
	own[0] = 8;
	assert_eq!(auditors_with(own), usual, "the author of the answer's block");
	for place in 1..vrfs.len() {
		// Another pair is likely with each other value: some value gives one.
		let differs = (8..30_u8).any(|value| {
			let mut other = vrfs;
			other[place] = value;
			auditors_with(other) != usual
		});
		assert!(differs, "the author of block {place} after the answer has no part");
	}
}

#[test]
fn the_share_of_the_acceptance_should_decide() {
	build_and_execute(|| {
		enrol(1..=6);
		assert_eq!(Audits::share(), Perbill::one());
		Share::set(Perbill::zero());
		let never = answer(1);
		assert!(!Audits::awaits_draw(&never));
		Share::set(Perbill::from_percent(50));
		let half: Vec<_> = (2..=65).map(answer).collect();
		Share::set(Perbill::one());
		blocks(DRAW_ROUNDS);
		let audited = half.iter().filter(|job| StoredAudits::<Test>::contains_key(job)).count();
		// Auditors can answer for twelve; the others are counted.
		let Tally { drawn, unchecked, .. } = Tallies::<Test>::get().last().unwrap().tally;
		assert_eq!(audited, 12);
		assert_eq!(drawn - unchecked, 12);
		let seed = BeaconState::<Test>::get().seed();
		let hit = |job: &&JobId| {
			crate::lottery::Lottery::new(&seed, job, 0).audits(Perbill::from_percent(50))
		};
		assert_eq!(half.iter().filter(hit).count() as u32, drawn);
	});
}

#[test]
fn answers_of_different_blocks_should_be_drawn_in_order_each_with_its_own_seed() {
	build_and_execute(|| {
		enrol(1..=6);
		let first = answer(1);
		blocks(1);
		let second = answer(2);
		blocks(DRAW_ROUNDS - 1);
		assert!(StoredAudits::<Test>::contains_key(first));
		assert!(Audits::awaits_draw(&second));
		blocks(1);
		assert!(StoredAudits::<Test>::contains_key(second));
		assert_eq!(Rounds::<Test>::iter().count(), 0);
		assert_eq!(OldestRound::<Test>::get(), 2);
	});
}

#[test]
fn answers_that_blocks_cannot_take_should_wait_with_their_seed() {
	build_and_execute(|| {
		enrol(1..=6);
		MaxDraws::set(3);
		let jobs: Vec<_> = (1..=5).map(answer).collect();
		blocks(DRAW_ROUNDS);
		let seed = BeaconState::<Test>::get().seed();
		let waiting = || jobs.iter().filter(|job| Audits::awaits_draw(job)).count();
		assert_eq!(waiting(), 3);
		assert_eq!(Rounds::<Test>::get(0).seed, Some(seed));
		// Out of turn, by anybody; the rest in the next blocks, with the seed of then.
		let next = *jobs.iter().find(|job| Audits::awaits_draw(job)).unwrap();
		assert_ok!(Audits::poke(signed(ANYBODY), next));
		assert_eq!(waiting(), 2);
		blocks(1);
		assert_eq!(waiting(), 0);
		assert_eq!(Rounds::<Test>::iter().count(), 0);
		let lottery = crate::lottery::Lottery::new(&seed, &next, 0);
		let pool: Vec<_> = (1..=6).map(|one| (ProviderId(one), STAKE)).collect();
		assert_eq!(auditors(next)[0], pool[lottery.draw(0, &pool).unwrap()].0 .0);
	});
}

#[test]
fn an_answer_should_not_be_drawn_out_of_turn_before_its_time() {
	build_and_execute(|| {
		enrol(1..=6);
		let job = answer(1);
		blocks(DRAW_ROUNDS - 1);
		assert_noop!(Audits::poke(signed(ANYBODY), job), Error::<Test>::NothingDue);
	});
}

#[test]
fn blocks_without_room_should_draw_nothing_and_lose_nothing() {
	build_and_execute(|| {
		enrol(1..=6);
		let job = answer(1);
		blocks(DRAW_ROUNDS - 1);
		let poll = |weight: u64| {
			let mut meter = WeightMeter::with_limit(frame_support::weights::Weight::from_parts(
				weight,
				u64::MAX,
			));
			<Audits as OnPoll<_>>::on_poll(1, &mut meter);
		};
		let round = BeaconState::<Test>::get().round;
		poll(0);
		assert_eq!(BeaconState::<Test>::get().round, round);
		// Room for the contribution, but for no draw.
		poll(31_000_000);
		assert_eq!(BeaconState::<Test>::get().round, round + 1);
		assert!(Audits::awaits_draw(&job));
		poll(1_000_000_000);
		assert!(!Audits::awaits_draw(&job));
	});
}

#[test]
fn without_auditors_an_answer_should_be_counted_and_not_held() {
	build_and_execute(|| {
		let job = answer(1);
		blocks(DRAW_ROUNDS);
		assert!(!StoredAudits::<Test>::contains_key(job));
		assert_eq!(take_events(), [Event::NoAuditors { job, model: MODEL }]);
		let Tally { drawn, unchecked, .. } = Tallies::<Test>::get()[0].tally;
		assert_eq!((drawn, unchecked), (1, 1));
		close_answer(job);
	});
}

#[test]
fn one_auditor_should_check_alone_if_there_is_no_other() {
	build_and_execute(|| {
		enrol([3]);
		let job = answer(1);
		blocks(DRAW_ROUNDS);
		assert_eq!(auditors(job), [3]);
		assert_ok!(seal(3, job, 1));
		assert_ok!(reveal(3, job, 1, Finding::Ok));
		assert_eq!(stored(job).stage, Stage::Concluded);
	});
}

#[test]
fn who_answered_or_asked_or_cannot_answer_for_it_should_not_audit() {
	build_and_execute(|| {
		enrol([ANSWERER.0, 1, 2, 3]);
		// The user's own provider.
		let own = PROVIDERS - 1;
		assert_ok!(Audits::enrol(signed(USER), MODEL, STAKE));
		Unbonded::set(vec![ProviderId(2)]);
		// Enough for no answer with so much at stake.
		assert_ok!(Audits::enrol(signed(owner(4)), MODEL, 2_500));
		AtStake::set(EXPOSURE + 1);
		let (job, mut both) = drawn(1);
		both.sort_unstable();
		assert_eq!(both, [1, 3]);
		assert_eq!(stored(job).terms.at_risk, FALSEHOOD + 1);
		assert_eq!(entry(own), Some((STAKE, 0, true)));
	});
}

#[test]
fn an_answer_that_fell_before_its_draw_should_not_be_audited() {
	build_and_execute(|| {
		enrol(1..=6);
		let job = answer(1);
		blocks(1);
		close_answer(job);
		blocks(DRAW_ROUNDS);
		assert!(!StoredAudits::<Test>::contains_key(job));
		let error = REFUSAL;
		assert!(take_events().contains(&Event::NotAudited { job, error }));
		assert_eq!(InRound::<Test>::iter().count() + RoundOf::<Test>::iter().count(), 0);
		assert_eq!(entry(1), Some((STAKE, 0, true)));
	});
}

#[test]
fn a_draw_should_pin_what_it_was_made_with() {
	build_and_execute(|| {
		enrol(1..=6);
		TraceBytes::set(5_001);
		let (job, both) = drawn(1);
		let seal_by = Now::get() + 60 + 6;
		let auditors = both.map(ProviderId).to_vec();
		let event = Event::Drawn { job, model: MODEL, auditors, seal_by };
		assert!(take_events().contains(&event));
		let parameters = crate::AuditParameters {
			seal_ticks: 30,
			silence_penalty: 1,
			..DefaultParameters::get()
		};
		assert_ok!(Audits::set_parameters(RuntimeOrigin::root(), parameters));
		let audit = stored(job);
		assert_eq!((audit.terms.seal_ticks, audit.terms.silence_penalty), (66, 100));
		assert_eq!(audit.terms.fee, FEE);
		assert_eq!(audit.provider, ANSWERER);
	});
}
