//! The search itself: over everything that governance may choose, no coalition gains but by what is
//! known.

use assay_coalitions::{
	known::{known, KNOWN},
	page::STEPS,
	range::admitted,
	rulebook::AsItIs,
	search::search,
	setting::Setting,
};

#[test]
fn no_coalition_should_gain_under_the_rules_of_today_but_as_is_known() {
	for ((strategy, tactic), found) in search([&Setting::today()], &AsItIs) {
		let expected = known(strategy, tactic).is_some_and(|known| known.today);
		let paid = found.balance > 0;
		assert!(expected || !paid, "{strategy}, {tactic}: {found:?}");
	}
}

#[test]
fn no_coalition_should_gain_under_any_admitted_rules_but_as_is_known() {
	let settings = admitted(STEPS, |_, _| ());
	let best = search(&settings, &AsItIs);
	for ((strategy, tactic), found) in &best {
		let paid = found.balance > 0;
		assert!(known(strategy, tactic).is_some() || !paid, "{strategy}, {tactic}: {found:?}");
	}
	for known in &KNOWN {
		for play in known.plays {
			assert!(best[play].balance > 0, "{}, {play:?} pays no more", known.number);
		}
	}
}

#[test]
fn what_is_known_should_pay_today_or_not_as_it_says() {
	let best = search([&Setting::today()], &AsItIs);
	for known in &KNOWN {
		let paid = known.plays.iter().any(|play| best[play].balance > 0);
		assert_eq!(paid, known.today, "{}", known.number);
	}
}

#[test]
fn every_remedy_should_end_what_it_is_for_under_any_admitted_rules() {
	let mut settings = admitted(STEPS / 2, |_, _| ());
	for known in &KNOWN {
		settings.iter_mut().for_each(|setting| (known.remedy)(setting));
	}
	settings.retain(Setting::is_admitted);
	assert!(settings.len() > 10_000, "remedies are admitted: {}", settings.len());
	for ((strategy, tactic), found) in search(&settings, &AsItIs) {
		assert!(found.balance <= 0, "{strategy}, {tactic}: {found:?}");
	}
}
