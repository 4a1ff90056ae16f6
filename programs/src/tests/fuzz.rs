//! Whatever the bytes, the checks end; and what they admit holds together.

use alloc::vec::Vec;

use proptest::{prelude::*, strategy::ValueTree};

use super::dataflow::check_producers;
use crate::{
	cost::Weights,
	limits::{MAX_HASHED_LEAVES, MAX_LEAVES, MAX_STEPS, MAX_TILE_WORK, MAX_WITNESS},
	op::{Codes, Digits, Mask, TakeRows},
	program::Kind,
	samples::{Decoder, Encoder},
	stage::Trace,
	Program, Shape,
};

/// Samples of varied dimensions, most of them admitted.
fn sample() -> impl Strategy<Value = Program> {
	let codes = prop_oneof![Just(Codes::One), Just(Codes::OneAsymmetric), Just(Codes::Two)];
	let digits = || prop_oneof![Just(Digits::One), Just(Digits::Two)];
	let mask = prop_oneof![
		3 => Just(Mask::Causal),
		3 => (1_u32..2000).prop_map(|window| Mask::Sliding { window }),
		1 => Just(Mask::Full),
	];
	let width = || prop_oneof![4 => 1_u32..300, 1 => 1_u32..60_000];
	let decoder = (
		(codes.clone(), digits(), digits(), mask, width(), width()),
		(1_u16..4, 1_u16..3, 1_u32..270, 1_u16..70, 1_u32..40_000, any::<[bool; 4]>()),
	)
		.prop_map(|((codes, weights, key_digits, mask, hidden, inner), rest)| {
			let (shared, key_heads, head_dim, layers, max_positions, flags) = rest;
			let [groups, biases, head_norms, tied] = flags;
			let heads = shared * key_heads;
			Decoder {
				codes,
				weights,
				key_digits,
				mask,
				hidden,
				inner,
				heads,
				key_heads,
				head_dim: head_dim.next_multiple_of(2),
				layers,
				max_positions,
				groups,
				biases,
				head_norms,
				tied,
				..Decoder::default()
			}
			.program()
		});
	let take = prop_oneof![
		3 => Just(None),
		3 => Just(Some(TakeRows::First)),
		3 => Just(Some(TakeRows::Last)),
		1 => Just(Some(TakeRows::Outputs)),
	];
	let encoder = (codes, digits(), take, 1_u32..30, 1_u16..8, width(), 1_u16..9, any::<bool>())
		.prop_map(|(codes, weights, take, head_dim, heads, inner, layers, multipliers)| {
			let hidden = head_dim * u32::from(heads);
			Encoder {
				codes,
				weights,
				take,
				hidden,
				heads,
				inner,
				layers,
				multipliers,
				..Encoder::default()
			}
			.program()
		});
	prop_oneof![decoder, encoder]
}

/// The bytes of a sample with some of them replaced, removed or doubled.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
	let change = (any::<prop::sample::Index>(), 0_u8..4, any::<u8>());
	(sample(), prop::collection::vec(change, 1..4)).prop_map(|(program, changes)| {
		let mut bytes = program.to_bytes();
		for (index, how, value) in changes {
			if bytes.is_empty() {
				break;
			}
			let index = index.index(bytes.len());
			match how {
				// Counts and register numbers are small, so small changes keep more of a meaning.
				0 => bytes[index] = bytes[index].wrapping_add(1),
				1 => bytes[index] = value % 8,
				2 => bytes[index] = value,
				_ => bytes[index] ^= 1 << (value % 8),
			}
		}
		bytes
	})
}

/// Lengths from the shortest to the longest run.
fn shapes(program: &Program) -> Vec<Shape> {
	let most = program.max_positions;
	let outputs = |output| match program.kind {
		Kind::Generate { .. } => output,
		Kind::Embed => 0,
	};
	[(1, 1), (most.div_ceil(3), most / 3), (most, 1), (1, most)]
		.into_iter()
		.filter_map(|(input, output)| Shape::new(program, input, outputs(output)))
		.collect()
}

/// Everything that an admitted program promises.
fn check_admitted(program: &Program) {
	let typed = program.admit().expect("an admitted program");
	assert!((1..=MAX_STEPS).contains(&typed.steps()));
	check_producers(program);
	let shapes = shapes(program);
	assert!(shapes.len() >= 2, "the shortest and the longest run exist");
	for shape in &shapes {
		let trace = Trace::new(&typed, *shape);
		assert!((1..MAX_LEAVES).contains(&trace.leaves()));
		assert!(trace.bytes() >= trace.leaves());
		for leaf in [0, trace.leaves() / 2, trace.leaves() - 1] {
			let location = trace.locate(leaf).expect("a leaf");
			let (section, first) =
				trace.section(location.step, location.section.stage).expect("a section");
			assert_eq!((section, first + location.tile), (location.section, leaf));
			let tile = section.layout.tile(location.tile).expect("a tile");
			assert_eq!(section.layout.index(&tile), Some(location.tile));
		}
		assert_eq!(trace.locate(trace.leaves()), None);
		let cost = typed.cost(*shape);
		assert_eq!(cost.trace_bytes, trace.bytes());
		assert!(cost.layer_products.max(cost.attention_products).max(cost.elements) < u64::MAX);
		let units = cost.compute_units(&Weights::default());
		assert!(0 < units.0 && units.0 < u64::MAX);
	}
	for (place, ..) in typed.ops() {
		let at = |positions| typed.bounds(place.block, place.op, positions);
		for ((stage, greatest), (_, least)) in at(program.max_positions).zip(at(1)) {
			assert!(
				greatest.bytes <= MAX_WITNESS && greatest.leaves <= MAX_HASHED_LEAVES,
				"{stage}"
			);
			assert!(greatest.work <= MAX_TILE_WORK, "{stage}");
			assert!(least.bytes <= greatest.bytes && least.leaves <= greatest.leaves, "{stage}");
			assert!(least.work <= greatest.work, "{stage}");
		}
	}
}

/// Every computation ends on every program with types, admitted or not.
fn check_total(program: &Program) {
	let Ok(typed) = program.types() else { return };
	for positions in [0, 1, program.max_positions, u32::MAX] {
		let shape = Shape { positions, outputs: positions };
		let trace = Trace::new(&typed, shape);
		for leaf in [0, trace.leaves() / 2, trace.leaves().wrapping_sub(1), u64::MAX] {
			if let Some(location) = trace.locate(leaf) {
				let tile = location.section.layout.tile(location.tile);
				let back = tile.and_then(|tile| location.section.layout.index(&tile));
				assert!(back.is_none_or(|back| back == location.tile));
			}
		}
		let _ = typed.cost(shape).compute_units(&Weights::default());
		for (place, ..) in typed.ops() {
			assert!(typed.bounds(place.block, place.op, positions).count() > 0);
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(2000))]

	#[test]
	fn any_bytes_end_in_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
		if let Ok(program) = Program::from_bytes(&bytes) {
			prop_assert_eq!(&program.to_bytes(), &bytes);
			check_total(&program);
			if program.validate().is_ok() {
				check_admitted(&program);
			}
		}
	}

	#[test]
	fn varied_samples_are_refused_or_hold_together(program in sample()) {
		check_total(&program);
		if program.validate().is_ok() {
			check_admitted(&program);
		}
	}

	#[test]
	fn changed_programs_are_refused_or_hold_together(bytes in mutated()) {
		if let Ok(program) = Program::from_bytes(&bytes) {
			prop_assert_eq!(&program.to_bytes(), &bytes);
			check_total(&program);
			if program.validate().is_ok() {
				check_admitted(&program);
			}
		}
	}
}

/// Otherwise the properties above would hold because nothing is admitted.
#[test]
fn the_generators_reach_both_answers() {
	let mut runner = proptest::test_runner::TestRunner::deterministic();
	let mut admitted = |programs: BoxedStrategy<Option<Program>>| {
		let mut drawn = || programs.new_tree(&mut runner).expect("a program").current();
		(0..400).filter(|_| drawn().is_some_and(|program| program.validate().is_ok())).count()
	};
	let sampled = admitted(sample().prop_map(Some).boxed());
	assert!((100..360).contains(&sampled), "{sampled} of 400");
	let changed = mutated().prop_map(|bytes| Program::from_bytes(&bytes).ok());
	let changed = admitted(changed.boxed());
	assert!((20..200).contains(&changed), "{changed} of 400");
}
