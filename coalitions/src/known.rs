//! Balances above zero that are known: with the number of the finding, and the least change of the
//! rules that ends them. A search that finds another one fails; so does a remedy that does not help,
//! and an entry that nothing is found for.

use assay_market::traits::Split;
use sp_runtime::{Permill, Saturating};

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
pub const KNOWN: [Known; 5] = [
	Known {
		number: "B13",
		plays: &[
			("self-challenge", "refuted"),
			("self-challenge", "refuted, an auditor had signed"),
			("self-challenge", "refuted by many at once"),
			("self-challenge", "refuted before a version is declared faulty"),
			("reward theft", "the first seal is one's own"),
		],
		today: true,
		change: "the insurance pays a claim no more than the fees of a dispute: `per_event` at most \
		         `dispute_costs`",
		remedy: |one| {
			let insurance = &mut one.rules.insurance;
			insurance.per_event = insurance.per_event.min(one.rules.deterrence.dispute_costs);
		},
	},
	Known {
		number: "B14",
		plays: &[("donation and dust", "minted after the premium was lowered")],
		today: false,
		change: "the treasury's share of jobs at least 3 %, or series that keep the premium of their \
		         opening",
		remedy: |one| {
			let least = Permill::from_percent(3);
			let Split { provider, burn, validators, treasury } = &mut one.burn.shares;
			let missing = least.saturating_sub(*treasury);
			*treasury = *treasury + missing;
			let largest = [provider, burn, validators].into_iter().max();
			if let Some(largest) = largest {
				*largest = *largest - missing;
			}
		},
	},
	Known {
		number: "B15",
		plays: &[("leaning on a pool", "a sale before and a purchase after the chain's order")],
		today: true,
		change: "orders smaller than the pool's fee: `reserve_share` at most nine tenths of it, 0.27 %",
		remedy: |one| {
			let sale = &mut one.burn.sale;
			let most = Permill::from_percent(90) * one.around.swap;
			sale.reserve_share = sale.reserve_share.min(most);
		},
	},
	Known {
		number: "C14",
		plays: &[("unavailable weights", "had from the chain only")],
		today: true,
		change: "fees of requests that are what posting costs: `request_fee_per_byte` the fee of a byte, \
		         `request_fee_base` that of the path and of the call",
		remedy: |one| {
			one.models.request_fee_per_byte = one.around.byte;
			one.models.request_fee_base = one.around.base + 7_680 * one.around.byte;
		},
	},
	Known {
		number: "C15",
		plays: &[("manifests that lie", "not listed, and nobody looks")],
		today: true,
		change: "none: whoever asks a model that is not listed replays some answers, as often as audits \
		         would",
		remedy: |one| one.around.watched = one.detection(),
	},
];

/// What is known of a tactic.
pub fn known(strategy: &str, tactic: &str) -> Option<&'static Known> {
	KNOWN.iter().find(|known| known.plays.contains(&(strategy, tactic)))
}
