//! Each property, broken by writing storage, is named by its check.

use crate::{mock::*, *};
use assay_market::{Quote, SeriesId};
use frame_support::{assert_ok, traits::fungibles::Mutate};
use sp_runtime::TryRuntimeError;

/// Checks that `damage` to a chain with a native series, half of it in escrow, breaks `property`.
fn check_broken(property: &'static str, damage: impl FnOnce(SeriesId)) {
	ExtBuilder::default().build().execute_with(|| {
		let id = minted(Quote::Native, 1_000);
		assert_ok!(escrow(&BUYER, id, 500));
		assert_ok!(Vouchers::do_try_state());
		damage(id);
		assert_eq!(Vouchers::do_try_state(), Err(TryRuntimeError::Other(property)));
	});
}

fn change(id: SeriesId, change: impl FnOnce(&mut Series)) {
	AllSeries::<Test>::mutate(id, |series| change(series.as_mut().unwrap()));
}

#[test]
fn reserve_ledger_covers_vouchers() {
	let property = "reserve_ledger_covers_vouchers";
	check_broken(property, |id| change(id, |series| series.reserve -= 1));
	check_broken(property, |id| change(id, |series| series.reserve += 1));
}

#[test]
fn account_covers_ledger() {
	check_broken("account_covers_ledger", |_| {
		let account = Vouchers::account();
		let short = Balances::free_balance(&account) - 1;
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), account, short));
	});
	check_broken("account_covers_ledger", |_| Owed::<Test>::insert(OTHER, Quote::Native, 1));
}

#[test]
fn duties_match_subscriptions() {
	let property = "duties_match_subscriptions";
	let change = |change: fn(&mut Vec<Duty>)| {
		DutiesOf::<Test>::mutate(PROVIDER, model(), |duties| {
			let mut changed = duties.to_vec();
			change(&mut changed);
			*duties = changed.try_into().unwrap();
		});
	};
	check_broken(property, |_| change(Vec::clear));
	check_broken(property, |_| DutiesOf::<Test>::remove(PROVIDER, model()));
	check_broken(property, |_| change(|duties| duties[0].terms.until += 1));
	check_broken(property, |_| {
		change(|duties| duties.push(Duty { series: SeriesId(7), ..duties[0] }));
	});
	check_broken(property, |_| {
		let duties = DutiesOf::<Test>::get(PROVIDER, model());
		DutiesOf::<Test>::insert(RIVAL, model(), duties);
	});
}

#[test]
fn subscriptions_cover_mint() {
	let property = "subscriptions_cover_mint";
	let key = |id| (id, PROVIDER, model());
	check_broken(property, |id| {
		// More minted than subscribed.
		change(id, |series| series.subscribed = 999);
		Subscriptions::<Test>::mutate(key(id), |subscription| subscription.units = 999);
	});
	check_broken(property, |id| change(id, |series| series.released = 1));
	check_broken(property, |id| change(id, |series| series.subscribers = 2));
	check_broken(property, |id| {
		Subscriptions::<Test>::mutate(key(id), |subscription| subscription.served = 1_001);
	});
	check_broken(property, |_| {
		Subscriptions::<Test>::insert(
			key(SeriesId(7)),
			Subscription { units: 1, served: 0, pledged: 0 },
		);
	});
}

#[test]
fn escrow_matches_holds() {
	let property = "escrow_matches_holds";
	check_broken(property, |id| Escrows::<Test>::insert(id, BUYER, 499));
	check_broken(property, |id| Escrows::<Test>::insert(id, OTHER, 1));
	check_broken(property, |id| change(id, |series| series.escrowed = 501));
	check_broken(property, |_| Escrows::<Test>::insert(SeriesId(7), BUYER, 1));
}

#[test]
fn outstanding_covers_supply() {
	let property = "outstanding_covers_supply";
	check_broken(property, |_| {
		assert_ok!(Assets::mint_into(FIRST_VOUCHER, &OTHER, 1));
	});
	check_broken(property, |id| change(id, |series| series.redeemed = 1));
}

#[test]
fn premium_pool_covered() {
	let property = "premium_pool_covered";
	check_broken(property, |_| {
		pass(10 * DAY);
		assert_ok!(Vouchers::open_series(by(ANYBODY), Quote::Native));
		// A pool without units, that the account could pay.
		assert_ok!(Balances::transfer_keep_alive(by(OTHER), Vouchers::account(), 1));
		change(SeriesId(1), |series| series.premium_pool = 1);
	});
	check_broken(property, |id| {
		assert_ok!(release(&BUYER, id, 500));
		pass(44 * DAY);
		assert_ok!(Vouchers::close_series(by(ANYBODY), id));
		change(id, |series| series.outstanding = 1);
	});
}

#[test]
fn vouchers_are_keyless() {
	check_broken("vouchers_are_keyless", |_| {
		assert_ok!(Assets::force_asset_status(
			RuntimeOrigin::root(),
			FIRST_VOUCHER,
			Vouchers::owner_account(),
			Vouchers::owner_account(),
			Vouchers::owner_account(),
			ISSUER,
			1,
			false,
			false,
		));
	});
}

#[test]
fn quotes_count_their_series() {
	let property = "quotes_count_their_series";
	check_broken(property, |_| {
		Quotes::<Test>::mutate(Quote::Native, |record| record.as_mut().unwrap().live_series = 0);
	});
	check_broken(property, |_| Quotes::<Test>::remove(Quote::Native));
	check_broken(property, |_| {
		register_stable();
		Rates::<Test>::remove(STABLE);
	});
}
