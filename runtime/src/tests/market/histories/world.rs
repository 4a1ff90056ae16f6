//! A chain on which histories are played.

use super::{
	super::{check_properties, deal::open_market, pass, positions::check_positions, Chain},
	name, pick, Act, Step,
};
use crate::{AccountId, Runtime};
use pallet_jobs::totals::EndedJobs;
use sp_keyring::Sr25519Keyring;
use sp_runtime::DispatchError;
use std::collections::BTreeMap;

/// Calls between two checks.
const CALLS_PER_BLOCK: usize = 6;

/// What a call did: nothing, if there is nothing that it could be about.
pub(super) type Done = Option<Result<(), DispatchError>>;

/// What happened in histories.
#[derive(Default)]
pub(super) struct Played {
	/// Calls that were made.
	pub(super) calls: usize,
	/// How often each kind of call was admitted.
	pub(super) admitted: BTreeMap<String, usize>,
	/// How jobs ended.
	pub(super) endings: EndedJobs,
}

impl Played {
	pub(super) fn merge(&mut self, other: Self) {
		self.calls += other.calls;
		for (name, count) in other.admitted {
			*self.admitted.entry(name).or_default() += count;
		}
		let (all, more) = (&mut self.endings, other.endings);
		all.settled += more.settled;
		all.cancelled += more.cancelled;
		all.declined += more.declined;
		all.expired += more.expired;
		all.late += more.late;
		all.refuted += more.refuted;
		all.silent += more.silent;
		all.void += more.void;
	}
}

/// Plays a history on a new chain with an open market, checking every property after each block.
pub(super) fn play(history: &[Step]) -> Played {
	let mut chain = Chain::local();
	chain.block(open_market);
	let mut played = Played::default();
	let mut rest = history;
	while let [first, ..] = rest {
		if let Act::Pass(ticks) = first.act {
			chain.between_blocks(|| pass(ticks));
			rest = &rest[1..];
		}
		let is_pass = |step: &Step| matches!(step.act, Act::Pass(_));
		let calls = rest.iter().take(CALLS_PER_BLOCK).take_while(|step| !is_pass(step)).count();
		let (now, later) = rest.split_at(calls);
		chain.block(|| now.iter().for_each(|step| take(step, &mut played)));
		chain.between_blocks(check);
		rest = later;
	}
	let totals = chain.between_blocks(pallet_jobs::Totals::<Runtime>::get);
	played.endings = totals.ended;
	played
}

fn take(step: &Step, played: &mut Played) {
	let who = pick::account(step.actor);
	let (kind, done) = match &step.act {
		Act::Models(act) => (name(act), act.take(who)),
		Act::Providers(act) => (name(act), act.take(who)),
		Act::Vouchers(act) => (name(act), act.take(who)),
		Act::Jobs(act) => (name(act), act.take(who)),
		Act::Money(act) => (name(act), act.take(who)),
		Act::Governance(act) => (name(act), act.take()),
		Act::Pass(_) => return,
	};
	let Some(result) = done else { return };
	played.calls += 1;
	if result.is_ok() {
		*played.admitted.entry(kind).or_default() += 1;
	}
}

fn check() {
	check_properties();
	let accounts = Sr25519Keyring::well_known().map(Sr25519Keyring::to_account_id);
	let of_pallets = super::money::pallet_accounts();
	for account in accounts.chain(of_pallets) {
		let account: AccountId = account;
		check_positions(&account);
	}
}
