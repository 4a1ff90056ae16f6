//! Jobs for oneself: the user and the provider are one, and the work is nothing.

use assay_market::{traits::Shares, Quote};
use pallet_audits::{AuditParameters, SEATS};
use sp_runtime::Perbill;

use crate::{
	books::{Books, Party},
	deal::{Deal, Kind, World, AUDITOR, AUTHOR, PROVIDER},
	roles::{Coalition, Role},
	strategies::Outcome,
};

const BOTH: Coalition = Coalition::of(&[Role::Provider, Role::User]);

/// Kinds of jobs in which a coalition may deal with itself.
const KINDS: [(&str, Kind); 4] = [
	("served by a subscriber", Kind::USUAL),
	("served by another", Kind { subscribed: false, ..Kind::USUAL }),
	("of a model that is not listed", Kind { listed: false, ..Kind::USUAL }),
	("paid in an asset", Kind { quote: Quote::Asset(1), ..Kind::USUAL }),
];

/// A job for oneself, for what the chain adds to it.
pub(super) fn self_dealing(world: &World) -> Vec<Outcome> {
	let play = |(tactic, kind): (&'static str, Kind)| Outcome {
		tactic,
		needs: BOTH,
		books: dealt(world, kind).0.close(),
	};
	let mut outcomes: Vec<Outcome> = KINDS.map(play).into();
	outcomes.push(Outcome {
		tactic: "audited by oneself",
		needs: BOTH.and(Role::Auditor),
		books: audited(world),
	});
	outcomes
}

/// A job for oneself whose auditors, if it is drawn, are one's own and do nothing for their fee: the
/// greatest that the pallet of audits pays, whatever governance chooses.
fn audited(world: &World) -> Books {
	let q = world.setting.rules.deterrence.audit_share;
	let wanted = AuditParameters {
		fee_share: Perbill::one(),
		seal_ticks: 0,
		reveal_ticks: 0,
		trace_bytes_per_tick: 1,
		redraws: 0,
		silence_penalty: 0,
		min_stake: 0,
	};
	let share = wanted.fee_share_within(q, world.setting.burn.shares.treasury);
	let (undrawn, _) = dealt(world, Kind::USUAL);
	let mut drawn = undrawn.clone();
	let seats = u128::from(SEATS);
	drawn.pay(Party::Treasury, AUDITOR, seats * share.mul_floor(world.price()));
	Books::expected(u64::from(q.deconstruct()) * 1_000, &drawn.close(), &undrawn.close())
}

/// The same for the reputation that it brings, which counts as much as the money that it says was
/// burned: nobody may have it for less.
pub(super) fn wash_for_reputation(world: &World) -> Vec<Outcome> {
	let play = |(tactic, kind): (&'static str, Kind)| {
		let (mut deal, shares) = dealt(world, kind);
		// What nobody can check earns none.
		if kind.listed {
			deal.pay(Party::Worth, PROVIDER, world.book.reputation(&shares));
		}
		Outcome { tactic, needs: BOTH, books: deal.close() }
	};
	KINDS.map(play).into()
}

/// A settled job for oneself.
fn dealt<'a>(world: &World<'a>, kind: Kind) -> (Deal<'a>, Shares) {
	let mut deal = Deal::minted(*world, kind);
	let shares = deal.settle(AUTHOR);
	(deal, shares)
}
