//! Watching a pass, and changing what it computes.

use assay_programs::program::Step;

use super::{
	value::{Computed, FloatRows},
	Pass,
};

/// Sees what a pass computes: a tracer writes down every stage.
pub trait Observer {
	/// A `Quantise` is about to quantise these rows: after its norm, before its multipliers.
	fn quantise(&mut self, step: Step<'_>, rows: &FloatRows) {
		let _ = (step, rows);
	}

	/// An operation has been computed. Whatever is changed here is what later operations read: so a
	/// fault is put into a pass.
	fn amend(&mut self, step: Step<'_>, pass: &Pass<'_>, computed: &mut Computed) {
		let _ = (step, pass, computed);
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

	/// Whether the pass may end here.
	fn has_seen_enough(&self) -> bool {
		false
	}
}

/// Looks away.
impl Observer for () {}
