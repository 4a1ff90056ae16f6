//! `infer`: answers of both kinds of model, and inputs that are refused.

#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;

use assay_engine::output::{hash_of_embedding, hash_of_tokens};
use common::{has_form, json_of, refused, success, worker, worker_with_input, Checkpoint, Scratch};
use serde_json::Value;

fn infer(model: &str, args: &[&str]) -> std::process::Output {
	worker(&[&["infer", "--model", model], args].concat())
}

fn ids(value: &Value) -> Vec<u32> {
	serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn generation_is_told_in_full_as_json() {
	let scratch = Scratch::new();
	let model = scratch.model(&Checkpoint::llama());
	let answer =
		json_of(&infer(&model, &["--text", "one plus two is", "--max-tokens", "6", "--json"]));
	has_form(
		&answer,
		&[
			("kind", "text"),
			("program_hash", "hash"),
			("weights_root", "hash"),
			("backend", "text"),
			("prompt_tokens", "list"),
			("tokens", "list"),
			("text", "text"),
			("finish_reason", "text"),
			("hash", "hash"),
			("sampling", "object"),
			("timing", "object"),
		],
	);
	has_form(
		&answer["sampling"],
		&[
			("temperature", "number"),
			("top_k", "number"),
			("top_p", "number"),
			("min_p", "number"),
			("seed", "text"),
		],
	);
	has_form(
		&answer["timing"],
		&[
			("load_seconds", "number"),
			("first_token_seconds", "number"),
			("total_seconds", "number"),
		],
	);
	assert_eq!(answer["kind"], "generate");
	assert_eq!(ids(&answer["prompt_tokens"]), [0, 3, 7, 4, 9]);
	let tokens = ids(&answer["tokens"]);
	assert_eq!(answer["hash"], hash_of_tokens(&tokens).to_string());
	match answer["finish_reason"].as_str() {
		Some("stop") => assert_eq!(tokens.last(), Some(&2)),
		Some("length") => assert_eq!(tokens.len(), 6),
		other => panic!("{other:?}"),
	}

	let text = success(&infer(&model, &["--text", "one plus two is", "--max-tokens", "6"]));
	assert_eq!(text.trim_end_matches('\n'), answer["text"]);
}

#[test]
fn every_way_to_give_the_same_tokens_gives_the_same_answer() {
	let scratch = Scratch::new();
	let model = scratch.model(&Checkpoint::llama());
	let generation =
		["--temperature", "0.9", "--top-p", "0.9", "--seed", "5", "--max-tokens", "12", "--json"];
	let hash =
		|args: &[&str]| json_of(&infer(&model, &[args, &generation[..]].concat()))["hash"].clone();
	let expected = hash(&["--text", "one two"]);
	let file = scratch.file("prompt.txt", "one two");
	assert_eq!(hash(&["--file", &file]), expected);
	assert_eq!(hash(&["--tokens", "0,3,4"]), expected);
	assert_eq!(hash(&["--text", "one two", "--threads", "1"]), expected);
	assert_eq!(hash(&["--text", "one two", "--threads", "3"]), expected);
	let stdin = [&["infer", "--model", &model, "--file", "-"][..], &generation[..]].concat();
	assert_eq!(json_of(&worker_with_input(&stdin, "one two"))["hash"], expected);
}

#[test]
fn a_chat_is_rendered_by_the_models_template() {
	let scratch = Scratch::new();
	let model = scratch.model(&Checkpoint::llama());
	let chat = scratch.file(
		"chat.json",
		r#"[{"role": "system", "content": "plus"}, {"role": "user", "content": "one"}]"#,
	);
	let answer = json_of(&infer(&model, &["--chat", &chat, "--max-tokens", "1", "--json"]));
	assert_eq!(ids(&answer["prompt_tokens"]), [0, 12, 13, 7, 10, 13, 3, 11, 13]);
}

#[test]
fn a_stop_string_ends_the_answer() {
	let scratch = Scratch::new();
	let model = scratch.model(&Checkpoint::llama());
	let answer = |seed: &str, more: &[&str]| {
		// Of high temperature, so that the words differ.
		let args = ["--text", "one", "--temperature", "50", "--seed", seed, "--json"];
		json_of(&infer(&model, &[&args[..], more].concat()))
	};
	// One seed in ten or so makes the model stop at once.
	let seeds = ["1", "2", "3", "4", "5", "6", "7", "8"].into_iter();
	let (seed, text) = seeds
		.map(|seed| (seed, answer(seed, &[])["text"].as_str().unwrap().to_owned()))
		.find(|(_, text)| text.split(' ').count() > 3)
		.unwrap();
	let stop = text.split(' ').nth(2).unwrap();
	let stopped = answer(seed, &["--stop", stop]);
	assert_eq!(stopped["finish_reason"], "stop_string");
	assert_eq!(stopped["text"], text[..text.find(stop).unwrap()]);
}

#[test]
fn an_embedding_comes_with_its_hash() {
	let scratch = Scratch::new();
	let model = scratch.model(&Checkpoint::bert());
	let answer = json_of(&infer(&model, &["--text", "one plus two", "--json"]));
	has_form(
		&answer,
		&[
			("kind", "text"),
			("program_hash", "hash"),
			("weights_root", "hash"),
			("backend", "text"),
			("tokens", "list"),
			("embedding", "list"),
			("hash", "hash"),
			("timing", "object"),
		],
	);
	has_form(&answer["timing"], &[("load_seconds", "number"), ("embed_seconds", "number")]);
	assert_eq!(answer["kind"], "embed");
	assert_eq!(ids(&answer["tokens"]), [0, 3, 7, 4, 2]);
	let embedding: Vec<f32> = serde_json::from_value(answer["embedding"].clone()).unwrap();
	assert_eq!(embedding.len(), 32);
	assert_eq!(answer["hash"], hash_of_embedding(&embedding).to_string());
	let norm: f32 = embedding.iter().map(|x| x * x).sum();
	assert!((norm - 1.0).abs() < 1e-3, "{norm}");

	let text = success(&infer(&model, &["--text", "one plus two"]));
	let shown: Vec<f32> = text.split_whitespace().map(|x| x.parse().unwrap()).collect();
	assert_eq!(shown, embedding);
}

#[test]
fn inputs_that_a_generating_model_cannot_run_are_refused() {
	let scratch = Scratch::new();
	let model = scratch.model(&Checkpoint::llama());
	let refused_with = |args: &[&str], parts: &[&str]| refused(&infer(&model, args), 3, parts);
	refused_with(&["--text", ""], &["the text is empty"]);
	refused_with(&["--tokens", "0,16"], &["token 16 does not exist", "16 tokens"]);
	refused_with(&["--text", "one", "--max-tokens", "0"], &["0 tokens", "at least 1"]);
	refused_with(
		&["--text", "one", "--max-tokens", "40"],
		&["2 tokens of prompt and 40 of answer need 41 positions", "has 40", "shorten"],
	);
	let long = ["one"; 50].join(" ");
	refused_with(&["--text", &long], &["51 tokens of prompt", "has 40"]);
	refused_with(&["--file", &scratch.arg("none.txt")], &["none.txt", "check the path"]);
	refused_with(&["--file", &scratch.arg("")], &["give a file instead of a folder"]);
	std::fs::write(scratch.path("bytes"), [b'a', 0xff]).unwrap();
	refused_with(&["--file", &scratch.arg("bytes")], &["bytes: no UTF-8 at byte 1"]);
	let chat = scratch.file("chat.json", r#"[{"role": "tool", "content": "one"}]"#);
	refused_with(&["--chat", &chat], &["refuses the messages: no tools here"]);
	let chat = scratch.file("chat.json", "{");
	refused_with(&["--chat", &chat], &["chat.json", "not readable"]);
	// The context is used up without being told to.
	let answer = infer(&model, &["--text", &["one"; 39].join(" "), "--json"]);
	assert_eq!(json_of(&answer)["tokens"].as_array().unwrap().len(), 1);
}

#[test]
fn inputs_that_an_embedding_model_cannot_run_are_refused() {
	let scratch = Scratch::new();
	let model = scratch.model(&Checkpoint::bert());
	let refused_with = |args: &[&str], parts: &[&str]| refused(&infer(&model, args), 3, parts);
	refused_with(&["--text", ""], &["the text is empty"]);
	refused_with(&["--text", "  "], &["the text is empty"]);
	let long = ["one"; 39].join(" ");
	refused_with(&["--text", &long], &["41 tokens", "at most 40"]);
	refused_with(&["--text", "one", "--max-tokens", "5"], &["--max-tokens", "embeds"]);
	let chat = scratch.file("chat.json", r#"[{"role": "user", "content": "one"}]"#);
	refused_with(&["--chat", &chat], &["no chat template", "give it text instead"]);
}

/// The limit stands for a machine with little memory; the program asks for both.
#[cfg(target_os = "linux")]
#[test]
fn a_model_that_does_not_fit_the_memory_is_refused_before_it_is_loaded() {
	let scratch = Scratch::new();
	let model = scratch.model(&Checkpoint::llama_of_much_context());
	for backend in ["cpu", "exact"] {
		let with_tokens = |count: &str| {
			let limited = "ulimit -v 1000000 && exec \"$@\"";
			let program = env!("CARGO_BIN_EXE_assay-worker");
			std::process::Command::new("sh")
				.args(["-c", limited, "sh", program, "infer", "--model", &model, "--text", "one"])
				.args(["--threads", "1", "--backend", backend, "--max-tokens", count])
				.output()
				.unwrap()
		};
		success(&with_tokens("1"));
		let parts = [
			"the model needs ",
			" MiB of memory (weights ",
			" MiB are available; lower --max-tokens",
		];
		refused(&with_tokens("32700"), 5, &parts);
	}
}

#[test]
fn every_backend_gives_the_same_answer() {
	for checkpoint in [Checkpoint::llama(), Checkpoint::bert()] {
		let scratch = Scratch::new();
		let model = scratch.model(&checkpoint);
		let hash = |backend| {
			let args = ["--text", "one plus two is", "--json", "--backend", backend];
			let answer = json_of(&infer(&model, &args));
			assert_eq!(answer["backend"], backend);
			answer["hash"].clone()
		};
		assert_eq!(hash("cpu"), hash("exact"));
	}
}

#[test]
fn a_folder_that_is_no_model_is_refused() {
	let scratch = Scratch::new();
	refused(&infer(&scratch.arg("none"), &["--text", "one"]), 3, &["none", "manifest.json"]);
}

#[test]
fn wrong_command_lines_exit_with_2() {
	for args in [
		&["infer", "--model", "m"][..],
		&["infer", "--model", "m", "--text", "a", "--tokens", "1"],
		&["infer", "--model", "m", "--text", "a", "--top-p", "1.5"],
		&["infer", "--model", "m", "--text", "a", "--temperature", "-1"],
		&["infer", "--model", "m", "--text", "a", "--seed", "x"],
		&["infer", "--model", "m", "--text", "a", "--backend", "abacus"],
		&["infer", "--model", "m", "--text", "a", "--threads", "0"],
		&["model"],
	] {
		assert_eq!(worker(args).status.code(), Some(2), "{args:?}");
	}
}
