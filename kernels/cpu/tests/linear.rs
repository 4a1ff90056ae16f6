//! Linear layers against the definition.

#![allow(
	clippy::cast_possible_truncation,
	clippy::cast_possible_wrap,
	clippy::cast_sign_loss,
	reason = "operands are made of bits on purpose, and dimensions are small"
)]
#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;

use assay_kernels_cpu::{
	linear::{gated, Epilogue, Linear, Packer, Shape},
	Codes, Engine, Error,
};
use assay_kernels_exact::{
	activation::{self, Activation},
	elementwise, embedding,
	linear::{linear, Input, Weights},
	quantise::{group_multipliers_len, Digits},
};
use common::{assert_bits, bytes, code_class, digits, on_every_engine, CodeClass, Values};
use proptest::prelude::*;

/// A layer and its input, in the terms of the definition.
#[derive(Clone, Debug)]
struct Case {
	inputs: usize,
	outputs: usize,
	input_digits: Digits,
	weight_digits: Digits,
	codes: Vec<i16>,
	scales: Vec<f32>,
	zero_points: Vec<i8>,
	weights: Vec<i16>,
	weight_scales: Vec<f32>,
	groups: Option<Vec<u8>>,
	bias: Option<Vec<f32>>,
}

#[derive(Clone, Copy, Debug)]
struct Classes {
	codes: CodeClass,
	weights: CodeClass,
	zero_points: bool,
	groups: bool,
	bias: bool,
	seed: u64,
}

impl Case {
	fn new(
		(rows, inputs, outputs): (usize, usize, usize),
		(input_digits, weight_digits): (Digits, Digits),
		classes: Classes,
	) -> Self {
		let Classes { seed, .. } = classes;
		let zero_points = match (classes.zero_points, input_digits) {
			(true, Digits::One) => bytes(&classes.codes.take(Digits::One, rows, seed + 6)),
			_ => vec![0; rows],
		};
		let group_bytes = outputs * group_multipliers_len(inputs);
		let groups = CodeClass::Any.take(Digits::One, group_bytes, seed + 4);
		Self {
			inputs,
			outputs,
			input_digits,
			weight_digits,
			codes: classes.codes.take(input_digits, rows * inputs, seed),
			scales: Values::Wide.take(rows, seed + 1).iter().map(|x| x.abs()).collect(),
			zero_points,
			weights: classes.weights.take(weight_digits, outputs * inputs, seed + 2),
			weight_scales: Values::Unit.take(outputs, seed + 3),
			groups: classes.groups.then(|| groups.iter().map(|&g| g as u8).collect()),
			bias: classes.bias.then(|| Values::Unit.take(outputs, seed + 5)),
		}
	}

	fn input(&self) -> Codes {
		let (scales, zeros) = (&self.scales, &self.zero_points);
		Codes::from_codes(self.inputs, self.input_digits, &self.codes, scales, zeros).unwrap()
	}

	fn packed(&self) -> Linear {
		let (scales, groups, bias) =
			(&self.weight_scales, self.groups.as_deref(), self.bias.as_deref());
		match self.weight_digits {
			Digits::One => {
				let codes = bytes(&self.weights);
				Linear::pack(self.inputs, &Weights { codes: &codes, scales, groups, bias })
			}
			Digits::Two => {
				let codes = &self.weights[..];
				Linear::pack(self.inputs, &Weights { codes, scales, groups, bias })
			}
		}
		.unwrap()
	}

	fn expected(&self) -> Vec<f32> {
		let (weights, scales) = (&self.weights[..], &self.weight_scales[..]);
		let (groups, bias) = (self.groups.as_deref(), self.bias.as_deref());
		let weights = Weights { codes: weights, scales, groups, bias };
		let mut all = Vec::new();
		for (row, codes) in self.codes.chunks(self.inputs).enumerate() {
			// Codes of one digit are codes of two digits too, and give the same sum.
			let input = Input { codes, scale: self.scales[row], zero_point: self.zero_points[row] };
			all.extend(linear(&input, &weights).unwrap());
		}
		all
	}

	fn check(&self) {
		let (layer, input, expected) = (self.packed(), self.input(), self.expected());
		on_every_engine(|engine| {
			let mut out = vec![0.0; expected.len()];
			layer.apply(engine, &input, Epilogue::STORE, &mut out).unwrap();
			assert_bits(&out, &expected, engine, &format!("{:?}", layer.shape()));
		});
	}
}

fn classes() -> impl Strategy<Value = Classes> {
	let flags = any::<(bool, bool, bool)>();
	(code_class(), code_class(), flags, 0..u64::MAX / 2).prop_map(
		|(codes, weights, (zero_points, groups, bias), seed)| Classes {
			codes,
			weights,
			zero_points,
			groups,
			bias,
			seed,
		},
	)
}

fn case() -> impl Strategy<Value = Case> {
	let shape = (1..40_usize, 1..300_usize, 1..100_usize);
	(shape, (digits(), digits()), classes())
		.prop_map(|(shape, digits, classes)| Case::new(shape, digits, classes))
}

const ACTIVATIONS: [Activation; 5] =
	[Activation::Relu, Activation::Silu, Activation::Gelu, Activation::GeluTanh, Activation::Tanh];

proptest! {
	#![proptest_config(ProptestConfig::with_cases(96))]

	#[test]
	fn outputs_equal_the_definition(case in case()) {
		case.check();
	}

	#[test]
	fn what_follows_a_product_equals_the_definition(case in case(), act in 0..5_usize) {
		let (layer, input, y) = (case.packed(), case.input(), case.expected());
		let residual = Values::Unit.take(y.len(), 3);
		let activation = ACTIVATIONS[act];
		let added = elementwise::add(&residual, &y).unwrap();
		let activated = activation::activate(activation, &y);
		let both = elementwise::add(&residual, &activated).unwrap();
		let gated_twice = activation::gated(activation, &y, &y).unwrap();
		on_every_engine(|engine| {
			let mut out = residual.clone();
			layer.apply(engine, &input, Epilogue::ADD, &mut out).unwrap();
			assert_bits(&out, &added, engine, "added");
			let mut epilogue = Epilogue { activation: Some(activation), residual: false };
			layer.apply(engine, &input, epilogue, &mut out).unwrap();
			assert_bits(&out, &activated, engine, "activated");
			epilogue.residual = true;
			out.copy_from_slice(&residual);
			layer.apply(engine, &input, epilogue, &mut out).unwrap();
			assert_bits(&out, &both, engine, "activated, added");
			gated(engine, activation, &layer, &layer, &input, &mut out).unwrap();
			assert_bits(&out, &gated_twice, engine, "gated");
		});
	}

	#[test]
	fn gate_and_up_may_differ_in_precision(
		shape in (1..30_usize, 1..200_usize, 1..70_usize),
		(input, gate, up) in (digits(), digits(), digits()),
		(a, b) in (classes(), classes()),
	) {
		let a = Case::new(shape, (input, gate), a);
		let mut b = Case::new(shape, (input, up), b);
		(b.codes, b.scales, b.zero_points) =
			(a.codes.clone(), a.scales.clone(), a.zero_points.clone());
		let expected = activation::gated(Activation::Silu, &a.expected(), &b.expected()).unwrap();
		on_every_engine(|engine| {
			let mut out = vec![0.0; expected.len()];
			let (gate, up) = (a.packed(), b.packed());
			gated(engine, Activation::Silu, &gate, &up, &a.input(), &mut out).unwrap();
			assert_bits(&out, &expected, engine, "gated");
		});
	}

	#[test]
	fn rows_are_read_back_and_looked_up(case in case(), ids in prop::collection::vec(any::<u32>(), 0..20)) {
		let mut case = case;
		case.groups = None;
		let layer = case.packed();
		for (output, row) in case.weights.chunks(case.inputs).enumerate() {
			prop_assert_eq!(&layer.row(output).collect::<Vec<_>>(), row);
		}
		let near = ids.iter().map(|&id| id % (case.outputs as u32 + 2)).chain(ids.iter().copied());
		let ids: Vec<u32> = near.collect();
		let mut expected = Vec::new();
		for &id in &ids {
			let row = embedding::lookup(&case.weights, case.inputs, id).unwrap();
			let scale = case.weight_scales[embedding::row_of(id, case.outputs as u32) as usize];
			expected.extend(embedding::dequantise(row, scale));
		}
		on_every_engine(|engine| {
			let mut out = vec![0.0; expected.len()];
			layer.embed(engine, &ids, &mut out).unwrap();
			assert_bits(&out, &expected, engine, "embedding");
		});
	}
}

#[test]
fn the_longest_rows_at_their_greatest_are_exact() {
	let all = [Digits::One, Digits::Two];
	for (input, weight) in all.into_iter().flat_map(|a| all.map(|b| (a, b))) {
		for groups in [false, true] {
			for codes in [CodeClass::Greatest, CodeClass::Saturated] {
				let weights = codes;
				let (zero_points, bias, seed) = (true, false, 9);
				let classes = Classes { codes, weights, zero_points, groups, bias, seed };
				let mut case =
					Case::new((2, assay_kernels_exact::MAX_K, 2), (input, weight), classes);
				// Every multiplier 16, and scales that leave the sum as it is.
				case.groups = case.groups.map(|g| vec![0xff; g.len()]);
				case.scales.fill(1.0);
				case.weight_scales.fill(1.0);
				case.check();
			}
		}
	}
}

#[test]
fn rows_may_come_in_pieces() {
	let shape =
		Shape { inputs: 70, outputs: 45, digits: Digits::One, grouped: false, biased: false };
	let codes = bytes(&CodeClass::Any.take(Digits::One, 70 * 45, 1));
	let scales = Values::Unit.take(45, 2);
	let whole = Weights { codes: &codes, scales: &scales, groups: None, bias: None };
	let mut packer = Packer::new(shape).unwrap();
	for (codes, scales) in codes.chunks(70 * 4).zip(scales.chunks(4)) {
		packer.push(&Weights { codes, scales, groups: None, bias: None }).unwrap();
	}
	let (layer, whole) = (packer.finish().unwrap(), Linear::pack(70, &whole).unwrap());
	for row in 0..45 {
		assert!(layer.row(row).eq(whole.row(row)));
	}
	assert!(Packer::new(shape).unwrap().finish().is_err(), "rows are missing");
}

#[test]
fn packed_weights_take_little_more_memory_than_their_codes() {
	for (inputs, outputs) in [(384, 384), (384, 1536), (2048, 256), (896, 151_936), (5632, 2048)] {
		let codes = vec![0_i8; inputs * outputs];
		let scales = vec![1.0; outputs];
		let groups = vec![0; outputs * group_multipliers_len(inputs)];
		for groups in [None, Some(&groups[..])] {
			let weights = Weights { codes: &codes, scales: &scales, groups, bias: None };
			let layer = Linear::pack(inputs, &weights).unwrap();
			assert!(layer.memory() * 20 <= codes.len() * 21, "{inputs}x{outputs}");
			assert_eq!(layer.memory(), layer.shape().memory(), "{inputs}x{outputs}");
		}
	}
}

#[test]
fn shapes_that_do_not_fit_are_refused() {
	let weights = Weights { codes: &[1_i8; 12], scales: &[1.0; 3], groups: None, bias: None };
	let layer = Linear::pack(4, &weights).unwrap();
	assert!(Linear::pack(5, &weights).is_err());
	let input = |inputs, rows: usize| {
		let (codes, scales, zeros) = (vec![0; inputs * rows], vec![1.0; rows], vec![0; rows]);
		Codes::from_codes(inputs, Digits::One, &codes, &scales, &zeros).unwrap()
	};
	let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
	let engine = Engine::new(&pool);
	let mut out = [0.0; 6];
	let apply = |input: &Codes, out: &mut [f32]| layer.apply(engine, input, Epilogue::STORE, out);
	assert_eq!(apply(&input(4, 2), &mut out), Ok(()));
	assert!(matches!(apply(&input(4, 2), &mut out[1..]), Err(Error::Shape(_))));
	assert!(matches!(apply(&input(3, 2), &mut out), Err(Error::Shape(_))));
	assert_eq!(apply(&input(4, 0), &mut []), Ok(()));
}
