//! `model quality`, on the adder that ships with the repository.

#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;

use std::{fs, path::Path};

use common::{adder, has_form, json_of, refused, success, worker, Checkpoint, Scratch};

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

/// `models/adder/README.md` states the figures of all problems; these are a sample of them.
#[test]
fn every_profile_of_the_adder_keeps_its_accuracy() {
	for profile in ["w8a8", "w8a16", "w16a16"] {
		let scratch = Scratch::new();
		let (model, source) = (scratch.arg("model"), adder());
		success(&worker(&["model", "import", &source, "--out", &model, "--profile", profile]));
		let text = scratch.file("problems", &problems());
		let command = ["model", "quality", "--model", &model, "--source", &source, "--text", &text];
		let quality = json_of(&worker(&[&command[..], &["--json"]].concat()));
		let accuracy = &quality["figures"]["generate"]["accuracy"];
		let solved = |by: &str| accuracy[by].as_u64().unwrap();
		assert_eq!(solved("problems"), 300);
		// At most half a per cent is lost.
		let least = solved("float_correct") * 995;
		assert!(solved("exact_correct") * 1000 >= least, "{profile}: {accuracy}");
	}
}

#[test]
fn an_encoder_on_the_built_in_text_is_held_against_its_targets() {
	let scratch = Scratch::new();
	let model = scratch.model(&Checkpoint::bert_of_long_texts());
	let source = scratch.arg("source");
	let command = ["model", "quality", "--model", &model, "--source", &source];
	let quality = json_of(&worker(&[&command[..], &["--json", "--write"]].concat()));
	has_form(
		&quality,
		&[("text", "object"), ("backend", "text"), ("figures", "object"), ("targets", "list")],
	);
	let targets = quality["targets"].as_array().unwrap();
	assert_eq!(targets.len(), 2);
	for (target, (figure, least, found)) in targets
		.iter()
		.zip([("least cosine", 0.9998, "cosine_min"), ("median cosine", 0.9999, "cosine_median")])
	{
		assert_eq!(target["figure"], figure);
		assert_eq!(target["least"], least);
		let found = &quality["figures"]["embed"][found];
		assert_eq!(target["found"], *found);
		assert_eq!(target["reached"], found.as_f64().unwrap() >= least);
	}
	let page = success(&worker(&command));
	assert_eq!(page.lines().filter(|line| line.starts_with("target of")).count(), 2, "{page}");
	// What the manifest keeps are figures; targets are no part of a model.
	let manifest = fs::read(Path::new(&model).join("manifest.json")).unwrap();
	let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
	assert_eq!(manifest["quality"]["figures"], quality["figures"]);
	assert!(manifest["quality"].get("targets").is_none());

	let text = scratch.file("text", "one\ntwo plus\nthree minus one\n");
	let quality = json_of(&worker(&[&command[..], &["--text", &text, "--json"]].concat()));
	has_form(&quality, &[("text", "object"), ("backend", "text"), ("figures", "object")]);
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
