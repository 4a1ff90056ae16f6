//! How many jobs the chain can carry, by the measured weights.

use crate::{configs::system::RuntimeBlockWeights, Runtime};
use frame_support::{dispatch::DispatchClass, traits::Get};
use pallet_jobs::WeightInfo;

type Weights = <Runtime as pallet_jobs::Config>::WeightInfo;

#[test]
fn a_block_should_settle_a_thousand_jobs_in_the_share_of_ordinary_transactions() {
	let room = RuntimeBlockWeights::get().get(DispatchClass::Normal).max_total;
	let room = room.expect("ordinary transactions have a limit");
	let jobs = 1_000;
	let first = Weights::on_poll_base() + Weights::on_poll_tick() + Weights::poke_settle();
	let all = first + Weights::settle_another() * (jobs - 1);
	assert!(all.all_lte(room), "{all} of {room}");
	// Nor does the bound on what a block settles stand in the way.
	let most: u32 = <Runtime as pallet_jobs::Config>::MaxDuePerBlock::get();
	assert!(u64::from(most) > jobs);
}
