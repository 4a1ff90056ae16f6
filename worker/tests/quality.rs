//! `model quality`, on the adder that ships with the repository.

#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;

use std::{fs, path::Path};

use common::{has_form, json_of, refused, success, worker, Checkpoint, Scratch};

/// The adder as it was trained.
fn adder() -> String {
	let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/adder/checkpoint");
	folder.to_str().unwrap().to_owned()
}

/// Problems and their answers, a line each.
fn problems() -> String {
	let pairs = (0..100).step_by(7).flat_map(|a| (0..100).step_by(5).map(move |b| (a, b)));
	pairs.map(|(a, b)| format!("{a}+{b}=\t{}\n", a + b)).collect()
}

#[test]
fn the_adder_solves_as_much_as_its_float_model() {
	let scratch = Scratch::new();
	let model = scratch.arg("model");
	success(&worker(&["model", "import", &adder(), "--out", &model]));
	let text = scratch.file("problems", &problems());
	let source = adder();
	let command = ["model", "quality", "--model", &model, "--source", &source, "--text", &text];
	let quality = json_of(&worker(&[&command[..], &["--json", "--write"]].concat()));

	has_form(&quality, &[("text", "object"), ("backend", "text"), ("figures", "object")]);
	assert_eq!(quality["text"]["texts"], 300);
	let figures = &quality["figures"]["generate"];
	assert_eq!(figures["accuracy"]["problems"], 300);
	let solved = |by: &str| figures["accuracy"][by].as_u64().unwrap();
	assert!(solved("float_correct") >= 298, "{figures}");
	assert!(solved("exact_correct") * 1000 >= solved("float_correct") * 995, "{figures}");
	assert!(figures["top1_agreement"].as_f64().unwrap() > 0.99, "{figures}");
	// Answers are all that is predicted: no digit of a problem, and nothing after its end.
	let digits: usize =
		problems().lines().map(|line| line.len() - line.find('\t').unwrap() - 1).sum();
	assert_eq!(figures["positions"], digits);

	let manifest = fs::read(Path::new(&model).join("manifest.json")).unwrap();
	let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
	assert_eq!(manifest["quality"], quality);
	let page = success(&worker(&["model", "show", &model]));
	assert!(page.contains("of 300 problems solved"), "{page}");
	success(&worker(&["model", "verify", &model]));
}

#[test]
fn a_text_that_means_nothing_to_the_model_is_refused() {
	let scratch = Scratch::new();
	let (model, source) = (scratch.arg("model"), adder());
	success(&worker(&["model", "import", &source, "--out", &model]));
	let output = worker(&["model", "quality", "--model", &model, "--source", &source]);
	refused(&output, 3, &["built-in text", "--text"]);
}

#[test]
fn another_models_source_is_a_difference() {
	let scratch = Scratch::new();
	let model = scratch.model(&Checkpoint::llama());
	let output = worker(&["model", "quality", "--model", &model, "--source", &adder()]);
	refused(&output, 4, &["config.json", "imported from"]);
}
