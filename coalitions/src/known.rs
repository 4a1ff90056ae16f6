//! Balances above zero that are known: with the number of the finding, and the least change of the
//! rules that ends them. A search that finds another one fails; so does a remedy that does not help,
//! and an entry that nothing is found for.

use crate::setting::Setting;

/// What is known to pay.
#[derive(Clone, Copy)]
pub struct Known {
	/// Number in `docs/market-open-findings.md`.
	pub number: &'static str,
	/// The strategies and tactics that pay.
	pub plays: &'static [(&'static str, &'static str)],
	/// Whether it pays under the rules of today, or only under others that governance may choose.
	pub today: bool,
	/// The change, in words.
	pub change: &'static str,
	/// The change.
	pub remedy: fn(&mut Setting),
}

/// Everything that is known to pay.
pub const KNOWN: [Known; 1] = [Known {
	number: "C15",
	plays: &[("manifests that lie", "not listed, and nobody looks")],
	today: true,
	change:
		"none: whoever asks a model that is not listed replays some answers, as often as audits \
		         would",
	remedy: |one| one.around.watched = one.detection(),
}];

/// What is known of a tactic.
pub fn known(strategy: &str, tactic: &str) -> Option<&'static Known> {
	KNOWN.iter().find(|known| known.plays.contains(&(strategy, tactic)))
}
