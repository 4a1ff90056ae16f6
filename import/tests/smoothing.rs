//! Smoothing against its definition: ranges as the reference measures them, factors as they follow.
#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "a helper of tests that cannot go on has to fail, and the sizes are small"
)]

mod support;

use std::{collections::BTreeMap, fs};

use assay_import::{Calibration, Options, Profile, Smoothing};
use assay_kernels_backend::{
	reference::{FloatRows, Interpreter, Observer},
	WeightSource,
};
use assay_model::{Kind, Model};
use assay_programs::{op::OpKind, program::Step, TensorId};
use serde_json::json;
use support::{imported, run, Source, LAYERS};

/// Greatest code of one digit.
const MAX_CODE: f32 = 127.0;
/// Examples, as ids; the word of id n is `wn`.
const EXAMPLES: [&[u32]; 4] = [&[1, 2, 3], &[30, 31], &[7, 9, 11, 39, 4, 4], &[12]];

/// A place where channels are smoothed.
struct Site {
	/// Block, and which of its quantisations.
	place: (usize, usize),
	/// The layers behind it; `*` stands for the layer.
	readers: &'static [&'static str],
	/// The tensor of the model that divides by the factor.
	divides: Divides,
}

enum Divides {
	/// Multipliers.
	Multipliers(&'static str),
	/// A gain, and its name in the source.
	Gain(&'static str, &'static str),
	/// The rows of the layer whose columns the factor of another site multiplies.
	UpRows { name: &'static str, columns: usize },
}

const DECODER: [Site; 5] = [
	Site {
		place: (1, 0),
		readers: &[
			"model.layers.*.self_attn.q_proj.weight",
			"model.layers.*.self_attn.k_proj.weight",
			"model.layers.*.self_attn.v_proj.weight",
		],
		divides: Divides::Gain(
			"layers.*.attention.norm.gain",
			"model.layers.*.input_layernorm.weight",
		),
	},
	Site {
		place: (1, 1),
		readers: &["model.layers.*.self_attn.o_proj.weight"],
		divides: Divides::Multipliers("layers.*.attention.output.multipliers"),
	},
	Site {
		place: (1, 2),
		readers: &["model.layers.*.mlp.gate_proj.weight", "model.layers.*.mlp.up_proj.weight"],
		divides: Divides::Gain(
			"layers.*.feed_forward.norm.gain",
			"model.layers.*.post_attention_layernorm.weight",
		),
	},
	Site {
		place: (1, 3),
		readers: &["model.layers.*.mlp.down_proj.weight"],
		divides: Divides::UpRows { name: "layers.*.feed_forward.up.scales", columns: 2 },
	},
	Site {
		place: (2, 0),
		readers: &["lm_head.weight"],
		divides: Divides::Gain("norm.gain", "model.norm.weight"),
	},
];

const ENCODER: [Site; 4] = [
	Site {
		place: (1, 0),
		readers: &[
			"encoder.layer.*.attention.self.query.weight",
			"encoder.layer.*.attention.self.key.weight",
			"encoder.layer.*.attention.self.value.weight",
		],
		divides: Divides::Multipliers("layers.*.attention.multipliers"),
	},
	Site {
		place: (1, 1),
		readers: &["encoder.layer.*.attention.output.dense.weight"],
		divides: Divides::Multipliers("layers.*.attention.output.multipliers"),
	},
	Site {
		place: (1, 2),
		readers: &["encoder.layer.*.intermediate.dense.weight"],
		divides: Divides::Multipliers("layers.*.feed_forward.multipliers"),
	},
	Site {
		place: (1, 3),
		readers: &["encoder.layer.*.output.dense.weight"],
		divides: Divides::Multipliers("layers.*.feed_forward.down.multipliers"),
	},
];

/// Greatest magnitudes of channels by block, operation and iteration.
#[derive(Default)]
struct Ranges(BTreeMap<(usize, usize, u16), Vec<f32>>);

impl Observer for Ranges {
	fn quantise(&mut self, step: Step<'_>, rows: &FloatRows) {
		let seen = self.0.entry((step.block, step.index, step.iteration)).or_default();
		seen.resize(rows.columns, 0.0);
		rows.elements.chunks(rows.columns).for_each(|row| widen(seen, row));
	}
}

fn widen(seen: &mut [f32], row: &[f32]) {
	seen.iter_mut().zip(row).for_each(|(seen, x)| *seen = seen.max(x.abs()));
}

/// What the reference sees of the model in two digits.
fn activations(model: &Model) -> Ranges {
	let interpreter = Interpreter::new(&model.program, &model.weights).unwrap();
	let mut ranges = Ranges::default();
	for tokens in EXAMPLES {
		let outputs = match model.manifest.kind {
			Kind::Generate => tokens.len() as u32,
			Kind::Embed => 1,
		};
		interpreter.run(tokens, outputs, &mut ranges).unwrap();
	}
	ranges
}

fn named(name: &str, layer: u16) -> String {
	name.replace('*', &layer.to_string())
}

/// One copy of a tensor of f32.
fn floats(model: &Model, name: &str, copy: u16) -> Vec<f32> {
	let entry = model.manifest.names().iter().position(|entry| *entry == name).unwrap();
	let mut bytes = vec![0; model.program.tensors[entry].copy_bytes() as usize];
	model.weights.read(TensorId(entry as u16), copy, &mut bytes).unwrap();
	bytes.chunks(4).map(|word| f32::from_le_bytes(word.try_into().unwrap())).collect()
}

/// √(activation / weight) for each channel of a site.
fn factors(source: &Source, ranges: &Ranges, plain: &Model, site: &Site, layer: u16) -> Vec<f32> {
	let (block, quantisation) = site.place;
	let ops = plain.program.blocks[block].ops.iter().enumerate();
	let (index, _) =
		ops.filter(|(_, op)| matches!(op.kind, OpKind::Quantise(_))).nth(quantisation).unwrap();
	let activations = &ranges.0[&(block, index, layer)];
	let mut weights = vec![0.0; activations.len()];
	for reader in site.readers {
		let elements = source.elements(&named(reader, layer));
		elements.chunks(weights.len()).for_each(|row| widen(&mut weights, row));
	}
	activations.iter().zip(weights).map(|(a, w)| (a / w).sqrt()).collect()
}

/// Compares what divides by the factor of each site with what it has to be.
fn check(source: &Source, sites: &[Site]) {
	let folder = tempfile::tempdir().unwrap();
	let text = folder.path().join("text");
	let line = |ids: &[u32]| ids.iter().map(|id| format!("w{id} ")).collect::<String>();
	fs::write(&text, EXAMPLES.map(line).join("\n")).unwrap();
	let options = |profile, smoothing| Options {
		profile: Some(profile),
		smoothing,
		calibration: match smoothing {
			Smoothing::Off => Calibration::BuiltIn,
			_ => Calibration::File(text.clone()),
		},
		..Options::default()
	};
	let (_plain, plain) = imported(source, &options(Profile::W16A16, Smoothing::Off));
	let (_smooth, smooth) = imported(source, &options(Profile::W8A8, Smoothing::Percent(50)));
	let ranges = activations(&plain);
	for site in sites {
		let copies = if site.place.0 == 1 { LAYERS as u16 } else { 1 };
		for layer in 0..copies {
			let factors = factors(source, &ranges, &plain, site, layer);
			assert!(factors.iter().any(|&factor| factor != factors[0]));
			let (name, expected): (_, Vec<f32>) = match site.divides {
				Divides::Multipliers(name) => (name, factors.iter().map(|f| 1.0 / f).collect()),
				Divides::Gain(name, gain) => {
					let gain = source.elements(&named(gain, layer));
					(name, gain.iter().zip(&factors).map(|(g, f)| g / f).collect())
				}
				Divides::UpRows { name, columns } => {
					let columns = self::factors(source, &ranges, &plain, &sites[columns], layer);
					let weights =
						source.elements(&format!("model.layers.{layer}.mlp.up_proj.weight"));
					let scale = |(row, divisor): (&[f32], &f32)| {
						let scaled = row.iter().zip(&columns).map(|(w, c)| (w * c) / divisor);
						scaled.fold(0.0, |most: f32, w| most.max(w.abs())) / MAX_CODE
					};
					let rows = weights.chunks(columns.len());
					(name, rows.zip(&factors).map(scale).collect())
				}
			};
			assert_eq!(floats(&smooth, name, layer), expected, "{name}, layer {layer}");
		}
	}
}

#[test]
fn factors_are_those_of_the_ranges_that_the_reference_measures() {
	check(&Source::llama(), &DECODER);
	let mistral = json!({ "sliding_window": 4 });
	check(&Source::decoder("MistralForCausalLM", mistral), &DECODER);
	check(&Source::decoder("Qwen2ForCausalLM", json!({})), &DECODER);
	// The columns of a shared table are not smoothed.
	let tied = json!({ "tie_word_embeddings": true });
	check(&Source::decoder("Qwen2ForCausalLM", tied), &DECODER[..4]);
	check(&Source::decoder("Qwen3ForCausalLM", json!({ "head_dim": 8 })), &DECODER);
	check(&Source::bert(), &ENCODER);
}

#[test]
fn of_an_example_512_tokens_count() {
	let source = Source::llama().option("max_position_embeddings", json!(1000));
	let folder = tempfile::tempdir().unwrap();
	let (path, text) = (folder.path().join("source"), folder.path().join("text"));
	source.write(&path);
	let options = Options {
		smoothing: Smoothing::Percent(50),
		calibration: Calibration::File(text.clone()),
		..Options::default()
	};
	let full = "w1 ".repeat(512);
	let (longer, other) = (format!("{full}w39 w38"), format!("w39 w38 {}", "w1 ".repeat(510)));
	let [full, longer, other] = [full, longer, other].map(|line| {
		fs::write(&text, line).unwrap();
		let out = folder.path().join("out");
		let root = run(&path, &out, &options).unwrap().weights_root;
		fs::remove_dir_all(out).unwrap();
		root
	});
	assert_eq!(full, longer);
	assert_ne!(full, other);
}
