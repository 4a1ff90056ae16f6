use assay_market::{
	traits::{Bonds as _, ModelStatus, Models as _},
	ModelId,
};
use assay_programs::samples;
use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use sp_runtime::DispatchError;

use super::*;
use crate::{AllClaims, HoldReason, Programs, StopIds};

fn retired() -> ModelId {
	let model = unlisted();
	assert_ok!(Models::announce_deprecation(signed(REGISTRANT), model));
	pass_ticks(PARAMETERS.notice_ticks + 1);
	model
}

#[test]
fn registrant_and_admin_should_announce_a_deprecation() {
	for origin in [signed(REGISTRANT), RuntimeOrigin::root()] {
		ExtBuilder::default().build_and_execute(|| {
			let model = listed();
			pass_ticks(7);
			events();
			assert_ok!(Models::announce_deprecation(origin, model));
			let until = 7 + PARAMETERS.notice_ticks;
			let to = ModelStatus::Deprecated { until };
			assert_eq!(
				events(),
				[
					Event::DeprecationAnnounced { model, until },
					Event::StatusChanged { model, from: ModelStatus::Listed, to },
				]
			);
		});
	}
}

#[test]
fn nobody_else_should_announce_a_deprecation_and_nobody_twice() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		assert_noop!(
			Models::announce_deprecation(signed(OTHER), model),
			error(Error::NotRegistrant)
		);
		assert_noop!(
			Models::announce_deprecation(RuntimeOrigin::none(), model),
			DispatchError::BadOrigin
		);
		assert_noop!(
			Models::announce_deprecation(signed(REGISTRANT), ModelId::default()),
			error(Error::UnknownModel)
		);
		assert_ok!(Models::announce_deprecation(signed(REGISTRANT), model));
		assert_noop!(
			Models::announce_deprecation(RuntimeOrigin::root(), model),
			error(Error::AlreadyDeprecated)
		);
	});
}

#[test]
fn a_frozen_model_should_show_as_frozen_whatever_its_deprecation() {
	ExtBuilder::default().build_and_execute(|| {
		let model = frozen();
		events();
		assert_ok!(Models::announce_deprecation(signed(REGISTRANT), model));
		assert_eq!(events().len(), 1);
		assert_eq!(record(model).facts.status, ModelStatus::Frozen);
		assert_ok!(post(USER, model, 0));
		attested_by(model, 1..=3);
		assert!(matches!(record(model).facts.status, ModelStatus::Deprecated { .. }));
	});
}

#[test]
fn removing_should_return_the_deposit_and_leave_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		let model = retired();
		events();
		assert_ok!(Models::remove(signed(USER), model));
		assert_eq!(events(), [Event::Removed { model }]);
		assert_eq!(Balances::free_balance(REGISTRANT), ENDOWMENT);
		assert_eq!(Balances::balance_on_hold(&HoldReason::Deposit.into(), &REGISTRANT), 0);
		assert!(!Records::<Test>::contains_key(model) && !Programs::<Test>::contains_key(model));
		assert!(!AllClaims::<Test>::contains_key(model) && !StopIds::<Test>::contains_key(model));
		// The same manifest makes the same model again.
		assert_eq!(unlisted(), model);
	});
}

#[test]
fn a_model_should_not_be_removed_before_its_notice_is_over() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		let remove = |model| Models::remove(signed(REGISTRANT), model);
		assert_noop!(remove(model), error(Error::NotDeprecated));
		assert_ok!(Models::announce_deprecation(signed(REGISTRANT), model));
		pass_ticks(PARAMETERS.notice_ticks);
		assert_noop!(remove(model), error(Error::NoticeRunning));
		pass_ticks(1);
		assert_ok!(remove(model));
		assert_noop!(remove(model), error(Error::UnknownModel));
	});
}

#[test]
fn a_model_that_somebody_depends_on_should_not_be_removed() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		attested_by(model, [1]);
		request(model, 0);
		Models::job_changed(&model, true);
		assert_ok!(Models::announce_deprecation(signed(REGISTRANT), model));
		pass_ticks(PARAMETERS.notice_ticks + 1);
		let remove = || Models::remove(signed(USER), model);
		assert_noop!(remove(), error(Error::JobsOpen));
		Models::job_changed(&model, false);
		assert_noop!(remove(), error(Error::RequestsOpen));
		assert_ok!(post(owner(1), model, 0));
		assert_ok!(remove());
	});
}

#[test]
fn neither_bonds_nor_attestations_nor_requests_should_retire_a_model_for_good() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		assert_ok!(Models::announce_deprecation(signed(REGISTRANT), model));
		pass_ticks(PARAMETERS.notice_ticks + 1);
		assert_noop!(
			Models::request_weights(signed(USER), model, 0, u128::MAX),
			error(Error::Retired)
		);
		// The fake's providers keep their bonds.
		assert!(FakeBonds::total_bonded(&model) > 0);
		events();
		assert_ok!(Models::remove(signed(OTHER), model));
		let withdrawn =
			[1, 2, 3].map(|id| Event::AttestationWithdrawn { model, provider: ProviderId(id) });
		assert_eq!(events(), [&withdrawn[..], &[Event::Removed { model }]].concat());
		assert_eq!([1, 2, 3].map(|provider| pledged(provider, model)), [0; 3]);
		assert_eq!(Balances::free_balance(REGISTRANT), ENDOWMENT);
		// Whoever wants it back needs no more than a deposit.
		let manifest = Box::new(manifest_of(&samples::decoder()));
		assert_ok!(Models::register(signed(OTHER), manifest));
		attested_by(model, 1..=3);
		assert_eq!(record(model).facts.status, ModelStatus::Listed);
	});
}

#[test]
fn a_model_with_open_requests_should_not_be_removed_but_one_with_missing_leaves() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		request(model, 0);
		request(model, 1);
		pass_ticks(PARAMETERS.request_ticks + 1);
		// All attesters are gone with the first request; the second is still open.
		assert_ok!(Models::expire_request(signed(USER), model, 0));
		assert_ok!(Models::announce_deprecation(signed(REGISTRANT), model));
		pass_ticks(PARAMETERS.notice_ticks + 1);
		assert_noop!(Models::remove(signed(USER), model), error(Error::RequestsOpen));
		assert_ok!(Models::expire_request(signed(USER), model, 1));
		assert_ok!(Models::remove(signed(USER), model));
	});
}
