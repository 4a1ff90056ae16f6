//! Writes the inputs of `data/program.txt` from the sample programs: `program_cases > data/program.txt`,
//! then `regenerate` for the outputs.
//!
//! The bytes of a program cannot be written by hand, unlike the inputs of all other cases. The file
//! stays what it is when the samples change; this shows where it comes from.

use std::fmt::Write;

use assay_kernels_exact::sampler::Sampling;
use assay_programs::{
	op::{Activation, Codes, Digits, Elementwise, Mask, Norm, Op, OpKind, Pairing, TakeRows},
	samples::{Decoder, Encoder},
	Constant, Element, Program, TensorId,
};

fn main() {
	print!("{HEADER}");
	let mut seed = 5000;
	for case in cases() {
		print!("{}", case.text(&mut seed));
	}
}

const HEADER: &str = "assay-vectors 1
# Whole programs: SPEC 19 and 20. Input tensor.n holds all copies of tensor n. Written by the example
# program_cases; the second implementation decodes the programs from the specification's tables.
";

/// A program with the inputs that its case has.
struct Case {
	name: &'static str,
	/// What is special.
	about: &'static str,
	program: Program,
	tokens: usize,
	/// Of a program that generates.
	outputs: u32,
	sampling: Sampling,
	/// Whether weights are any bits.
	hostile: bool,
}

const GREEDY: Sampling =
	Sampling { temperature: 0.0, top_k: 0, top_p: 65_536, min_p: 0, seed: [0; 4] };
const CHANCE: Sampling =
	Sampling { temperature: 0.75, top_k: 0, top_p: 65_536, min_p: 0, seed: [11, 12, 13, 14] };
const FILTERED: Sampling = Sampling { top_k: 30, top_p: 60_000, min_p: 1000, ..CHANCE };

impl Case {
	fn new(name: &'static str, about: &'static str, program: Program, tokens: usize) -> Self {
		Self { name, about, program, tokens, outputs: 3, sampling: CHANCE, hostile: false }
	}
}

fn tiny() -> Decoder {
	Decoder {
		vocabulary: 48,
		hidden: 16,
		heads: 4,
		key_heads: 2,
		head_dim: 8,
		inner: 40,
		..Decoder::default()
	}
}

/// Small enough for hundreds of positions.
fn narrow() -> Decoder {
	let dimensions = Decoder { vocabulary: 16, heads: 2, key_heads: 1, head_dim: 4, ..tiny() };
	Decoder { hidden: 8, inner: 12, layers: 1, ..dimensions }
}

fn encoder() -> Encoder {
	let dimensions = Encoder { vocabulary: 48, hidden: 16, inner: 40, ..Encoder::default() };
	Encoder { heads: 2, max_positions: 24, ..dimensions }
}

fn cases() -> Vec<Case> {
	vec![
		Case::new("decoder", "Grouped queries, rotary positions, gated SiLU.", tiny().program(), 9),
		Case {
			sampling: FILTERED,
			..Case::new(
				"decoder_two_digits",
				"Two digits everywhere but in values.",
				Decoder {
					codes: Codes::Two,
					weights: Digits::Two,
					key_digits: Digits::Two,
					..tiny()
				}
				.program(),
				7,
			)
		},
		Case {
			sampling: GREEDY,
			..Case::new(
				"decoder_asymmetric_grouped_biased",
				"Asymmetric codes, two groups of weights with the last one short, biases, norms of heads.",
				Decoder {
					hidden: 72,
					layers: 1,
					codes: Codes::OneAsymmetric,
					groups: true,
					biases: true,
					head_norms: true,
					..tiny()
				}
				.program(),
				6,
			)
		},
		Case::new(
			"decoder_sliding_tied_interleaved",
			"Sliding window, word table as last layer, rotation of neighbours, two-digit codes.",
			interleaved(&Decoder {
				codes: Codes::Two,
				tied: true,
				head_norms: true,
				layers: 3,
				mask: Mask::Sliding { window: 4 },
				..tiny()
			}),
			11,
		),
		Case::new(
			"decoder_elementwise",
			"Logits through every elementwise operation and a norm of their own.",
			elementwise(&tiny()),
			5,
		),
		Case {
			outputs: 2,
			..Case::new(
				"decoder_two_blocks",
				"More than 512 positions: two blocks of keys.",
				narrow().program(),
				530,
			)
		},
		Case {
			outputs: 1,
			..Case::new(
				"decoder_two_blocks_sliding",
				"A window over the border of two blocks, two-digit queries and keys.",
				Decoder {
					key_digits: Digits::Two,
					mask: Mask::Sliding { window: 30 },
					..narrow()
				}
				.program(),
				520,
			)
		},
		Case {
			hostile: true,
			sampling: FILTERED,
			..Case::new(
				"decoder_any_bits",
				"Weights of any bits: infinities, NaN, codes out of range.",
				Decoder { weights: Digits::Two, groups: true, biases: true, ..tiny() }.program(),
				8,
			)
		},
		Case::new(
			"encoder",
			"Position and kind tables, layer norms, GELU, full attention, mean, L2.",
			encoder().program(),
			10,
		),
		Case::new(
			"encoder_two_digits",
			"Two digits, multipliers before quantisation, first row.",
			Encoder {
				codes: Codes::Two,
				weights: Digits::Two,
				multipliers: true,
				take: Some(TakeRows::First),
				..encoder()
			}
			.program(),
			10,
		),
		Case::new("encoder_causal_last", "Causal attention and the last row.", causal(), 10),
		Case::new(
			"encoder_two_blocks",
			"More than 512 positions, all visible.",
			Encoder { max_positions: 540, hidden: 8, inner: 12, layers: 1, ..encoder() }.program(),
			515,
		),
		Case {
			hostile: true,
			..Case::new(
				"encoder_any_bits",
				"Weights of any bits.",
				Encoder { multipliers: true, ..encoder() }.program(),
				10,
			)
		},
	]
}

fn interleaved(decoder: &Decoder) -> Program {
	let mut program = decoder.program();
	program.rotations[0].pairing = Pairing::Interleaved;
	program
}

fn causal() -> Program {
	let mut program = Encoder { take: Some(TakeRows::Last), ..encoder() }.program();
	for op in program.blocks.iter_mut().flat_map(|block| &mut block.ops) {
		if let OpKind::Attention(attention) = &mut op.kind {
			attention.mask = Mask::Causal;
		}
	}
	program
}

fn elementwise(decoder: &Decoder) -> Program {
	let mut program = decoder.program();
	let (logits, other) = (0, 1);
	let op = |output, kind| Op { output, kind: OpKind::Elementwise(kind) };
	let last = program.blocks.last_mut().expect("the sample has blocks");
	last.ops.extend([
		op(other, Elementwise::Activate { x: logits, activation: Activation::GeluTanh }),
		op(other, Elementwise::Mul { x: other, y: logits }),
		op(logits, Elementwise::Scale { x: logits, factor: Constant::new(-0.75) }),
		op(logits, Elementwise::Add { x: logits, y: other }),
		Op { output: other, kind: OpKind::Normalise { input: logits, norm: Norm::L2 } },
		op(logits, Elementwise::Add { x: logits, y: other }),
		op(logits, Elementwise::Softcap { x: logits, cap: Constant::new(20.0) }),
	]);
	program
}

impl Case {
	/// The case's lines without outputs. Every stream has a seed of its own.
	fn text(&self, seed: &mut u64) -> String {
		let Self { name, about, program, tokens, outputs, sampling, .. } = self;
		let mut text = format!("\n# {about}\n\ncase program {name}\n");
		let mut line = |name: &str, kind: &str, values: &str| {
			writeln!(text, "in {name} {kind} {values}").expect("a string takes everything");
		};
		line("program", "u8", &words(program.to_bytes()));
		let vocabulary = u64::from(program.vocabulary);
		let mut next = || {
			*seed += 1;
			*seed
		};
		let first = next();
		let token = |index| assay_kernels_vectors::stream(first, index) % vocabulary;
		line("tokens", "u32", &words((0..*tokens as u64).map(token)));
		if matches!(program.kind, assay_programs::Kind::Generate { .. }) {
			line("outputs", "u32", &outputs.to_string());
			line("temperature", "f32", &format!("{:08x}", sampling.temperature.to_bits()));
			line("top_k", "u32", &sampling.top_k.to_string());
			line("top_p", "u32", &sampling.top_p.to_string());
			line("min_p", "u32", &sampling.min_p.to_string());
			line("seed", "u32", &words(sampling.seed));
		}
		for (index, (tensor, role)) in program.tensors.iter().zip(roles(program)).enumerate() {
			let (kind, codes) = match tensor.element {
				Element::F32 => ("f32", false),
				Element::I8 => ("i8", true),
				Element::I16 => ("i16", true),
				Element::U8 => ("u8", false),
			};
			let count = tensor.total_bytes() / tensor.element.bytes();
			let class = match (tensor.element, role) {
				(Element::F32, _) if self.hostile => "bits",
				(Element::F32, Role::Around1) => "unit",
				(Element::F32, _) => "scale",
				_ if codes && !self.hostile => "code",
				_ => "any",
			};
			let stream = format!("gen:{class}:{}:{count}", next());
			let values = match role {
				// 2^-15 and a little less.
				Role::FineScale if !self.hostile => format!("38000000 37fedcba*{}", count - 1),
				_ => stream,
			};
			line(&format!("tensor.{index}"), kind, &values);
		}
		text
	}
}

/// What a tensor is for, as far as it decides about its values.
#[derive(Clone, Copy)]
enum Role {
	/// Gains, biases and multipliers: of both signs and around 1.
	Around1,
	/// Scales of two-digit codes. Those of the class `scale` would leave attention one position.
	FineScale,
	Other,
}

/// The role of each tensor.
fn roles(program: &Program) -> Vec<Role> {
	let mut roles = vec![Role::Other; program.tensors.len()];
	let mut around_1 = |ids: &[Option<TensorId>]| {
		for id in ids.iter().flatten() {
			roles[usize::from(id.0)] = Role::Around1;
		}
	};
	let norm = |norm: &Norm| match *norm {
		Norm::Rms { gain, .. } => [Some(gain), None],
		Norm::Layer { gain, bias, .. } => [Some(gain), Some(bias)],
		Norm::L2 => [None, None],
	};
	let mut layers = Vec::new();
	for op in program.blocks.iter().flat_map(|block| &block.ops) {
		match &op.kind {
			OpKind::Embed(embed) => layers.push((embed.words.codes, embed.words.scales)),
			OpKind::Normalise { norm: n, .. } => around_1(&norm(n)),
			OpKind::Quantise(quantise) => {
				around_1(&[quantise.multipliers]);
				quantise.norm.iter().for_each(|n| around_1(&norm(n)));
			}
			OpKind::Linear(linear) => {
				around_1(&[linear.weights.bias]);
				layers.push((linear.weights.codes, linear.weights.scales));
			}
			OpKind::Gated(gated) => {
				layers.extend([&gated.gate, &gated.up].map(|w| (w.codes, w.scales)));
			}
			OpKind::Heads(heads) => around_1(&[heads.norm.map(|norm| norm.gain)]),
			_ => {}
		}
	}
	for (codes, scales) in layers {
		if program.tensors[usize::from(codes.0)].element == Element::I16 {
			roles[usize::from(scales.0)] = Role::FineScale;
		}
	}
	roles
}

fn words<T: ToString>(values: impl IntoIterator<Item = T>) -> String {
	values.into_iter().map(|value| value.to_string()).collect::<Vec<_>>().join(" ")
}
