//! Every reason for a refusal, provoked by one change to a program that is admitted, with its words.

use alloc::{string::String, vec, vec::Vec};

use crate::{
	op::{
		Attention, Codes, Digits, Elementwise, Gated, Heads, Linear, Mask, Norm, Op, OpKind,
		Quantise, TakeRows,
	},
	program::{Block, Kind, Rotation},
	samples::{self, Decoder, Encoder},
	tensor::{Element, Tensor, TensorId},
	Constant, Program,
};

/// The words of the refusal of a program after a change.
fn refusal(mut program: Program, change: impl FnOnce(&mut Program)) -> String {
	assert_eq!(program.validate(), Ok(()), "the program is admitted before the change");
	change(&mut program);
	let fault = program.validate().expect_err("the change is refused");
	alloc::format!("{fault}")
}

#[track_caller]
fn decoder(change: impl FnOnce(&mut Program), words: &str) {
	assert_eq!(refusal(samples::decoder(), change), words);
}

#[track_caller]
fn encoder(change: impl FnOnce(&mut Program), words: &str) {
	assert_eq!(refusal(samples::encoder(), change), words);
}

/// The refusal of a program that is wrong from the start.
#[track_caller]
fn refused(program: &Program, words: &str) {
	let fault = program.validate().expect_err("the program is refused");
	assert_eq!(alloc::format!("{fault}"), words);
}

/// The operation of the layers' block, read as one kind.
macro_rules! layer_op {
	($program:expr, $index:expr, $kind:path) => {
		match &mut $program.blocks[1].ops[$index].kind {
			$kind(op) => op,
			other => panic!("another operation: {other:?}"),
		}
	};
}

fn linear(program: &mut Program, index: usize) -> &mut Linear {
	layer_op!(program, index, OpKind::Linear)
}

fn heads(program: &mut Program, index: usize) -> &mut Heads {
	layer_op!(program, index, OpKind::Heads)
}

fn attention(program: &mut Program) -> &mut Attention {
	layer_op!(program, 7, OpKind::Attention)
}

fn norm(program: &mut Program) -> &mut Norm {
	layer_op!(program, 0, OpKind::Quantise).norm.as_mut().expect("a norm")
}

#[test]
fn blocks() {
	decoder(
		|p| p.blocks.clear(),
		"program: there is no block; a program has at least one operation",
	);
	decoder(|p| p.blocks[1].ops.clear(), "program: block 1 has no operations; leave it out");
	decoder(|p| p.blocks[1].repeat = 0, "program: block 1 runs 0 times; leave it out");
	decoder(
		|p| p.blocks[1].repeat = 5000,
		"program: there are 70001 operations when blocks are unrolled, at most 4096 are admitted",
	);
	decoder(
		|p| p.rotations[0].phases = vec![1; 8192],
		"program: the encoding has 65985 bytes, at most 65536 are admitted; write equal layers as one \
		 repeated block",
	);
}

#[test]
fn header() {
	decoder(
		|p| p.numerics_version = 2,
		"program: numerics version 2 is unknown, this referee computes version 1",
	);
	decoder(|p| p.vocabulary = 0, "program: vocabulary is 0, must be in 1..=1048576");
	decoder(|p| p.max_positions = 32_769, "program: max_positions is 32769, must be in 1..=32768");
	let stop = |ids: Vec<u32>| move |p: &mut Program| p.kind = Kind::Generate { stop_ids: ids };
	decoder(stop(vec![]), "program: there are 0 stop ids, must be 1..=16");
	decoder(stop((0..17).collect()), "program: there are 17 stop ids, must be 1..=16");
	decoder(stop(vec![5, 5]), "program: stop id 5 follows 5; list each once, in ascending order");
	decoder(stop(vec![2, 96]), "program: stop id 96 is no token id, the vocabulary is 96");
}

#[test]
fn tables() {
	decoder(|p| p.tensors[3].rows = 0, "program: tensor 3 has 0 rows, must be in 1..=1048576");
	decoder(
		|p| p.tensors[3].columns = 1_048_577,
		"program: tensor 3 has 1048577 columns, must be in 1..=1048576",
	);
	decoder(|p| p.tensors[3].copies = 0, "program: tensor 3 has 0 copies, must be in 1..=1048576");
	decoder(
		|p| p.tensors.push(Tensor::vector(1)),
		"program: tensor 21 is read by no operation; leave it out",
	);
	decoder(
		|p| p.rotations.push(Rotation { phases: vec![1], ..p.rotations[0].clone() }),
		"program: rotation 1 is used by no operation; leave it out",
	);
	decoder(|p| p.rotations[0].phases.clear(), "program: rotation 0 has no phases; leave it out");
}

#[test]
fn registers() {
	decoder(
		|p| p.blocks[0].ops[0].output = 9,
		"block 1, operation 0 (quantise): input reads register 0, which nothing has written before",
	);
	decoder(
		|p| {
			let codes = Quantise { input: 0, norm: None, multipliers: None, codes: Codes::Two };
			p.blocks[1].ops.push(Op { output: 0, kind: OpKind::Quantise(codes) });
		},
		"block 1, operation 0 (quantise): input reads register 0, which holds f32 rows of 64 columns, \
		 a row per position in the block's first iteration and two-digit codes of 64 columns, a row \
		 per position in later ones; end the iteration with the type that it begins with",
	);
	decoder(
		|p| linear(p, 1).input = 0,
		"block 1, operation 1 (linear): input reads f32 rows of 64 columns in register 0, codes are \
		 needed",
	);
	decoder(
		|p| p.blocks[2].ops.insert(1, Op { output: 0, kind: OpKind::MeanPool { input: 0 } }),
		"block 2, operation 1 (mean pool): input has a row per output token, a row per position is \
		 needed",
	);
	decoder(
		|p| linear(p, 2).residual = Some(0),
		"block 1, operation 2 (linear): residual has 64 columns, 32 are needed",
	);
}

#[test]
fn head_counts_and_widths() {
	decoder(
		|p| attention(p).key = 2,
		"block 1, operation 7 (attention): key reads query heads, key heads are needed",
	);
	decoder(
		|p| attention(p).value = 0,
		"block 1, operation 7 (attention): value reads f32 rows of 64 columns in register 0, heads are \
		 needed",
	);
	decoder(
		|p| heads(p, 5).heads = 1,
		"block 1, operation 7 (attention): key has heads of 32 channels, the query's have 16",
	);
	decoder(
		|p| heads(p, 5).digits = Digits::Two,
		"block 1, operation 7 (attention): key has two-digit codes, one-digit ones are needed",
	);
	for heads_of_query in [0, 5] {
		decoder(
			|p| heads(p, 4).heads = heads_of_query,
			&alloc::format!(
				"block 1, operation 4 (heads): 64 columns cannot be cut into {heads_of_query} equal heads"
			),
		);
	}
	refused(
		&Decoder { heads: 3, ..Decoder::default() }.program(),
		"block 1, operation 7 (attention): 3 query heads cannot be shared out equally among 2 key heads",
	);
	decoder(
		|p| {
			p.tensors[6].rows = 16;
			p.tensors[7].rows = 16;
			heads(p, 6).heads = 1;
		},
		"block 1, operation 7 (attention): there are 1 value heads, the 2 key heads need as many",
	);
	refused(
		&Decoder { head_dim: 512, ..Decoder::default() }.program(),
		"block 1, operation 4 (heads): heads have 512 channels, must be in 1..=256",
	);
}

#[test]
fn rotations_and_values() {
	decoder(
		|p| heads(p, 6).rotation = Some(0),
		"block 1, operation 6 (heads): heads of values are not rotated; leave the rotation out",
	);
	decoder(
		|p| heads(p, 6).digits = Digits::Two,
		"block 1, operation 6 (heads): output has two-digit codes, one-digit ones are needed",
	);
	decoder(
		|p| heads(p, 4).rotation = Some(7),
		"block 1, operation 4 (heads): rotation 7 is named, there are 1, counted from 0",
	);
	decoder(
		|p| p.rotations[0].phases.push(1),
		"block 1, operation 4 (heads): the rotation turns 9 pairs of channels, a head of 16 channels \
		 has fewer",
	);
}

#[test]
fn tensors_of_operations() {
	let gain = |id: u16| {
		move |p: &mut Program| {
			if let Norm::Rms { gain, .. } = norm(p) {
				*gain = TensorId(id);
			}
		}
	};
	decoder(
		gain(99),
		"block 1, operation 0 (quantise): gain names tensor 99, the table has 21, counted from 0",
	);
	decoder(
		|p| p.tensors[16].copies = 3,
		"block 1, operation 0 (quantise): gain names tensor 16 of 3 copies in a block that runs 2 \
		 times; give it 2 copies, or 1 to share it",
	);
	decoder(
		|p| p.tensors[16].element = Element::I8,
		"block 1, operation 0 (quantise): gain names tensor 16 of i8 elements, f32 are needed",
	);
	decoder(
		|p| p.tensors[2].element = Element::U8,
		"block 1, operation 1 (linear): codes names tensor 2 of u8 elements, i8 or i16 are needed",
	);
	decoder(
		|p| p.tensors[16].rows = 63,
		"block 1, operation 0 (quantise): gain names tensor 16 of 63 x 1 elements, 64 x 1 are needed",
	);
	decoder(
		|p| p.tensors[14].columns = 161,
		"block 1, operation 13 (linear): codes names tensor 14 of 64 x 161 elements, 64 x 160 are \
		 needed",
	);
	decoder(
		|p| p.vocabulary = 95,
		"block 0, operation 0 (embed): word codes names tensor 0 of 96 x 64 elements, 95 x 64 are \
		 needed",
	);
	decoder(
		|p| {
			p.tensors[12].rows = 161;
			p.tensors[13].rows = 161;
		},
		"block 1, operation 11 (gated): up codes names tensor 12 of 161 x 64 elements, 160 x 64 are \
		 needed",
	);
	decoder(
		|p| p.tensors[12].element = Element::I16,
		"block 1, operation 11 (gated): up codes has two-digit codes, one-digit ones are needed",
	);
	encoder(
		|p| {
			p.tensors[2].rows = 599;
			p.tensors[3].rows = 599;
		},
		"block 0, operation 0 (embed): position codes names tensor 2 of 599 rows, at least 600 are \
		 needed",
	);
	encoder(
		|p| p.tensors[4].columns = 65,
		"block 0, operation 0 (embed): kind codes names tensor 4 of 2 x 65 elements, 2 x 64 are needed",
	);
	let grouped = Decoder { groups: true, ..Decoder::default() }.program();
	assert_eq!(
		refusal(grouped, |p| {
			let groups = linear(p, 13).weights.groups.expect("groups");
			p.tensors[usize::from(groups.0)].columns = 1;
		}),
		"block 1, operation 13 (linear): groups names tensor 22 of 64 x 1 elements, 64 x 2 are needed"
	);
}

#[test]
fn constants() {
	let eps = |value: f32| {
		move |p: &mut Program| {
			if let Norm::Rms { eps, .. } = norm(p) {
				*eps = Constant::new(value);
			}
		}
	};
	decoder(
		eps(f32::NAN),
		"block 1, operation 0 (quantise): eps has the bits 7fc00000, which are read as \
		 1.0995116e12; write those",
	);
	decoder(
		eps(2.0),
		"block 1, operation 0 (quantise): eps is 2e0, its magnitude must be in 2^-40..=2^0",
	);
	decoder(
		|p| attention(p).constant = Constant::new(0.0),
		"block 1, operation 7 (attention): constant is 0e0, its magnitude must be in 2^-20..=2^4",
	);
	let factor = Elementwise::Scale { x: 0, factor: Constant::new(2e6) };
	decoder(
		|p| p.blocks[1].ops.push(Op { output: 0, kind: OpKind::Elementwise(factor) }),
		"block 1, operation 14 (scale): factor is 2e6, its magnitude must be in 2^-20..=2^20",
	);
	let cap = Elementwise::Softcap { x: 0, cap: Constant::new(-0.0) };
	decoder(
		|p| p.blocks[1].ops.push(Op { output: 0, kind: OpKind::Elementwise(cap) }),
		"block 1, operation 14 (softcap): cap has the bits 80000000, which are read as 0e0; write \
		 those",
	);
}

#[test]
fn causality_and_kind() {
	decoder(
		|p| attention(p).mask = Mask::Sliding { window: 0 },
		"block 1, operation 7 (attention): window is 0, must be at least 1",
	);
	decoder(
		|p| attention(p).mask = Mask::Full,
		"block 1, operation 7 (attention): the full mask looks at later positions, which a program \
		 that generates cannot do",
	);
	let add = |kind| move |p: &mut Program| p.blocks[1].ops.push(Op { output: 5, kind });
	let take = |rows| OpKind::Take { input: 0, rows };
	for (kind, words) in [
		(take(TakeRows::First), "(take): the first position"),
		(take(TakeRows::Last), "(take): the last position"),
		(OpKind::MeanPool { input: 0 }, "(mean pool): the mean over all positions"),
	] {
		decoder(
			add(kind),
			&alloc::format!(
				"block 1, operation 14 {words} looks at later positions, which a program that generates \
				 cannot do"
			),
		);
	}
	encoder(
		|p| p.blocks[2].ops[0].kind = take(TakeRows::Outputs),
		"block 2, operation 0 (take): rows of output tokens are taken in a program that embeds, which \
		 has none",
	);
	decoder(
		|p| {
			p.blocks[2].ops.remove(0);
		},
		"block 2, operation 1 (linear): the last operation writes f32 rows of 96 columns, a row per \
		 position; the result must be f32 rows of 96 columns, a row per output token",
	);
	encoder(
		|p| {
			p.blocks.pop();
		},
		"block 1, operation 15 (normalise): the last operation writes f32 rows of 64 columns, a row \
		 per position; the result must be f32 rows of 64 columns, one row",
	);
}

#[test]
fn bounds() {
	refused(
		&Decoder { hidden: 49_153, ..Decoder::default() }.program(),
		"block 1, operation 0 (quantise): input has rows of 49153 columns, at most 49152 can be read \
		 as a whole",
	);
	let wide =
		Decoder { inner: 43_009, codes: Codes::Two, weights: Digits::Two, ..Decoder::default() };
	refused(
		&wide.program(),
		"block 1, operation 13 (linear): rows of 43009 two-digit codes times 1 matrices of two-digit \
		 weights do not fit into a tile of 172032 bytes; use fewer digits, or separate layers",
	);
	refused(
		&Decoder { hidden: 28_000, ..Decoder::default() }.program(),
		"block 1, operation 0 (quantise): the witness of a tile of its range can have 241316 bytes, at \
		 most 229376 are admitted; normalise in an operation of its own, or leave out the multipliers",
	);
	let keys = Decoder { head_dim: 256, key_digits: Digits::Two, ..Decoder::default() };
	refused(
		&keys.program(),
		"block 1, operation 7 (attention): the witness of a tile of its attention records can have \
		 354884 bytes, at most 229376 are admitted; use one-digit keys or narrower heads",
	);
	let narrow = Decoder { hidden: 16_000, inner: 18_000, ..Decoder::default() };
	refused(
		&narrow.program(),
		"block 1, operation 12 (quantise): a tile of its range can read 4500 leaves, at most 4096 are \
		 admitted; put an elementwise operation between it and the layer whose tiles are so narrow",
	);
}

#[test]
fn an_elementwise_operation_widens_tiles_as_the_words_say() {
	let narrow = Decoder { hidden: 16_000, inner: 18_000, ..Decoder::default() };
	let mut program = narrow.program();
	let copy = Elementwise::Scale { x: 1, factor: Constant::new(1.0) };
	program.blocks[1].ops.insert(12, Op { output: 1, kind: OpKind::Elementwise(copy) });
	assert_eq!(program.validate(), Ok(()));
}

#[test]
fn long_traces() {
	// 3000 elementwise operations over rows of 2^20 columns for 32768 positions.
	let mut program = Decoder { max_positions: 32_768, ..Decoder::default() }.program();
	let layer = linear(&mut program, 1).weights;
	let wide = crate::op::LinearWeights { codes: TensorId(21), scales: TensorId(22), ..layer };
	let codes = Tensor { element: Element::I8, rows: 1 << 20, columns: 64, copies: 1 };
	program.tensors.extend([codes, Tensor::vector(1 << 20)]);
	let codes = Quantise { input: 0, norm: None, multipliers: None, codes: Codes::One };
	let wide = Linear { input: 1, weights: wide, activation: None, residual: None };
	program.blocks[0].ops.extend([
		Op { output: 1, kind: OpKind::Quantise(codes) },
		Op { output: 9, kind: OpKind::Linear(wide) },
	]);
	let copy = Elementwise::Scale { x: 9, factor: Constant::new(1.0) };
	let copy = vec![Op { output: 9, kind: OpKind::Elementwise(copy) }];
	program.blocks.insert(1, Block { repeat: 2000, ops: copy });
	assert_eq!(
		refusal(program, |p| p.blocks[1].repeat = 3000),
		"program: the longest run's trace has more than 1098437885952 leaves; admit fewer positions"
	);
}

#[test]
fn gates_need_equal_operands() {
	let program = Encoder { take: Some(TakeRows::First), ..Encoder::default() }.program();
	let product = Elementwise::Mul { x: 0, y: 1 };
	assert_eq!(
		refusal(program, |p| p.blocks[2]
			.ops
			.insert(1, Op { output: 0, kind: OpKind::Elementwise(product) })),
		"block 2, operation 1 (mul): y reads asymmetric one-digit codes of 160 columns in register 1, \
		 f32 rows are needed"
	);
	decoder(
		|p| {
			let Gated { up, .. } = layer_op!(p, 11, OpKind::Gated);
			up.bias = Some(TensorId(16));
		},
		"block 1, operation 11 (gated): up bias names tensor 16 of 64 x 1 elements, 160 x 1 are needed",
	);
}
