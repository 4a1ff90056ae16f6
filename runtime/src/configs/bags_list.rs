//! Nominators and validators sorted by stake into bags, so that an election reads the largest
//! first without sorting.

use crate::{units::ASY, Runtime, RuntimeEvent, Staking};
use frame_election_provider_support::VoteWeight;
use frame_support::{parameter_types, traits::ConstU32};

/// Number of bags besides the one for everything above the last threshold.
const BAGS: usize = 64;

/// Upper bounds of the bags in the smallest unit: from a hundredth of a token, each double the one
/// before, so that a bag's members differ by at most a factor of two, up to the vote's range.
const THRESHOLDS: [VoteWeight; BAGS] = thresholds();

const fn thresholds() -> [VoteWeight; BAGS] {
	let mut bounds = [VoteWeight::MAX; BAGS];
	let mut bound = (ASY / 100) as VoteWeight;
	let mut bag = 0;
	while bag < BAGS {
		bounds[bag] = bound;
		match bound.checked_mul(2) {
			Some(next) => bound = next,
			None => break,
		}
		bag += 1;
	}
	bounds
}

parameter_types! {
	/// See [`THRESHOLDS`].
	pub const BagThresholds: &'static [VoteWeight] = &THRESHOLDS;
}

impl pallet_bags_list::Config<pallet_bags_list::Instance1> for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type ScoreProvider = Staking;
	type BagThresholds = BagThresholds;
	type MaxAutoRebagPerBlock = ConstU32<10>;
	type Score = VoteWeight;
	type WeightInfo = pallet_bags_list::weights::SubstrateWeight<Runtime>;
}
