//! What is stored stays small.

use super::*;
use crate::{types::KeptClaim, Beacon, EraTallies};
use codec::MaxEncodedLen;

#[test]
fn records_should_stay_small() {
	assert!(Audit::<[u8; 32]>::max_encoded_len() <= 800, "an audit");
	assert!(KeptClaim::max_encoded_len() <= 5_000, "a claim");
	assert!(Beacon::max_encoded_len() <= 1_100, "what every block writes");
	assert!(EraTallies::max_encoded_len() <= 1_000, "the counts");
	assert!(
		crate::Enrolment::max_encoded_len() <= 48,
		"an entry of a roster, all of which a draw reads"
	);
}
