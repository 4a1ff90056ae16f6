//! Three validators with a block every three seconds: consensus on one machine.

use super::validators::{self, ALICE, BOB, CHARLIE};
use pallet_jobs::JobParameters;
use serde_json::Value;

const SLOT_DURATION_MS: u64 = 3_000;
/// Half a minute, so that a change of keys takes effect within two.
const EPOCH_DURATION_SLOTS: u64 = 10;

pub(super) fn genesis() -> Value {
	let validators = [ALICE, BOB, CHARLIE];
	let job_parameters = JobParameters::default();
	validators::genesis(&validators, SLOT_DURATION_MS, EPOCH_DURATION_SLOTS, job_parameters)
}
