//! The market's time, which stands still where parties cannot act.

use crate::{Runtime, SafeMode};
use frame_support::{
	parameter_types,
	traits::{self, ConstU32, Get},
};
use sp_runtime::Perbill;

parameter_types! {
	/// A block that leaves ordinary transactions less than a tenth of their room is full.
	pub const FullBlock: Perbill = Perbill::from_percent(90);
}

/// Whether safe mode keeps the market's calls out.
pub struct InSafeMode;
impl Get<bool> for InSafeMode {
	fn get() -> bool {
		<SafeMode as traits::SafeMode>::is_entered()
	}
}

impl pallet_clock::Config for Runtime {
	type WeightInfo = crate::weights::pallet_clock::WeightInfo<Runtime>;
	type Stopped = InSafeMode;
	// Five minutes of six-second blocks: wallets and workers fetch the new metadata and sign anew.
	type PauseAfterUpgrade = ConstU32<50>;
	type FullBlock = FullBlock;
}
