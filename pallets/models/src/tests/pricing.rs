use assay_market::{
	traits::{ModelStatus, Models as _, Run},
	Lengths, ModelId,
};
use assay_programs::{
	cost::{self, ComputeUnits},
	samples, Shape,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchResult;

use super::*;
use crate::{OpenJobs, Parameters};

fn lengths(inputs: u32, outputs: u32) -> Lengths {
	Lengths { inputs, outputs }
}

fn run(model: ModelId, inputs: u32, outputs: u32) -> Result<Run, DispatchError> {
	Models::run(&model, lengths(inputs, outputs), &cost::Weights::default())
}

fn takes_jobs(model: ModelId) -> DispatchResult {
	Models::ensure_takes_jobs(&model).map(drop)
}

#[test]
fn a_run_should_cost_what_the_program_says() {
	ExtBuilder::default().build_and_execute(|| {
		let program = samples::decoder();
		let model = unlisted();
		for (inputs, outputs) in [(1, 1), (10, 4), (1_000, 100)] {
			let shape = Shape::new(&program, inputs, outputs).unwrap();
			let cost = program.types().unwrap().cost(shape);
			let found = run(model, inputs, outputs).unwrap();
			assert_eq!(found.trace_bytes, cost.trace_bytes);
			assert_eq!(found.units, cost.compute_units(&cost::Weights::default()));
		}
	});
}

#[test]
fn the_callers_weights_should_count_and_not_todays() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		let weights = cost::Weights { output_token: u32::MAX, ..Default::default() };
		let dear = Models::run(&model, lengths(1, 1), &weights).unwrap();
		assert!(dear.units > run(model, 1, 1).unwrap().units);
		CostWeights::set(weights);
		assert!(dear.units > run(model, 1, 1).unwrap().units);
	});
}

#[test]
fn longer_runs_should_never_cost_less() {
	ExtBuilder::default().build_and_execute(|| {
		let (model, embedding) = (unlisted(), register(manifest_of(&samples::encoder())));
		let mut last = ComputeUnits(0);
		for outputs in [1, 2, 16, 100, 600] {
			let units = run(model, 600, outputs).unwrap().units;
			assert!(units > last);
			last = units;
		}
		let mut last = ComputeUnits(0);
		for inputs in [1, 2, 16, 100, 600] {
			let units = run(embedding, inputs, 0).unwrap().units;
			assert!(units > last);
			last = units;
		}
	});
}

#[test]
fn the_longest_run_should_be_admitted_and_no_longer_one() {
	ExtBuilder::default().build_and_execute(|| {
		let (model, embedding) = (unlisted(), register(manifest_of(&samples::encoder())));
		// The last token of an answer takes no position.
		for (inputs, outputs) in [(1_200, 1), (1, 1_200), (600, 601)] {
			assert_ok!(run(model, inputs, outputs));
			let longer = [(inputs + 1, outputs), (inputs, outputs + 1), (u32::MAX, outputs)];
			for (inputs, outputs) in longer {
				assert_eq!(run(model, inputs, outputs), Err(error(Error::TooManyPositions)));
			}
		}
		assert_ok!(run(embedding, 600, 0));
		assert_eq!(run(embedding, 601, 0), Err(error(Error::TooManyPositions)));
	});
}

#[test]
fn lengths_that_no_run_has_should_be_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let (model, embedding) = (unlisted(), register(manifest_of(&samples::encoder())));
		assert_eq!(run(model, 0, 1), Err(error(Error::NoInput)));
		assert_eq!(run(model, 1, 0), Err(error(Error::NoOutput)));
		assert_eq!(run(embedding, 0, 0), Err(error(Error::NoInput)));
		assert_eq!(run(embedding, 1, 1), Err(error(Error::EmbeddingHasNoOutput)));
		assert_eq!(run(ModelId::default(), 1, 1), Err(error(Error::UnknownModel)));
	});
}

#[test]
fn only_the_programs_stop_ids_should_end_an_answer() {
	ExtBuilder::default().build_and_execute(|| {
		let (model, embedding) = (unlisted(), register(manifest_of(&samples::encoder())));
		assert!(Models::is_stop_token(&model, 2));
		assert!(!Models::is_stop_token(&model, 3));
		assert!(!Models::is_stop_token(&embedding, 2));
		assert!(!Models::is_stop_token(&ModelId::default(), 2));
		assert_eq!(Models::first_stop_token(&model, &[5, 0, 2, 7, 2]), Some(2));
		assert_eq!(Models::first_stop_token(&model, &[5, 0]), None);
	});
}

#[test]
fn facts_should_have_the_greater_of_the_models_bond_and_todays_floor() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		assert_eq!(Models::facts(&model).unwrap().min_bond, 1_000);
		let parameters = Parameters { min_bond_floor: 5_000, ..PARAMETERS };
		assert_ok!(Models::set_parameters(RuntimeOrigin::root(), parameters));
		assert_eq!(Models::facts(&model).unwrap().min_bond, 5_000);
		assert_eq!(record(model).facts.min_bond, 1_000);
		assert_eq!(Models::facts(&ModelId::default()), None);
	});
}

#[test]
fn listed_and_unlisted_models_should_take_jobs() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		assert_eq!(Models::ensure_takes_jobs(&model), Ok(Models::facts(&model).unwrap()));
		attested_by(model, 1..=3);
		assert_eq!(Models::ensure_takes_jobs(&model).unwrap().status, ModelStatus::Listed);
	});
}

#[test]
fn models_that_take_no_jobs_should_say_why() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(takes_jobs(ModelId::default()), Err(error(Error::UnknownModel)));
		let model = listed();
		Stopped::set(true);
		assert_eq!(takes_jobs(model), Err(error(Error::ArithmeticStopped)));
		Stopped::set(false);
		NumericsVersions::set([2].into());
		assert_eq!(takes_jobs(model), Err(error(Error::NumericsVersionNotAdmitted)));
		NumericsVersions::set([1].into());
		assert_ok!(takes_jobs(model));

		request(model, 0);
		pass_ticks(PARAMETERS.request_ticks + 1);
		assert_ok!(Models::expire_request(signed(USER), model, 0));
		assert_eq!(takes_jobs(model), Err(error(Error::Frozen)));
	});
}

#[test]
fn a_deprecated_model_should_take_jobs_until_its_last_tick() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		assert_ok!(Models::announce_deprecation(signed(REGISTRANT), model));
		pass_ticks(PARAMETERS.notice_ticks);
		assert_ok!(takes_jobs(model));
		pass_ticks(1);
		assert_eq!(takes_jobs(model), Err(error(Error::Retired)));
	});
}

#[test]
fn the_registered_program_should_be_handed_out_with_the_root_of_its_weights() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		let (program, root) = <Models as assay_market::traits::Models>::program(&model).unwrap();
		assert_eq!(Some(&program), crate::Programs::<Test>::get(model).as_ref());
		assert_eq!(root, crate::Records::<Test>::get(model).unwrap().weights_root);
		assert_eq!(<Models as assay_market::traits::Models>::program(&ModelId::default()), None);
	});
}

#[test]
fn jobs_should_be_counted_and_keep_a_model() {
	ExtBuilder::default().build_and_execute(|| {
		let model = unlisted();
		assert_ok!(Models::announce_deprecation(signed(REGISTRANT), model));
		pass_ticks(PARAMETERS.notice_ticks + 1);
		Models::job_changed(&model, true);
		Models::job_changed(&model, true);
		Models::job_changed(&model, false);
		assert_eq!(OpenJobs::<Test>::get(model), 1);
		assert_noop!(Models::remove(signed(USER), model), error(Error::JobsOpen));
		Models::job_changed(&model, false);
		assert!(!OpenJobs::<Test>::contains_key(model));
		assert_ok!(Models::remove(signed(USER), model));
	});
}

#[test]
#[should_panic(expected = "more jobs of a model ended than were opened")]
fn a_job_that_ends_twice_should_be_noticed() {
	ExtBuilder::default().build_and_execute(|| Models::job_changed(&unlisted(), false));
}

#[test]
#[should_panic(expected = "a job of an unknown model")]
fn a_job_of_no_model_should_be_noticed() {
	ExtBuilder::default().build_and_execute(|| Models::job_changed(&ModelId::default(), true));
}
