//! What a coalition may do, one file for each subject; `ALL` has them in the order of the design.

mod capacity;
pub(crate) mod cheating;
mod dealing;
pub(crate) mod delaying;
mod expiry;
mod models;
pub(crate) mod pool;
mod premium;
mod price;

use crate::{books::Books, deal::World, roles::Coalition};

/// One way to play a strategy, and what came of it.
#[derive(Clone, Debug)]
pub struct Outcome {
	/// What was done, in a few words; the name of the tactic.
	pub tactic: &'static str,
	/// Who must take part. Others may share in it.
	pub needs: Coalition,
	/// What came of it.
	pub books: Books,
}

/// A strategy.
#[derive(Clone, Copy)]
pub struct Strategy {
	/// Its name, as in the design.
	pub name: &'static str,
	/// Whether what it brings follows from a job's price.
	pub of_price: bool,
	/// Plays it in all its tactics.
	pub play: fn(&World) -> Vec<Outcome>,
}

impl Strategy {
	const fn of_price(name: &'static str, play: fn(&World) -> Vec<Outcome>) -> Self {
		Self { name, of_price: true, play }
	}
}

/// Every strategy.
pub const ALL: [Strategy; 16] = [
	Strategy::of_price("self-dealing", dealing::self_dealing),
	Strategy::of_price("self-challenge", cheating::self_challenge),
	Strategy::of_price("throwing a game", cheating::throwing),
	Strategy::of_price("reward theft", cheating::reward_theft),
	Strategy::of_price("late traps", delaying::late_traps),
	Strategy::of_price("window extension", delaying::window_extension),
	Strategy::of_price("flood", delaying::flood),
	Strategy::of_price("wash trading for reputation", dealing::wash_for_reputation),
	Strategy::of_price("wash trading for price", price::wash_for_price),
	Strategy { name: "leaning on a pool", of_price: false, play: pool::sandwich },
	Strategy::of_price("voucher hoarding at the floor", price::hoarding),
	Strategy::of_price("donation and dust", premium::donation_and_dust),
	Strategy::of_price("expiry games", expiry::expiry_games),
	Strategy::of_price("faking capacity", capacity::faking_capacity),
	Strategy { name: "unavailable weights", of_price: false, play: models::weights },
	Strategy::of_price("manifests that lie", models::manifests),
];
