//! Watching what is quantised.

use assay_kernels_backend::{BackendError, Limits, WeightSource};
use assay_programs::Program;

use super::{
	batch::group,
	cache::Caches,
	pass::{Model, Space},
	plan::{Operation, Plan},
	streamed::Streamed,
	texts::run_texts,
	weights::Reader,
	Cpu,
};

/// Rows of a pass. Its memory is all that there is, as the weights stay where they are.
const PASS_ROWS: usize = 512;

/// Takes whole texts through a program and shows what is quantised on the way, for calibration.
///
/// Matrices stay where they are and are read a block at a time, once for all texts of a pass: how much
/// memory it takes depends on the widths of rows, not on the size of the weights. What follows the
/// last quantisation, such as logits, is not computed.
pub struct Probe<'w> {
	cpu: Cpu,
	model: Model<Streamed<'w>>,
	caches: Caches,
	space: Space,
}

/// Rows that an operation is about to quantise: after its norm, before its multipliers.
#[derive(Clone, Copy, Debug)]
pub struct ProbedRows<'a> {
	/// Index of the operation's block.
	pub block: usize,
	/// Which repetition of the block.
	pub iteration: u16,
	/// Index of the operation in its block.
	pub index: usize,
	/// Elements of a row.
	pub columns: usize,
	/// [row][column]; a row for each position of each text of the pass.
	pub elements: &'a [f32],
}

impl Cpu {
	/// A probe of a program.
	///
	/// # Errors
	/// If the program is not valid or a weight cannot be read.
	pub fn probe<'w>(
		&self,
		program: &'w Program,
		weights: &'w dyn WeightSource,
	) -> Result<Probe<'w>, BackendError> {
		let (mut plan, list) = Plan::of_whole_texts(program)?;
		let is_quantise = |operation: &Operation| matches!(operation, Operation::Quantise(_));
		let last = plan.steps.iter().rposition(|step| is_quantise(&step.operation));
		plan.steps.truncate(last.map_or(0, |last| last + 1));
		let weights = Streamed::new(&list, Reader { program, source: weights })?;
		let caches = Caches::new(&plan.caches, &Limits::NONE)?;
		let model = Model { plan, weights, rotations: program.rotations.clone() };
		let space = Space::new(&model);
		Ok(Probe { cpu: self.clone(), model, caches, space })
	}
}

impl Probe<'_> {
	/// Runs the first of some texts, as many as share a pass, and tells how many these were. `see`
	/// gets the rows of each quantisation, those of all texts together. A text of more than 512
	/// tokens is a pass of its own and takes memory for all of them.
	///
	/// # Errors
	/// If a text has no tokens, or a weight cannot be read. Whether the program admits tokens and
	/// lengths is not checked.
	pub fn run(
		&mut self,
		texts: &[&[u32]],
		see: &mut (dyn FnMut(ProbedRows<'_>) + Send),
	) -> Result<usize, BackendError> {
		let Some(texts) = group(texts, PASS_ROWS).next() else { return Ok(0) };
		if texts.iter().any(|text| text.is_empty()) {
			return Err(BackendError::NoTokens);
		}
		let Self { cpu, model, caches, space } = self;
		cpu.install(|engine| {
			run_texts(engine, model, caches, space, texts, Some(see)).map(|_| texts.len())
		})
	}
}
