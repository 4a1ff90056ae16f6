//! What several pallets of the market share.

use crate::{parameters::dynamic_params::compute, AccountId, Runtime};
use assay_market::Tick;
use assay_programs::cost::Weights;
use frame_support::traits::Get;
use frame_system::EnsureRoot;

/// Ticks of an hour of six-second blocks, the pace of public networks. Where blocks are faster, the
/// market's days are shorter: on a development chain, a series can be seen to expire.
pub const TICKS_PER_HOUR: Tick = 600;
/// Ticks of a day, see [`TICKS_PER_HOUR`].
pub const TICKS_PER_DAY: Tick = 24 * TICKS_PER_HOUR;

/// Longest time from acceptance to the answer. The longest admitted output, at a token a second, takes
/// longer than any user should have to wait without a way out: escrow and bond are locked meanwhile.
pub const MAX_DEADLINE_TICKS: Tick = 6 * TICKS_PER_HOUR;

/// Most quotes that vouchers may have.
pub const MAX_QUOTES: u32 = 4;
/// Most assets in which money of one account may wait, be it to be claimed or to be sold. More than
/// [`MAX_QUOTES`]: what waits in a quote outlives its removal.
pub const MAX_WAITING_QUOTES: u32 = 4 * MAX_QUOTES;

/// Whoever changes the market's rules: Root, that is a referendum.
pub type MarketAdmin = EnsureRoot<AccountId>;

/// The era of staking: over eras the ledger of the supply and the caps of penalties are counted.
pub struct ActiveEra;
impl Get<u32> for ActiveEra {
	fn get() -> u32 {
		// None has begun at genesis.
		pallet_staking::ActiveEra::<Runtime>::get().map_or(0, |era| era.index)
	}
}

/// What each part of a run counts for. The registry and the jobs must agree, or a price that was
/// quoted is not the one that is paid.
pub struct CostWeights;
impl Get<Weights> for CostWeights {
	fn get() -> Weights {
		compute::CostWeights::get()
	}
}
