//! Watching a pass.

use assay_programs::program::Step;

use super::value::{Computed, FloatRows};

/// Sees what a pass computes: a tracer writes down every stage.
pub trait Observer {
	/// A `Quantise` is about to quantise these rows: after its norm, before its multipliers.
	fn quantise(&mut self, step: Step<'_>, rows: &FloatRows) {
		let _ = (step, rows);
	}

	/// An operation has been computed.
	fn computed(&mut self, step: Step<'_>, computed: &Computed) {
		let _ = (step, computed);
	}

	/// Whether [`computed`](Self::computed) gets the block records of attention, which take far more
	/// memory than everything else.
	fn wants_records(&self) -> bool {
		false
	}
}

/// Looks away.
impl Observer for () {}
