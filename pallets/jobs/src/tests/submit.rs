//! What a request must be.

use super::*;
use crate::{Config, HoldReason, Jobs as StoredJobs, NextNonce, Publication, State, WeightInfo};
use assay_market::{
	traits::ModelStatus, Assignment, Limits, ModelId, ProviderId, Sampling, SeriesId,
};
use assay_primitives::Hash;
use frame_support::{
	dispatch::{DispatchClass, GetDispatchInfo},
	traits::fungible::hold::Inspect,
	BoundedVec,
};
use frame_system::RawOrigin;

type Weights = <Test as Config>::WeightInfo;

/// Five tokens in, at most two out.
fn request() -> Request<Words> {
	driver().request(driver().inline(5), 2)
}

#[test]
fn a_request_should_put_the_longest_answer_into_escrow() {
	build_and_execute(|| {
		let driver = driver();
		let id = driver.submit(request()).unwrap();
		let job = stored(id);
		// Five units for the input, ten for each token of the answer.
		assert_eq!(job.escrow, 25);
		assert_eq!(EscrowedUnits::get((USER, SERIES)), 25);
		assert_eq!(FreeUnits::get((USER, SERIES)), UNITS - 25);
		assert_eq!(job.input_data, Publication::InBody);
		let State::Submitted(search) = &job.state else { panic!("{job:?}") };
		assert_eq!(search.expires_at, 11);
		assert_eq!(
			take_events(),
			[Event::Submitted {
				job: id,
				user: USER,
				nonce: 0,
				request: job.request,
				escrow: 25,
				candidates: search.candidates.clone(),
				expires_at: 11,
			}]
		);
	});
}

#[test]
fn the_same_input_should_give_the_same_job_inline_and_by_root() {
	build_and_execute(|| {
		let driver = driver();
		let id = driver.submit(driver.request(driver.inline(3_000), 2)).unwrap();
		let by_root = driver.request(driver.by_root(3_000), 2);
		assert_ok!(Jobs::submit(RawOrigin::Signed(USER).into(), 0, by_root));
		assert_eq!(StoredJobs::<Test>::iter_keys().collect::<Vec<_>>(), [id]);
	});
}

#[test]
fn nonces_should_grow_and_may_leave_gaps() {
	build_and_execute(|| {
		let submit = |nonce, inputs| {
			let request = driver().request(driver().inline(inputs), 2);
			Jobs::submit(RawOrigin::Signed(USER).into(), nonce, request)
		};
		assert_ok!(submit(3, 1));
		assert_noop!(submit(3, 2), Error::<Test>::NonceUsed);
		assert_noop!(submit(2, 2), Error::<Test>::NonceUsed);
		assert_ok!(submit(9, 2));
		assert_eq!(NextNonce::<Test>::get(USER), 10);
		assert_noop!(submit(u64::MAX, 2), Error::<Test>::NonceUsed);
		// Another user's nonces are another's.
		let request = driver().request(driver().inline(1), 2);
		assert_ok!(Jobs::submit(RawOrigin::Signed(WATCHER).into(), 0, request));
	});
}

#[test]
fn inputs_should_have_from_one_token_to_the_models_positions() {
	build_and_execute(|| {
		let driver = driver();
		refuses(driver.request(driver.inline(0), 2), Error::<Test>::InputEmpty);
		refuses(driver.request(driver.by_root(0), 2), Error::<Test>::InputEmpty);
		assert_ok!(driver.submit(driver.request(driver.by_root(MAX_POSITIONS - 2), 2)));
		refuses(
			driver.request(driver.by_root(MAX_POSITIONS - 1), 2),
			Error::<Test>::ContextOverflow,
		);
		refuses(driver.request(driver.inline(1), u32::MAX), Error::<Test>::ContextOverflow);
		refuses(driver.request(driver.by_root(65_537), 2), Error::<Test>::ListTooLong);
		refuses(driver.request(driver.inline(1), 0), Error::<Test>::LimitZero);
	});
}

#[test]
fn tokens_in_the_call_should_be_of_the_vocabulary() {
	build_and_execute(|| {
		let driver = driver();
		let with_last =
			|last| Words::Inline(BoundedVec::truncate_from(vec![0, VOCABULARY - 1, last]));
		refuses(driver.request(with_last(VOCABULARY), 2), Error::<Test>::TokenOutOfVocabulary);
		refuses(driver.request(with_last(u32::MAX), 2), Error::<Test>::TokenOutOfVocabulary);
		assert_ok!(driver.submit(driver.request(with_last(0), 2)));
	});
}

#[test]
fn sampling_should_be_within_its_ranges() {
	build_and_execute(|| {
		let with = |sampling| Request { sampling, ..request() };
		let hot = |temperature: f32| Sampling {
			temperature_bits: temperature.to_bits(),
			..Sampling::default()
		};
		for admitted in [0.0, 1.0 / 64.0, 0.7, 64.0] {
			assert_ok!(driver().submit(with(hot(admitted))));
		}
		let below = f32::from_bits((1.0_f32 / 64.0).to_bits() - 1);
		let above = f32::from_bits(64.0_f32.to_bits() + 1);
		for wrong in [below, above, -0.0, -1.0, f32::NAN, f32::INFINITY, f32::from_bits(1)] {
			refuses(with(hot(wrong)), Error::<Test>::TemperatureOutOfRange);
		}
		let most = Sampling { top_p: 65_536, min_p: 65_536, top_k: u32::MAX, ..hot(1.0) };
		assert_ok!(driver().submit(with(most)));
		let wrong = Error::<Test>::ProbabilityOutOfRange;
		refuses(with(Sampling { top_p: 65_537, ..most }), wrong);
		let wrong = Error::<Test>::ProbabilityOutOfRange;
		refuses(with(Sampling { min_p: 65_537, ..most }), wrong);
	});
}

#[test]
fn models_that_embed_should_take_no_sampling_and_no_limit() {
	build_and_execute(|| {
		let driver = driver_for(EMBEDDER);
		assert_ok!(driver.submit(driver.request(driver.inline(5), 0)));
		let hot = Sampling { temperature_bits: 1.0_f32.to_bits(), ..Sampling::default() };
		for wrong in [
			Request { limits: Limits { max_tokens: 1 }, ..driver.request(driver.inline(5), 0) },
			Request { sampling: hot, ..driver.request(driver.inline(5), 0) },
		] {
			assert_noop!(driver.submit(wrong), Error::<Test>::NotForEmbeddings);
		}
	});
}

#[test]
fn models_and_versions_that_take_no_jobs_should_be_refused() {
	build_and_execute(|| {
		refuses(Request { model: ModelId(Hash([9; 32])), ..request() }, "unknown model");
		Status::set(ModelStatus::Frozen);
		refuses(request(), "frozen");
		Status::set(ModelStatus::Listed);
		Stopped::set(true);
		refuses(request(), Error::<Test>::NumericsStopped);
	});
}

#[test]
fn series_that_take_no_jobs_should_be_refused() {
	build_and_execute(|| {
		refuses(Request { series: SeriesId(2), ..request() }, "unknown series");
		SeriesExpired::set(true);
		refuses(request(), "expired series");
		SeriesExpired::set(false);
		RateIsStale::set(true);
		refuses(request(), "stale rate");
	});
}

#[test]
fn the_time_for_acceptance_should_be_within_the_parameters() {
	build_and_execute(|| {
		let within = |accept_within| Request { accept_within, ..request() };
		refuses(within(0), Error::<Test>::AcceptWithinOutOfRange);
		refuses(within(601), Error::<Test>::AcceptWithinOutOfRange);
		assert_ok!(driver().submit(within(1)));
		assert_ok!(driver().submit(within(600)));
		Now::set(u32::MAX - 1);
		refuses(within(2), Error::<Test>::TickOverflow);
	});
}

#[test]
fn the_longest_answer_should_cost_at_most_what_the_user_pays() {
	build_and_execute(|| {
		let at_most = |max_price| Request { max_price, ..request() };
		refuses(at_most(24), Error::<Test>::PriceAboveMaximum);
		refuses(at_most(0), Error::<Test>::PriceAboveMaximum);
		assert_ok!(driver().submit(at_most(25)));
	});
}

#[test]
fn a_user_without_enough_vouchers_should_be_refused() {
	build_and_execute(|| {
		FreeUnits::insert((USER, SERIES), 24);
		refuses(request(), "too few vouchers");
		FreeUnits::insert((USER, SERIES), UNITS);
	});
}

#[test]
fn prices_beyond_all_amounts_should_be_refused() {
	build_and_execute(|| {
		UnitPrice::set(u128::MAX / 24);
		refuses(request(), Error::<Test>::PriceOverflow);
		UnitPrice::set(3);
		Offers::mutate(|offers| {
			offers.insert(
				ProviderId(1),
				assay_market::traits::Offer { deadline_base_ticks: u32::MAX, ..offer() },
			);
		});
		refuses(request(), Error::<Test>::TickOverflow);
	});
}

#[test]
fn a_provider_should_answer_in_the_time_that_request_and_chain_allow() {
	build_and_execute(|| {
		// Twenty ticks, and two for the first thousand tokens.
		let within = |max_deadline_ticks| Request { max_deadline_ticks, ..request() };
		refuses(within(21), Error::<Test>::DeadlineTooLong);
		refuses(within(0), Error::<Test>::DeadlineTooLong);
		assert_ok!(driver().submit(within(22)));
		MaxDeadline::set(21);
		refuses(within(u32::MAX), Error::<Test>::DeadlineTooLong);
	});
}

#[test]
fn the_first_nonce_of_a_user_should_be_paid_for_and_stay_so() {
	build_and_execute(|| {
		let held = || Balances::balance_on_hold(&HoldReason::Nonce.into(), &USER);
		assert_ok!(driver().submit(request()));
		assert_eq!(held(), 77);
		assert_ok!(driver().submit(request()));
		run_to(20);
		assert_eq!((StoredJobs::<Test>::iter_keys().count(), held()), (0, 77));
		// Vouchers alone do not pay for state that is never freed.
		FreeUnits::insert((USER, SERIES), UNITS - 100);
		FreeUnits::insert((9, SERIES), 100);
		let poor = crate::instantiator::Instantiator { user: 9, ..driver() };
		assert_noop!(poor.submit(request()), sp_runtime::TokenError::FundsUnavailable);
	});
}

#[test]
fn a_call_should_pay_for_the_end_that_the_queue_brings() {
	build_and_execute(|| {
		let call = crate::Call::<Test>::submit { nonce: 0, request: request() };
		let ended = Weights::submit(5, crate::MAX_PROGRAM_BYTES) + Weights::poke_expire();
		assert_eq!(call.get_dispatch_info().call_weight, ended);
		let actual = |call: crate::Call<Test>, who| {
			let done = RuntimeCall::Jobs(call).dispatch(RuntimeOrigin::signed(who));
			done.unwrap().actual_weight.unwrap()
		};
		let submitted = Weights::submit(5, PROGRAM_BYTES);
		assert_eq!(actual(call.clone(), USER), submitted + Weights::poke_expire());
		// What had been done before ends once.
		assert_eq!(actual(call, USER), Weights::submit(5, 0));
		let (job, _) = request().with_input(request().input.list());
		let job = job.job::<crate::Blake2>(&USER, 0);
		assert_ok!(driver().accept(job));
		let (terms_hash, output) = (driver().terms_hash(job), driver().inline(2));
		let call = crate::Call::<Test>::commit { job, terms_hash, output };
		let both = Weights::commit(2, PROGRAM_BYTES) + Weights::poke_settle();
		assert_eq!(actual(call, owner(1)), both - Weights::poke_expire());
	});
}

#[test]
fn calls_whose_absence_costs_a_bond_should_have_room_in_full_blocks() {
	build_and_execute(|| {
		let id = driver().committed(5).unwrap();
		let terms_hash = driver().terms_hash(id);
		let commitment_hash = driver().commitment_hash(id);
		let commit =
			crate::Call::<Test>::commit { job: id, terms_hash, output: driver().inline(2) };
		let leaves = driver().leaves(5, 0, 0);
		let post =
			crate::Call::post_data { job: id, commitment_hash, side: crate::Side::Input, leaves };
		for call in [commit, post] {
			assert_eq!(call.get_dispatch_info().class, DispatchClass::Operational);
		}
	});
}

#[test]
fn an_exposure_factor_should_be_within_the_rule() {
	build_and_execute(|| {
		let with = |factor| Request { exposure_factor: Some(factor), ..request() };
		refuses(with(159), Error::<Test>::ExposureFactorOutOfRange);
		refuses(with(1_601), Error::<Test>::ExposureFactorOutOfRange);
		assert_ok!(driver().submit(with(160)));
		assert_ok!(driver().submit(with(1_600)));
	});
}

#[test]
fn a_named_provider_should_have_an_offer_that_the_series_pays() {
	build_and_execute(|| {
		let named =
			|provider| Request { assignment: Assignment::Named(ProviderId(provider)), ..request() };
		refuses(named(99), Error::<Test>::NoOffer);
		let dear = assay_market::traits::Offer { min_price_per_unit: 4, ..offer() };
		Offers::mutate(|offers| offers.insert(ProviderId(2), dear));
		refuses(named(2), Error::<Test>::PriceBelowOffer);
		UnitPrice::set(4);
		assert_ok!(driver().submit(named(2)));
	});
}

#[test]
fn only_signed_calls_should_submit() {
	build_and_execute(|| {
		let call = Jobs::submit(RawOrigin::None.into(), 0, request());
		assert_noop!(call, DispatchError::BadOrigin);
	});
}
