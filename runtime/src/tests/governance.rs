//! Decisions from the proposal to their effect: a referendum, a motion of the committee, a call at
//! a set time.

use super::{chain::Chain, dispatch, signed};
use crate::{
	configs::referenda::Days,
	parameters::{dynamic_params::staking_rewards, RuntimeParameters},
	units::ASY,
	BlockNumber, OriginCaller, Preimage, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, System,
};
use codec::Encode;
use frame_support::{
	assert_ok,
	dispatch::GetDispatchInfo,
	traits::{schedule::DispatchTime, Bounded, Get, QueryPreimage},
};
use pallet_conviction_voting::{AccountVote, Conviction, Vote};
use pallet_referenda::{ReferendumInfo, ReferendumInfoFor};
use pallet_safe_mode::EnteredUntil;
use pallet_timing::SLOT_DURATION_MS_MAX;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave};
use sp_runtime::{
	traits::{BlakeTwo256, Hash},
	DispatchError, Perbill,
};

fn inflation() -> Perbill {
	staking_rewards::AnnualInflation::get()
}

/// A proposal that Root alone may carry out.
fn five_percent_inflation() -> RuntimeCall {
	pallet_parameters::Call::set_parameter {
		key_value: RuntimeParameters::StakingRewards(staking_rewards::Parameters::AnnualInflation(
			staking_rewards::AnnualInflation,
			Some(Perbill::from_percent(5)),
		)),
	}
	.into()
}

/// Proposes a referendum on `proposal`, of which the chain knows the preimage, and lets every
/// known account agree. Its index is 0.
fn hold_referendum(proposal: &RuntimeCall) {
	let bytes = proposal.encode();
	let len = u32::try_from(bytes.len()).unwrap();
	let hash = BlakeTwo256::hash(&bytes);
	assert_ok!(dispatch(pallet_preimage::Call::note_preimage { bytes }, signed(Alice)));
	let submit = pallet_referenda::Call::submit {
		proposal_origin: Box::new(OriginCaller::system(frame_system::RawOrigin::Root)),
		proposal: Bounded::Lookup { hash, len },
		enactment_moment: DispatchTime::After(0),
	};
	assert_ok!(dispatch(submit, signed(Alice)));
	let deposit = pallet_referenda::Call::place_decision_deposit { index: 0 };
	assert_ok!(dispatch(deposit, signed(Bob)));
	for voter in Sr25519Keyring::well_known() {
		let vote = pallet_conviction_voting::Call::vote {
			poll_index: 0,
			vote: AccountVote::Standard {
				vote: Vote { aye: true, conviction: Conviction::Locked1x },
				balance: 900_000 * ASY,
			},
		};
		assert_ok!(dispatch(vote, signed(voter)));
	}
}

#[test]
fn a_referendum_should_be_carried_out_as_root_when_it_passes() {
	// With the longest slots, so that its days take fewer blocks.
	let mut chain =
		Chain::local_with(|genesis| genesis.timing.slot_duration_ms = SLOT_DURATION_MS_MAX);
	let proposal = five_percent_inflation();
	chain.block(|| hold_referendum(&proposal));

	// A day to prepare, a day to confirm, a day to get ready.
	let day = chain.between_blocks(<Days<1> as Get<BlockNumber>>::get);
	let (mut blocks, before) = (0, chain.between_blocks(inflation));
	chain.blocks_until("the referendum's effect", 3 * day + 10, || {
		blocks += 1;
		inflation() != before
	});
	assert!(blocks >= 3 * day, "carried out after {blocks} blocks, days have {day}");
	chain.between_blocks(|| {
		assert_eq!(inflation(), Perbill::from_percent(5));
		assert!(matches!(ReferendumInfoFor::<Runtime>::get(0), Some(ReferendumInfo::Approved(..))));
	});
}

/// A motion of the committee in which these members agree, and the attempt to close it.
fn motion(call: RuntimeCall, members: &[Sr25519Keyring]) -> Result<(), DispatchError> {
	let threshold = 2;
	let length_bound = u32::try_from(call.encoded_size()).unwrap();
	let proposal_hash = BlakeTwo256::hash_of(&call);
	let proposal_weight_bound = call.get_dispatch_info().total_weight();
	let index = pallet_collective::ProposalCount::<Runtime, pallet_collective::Instance1>::get();
	let propose = pallet_collective::Call::<Runtime, pallet_collective::Instance1>::propose {
		threshold,
		proposal: Box::new(call),
		length_bound,
	};
	dispatch(propose, signed(members[0]))?;
	for member in members {
		let vote = pallet_collective::Call::<Runtime, pallet_collective::Instance1>::vote {
			proposal: proposal_hash,
			index,
			approve: true,
		};
		dispatch(vote, signed(*member))?;
	}
	let close = pallet_collective::Call::<Runtime, pallet_collective::Instance1>::close {
		proposal_hash,
		index,
		proposal_weight_bound,
		length_bound,
	};
	dispatch(close, signed(Dave))
}

/// Whether the last motion that was carried out succeeded.
fn executed() -> Option<Result<(), DispatchError>> {
	System::events().into_iter().rev().find_map(|record| match record.event {
		RuntimeEvent::TechnicalCommittee(pallet_collective::Event::Executed { result, .. }) => {
			Some(result)
		}
		_ => None,
	})
}

#[test]
fn two_of_three_members_should_stop_and_release_the_chain() {
	let transfer = || {
		let dest = Bob.to_account_id().into();
		dispatch(pallet_balances::Call::transfer_allow_death { dest, value: ASY }, signed(Alice))
	};
	let mut chain = Chain::local();
	chain.block(|| {
		assert_ok!(motion(pallet_safe_mode::Call::force_enter {}.into(), &[Alice, Charlie]));
		assert_eq!(executed(), Some(Ok(())));
		let week = <Days<7> as Get<BlockNumber>>::get();
		assert_eq!(EnteredUntil::<Runtime>::get(), Some(System::block_number() + week));
	});
	chain.block(|| {
		assert_eq!(transfer(), Err(frame_system::Error::<Runtime>::CallFiltered.into()));
		assert_ok!(motion(pallet_safe_mode::Call::force_exit {}.into(), &[Bob, Charlie]));
		assert_ok!(transfer());
	});
}

#[test]
fn one_member_or_an_outsider_should_not_stop_the_chain() {
	let enter = || RuntimeCall::from(pallet_safe_mode::Call::force_enter {});
	let mut chain = Chain::local();
	chain.block(|| {
		// The motion stays open: its threshold is not reached.
		assert_eq!(
			motion(enter(), &[Alice]),
			Err(pallet_collective::Error::<Runtime, pallet_collective::Instance1>::TooEarly.into())
		);
		assert_eq!(
			motion(enter(), &[Dave]),
			Err(pallet_collective::Error::<Runtime, pallet_collective::Instance1>::NotMember.into())
		);
		assert_eq!(EnteredUntil::<Runtime>::get(), None);
	});
}

#[test]
fn the_committee_should_have_no_other_power() {
	let mut chain = Chain::local();
	chain.block(|| {
		let before = inflation();
		assert_ok!(motion(five_percent_inflation(), &[Alice, Bob, Charlie]));
		assert_eq!(executed(), Some(Err(DispatchError::BadOrigin)));
		assert_eq!(inflation(), before);
	});
}

#[test]
fn a_scheduled_call_should_run_in_its_block() {
	/// More bytes than the scheduler keeps in its agenda: it stores them as a preimage.
	const LENGTH: usize = 1_000;
	const KEY: &[u8] = b"set by the scheduled call";
	let call: RuntimeCall =
		frame_system::Call::set_storage { items: vec![(KEY.to_vec(), vec![7; LENGTH])] }.into();
	let hash = BlakeTwo256::hash_of(&call);
	let schedule = |when| pallet_scheduler::Call::schedule {
		when,
		maybe_periodic: None,
		priority: 0,
		call: Box::new(call.clone()),
	};
	let mut chain = Chain::local();
	let when = chain.block(|| {
		let when = System::block_number() + 3;
		assert_eq!(dispatch(schedule(when), signed(Alice)), Err(DispatchError::BadOrigin));
		assert_ok!(dispatch(schedule(when), RuntimeOrigin::root()));
		assert!(Preimage::len(&hash).is_some());
		when
	});
	chain.blocks_until("the scheduled call", 5, || sp_io::storage::get(KEY).is_some());
	assert_eq!(chain.head().number, when);
}
