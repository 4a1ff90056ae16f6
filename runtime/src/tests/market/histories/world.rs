//! A chain on which histories are played.

use super::{
	super::{
		check_properties, deal::open_market, dispatch, pass, positions::check_positions, signed,
		Chain,
	},
	name, pick, Act, Step,
};
use crate::{AccountId, Runtime};
use assay_market::Tick;
use pallet_jobs::totals::EndedJobs;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{DispatchError, ModuleError};
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
	/// How often each kind of call was refused, by reason.
	pub(super) refused: BTreeMap<(String, String), usize>,
	/// How jobs ended.
	pub(super) endings: EndedJobs,
}

impl Played {
	pub(super) fn merge(&mut self, other: Self) {
		self.calls += other.calls;
		for (name, count) in other.admitted {
			*self.admitted.entry(name).or_default() += count;
		}
		for (refusal, count) in other.refused {
			*self.refused.entry(refusal).or_default() += count;
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
		if let Act::Pass { ticks, resting } = first.act {
			chain.between_blocks(|| pass_time(ticks, resting));
			rest = &rest[1..];
		}
		let is_pass = |step: &Step| matches!(step.act, Act::Pass { .. });
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
		Act::Providers(act) => (name(act), act.take(who, step.actor)),
		Act::Vouchers(act) => (name(act), act.take(who)),
		Act::Jobs(act) => (name(act), act.take(who)),
		Act::Money(act) => (name(act), act.take(who)),
		Act::Governance(act) => (name(act), act.take()),
		Act::Pass { .. } => return,
	};
	let Some(result) = done else { return };
	played.calls += 1;
	match result {
		Ok(()) => *played.admitted.entry(kind).or_default() += 1,
		Err(error) => *played.refused.entry((kind, reason(error))).or_default() += 1,
	}
}

fn reason(error: DispatchError) -> String {
	match error {
		DispatchError::Module(ModuleError { message: Some(name), .. }) => name.to_owned(),
		other => format!("{other:?}"),
	}
}

/// Time passes; those that are resting declare themselves offline before, and come back after.
fn pass_time(ticks: Tick, resting: bool) {
	let declare = |online| {
		for provider in pallet_providers::Providers::<Runtime>::iter_values() {
			if let Some(owner) = pick::key_of(&provider.owner) {
				let set_online = pallet_providers::Call::<Runtime>::set_online { online };
				// Refused if it is so already.
				let _changed = dispatch(set_online, signed(owner));
			}
		}
	};
	if resting {
		declare(false);
	}
	pass(ticks);
	if resting {
		declare(true);
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
