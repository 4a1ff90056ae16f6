//! Brings a series to any stage, and acts as the pallet of jobs does.

use super::{
	fakes::{Bounds, Claims, Pledges},
	*,
};
use assay_market::{
	traits::{PayoutReason, Redeemed, Subscribed, Vouchers as _},
	SeriesId,
};
use frame_support::{storage::with_storage_layer, traits::Hooks, weights::WeightMeter};
use sp_runtime::{DispatchError, DispatchResult, FixedU128};

/// Lets time pass.
pub(crate) fn pass(ticks: Tick) {
	Now::set(Now::get() + ticks);
}

/// Begins so many blocks.
pub(crate) fn poll(blocks: u32) {
	for _ in 0..blocks {
		Vouchers::on_poll(System::block_number(), &mut WeightMeter::new());
	}
}

/// What waits for `who`.
pub(crate) fn claimable(who: AccountId, reason: PayoutReason, quote: Quote) -> Balance {
	Claims::get((who, reason, quote)).unwrap_or(0)
}

/// What `provider` has pledged.
pub(crate) fn pledged(provider: ProviderId) -> Balance {
	Pledges::get((provider, model())).unwrap_or(0)
}

/// What `provider`'s offer must keep to.
pub(crate) fn bounds(provider: ProviderId) -> Option<Subscribed> {
	Bounds::get((provider, model()))
}

/// The origin of `who`.
pub(crate) fn by(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// Registers the stable asset at a price of 100 and a rate of 2.
pub(crate) fn register_stable() {
	let rate = FixedU128::from_u32(2);
	let statement = b"a test asset; ISSUER can freeze it".to_vec().try_into().unwrap();
	let new = NewQuote::Asset { id: STABLE, rate, statement };
	assert_ok!(Vouchers::register_quote(RuntimeOrigin::root(), new, 100, 50));
}

/// Opens a series of a quote and lets [`PROVIDER`] subscribe `units`.
pub(crate) fn open(quote: Quote, units: Balance) -> SeriesId {
	let id = NextSeriesId::<Test>::get();
	assert_ok!(Vouchers::open_series(by(ANYBODY), quote));
	assert_ok!(Vouchers::subscribe(by(SERVER), id, model(), units));
	id
}

/// Opens a series, whose price is 100, and mints `units` for [`BUYER`]; all of it is subscribed by
/// [`PROVIDER`].
pub(crate) fn minted(quote: Quote, units: Balance) -> SeriesId {
	let id = open(quote, units);
	assert_ok!(Vouchers::mint(by(BUYER), id, units, Balance::MAX));
	id
}

/// The record of a series.
pub(crate) fn series(id: SeriesId) -> Series {
	AllSeries::<Test>::get(id).unwrap()
}

/// What an account has of a quote.
pub(crate) fn balance(quote: Quote, who: &AccountId) -> Balance {
	match quote {
		Quote::Native => Balances::free_balance(who),
		Quote::Asset(asset) => Assets::balance(asset, who),
	}
}

/// Free vouchers of an account.
pub(crate) fn vouchers(id: SeriesId, who: &AccountId) -> Balance {
	Assets::balance(series(id).asset, who)
}

/// Puts vouchers in escrow, as the pallet of jobs does.
pub(crate) fn escrow(who: &AccountId, id: SeriesId, units: Balance) -> DispatchResult {
	with_storage_layer(|| Vouchers::escrow(who, id, units))
}

/// Gives vouchers back, as the pallet of jobs does.
pub(crate) fn release(who: &AccountId, id: SeriesId, units: Balance) -> DispatchResult {
	with_storage_layer(|| Vouchers::release(who, id, units))
}

/// Redeems vouchers for a job of a listed model that `provider` served, as the pallet of jobs does.
pub(crate) fn redeem(
	who: &AccountId,
	id: SeriesId,
	units: Balance,
	provider: ProviderId,
) -> Result<Redeemed, DispatchError> {
	redeem_as_demand(who, id, units, provider, true)
}

/// Redeems vouchers for a job that counts as demand or does not.
pub(crate) fn redeem_as_demand(
	who: &AccountId,
	id: SeriesId,
	units: Balance,
	provider: ProviderId,
	counts: bool,
) -> Result<Redeemed, DispatchError> {
	let server = (provider, model());
	with_storage_layer(|| Vouchers::redeem(who, id, units, server, &SETTLEMENT, counts))
}

/// The pallet's events since the last call, oldest first.
pub(crate) fn events() -> Vec<Event<Test>> {
	let events = System::read_events_for_pallet();
	System::reset_events();
	events
}
