//! The model that ships with the repository, to the bit: what an import makes of it and what it answers
//! are the same on every machine, with every backend and any number of threads.

#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;

use std::{fs, path::Path};

use common::{adder, json_of, success, worker, Scratch};
use serde_json::Value;

/// Profile, program hash and weights root. A change of one of them is a change of what is computed, or
/// of the import: all models have to be imported again.
const PROFILES: [(&str, &str, &str); 3] = [
	(
		"w8a8",
		"0x7dcbb47e235dce7797705f1f76c0574dcb2af60f1539196f231fe4aa12b2340b",
		"0xe3f2f2a084b78b648c6f50c4a0af3084129541af71be9c05afb5737a174e57e4",
	),
	(
		"w8a16",
		"0x5b8f27cf7942cbf6530a9322a36a10fab498abe3ad398a15e0e41051ca068792",
		"0xe3f2f2a084b78b648c6f50c4a0af3084129541af71be9c05afb5737a174e57e4",
	),
	(
		"w16a16",
		"0x2b5f29738350adb8a8083e1b8a03f70322a5cccc8781621fb0569326168634be",
		"0x7d9e4edf7b64c2e61d860589896e8ed9b9851c0784219192b71648434c2e0d8b",
	),
];

const TOKENIZER_HASH: &str = "0xd6729d0a6d6f289b02c8191ab0f987a744ccfda3a33e167126b7a1fdc48413b6";

/// Of the tokens `8`, `5` and the end.
const ANSWER: &str = "0x307ad02c4a27263b6188daf2f66a75d75e1c8bc6e91dd5bdb2db739c9f53695e";

#[test]
fn the_adder_is_the_same_everywhere() {
	for (profile, program_hash, weights_root) in PROFILES {
		let scratch = Scratch::new();
		let (source, model) = (adder(), scratch.arg("model"));
		let import = ["model", "import", &source, "--out", &model, "--profile", profile, "--json"];
		let manifest = json_of(&worker(&import));
		assert_eq!(manifest["program_hash"], program_hash, "{profile}");
		assert_eq!(manifest["weights_root"], weights_root, "{profile}");
		assert_eq!(manifest["tokenizer_hash"], TOKENIZER_HASH);
		for how in [&["--backend", "exact"][..], &["--threads", "1"], &["--threads", "3"]] {
			let infer = ["infer", "--model", &model, "--text", "37+48=", "--json"];
			let answer = json_of(&worker(&[&infer[..], how].concat()));
			assert_eq!(answer["text"], "85", "{profile} {how:?}");
			assert_eq!(answer["hash"], ANSWER, "{profile} {how:?}");
		}
	}
}

#[test]
fn its_usual_profile_is_the_first() {
	let scratch = Scratch::new();
	let model = scratch.arg("model");
	success(&worker(&["model", "import", &adder(), "--out", &model]));
	let page = success(&worker(&["model", "show", &model]));
	for part in [PROFILES[0].1, PROFILES[0].2] {
		assert!(page.contains(part), "{part} is not in:\n{page}");
	}
}

/// `docs/examples/one-job` registers this model on a chain, without a worker to import it.
#[test]
fn the_documented_example_is_this_model() {
	let scratch = Scratch::new();
	let model = scratch.arg("model");
	success(&worker(&["model", "import", &adder(), "--out", &model]));
	let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/one-job/adder.json");
	let example: Value = serde_json::from_str(&fs::read_to_string(example).unwrap()).unwrap();
	let program = fs::read(Path::new(&model).join("program.scale")).unwrap();
	let program: String = program.iter().map(|byte| format!("{byte:02x}")).collect();
	assert_eq!(example["program"], format!("0x{program}"));
	assert_eq!(example["weights_root"], PROFILES[0].2);
	assert_eq!(example["tokenizer_hash"], TOKENIZER_HASH);
	let text = example["prompt"]["text"].as_str().unwrap();
	let answer = json_of(&worker(&["infer", "--model", &model, "--text", text, "--json"]));
	assert_eq!(answer["prompt_tokens"], example["prompt"]["tokens"]);
	for field in ["text", "tokens", "hash"] {
		assert_eq!(answer[field], example["answer"][field], "{field}");
	}
}
