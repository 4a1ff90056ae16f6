//! Migrations that take more than one block.

use super::system::MAXIMUM_BLOCK_WEIGHT;
use crate::{BlockNumber, Runtime, RuntimeEvent, SafeMode};
use frame_support::{
	migrations::{FailedMigrationHandler, FailedMigrationHandling},
	parameter_types,
	traits::{self, ConstU32},
	weights::Weight,
};
use sp_runtime::Perbill;

parameter_types! {
	/// Share of a block that a migration may take.
	pub MaxServiceWeight: Weight = Perbill::from_percent(80) * MAXIMUM_BLOCK_WEIGHT;
}

/// With half-migrated storage nobody's money may move: only governance works until it is mended.
///
/// A migration that counts as running keeps every transaction out, votes included, so a failed one
/// has to end; safe mode, until somebody leaves it, keeps the others out.
pub struct SafeModeOnFailedMigration;

impl FailedMigrationHandler for SafeModeOnFailedMigration {
	fn failed(_migration: Option<u32>) -> FailedMigrationHandling {
		let entered = if <SafeMode as traits::SafeMode>::is_entered() {
			<SafeMode as traits::SafeMode>::extend(BlockNumber::MAX)
		} else {
			<SafeMode as traits::SafeMode>::enter(BlockNumber::MAX)
		};
		match entered {
			Ok(()) => FailedMigrationHandling::ForceUnstuck,
			Err(_) => FailedMigrationHandling::KeepStuck,
		}
	}
}

impl pallet_migrations::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	/// Migrations of this release; empty when it has none.
	#[cfg(not(feature = "runtime-benchmarks"))]
	type Migrations = ();
	// Benchmarks need migrations that always succeed.
	#[cfg(feature = "runtime-benchmarks")]
	type Migrations = pallet_migrations::mock_helpers::MockedMigrations;
	type CursorMaxLen = ConstU32<65_536>;
	type IdentifierMaxLen = ConstU32<256>;
	type MigrationStatusHandler = ();
	type FailedMigrationHandler = SafeModeOnFailedMigration;
	type MaxServiceWeight = MaxServiceWeight;
	type WeightInfo = crate::weights::pallet_migrations::WeightInfo<Runtime>;
}
