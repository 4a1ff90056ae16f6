//! Model directories: what is written is read, and every damage has an error that names it.
#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "a helper of tests that cannot go on has to fail, and the sizes are small"
)]

mod support;

use std::fs;

use assay_kernels_backend::{Piece, WeightError, WeightSource};
use assay_model::{
	EmbedFigures, EvaluationText, Figures, Manifest, Model, Quality, MANIFEST, PROGRAM, TOKENIZER,
	WEIGHTS,
};
use assay_primitives::{
	hash::{Hash, Native},
	merkle::{leaf, Tree},
};
use assay_programs::TensorId;
use safetensors::SafeTensors;
use support::{check, copy_bytes, program, write, NAMES};

#[test]
fn weights_return_copy_by_copy() {
	let folder = tempfile::tempdir().unwrap();
	let model = Model::open(&write(folder.path(), "model")).unwrap();
	model.verify(|_| ()).unwrap();
	let program = program();
	for (index, tensor) in program.tensors.iter().enumerate() {
		let id = TensorId(index as u16);
		for copy in 0..tensor.copies {
			let expected = copy_bytes(&program, index, copy);
			let mut bytes = vec![0; expected.len()];
			model.weights.read(id, copy, &mut bytes).unwrap();
			assert_eq!(bytes, expected);
			let short = model.weights.read(id, copy, &mut bytes[1..]);
			assert!(matches!(short, Err(WeightError::Size { .. })));
			let of = expected.len() as u64;
			let piece = &mut [0; 5];
			model.weights.read_piece(id, copy, Piece { start: of - 5, of }, piece).unwrap();
			assert_eq!(piece[..], expected[expected.len() - 5..]);
			for wrong in [Piece { start: of - 4, of }, Piece { start: 0, of: of + 5 }] {
				let refused = model.weights.read_piece(id, copy, wrong, piece);
				assert!(matches!(refused, Err(WeightError::Size { .. })), "{wrong:?}");
			}
		}
		let none = model.weights.read(id, tensor.copies, &mut []);
		assert!(matches!(none, Err(WeightError::Missing { .. })));
	}
}

#[test]
fn the_file_is_what_other_readers_expect() {
	let folder = tempfile::tempdir().unwrap();
	let bytes = fs::read(write(folder.path(), "model").join(WEIGHTS)).unwrap();
	let tensors = SafeTensors::deserialize(&bytes).unwrap();
	assert_eq!(tensors.len(), 1 + 1 + 3 + 3);
	let gain = tensors.tensor("layers.2.gain").unwrap();
	assert_eq!(gain.shape(), [48, 1]);
	assert_eq!(gain.data(), copy_bytes(&program(), 2, 2));
	for (name, view) in tensors.iter() {
		let start = view.data().as_ptr() as usize - bytes.as_ptr() as usize;
		assert_eq!(start % (view.dtype().bitsize() / 8), 0, "{name} is not aligned");
	}
}

#[test]
fn the_root_is_that_of_whole_rows_in_the_tables_order() {
	let folder = tempfile::tempdir().unwrap();
	let model = Model::open(&write(folder.path(), "model")).unwrap();
	let program = program();
	let mut leaves: Vec<Hash> = Vec::new();
	for (index, tensor) in program.tensors.iter().enumerate() {
		for copy in 0..tensor.copies {
			let bytes = copy_bytes(&program, index, copy);
			let size = (tensor.rows_per_leaf() * tensor.row_bytes()) as usize;
			leaves.extend(bytes.chunks(size).map(leaf::<Native>));
		}
	}
	let counted = program.tensors.iter().map(|t| t.leaves_per_copy() * u64::from(t.copies));
	assert_eq!(leaves.len() as u64, counted.sum::<u64>());
	assert_eq!(model.manifest.weights_root.0, Tree::<Native>::new(leaves).root());
}

#[test]
fn the_same_model_has_the_same_bytes() {
	let folder = tempfile::tempdir().unwrap();
	let [first, second] = ["first", "second"].map(|name| write(folder.path(), name));
	for file in [MANIFEST, PROGRAM, WEIGHTS, TOKENIZER] {
		assert_eq!(fs::read(first.join(file)).unwrap(), fs::read(second.join(file)).unwrap());
	}
}

/// Every byte of the weights matters, and the error names the tensor that it belongs to.
#[test]
fn a_changed_weight_is_found_and_named() {
	let folder = tempfile::tempdir().unwrap();
	let path = write(folder.path(), "model");
	let whole = fs::read(path.join(WEIGHTS)).unwrap();
	let tensors = SafeTensors::deserialize(&whole).unwrap();
	for (name, view) in tensors.iter() {
		let at = view.data().as_ptr() as usize - whole.as_ptr() as usize + view.data().len() / 2;
		let mut bytes = whole.clone();
		bytes[at] ^= 1;
		fs::write(path.join(WEIGHTS), &bytes).unwrap();
		let entry = NAMES.iter().find(|entry| {
			let (start, end) = entry.split_once('*').unwrap_or((entry, ""));
			name.starts_with(start) && name.ends_with(end)
		});
		let error = check(&path).unwrap_err();
		assert!(error.contains(&format!("tensor {} is damaged", entry.unwrap())), "{error}");
	}
}

#[test]
fn a_truncated_file_names_the_tensor_at_its_end() {
	let folder = tempfile::tempdir().unwrap();
	let path = write(folder.path(), "model");
	let whole = fs::read(path.join(WEIGHTS)).unwrap();
	for (bytes, part) in [
		(whole.len() - 1, "truncated inside tensor words.codes"),
		(whole.len() - 300 * 48 - 1, "truncated inside tensor layers.2.bias"),
		(20, "the header claims"),
		(7, "7 bytes"),
	] {
		fs::write(path.join(WEIGHTS), &whole[..bytes]).unwrap();
		let error = check(&path).unwrap_err();
		assert!(error.contains(part) && error.contains(WEIGHTS), "{error}");
	}
	fs::write(path.join(WEIGHTS), [&whole[..], &[0]].concat()).unwrap();
	assert!(check(&path).unwrap_err().contains("1 bytes follow the last tensor"));
}

#[test]
fn files_that_are_missing_or_changed() {
	let folder = tempfile::tempdir().unwrap();
	let path = write(folder.path(), "model");
	for file in [MANIFEST, PROGRAM, WEIGHTS, TOKENIZER] {
		let bytes = fs::read(path.join(file)).unwrap();
		fs::remove_file(path.join(file)).unwrap();
		let error = check(&path).unwrap_err();
		assert!(error.contains(&format!("no {file}")), "{error}");
		fs::write(path.join(file), bytes).unwrap();
	}
	check(&path).unwrap();

	let program = fs::read(path.join(PROGRAM)).unwrap();
	fs::write(path.join(PROGRAM), &program[..program.len() - 1]).unwrap();
	assert!(check(&path).unwrap_err().contains("no SCALE encoding"));
	fs::write(path.join(PROGRAM), vec![0; 70_000]).unwrap();
	assert!(check(&path).unwrap_err().contains("70000 bytes"));
	let other = {
		let mut other = support::program();
		other.max_positions = 63;
		other
	};
	fs::write(path.join(PROGRAM), other.to_bytes()).unwrap();
	assert!(check(&path).unwrap_err().contains("the manifest says program_hash 0x"));
	fs::write(path.join(PROGRAM), program).unwrap();
	fs::write(path.join(TOKENIZER), "{ }").unwrap();
	assert!(check(&path).unwrap_err().contains("the manifest says tokenizer_hash 0x"));
}

#[test]
fn manifests_are_read_strictly() {
	let folder = tempfile::tempdir().unwrap();
	let path = write(folder.path(), "model");
	let text = fs::read_to_string(path.join(MANIFEST)).unwrap();
	for (from, to, part) in [
		("\"format\": 1", "\"format\": 2", "format 2 is unknown"),
		("\"kind\"", "\"colour\": 1, \"kind\"", "unknown field `colour`"),
		("\"profile\": \"w8a8\",", "", "missing field `profile`"),
		("\"0x", "\"0y", "is no hash"),
		("\"embed\"", "\"generate\"", "the manifest says kind Generate, it is Embed"),
		("\"numerics_version\": 1", "\"numerics_version\": 2", "numerics_version 2, it is 1"),
		("words.scales", "words.codes", "`words.codes` is there twice"),
		("layers.*.gain", "layers.gain", "`layers.gain` has 0 stars for 3 copies"),
		("layers.*.gain", "layers.*.loss", "tensor layers.0.loss is missing"),
	] {
		assert!(text.contains(from), "{from}");
		fs::write(path.join(MANIFEST), text.replacen(from, to, 1)).unwrap();
		let error = check(&path).unwrap_err();
		assert!(error.contains(part), "{error}");
	}
}

#[test]
fn quality_is_added_later() {
	let folder = tempfile::tempdir().unwrap();
	let path = write(folder.path(), "model");
	let mut manifest = Manifest::read(&path).unwrap();
	let text = EvaluationText { blake2_256: Hash::default(), texts: 200, tokens: 4000 };
	let figures = Figures::Embed(EmbedFigures {
		cosine_min: 0.5,
		cosine_percentile_1: 0.75,
		cosine_median: 0.875,
		rank_correlation: 1.0,
	});
	manifest.quality = Some(Quality { text, backend: "exact".into(), figures });
	manifest.replace(&path).unwrap();
	assert_eq!(Manifest::read(&path).unwrap(), manifest);
	check(&path).unwrap();
}
