//! Who wrote a block: found from BABE's digest, rewarded by staking.

use crate::{Babe, Runtime, Staking};

impl pallet_authorship::Config for Runtime {
	type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Babe>;
	type EventHandler = Staking;
}
