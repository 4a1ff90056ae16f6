//! One file for each call or concern.

mod draw;
mod ending;
mod games;
mod histories;
mod lottery;
mod money;
mod moves;
mod parameters;
mod plants;
mod properties;
mod queue;
mod roster;
mod size;
mod views;

use assay_market::{
	traits::{Finding, OffenceKind, TraceClaim},
	JobId, ProviderId, Tick,
};
use assay_primitives::Hash;
use frame_support::{
	assert_noop, assert_ok, dispatch::DispatchResult, storage::with_storage_layer,
};

use sp_runtime::DispatchError;

use crate::{hashing, mock::*, Audit, Audits as StoredAudits, Error, Event, Stage};

/// What auditors bind in tests: enough for four audits.
const STAKE: u128 = 10_000;

/// Why a neighbour refused, as events keep it: without the text.
const REFUSAL: DispatchError = DispatchError::Other("");

fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// These providers become auditors.
fn enrol(providers: impl IntoIterator<Item = u32>) {
	for provider in providers {
		assert_ok!(Audits::enrol(signed(owner(provider)), MODEL, STAKE));
	}
}

/// What is stored of an audit.
fn stored(job: JobId) -> Audit<AccountId> {
	StoredAudits::<Test>::get(job).expect("the answer is audited")
}

/// Who audits an answer.
fn auditors(job: JobId) -> Vec<u32> {
	stored(job).seats.iter().map(|seat| seat.auditor.0).collect()
}

/// An answer that was just drawn, and its auditors.
fn drawn(number: u8) -> (JobId, [u32; 2]) {
	let job = answer(number);
	blocks(crate::beacon::DRAW_ROUNDS);
	(job, auditors(job).try_into().expect("there are two auditors"))
}

/// Salt of an auditor.
fn salt(auditor: u32) -> [u8; 32] {
	[auditor as u8; 32]
}

/// An auditor seals a root, as a transaction does it.
fn seal(auditor: u32, job: JobId, root: u8) -> DispatchResult {
	let seal = hashing::seal(&Hash([root; 32]), &salt(auditor), &owner(auditor));
	with_storage_layer(|| Audits::seal(signed(owner(auditor)), job, commitment(job), seal))
}

/// An auditor shows what it sealed, as a transaction does it.
fn reveal(auditor: u32, job: JobId, root: u8, finding: Finding) -> DispatchResult {
	reveal_claim(owner(auditor), auditor, job, claim(root, finding))
}

fn reveal_claim(who: AccountId, auditor: u32, job: JobId, claim: TraceClaim) -> DispatchResult {
	let call = || Audits::reveal(signed(who), job, commitment(job), salt(auditor), claim.clone());
	with_storage_layer(call)
}

/// Both auditors seal these roots and show them, with these findings.
fn checked(job: JobId, claims: [(u8, Finding); 2]) {
	let both = auditors(job);
	for (auditor, (root, _)) in both.iter().zip(claims) {
		assert_ok!(seal(*auditor, job, root));
	}
	for (auditor, (root, finding)) in both.iter().zip(claims) {
		assert_ok!(reveal(*auditor, job, root, finding));
	}
}

/// What an auditor was paid.
fn paid(auditor: u32) -> u128 {
	PaidOut::get(owner(auditor))
}

/// The stake of an auditor, what of it is engaged, and whether it can be drawn.
fn entry(auditor: u32) -> Option<(u128, u128, bool)> {
	let entry = Audits::enrolment(&MODEL, ProviderId(auditor))?;
	Some((entry.stake, entry.engaged, entry.is_active))
}

/// Lets the time of a stage pass.
fn let_time_pass(job: JobId) -> Tick {
	let due = stored(job).due_at.expect("the audit waits for a clock");
	block_at(due);
	due
}
