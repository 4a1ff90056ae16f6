//! One validator, a block about every second: for work on one's own machine.

use super::validators::{self, ALICE};
use pallet_jobs::JobParameters;
use serde_json::Value;

const SLOT_DURATION_MS: u64 = 1_000;
/// Half a minute, so that an era is three and staking can be tried by hand.
const EPOCH_DURATION_SLOTS: u64 = 30;

pub(super) fn genesis() -> Value {
	validators::genesis(&[ALICE], SLOT_DURATION_MS, EPOCH_DURATION_SLOTS, job_parameters())
}

/// Whoever tries a job by hand should not wait long for its end: about the shortest window that is
/// admitted.
fn job_parameters() -> JobParameters {
	JobParameters { window_ticks: 72, data_ticks: 20, check_ticks: 40, ..JobParameters::default() }
}
