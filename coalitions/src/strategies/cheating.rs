//! Wrong answers: to oneself for what a slash pays out, to others for the work that they save.

use assay_market::Balance;

use crate::{
	books::{Books, Party},
	deal::{Deal, Kind, World, CHALLENGER},
	roles::{Coalition, Role},
	strategies::Outcome,
};

const PROVIDER_ALONE: Coalition = Coalition::of(&[Role::Provider]);
const WITH_CHALLENGER: Coalition = PROVIDER_ALONE.and(Role::Challenger);
const WITH_USER: Coalition = PROVIDER_ALONE.and(Role::User);
const ALL_THREE: Coalition = WITH_CHALLENGER.and(Role::User);

/// Further claims against one answer that all are right: disputes pay no more of them.
const LATER_WINNERS: u128 = 2;

/// A wrong answer to oneself, refuted by oneself.
pub(super) fn self_challenge(world: &World) -> Vec<Outcome> {
	let mut outcomes = Vec::new();
	for most_exposed in [false, true] {
		let begin = || Deal::minted(*world, Kind { most_exposed, ..Kind::USUAL });
		let outcome = |tactic, needs, deal: Deal| Outcome { tactic, needs, books: deal.close() };

		let mut silent = begin();
		silent.refund();
		silent.slash(None);
		outcomes.push(outcome("silence that nobody challenged", WITH_USER, silent));

		let refuted = refuted(begin(), world, world.challenger_costs());
		let mut signed = refuted.clone();
		signed.sign_falsely();
		let with_auditor = ALL_THREE.and(Role::Auditor);
		outcomes.push(outcome("refuted, an auditor had signed", with_auditor, signed));
		let mut many = refuted.clone();
		for_later_winners(&mut many, world);
		outcomes.push(outcome("refuted by many at once", ALL_THREE, many));
		outcomes.push(outcome("refuted", ALL_THREE, refuted));

		// The slash goes back whole, and the insurance pays who had challenged.
		let mut declared = begin();
		declared.refund();
		declared.insure(CHALLENGER, world.challenger_costs());
		play_a_game(&mut declared, world);
		outcomes.push(outcome("refuted before a version is declared faulty", ALL_THREE, declared));
	}
	outcomes
}

/// A wrong answer to somebody else; of those who might object, the coalition's own do so in vain.
pub(super) fn throwing(world: &World) -> Vec<Outcome> {
	let cheat = |tactic, needs, lost: &dyn Fn(&mut Deal)| Outcome {
		tactic,
		needs,
		books: cheated(world, Kind::USUAL, world.setting.detection(), lost),
	};
	vec![
		cheat("no work done", PROVIDER_ALONE, &|deal| {
			deal.slash(Some((Party::Others, world.challenger_costs())));
		}),
		cheat("a game of one's own is lost on purpose", WITH_CHALLENGER, &|deal| {
			deal.slash(Some((Party::Others, world.challenger_costs())));
			play_a_game(deal, world);
		}),
		cheat("silence as soon as anybody looks", PROVIDER_ALONE, &|deal| deal.slash(None)),
		cheat("an auditor of one's own signs", PROVIDER_ALONE.and(Role::Auditor), &|deal| {
			deal.slash(Some((Party::Others, world.challenger_costs())));
			deal.sign_falsely();
		}),
	]
}

/// A wrong answer to somebody else, with a sealed challenge of one's own before all others: whoever
/// finds it, the reward comes home.
pub(super) fn reward_theft(world: &World) -> Vec<Outcome> {
	let stolen = |tactic, costs| Outcome {
		tactic,
		needs: WITH_CHALLENGER,
		books: cheated(world, Kind::USUAL, world.setting.detection(), &|deal| {
			deal.slash(Some((CHALLENGER, costs)));
			play_a_game(deal, world);
		}),
	};
	vec![
		stolen("the first seal is one's own", world.challenger_costs()),
		stolen("the first seal is one's own, no costs", 0),
	]
}

/// The books of a wrong answer to an honest user: found with a chance of `detection` trillionths, then
/// `lost`; paid otherwise.
pub(super) fn cheated(
	world: &World,
	kind: Kind,
	detection: u64,
	lost: &dyn Fn(&mut Deal),
) -> Books {
	let [found, paid] = ends(world, kind, lost);
	Books::expected(detection, &found, &paid)
}

/// Both ends of a wrong answer to an honest user: found and then `lost`, and paid.
fn ends(world: &World, kind: Kind, lost: &dyn Fn(&mut Deal)) -> [Books; 2] {
	let mut found = Deal::minted(*world, kind);
	found.refund();
	lost(&mut found);
	let mut paid = Deal::minted(*world, kind);
	paid.settle(Party::Others);
	[found.close(), paid.close()]
}

/// What a cheat that has the first seal itself loses when it is found, and gains when it is not.
pub(crate) fn stakes(world: &World) -> (i128, i128) {
	let [found, paid] = ends(world, Kind::USUAL, &|deal| {
		deal.slash(Some((CHALLENGER, world.challenger_costs())));
		play_a_game(deal, world);
	});
	let coalition = WITH_CHALLENGER.and(Role::Subscriber);
	(-found.balance(coalition), paid.balance(coalition))
}

/// What is left to whoever refutes its own answer to itself, if its costs by formula were these.
pub(crate) fn refuted_at_costs(world: &World, costs: Balance) -> i128 {
	refuted(Deal::minted(*world, Kind::USUAL), world, costs).close().balance(ALL_THREE)
}

/// An answer to oneself that oneself refutes.
fn refuted<'a>(mut deal: Deal<'a>, world: &World, costs: Balance) -> Deal<'a> {
	deal.refund();
	deal.slash(Some((CHALLENGER, costs)));
	play_a_game(&mut deal, world);
	deal
}

/// Both sides of the game are the coalition's: they pay its fees, which burn.
fn play_a_game(deal: &mut Deal, world: &World) {
	deal.pay(CHALLENGER, Party::Supply, world.setting.rules.deterrence.dispute_costs);
}

/// Claims of further accounts that win too: each is paid its costs by formula, within what the insurance
/// pays in an era, and pays what its moves cost.
fn for_later_winners(deal: &mut Deal, world: &World) {
	let insurance = &world.setting.rules.insurance;
	let each = world.book.insured(world.challenger_costs(), insurance);
	// The first was paid what the slash left open, of which the era's sum was lowered by at most as much.
	let left = insurance.per_era.saturating_sub(each);
	let all = each.saturating_mul(LATER_WINNERS).min(left);
	deal.pay(Party::Insurance, CHALLENGER, all);
	let dispute_costs = world.setting.rules.deterrence.dispute_costs;
	deal.pay(CHALLENGER, Party::Supply, dispute_costs.saturating_mul(LATER_WINNERS));
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{
		deal::{AUTHOR, PROVIDER, SUBSCRIBER},
		rulebook::AsItIs,
		setting::Setting,
	};

	#[test]
	fn what_a_cheat_saves_should_be_all_that_it_is_paid() {
		let setting = Setting::today();
		let world = World { setting: &setting, book: &AsItIs, unit_price: 1_000, units: 1_000 };
		let books = cheated(&world, Kind::USUAL, 0, &|deal| deal.slash(None));
		let gained = books.balance(PROVIDER_ALONE);
		assert_eq!(gained, 700_000 * crate::books::PARTS);
		assert_eq!(books.of(AUTHOR), 0);
		assert!(books.of(SUBSCRIBER) > 0 && books.of(PROVIDER) > 0);
	}
}
