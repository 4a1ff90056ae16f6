use assay_market::traits::Models as _;
use assay_programs::samples::{self, Decoder};
use codec::Encode;
use frame_support::{assert_noop, assert_ok};

use super::*;

fn build(models: Vec<Vec<u8>>) {
	ExtBuilder::default().models(models).build_and_execute(|| {});
}

#[test]
fn models_of_genesis_should_take_jobs_without_registrant_and_deposit() {
	let first = manifest_of(&samples::decoder());
	let second = Manifest {
		previous: Some(first.id::<HostHasher>()),
		..manifest_of(&Decoder { layers: 1, ..Decoder::default() }.program())
	};
	let models = vec![first.encode(), second.encode()];
	ExtBuilder::default().models(models).build_and_execute(|| {
		for manifest in [&first, &second] {
			let model = manifest.id::<HostHasher>();
			assert_eq!((record(model).registrant, record(model).deposit), (None, 0));
			assert_ok!(Models::ensure_takes_jobs(&model));
		}
		let model = first.id::<HostHasher>();
		attested_by(model, 1..=3);
		assert_noop!(
			Models::announce_deprecation(signed(REGISTRANT), model),
			error(Error::NotRegistrant)
		);
		assert_ok!(Models::announce_deprecation(RuntimeOrigin::root(), model));
	});
}

#[test]
fn nobody_should_link_to_a_model_of_genesis() {
	let first = manifest_of(&samples::decoder());
	ExtBuilder::default().models(vec![first.encode()]).build_and_execute(|| {
		let second = Manifest {
			previous: Some(first.id::<HostHasher>()),
			..manifest_of(&samples::encoder())
		};
		assert_noop!(
			Models::register(signed(REGISTRANT), Box::new(second)),
			error(Error::NotSuccessor)
		);
	});
}

#[test]
#[should_panic(expected = "models.models[1]: the bytes are no SCALE encoding of a manifest")]
fn genesis_should_refuse_bytes_that_are_no_manifest() {
	build(vec![manifest_of(&samples::decoder()).encode(), vec![1, 2, 3]]);
}

#[test]
#[should_panic(expected = "models.models[0]: program: vocabulary is 0, must be in 1..=1048576")]
fn genesis_should_refuse_a_program_in_words() {
	let mut program = samples::decoder();
	program.vocabulary = 0;
	build(vec![fixtures::manifest(&program).encode()]);
}

#[test]
#[should_panic(expected = "models.models[1]: Err(Module")]
fn genesis_should_refuse_the_same_model_twice() {
	let manifest = manifest_of(&samples::decoder()).encode();
	build(vec![manifest.clone(), manifest]);
}

#[test]
fn genesis_should_be_written_in_hexadecimal() {
	let models = vec![sp_core::Bytes(vec![0xab, 0x01])];
	let config = crate::GenesisConfig::<Test> { models, ..Default::default() };
	let json = serde_json::to_value(&config).unwrap();
	assert_eq!(json, serde_json::json!({ "models": ["0xab01"] }));
	let read: crate::GenesisConfig<Test> = serde_json::from_value(json).unwrap();
	assert_eq!(read.models, config.models);
}
