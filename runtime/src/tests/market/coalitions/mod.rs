//! The best plays of `assay-coalitions`, repeated on the real runtime: everything that the coalition's
//! accounts have is counted before and after, and must be what the search says, to the unit.

mod cheating;
mod dealing;
mod deterrence;
mod holding;
mod pool;
mod today;
mod wealth;

use super::{
	check_properties,
	deal::{model, open_series, serve, SERVERS},
	dispatch, pass, signed, Chain,
};
use crate::{Balance, Runtime, RuntimeOrigin};
use assay_coalitions::{
	books::PARTS,
	roles::{Coalition, Role},
	rulebook::AsItIs,
	search::play,
	setting::Setting,
	strategies::ALL,
};
use assay_market::{Quote, SeriesId};
use frame_support::assert_ok;
use wealth::wealth;

/// A market without vouchers: a listed model with three providers, and a native series.
fn market() -> (Chain, SeriesId) {
	let mut chain = Chain::local();
	let series = chain.block(|| {
		for owner in SERVERS {
			serve(owner);
			assert_ok!(dispatch(pallet_models::Call::attest { model: model() }, signed(owner)));
		}
		open_series(Quote::Native)
	});
	(chain, series)
}

/// What the search says that exactly this coalition is left with, in the smallest units of money. A
/// whole number of them: the prices here divide by a hundred.
fn expected(
	(strategy, tactic): (&str, &str),
	coalition: &[Role],
	setting: &Setting,
	units: Balance,
) -> i128 {
	let strategy = ALL.iter().find(|one| one.name == strategy).expect("a strategy of the search");
	let books = play(strategy, setting, &AsItIs, (unit_price(), units))
		.into_iter()
		.find(|outcome| outcome.tactic == tactic)
		.expect("a tactic of the strategy")
		.books;
	let parts = books.balance(Coalition::of(coalition));
	assert_eq!(parts % PARTS, 0, "{}: {parts} parts", strategy.name);
	parts / PARTS
}

/// Price of a unit in the series of a new market.
fn unit_price() -> Balance {
	1_000
}

/// Premium of so many units: what whoever minted more than a job took has paid for the rest.
fn premium(units: Balance) -> i128 {
	signed_amount(Setting::today().vouchers.premium.mul_ceil(units * unit_price()))
}

/// The price of a unit of a series, which the search is told.
fn check_price(series: SeriesId) {
	let record = pallet_vouchers::AllSeries::<Runtime>::get(series).expect("it is open");
	assert_eq!(record.price_per_unit, unit_price());
}

/// Does what only Root may.
fn as_root(call: impl Into<crate::RuntimeCall>) {
	assert_ok!(dispatch(call, RuntimeOrigin::root()));
}

/// Money as a number that may be less than nothing.
fn signed_amount(amount: Balance) -> i128 {
	i128::try_from(amount).expect("less than the issuance")
}
