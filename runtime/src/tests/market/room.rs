//! Those who owe an answer find room in full blocks, and the clock waits for those who cannot act.

use super::{
	deal::{accept, open_market, provider_of, request, submit, terms_hash, words, SERVERS, USER},
	dispatch, now, Chain,
};
use crate::{
	configs::system::RuntimeBlockWeights, Clock, Executive, Runtime, RuntimeCall, RuntimeOrigin,
	SignedPayload, System, UncheckedExtrinsic,
};
use assay_market::{Assignment, CommitmentHash, JobId, ModelId, TermsHash};
use codec::Encode;
use frame_support::{
	assert_ok,
	dispatch::{DispatchClass, GetDispatchInfo},
	traits::Get,
};
use frame_system::{offchain::CreateAuthorizedTransaction, CheckNonce};
use pallet_clock::Pace;
use pallet_jobs::Side;
use sp_keyring::Sr25519Keyring;
use sp_runtime::transaction_validity::InvalidTransaction;

/// Uses up all that ordinary transactions may use of a block.
fn fill_the_ordinary_share() {
	let ordinary = RuntimeBlockWeights::get().get(DispatchClass::Normal).max_total;
	let ordinary = ordinary.expect("ordinary transactions have a limit");
	System::register_extra_weight_unchecked(ordinary, DispatchClass::Normal);
}

/// A transaction that this account signs as its next.
pub(super) fn transaction(call: RuntimeCall, who: Sr25519Keyring) -> UncheckedExtrinsic {
	let mut extension = <Runtime as CreateAuthorizedTransaction<RuntimeCall>>::create_extension();
	extension.6 = CheckNonce::from(System::account_nonce(who.to_account_id()));
	let payload = SignedPayload::new(call, extension).expect("it is for this chain");
	let signature = payload.using_encoded(|bytes| who.sign(bytes));
	let (call, extension, _) = payload.deconstruct();
	UncheckedExtrinsic::new_signed(call, who.to_account_id().into(), signature.into(), extension)
}

#[test]
fn calls_whose_absence_is_punished_should_be_operational() {
	let (job, commitment_hash) = (JobId::default(), CommitmentHash::default());
	let calls: [RuntimeCall; 3] = [
		pallet_jobs::Call::commit { job, terms_hash: TermsHash::default(), output: words(&[1]) }
			.into(),
		pallet_jobs::Call::post_data {
			job,
			commitment_hash,
			side: Side::Output,
			leaves: Default::default(),
		}
		.into(),
		pallet_models::Call::post_weights {
			model: ModelId::default(),
			leaf: 0,
			bytes: Default::default(),
			siblings: Default::default(),
		}
		.into(),
	];
	for call in calls {
		assert_eq!(call.get_dispatch_info().class, DispatchClass::Operational, "{call:?}");
	}
}

#[test]
fn an_answer_should_find_room_in_a_block_that_is_full_of_ordinary_transactions() {
	let mut chain = Chain::local();
	let series = chain.block(open_market);
	let job = chain.block(|| {
		let job = submit(USER, request(series, Assignment::Named(provider_of(SERVERS[0]))));
		accept(SERVERS[0], job);
		job
	});
	chain.block(|| {
		fill_the_ordinary_share();
		let remark: RuntimeCall = frame_system::Call::remark { remark: vec![] }.into();
		let refused = Executive::apply_extrinsic(transaction(remark, USER));
		assert_eq!(refused, Err(InvalidTransaction::ExhaustsResources.into()));

		let output = words(&[3, 4, 5, 6]);
		let commit = pallet_jobs::Call::commit { job, terms_hash: terms_hash(job), output };
		let applied = Executive::apply_extrinsic(transaction(commit.into(), SERVERS[0]));
		assert_eq!(applied, Ok(Ok(())));
	});
}

#[test]
fn the_clock_should_slow_down_after_full_blocks() {
	let mut chain = Chain::local();
	// Nobody had time to sign anew after genesis, which is no upgrade.
	chain.block(|| ());
	let before = chain.between_blocks(now);
	chain.block(fill_the_ordinary_share);
	assert_eq!(chain.between_blocks(now), before + 1);
	assert_eq!(chain.between_blocks(|| Clock::status().pace), Pace::Quarter);
	for _ in 0..3 {
		chain.block(fill_the_ordinary_share);
	}
	assert_eq!(chain.between_blocks(now), before + 1);
	chain.block(|| ());
	assert_eq!(chain.between_blocks(now), before + 2);
}

#[test]
fn the_clock_should_stand_still_in_safe_mode() {
	let mut chain = Chain::local();
	chain.block(|| ());
	let before = chain.between_blocks(now);
	chain.block(|| {
		assert_ok!(dispatch(pallet_safe_mode::Call::force_enter {}, RuntimeOrigin::root()));
	});
	for _ in 0..5 {
		chain.block(|| ());
	}
	assert_eq!(chain.between_blocks(now), before + 1);
	assert_eq!(chain.between_blocks(|| Clock::status().pace), Pace::Stopped);
	chain.block(|| {
		assert_ok!(dispatch(pallet_safe_mode::Call::force_exit {}, RuntimeOrigin::root()));
	});
	chain.block(|| ());
	assert_eq!(chain.between_blocks(now), before + 2);
}

#[test]
fn the_clock_should_show_this_blocks_tick_to_transactions() {
	let mut chain = Chain::local();
	let first = chain.block(now);
	assert_eq!(chain.block(now), first + 1);
	type Constant = <Runtime as pallet_clock::Config>::PauseAfterUpgrade;
	assert_eq!(<Constant as Get<u32>>::get(), 50);
}
