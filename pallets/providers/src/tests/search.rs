use assay_market::{
	traits::{Bonds, ExposureTerms, Offer, OfferSearch},
	Lengths, ProviderId,
};
use frame_support::assert_ok;
use sp_io::hashing::blake2_256;

use crate::{mock::*, SEARCHED};

fn found(search: OfferSearch) -> Vec<ProviderId> {
	Providers::best_offers(&MODEL, &search)
}

/// Providers of so many new owners with this offer, online.
fn crowd(first: u64, count: usize, offer: Offer) -> Vec<ProviderId> {
	(first..)
		.take(count)
		.map(|owner| {
			endow(owner, FUNDS);
			serving_with(owner, 2 * MIN_BOND, offer)
		})
		.collect()
}

/// Puts all bond of a provider out of reach of jobs.
fn pledge_all(provider: ProviderId) {
	let free = Providers::free_bond(provider, &MODEL);
	assert_ok!(Providers::pledge(provider, &MODEL, free, true));
}

#[test]
fn the_best_should_have_the_least_multiplier() {
	build_and_execute(|| {
		let [a, b, c] =
			[300, 200, 100].map(|it| serving_with(u64::from(it) / 100, MIN_BOND, offer_at(it)));
		assert_eq!(best(5), [c, b, a]);
		assert_eq!(best(1), [c]);
		assert!(best(0).is_empty());
		let origin = RuntimeOrigin::signed(3);
		assert_ok!(Providers::set_offer(origin, MODEL, offer_at(25)));
		assert_eq!(best(5), [a, c, b]);
	});
}

#[test]
fn asking_for_nothing_should_not_hide_a_great_multiplier() {
	build_and_execute(|| {
		for owner in 2..=4 {
			let puppet = Offer { min_price_per_unit: 0, multiplier_percent: 400, ..offer(0) };
			serving_with(owner, MIN_BOND, puppet);
		}
		let honest = serving(OWNER, MIN_BOND, 1);
		assert_eq!(best(4)[0], honest);
		// Who accepts no more than the usual price finds only whom it can pay.
		let patient = OfferSearch { max_multiplier_percent: 100, ..search(4) };
		assert_eq!(found(patient), [honest]);
	});
}

#[test]
fn the_least_price_should_decide_only_whether_an_offer_serves() {
	build_and_execute(|| {
		let [a, b] = [(OWNER, 0), (OTHER, 100)].map(|(who, price)| serving(who, MIN_BOND, price));
		// The run pays 100 for a unit.
		let firsts: Vec<_> =
			(0..32).map(|tie| found(OfferSearch { tie: [tie; 32], ..search(2) })[0]).collect();
		assert!(firsts.contains(&a) && firsts.contains(&b));
		assert_eq!(found(OfferSearch { run_price: 999, ..search(2) }), [a]);
	});
}

#[test]
fn ties_should_be_drawn_anew_for_each_job() {
	build_and_execute(|| {
		let providers: Vec<_> =
			(1..=3).map(|owner| serving_with(owner, MIN_BOND, offer_at(150))).collect();
		let best = serving(4, MIN_BOND, 1);
		let firsts: Vec<ProviderId> = (0..64)
			.map(|tie: u8| {
				let order = found(OfferSearch { tie: [tie; 32], ..search(4) });
				assert_eq!(order[0], best);
				let mut expected = providers.clone();
				expected.sort_by_key(|provider| {
					blake2_256(&[&[tie; 32][..], &provider.0.to_le_bytes()[..]].concat())
				});
				assert_eq!(order[1..], expected);
				order[1]
			})
			.collect();
		for provider in &providers {
			assert!(firsts.contains(provider), "{provider} never comes first");
		}
	});
}

#[test]
fn whoever_cannot_take_the_run_should_be_passed_over() {
	build_and_execute(|| {
		let able = serving_with(4, 3_000, Offer { trace_bytes_per_tick: 20, ..offer_at(400) });
		let others = [OWNER, OTHER, STRANGER].map(|owner| serving(owner, MIN_BOND, 1));
		assert_eq!(best(4).len(), 4);

		// 160 x 2 x 1 = 320 at 100 percent, 1 280 at 400.
		let exposing = OfferSearch {
			run_price: 2,
			run_units: 1,
			exposure: ExposureTerms { factor: 160, minimum: 0 },
			..search(4)
		};
		assert_eq!(found(exposing).len(), 4);
		// 350 are left of 1 000: too little for 320 more and the buffer of 970.
		for other in others {
			assert_ok!(Providers::reserve(other, &MODEL, 650, 1));
		}
		assert_eq!(found(exposing), [able]);
		let dear = OfferSearch { run_price: 5, ..exposing };
		assert!(found(dear).is_empty());

		// 20 ticks of 10 bytes, one byte of which is taken.
		let traced = |trace_bytes| found(OfferSearch { trace_bytes, ..search(4) });
		assert_eq!(traced(199).len(), 4);
		assert_eq!(traced(200), [able]);
		assert!(traced(401).is_empty());
	});
}

#[test]
fn answers_should_come_in_time() {
	build_and_execute(|| {
		let slow = serving(OWNER, MIN_BOND, 1);
		let fast = Offer { deadline_base_ticks: 1, ..offer(1) };
		let fast = serving_with(OTHER, MIN_BOND, fast);
		let lengths = Lengths { inputs: 1_500, outputs: 1_000 };
		let within = |max_deadline_ticks| {
			let mut all = found(OfferSearch { lengths, max_deadline_ticks, ..search(4) });
			all.sort_unstable();
			all
		};
		assert_eq!(within(8), [slow, fast]);
		assert_eq!(within(7), [fast]);
		assert!(within(3).is_empty());
	});
}

#[test]
fn whoever_is_overdue_should_be_passed_over() {
	build_and_execute(|| {
		serving(OWNER, MIN_BOND, 1);
		serving(OTHER, MIN_BOND, 1);
		Now::set((ALLOWANCE + 2) * PERIOD);
		let up = serving_with(3, MIN_BOND, offer_at(300));
		assert_eq!(best(1), [up]);
		assert_eq!(best(9), [up]);
	});
}

#[test]
fn a_head_full_of_bonds_that_take_no_job_should_not_shut_out_the_others() {
	build_and_execute(|| {
		ListBound::set(64);
		// More than a search looks at, and cheaper than everybody else.
		for puppet in crowd(100, SEARCHED + 4, offer_at(25)) {
			pledge_all(puppet);
		}
		let honest = crowd(200, SEARCHED, offer_at(100));
		let exposing = |tie| OfferSearch {
			tie: [tie; 32],
			exposure: ExposureTerms { factor: 0, minimum: 100 },
			..search(4)
		};
		for tie in 0..32 {
			let found = found(exposing(tie));
			assert!(!found.is_empty(), "nobody is left with {tie}");
			assert!(found.iter().all(|provider| honest.contains(provider)));
		}
	});
}

#[test]
fn half_should_be_the_best_and_the_others_drawn_from_all() {
	build_and_execute(|| {
		ListBound::set(64);
		let cheap = crowd(100, SEARCHED, offer_at(25));
		let usual = crowd(200, 8, offer_at(100));
		let mut drawn = Vec::new();
		for tie in 0..64 {
			let found = found(OfferSearch { tie: [tie; 32], ..search(4) });
			assert_eq!(found.len(), 4);
			assert!(found[..2].iter().all(|provider| cheap.contains(provider)));
			drawn.extend(found[2..].to_vec());
		}
		let share = drawn.iter().filter(|provider| usual.contains(provider)).count();
		// 8 of the 22 that are left, on average.
		assert!((20..80).contains(&share), "{share} of {}", drawn.len());
		for provider in &usual {
			assert!(drawn.contains(provider), "{provider} is never drawn");
		}
	});
}
