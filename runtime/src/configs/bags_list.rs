//! Nominators and validators sorted by stake into bags, so that an election reads the largest
//! first without sorting.

use crate::{units::ASY, Runtime, RuntimeEvent, Staking};
use frame_election_provider_support::VoteWeight;
use frame_support::{parameter_types, traits::ConstU32};

/// Number of bags.
const BAGS: usize = 32;

/// Upper bounds of the bags in the smallest unit: from a hundredth of a token, each double the one
/// before, so that a bag's members differ by at most a factor of two; the last one ends at the
/// greatest vote.
const THRESHOLDS: [VoteWeight; BAGS] = thresholds();

const fn thresholds() -> [VoteWeight; BAGS] {
	let mut bounds = [VoteWeight::MAX; BAGS];
	let mut bag = 0;
	while bag < BAGS - 1 {
		bounds[bag] = LOWEST_THRESHOLD << bag;
		bag += 1;
	}
	bounds
}

/// A hundredth of a token.
const LOWEST_THRESHOLD: VoteWeight = 10_000_000_000;
const _: () = assert!(LOWEST_THRESHOLD as crate::Balance == ASY / 100);

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
	type WeightInfo = crate::weights::pallet_bags_list::WeightInfo<Runtime>;
}
