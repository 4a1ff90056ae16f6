//! Weights that nobody else has, and manifests that say what is not so.

use assay_market::Balance;

use crate::{
	books::{Books, Party},
	deal::{Deal, Kind, World, CHALLENGER, PROVIDER},
	roles::{Coalition, Role},
	strategies::{cheating::cheated, Outcome},
};

const PROVIDER_ALONE: Coalition = Coalition::of(&[Role::Provider]);

/// Bytes of a great leaf of weights, and of the way to it in the greatest tree.
const LEAF_BYTES: u64 = 160 * 1_024;
const PATH_BYTES: u64 = 7_680;
/// Leaves that are asked for, one after the other.
const LEAVES: Balance = 100;
/// Places for open requests.
const PLACES: u32 = 16;

/// Weights that only the chain hands out, or nobody.
pub(super) fn weights(world: &World) -> Vec<Outcome> {
	let with_challenger = PROVIDER_ALONE.and(Role::Challenger);
	vec![
		Outcome {
			tactic: "had from the chain only",
			needs: PROVIDER_ALONE,
			books: handed_out(world),
		},
		Outcome {
			tactic: "every place filled by oneself",
			needs: with_challenger,
			books: places_filled(world),
		},
		Outcome { tactic: "not had at all", needs: PROVIDER_ALONE, books: withheld(world) },
	]
}

/// Models that cost more work than their manifest counts, or that nobody can check.
pub(super) fn manifests(world: &World) -> Vec<Outcome> {
	let unlisted = Kind { listed: false, subscribed: false, ..Kind::USUAL };
	let lost = |deal: &mut Deal| deal.slash(Some((Party::Others, world.challenger_costs())));
	vec![
		Outcome {
			tactic: "too little work is counted",
			needs: PROVIDER_ALONE,
			// Whoever would lose by the work does none: it keeps what it is paid.
			books: cheated(world, Kind::USUAL, world.setting.detection(), &lost),
		},
		Outcome {
			tactic: "not listed, and nobody looks",
			needs: PROVIDER_ALONE,
			books: cheated(world, unlisted, world.setting.around.watched, &lost),
		},
	]
}

fn fee(world: &World) -> Balance {
	let posted = LEAF_BYTES + PATH_BYTES;
	world.setting.models.request_fee(posted).expect("amounts of the search fit")
}

/// What it costs to post a leaf.
fn posting(world: &World) -> Balance {
	let fees = &world.setting.around;
	fees.base + fees.byte * Balance::from(LEAF_BYTES + PATH_BYTES)
}

/// Others ask for leaves that they cannot have elsewhere.
fn handed_out(world: &World) -> Books {
	let mut books = Books::default();
	books.pay(Party::Others, PROVIDER, fee(world) * LEAVES);
	books.pay(PROVIDER, Party::Supply, posting(world) * LEAVES);
	books
}

/// Places for requests are filled with what one can show, so that nobody asks for what one cannot.
fn places_filled(world: &World) -> Books {
	let mut books = Books::default();
	for open in 0..PLACES {
		let fee = fee(world);
		let burned = pallet_models::surcharge(fee, open).expect("amounts of the search fit");
		books.pay(CHALLENGER, PROVIDER, fee);
		books.pay(CHALLENGER, Party::Supply, burned);
		books.pay(PROVIDER, Party::Supply, posting(world));
	}
	books
}

/// Attested, asked for, and not shown.
fn withheld(world: &World) -> Books {
	let mut books = Books::default();
	books.pay(PROVIDER, Party::Supply, world.setting.models.silence_exposure);
	books
}
