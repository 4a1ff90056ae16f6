//! Golden vectors on the code of the backend, with which a machine proves it before it serves.
//!
//! Operands are read as a loader reads them, through CANON. What the backend leaves to the exact kernels
//! is [`Replay::Exact`]: import, draws with chance, the protocol; and operands that no program gives,
//! such as negative scales or the false statistics of a dispute. Fused operations are replayed in the parts
//! that they consist of.

/// An expression computed with the instructions of an engine's level. Operands are named with their
/// types, which may borrow for `'a`.
macro_rules! at_level {
	($engine:expr, $($operand:ident: $type:ty),+ => $output:ty, $value:expr) => {{
		struct Work<'a> {
			$($operand: $type),+
		}

		impl $crate::dot::Kernel for Work<'_> {
			type Output = $output;

			#[inline(always)]
			fn run<D: $crate::dot::Dot>(self, _: D) -> $output {
				let Self { $($operand),+ } = self;
				$value
			}
		}

		$engine.run(Work { $($operand),+ })
	}};
}

mod attention;
mod elementary;
mod elementwise;
mod linear;
mod norm;
mod operands;
mod pool;
mod quantise;
mod sampler;

use assay_kernels_vectors::{run_on, Case, Error, Outputs};

use self::operands::checked;
use crate::{backend::Cpu, Engine};

/// What the backend has for a case.
#[derive(Clone, Debug)]
pub enum Replay {
	/// Its outputs, by the code of this crate.
	Own(Outputs),
	/// Its outputs, by the code of this crate for the elements that the code's bounds admit, for all
	/// others by the exact kernels.
	Within(Outputs),
	/// Nothing: the exact kernels compute it here too.
	Exact,
}

/// An operation's name, and its replay.
type Op = (&'static str, fn(Engine<'_>, &Case) -> Result<Replay, Error>);

/// Operations that there is code for.
const OPS: &[&[Op]] = &[
	elementary::OPS,
	elementwise::OPS,
	quantise::OPS,
	linear::OPS,
	norm::OPS,
	attention::OPS,
	pool::OPS,
	sampler::OPS,
];

/// The operation of cases that are whole programs.
const PROGRAM: &str = "program";

/// Computes the outputs of a case with the backend's level of instructions, on its threads.
///
/// # Errors
/// An operand that is missing or of another type, or a shape that the operation refuses.
pub fn replay(cpu: &Cpu, case: &Case) -> Result<Replay, Error> {
	if case.op == PROGRAM {
		return run_on(cpu, case).map(Replay::Own);
	}
	let engine = checked(case, Engine::with_level(cpu.pool(), cpu.level()))?;
	let op = OPS.iter().copied().flatten().find(|(name, _)| *name == case.op);
	op.map_or(Ok(Replay::Exact), |(_, replay)| replay(engine, case))
}
