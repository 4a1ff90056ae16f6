//! A run as its trace sees it: one pass over all positions, shown stage by stage.

use assay_kernels_backend::{
	trace::{CodeTiles, EachTile, HeadTiles, Interest, RowTiles, TileSink},
	BackendError, Limits, Liveness,
};
use assay_primitives::merkle::LeafBatch;
use assay_programs::{
	dataflow::StepId,
	grid::{COLUMNS, GROUP, POOL_COLUMNS},
	op::{Op, OpKind, Register},
	stage::{Layout, Section, Stage},
	Program, Shape,
};

use super::{
	batch::Part,
	cache::Caches,
	device,
	pass::{places, refused, Model, Rows, Space},
	plan::{NormWeights, Operation, Plan, PlannedStep},
	steps::Pass,
	store::{Failure, Store},
	weights::Weights,
};
use crate::{
	attention::{attend_recorded, Recording},
	linear::Epilogue,
	norm::norm_statistics,
	pool::pool_levels,
	quantise::Scheme,
	Codes, Engine,
};

/// Bytes of logits at a time, unless so few rows have more.
const LOGITS: usize = 32 << 20;
/// Rows for which reading the weights of the last layer is worth while.
const LEAST_ROWS: usize = 64;

/// Takes all positions of a run through the program and shows every stage to `sink`.
pub(super) fn trace(
	engine: Engine<'_>,
	model: &Model,
	program: &Program,
	tokens: &[u32],
	shape: Shape,
	sink: &mut dyn TileSink,
) -> Result<(), BackendError> {
	let (plan, _) = Plan::of_whole_texts(program)?;
	let (typed, liveness) = (program.types()?, Liveness::of(program));
	let (positions, sequences) = (u64::from(shape.positions), 1);
	let limits = Limits { sequences, positions, step_tokens: shape.positions };
	let mut caches = Caches::new(&plan.caches, &limits)?;
	let mut pages = caches.no_pages();
	caches.extend(&mut pages, tokens.len())?;
	let outputs = shape.outputs as usize;
	let parts = [Part { chunk: 0, first: 0, tokens, outputs, pages: &pages }];
	let mut space = Space::new(model);
	space.enter(engine, model, &parts);
	let Space { registers, ids, positions, angles } = &mut space;
	let (slots, sequences) = places(&parts, caches.len()).map_err(device)?;
	let rows = Rows { parts: &parts, ids, positions, angles, slots, sequences };
	let ops = program.steps().map(|step| step.op);
	let last = plan.steps.len().saturating_sub(1);
	for (number, (step, op)) in plan.steps.iter().zip(ops).enumerate() {
		let sections: Vec<Section> = typed.sections(step.block, step.index, shape).collect();
		let pass = Pass { engine, model, caches: &mut caches, registers, rows: &rows };
		let mut shown = Shown { pass, step, op, sink, is_last: number == last };
		if !shown.step(&sections).map_err(|failure| refused(step, failure))? {
			return Ok(());
		}
		liveness.ends_after(number).iter().for_each(|&register| registers.clear(register));
	}
	Ok(())
}

/// An operation whose stages are shown.
struct Shown<'a, 'r, 's> {
	pass: Pass<'a, 'r, Weights>,
	step: &'a PlannedStep,
	op: &'a Op,
	sink: &'s mut dyn TileSink,
	is_last: bool,
}

impl Shown<'_, '_, '_> {
	/// Computes the operation and shows its stages; tells whether the pass goes on.
	fn step(&mut self, sections: &[Section]) -> Result<bool, Failure> {
		let step = self.step;
		let id = StepId { block: step.block, iteration: step.iteration.into(), op: step.index };
		let mut pooled = None;
		let mut is_computed = false;
		for section in sections {
			let interest = self.sink.stage(id, section.stage);
			if interest == Interest::End {
				return Ok(false);
			}
			let is_wanted = interest == Interest::Tiles;
			match section.stage {
				Stage::NormStatistics => {
					if is_wanted {
						self.norm_statistics(section)?;
					}
				}
				Stage::PoolMaxima | Stage::PoolSums => {
					if is_wanted {
						self.pooled(section, &mut pooled)?;
					}
				}
				Stage::Records => {
					if is_wanted {
						self.records(section)?;
						is_computed = true;
					}
				}
				_ => {
					if self.is_last && self.last_layer(section, is_wanted)? {
						return Ok(true);
					}
					if !is_computed {
						self.pass.step(step)?;
						is_computed = true;
					}
					if is_wanted {
						self.value(section);
					}
				}
			}
		}
		if self.is_last {
			self.sink.result(self.pass.registers.floats(step.output));
		}
		Ok(true)
	}

	fn input(&self) -> Register {
		// Every operation that is asked reads something.
		self.op.kind.operands().next().unwrap_or_default()
	}

	/// Statistics of the rows before their norm.
	fn norm_statistics(&mut self, section: &Section) -> Result<(), Failure> {
		let (columns, norm): (usize, NormWeights) = match &self.step.operation {
			Operation::Normalise { columns, norm, .. } => (*columns, *norm),
			Operation::Quantise(op) => match op.norm {
				Some(norm) => (op.columns, norm),
				None => return Ok(()),
			},
			_ => return Ok(()),
		};
		let Pass { engine, model, registers, .. } = &self.pass;
		let (x, norm) = (registers.floats(self.input()), norm.with(&model.weights));
		let statistics = norm_statistics(*engine, x, columns, norm)?;
		let columns = norm.statistics();
		let rows = floats(&statistics, columns, columns);
		self.sink.tiles(0..section.tiles(), &rows);
		Ok(())
	}

	/// Parts of a mean, which `pooled` keeps for the next stage.
	fn pooled(
		&mut self,
		section: &Section,
		pooled: &mut Option<(Vec<f32>, Vec<i64>)>,
	) -> Result<(), Failure> {
		let Layout::Pool { columns, .. } = section.layout else { return Ok(()) };
		let (columns, tile) = (columns as usize, POOL_COLUMNS as usize);
		let levels = match pooled.take() {
			Some(levels) => levels,
			None => {
				let x = self.pass.registers.floats(self.input());
				pool_levels(self.pass.engine, x, columns)?
			}
		};
		let (maxima, sums) = pooled.insert(levels);
		let tiles = 0..section.tiles();
		if section.stage == Stage::PoolMaxima {
			self.sink.tiles(tiles, &floats(maxima, columns, tile));
		} else {
			self.sink.tiles(tiles, &RowTiles { first: 0, elements: sums, columns, tile });
		}
		Ok(())
	}

	/// Computes attention and shows its records on the way.
	fn records(&mut self, section: &Section) -> Result<(), Failure> {
		let (Layout::Records { mask, .. }, Operation::Attention { cache, attention, .. }) =
			(section.layout, &self.step.operation)
		else {
			return Ok(());
		};
		let sink = &mut *self.sink;
		let see =
			|tiles, source: &dyn assay_kernels_backend::trace::Tiles| sink.tiles(tiles, source);
		let Pass { engine, caches, registers, rows, .. } = &mut self.pass;
		let (slots, sequences) = (&rows.slots[*cache], &rows.sequences[*cache]);
		let cache = caches.get_mut(*cache);
		let Operation::Attention { query, key, value, .. } = &self.step.operation else {
			return Ok(());
		};
		let mut out = registers.take_floats(self.step.output);
		let [query, key, value] = [query, key, value].map(|&register| registers.codes(register));
		cache.append(*engine, attention.first_head, key, value, slots)?;
		out.resize(query.rows() * query.inputs(), 0.0);
		// A traced run is one sequence.
		if let [sequence] = sequences.as_slice() {
			let recording = Recording { attention, mask, cache, queries: query, sequence };
			attend_recorded(*engine, &recording, &mut out, see)?;
		}
		registers.set_floats(self.step.output, out);
		Ok(())
	}

	/// Shows what the operation has written.
	fn value(&mut self, section: &Section) {
		let registers = &*self.pass.registers;
		let (output, all) = (self.step.output, 0..section.tiles());
		let rows = registers.floats(output);
		match (section.stage, section.layout, &self.op.kind) {
			(Stage::Range, ..) => {
				let codes = registers.codes(output);
				let is_asymmetric = matches!(
					&self.step.operation,
					Operation::Quantise(op) if op.scheme == Scheme::Asymmetric
				);
				self.sink.tiles(
					all,
					&EachTile(|row: usize, batch: &mut LeafBatch| {
						let range = [codes.extents()[row], codes.scales()[row]];
						batch.extend_words(&range);
						if is_asymmetric {
							batch.extend(&codes.zero_points()[row].to_le_bytes());
						}
					}),
				);
			}
			(Stage::Codes, ..) => {
				let codes: &Codes = registers.codes(output);
				let (columns, tile) = (codes.inputs(), COLUMNS as usize);
				self.sink.tiles(all, &CodeTiles { rows: codes, columns, tile });
			}
			(_, Layout::Heads { role, positions, heads, head_dim }, _) => {
				self.sink.tiles(
					all,
					&HeadTiles {
						rows: registers.codes(output),
						role,
						positions: positions as usize,
						heads: heads.into(),
						head_dim: head_dim as usize,
					},
				);
			}
			(_, Layout::Groups { head_dim, .. }, OpKind::Attention(_)) => {
				self.sink.tiles(all, &floats(rows, head_dim as usize, GROUP as usize));
			}
			(_, Layout::Rows { columns, tile, .. }, _) => {
				self.sink.tiles(all, &floats(rows, columns as usize, tile as usize));
			}
			_ => debug_assert!(false, "{:?} of {:?}", section.stage, self.step),
		}
	}

	/// Computes the last operation, if it is a layer, some rows at a time: nobody reads the logits of
	/// all rows together. Tells whether it was.
	fn last_layer(&mut self, section: &Section, is_wanted: bool) -> Result<bool, Failure> {
		let Operation::Linear { input, layer, activation, residual: None } = &self.step.operation
		else {
			return Ok(false);
		};
		let Layout::Rows { rows, columns, tile } = section.layout else { return Ok(false) };
		let (rows, columns, tile) = (rows as usize, columns as usize, tile as usize);
		let Pass { engine, model, registers, .. } = &self.pass;
		let some = (LOGITS / (columns * size_of::<f32>())).max(LEAST_ROWS);
		let epilogue = Epilogue { activation: *activation, residual: false };
		let per_row = columns.div_ceil(tile) as u64;
		let mut out = Vec::new();
		for start in (0..rows).step_by(some) {
			let end = rows.min(start + some);
			let codes = registers.codes(*input).some_rows(start..end);
			out.resize((end - start) * columns, 0.0);
			model.weights.apply(*engine, *layer, &codes, epilogue, &mut out)?;
			if is_wanted {
				let first = start as u64 * per_row;
				let tiles = first..end as u64 * per_row;
				self.sink.tiles(tiles, &RowTiles { first, ..floats(&out, columns, tile) });
			}
			self.sink.result(&out);
		}
		Ok(true)
	}
}

/// f32 rows as tiles.
fn floats(elements: &[f32], columns: usize, tile: usize) -> RowTiles<'_, f32> {
	RowTiles { first: 0, elements, columns, tile }
}
