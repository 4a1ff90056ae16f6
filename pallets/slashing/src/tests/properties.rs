//! Each property is checked: a state that breaks it is found.

use assay_market::traits::Offences;
use frame_support::{assert_ok, traits::fungible::Mutate};
use sp_runtime::TryRuntimeError;

use crate::{
	mock::*,
	types::{EraPaid, PendingSlash},
	CurrentRules, InsurancePaid, Pending, PendingCount, TotalPending,
};

/// The property that is broken after `damage`.
fn broken_by(damage: impl FnOnce()) -> String {
	ExtBuilder::default().build().execute_with(|| {
		assert_ok!(Slashing::report(wrong_result(100_000, 600, 400)));
		assert_ok!(Slashing::do_try_state());
		damage();
		match Slashing::do_try_state() {
			Err(TryRuntimeError::Other(name)) => name.to_owned(),
			other => panic!("nothing was found: {other:?}"),
		}
	})
}

#[test]
fn account_covers_ledger_finds_missing_money() {
	let name = broken_by(|| {
		assert_ok!(Balances::transfer_allow_death(
			RuntimeOrigin::signed(Slashing::account()),
			ANYBODY,
			1
		));
	});
	assert_eq!(name, "account_covers_ledger");
	let name = broken_by(|| TotalPending::<Test>::mutate(|total| *total -= 1));
	assert_eq!(name, "account_covers_ledger: total");
}

#[test]
fn donations_break_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Slashing::report(wrong_result(100_000, 600, 400)));
		assert_ok!(Balances::mint_into(&Slashing::account(), 12));
	});
}

#[test]
fn pending_is_counted_finds_a_wrong_count() {
	let name = broken_by(|| PendingCount::<Test>::remove(PROVIDER, model()));
	assert_eq!(name, "pending_is_counted");
	let name = broken_by(|| {
		Pending::<Test>::mutate(0, |slash| {
			*slash = slash.take().map(|slash| PendingSlash { provider: STRANGER, ..slash });
		});
	});
	assert_eq!(name, "pending_is_counted");
}

#[test]
fn rules_are_valid_finds_rules_that_do_not_deter() {
	let name =
		broken_by(|| CurrentRules::<Test>::mutate(|rules| rules.deterrence.exposure_factor = 1));
	assert_eq!(name, "rules_are_valid");
}

#[test]
fn insurance_within_caps_finds_a_payment_too_many() {
	let name = broken_by(|| InsurancePaid::<Test>::put(EraPaid { era: 1, paid: 2, most: 1 }));
	assert_eq!(name, "insurance_within_caps");
}
