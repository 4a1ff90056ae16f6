//! What a job takes of the state, as the crate's documentation says.

use crate::{Job, JobParameters, JobTotals};
use assay_market::{JobId, Tick};
use codec::MaxEncodedLen;

/// Bytes of an account.
type Account = [u8; 32];

#[test]
fn a_job_should_take_as_many_bytes_as_documented() {
	let job = Job::<Account>::max_encoded_len();
	let place = JobId::max_encoded_len() + Tick::max_encoded_len();
	let user = Account::max_encoded_len() + u64::max_encoded_len();
	let said = format!(
		"//! At most {job} bytes for a job and {place} for its place in the queue, plus keys"
	);
	let docs = include_str!("../lib.rs");
	assert!(docs.contains(&said), "the documentation should say: {said}");
	assert!(docs.contains(&format!("the next nonce, {user} bytes")));
}

#[test]
fn records_of_the_chain_should_stay_small() {
	assert!(JobTotals::max_encoded_len() <= 256);
	assert!(JobParameters::max_encoded_len() <= 64);
}
