//! Each property is broken by writing to storage directly, and the check of its name notices.

use assay_market::{
	traits::{Bonds, Subscribed},
	ProviderId,
};
use frame_support::{assert_ok, traits::fungible::MutateHold};
use sp_runtime::TryRuntimeError;

use crate::{
	mock::*,
	types::{Candidate, Leaving, Ledger, Membership, Role, Standing},
	BestOffers, HoldReason, Ledgers, Members, NextProviderId, Providers as Records, Rest,
	TotalBonded, TotalSupply,
};

/// Breaks the state of a provider with a bond, an offer and an open job in several ways, each on a new
/// chain.
fn broken_by(property: &'static str, ways: &[fn(ProviderId)]) {
	for (number, way) in ways.iter().enumerate() {
		new_test_ext().execute_with(|| {
			let provider = serving(OWNER, 3 * MIN_BOND, 1);
			assert_ok!(Providers::add_delegate(RuntimeOrigin::signed(OWNER), KEY));
			assert_ok!(Providers::reserve(provider, &MODEL, 500, 10));
			assert_ok!(Providers::do_try_state());
			way(provider);
			let noticed = Providers::do_try_state();
			assert_eq!(noticed, Err(TryRuntimeError::Other(property)), "way {number}");
		});
	}
}

fn change_ledger(provider: ProviderId, change: impl FnOnce(&mut Ledger)) {
	Ledgers::<Test>::mutate(provider, MODEL, |ledger| change(ledger.as_mut().unwrap()));
}

#[test]
fn exposure_within_bond_should_be_checked() {
	broken_by(
		"exposure_within_bond",
		&[
			|provider| change_ledger(provider, |ledger| ledger.exposed = 3 * MIN_BOND),
			|provider| change_ledger(provider, |ledger| ledger.pledged = u128::MAX),
			|provider| change_ledger(provider, |ledger| ledger.bonded = 499),
		],
	);
}

#[test]
fn holds_match_ledgers_should_be_checked() {
	broken_by(
		"holds_match_ledgers",
		&[
			|provider| change_ledger(provider, |ledger| ledger.bonded += 1),
			|_| Balances::hold(&HoldReason::Bond.into(), &OWNER, 1).unwrap(),
			|_| Balances::hold(&HoldReason::Registration.into(), &OWNER, 1).unwrap(),
			|_| TotalBonded::<Test>::insert(MODEL, 1),
			|_| TotalBonded::<Test>::insert(MODEL_2, 0),
		],
	);
}

#[test]
fn no_exit_while_answerable_should_be_checked() {
	broken_by(
		"no_exit_while_answerable",
		&[
			|provider| {
				change_ledger(provider, |ledger| {
					ledger.leaving = Some(Leaving { amount: 3 * MIN_BOND - 499, ready_at: 0 });
				});
			},
			|provider| {
				change_ledger(provider, |ledger| {
					ledger.leaving = Some(Leaving { amount: 0, ready_at: 0 });
				});
			},
			|provider| Ledgers::<Test>::insert(provider, MODEL_2, Ledger::default()),
		],
	);
}

#[test]
fn delegates_are_unique_should_be_checked() {
	broken_by(
		"delegates_are_unique",
		&[
			|_| Members::<Test>::remove(OWNER),
			|_| Members::<Test>::remove(KEY),
			|provider| {
				Members::<Test>::insert(OWNER, Membership { provider, role: Role::Delegate });
			},
			|provider| {
				Members::<Test>::insert(STRANGER, Membership { provider, role: Role::Delegate });
			},
			|provider| {
				Records::<Test>::mutate(provider, |record| {
					record.as_mut().unwrap().delegates.try_push(KEY).unwrap();
				});
			},
			|_| NextProviderId::<Test>::put(ProviderId(0)),
		],
	);
}

#[test]
fn offers_are_indexed_should_be_checked() {
	fn stand(provider: ProviderId, standing: Standing) {
		change_ledger(provider, |ledger| ledger.offer.as_mut().unwrap().standing = standing);
	}
	broken_by(
		"offers_are_indexed",
		&[
			|_| BestOffers::<Test>::remove(MODEL),
			|_| BestOffers::<Test>::insert(MODEL_2, frame_support::BoundedVec::default()),
			|_| {
				BestOffers::<Test>::mutate(MODEL, |list| {
					let stale = Candidate::of(ProviderId(7), &offer(1));
					list.try_push(stale).unwrap();
				});
			},
			|_| {
				BestOffers::<Test>::mutate(MODEL, |list| {
					let again = list[0];
					list.try_push(again).unwrap();
				});
			},
			|provider| stand(provider, Standing::Idle),
			|provider| stand(provider, Standing::Full),
			|provider| stand(provider, Standing::Resting),
			|provider| {
				change_ledger(provider, |ledger| {
					ledger.rest = Some(Rest { turns_missed: 1, until: 1 });
				});
			},
			|provider| {
				change_ledger(provider, |ledger| {
					ledger.offer.as_mut().unwrap().offer.multiplier_percent = 99;
				});
			},
			|provider| change_ledger(provider, |ledger| ledger.debt = 1),
			|provider| {
				Records::<Test>::mutate(provider, |record| {
					record.as_mut().unwrap().heartbeat = None;
				});
			},
		],
	);
}

#[test]
fn subscriptions_are_kept_should_be_checked() {
	fn subscribe(provider: ProviderId, max_min_price_per_unit: u128, max_multiplier_percent: u16) {
		let bounds = Subscribed { max_min_price_per_unit, max_multiplier_percent, until: 1 };
		change_ledger(provider, |ledger| ledger.subscribed = Some(bounds));
	}
	broken_by(
		"subscriptions_are_kept",
		&[|provider| subscribe(provider, 0, 100), |provider| subscribe(provider, 1, 99)],
	);
}

#[test]
fn open_counts_match_should_be_checked() {
	broken_by(
		"open_counts_match",
		&[
			|provider| change_ledger(provider, |ledger| ledger.open_jobs = 0),
			|provider| {
				Records::<Test>::mutate(provider, |record| record.as_mut().unwrap().models = 2);
			},
			|provider| {
				Records::<Test>::mutate(provider, |record| record.as_mut().unwrap().indebted = 1);
			},
			|_| {
				let orphan = Ledger { open_jobs: 1, ..Ledger::default() };
				Ledgers::<Test>::insert(ProviderId(7), MODEL, orphan);
			},
		],
	);
}

#[test]
fn supply_matches_offers_should_be_checked() {
	broken_by(
		"supply_matches_offers",
		&[
			|_| TotalSupply::<Test>::mutate(|supply| supply.bond += 1),
			|_| TotalSupply::<Test>::mutate(|supply| supply.units_per_day = 0),
		],
	);
}
