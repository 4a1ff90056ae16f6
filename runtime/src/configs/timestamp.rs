//! The clock, in milliseconds since the Unix epoch.

use crate::{Babe, Runtime};

impl pallet_timestamp::Config for Runtime {
	type Moment = u64;
	type OnTimestampSet = Babe;
	type MinimumPeriod = pallet_timing::MinimumPeriod<Runtime>;
	type WeightInfo = crate::weights::pallet_timestamp::WeightInfo<Runtime>;
}
