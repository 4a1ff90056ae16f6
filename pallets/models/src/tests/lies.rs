//! Every part of the registration's check list, broken by one change to a manifest that is admitted.

use assay_programs::{
	op::{
		Codes, Digits, Elementwise, Heads, Linear, LinearWeights, Mask, Norm, Op, OpKind, Quantise,
		TakeRows,
	},
	samples::{self, Decoder},
	stage::Stage,
	Block, Constant, Element, Kind, Reason, Tensor, TensorId,
};
use frame_support::{assert_noop, assert_ok};
use proptest::prelude::*;

use super::*;
use crate::{refusal::WHOLE_PROGRAM, FaultKind, Refusal};

/// The fault of a program that is refused, and its operation.
fn fault(program: &Program) -> (FaultKind, u16) {
	let manifest = Box::new(fixtures::manifest(program));
	let words = Models::refusal(program.to_bytes()).expect("words for the refusal");
	assert!(!words.is_empty());
	let fault = program.validate().expect_err("the program is refused");
	let refusal = Refusal::of(program, &fault);
	assert_noop!(
		Models::register(signed(REGISTRANT), manifest),
		error(Error::ProgramRefused(refusal))
	);
	(refusal.fault, refusal.operation)
}

/// The sample after a change.
fn changed(change: impl FnOnce(&mut Program)) -> Program {
	let mut program = samples::decoder();
	change(&mut program);
	program
}

fn heads(program: &mut Program, index: usize) -> &mut Heads {
	match &mut program.blocks[1].ops[index].kind {
		OpKind::Heads(heads) => heads,
		other => panic!("another operation: {other:?}"),
	}
}

fn copy(register: u8) -> Op {
	let factor = Constant::new(1.0);
	let kind = OpKind::Elementwise(Elementwise::Scale { x: register, factor });
	Op { output: register, kind }
}

type Change = fn(&mut Program);

#[test]
fn programs_that_are_wrong_as_a_whole_should_be_refused() {
	let changes: [(Change, FaultKind); 15] = [
		(|p| p.blocks.clear(), FaultKind::Blocks),
		(|p| p.blocks[1].ops.clear(), FaultKind::Blocks),
		(|p| p.blocks[1].repeat = 0, FaultKind::Blocks),
		(|p| p.blocks[1].repeat = 5_000, FaultKind::Length),
		(|p| p.vocabulary = 0, FaultKind::Vocabulary),
		(|p| p.vocabulary = 1 + (1 << 20), FaultKind::Vocabulary),
		(|p| p.max_positions = 0, FaultKind::Positions),
		(|p| p.max_positions = 32_769, FaultKind::Positions),
		(|p| p.kind = Kind::Generate { stop_ids: vec![] }, FaultKind::StopIds),
		(|p| p.kind = Kind::Generate { stop_ids: (0..17).collect() }, FaultKind::StopIds),
		(|p| p.kind = Kind::Generate { stop_ids: vec![2, 96] }, FaultKind::StopIds),
		(|p| p.tensors[3].rows = 0, FaultKind::Tensor),
		(|p| p.tensors.push(Tensor::vector(1)), FaultKind::Unused),
		(|p| p.rotations.push(p.rotations[0].clone()), FaultKind::Unused),
		(|p| p.rotations[0].phases.clear(), FaultKind::Rotation),
	];
	ExtBuilder::default().build_and_execute(|| {
		for (number, (change, kind)) in changes.into_iter().enumerate() {
			assert_eq!(fault(&changed(change)), (kind, WHOLE_PROGRAM), "{number}");
		}
	});
}

#[test]
fn operations_that_are_wrong_should_be_refused_by_number() {
	let changes: [(Change, FaultKind, u16); 13] = [
		// Reads what nothing, or only a later operation, writes.
		(|p| p.blocks[0].ops[0].output = 9, FaultKind::Operand, 1),
		(|p| p.blocks[1].ops.swap(0, 1), FaultKind::Operand, 1),
		(|p| p.blocks[1].ops.push(Op { output: 0, ..copy(7) }), FaultKind::Operand, 15),
		// Another shape than the producer's.
		(|p| p.tensors[14].columns = 161, FaultKind::Tensor, 14),
		(|p| p.tensors[16].copies = 3, FaultKind::Tensor, 1),
		(|p| p.tensors[16].element = Element::I8, FaultKind::Tensor, 1),
		(|p| heads(p, 4).heads = 5, FaultKind::Heads, 5),
		(|p| heads(p, 6).rotation = Some(0), FaultKind::Rotation, 7),
		(|p| heads(p, 5).digits = Digits::Two, FaultKind::Operand, 8),
		// Constants that are not finite, or out of range.
		(|p| set_eps(p, f32::NAN), FaultKind::Constant, 1),
		(|p| set_eps(p, 2.0), FaultKind::Constant, 1),
		// Positions that a generating program cannot see yet.
		(|p| set_mask(p, Mask::Full), FaultKind::NotCausal, 8),
		// The head does not end in logits of the outputs.
		(|p| p.blocks[2].ops.truncate(1), FaultKind::Result, 15),
	];
	ExtBuilder::default().build_and_execute(|| {
		for (number, (change, kind, operation)) in changes.into_iter().enumerate() {
			assert_eq!(fault(&changed(change)), (kind, operation), "{number}");
		}
	});
}

fn set_eps(program: &mut Program, value: f32) {
	let OpKind::Quantise(Quantise { norm: Some(Norm::Rms { eps, .. }), .. }) =
		&mut program.blocks[1].ops[0].kind
	else {
		panic!("the sample begins its layers with a norm");
	};
	*eps = Constant::new(value);
}

fn set_mask(program: &mut Program, mask: Mask) {
	let OpKind::Attention(attention) = &mut program.blocks[1].ops[7].kind else {
		panic!("the eighth operation of the sample's layers is attention");
	};
	attention.mask = mask;
}

#[test]
fn later_positions_should_be_refused_whatever_looks_at_them() {
	ExtBuilder::default().build_and_execute(|| {
		for kind in [
			OpKind::Take { input: 0, rows: TakeRows::First },
			OpKind::Take { input: 0, rows: TakeRows::Last },
			OpKind::MeanPool { input: 0 },
		] {
			let program = changed(|p| p.blocks[1].ops.push(Op { output: 5, kind }));
			assert_eq!(fault(&program), (FaultKind::NotCausal, 15));
		}
	});
}

#[test]
fn tiles_beyond_the_referee_should_be_refused() {
	let decoder = Decoder::default;
	let programs = [
		(Decoder { head_dim: 512, ..decoder() }, FaultKind::Width, 5),
		(Decoder { hidden: 49_153, ..decoder() }, FaultKind::Width, 1),
		(
			Decoder { inner: 43_009, codes: Codes::Two, weights: Digits::Two, ..decoder() },
			FaultKind::Width,
			14,
		),
		(Decoder { hidden: 28_000, ..decoder() }, FaultKind::Witness, 1),
		(Decoder { head_dim: 256, key_digits: Digits::Two, ..decoder() }, FaultKind::Witness, 8),
		(Decoder { hidden: 16_000, inner: 18_000, ..decoder() }, FaultKind::Hashing, 13),
	];
	ExtBuilder::default().build_and_execute(|| {
		for (decoder, kind, operation) in programs {
			assert_eq!(fault(&decoder.program()), (kind, operation), "{decoder:?}");
		}
	});
	// No operation of today reaches this limit before another one.
	let work = Reason::TileWork { stage: Stage::Range, found: 1 };
	assert_eq!(FaultKind::from(&work), FaultKind::Work);
}

#[test]
fn traces_of_too_many_leaves_should_be_refused() {
	// 3000 elementwise operations over rows of 2^20 columns for 32768 positions.
	let mut program = Decoder { max_positions: 32_768, ..Decoder::default() }.program();
	let weights =
		LinearWeights { codes: TensorId(21), scales: TensorId(22), groups: None, bias: None };
	let codes = Tensor { element: Element::I8, rows: 1 << 20, columns: 64, copies: 1 };
	program.tensors.extend([codes, Tensor::vector(1 << 20)]);
	let codes = Quantise { input: 0, norm: None, multipliers: None, codes: Codes::One };
	let wide = Linear { input: 1, weights, activation: None, residual: None };
	program.blocks[0].ops.extend([
		Op { output: 1, kind: OpKind::Quantise(codes) },
		Op { output: 9, kind: OpKind::Linear(wide) },
	]);
	program.blocks.insert(1, Block { repeat: 3_000, ops: vec![copy(9)] });
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(fault(&program), (FaultKind::Trace, WHOLE_PROGRAM));
	});
}

#[test]
fn traces_that_cost_too_little_should_be_refused() {
	// Operations that write more than they compute.
	let cheap = changed(|p| {
		p.blocks.insert(1, Block { repeat: 2_000, ops: vec![copy(0)] });
	});
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(cheap.validate(), Ok(()));
		assert_noop!(
			Models::register(signed(REGISTRANT), Box::new(fixtures::manifest(&cheap))),
			error(Error::TraceTooDense)
		);
		let parameters =
			crate::Parameters { max_trace_bytes_per_unit: 15_000_000_000, ..PARAMETERS };
		assert_ok!(Models::set_parameters(RuntimeOrigin::root(), parameters));
		register(fixtures::manifest(&cheap));
	});
}

#[test]
fn other_arithmetic_should_be_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let other = changed(|p| p.numerics_version = 2);
		assert_noop!(
			Models::register(signed(REGISTRANT), Box::new(fixtures::manifest(&other))),
			error(Error::NumericsVersionNotAdmitted)
		);
		// Even if governance admits it before the referee knows it.
		NumericsVersions::set([1, 2].into());
		assert_eq!(fault(&other), (FaultKind::Numerics, WHOLE_PROGRAM));
		NumericsVersions::set([2].into());
		assert_noop!(
			Models::register(signed(REGISTRANT), Box::new(manifest_of(&samples::decoder()))),
			error(Error::NumericsVersionNotAdmitted)
		);
	});
}

#[test]
fn bytes_that_are_no_program_should_be_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let bytes = samples::decoder().to_bytes();
		let mut longer = bytes.clone();
		longer.push(0);
		for wrong in [vec![], bytes[..bytes.len() - 1].to_vec(), longer, vec![0xff; 65_536]] {
			assert_eq!(
				Models::refusal(wrong.clone()).as_deref(),
				Some("the bytes are no SCALE encoding of a program")
			);
			let program = wrong.try_into().unwrap();
			let manifest = Manifest { program, ..manifest_of(&samples::decoder()) };
			assert_noop!(
				Models::register(signed(REGISTRANT), Box::new(manifest)),
				error(Error::ProgramUnreadable)
			);
		}
	});
}

#[test]
fn texts_that_can_deceive_should_be_refused() {
	ExtBuilder::default().build_and_execute(|| {
		for name in ["", "good\nmodel", "go\u{202e}od", "g\u{43e}od"] {
			let mut manifest = manifest_of(&samples::decoder());
			manifest.source.name = name.as_bytes().to_vec().try_into().unwrap();
			assert_noop!(
				Models::register(signed(REGISTRANT), Box::new(manifest)),
				error(Error::TextNotPrintable)
			);
		}
	});
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(256))]

	/// Whatever bytes a manifest holds, it is refused with a reason, or registered with facts that
	/// hold; and a model that is registered has a price for its shortest and its longest run.
	#[test]
	fn no_bytes_should_break_the_registry(
		changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
		encoder in any::<bool>(),
	) {
		let sample = if encoder { samples::encoder() } else { samples::decoder() };
		let mut bytes = sample.to_bytes();
		for (place, byte) in changes {
			*place.get_mut(&mut bytes) = byte;
		}
		let manifest = Manifest {
			program: bytes.try_into().unwrap(),
			..fixtures::manifest(&sample)
		};
		ExtBuilder::default().build_and_execute(|| {
			let model = manifest.id::<HostHasher>();
			let words = Models::refusal(manifest.program.to_vec());
			if Models::register(signed(REGISTRANT), Box::new(manifest)).is_ok() {
				assert_eq!(words, None);
				let longest = record(model).facts.max_positions;
				let outputs = u32::from(!matches!(
					record(model).facts.kind,
					assay_market::traits::ModelKind::Embed { .. }
				));
				for inputs in [1, longest] {
					let lengths = assay_market::Lengths { inputs, outputs };
					assert!(Models::price(model, lengths).unwrap().run.units.0 > 0);
				}
			}
		});
	}
}
