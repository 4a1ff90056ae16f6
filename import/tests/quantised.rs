//! Checkpoints whose weights are codes already.
#![allow(
	clippy::cast_possible_truncation,
	clippy::cast_possible_wrap,
	clippy::cast_sign_loss,
	clippy::unwrap_used,
	reason = "a helper of tests that cannot go on has to fail, and the sizes are small"
)]

mod support;

use assay_import::{Options, Profile, Smoothing};
use assay_kernels_backend::{reference::Interpreter, WeightSource};
use assay_programs::TensorId;
use safetensors::Dtype;
use serde_json::{json, Value};
use support::{
	float::{decoder, relative_error, DecoderForm},
	imported, run, Random, Source, SourceTensor,
};

const TOKENS: [u32; 6] = [3, 1, 4, 15, 9, 26];

fn quantisation() -> Value {
	json!({
		"quant_method": "compressed-tensors",
		"format": "int-quantized",
		"quantization_status": "compressed",
		"ignore": ["lm_head"],
		"kv_cache_scheme": null,
		"config_groups": { "group_0": {
			"targets": ["Linear"],
			"weights": {
				"num_bits": 8, "type": "int", "symmetric": true, "strategy": "channel",
				"dynamic": false, "observer": "minmax",
			},
			"input_activations": {
				"num_bits": 8, "type": "int", "symmetric": true, "strategy": "token", "dynamic": true,
			},
		} },
	})
}

/// A checkpoint of codes, and the float model that they stand for.
fn sources(scale_type: Dtype) -> (Source, Source) {
	let mut float = Source::llama();
	let mut codes = float.clone().option("quantization_config", quantisation());
	let mut random = Random::new(5);
	for (name, tensor) in Source::llama().tensors {
		if !name.contains("_proj") {
			continue;
		}
		let (rows, columns) = (tensor.shape[0], tensor.shape[1]);
		let scales: Vec<f32> = (0..rows).map(|_| 0.002 + 0.0005 * random.unit()).collect();
		let scales = SourceTensor::f32(&[rows, 1], &scales);
		let (scales, scale_values) = match scale_type {
			Dtype::F32 => (scales.clone(), scales.elements()),
			narrow => scales.narrow(narrow),
		};
		// -128 too: whoever made the codes may have used it.
		let bytes: Vec<u8> =
			(0..rows * columns).map(|_| (random.unit() * 128.0).floor() as i8 as u8).collect();
		let value = |(at, &code): (usize, &u8)| f32::from(code as i8) * scale_values[at / columns];
		let elements: Vec<f32> = bytes.iter().enumerate().map(value).collect();
		float.tensors.insert(name.clone(), SourceTensor::f32(&tensor.shape, &elements));
		codes.tensors.insert(format!("{name}_scale"), scales);
		let tensor = SourceTensor { dtype: Dtype::I8, shape: tensor.shape, bytes };
		codes.tensors.insert(name, tensor);
	}
	(codes, float)
}

#[test]
fn codes_and_scales_are_taken_as_they_are() {
	for scale_type in [Dtype::F32, Dtype::BF16] {
		let (codes, float) = sources(scale_type);
		let (_folder, model) = imported(&codes, &Options::default());
		let names = model.manifest.names();
		let entry =
			names.iter().position(|name| *name == "layers.*.attention.query.codes").unwrap();
		for layer in 0..support::LAYERS as u16 {
			let source = &codes.tensors[&format!("model.layers.{layer}.self_attn.q_proj.weight")];
			let mut bytes = vec![0; source.bytes.len()];
			model.weights.read(TensorId(entry as u16), layer, &mut bytes).unwrap();
			assert_eq!(bytes, source.bytes);
			assert!(bytes.contains(&0x80));
		}
		let interpreter = Interpreter::new(&model.program, &model.weights).unwrap();
		let logits = interpreter.run(&TOKENS, TOKENS.len() as u32, &mut ()).unwrap().elements;
		let expected = decoder(&float, DecoderForm::default(), &TOKENS).concat();
		let error = relative_error(&logits, &expected);
		assert!(error < 0.05, "{scale_type}: {error}");
	}
}

fn refusal(source: &Source, options: &Options) -> String {
	let folder = tempfile::tempdir().unwrap();
	source.write(&folder.path().join("source"));
	run(&folder.path().join("source"), &folder.path().join("out"), options).unwrap_err().to_string()
}

#[test]
fn what_codes_cannot_do_is_refused() {
	let (codes, _) = sources(Dtype::F32);
	let two_digits = Options { profile: Some(Profile::W16A16), ..Options::default() };
	let smooth = Options { smoothing: Smoothing::Percent(50), ..Options::default() };
	for options in [two_digits, smooth] {
		let error = refusal(&codes, &options);
		assert!(error.contains("q_proj.weight is quantised already"), "{error}");
	}
}

#[test]
fn other_schemes_are_refused_by_name() {
	let (codes, _) = sources(Dtype::F32);
	for (path, value, part) in [
		("/format", json!("pack-quantized"), "quantization_config.format is \"pack-quantized\""),
		("/quant_method", json!("gptq"), "quant_method is \"gptq\""),
		("/config_groups/group_0/weights/num_bits", json!(4), "weights.num_bits is 4"),
		("/config_groups/group_0/weights/symmetric", json!(false), "weights.symmetric is false"),
		(
			"/config_groups/group_0/weights/strategy",
			json!("tensor"),
			"weights.strategy is \"tensor\"",
		),
		("/config_groups/group_0/input_activations/dynamic", json!(false), "dynamic is false"),
		("/kv_cache_scheme", json!({ "num_bits": 8 }), "kv_cache_scheme"),
	] {
		let mut scheme = quantisation();
		*scheme.pointer_mut(path).unwrap() = value;
		let error =
			refusal(&codes.clone().option("quantization_config", scheme), &Options::default());
		assert!(error.contains(part), "{error}");
	}
}

const UP: &str = "model.layers.0.mlp.up_proj.weight";

#[test]
fn codes_without_scales_or_without_a_scheme_are_refused() {
	let (mut codes, _) = sources(Dtype::F32);
	codes.tensors.remove(&format!("{UP}_scale"));
	let error = refusal(&codes, &Options::default());
	assert!(error.contains(UP) && error.contains("I8"), "{error}");
	let (codes, _) = sources(Dtype::F32);
	let error = refusal(&codes.option("quantization_config", Value::Null), &Options::default());
	for part in ["_proj.weight is quantised already", "config.json has no quantization_config"] {
		assert!(error.contains(part), "{error}");
	}
}

#[test]
fn scales_that_make_no_sense_are_refused() {
	for (value, part) in [(-0.002_f32, "holds -0.002 for row 5"), (f32::NAN, "holds NaN")] {
		let (mut codes, _) = sources(Dtype::F32);
		let scales = codes.tensors.get_mut(&format!("{UP}_scale")).unwrap();
		scales.bytes[20..24].copy_from_slice(&value.to_le_bytes());
		let error = refusal(&codes, &Options::default());
		assert!(error.contains(&format!("{UP}_scale")) && error.contains(part), "{error}");
	}
}
