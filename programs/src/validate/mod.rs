//! Which programs are admitted.
//!
//! The check is total: it ends in a [`Fault`] or not, whatever program it is given, in time that
//! follows from the length of the program as written. For an admitted program,
//! - every operand of a step was written by an earlier step and has the type that the step reads;
//! - no position of a generating program depends on a later one;
//! - every tile of every run has a witness within [`limits`](crate::limits), and the kernels' sums
//!   stay within their integers;
//! - counts of tiles, bytes and costs of any run are exact.

mod header;
mod ops;
mod tables;

use codec::Encode;

use crate::{
	dataflow::Typed,
	fault::{Fault, Reason},
	limits::{MAX_EPILOGUE_LEAVES, MAX_LEAVES},
	program::{Kind, Program, MAX_BYTES},
	shape::Shape,
	stage::Trace,
	value::{Rows, Value},
};

impl Program {
	/// Checks everything that the protocol relies on.
	///
	/// # Errors
	/// The first fault found.
	pub fn validate(&self) -> Result<(), Fault> {
		self.admit().map(drop)
	}

	/// [Validates](Self::validate) the program and hands out its types.
	///
	/// # Errors
	/// The first fault found.
	pub fn admit(&self) -> Result<Typed<'_>, Fault> {
		self.check_header().map_err(Fault::of_program)?;
		self.check_tables().map_err(Fault::of_program)?;
		let bytes = self.encoded_size();
		if bytes > MAX_BYTES {
			return Err(Fault::of_program(Reason::EncodedSize { found: bytes }));
		}
		let typed = self.types()?;
		for (place, op, types) in typed.ops() {
			self.check_op(&op.kind, types).map_err(|reason| place.fault(reason))?;
		}
		self.check_result(&typed)?;
		self.check_use()?;
		self.check_bounds(&typed)?;
		self.check_trace(&typed)?;
		Ok(typed)
	}

	/// The last operation writes what the program is for.
	fn check_result(&self, typed: &Typed<'_>) -> Result<(), Fault> {
		let found = typed.result();
		let expected = match self.kind {
			Kind::Generate { .. } => Value::float(Rows::Outputs, self.vocabulary),
			Kind::Embed => Value::float(Rows::One, found.form.columns()),
		};
		let Some((place, ..)) = typed.ops().last() else {
			return Err(Fault::of_program(Reason::NoBlocks));
		};
		if found == expected {
			Ok(())
		} else {
			Err(place.fault(Reason::Result { expected, found }))
		}
	}

	/// The trace of the longest run has a place for every tile. Both lengths are at their greatest,
	/// as the number of leaves falls with neither.
	fn check_trace(&self, typed: &Typed<'_>) -> Result<(), Fault> {
		let shape = Shape { positions: self.max_positions, outputs: self.max_positions };
		if Trace::new(typed, shape).leaves() > MAX_LEAVES - MAX_EPILOGUE_LEAVES {
			return Err(Fault::of_program(Reason::TraceLeaves));
		}
		Ok(())
	}
}
