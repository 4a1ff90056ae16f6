//! `model`: import, show and verify, and checkpoints that are refused.

#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;

use std::{fs, process::Command};

use common::{has_form, json_of, refused, success, worker, Checkpoint, Scratch};
use serde_json::{json, Value};

/// Imports a checkpoint that has to be refused, and checks that nothing is left.
#[track_caller]
fn import_is_refused(change: impl FnOnce(&mut Checkpoint), parts: &[&str]) {
	let scratch = Scratch::new();
	let mut checkpoint = Checkpoint::llama();
	change(&mut checkpoint);
	checkpoint.write(&scratch.path("source"));
	import_of_folder_is_refused(&scratch, parts);
}

#[track_caller]
fn import_of_folder_is_refused(scratch: &Scratch, parts: &[&str]) {
	let output =
		worker(&["model", "import", &scratch.arg("source"), "--out", &scratch.arg("model")]);
	refused(&output, 3, parts);
	assert!(!scratch.path("model").exists());
	let left: Vec<_> =
		fs::read_dir(scratch.path(".")).unwrap().map(|e| e.unwrap().file_name()).collect();
	assert_eq!(left, ["source"]);
}

#[test]
fn an_import_tells_what_it_made_and_show_tells_the_same() {
	let scratch = Scratch::new();
	Checkpoint::llama().write(&scratch.path("source"));
	let (source, out) = (scratch.arg("source"), scratch.arg("model"));
	let args =
		["model", "import", &source, "--out", &out, "--name", "tiny", "--revision", "r1", "--json"];
	let manifest = json_of(&worker(&args));
	assert_eq!(manifest["architecture"], "LlamaForCausalLM");
	assert_eq!(manifest["source"]["name"], "tiny");
	assert_eq!(manifest["stop_ids"], json!([2]));

	let shown = json_of(&worker(&["model", "show", &out, "--tensors", "--json"]));
	has_form(&shown, &[("manifest", "object"), ("program", "object"), ("tensors", "list")]);
	assert_eq!(shown["manifest"], manifest);
	has_form(
		&shown["program"],
		&[
			("vocabulary", "number"),
			("max_positions", "number"),
			("operations", "number"),
			("program_bytes", "number"),
			("weight_bytes", "number"),
		],
	);
	let tensors = shown["tensors"].as_array().unwrap();
	assert_eq!(tensors.len(), manifest["tensors"].as_array().unwrap().len());
	let bytes = |tensor: &Value| tensor["bytes"].as_u64().unwrap();
	assert_eq!(tensors.iter().map(bytes).sum::<u64>(), bytes_of(&shown["program"]["weight_bytes"]));

	let page = success(&worker(&["model", "show", &out]));
	let root = manifest["weights_root"].as_str().unwrap();
	for part in
		["LlamaForCausalLM", root, "16 tokens", "40 positions", "tiny (r1)", "CU per 1000 tokens"]
	{
		assert!(page.contains(part), "{part} is not in:\n{page}");
	}
}

#[test]
fn what_a_model_lacks_of_its_source_is_told() {
	let scratch = Scratch::new();
	let mut checkpoint = Checkpoint::llama();
	checkpoint.config["max_position_embeddings"] = json!(131_072);
	checkpoint.write(&scratch.path("source"));
	let (source, out) = (scratch.arg("source"), scratch.arg("model"));
	let output = worker(&["model", "import", &source, "--out", &out]);
	success(&output);
	let note = "the context is 32768 positions";
	let warning = String::from_utf8_lossy(&output.stderr);
	assert!(warning.lines().any(|line| line.starts_with(&format!("Warning: {note}"))), "{warning}");
	let page = success(&worker(&["model", "show", &out]));
	assert!(page.contains(note) && page.contains("131072"), "{page}");
}

fn bytes_of(value: &Value) -> u64 {
	value.as_u64().unwrap()
}

#[test]
fn a_model_agrees_with_its_files_and_its_source() {
	for (checkpoint, import) in [
		(Checkpoint::llama(), &[][..]),
		(Checkpoint::bert(), &["--profile", "w8a8", "--smooth", "40"]),
	] {
		let scratch = Scratch::new();
		checkpoint.write(&scratch.path("source"));
		let (source, out) = (scratch.arg("source"), scratch.arg("model"));
		success(&worker(&[&["model", "import", &source, "--out", &out], import].concat()));
		success(&worker(&["model", "verify", &out]));
		let report = json_of(&worker(&["model", "verify", &out, "--source", &source, "--json"]));
		has_form(
			&report,
			&[
				("program_hash", "hash"),
				("weights_root", "hash"),
				("tokenizer_hash", "hash"),
				("source_verified", "flag"),
			],
		);
		assert_eq!(report["source_verified"], true);
	}
}

#[test]
fn another_source_is_found_out() {
	let scratch = Scratch::new();
	let model = scratch.model(&Checkpoint::llama());
	let mut other = Checkpoint::llama();
	other.tensor("model.norm.weight").3[0] ^= 1;
	other.write(&scratch.path("source"));
	let output = worker(&["model", "verify", &model, "--source", &scratch.arg("source")]);
	refused(&output, 4, &["model.safetensors is not the file"]);
}

#[test]
fn damage_is_found_and_named() {
	let scratch = Scratch::new();
	let model = scratch.model(&Checkpoint::llama());
	let weights = scratch.path("model/weights.safetensors");
	let mut bytes = fs::read(&weights).unwrap();
	*bytes.last_mut().unwrap() ^= 1;
	fs::write(&weights, &bytes).unwrap();
	let infer = ["infer", "--model", &model, "--text", "one plus two is"];
	for args in [&["model", "verify", &model][..], &infer] {
		refused(&worker(args), 4, &["weights.safetensors", "damaged"]);
	}

	fs::write(&weights, &bytes[..bytes.len() - 1]).unwrap();
	for args in [&["model", "show"][..], &["model", "verify"]] {
		refused(&worker(&[args, &[&model]].concat()), 3, &["weights.safetensors", "truncated"]);
	}
	let infer = worker(&["infer", "--model", &model, "--text", "one"]);
	refused(&infer, 3, &["weights.safetensors", "truncated"]);

	let tokenizer = scratch.path("model/tokenizer.json");
	fs::write(&tokenizer, "{}").unwrap();
	refused(&worker(&["model", "show", &model]), 4, &["tokenizer.json", "tokenizer_hash"]);
	fs::remove_file(scratch.path("model/program.scale")).unwrap();
	refused(&worker(&["model", "show", &model]), 3, &["program.scale"]);
}

#[test]
fn folders_that_are_no_checkpoint_are_refused() {
	let scratch = Scratch::new();
	fs::create_dir(scratch.path("source")).unwrap();
	import_of_folder_is_refused(&scratch, &["config.json"]);
	scratch.file("source/config.json", "{");
	import_of_folder_is_refused(&scratch, &["config.json", "line 1"]);
}

#[test]
fn configurations_that_are_not_understood_are_refused_by_name() {
	import_is_refused(
		|c| c.config["architectures"] = json!(["Rwkv"]),
		&["Rwkv", "LlamaForCausalLM"],
	);
	import_is_refused(|c| c.config["layer_shuffle"] = json!(1), &["layer_shuffle", "not known"]);
	import_is_refused(|c| c.config["hidden_act"] = json!("sine"), &["hidden_act", "sine"]);
	// K beyond the bound, before a single weight is read.
	import_is_refused(
		|c| {
			c.config["intermediate_size"] = json!(49_153);
			c.tensors.clear();
		},
		&["49153", "49152"],
	);
}

#[test]
fn weights_that_cannot_be_right_are_refused_by_name() {
	const NAME: &str = "model.layers.1.mlp.up_proj.weight";
	import_is_refused(|c| c.tensors.retain(|(name, ..)| name != NAME), &[NAME, "missing"]);
	import_is_refused(|c| c.tensor(NAME).2 = vec![32, 48], &[NAME, "[32, 48]", "[48, 32]"]);
	import_is_refused(|c| c.tensor(NAME).2 = vec![48, 31], &["model.safetensors", NAME]);
	import_is_refused(|c| c.tensor(NAME).1 = "F7", &[NAME, "F7"]);
	import_is_refused(|c| c.tensor(NAME).1 = "I32", &[NAME, "I32"]);
	for value in [f32::NAN, f32::INFINITY] {
		let place = 4 * (32 * 5 + 7);
		import_is_refused(
			|c| c.tensor(NAME).3[place..place + 4].copy_from_slice(&value.to_le_bytes()),
			&[NAME, "[5, 7]"],
		);
	}
	let mut extra = Checkpoint::llama().tensor(NAME).clone();
	extra.0 = "model.layers.1.mlp.gate2_proj.weight".to_owned();
	import_is_refused(|c| c.tensors.push(extra), &["gate2_proj", "not part of"]);
}

#[test]
fn a_file_that_was_cut_off_is_refused() {
	let scratch = Scratch::new();
	Checkpoint::llama().write(&scratch.path("source"));
	let weights = scratch.path("source/model.safetensors");
	let bytes = fs::read(&weights).unwrap();
	for length in [0, 7, 100, bytes.len() / 2, bytes.len() - 1] {
		fs::write(&weights, &bytes[..length]).unwrap();
		import_of_folder_is_refused(&scratch, &["model.safetensors"]);
	}
}

#[test]
fn a_tokenizer_of_another_model_is_refused() {
	let more = |c: &mut Checkpoint| c.tokenizer["model"]["vocab"]["seventeen"] = json!(16);
	import_is_refused(more, &["tokenizer.json", "seventeen", "16"]);
	import_is_refused(|c| c.tokenizer = json!({ "version": "1.0" }), &["tokenizer.json"]);
	let after = |c: &mut Checkpoint| {
		c.tokenizer["post_processor"]["special_tokens"]["<s>"]["ids"] = json!([500]);
	};
	import_is_refused(after, &["tokenizer.json", "500", "16"]);
}

/// What an import makes can be run: nobody finds out later that a file beside the weights is broken.
#[test]
fn chat_files_that_cannot_be_used_are_refused_before_anything_is_published() {
	import_is_refused(
		|c| c.tokenizer_config["chat_template"] = json!("{% for %}"),
		&["tokenizer_config.json", "syntax error", "remove it"],
	);
	import_is_refused(
		|c| c.tokenizer_config = json!([]),
		&["tokenizer_config.json", "invalid type", "came with the weights"],
	);
	let scratch = Scratch::new();
	Checkpoint::llama().write(&scratch.path("source"));
	scratch.file("source/chat_template.jinja", "{% endfor %}");
	import_of_folder_is_refused(&scratch, &["source/chat_template.jinja: ", "syntax error"]);
}

#[test]
fn far_fewer_tokens_than_the_model_has_are_told() {
	let scratch = Scratch::new();
	let mut checkpoint = Checkpoint::llama();
	let words = checkpoint.tokenizer["model"]["vocab"].as_object_mut().unwrap();
	words.retain(|_, id| id.as_u64().unwrap() < 8);
	checkpoint.write(&scratch.path("source"));
	let (source, out) = (scratch.arg("source"), scratch.arg("model"));
	let output = worker(&["model", "import", &source, "--out", &out]);
	success(&output);
	let warning = String::from_utf8_lossy(&output.stderr);
	let note = "the tokenizer has 8 tokens, the model 16";
	assert!(warning.lines().any(|line| line.starts_with(&format!("Warning: {note}"))), "{warning}");
	assert!(success(&worker(&["model", "show", &out])).contains(note));
}

#[test]
fn a_calibration_text_without_use_is_refused() {
	let scratch = Scratch::new();
	Checkpoint::llama().write(&scratch.path("source"));
	let (source, out, text) =
		(scratch.arg("source"), scratch.arg("new/model"), scratch.arg("none.txt"));
	let import = ["model", "import", &source, "--out", &out, "--calibration", &text];
	refused(&worker(&import), 3, &["none.txt", "leave it out"]);
	let smooth = [&import[..], &["--smooth", "50"]].concat();
	refused(&worker(&smooth), 3, &["none.txt", "check the path"]);
	assert!(!scratch.path("new").exists());
}

#[test]
fn an_output_that_exists_is_not_touched() {
	let scratch = Scratch::new();
	let model = scratch.model(&Checkpoint::llama());
	let output = worker(&["model", "import", &scratch.arg("source"), "--out", &model]);
	refused(&output, 3, &["exists", "choose another"]);
	success(&worker(&["model", "verify", &model]));
}

/// A limit on the size of files stands for a full disk: writing fails in the middle.
#[cfg(unix)]
#[test]
fn a_failed_write_leaves_nothing() {
	let scratch = Scratch::new();
	Checkpoint::llama().write(&scratch.path("source"));
	let output = Command::new("sh")
		.args(["-c", "trap '' XFSZ; ulimit -f 4; exec \"$@\"", "sh"])
		.args([env!("CARGO_BIN_EXE_assay-worker"), "model", "import", &scratch.arg("source")])
		.args(["--out", &scratch.arg("model")])
		.output()
		.unwrap();
	refused(&output, 1, &["weights.safetensors"]);
	assert!(!scratch.path("model").exists());
	assert!(!scratch.path("model.partial").exists());
}

/// pip talks to a port where nobody listens.
#[test]
fn fetching_offline_says_so_and_leaves_nothing() {
	let scratch = Scratch::new();
	let output = Command::new(env!("CARGO_BIN_EXE_assay-worker"))
		.args(["model", "fetch", "minilm", "--out", &scratch.arg("new/minilm")])
		.envs([("PIP_INDEX_URL", "http://127.0.0.1:9"), ("PIP_RETRIES", "0")])
		.env("PIP_CONFIG_FILE", "/dev/null")
		.env_remove("PIP_EXTRA_INDEX_URL")
		.env_remove("PIP_FIND_LINKS")
		.output()
		.unwrap();
	refused(&output, 5, &["pip", "package index", "reachable"]);
	assert_eq!(fs::read_dir(scratch.path(".")).unwrap().count(), 0);
}
