use assay_market::{
	manifest::ProgramBytes,
	traits::{ModelStatus, Models as _},
	ModelId,
};
use assay_programs::samples;
use frame_support::assert_ok;
use sp_runtime::TryRuntimeError;

use super::*;
use crate::{
	availability::{Availability, Request, RequestState},
	types::Curation,
	AllClaims, Availabilities, Curations, OpenJobs, Programs, StopIds,
};

/// After a change of storage, the check of this name, and no earlier one, fails.
fn breaks(property: &'static str, change: impl FnOnce(ModelId)) {
	ExtBuilder::default().build().execute_with(|| {
		let model = listed();
		request(model, 0);
		assert_ok!(Models::curate(signed(USER), model, true));
		Models::job_changed(&model, true);
		assert_ok!(Models::do_try_state());
		change(model);
		assert_eq!(Models::do_try_state(), Err(TryRuntimeError::Other(property)));
	});
}

fn change_record(model: ModelId, change: impl FnOnce(&mut ModelRecord<AccountId>)) {
	Records::<Test>::mutate(model, |stored| change(stored.as_mut().unwrap()));
}

#[test]
fn deposits_match_holds_should_notice_every_kind_of_hold() {
	let property = "deposits_match_holds";
	breaks(property, |model| change_record(model, |record| record.deposit += 1));
	breaks(property, |model| change_record(model, |record| record.registrant = Some(OTHER)));
	breaks(property, |model| {
		Availabilities::<Test>::mutate(model, |availability| {
			let request = availability.requests.get_mut(&0).unwrap();
			request.state = RequestState::Open { by: USER, fee: 1, surcharge: 1, until: 10 };
		});
	});
	breaks(property, |model| {
		Curations::<Test>::mutate(USER, |list| {
			let entry = Curation { approved: true, deposit: u128::MAX };
			list.try_insert(model, entry).unwrap();
		});
	});
}

#[test]
fn facts_match_program_should_notice_other_facts_and_other_programs() {
	let property = "facts_match_program";
	breaks(property, |model| change_record(model, |record| record.facts.vocabulary += 1));
	breaks(property, |model| change_record(model, |record| record.facts.program_bytes += 1));
	breaks(property, |model| change_record(model, |record| record.weight_leaves += 1));
	breaks(property, Programs::<Test>::remove);
	breaks(property, |model| Programs::<Test>::insert(model, ProgramBytes::default()));
	breaks(property, StopIds::<Test>::remove);
}

#[test]
fn ids_match_manifests_should_notice_what_no_other_check_sees() {
	let property = "ids_match_manifests";
	breaks(property, |model| change_record(model, |record| record.facts.min_bond += 1));
	breaks(property, |model| change_record(model, |record| record.weights_root.0 .0[0] ^= 1));
	breaks(property, AllClaims::<Test>::remove);
	breaks(property, |model| {
		AllClaims::<Test>::mutate(model, |claims| claims.as_mut().unwrap().previous = Some(model));
	});
}

#[test]
fn listed_has_attestations_should_notice_a_missing_one() {
	breaks("listed_has_attestations", |model| {
		Availabilities::<Test>::mutate(model, |availability| {
			availability.attestations.remove(&ProviderId(1));
		});
	});
}

#[test]
fn missing_weights_freeze_should_notice_a_listed_model_with_a_missing_leaf() {
	breaks("missing_weights_freeze", |model| {
		Availabilities::<Test>::mutate(model, |availability| {
			let missing = Request { number: 1, bytes: 1, state: RequestState::Missing };
			availability.next_request = 2;
			availability.requests.try_insert(7, missing).unwrap();
		});
	});
}

#[test]
fn frozen_takes_no_jobs_should_notice_another_status() {
	breaks("frozen_takes_no_jobs", |model| {
		change_record(model, |record| {
			record.frozen = true;
			record.facts.status = ModelStatus::Unlisted;
		});
	});
}

#[test]
fn jobs_counted_should_notice_jobs_of_no_model() {
	breaks("jobs_counted", |_| OpenJobs::<Test>::insert(ModelId::default(), 1));
	breaks("jobs_counted", |model| OpenJobs::<Test>::insert(model, 0));
}

#[test]
fn nothing_left_behind_should_notice_what_belongs_to_no_model() {
	let (property, nobody) = ("nothing_left_behind", ModelId::default());
	let program = ProgramBytes::try_from(samples::decoder().to_bytes()).unwrap();
	breaks(property, |_| Programs::<Test>::insert(nobody, program));
	breaks(property, |model| {
		AllClaims::<Test>::insert(nobody, AllClaims::<Test>::get(model).unwrap());
	});
	breaks(property, |_| StopIds::<Test>::insert(nobody, crate::StopIdList::default()));
	breaks(property, |_| {
		Availabilities::<Test>::insert(nobody, Availability::<Test>::default());
	});
	breaks(property, |_| Curations::<Test>::mutate(OTHER, |_| ()));
}

#[test]
fn requests_are_numbered_should_notice_a_number_to_come_and_one_given_twice() {
	let property = "requests_are_numbered";
	breaks(property, |model| {
		Availabilities::<Test>::mutate(model, |availability| availability.next_request = 0);
	});
	breaks(property, |model| {
		request(model, 1);
		Availabilities::<Test>::mutate(model, |availability| {
			availability.requests.get_mut(&1).unwrap().number = 0;
		});
	});
}
