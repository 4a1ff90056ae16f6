//! A small model directory, made from a seed.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::path::{Path, PathBuf};

use assay_model::{
	Assembly, Format, Kind, Manifest, Model, RunCost, Source, TensorEntry, WeightsWriter, TOKENIZER,
};
use assay_primitives::hash::{Hasher, Native, ProgramHash};
use assay_programs::{
	op::{Embed, Norm, OpKind, Table},
	Block, Element, Kind as ProgramKind, Op, Program, Tensor, TensorId,
};

/// Names of the program's tensors.
pub(crate) const NAMES: [&str; 4] =
	["words.codes", "words.scales", "layers.*.gain", "layers.*.bias"];

/// An embedding of 300 words of 48 channels, normalised three times.
pub(crate) fn program() -> Program {
	let repeated = |tensor: Tensor| tensor.repeated(3);
	let norm = Norm::Layer { gain: TensorId(2), bias: TensorId(3), eps: 1e-5.into() };
	let words = Table { codes: TensorId(0), scales: TensorId(1) };
	let embed = OpKind::Embed(Embed { words, encoder: None });
	let op = |kind| Op { output: 0, kind };
	Program {
		numerics_version: 1,
		kind: ProgramKind::Embed,
		vocabulary: 300,
		max_positions: 64,
		rotations: Vec::new(),
		tensors: vec![
			Tensor { element: Element::I8, rows: 300, columns: 48, copies: 1 },
			Tensor::vector(300),
			repeated(Tensor::vector(48)),
			repeated(Tensor::vector(48)),
		],
		blocks: vec![
			Block { repeat: 1, ops: vec![op(embed)] },
			Block { repeat: 3, ops: vec![op(OpKind::Normalise { input: 0, norm })] },
			Block { repeat: 1, ops: vec![op(OpKind::MeanPool { input: 0 })] },
		],
	}
}

/// Bytes of one copy of a tensor.
pub(crate) fn copy_bytes(program: &Program, tensor: usize, copy: u16) -> Vec<u8> {
	let seed = tensor as u64 * 31 + u64::from(copy);
	let byte = |at: u64| ((at + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8;
	(0..program.tensors[tensor].copy_bytes()).map(byte).collect()
}

/// Appends all weights in pieces of so many bytes.
pub(crate) fn append_all(writer: &mut WeightsWriter<'_>, program: &Program, piece: usize) {
	for (index, tensor) in program.tensors.iter().enumerate() {
		for copy in 0..tensor.copies {
			for bytes in copy_bytes(program, index, copy).chunks(piece) {
				writer.append(bytes).unwrap();
			}
		}
	}
}

/// Writes the model `NAME` into a folder.
pub(crate) fn write(folder: &Path, name: &str) -> PathBuf {
	let (program, out) = (program(), folder.join(name));
	let assembly = Assembly::create(&out).unwrap();
	let tokenizer = folder.join("source.json");
	std::fs::write(&tokenizer, "{}").unwrap();
	let copied = assembly.copy(&tokenizer, TOKENIZER).unwrap();
	let mut writer = assembly.weights(&program, &NAMES).unwrap();
	append_all(&mut writer, &program, 1000);
	let (weights_root, hashes) = writer.finish().unwrap();
	let named = NAMES.into_iter().zip(hashes);
	let manifest = Manifest {
		format: Format::V1,
		kind: Kind::Embed,
		architecture: "Test".into(),
		profile: "w8a8".into(),
		smoothing: None,
		numerics_version: 1,
		program_hash: ProgramHash(Native::hash(&program.to_bytes())),
		weights_root,
		tokenizer_hash: copied.blake2_256,
		stop_ids: Vec::new(),
		source: Source { name: "test".into(), revision: None, files: vec![copied] },
		notes: Vec::new(),
		costs: RunCost::of(&program).unwrap(),
		quality: None,
		tensors: named.map(|(name, hash)| TensorEntry { name: name.into(), hash }).collect(),
	};
	assembly.finish(&manifest, &program).unwrap();
	out
}

/// Opens and verifies; the error's text.
pub(crate) fn check(folder: &Path) -> Result<(), String> {
	let model = Model::open(folder).map_err(|error| error.to_string())?;
	model.verify(|_| ()).map_err(|error| error.to_string())
}
