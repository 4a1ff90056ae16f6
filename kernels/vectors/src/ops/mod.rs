//! Cases to calls: how each operation reads its operands from a case.

mod attention;
mod elementary;
mod elementwise;
mod linear;
mod norm;
mod pool;
mod program;
mod protocol;
mod quantise;
mod rope;
mod sampler;

use alloc::{format, string::ToString, vec::Vec};

use crate::{case::Case, error::Error, values::Values, Element};

pub use program::run_on;
pub use sampler::sampling;

/// Named outputs of an operation, in the order of the specification.
pub type Outputs = Vec<(&'static str, Values)>;

/// An operation's name, and its call with the operands of a case.
pub type Op = (&'static str, fn(&Case) -> Result<Outputs, Error>);

/// Every operation that a case can name, family by family.
pub const OPS: &[&[Op]] = &[
	elementary::OPS,
	elementwise::OPS,
	quantise::OPS,
	linear::OPS,
	norm::OPS,
	rope::OPS,
	attention::OPS,
	pool::OPS,
	sampler::OPS,
	protocol::OPS,
	program::OPS,
];

/// Computes the outputs of a case on the exact kernels.
///
/// # Errors
/// An unknown operation, an operand that is missing or of another type, or a shape that the
/// operation refuses.
pub fn run(case: &Case) -> Result<Outputs, Error> {
	let op = OPS.iter().copied().flatten().find(|(name, _)| *name == case.op);
	match op {
		Some((_, call)) => call(case),
		None => Err(Error::new(case.line, format!("unknown operation '{}'", case.op))),
	}
}

/// One output of several elements.
fn many<T: Element>(name: &'static str, elements: Vec<T>) -> (&'static str, Values) {
	(name, T::wrap(elements))
}

/// One output of one element.
fn single<T: Element>(name: &'static str, element: T) -> (&'static str, Values) {
	many(name, alloc::vec![element])
}

/// One output: `f` of each element of input `x`.
fn each<A: Element, B: Element>(
	case: &Case,
	input: &str,
	output: &'static str,
	f: impl FnMut(A) -> B,
) -> Result<Outputs, Error> {
	let elements = case.all::<A>(input)?.iter().copied().map(f).collect();
	Ok(alloc::vec![many(output, elements)])
}

/// The refusal of an operation as an error of the case.
fn checked<T>(case: &Case, result: Result<T, impl ToString>) -> Result<T, Error> {
	result.map_err(|error| Error::new(case.line, error.to_string()))
}

/// An operand outside its enumeration.
fn unknown(case: &Case, operand: &str, value: impl core::fmt::Display) -> Error {
	Error::new(case.line, format!("input '{operand}' has no meaning for {value}"))
}
