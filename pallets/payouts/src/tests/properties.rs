use crate::{mock::*, Claims, Totals};
use assay_market::{
	traits::{PayoutReason, Payouts as _},
	Balance, Price, Quote,
};
use frame_support::{assert_ok, storage::with_storage_layer};
use proptest::prelude::*;
use sp_runtime::{DispatchResult, TryRuntimeError};

const PEOPLE: [AccountId; 4] = [PAYER, ALICE, BOB, DEAD];

/// What happens in a random history.
#[derive(Clone, Copy, Debug)]
enum Step {
	Pay { to: AccountId, price: Price, reason: PayoutReason },
	Claim { owner: AccountId, quote: Quote, to: AccountId },
	Rotate { from: AccountId, to: AccountId },
	Gift { price: Price },
}

fn person() -> impl Strategy<Value = AccountId> {
	prop::sample::select(PEOPLE.to_vec())
}

fn quote() -> impl Strategy<Value = Quote> {
	let assets = [STABLE, COARSE, OTHER].map(Quote::Asset);
	prop_oneof![Just(Quote::Native), prop::sample::select(assets.to_vec())]
}

fn price() -> impl Strategy<Value = Price> {
	let amount = prop_oneof![0..3u128, Just(ED - 1), Just(COARSE_MINIMUM), 0..5_000u128];
	(quote(), amount).prop_map(|(quote, amount)| Price { quote, amount })
}

fn step() -> impl Strategy<Value = Step> {
	let reason = || prop::sample::select(PayoutReason::ALL.to_vec());
	prop_oneof![
		4 => (person(), price(), reason())
			.prop_map(|(to, price, reason)| Step::Pay { to, price, reason }),
		4 => (person(), quote(), person())
			.prop_map(|(owner, quote, to)| Step::Claim { owner, quote, to }),
		1 => (person(), person()).prop_map(|(from, to)| Step::Rotate { from, to }),
		1 => price().prop_map(|price| Step::Gift { price }),
	]
}

/// Does the step, or nothing if it is refused. Returns whether it was done.
fn take(step: Step) -> bool {
	let done: DispatchResult = with_storage_layer(|| match step {
		Step::Pay { to, price, reason } => Payouts::pay(&PAYER, &to, price, reason),
		Step::Claim { owner, quote, to } => {
			Payouts::claim(RuntimeOrigin::signed(owner), quote, Some(to))
		}
		Step::Rotate { from, to } => Payouts::rotate(&from, &to),
		Step::Gift { price } => Payouts::transfer(&ADMIN, &Payouts::pallet_account(), price),
	});
	done.is_ok()
}

/// What everybody has of a quote, claims included.
fn wealth(quote: Quote) -> Balance {
	PEOPLE.iter().chain(&[ADMIN]).map(|who| balance(*who, quote)).sum::<Balance>()
		+ balance(Payouts::pallet_account(), quote)
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	#[test]
	fn random_histories_should_keep_the_properties_and_lose_nothing(
		steps in prop::collection::vec(step(), 0..60),
	) {
		build_and_execute(|| {
			let quotes = [Quote::Native, Quote::Asset(STABLE), Quote::Asset(COARSE)];
			let before = quotes.map(wealth);
			for step in steps {
				take(step);
				assert_ok!(Payouts::do_try_state());
			}
			assert_eq!(quotes.map(wealth), before);
		});
	}
}

/// The error that the checks give after a change of a state with open claims.
fn error_after(change: impl FnOnce()) -> Option<TryRuntimeError> {
	let mut error = None;
	new_test_ext().execute_with(|| {
		earn(ALICE, native(50));
		earn(BOB, asset(STABLE, 7));
		assert_ok!(Payouts::do_try_state());
		change();
		error = Payouts::do_try_state().err();
	});
	error
}

#[test]
fn try_state_should_name_account_covers_ledger() {
	let name = Some(TryRuntimeError::Other("account_covers_ledger"));
	let account = Payouts::pallet_account();
	let native_left = |left| {
		let origin = RuntimeOrigin::root();
		assert_ok!(Balances::force_set_balance(origin, account, left));
	};
	assert_eq!(error_after(|| native_left(50 + ED - 1)), name);
	assert_eq!(error_after(|| native_left(50 + ED)), None);
	let take_asset = || {
		let admin = RuntimeOrigin::signed(ADMIN);
		assert_ok!(Assets::force_transfer(admin, STABLE, account, ADMIN, 1));
	};
	assert_eq!(error_after(take_asset), name);
}

#[test]
fn try_state_should_name_totals_match_entries() {
	let name = Some(TryRuntimeError::Other("totals_match_entries"));
	assert_eq!(error_after(|| Totals::<Test>::insert(Quote::Native, 49)), name);
	assert_eq!(error_after(|| Claims::<Test>::remove(BOB, Quote::Asset(STABLE))), name);
	let empty = || {
		Claims::<Test>::mutate(ALICE, Quote::Native, |claim| {
			claim.try_insert(PayoutReason::DataFee, 0).unwrap();
		});
	};
	assert_eq!(error_after(empty), name);
	let too_many = || {
		MaxQuotes::set(1);
		for id in [COARSE, OTHER] {
			assert_ok!(Payouts::transfer(&PAYER, &Payouts::pallet_account(), asset(id, 100)));
			Totals::<Test>::insert(Quote::Asset(id), 100);
			Claims::<Test>::mutate(ALICE, Quote::Asset(id), |claim| {
				claim.try_insert(PayoutReason::Earnings, 100).unwrap();
			});
		}
	};
	assert_eq!(error_after(too_many), name);
}
