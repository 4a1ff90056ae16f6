//! The tiles of a program's steps, from what the interpreter has computed.

use assay_kernels_backend::reference::{
	Codes, Computed, FloatRows, Interpreter, NormStatistics, Observer, Range, Value,
};
use assay_kernels_exact::{attention::Record, norm::LayerStats, pool};
use assay_programs::{
	op::{Mask, OpKind},
	program::Step,
	stage::{Layout, Location, Stage, Tile},
	Typed,
};
use assay_trace::bytes::{of_record, of_words};

/// Everything that a pass computes, step by step.
#[derive(Default)]
pub(crate) struct Notes {
	computed: Vec<Computed>,
}

impl Observer for Notes {
	fn computed(&mut self, _: Step<'_>, computed: &Computed) {
		self.computed.push(computed.clone());
	}

	fn wants_records(&self) -> bool {
		true
	}
}

impl Notes {
	/// Of a pass over all positions, with the result.
	pub(crate) fn of(
		interpreter: &Interpreter<'_>,
		tokens: &[u32],
		outputs: u32,
	) -> (Self, FloatRows) {
		let mut notes = Self::default();
		let result = interpreter.run(tokens, outputs, &mut notes).unwrap();
		(notes, result)
	}

	/// The content of a tile.
	pub(crate) fn tile(&self, typed: &Typed<'_>, location: &Location) -> Vec<u8> {
		let Location { step, section, tile } = location;
		let number = typed.number(*step).unwrap();
		let computed = &self.computed[number as usize];
		let tile = section.layout.tile(*tile).unwrap();
		match (section.stage, &computed.value, tile) {
			(Stage::NormStatistics, _, Tile::Row { row, .. }) => {
				match computed.norm[row as usize] {
					NormStatistics::Rms(r) | NormStatistics::L2(r) => of_words(&[r]),
					NormStatistics::Layer(LayerStats { mean, r }) => of_words(&[mean, r]),
				}
			}
			(Stage::Range, Value::Codes(codes), Tile::Row { row, .. }) => {
				match codes.ranges[row as usize] {
					Range::Symmetric(range) => of_words(&[range.max, range.scale]),
					Range::Asymmetric(range) => {
						let mut bytes = of_words(&[range.half_range, range.scale]);
						bytes.push(range.zero_point.to_le_bytes()[0]);
						bytes
					}
				}
			}
			(Stage::Codes, Value::Codes(codes), Tile::Row { row, columns }) => {
				code_bytes(&codes.codes, row as usize * codes.columns, &columns)
			}
			(Stage::Heads, Value::Heads(heads), Tile::Head { position, head, channels }) => {
				let index = position as usize * heads.heads + head as usize;
				let mut bytes = of_words(&[heads.scales[index]]);
				bytes.extend(code_bytes(&heads.codes, index * heads.head_dim, &channels));
				bytes
			}
			(Stage::Records, _, Tile::Record { position, head, channels, block }) => {
				let (mask, heads) = attention(typed, location);
				let records = &computed.records[(position * heads + head) as usize];
				let record = &records[(block - mask.first_block(position)) as usize];
				let output = record.output[channels.start as usize..channels.end as usize].to_vec();
				of_record(&Record { output, ..record.clone() })
			}
			(Stage::Merge, Value::Float(rows), Tile::Head { position, head, channels }) => {
				let Layout::Groups { head_dim, .. } = section.layout else {
					panic!("attention rows lie in groups")
				};
				let start = (head * head_dim) as usize;
				let row = &rows.row(position as usize)[start..];
				of_words(&row[channels.start as usize..channels.end as usize])
			}
			(stage, _, Tile::Pool { level, row, columns }) => {
				self.pooled(typed, number, stage, level, row, &columns)
			}
			(_, Value::Float(rows), Tile::Row { row, columns }) => {
				of_words(&rows.row(row as usize)[columns.start as usize..columns.end as usize])
			}
			(stage, _, tile) => panic!("{stage} has no tile {tile:?}"),
		}
	}

	/// Maxima or sums of the positions under a row of a level, directly from the positions.
	fn pooled(
		&self,
		typed: &Typed<'_>,
		number: u32,
		stage: Stage,
		level: u32,
		row: u32,
		columns: &std::ops::Range<u32>,
	) -> Vec<u8> {
		let producer = typed.producer(number, 0).unwrap();
		let Value::Float(input) = &self.computed[producer as usize].value else {
			panic!("f32 rows are pooled")
		};
		let columns = columns.start as usize..columns.end as usize;
		let width = columns.len();
		let x: Vec<f32> =
			(0..input.len()).flat_map(|row| input.row(row)[columns.clone()].to_vec()).collect();
		let span = 16_usize.pow(level + 1) * width;
		let part = x.chunks(span).nth(row as usize).unwrap();
		match stage {
			Stage::PoolMaxima => of_words(&pool::column_maxima(part, width).unwrap()),
			_ => {
				let maxima = pool::column_maxima(&x, width).unwrap();
				of_words(&pool::column_sums(part, &maxima).unwrap())
			}
		}
	}
}

fn code_bytes(codes: &Codes, start: usize, columns: &std::ops::Range<u32>) -> Vec<u8> {
	let span = start + columns.start as usize..start + columns.end as usize;
	match codes {
		Codes::One(codes) => of_words(&codes[span]),
		Codes::Two(codes) => of_words(&codes[span]),
	}
}

/// The mask and the number of query heads of an attention step.
fn attention(typed: &Typed<'_>, location: &Location) -> (Mask, u32) {
	let Layout::Records { heads, .. } = location.section.layout else { panic!("records") };
	let step = location.step;
	match typed.program().blocks[step.block].ops[step.op].kind {
		OpKind::Attention(attention) => (attention.mask, heads.into()),
		kind => panic!("{kind:?} has no records"),
	}
}
