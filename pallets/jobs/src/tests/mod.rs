//! One file for each call or concern.

mod accept;
mod assignment;
mod audits;
mod cancel;
mod commit;
mod data;
mod disputes;
mod embed;
mod histories;
mod late;
mod life_cycle;
mod neighbours;
mod parameters;
mod pinned;
mod price;
mod properties;
mod queue;
mod replays;
mod settle;
mod size;
mod submit;
mod views;
mod void;

use std::fmt::Debug;

use assay_market::{traits::Disputable, CommitmentHash, JobId, Request, TermsHash};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{traits::Dispatchable, DispatchError};

use crate::{mock::*, Error, Event, Words};

/// The error of this pallet, as a call gives it.
fn error(error: Error<Test>) -> DispatchError {
	error.into()
}

/// Submits, which must fail like this and change nothing.
fn refuses(request: Request<Words>, why: impl Into<DispatchError>) {
	assert_noop!(driver().submit(request), why.into());
}

/// Does something that must succeed and change nothing.
fn changes_nothing<T: Debug, E: Debug>(something: impl FnOnce() -> Result<T, E>) {
	frame_support::assert_storage_noop!({
		let done = something();
		assert!(done.is_ok(), "{done:?}");
	});
}

/// Calls as a transaction does: what fails is rolled back.
fn dispatch(call: crate::Call<Test>, who: u64) -> Result<(), DispatchError> {
	let result = RuntimeCall::Jobs(call).dispatch(RuntimeOrigin::signed(who));
	result.map(|_| ()).map_err(|error| error.error)
}
