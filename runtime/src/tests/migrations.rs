//! Migrations that take more than one block.

use super::{chain::Chain, dispatch, signed};
use crate::{units::ASY, Executive, MultiBlockMigrations, Runtime, RuntimeOrigin, SafeMode};
use frame_support::{assert_ok, traits::OnRuntimeUpgrade};
use pallet_migrations::{Cursor, MigrationCursor};
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::ExtrinsicInclusionMode;

/// Which extrinsics the block after the chain's head may have.
fn next_block_may_have(chain: &mut Chain) -> ExtrinsicInclusionMode {
	let header = chain.next_header(0);
	chain.between_blocks(|| {
		frame_support::storage::transactional::with_transaction_unchecked(|| {
			let mode = Executive::initialize_block(&header);
			sp_runtime::TransactionOutcome::Rollback(mode)
		})
	})
}

#[test]
fn transactions_should_wait_while_a_migration_runs() {
	let mut chain = Chain::local();
	chain.block(|| ());
	assert_eq!(next_block_may_have(&mut chain), ExtrinsicInclusionMode::AllExtrinsics);
	chain.between_blocks(|| Cursor::<Runtime>::put(MigrationCursor::Stuck));
	assert_eq!(next_block_may_have(&mut chain), ExtrinsicInclusionMode::OnlyInherents);
}

#[test]
fn a_failed_migration_should_stop_money_and_leave_governance() {
	let mut chain = Chain::local();
	chain.block(|| {
		// An upgrade in the middle of a migration is the failure that needs no broken migration.
		Cursor::<Runtime>::put(MigrationCursor::Stuck);
		MultiBlockMigrations::on_runtime_upgrade();
		let until = pallet_safe_mode::EnteredUntil::<Runtime>::get();
		assert_eq!(until, Some(u32::MAX), "until somebody mends it");
	});
	assert_eq!(next_block_may_have(&mut chain), ExtrinsicInclusionMode::AllExtrinsics);
	chain.block(|| {
		let dest = Bob.to_account_id().into();
		let transfer = pallet_balances::Call::transfer_allow_death { dest, value: ASY };
		let filtered = frame_system::Error::<Runtime>::CallFiltered.into();
		assert_eq!(dispatch(transfer.clone(), signed(Alice)), Err(filtered));
		assert_ok!(dispatch(
			pallet_preimage::Call::note_preimage { bytes: vec![1] },
			signed(Alice)
		));
		assert_ok!(SafeMode::force_exit(RuntimeOrigin::root()));
		assert_ok!(dispatch(transfer, signed(Alice)));
	});
}
