use assay_market::{traits::ModelStatus, ModelId};
use frame_support::{assert_noop, assert_ok};

use super::*;
use crate::{Availabilities, Parameters};

const EXPOSURE: u128 = PARAMETERS.silence_exposure;

#[test]
fn enough_attestations_should_list_a_model() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		attested_by(model, 1..=2);
		assert_eq!(record(model).facts.status, ModelStatus::Unlisted);
		events();
		assert_ok!(Models::attest(signed(owner(3)), model));
		assert_eq!(record(model).facts.status, ModelStatus::Listed);
		assert_eq!(
			events(),
			[
				Event::Attested { model, provider: ProviderId(3), exposure: EXPOSURE },
				Event::StatusChanged {
					model,
					from: ModelStatus::Unlisted,
					to: ModelStatus::Listed,
				},
			]
		);
		assert_eq!(pledged(3, model), EXPOSURE);
	});
}

#[test]
fn only_bonded_providers_should_attest_and_each_once() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		assert_noop!(Models::attest(signed(USER), model), error(Error::NotProvider));
		Unbonded::set([1].into());
		assert_noop!(Models::attest(signed(owner(1)), model), error(Error::NotBonded));
		Unbonded::set([].into());
		assert_noop!(
			Models::attest(signed(owner(1)), ModelId::default()),
			error(Error::UnknownModel)
		);
		attested_by(model, [1]);
		assert_noop!(Models::attest(signed(owner(1)), model), error(Error::AlreadyAttested));
		assert_eq!(counted(model), 1);
	});
}

#[test]
fn delegates_should_neither_attest_nor_withdraw() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		assert_noop!(Models::attest(signed(delegate(1)), model), error(Error::NotOwner));
		attested_by(model, [1]);
		assert_noop!(
			Models::withdraw_attestation(signed(delegate(1)), model),
			error(Error::NotOwner)
		);
		// They answer all the same.
		request(model, 0);
		assert_ok!(post(delegate(1), model, 0));
	});
}

#[test]
fn an_attester_should_not_answer_for_what_others_were_asked_before() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		attested_by(model, 1..=2);
		request(model, 0);
		request(model, 1);
		pass_ticks(PARAMETERS.request_ticks + 1);
		attested_by(model, 3..=4);
		// It may show the leaf, and may leave at once.
		assert_ok!(post(owner(3), model, 1));
		assert_ok!(Models::withdraw_attestation(signed(owner(3)), model));
		assert_eq!(pledged(3, model), 0);
		assert_ok!(Models::expire_request(signed(USER), model, 0));
		let reported: Vec<u32> = Reports::get().iter().map(|one| one.provider.0).collect();
		assert_eq!((reported, pledged(4, model)), (vec![1, 2], EXPOSURE));
	});
}

#[test]
fn an_attester_should_have_enough_free_bond() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		let exposure = FREE_BOND + 1;
		let parameters = Parameters { silence_exposure: exposure, ..PARAMETERS };
		assert_ok!(Models::set_parameters(RuntimeOrigin::root(), parameters));
		assert_noop!(
			Models::attest(signed(owner(1)), model),
			DispatchError::Other("too little free bond")
		);
		let parameters = Parameters { silence_exposure: FREE_BOND, ..PARAMETERS };
		assert_ok!(Models::set_parameters(RuntimeOrigin::root(), parameters));
		assert_ok!(Models::attest(signed(owner(1)), model));
	});
}

#[test]
fn a_model_should_have_a_bounded_number_of_attesters() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		attested_by(model, 1..=5);
		assert_noop!(Models::attest(signed(owner(6)), model), error(Error::TooManyAttesters));
		assert_eq!((counted(model), pledged(6, model)), (5, 0));
	});
}

#[test]
fn a_model_whose_notice_is_over_should_take_no_attestations() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		assert_ok!(Models::announce_deprecation(signed(REGISTRANT), model));
		pass_ticks(PARAMETERS.notice_ticks);
		attested_by(model, [1]);
		pass_ticks(1);
		assert_noop!(Models::attest(signed(owner(2)), model), error(Error::Retired));
	});
}

#[test]
fn withdrawing_should_free_the_bond_and_unlist() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		events();
		assert_ok!(Models::withdraw_attestation(signed(owner(2)), model));
		assert_eq!(pledged(2, model), 0);
		assert_eq!(
			events(),
			[
				Event::AttestationWithdrawn { model, provider: ProviderId(2) },
				Event::StatusChanged {
					model,
					from: ModelStatus::Listed,
					to: ModelStatus::Unlisted,
				},
			]
		);
		for who in [owner(2), owner(4)] {
			assert_noop!(
				Models::withdraw_attestation(signed(who), model),
				error(Error::NotAttester)
			);
		}
		assert_noop!(Models::withdraw_attestation(signed(USER), model), error(Error::NotProvider));
		assert_noop!(
			Models::withdraw_attestation(signed(owner(1)), ModelId::default()),
			error(Error::UnknownModel)
		);
	});
}

#[test]
fn what_was_bound_should_be_freed_whatever_the_parameters_became() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		attested_by(model, [1]);
		let parameters = Parameters { silence_exposure: 2 * EXPOSURE, ..PARAMETERS };
		assert_ok!(Models::set_parameters(RuntimeOrigin::root(), parameters));
		assert_ok!(Models::withdraw_attestation(signed(owner(1)), model));
		assert_eq!(pledged(1, model), 0);
		assert!(!Availabilities::<Test>::contains_key(model));
	});
}

#[test]
fn an_attester_should_answer_for_requests_that_were_open_when_it_withdrew() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		attested_by(model, 1..=4);
		request(model, 0);
		events();
		assert_ok!(Models::withdraw_attestation(signed(owner(1)), model));
		assert_eq!(events(), [Event::AttestationEnding { model, provider: ProviderId(1) }]);
		// It counts no longer, and stays bound.
		assert_eq!((counted(model), pledged(1, model)), (3, EXPOSURE));
		assert_noop!(Models::attest(signed(owner(1)), model), error(Error::AlreadyAttested));

		assert_ok!(post(owner(1), model, 0));
		assert_ok!(Models::withdraw_attestation(signed(owner(1)), model));
		assert_eq!(pledged(1, model), 0);
		assert_ok!(Models::attest(signed(owner(1)), model));
	});
}

#[test]
fn later_requests_should_keep_nobody_who_withdrew() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		attested_by(model, 1..=4);
		request(model, 0);
		assert_ok!(Models::withdraw_attestation(signed(owner(1)), model));
		request(model, 1);
		assert_ok!(post(owner(2), model, 0));
		// Withdrawing again does not make it answer for what was asked since.
		assert_ok!(Models::withdraw_attestation(signed(owner(1)), model));
		assert_eq!(pledged(1, model), 0);
		pass_ticks(PARAMETERS.request_ticks + 1);
		assert_ok!(Models::expire_request(signed(USER), model, 1));
		let reported: Vec<u32> = Reports::get().iter().map(|one| one.provider.0).collect();
		assert_eq!(reported, [2, 3, 4]);
	});
}

#[test]
fn refreshing_should_withdraw_for_providers_without_a_bond() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		events();
		assert_ok!(Models::refresh(signed(USER), model));
		assert_eq!((events(), counted(model)), (vec![], 3));

		Unbonded::set([1, 3].into());
		assert_ok!(Models::refresh(signed(USER), model));
		assert_eq!(counted(model), 1);
		assert_eq!((pledged(1, model), pledged(2, model)), (0, EXPOSURE));
		assert_eq!(record(model).facts.status, ModelStatus::Unlisted);
		assert_eq!(events().len(), 3);
		assert_noop!(Models::refresh(signed(USER), ModelId::default()), error(Error::UnknownModel));
	});
}

#[test]
fn refreshing_should_not_let_providers_without_a_bond_escape_open_requests() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		request(model, 0);
		Unbonded::set([1].into());
		assert_ok!(Models::refresh(signed(USER), model));
		assert_eq!((counted(model), pledged(1, model)), (2, EXPOSURE));
		assert_ok!(post(owner(1), model, 0));
		assert_ok!(Models::refresh(signed(USER), model));
		assert_eq!(pledged(1, model), 0);
	});
}
