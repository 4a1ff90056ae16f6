//! One validator, a block about every second: for work on one's own machine.

use super::validators::{self, ALICE};
use serde_json::Value;

const SLOT_DURATION_MS: u64 = 1_000;
/// Half a minute, so that an era is three and staking can be tried by hand.
const EPOCH_DURATION_SLOTS: u64 = 30;

pub(super) fn genesis() -> Value {
	validators::genesis(&[ALICE], SLOT_DURATION_MS, EPOCH_DURATION_SLOTS)
}
