//! Jobs that nobody accepted, or answered, in time.

use super::*;
use crate::Outcome;
use assay_market::{
	traits::{Offence, OffenceKind},
	ProviderId,
};

#[test]
fn a_job_that_nobody_accepted_should_expire_at_its_tick() {
	build_and_execute(|| {
		let id = driver().submitted(5).unwrap();
		run_to(10);
		assert_eq!(EscrowedUnits::get((USER, SERIES)), 25);
		run_to(11);
		assert_eq!(outcome_of(id), Outcome::Expired);
		assert_eq!(FreeUnits::get((USER, SERIES)), UNITS);
		assert_eq!((Reports::get(), EndedJobs::get()), (vec![], vec![]));
	});
}

#[test]
fn a_job_without_an_answer_should_be_late_at_its_deadline() {
	build_and_execute(|| {
		let id = driver().accepted(5).unwrap();
		run_to(22);
		check();
		run_to(23);
		let exposure = 160 * 75;
		assert_eq!(outcome_of(id), Outcome::Late { exposure });
		assert_eq!(FreeUnits::get((USER, SERIES)), UNITS);
		assert_eq!(Stakes::get((ProviderId(1), GENERATOR)), (0, 0, 0));
		assert_eq!(
			Reports::get(),
			[Offence {
				kind: OffenceKind::Late,
				provider: ProviderId(1),
				model: GENERATOR,
				job: Some(id),
				numerics_version: 1,
				exposure,
				terms: penalties(),
				lost: None,
			}]
		);
		assert_eq!(EndedJobs::get(), [(ProviderId(1), None)]);
	});
}

#[test]
fn an_answer_should_save_the_provider_from_being_late() {
	build_and_execute(|| {
		let id = driver().committed(5).unwrap();
		run_to(100);
		assert!(stored(id).answer().is_some());
		assert_eq!(Reports::get(), []);
	});
}
