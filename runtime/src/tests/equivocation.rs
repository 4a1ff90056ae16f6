//! A validator that signs two blocks for one slot, or votes twice in one round: whoever notices
//! reports it, the validator is disabled at once, and loses its stake once governance had its time
//! to object.

use super::{
	chain::{slot_claim, Chain},
	dispatch,
};
use crate::{
	configs::staking::SLASH_DEFER_DURATION_ERAS, Babe, Balances, Block, Executive, Hash, Header,
	Runtime, RuntimeOrigin, Session, SessionKeys, Staking, UncheckedExtrinsic,
};
use codec::{Decode, Encode};
use frame_support::traits::fungible::Inspect;
use pallet_staking::{ActiveEra, StakerStatus, UnappliedSlashes};
use sp_consensus_babe::{
	digests::CompatibleDigestItem, runtime_decl_for_babe_api::BabeApi, EquivocationProof,
};
use sp_consensus_grandpa::runtime_decl_for_grandpa_api::GrandpaApi;
use sp_core::{
	crypto::Pair,
	offchain::{testing::TestTransactionPoolExt, TransactionPoolExt},
};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::{
	traits::Header as _,
	transaction_validity::{
		InvalidTransaction, TransactionSource, TransactionValidity, TransactionValidityError,
	},
	DigestItem, Perbill,
};
use sp_staking::StakingAccount::Stash;

/// The offender, by its BABE key, its GRANDPA key and its stash.
const BOB: Sr25519Keyring = Sr25519Keyring::Bob;
const BOB_VOTER: Ed25519Keyring = Ed25519Keyring::Bob;
const BOB_STASH: Sr25519Keyring = Sr25519Keyring::BobStash;

/// The era whose start carries out a slash of era 0.
const SLASH_ERA: u32 = SLASH_DEFER_DURATION_ERAS + 1;
/// Blocks of an era of the local preset.
const BLOCKS_PER_ERA: u32 = 60;

/// The share of its stake that one of four validators loses.
fn slash_fraction() -> Perbill {
	Perbill::from_rational(3_u32, 4).square()
}

/// A chain of four validators at its first block: of three, GRANDPA can spare none, so none would
/// be disabled.
fn four_validators() -> Chain {
	let mut chain = Chain::local_with(|genesis| {
		let dave = Sr25519Keyring::DaveStash.to_account_id();
		let keys = SessionKeys {
			babe: Sr25519Keyring::Dave.public().into(),
			grandpa: Ed25519Keyring::Dave.public().into(),
		};
		genesis.session.keys.push((dave.clone(), dave.clone(), keys));
		let bond = genesis.staking.stakers[0].2;
		genesis.staking.stakers.push((dave.clone(), dave, bond, StakerStatus::Validator));
		genesis.staking.validator_count = 4;
	});
	chain.block(|| ());
	chain
}

/// The offender's place among the validators, which is the same in BABE.
fn bob_index() -> u32 {
	let key = BOB.public().into();
	let index = Babe::authorities().iter().position(|(authority, _)| *authority == key);
	u32::try_from(index.unwrap()).unwrap()
}

/// Two blocks that Bob claims in the last slot, the second signed by `second_signer`.
fn two_blocks(chain: &mut Chain, second_signer: Sr25519Keyring) -> EquivocationProof<Header> {
	let (slot, parent, number) = (chain.slot(), chain.head().parent_hash, chain.head().number);
	let claim = slot_claim(chain.between_blocks(bob_index), slot);
	let block = |content: u8, signer: Sr25519Keyring| {
		let transactions = Hash::repeat_byte(content);
		let mut header =
			Header::new(number, transactions, Default::default(), parent, claim.clone());
		let seal = signer.sign(header.hash().as_bytes());
		header.digest.push(<DigestItem as CompatibleDigestItem>::babe_seal(seal.into()));
		header
	};
	EquivocationProof {
		offender: BOB.public().into(),
		slot,
		first_header: block(1, BOB),
		second_header: block(2, second_signer),
	}
}

/// Reports as a node does that saw both blocks, and returns the transaction that reaches its pool.
fn report_blocks(chain: &mut Chain, proof: EquivocationProof<Header>) -> UncheckedExtrinsic {
	submitted(chain, || {
		let owner = <Runtime as BabeApi<Block>>::generate_key_ownership_proof(
			proof.slot,
			proof.offender.clone(),
		)?;
		<Runtime as BabeApi<Block>>::submit_report_equivocation_unsigned_extrinsic(proof, owner)
	})
}

/// Reports two votes of Bob in one round of the first set of voters.
fn report_votes(chain: &mut Chain) -> UncheckedExtrinsic {
	const ROUND: u64 = 7;
	let set_id = chain.between_blocks(<Runtime as GrandpaApi<Block>>::current_set_id);
	let vote = |target: u8| {
		let vote = sp_consensus_grandpa::Prevote::<Header> {
			target_hash: Hash::repeat_byte(target),
			target_number: 5,
		};
		let message = sp_consensus_grandpa::Message::<Header>::Prevote(vote.clone());
		let payload = sp_consensus_grandpa::localized_payload(ROUND, set_id, &message);
		(vote, BOB_VOTER.pair().sign(&payload))
	};
	// Through its encoding, since the struct's own crate is none of the runtime's dependencies.
	const PREVOTES: u8 = 0;
	let votes = (PREVOTES, ROUND, BOB_VOTER.public(), vote(1), vote(2)).encode();
	let votes = sp_consensus_grandpa::Equivocation::decode(&mut &votes[..]).unwrap();
	let proof = sp_consensus_grandpa::EquivocationProof::new(set_id, votes);
	submitted(chain, || {
		let offender = proof.offender().clone();
		let owner = <Runtime as GrandpaApi<Block>>::generate_key_ownership_proof(set_id, offender)?;
		<Runtime as GrandpaApi<Block>>::submit_report_equivocation_unsigned_extrinsic(proof, owner)
	})
}

/// The one transaction that `submit` hands to the node's pool.
fn submitted(chain: &mut Chain, submit: impl FnOnce() -> Option<()>) -> UncheckedExtrinsic {
	let (pool, transactions) = TestTransactionPoolExt::new();
	chain.state.register_extension(TransactionPoolExt::new(pool));
	chain.between_blocks(submit).expect("the runtime takes the report");
	let transactions = &transactions.read().transactions;
	assert_eq!(transactions.len(), 1);
	UncheckedExtrinsic::decode(&mut &transactions[0][..]).unwrap()
}

/// What the pool of a node answers to the report.
fn validity(
	chain: &mut Chain,
	source: TransactionSource,
	report: &UncheckedExtrinsic,
) -> TransactionValidity {
	let head = chain.head().hash();
	// Validation prepares a block; it must leave the state as it was.
	chain.between_blocks(|| {
		frame_support::storage::transactional::with_transaction_unchecked(|| {
			let validity = Executive::validate_transaction(source, report.clone(), head);
			sp_runtime::TransactionOutcome::Rollback(validity)
		})
	})
}

fn bonded(stash: Sr25519Keyring) -> u128 {
	Staking::ledger(Stash(stash.to_account_id())).unwrap().active
}

/// Runs the chain until the slash of era 0 is due.
fn pass_deferral(chain: &mut Chain) {
	chain.blocks_until("the deferral", (SLASH_ERA + 1) * BLOCKS_PER_ERA, || {
		ActiveEra::<Runtime>::get().is_some_and(|era| era.index == SLASH_ERA)
	});
}

#[test]
fn two_blocks_for_one_slot_should_cost_the_stake_after_the_deferral() {
	let mut chain = four_validators();
	let proof = two_blocks(&mut chain, BOB);
	let report = report_blocks(&mut chain, proof);
	assert!(validity(&mut chain, TransactionSource::Local, &report).is_ok());

	let before = chain.between_blocks(|| bonded(BOB_STASH));
	assert!(before > 0);
	let loss = slash_fraction() * before;
	let reporter = chain.block(|| {
		assert_eq!(Executive::apply_extrinsic(report.clone()), Ok(Ok(())));
		crate::Authorship::author().unwrap()
	});
	let (issuance, reward) = chain.between_blocks(|| {
		assert_eq!(Session::disabled_validators(), [bob_index()]);
		let due = UnappliedSlashes::<Runtime>::get(SLASH_ERA);
		assert_eq!(due.iter().map(|slash| slash.own).collect::<Vec<_>>(), [loss]);
		assert_eq!(bonded(BOB_STASH), before, "nothing is taken before governance had its time");
		(Balances::total_issuance(), Balances::total_balance(&reporter))
	});

	pass_deferral(&mut chain);
	chain.between_blocks(|| {
		assert_eq!(bonded(BOB_STASH), before - loss);
		for honest in [Sr25519Keyring::AliceStash, Sr25519Keyring::DaveStash] {
			assert_eq!(bonded(honest), before);
		}
		let reward = Balances::total_balance(&reporter) - reward;
		assert!(reward > 0, "the author of the report's block is its reporter");
		assert_eq!(Balances::total_issuance(), issuance - loss + reward, "the rest burns");
	});
}

#[test]
fn two_votes_in_one_round_should_be_slashed_alike() {
	let mut chain = four_validators();
	let report = report_votes(&mut chain);
	chain.block(|| assert_eq!(Executive::apply_extrinsic(report), Ok(Ok(()))));
	chain.between_blocks(|| {
		assert_eq!(Session::disabled_validators(), [bob_index()]);
		let due = UnappliedSlashes::<Runtime>::get(SLASH_ERA);
		let loss = slash_fraction() * bonded(BOB_STASH);
		assert_eq!(due.iter().map(|slash| slash.own).collect::<Vec<_>>(), [loss]);
	});
}

#[test]
fn governance_should_be_able_to_cancel_a_slash_in_its_time() {
	let mut chain = four_validators();
	let proof = two_blocks(&mut chain, BOB);
	let report = report_blocks(&mut chain, proof);
	chain.block(|| assert_eq!(Executive::apply_extrinsic(report), Ok(Ok(()))));
	let before = chain.block(|| {
		let cancel =
			pallet_staking::Call::cancel_deferred_slash { era: SLASH_ERA, slash_indices: vec![0] };
		dispatch(cancel, RuntimeOrigin::root()).unwrap();
		bonded(BOB_STASH)
	});
	pass_deferral(&mut chain);
	chain.between_blocks(|| assert_eq!(bonded(BOB_STASH), before));
}

#[test]
#[should_panic(expected = "is disabled and should not be attempting to author blocks")]
fn a_disabled_validator_should_not_author() {
	let mut chain = four_validators();
	let proof = two_blocks(&mut chain, BOB);
	let report = report_blocks(&mut chain, proof);
	chain.block(|| assert_eq!(Executive::apply_extrinsic(report), Ok(Ok(()))));
	let bob = chain.between_blocks(bob_index);
	chain.block_by(bob, || ());
}

#[test]
fn a_report_should_count_once_and_come_from_the_node_itself() {
	let mut chain = four_validators();
	let proof = two_blocks(&mut chain, BOB);
	let report = report_blocks(&mut chain, proof);
	// Reports cost no fee, so a node takes them from nobody else.
	assert_eq!(
		validity(&mut chain, TransactionSource::External, &report),
		Err(InvalidTransaction::Call.into())
	);
	let stale: TransactionValidityError = InvalidTransaction::Stale.into();
	chain.block(|| {
		assert_eq!(Executive::apply_extrinsic(report.clone()), Ok(Ok(())));
		assert_eq!(Executive::apply_extrinsic(report.clone()), Err(stale));
	});
	assert_eq!(validity(&mut chain, TransactionSource::Local, &report), Err(stale));
}

#[test]
fn a_forged_report_should_harm_nobody() {
	let mut chain = four_validators();
	let forged = two_blocks(&mut chain, Sr25519Keyring::Eve);
	let report = report_blocks(&mut chain, forged);
	chain.block(|| {
		assert_eq!(
			Executive::apply_extrinsic(report),
			Ok(Err(pallet_babe::Error::<Runtime>::InvalidEquivocationProof.into()))
		);
	});
	chain.between_blocks(|| {
		assert_eq!(Session::disabled_validators(), Vec::<u32>::new());
		assert_eq!(UnappliedSlashes::<Runtime>::iter().count(), 0);
	});
}
