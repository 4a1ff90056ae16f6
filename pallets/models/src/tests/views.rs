use std::collections::BTreeSet;

use assay_market::{traits::Models as _, Lengths, ModelId};
use assay_programs::samples::{self, Decoder};
use frame_support::assert_ok;

use super::*;
use crate::views::{ModelsPage, StatusKind, MAX_PAGE};

#[test]
fn a_model_should_be_shown_with_claims_apart() {
	ExtBuilder::default().build_and_execute(|| {
		let manifest = manifest_of(&samples::decoder());
		let model = listed();
		request(model, 3);
		Models::job_changed(&model, true);
		let view = Models::model(model).unwrap();
		assert_eq!(Some(view.facts), Models::facts(&model));
		assert!(view.takes_jobs);
		assert_eq!((view.weights_root, view.open_jobs), (manifest.weights_root, 1));
		assert_eq!(view.attesters, [1, 2, 3].map(ProviderId));
		assert_eq!(view.requests, [(3, Some(PARAMETERS.request_ticks))]);
		assert_eq!((view.registrant, view.deposit), (Some(REGISTRANT), record(model).deposit));
		assert_eq!(view.claimed.source, manifest.source);
		assert_eq!(view.claimed.quality, manifest.quality);
		assert_eq!(Models::model(ModelId::default()), None);
	});
}

#[test]
fn a_frozen_model_should_show_its_missing_leaves_and_take_no_jobs() {
	ExtBuilder::default().build_and_execute(|| {
		let view = Models::model(frozen()).unwrap();
		assert!(!view.takes_jobs);
		assert_eq!((view.requests, view.attesters), (vec![(0, None)], vec![]));
	});
}

#[test]
fn an_attester_that_withdrew_should_not_be_shown() {
	ExtBuilder::default().build_and_execute(|| {
		let model = listed();
		request(model, 0);
		assert_ok!(Models::withdraw_attestation(signed(owner(2)), model));
		assert_eq!(Models::model(model).unwrap().attesters, [1, 3].map(ProviderId));
	});
}

#[test]
fn prices_should_be_those_of_todays_weights_by_token() {
	ExtBuilder::default().build_and_execute(|| {
		let (model, embedding) = (unlisted(), register(manifest_of(&samples::encoder())));
		for (model, inputs, outputs) in [(model, 30, 10), (embedding, 40, 0)] {
			let lengths = Lengths { inputs, outputs };
			let price = Models::price(model, lengths).unwrap();
			assert_eq!(Ok(price.run), Models::run(&model, lengths, &CostWeights::get()));
			let by_token = (u128::from(price.run.units.0) * 1_000_000).div_ceil(40);
			assert_eq!(price.units_per_million_tokens, by_token);
		}
		let lengths = Lengths { inputs: 0, outputs: 0 };
		assert_eq!(Models::price(model, lengths), Err(error(Error::NoInput)));
	});
}

#[test]
fn pages_should_show_every_model_once() {
	ExtBuilder::default().build_and_execute(|| {
		let program = |layers| Decoder { layers, ..Decoder::default() }.program();
		let all: BTreeSet<ModelId> =
			(1..=7).map(|layers| register(manifest_of(&program(layers)))).collect();
		for limit in [0, 1, 3, 7, u32::MAX] {
			let (mut found, mut after) = (Vec::new(), None);
			loop {
				let page = Models::models(None, after, limit);
				assert!(page.models.len() <= usize::try_from(limit.clamp(1, MAX_PAGE)).unwrap());
				found.extend(page.models.into_iter().map(|(model, _)| model));
				after = page.next;
				if after.is_none() {
					break;
				}
			}
			assert_eq!(found.len(), all.len());
			assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), all);
		}
	});
}

#[test]
fn pages_should_show_models_of_one_status() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(Models::models(None, None, 10), ModelsPage::default());
		let listed = listed();
		let unlisted = register(manifest_of(&samples::encoder()));
		for (status, expected) in [
			(StatusKind::Listed, vec![listed]),
			(StatusKind::Unlisted, vec![unlisted]),
			(StatusKind::Frozen, vec![]),
			(StatusKind::Deprecated, vec![]),
		] {
			let page = Models::models(Some(status), None, 10);
			let models: Vec<ModelId> = page.models.into_iter().map(|(model, _)| model).collect();
			assert_eq!((models, page.next), (expected, None));
		}
	});
}

#[test]
fn a_refusal_should_be_told_in_words() {
	ExtBuilder::default().build_and_execute(|| {
		let mut program = samples::decoder();
		assert_eq!(Models::refusal(program.to_bytes()), None);
		program.vocabulary = 0;
		assert_eq!(
			Models::refusal(program.to_bytes()).as_deref(),
			Some("program: vocabulary is 0, must be in 1..=1048576")
		);
		assert_eq!(
			Models::refusal(vec![0; 65_537]).as_deref(),
			Some("the program has 65537 bytes, at most 65536 are admitted")
		);
	});
}

#[test]
fn the_deposit_should_be_known_before() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(Models::deposit(0), Some(PARAMETERS.deposit_base));
		assert_eq!(Models::deposit(1_000), Some(PARAMETERS.deposit_base + 2_000));
	});
}
