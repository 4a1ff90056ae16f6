//! Every family of decoders, imported and run exactly, is near candle's network of the same weights,
//! and a network that differs in what importers get wrong is not.

#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;

use assay_kernels_backend::{reference::Reference, Backend};
use assay_model::Model;
use assay_quality::{
	compare::{compare_predictions, limits},
	float::FloatDecoder,
	metrics::Predictions,
};
use common::{random_sequences, Checkpoint, POSITIONS};
use serde_json::json;
use tempfile::TempDir;

/// What 8-bit keys, values and queries may cost these models in divergence, in nats, and the
/// agreement that remains. Everything else has 16 bits.
const NEAR: (f64, f64) = (0.002, 0.96);

/// The least divergence of a model that computes something else.
const FAR: f64 = 20.0 * NEAR.0;

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
	fn beside(&self, checkpoint: &Checkpoint) -> Predictions {
		let model = Model::open(&self.folder.path().join("model")).unwrap();
		let limits = limits(u32::try_from(POSITIONS).unwrap());
		let mut exact = Reference.load(&model.program, &model.weights, &limits).unwrap();
		let folder = self.folder.path().join("float");
		checkpoint.write(&folder);
		let mut float = FloatDecoder::load(&folder).unwrap();
		compare_predictions(&mut float, exact.as_mut(), &random_sequences(), |_| {}).unwrap()
	}

	/// The exact model beside its own float model.
	fn predictions(&self) -> Predictions {
		self.beside(&self.checkpoint)
	}
}

#[track_caller]
fn is_near(predictions: &Predictions) {
	let (divergence, agreement) = NEAR;
	assert!(predictions.mean_divergence() < divergence, "{predictions:?}");
	assert!(predictions.top1_agreement() > agreement, "{predictions:?}");
	let ratio = predictions.exact_perplexity() / predictions.float_perplexity();
	assert!((0.99..1.01).contains(&ratio), "{ratio}");
	// All tokens but the first of each sequence.
	assert_eq!(predictions.positions(), (1..POSITIONS as u64).sum::<u64>());
}

#[test]
fn llama_is_near() {
	is_near(&Imported::new(Checkpoint::decoder("LlamaForCausalLM", json!({}))).predictions());
}

#[test]
fn llama_3_with_scaled_rotation_is_near() {
	let scaling = json!({ "rope_scaling": { "rope_type": "llama3", "factor": 8.0,
		"low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 16 } });
	let imported = Imported::new(Checkpoint::decoder("LlamaForCausalLM", scaling));
	is_near(&imported.predictions());
	// Without the scaling it is another model.
	let unscaled = Checkpoint::decoder("LlamaForCausalLM", json!({}));
	assert!(imported.beside(&unscaled).mean_divergence() > FAR);
}

#[test]
fn mistral_with_its_own_width_of_heads_is_near() {
	let options = json!({ "head_dim": 32, "sliding_window": POSITIONS });
	is_near(&Imported::new(Checkpoint::decoder("MistralForCausalLM", options)).predictions());
}

#[test]
fn qwen_2_with_biases_is_near() {
	let options = json!({ "use_sliding_window": false });
	is_near(&Imported::new(Checkpoint::decoder("Qwen2ForCausalLM", options)).predictions());
}

#[test]
fn qwen_3_with_norms_of_heads_and_a_tied_table_is_near() {
	let options = json!({ "head_dim": 32, "tie_word_embeddings": true });
	let imported = Imported::new(Checkpoint::decoder("Qwen3ForCausalLM", options));
	is_near(&imported.predictions());
	// What scales queries is undone by their norm; the norm itself is not.
	let mut changed = imported.checkpoint.clone();
	changed.scale("model.layers.0.self_attn.q_proj.weight", 2.0);
	is_near(&imported.beside(&changed));
	changed.scale("model.layers.0.self_attn.q_norm.weight", 2.0);
	assert!(imported.beside(&changed).mean_divergence() > FAR);
}

#[test]
fn what_importers_get_wrong_is_far() {
	let imported = Imported::new(Checkpoint::decoder("LlamaForCausalLM", json!({})));
	let is_far = |what: &str, change: &dyn Fn(&mut Checkpoint)| {
		let mut changed = imported.checkpoint.clone();
		change(&mut changed);
		let divergence = imported.beside(&changed).mean_divergence();
		assert!(divergence > FAR, "{what}: {divergence}");
	};
	is_far("the rotation", &|c| c.config["rope_theta"] = 100.0.into());
	is_far("the scale of the attention", &|c| {
		for layer in 0..2 {
			c.scale(&format!("model.layers.{layer}.self_attn.q_proj.weight"), 2.0);
		}
	});
	is_far("a transposed matrix", &|c| c.transpose("model.layers.1.self_attn.o_proj.weight"));
	is_far("the norms' epsilon", &|c| c.config["rms_norm_eps"] = 1.0.into());
}
