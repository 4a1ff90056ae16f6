//! Every family against its float model, and the same bytes whatever the number of threads.
#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "a helper of tests that cannot go on has to fail, and the sizes are small"
)]

mod support;

use assay_import::{Options, Profile, Smoothing};
use assay_kernels_backend::reference::Interpreter;
use assay_model::{Kind, Model};
use assay_programs::op::{Mask, OpKind};
use rayon::ThreadPoolBuilder;
use safetensors::Dtype;
use serde_json::json;
use support::{
	float::{decoder, encoder, relative_error, DecoderForm},
	imported, pooling, run, Source,
};

const TOKENS: [u32; 12] = [1, 39, 7, 7, 21, 3, 30, 14, 8, 25, 11, 0];

fn options(profile: Profile) -> Options {
	Options { profile: Some(profile), smoothing: Smoothing::Off, ..Options::default() }
}

/// Logits after each token, or the embedding.
fn exact(model: &Model) -> Vec<f32> {
	let interpreter = Interpreter::new(&model.program, &model.weights).unwrap();
	let outputs = if model.manifest.kind == Kind::Generate { TOKENS.len() as u32 } else { 1 };
	interpreter.run(&TOKENS, outputs, &mut ()).unwrap().elements
}

/// Errors of the profiles, most precise first.
fn decoder_errors(source: &Source, form: DecoderForm) -> [f64; 3] {
	let float = decoder(source, form, &TOKENS).concat();
	Profile::ALL.map(|profile| {
		let (_folder, model) = imported(source, &options(profile));
		relative_error(&exact(&model), &float)
	})
}

/// Heads have one digit in every profile, which decides the first bound; the tiny random models
/// exaggerate everything.
fn assert_close(name: &str, errors: [f64; 3]) {
	for (error, bound) in errors.into_iter().zip([0.02, 0.05, 0.1]) {
		assert!(error < bound, "{name}: {errors:?}");
	}
	assert!(errors[0] < errors[1] && errors[1] < errors[2], "{name}: {errors:?}");
}

#[test]
fn llama_with_its_options() {
	assert_close("plain", decoder_errors(&Source::llama(), DecoderForm::default()));
	let biases = Source::decoder(
		"LlamaForCausalLM",
		json!({ "attention_bias": true, "mlp_bias": true, "tie_word_embeddings": true }),
	);
	let tied = DecoderForm { tied: true, ..DecoderForm::default() };
	assert_close("biases, tied", decoder_errors(&biases, tied));
}

#[test]
fn llama_with_scaled_rotation() {
	let linear = json!({ "rope_scaling": { "type": "linear", "factor": 4.0 } });
	let form = DecoderForm {
		frequency: Some(|pair| 10_000_f64.powf(-(pair as f64) / 4.0) / 4.0),
		..DecoderForm::default()
	};
	assert_close("linear", decoder_errors(&Source::decoder("LlamaForCausalLM", linear), form));

	// Wavelengths of 2 pi, 63, 628 and 6283 positions over a context of 512: 81 turns, 8, 0.8 and
	// 0.08; unchanged above 4, divided below 1.
	let llama3 = json!({ "rope_parameters": {
		"rope_type": "llama3", "rope_theta": 10000, "factor": 8.0, "low_freq_factor": 1.0,
		"high_freq_factor": 4.0, "original_max_position_embeddings": 512,
	}, "rope_theta": null });
	let form = DecoderForm {
		frequency: Some(|pair| {
			10_000_f64.powf(-(pair as f64) / 4.0) / if pair < 2 { 1.0 } else { 8.0 }
		}),
		..DecoderForm::default()
	};
	assert_close("llama3", decoder_errors(&Source::decoder("LlamaForCausalLM", llama3), form));
}

#[test]
fn mistral_sees_its_window() {
	let source = Source::decoder("MistralForCausalLM", json!({ "sliding_window": 4 }));
	let form = DecoderForm { window: Some(4), ..DecoderForm::default() };
	assert_close("mistral", decoder_errors(&source, form));
	let (_folder, model) = imported(&source, &options(Profile::W8A8));
	let masks: Vec<_> = model
		.program
		.steps()
		.filter_map(|step| match step.op.kind {
			OpKind::Attention(attention) => Some(attention.mask),
			_ => None,
		})
		.collect();
	assert_eq!(masks, [Mask::Sliding { window: 4 }; support::LAYERS]);
}

#[test]
fn qwen3_normalises_heads() {
	let source = Source::decoder("Qwen3ForCausalLM", json!({ "head_dim": support::HEAD_DIM }));
	let form = DecoderForm { head_norms: true, ..DecoderForm::default() };
	assert_close("qwen3", decoder_errors(&source, form));
}

#[test]
fn qwen2_bears_great_biases_of_keys() {
	let mut source = Source::decoder("Qwen2ForCausalLM", json!({ "use_sliding_window": false }));
	assert_close("qwen2", decoder_errors(&source, DecoderForm::default()));
	// One pair of channels of each key head far above the others.
	for layer in 0..support::LAYERS {
		let name = format!("model.layers.{layer}.self_attn.k_proj.bias");
		let mut bias = source.elements(&name);
		for head in bias.chunks_mut(support::HEAD_DIM) {
			head[3] = 60.0;
			head[7] = -45.0;
		}
		let length = bias.len();
		source.tensors.insert(name, support::SourceTensor::f32(&[length], &bias));
	}
	let errors = decoder_errors(&source, DecoderForm::default());
	// Without balance 0.086.
	assert!(errors[0] < 0.05, "{errors:?}");
}

#[test]
fn bert_pools_as_it_is_told() {
	for (architecture, prefix) in [("BertModel", ""), ("BertForMaskedLM", "bert.")] {
		let mut source = Source::encoder(architecture, prefix, json!({}));
		let rows = encoder(&source, prefix, &TOKENS);
		let sums = rows.iter().skip(1).fold(rows[0].clone(), |mut sum, row| {
			sum.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
			sum
		});
		let mean: Vec<f64> = sums.iter().map(|sum| sum / rows.len() as f64).collect();
		let length = mean.iter().map(|x| x * x).sum::<f64>().sqrt();
		let unit: Vec<f64> = mean.iter().map(|x| x / length).collect();
		for (mode, normalise, expected) in [
			("pooling_mode_mean_tokens", true, &unit),
			("pooling_mode_mean_tokens", false, &mean),
			("pooling_mode_cls_token", false, &rows[0]),
			("pooling_mode_lasttoken", false, &rows[TOKENS.len() - 1]),
		] {
			source.files.extend(pooling(&json!({ mode: true }), normalise));
			let (_folder, model) = imported(&source, &options(Profile::W16A16));
			let error = relative_error(&exact(&model), expected);
			assert!(error < 0.02, "{architecture} {mode} {normalise}: {error}");
		}
	}
}

#[test]
fn smoothing_changes_the_codes_and_hardly_the_function() {
	for (source, profile) in [(Source::bert(), Profile::W16A16), (Source::llama(), Profile::W16A16)]
	{
		let folder = tempfile::tempdir().unwrap();
		let text = folder.path().join("text");
		std::fs::write(&text, "w1 w2 w3\nw30 w31\n\nw7 w9 w11 w39\n").unwrap();
		let smooth = Options {
			smoothing: Smoothing::Percent(50),
			calibration: assay_import::Calibration::File(text),
			..options(profile)
		};
		let (_plain_folder, plain) = imported(&source, &options(profile));
		let (_smooth_folder, smooth) = imported(&source, &smooth);
		assert_ne!(plain.manifest.weights_root, smooth.manifest.weights_root);
		assert_eq!(smooth.manifest.smoothing.as_ref().unwrap().percent, 50);
		let plain: Vec<f64> = exact(&plain).into_iter().map(f64::from).collect();
		let error = relative_error(&exact(&smooth), &plain);
		assert!(error > 0.0 && error < 0.01, "{}: {error}", source.config["architectures"]);
	}
}

/// All sources that differ in form.
fn all_sources() -> Vec<Source> {
	vec![
		Source::llama(),
		Source::decoder("MistralForCausalLM", json!({ "sliding_window": 4 })),
		Source::decoder("Qwen2ForCausalLM", json!({ "tie_word_embeddings": true })),
		Source::decoder("Qwen3ForCausalLM", json!({ "head_dim": 8 })),
		Source::bert(),
	]
}

#[test]
fn threads_and_repetition_do_not_show() {
	for source in all_sources() {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("source");
		source.write(&path);
		let options = Options { smoothing: Smoothing::Percent(40), ..Options::default() };
		let [first, second] = [1, 2].map(|threads| {
			let out = folder.path().join(threads.to_string());
			let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
			pool.install(|| run(&path, &out, &options)).unwrap_or_else(|error| panic!("{error}"));
			out
		});
		let names = support::entries(&first);
		assert_eq!(names, support::entries(&second));
		assert!(names.contains(&"tokenizer_config.json".into()), "{names:?}");
		for name in names {
			let [first, second] =
				[&first, &second].map(|out| std::fs::read(out.join(&name)).unwrap());
			assert!(first == second, "{name} of {}", source.config["architectures"]);
		}
		Model::open(&first).unwrap().verify(|_| ()).unwrap();
	}
}

#[test]
fn a_context_beyond_what_programs_have_is_cut_and_noted() {
	for (source, longest) in [(Source::llama(), 131_072), (Source::llama(), 32_769)] {
		let source = source.option("max_position_embeddings", json!(longest));
		let (_folder, model) = imported(&source, &Options::default());
		assert_eq!(model.program.max_positions, 32_768);
		let [note] = &model.manifest.notes[..] else { panic!("{:?}", model.manifest.notes) };
		for part in ["context", "32768 positions", &longest.to_string()] {
			assert!(note.contains(part), "{note}");
		}
	}
	let source = Source::llama().option("max_position_embeddings", json!(32_768));
	let (_folder, model) = imported(&source, &Options::default());
	assert_eq!(model.program.max_positions, 32_768);
	assert!(model.manifest.notes.is_empty());
}

#[test]
fn shards_do_not_show() {
	let source = Source::llama();
	let folder = tempfile::tempdir().unwrap();
	let (single, sharded) = (folder.path().join("single"), folder.path().join("sharded"));
	source.write(&single);
	source.write_sharded(&sharded);
	let [single, sharded] = [single, sharded].map(|path| {
		run(&path, &path.with_extension("out"), &Options::default()).unwrap().weights_root
	});
	assert_eq!(single, sharded);
}

#[test]
fn elements_of_16_bits_are_taken_without_rounding() {
	for dtype in [Dtype::BF16, Dtype::F16] {
		let (mut narrow, mut wide) = (Source::llama(), Source::llama());
		for (name, tensor) in Source::llama().tensors {
			let (narrowed, elements) = tensor.narrow(dtype);
			wide.tensors.insert(name.clone(), support::SourceTensor::f32(&tensor.shape, &elements));
			narrow.tensors.insert(name, narrowed);
		}
		let [narrow, wide] = [narrow, wide]
			.map(|source| imported(&source, &options(Profile::W8A16)).1.manifest.weights_root);
		assert_eq!(narrow, wide, "{dtype}");
	}
}
