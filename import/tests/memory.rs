//! Memory of an import does not grow with its tensors.
#![cfg(target_os = "linux")]
#![allow(
	clippy::unwrap_used,
	reason = "a helper of tests that cannot go on has to fail, and the sizes are small"
)]

mod support;

use std::fs::{self, File};

use assay_import::{Options, Smoothing};
use safetensors::Dtype;
use serde_json::json;
use support::{run, Source, SourceTensor, VOCABULARY};

/// Columns of the tensors, and rows of the greatest.
const WIDE: usize = 1024;
const LONG: usize = 48 * 1024;
/// What an import may take: buffers of some rows, the tokenizer, the program itself. Half of what the
/// embedding has in 16 bits.
const BOUND_KIB: u64 = 48 * 1024;

/// The most memory that this process has had, in KiB. The file has one test, so that it is alone in
/// its process.
fn peak_kib() -> u64 {
	let status = fs::read_to_string("/proc/self/status").unwrap();
	let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
	line.split_whitespace().next().unwrap().parse().unwrap()
}

/// Writes a decoder whose embedding has 48 Mi elements, all holes.
fn write_sparse(folder: &std::path::Path, dtype: Dtype) {
	let widths = json!({
		"hidden_size": WIDE, "vocab_size": LONG, "head_dim": WIDE / 4, "tie_word_embeddings": true,
	});
	let mut source = Source::decoder("LlamaForCausalLM", json!({ "tie_word_embeddings": true }));
	source.write(folder);
	for (option, value) in widths.as_object().unwrap() {
		source = source.option(option, value.clone());
	}
	fs::write(folder.join("config.json"), source.config.to_string()).unwrap();
	let scaled = |side: usize| match side {
		VOCABULARY => LONG,
		support::INTERMEDIATE => side,
		// Of keys and values, and of everything else that is as wide as the stream.
		16 => WIDE / 2,
		_ => WIDE,
	};
	let (mut entries, mut end) = (serde_json::Map::new(), 0);
	for (name, SourceTensor { shape, .. }) in &source.tensors {
		let shape: Vec<usize> = shape.iter().map(|&side| scaled(side)).collect();
		let next = end + shape.iter().product::<usize>() * dtype.bitsize() / 8;
		let entry = json!({ "dtype": dtype, "shape": shape, "data_offsets": [end, next] });
		entries.insert(name.clone(), entry);
		end = next;
	}
	let header = serde_json::Value::from(entries).to_string();
	let length = (header.len() as u64).to_le_bytes();
	let path = folder.join("model.safetensors");
	fs::write(&path, [&length[..], header.as_bytes()].concat()).unwrap();
	let file = File::options().write(true).open(&path).unwrap();
	file.set_len((8 + header.len() + end) as u64).unwrap();
}

#[test]
fn tensors_are_never_held_as_a_whole() {
	let before = peak_kib();
	for (dtype, smoothing) in [(Dtype::F32, Smoothing::Off), (Dtype::BF16, Smoothing::Percent(50))]
	{
		let folder = tempfile::tempdir().unwrap();
		let source = folder.path().join("source");
		write_sparse(&source, dtype);
		let options = Options { smoothing, ..Options::default() };
		run(&source, &folder.path().join("out"), &options)
			.unwrap_or_else(|error| panic!("{error}"));
		let after = peak_kib();
		assert!(after < BOUND_KIB, "{dtype}: {before} KiB before, {after} KiB after");
	}
}
