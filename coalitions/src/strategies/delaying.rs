//! Making others late, keeping answers open, demanding more than anybody can post.

use assay_market::Balance;
use pallet_jobs::parameters::DATA_TICKS_MIN;

use crate::{
	books::{Books, Party},
	deal::{Deal, Kind, World, CHALLENGER, PROVIDER, USER},
	roles::{Coalition, Role},
	strategies::Outcome,
};

const USER_ALONE: Coalition = Coalition::of(&[Role::User]);
const CHALLENGER_ALONE: Coalition = Coalition::of(&[Role::Challenger]);
const PROVIDER_ALONE: Coalition = Coalition::of(&[Role::Provider]);

/// Bytes of the cheapest call about data, without any.
const CALL_BYTES: Balance = 190;

/// Jobs that nobody can answer in time.
pub(super) fn late_traps(world: &World) -> Vec<Outcome> {
	let late = |tactic, needs| {
		let mut deal = Deal::minted(*world, Kind::USUAL);
		deal.late();
		deal.refund();
		Outcome { tactic, needs, books: deal.close() }
	};
	vec![
		late("an input that nobody can get", USER_ALONE),
		late("one's own provider is late", USER_ALONE.and(Role::Provider)),
	]
}

/// Data is demanded, for the time that it takes, or for the deposit.
pub(super) fn window_extension(world: &World) -> Vec<Outcome> {
	// What is posted costs the provider what the deposit is: both follow from the same formula.
	let posting = posting_fee(world);
	let demanded = |tactic, needs, by: Party, deposit: Balance| {
		let mut deal = Deal::minted(*world, Kind::USUAL);
		deal.settle(Party::Others);
		deal.work();
		deal.enjoy();
		deal.pay(by, PROVIDER, deposit);
		deal.pay(PROVIDER, Party::Supply, posting);
		Outcome { tactic, needs, books: deal.close() }
	};
	vec![
		demanded("a challenger demands and gets", CHALLENGER_ALONE, CHALLENGER, posting),
		demanded("a user demands its own answer", USER_ALONE, USER, posting / 2),
		demanded("a provider lets others demand", PROVIDER_ALONE, Party::Others, posting),
		demanded("a provider lets its user demand", PROVIDER_ALONE, USER, posting / 2),
	]
}

/// More demands than a provider can meet: those whose clock begins when it could have met the earlier
/// ones. It fails only where a third of the authors keeps its posts out of every block meanwhile.
pub(super) fn flood(world: &World) -> Vec<Outcome> {
	let posting = posting_fee(world);
	let met = || {
		let mut deal = Deal::minted(*world, Kind::USUAL);
		deal.settle(Party::Others);
		deal.work();
		deal.enjoy();
		deal.pay(CHALLENGER, PROVIDER, posting);
		deal.pay(PROVIDER, Party::Supply, posting);
		deal.close()
	};
	let missed = || {
		let mut deal = Deal::minted(*world, Kind::USUAL);
		deal.refund();
		deal.slash(Some((CHALLENGER, posting)));
		deal.close()
	};
	let ticks = world.setting.jobs.data_ticks.max(DATA_TICKS_MIN);
	let censored = Books::expected(censoring_chance(ticks), &missed(), &met());
	vec![
		Outcome { tactic: "every demand is met", needs: CHALLENGER_ALONE, books: met() },
		Outcome {
			tactic: "posts are kept out of blocks",
			needs: CHALLENGER_ALONE.and(Role::User).and(Role::Author),
			books: censored,
		},
	]
}

/// The chance that a third of all authors make every block for so many ticks, in trillionths, rounded up.
pub(crate) fn censoring_chance(ticks: u32) -> u64 {
	let thirds = 3_u128.saturating_pow(ticks);
	u64::try_from(1_000_000_000_000_u128.div_ceil(thirds)).expect("at most 10^12")
}

/// The least that posting anything costs, and that whoever demands it deposits.
pub(crate) fn posting_fee(world: &World) -> Balance {
	let fees = &world.setting.around;
	fees.base + CALL_BYTES * fees.byte
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn chances_should_be_rounded_up() {
		assert_eq!(censoring_chance(1), 333_333_333_334);
		assert_eq!(censoring_chance(2), 111_111_111_112);
		assert_eq!(censoring_chance(20), 287);
		assert_eq!(censoring_chance(u32::MAX), 1);
	}
}
