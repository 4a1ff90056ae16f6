//! What others put into a series or onto an account, and what roundings leave.

use assay_market::{Balance, Quote};
use pallet_vouchers::PremiumTerms;
use sp_runtime::Permill;

use crate::{
	books::{Books, Party},
	deal::{empty_series, Kind, World, AUTHOR, PROVIDER, SUBSCRIBER, USER},
	roles::{Coalition, Role},
	strategies::Outcome,
};

const ALL_THREE: Coalition = Coalition::of(&[Role::Provider, Role::User, Role::Subscriber]);
/// Others hold so many times what the coalition mints.
const OTHERS_TIMES: Balance = 100;
/// In so many parts an amount is minted or redeemed to gain by roundings.
const PIECES: Balance = 10;

/// Gifts to the chain, amounts too small to divide, and a series in which others paid more.
pub(super) fn donation_and_dust(world: &World) -> Vec<Outcome> {
	let mut gift = Books::default();
	gift.pay(USER, Party::Others, world.price());
	let now = world.setting.vouchers.premium;
	let dearer = pallet_vouchers::PREMIUM.1;
	let among = |tactic, minted: &[Balance], redeemed: &[Balance], premium_at_opening| Outcome {
		tactic,
		needs: ALL_THREE,
		books: among_others(world, minted, redeemed, premium_at_opening),
	};
	let pieces = PIECES.min(world.units);
	let small: Vec<Balance> = (0..pieces).map(|_| world.units / pieces).collect();
	let whole = [small.iter().sum::<Balance>()];
	vec![
		Outcome { tactic: "a gift", needs: Coalition::of(&[Role::User]), books: gift },
		among("minted in pieces", &small, &whole, now),
		among("redeemed in pieces", &whole, &small, now),
		among("minted after the premium was lowered", &whole, &whole, dearer),
	]
}

/// The coalition mints and serves itself in a series that was opened at another premium, and in which
/// others have minted before.
fn among_others(
	world: &World,
	minted: &[Balance],
	redeemed: &[Balance],
	premium_at_opening: Permill,
) -> Books {
	let (book, setting) = (world.book, world.setting);
	let mut books = Books::default();
	let at_opening = PremiumTerms { rate: premium_at_opening, ..setting.vouchers.premium_terms() };
	let mut series = empty_series(world.unit_price, Quote::Native, at_opening);

	let units_of_others = minted.iter().sum::<Balance>() * OTHERS_TIMES;
	let cost = book.cost(&series, units_of_others);
	let pool = book.premium_shares(&series, cost.premium).pool;
	series.issue(units_of_others, pool).expect("amounts of the search fit");
	books.pay(Party::Others, Party::Chain, cost.price + pool);

	for units in minted {
		let cost = book.cost(&series, *units);
		let premium = book.premium_shares(&series, cost.premium);
		series.issue(*units, premium.pool).expect("amounts of the search fit");
		books.pay(USER, Party::Chain, cost.price + premium.pool);
		books.pay(USER, Party::Insurance, premium.insurance);
		books.pay(USER, Party::Treasury, premium.treasury);
	}
	for units in redeemed {
		let retired = book.retired(&mut series, *units);
		let price = assay_market::Price { quote: Quote::Native, amount: retired.price };
		let shares = book.shares(price, Kind::USUAL.listed, &setting.split());
		books.pay(Party::Chain, PROVIDER, shares.provider);
		books.pay(Party::Chain, Party::Supply, shares.burned);
		books.pay(Party::Chain, AUTHOR, shares.validators);
		books.pay(Party::Chain, Party::Treasury, shares.treasury);
		books.pay(Party::Supply, PROVIDER, shares.emitted);
		books.pay(Party::Chain, SUBSCRIBER, retired.premium);
	}
	// What is left is that of the others.
	books.pay(Party::Chain, Party::Others, series.reserve + series.premium_pool);
	assert!(books.are_closed(), "{books:?} do not close");
	books
}
