//! Reports of misbehaving validators reach staking, which slashes.

use crate::{Runtime, RuntimeEvent, Staking};
use pallet_session::historical::IdentificationTuple;

impl pallet_offences::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type IdentificationTuple = IdentificationTuple<Runtime>;
	type OnOffenceHandler = Staking;
}
