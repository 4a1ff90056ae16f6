//! Migrations that take more than one block.

use super::system::MAXIMUM_BLOCK_WEIGHT;
use crate::{Runtime, RuntimeEvent, SafeMode};
use frame_support::{
	migrations::{EnterSafeModeOnFailedMigration, FreezeChainOnFailedMigration},
	parameter_types,
	traits::ConstU32,
	weights::Weight,
};
use sp_runtime::Perbill;

parameter_types! {
	/// Share of a block that a migration may take.
	pub MaxServiceWeight: Weight = Perbill::from_percent(80) * MAXIMUM_BLOCK_WEIGHT;
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
	// With half-migrated storage nobody's money may move: only governance works until it is mended.
	type FailedMigrationHandler =
		EnterSafeModeOnFailedMigration<SafeMode, FreezeChainOnFailedMigration>;
	type MaxServiceWeight = MaxServiceWeight;
	type WeightInfo = pallet_migrations::weights::SubstrateWeight<Runtime>;
}
