//! A BERT, imported and run exactly, is near candle's network of the same weights, and a network that
//! differs in what importers get wrong is not.

#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;

use assay_kernels_backend::{reference::Reference, Backend};
use assay_model::{EmbedFigures, Model};
use assay_quality::{
	compare::{compare_embeddings, limits},
	float::FloatEncoder,
};
use common::{random_sequences, Checkpoint, POSITIONS};
use tempfile::TempDir;

/// What 8-bit keys, values and queries leave of the cosines of these models.
const NEAR: f64 = 0.9998;

/// The most that a model which computes something else reaches.
const FAR: f64 = 0.99;

/// An imported model with its source.
struct Imported {
	folder: TempDir,
	checkpoint: Checkpoint,
}

impl Imported {
	fn new(checkpoint: Checkpoint) -> Self {
		let folder = tempfile::tempdir().unwrap();
		checkpoint.import(&folder.path().join("source"), &folder.path().join("model"));
		Self { folder, checkpoint }
	}

	/// The exact model beside the float model of a checkpoint.
	fn beside(&self, checkpoint: &Checkpoint) -> EmbedFigures {
		let model = Model::open(&self.folder.path().join("model")).unwrap();
		let limits = limits(u32::try_from(POSITIONS).unwrap());
		let mut exact = Reference.load(&model.program, &model.weights, &limits).unwrap();
		let folder = self.folder.path().join("float");
		checkpoint.write(&folder);
		let float = FloatEncoder::load(&folder).unwrap();
		let (mut by_float, mut by_exact) = (Vec::new(), Vec::new());
		for sequence in random_sequences() {
			by_float.push(float.embed(&sequence.tokens).unwrap());
			let vectors = exact.embed(&[&sequence.tokens]).unwrap();
			by_exact.extend(vectors.into_iter().map(|v| v.into_iter().map(f64::from).collect()));
		}
		compare_embeddings(&by_float, &by_exact).unwrap()
	}
}

#[test]
fn bert_is_near() {
	let imported = Imported::new(Checkpoint::encoder());
	let figures = imported.beside(&imported.checkpoint);
	assert!(figures.cosine_min > NEAR, "{figures:?}");
	assert!(figures.rank_correlation > NEAR, "{figures:?}");
}

#[test]
fn what_importers_get_wrong_is_far() {
	let imported = Imported::new(Checkpoint::encoder());
	let is_far = |what: &str, change: &dyn Fn(&mut Checkpoint)| {
		let mut changed = imported.checkpoint.clone();
		change(&mut changed);
		let figures = imported.beside(&changed);
		assert!(figures.cosine_min < FAR, "{what}: {figures:?}");
	};
	is_far("the scale of the attention", &|c| {
		for layer in 0..2 {
			c.scale(&format!("encoder.layer.{layer}.attention.self.query.weight"), 2.0);
			c.scale(&format!("encoder.layer.{layer}.attention.self.query.bias"), 2.0);
		}
	});
	is_far("a transposed matrix", &|c| {
		c.transpose("encoder.layer.1.attention.output.dense.weight");
	});
	is_far("positions", &|c| {
		c.tensor("embeddings.position_embeddings.weight").values.rotate_left(64);
	});
	is_far("the kind of the first text", &|c| {
		c.tensor("embeddings.token_type_embeddings.weight").values.rotate_left(64);
	});
}
