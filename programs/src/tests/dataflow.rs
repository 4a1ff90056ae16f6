//! Producers of operands, against an interpreter that only remembers who wrote each register.

use alloc::{vec, vec::Vec};

use crate::{
	op::{Elementwise, Op, OpKind},
	program::Block,
	samples::{self, Decoder},
	Program,
};

/// Compares every operand of every step with what running the registers gives.
pub(super) fn check_producers(program: &Program) {
	let typed = program.types().expect("a typed program");
	let mut writers: Vec<Option<u32>> = vec![None; 256];
	let mut number = 0;
	for step in program.steps() {
		let id = typed.step(number).expect("a step");
		assert_eq!((id.block, id.op), (step.block, step.index));
		assert_eq!(id.iteration, u32::from(step.iteration));
		assert_eq!(typed.number(id), Some(number));
		for (n, register) in step.op.kind.operands().enumerate() {
			let writer = writers[usize::from(register)].expect("a written register");
			assert_eq!(typed.producer(number, n), Some(writer), "{id:?} operand {n}");
			let producer = typed.step(writer).expect("a step");
			assert!(writer < number);
			assert_eq!(
				typed.operand(step.block, step.index, n),
				typed.output(producer.block, producer.op),
				"{id:?} operand {n}"
			);
		}
		assert_eq!(typed.producer(number, step.op.kind.operands().count()), None);
		writers[usize::from(step.op.output)] = Some(number);
		number += 1;
	}
	assert_eq!(typed.steps(), number);
	assert_eq!(typed.step(number), None);
	assert_eq!(typed.producer(number, 0), None);
}

#[test]
fn samples_have_the_producers_that_an_interpreter_sees() {
	for program in [samples::decoder(), samples::encoder()] {
		check_producers(&program);
	}
	check_producers(&Decoder { layers: 1, ..Decoder::default() }.program());
}

#[test]
fn an_operand_can_come_from_the_iteration_before_or_from_before_the_block() {
	let mut program = samples::decoder();
	let add = |output, x, y| Op { output, kind: OpKind::Elementwise(Elementwise::Add { x, y }) };
	// Register 6 is shifted: each iteration reads what the one before wrote last. Register 7 is
	// written before only.
	program.blocks[0].ops.extend([add(6, 0, 0), add(7, 6, 0)]);
	program
		.blocks
		.insert(1, Block { repeat: 3, ops: vec![add(8, 6, 7), add(6, 8, 8), add(6, 6, 0)] });
	assert_eq!(program.validate(), Ok(()));
	check_producers(&program);
	let typed = program.types().expect("a typed program");
	// Steps 0 … 2 are block 0; iterations begin at 3, 6, 9.
	assert_eq!([3, 6, 9].map(|step| typed.producer(step, 0)), [Some(1), Some(5), Some(8)]);
	assert_eq!([3, 6, 9].map(|step| typed.producer(step, 1)), [Some(2); 3]);
	assert_eq!([5, 8].map(|step| typed.producer(step, 0)), [Some(4), Some(7)]);
}
