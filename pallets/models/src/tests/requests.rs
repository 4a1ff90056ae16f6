use assay_market::{
	traits::{ModelStatus, OffenceKind},
	ModelId,
};
use assay_primitives::{merkle::Tree, WeightsRoot};
use assay_programs::{
	samples::{self, Decoder},
	Tensor,
};
use frame_support::{
	assert_noop, assert_ok,
	dispatch::{DispatchClass, GetDispatchInfo},
	traits::fungible::{Inspect, InspectHold, MutateFreeze},
};
use sp_runtime::TokenError;

use super::*;
use crate::{
	availability::{Request, RequestState},
	requests::path_bytes,
	Availabilities, HoldReason, Parameters,
};

/// Bytes of the hashes beside the way of leaf 0 of the sample: fifteen leaves and seven nodes.
const PATH: u128 = 22 * 32;
/// The fee for leaf 0 of the sample: 16 rows of 64 bytes, and the path.
pub(super) const FEE: u128 =
	PARAMETERS.request_fee_base + (1_024 + PATH) * PARAMETERS.request_fee_per_byte;

pub(super) fn held(who: AccountId) -> u128 {
	Balances::balance_on_hold(&HoldReason::RequestFee.into(), &who)
}

#[test]
fn paths_should_have_the_bytes_that_are_paid_for() {
	for leaves in [1, 2, 15, 16, 17, 31, 256, 257, 272, 273, 4_097] {
		let tree = Tree::<crate::hashing::HostHasher>::new(vec![
			Default::default();
			usize::try_from(leaves).unwrap()
		]);
		for leaf in 0..leaves {
			let siblings = tree.path(leaf).unwrap().siblings.len() as u64;
			assert_eq!(path_bytes(leaf, leaves), 32 * siblings, "{leaf} of {leaves}");
		}
	}
}

fn reported() -> Vec<u32> {
	Reports::get().iter().map(|offence| offence.provider.0).collect()
}

#[test]
fn a_request_should_hold_the_fee_of_its_leaf() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		pass_ticks(5);
		events();
		request(model, 0);
		let until = 5 + PARAMETERS.request_ticks;
		assert_eq!(
			events(),
			[Event::WeightsRequested { model, leaf: 0, by: USER, fee: FEE, surcharge: 0, until }]
		);
		assert_eq!(held(USER), FEE);
		let state = RequestState::Open { by: USER, fee: FEE, surcharge: 0, until };
		let stored = Availabilities::<Test>::get(model).requests[&0].clone();
		assert_eq!(stored, Request { number: 0, bytes: 1_024, state });
	});
}

#[test]
fn a_request_should_need_an_attester_and_a_leaf() {
	ExtBuilder::default().build_and_execute(|| {
		let ask =
			|model, leaf| Models::request_weights(signed(USER), model, leaf, u128::MAX).map(drop);
		let model = unlisted();
		// Nobody promised anything: else anybody could freeze a model for a returned fee.
		assert_eq!(ask(model, 0).unwrap_err().error, error(Error::NoAttesters));
		attested_by(model, [1]);
		let leaves = samples::decoder().weight_leaves();
		for leaf in [leaves, u64::MAX] {
			assert_eq!(ask(model, leaf).unwrap_err().error, error(Error::NoSuchLeaf));
		}
		assert_ok!(ask(model, leaves - 1));
		assert_eq!(ask(model, leaves - 1).unwrap_err().error, error(Error::AlreadyRequested));
		assert_eq!(ask(ModelId::default(), 0).unwrap_err().error, error(Error::UnknownModel));
	});
}

#[test]
fn a_model_should_have_a_bounded_number_of_requests() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		(0..4).for_each(|leaf| request(model, leaf));
		assert_noop!(
			Models::request_weights(signed(USER), model, 4, u128::MAX),
			error(Error::TooManyRequests)
		);
		assert_ok!(post(owner(1), model, 2));
		request(model, 4);
	});
}

#[test]
fn who_asks_should_have_the_fee_and_the_minimum_balance() {
	ExtBuilder::default().build_and_execute(|| {
		let (model, poor) = (listed(), 200);
		let least = FEE + MINIMUM_BALANCE;
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), poor, least - 1));
		let ask = || Models::request_weights(signed(poor), model, 0, u128::MAX);
		assert_noop!(ask(), TokenError::FundsUnavailable);
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), poor, least));
		assert_ok!(ask());
		assert_ok!(post(owner(1), model, 0));
		assert_eq!(Balances::total_balance(&poor), MINIMUM_BALANCE);
	});
}

#[test]
fn posting_should_pay_who_posts_and_close_the_request() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		request(model, 0);
		events();
		assert_ok!(post(delegate(2), model, 0));
		assert_eq!(events(), [Event::WeightsPosted { model, leaf: 0, by: delegate(2), fee: FEE }]);
		assert_eq!(Claimable::get(), [(delegate(2), FEE)].into());
		assert_eq!((held(USER), Balances::free_balance(USER)), (0, ENDOWMENT - FEE));
		assert_eq!(Balances::total_balance(&Models::account()), MINIMUM_BALANCE);
		assert_eq!(post(owner(1), model, 0), Err(error(Error::NotRequested)));
		assert_eq!(record(model).facts.status, ModelStatus::Listed);
	});
}

#[test]
fn every_leaf_should_be_postable() {
	ExtBuilder::default().build_and_execute(|| {
		let program = samples::decoder();
		let (model, weights) = (listed(), Weights::of(&program));
		let bytes: usize = weights.leaves.iter().map(Vec::len).sum();
		let all: u64 = program.tensors.iter().map(Tensor::total_bytes).sum();
		assert_eq!(u64::try_from(bytes).unwrap(), all);
		for leaf in 0..program.weight_leaves() {
			request(model, leaf);
			assert_ok!(post(owner(1), model, leaf));
		}
	});
}

#[test]
fn an_answer_should_have_room_in_full_blocks() {
	ExtBuilder::default().build_and_execute(|| {
		let weights = Weights::of(&samples::decoder());
		let (bytes, siblings) = (weights.leaf(0), weights.siblings(0));
		let call =
			crate::Call::<Test>::post_weights { model: unlisted(), leaf: 0, bytes, siblings };
		assert_eq!(call.get_dispatch_info().class, DispatchClass::Operational);
	});
}

#[test]
fn other_bytes_should_be_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		request(model, 0);
		request(model, 3);
		let weights = Weights::of(&samples::decoder());
		let post = |leaf, bytes: Vec<u8>, siblings: Vec<Hash>| {
			let (bytes, siblings) = (bytes.try_into().unwrap(), siblings.try_into().unwrap());
			Models::post_weights(signed(owner(1)), model, leaf, bytes, siblings)
		};
		let (right, path) = (weights.leaf(0).to_vec(), weights.siblings(0).to_vec());
		let mut flipped = right.clone();
		flipped[7] ^= 1;
		let shorter = right[1..].to_vec();
		let (longer, short_path) = ([right.clone(), vec![0]].concat(), path[1..].to_vec());
		let long_path = [path.clone(), vec![Hash::default()]].concat();
		assert_noop!(post(0, flipped, path.clone()), error(Error::WrongLeaf));
		assert_noop!(post(0, shorter, path.clone()), error(Error::WrongLeafSize));
		assert_noop!(post(0, longer, path.clone()), error(Error::WrongLeafSize));
		assert_noop!(post(0, right.clone(), short_path), error(Error::WrongLeaf));
		assert_noop!(post(0, right.clone(), long_path), error(Error::WrongLeaf));
		assert_noop!(post(0, right.clone(), vec![]), error(Error::WrongLeaf));
		// A leaf is shown at its own place only.
		assert_noop!(post(3, right.clone(), path.clone()), error(Error::WrongLeaf));
		assert_ok!(post(0, right, path));
	});
}

#[test]
fn only_attesters_should_earn_the_fee() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		request(model, 0);
		for who in [USER, owner(4)] {
			assert_noop!(post(who, model, 0), error(Error::NotAttester));
		}
		assert_noop!(post(owner(1), ModelId::default(), 0), error(Error::UnknownModel));
		assert_noop!(post(owner(1), model, 1), error(Error::NotRequested));
	});
}

#[test]
fn who_asks_should_not_be_able_to_stop_the_answer() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		request(model, 0);
		// All that the account has is locked.
		assert_ok!(<Balances as MutateFreeze<_>>::set_freeze(&1, &USER, u128::MAX));
		assert_ok!(post(owner(1), model, 0));
		assert_eq!(Claimable::get(), [(owner(1), FEE)].into());
	});
}

#[test]
fn a_late_answer_should_count_until_the_request_is_closed() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		request(model, 0);
		pass_ticks(PARAMETERS.request_ticks + 50);
		assert_ok!(post(owner(1), model, 0));
		assert_noop!(Models::expire_request(signed(USER), model, 0), error(Error::NotRequested));
	});
}

#[test]
fn a_request_should_run_out_after_its_last_tick_only() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		request(model, 0);
		pass_ticks(PARAMETERS.request_ticks);
		assert_noop!(Models::expire_request(signed(USER), model, 0), error(Error::RequestRunning));
		pass_ticks(1);
		assert_noop!(Models::expire_request(signed(USER), model, 1), error(Error::NotRequested));
		assert_noop!(
			Models::expire_request(signed(USER), ModelId::default(), 0),
			error(Error::UnknownModel)
		);
		assert_ok!(Models::expire_request(signed(OTHER), model, 0));
		assert_noop!(Models::expire_request(signed(OTHER), model, 0), error(Error::AlreadyExpired));
	});
}

#[test]
fn silence_should_report_every_attester_freeze_the_model_and_return_the_fee() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		request(model, 0);
		pass_ticks(PARAMETERS.request_ticks + 1);
		events();
		assert_ok!(Models::expire_request(signed(OTHER), model, 0));
		assert_eq!(
			events(),
			[
				Event::RequestExpired { model, leaf: 0, reported: 3 },
				Event::StatusChanged { model, from: ModelStatus::Listed, to: ModelStatus::Frozen },
			]
		);
		assert_eq!((held(USER), Balances::free_balance(USER)), (0, ENDOWMENT));
		assert_eq!(reported(), [1, 2, 3]);
		for offence in Reports::get() {
			assert_eq!((offence.kind, offence.model), (OffenceKind::Silence, model));
			assert_eq!(offence.exposure, PARAMETERS.silence_exposure);
			assert_eq!((offence.job, offence.numerics_version, offence.lost), (None, 0, None));
			assert_eq!(offence.terms, TERMS);
			// What was bound is free, so that it can be taken.
			assert_eq!(pledged(offence.provider.0, model), 0);
		}
		assert_eq!(counted(model), 0);
	});
}

#[test]
fn terms_of_a_request_should_be_those_of_its_first_block() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		request(model, 0);
		let parameters = Parameters {
			request_ticks: 1,
			request_fee_base: 500,
			silence_exposure: 10 * PARAMETERS.silence_exposure,
			..PARAMETERS
		};
		assert_ok!(Models::set_parameters(RuntimeOrigin::root(), parameters));
		pass_ticks(PARAMETERS.request_ticks);
		assert_noop!(Models::expire_request(signed(USER), model, 0), error(Error::RequestRunning));
		pass_ticks(1);
		assert_ok!(Models::expire_request(signed(USER), model, 0));
		assert_eq!(held(USER), 0);
		let exposures = Reports::get().iter().map(|offence| offence.exposure).collect::<Vec<_>>();
		assert_eq!(exposures, [PARAMETERS.silence_exposure; 3]);
	});
}

#[test]
fn a_report_that_fails_should_stop_no_other() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		request(model, 0);
		pass_ticks(PARAMETERS.request_ticks + 1);
		Unknown::set([2].into());
		events();
		assert_ok!(Models::expire_request(signed(USER), model, 0));
		assert_eq!(reported(), [1, 3]);
		let failed = Event::ReportFailed {
			model,
			provider: ProviderId(2),
			// Events keep no words.
			error: DispatchError::Other(""),
		};
		assert!(events().contains(&failed));
	});
}

#[test]
fn nobody_should_be_reported_twice_for_one_silence() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		request(model, 0);
		request(model, 1);
		pass_ticks(PARAMETERS.request_ticks + 1);
		assert_ok!(Models::expire_request(signed(USER), model, 1));
		assert_ok!(Models::expire_request(signed(USER), model, 0));
		assert_eq!(reported(), [1, 2, 3]);
	});
}

#[test]
fn a_frozen_model_should_thaw_with_its_leaf_and_enough_attestations() {
	ExtBuilder::default().build_and_execute(|| {
		let model = frozen();
		attested_by(model, 1..=2);
		// Anybody may save it.
		events();
		assert_ok!(post(USER, model, 0));
		assert_eq!(events(), [Event::WeightsPosted { model, leaf: 0, by: USER, fee: 0 }]);
		assert_eq!(record(model).facts.status, ModelStatus::Frozen);
		attested_by(model, [3]);
		assert_eq!(record(model).facts.status, ModelStatus::Listed);
		// Once thawed, losing attestations does not freeze it again.
		assert_ok!(Models::withdraw_attestation(signed(owner(3)), model));
		assert_eq!(record(model).facts.status, ModelStatus::Unlisted);
	});
}

#[test]
fn one_silent_attester_should_stop_an_unlisted_model_no_longer_than_its_leaf_is_missing() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		attested_by(model, [1]);
		request(model, 0);
		pass_ticks(PARAMETERS.request_ticks + 1);
		assert_ok!(Models::expire_request(signed(USER), model, 0));
		assert_eq!(record(model).facts.status, ModelStatus::Frozen);
		assert_eq!(reported(), [1]);
		assert_ok!(post(USER, model, 0));
		assert_eq!(record(model).facts.status, ModelStatus::Unlisted);
	});
}

#[test]
fn a_frozen_model_should_stay_so_until_its_last_leaf() {
	ExtBuilder::default().build_and_execute(|| {
		let model = frozen();
		attested_by(model, 1..=3);
		request(model, 1);
		pass_ticks(PARAMETERS.request_ticks + 1);
		assert_ok!(Models::expire_request(signed(USER), model, 1));
		attested_by(model, 1..=3);
		assert_noop!(
			Models::request_weights(signed(USER), model, 1, u128::MAX),
			error(Error::AlreadyRequested)
		);
		assert_ok!(post(USER, model, 1));
		assert_eq!(record(model).facts.status, ModelStatus::Frozen);
		assert_ok!(post(USER, model, 0));
		assert_eq!(record(model).facts.status, ModelStatus::Listed);
	});
}

#[test]
fn a_root_of_other_weights_should_freeze_the_model_whoever_attests() {
	ExtBuilder::default().build_and_execute(|| {
		let program = samples::decoder();
		let other = Decoder { layers: 1, ..Decoder::default() }.program();
		let weights_root = WeightsRoot(Weights::of(&other).tree.root());
		let model = register(Manifest { weights_root, ..fixtures::manifest(&program) });
		attested_by(model, 1..=3);
		request(model, 0);
		// The leaf of the other tree is the same, but its path is one in a tree of other size.
		let weights = Weights::of(&other);
		let (bytes, siblings) = (weights.leaf(0), weights.siblings(0));
		assert_noop!(
			Models::post_weights(signed(owner(1)), model, 0, bytes, siblings),
			error(Error::WrongLeaf)
		);
		pass_ticks(PARAMETERS.request_ticks + 1);
		assert_ok!(Models::expire_request(signed(USER), model, 0));
		assert_eq!(record(model).facts.status, ModelStatus::Frozen);
	});
}
