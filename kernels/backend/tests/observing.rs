//! What an observer sees of a pass.

#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "lengths are small, and a failed `unwrap` in a test is a failed test"
)]

mod common;

use assay_kernels_backend::reference::{
	CodeRows, Codes, Computed, FloatRows, Observer, Range, Value,
};
use assay_kernels_exact::{
	attention::merge,
	quantise::{asymmetric, symmetric, Digits},
};
use assay_programs::{
	op::{Op, OpKind},
	program::Step,
};
use common::{bits, decoders, encoders, interpreter, weights, Bytes, Words};

/// Writes down everything.
#[derive(Default)]
struct Notes {
	steps: Vec<(usize, u16, usize, Op)>,
	computed: Vec<Computed>,
	quantised: Vec<FloatRows>,
	records: bool,
}

impl Observer for Notes {
	fn quantise(&mut self, step: Step<'_>, rows: &FloatRows) {
		assert!(matches!(step.op.kind, OpKind::Quantise(_)));
		self.quantised.push(rows.clone());
	}

	fn computed(&mut self, step: Step<'_>, computed: &Computed) {
		self.steps.push((step.block, step.iteration, step.index, *step.op));
		self.computed.push(computed.clone());
	}

	fn wants_records(&self) -> bool {
		self.records
	}
}

/// The codes that rows give without multipliers.
fn quantised(rows: &FloatRows, like: &CodeRows) -> CodeRows {
	let rows = (0..rows.len()).map(|row| rows.row(row));
	let (codes, ranges) = match (&like.codes, like.ranges[0]) {
		(Codes::One(_), Range::Asymmetric(_)) => {
			let rows: Vec<_> = rows.map(|row| asymmetric(row, None).unwrap()).collect();
			let codes = rows.iter().flat_map(|row| row.codes.clone()).collect();
			(Codes::One(codes), rows.iter().map(|row| Range::Asymmetric(row.stats)).collect())
		}
		(codes, _) => {
			let digits = if matches!(codes, Codes::One(_)) { Digits::One } else { Digits::Two };
			let rows: Vec<_> = rows.map(|row| symmetric(row, None, digits).unwrap()).collect();
			let codes: Vec<i16> = rows.iter().flat_map(|row| row.codes.clone()).collect();
			let codes = match digits {
				Digits::One => Codes::One(codes.iter().map(|&code| code as i8).collect()),
				Digits::Two => Codes::Two(codes),
			};
			(codes, rows.iter().map(|row| Range::Symmetric(row.stats)).collect())
		}
	};
	CodeRows { columns: like.columns, codes, ranges }
}

#[test]
fn rows_are_seen_as_they_are_quantised() {
	for program in decoders() {
		let interpreter = interpreter(&program, &weights(&program, 3, Bytes::Honest));
		let mut notes = Notes::default();
		interpreter.run(&Words::new(3).tokens(5, &program), 2, &mut notes).unwrap();
		let codes: Vec<&CodeRows> = notes
			.computed
			.iter()
			.filter_map(|computed| match &computed.value {
				Value::Codes(codes) => Some(codes),
				_ => None,
			})
			.collect();
		assert_eq!(codes.len(), notes.quantised.len());
		for (rows, codes) in notes.quantised.iter().zip(codes) {
			assert_eq!(quantised(rows, codes), *codes);
		}
	}
}

#[test]
fn every_step_is_seen_once_in_order_and_the_last_is_the_result() {
	for program in decoders().into_iter().chain(encoders()) {
		let interpreter = interpreter(&program, &weights(&program, 3, Bytes::Honest));
		let mut notes = Notes::default();
		let tokens = Words::new(3).tokens(7, &program);
		let result = interpreter.run(&tokens, 1, &mut notes).unwrap();
		let steps = program.steps().map(|step| (step.block, step.iteration, step.index, *step.op));
		assert_eq!(notes.steps, steps.collect::<Vec<_>>());
		assert_eq!(notes.computed.last().unwrap().value, Value::Float(result));
	}
}

#[test]
fn records_are_given_to_who_wants_them_and_merge_to_the_result() {
	let program = &decoders()[2];
	let interpreter = interpreter(program, &weights(program, 3, Bytes::Honest));
	let tokens = Words::new(3).tokens(515, program);
	for records in [false, true] {
		let mut notes = Notes { records, ..Notes::default() };
		interpreter.run(&tokens, 1, &mut notes).unwrap();
		let attention = notes
			.steps
			.iter()
			.zip(&notes.computed)
			.filter(|((.., op), _)| matches!(op.kind, OpKind::Attention(_)));
		let mut seen = 0;
		for (_, computed) in attention {
			seen += 1;
			let Value::Float(rows) = &computed.value else { panic!("attention gives f32 rows") };
			if !records {
				assert!(computed.records.iter().all(Vec::is_empty));
				continue;
			}
			let merged: Vec<f32> =
				computed.records.iter().flat_map(|records| merge(records).unwrap()).collect();
			assert_eq!(bits(&merged), bits(&rows.elements));
			let blocks: Vec<usize> = computed.records.iter().step_by(4).map(Vec::len).collect();
			assert_eq!(blocks, [vec![1; 512], vec![2; 3]].concat());
		}
		assert_eq!(seen, 2);
	}
}
