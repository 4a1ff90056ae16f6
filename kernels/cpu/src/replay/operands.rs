//! How operands are read from cases.

use assay_kernels_exact::{activation::Activation, float::canon, quantise::Digits};
use assay_kernels_vectors::{Case, Element, Error, Values};

use super::Replay;

/// One output.
pub(super) fn own<T: Element>(name: &'static str, elements: Vec<T>) -> Replay {
	Replay::Own(vec![(name, T::wrap(elements))])
}

/// The refusal of an operation as an error of the case.
pub(super) fn checked<T>(case: &Case, result: Result<T, crate::Error>) -> Result<T, Error> {
	result.map_err(|error| Error { line: case.line, reason: error.to_string() })
}

/// The f32 of an operand as a loader reads them.
pub(super) fn floats(case: &Case, name: &str) -> Result<Vec<f32>, Error> {
	Ok(case.all::<f32>(name)?.iter().map(|&x| canon(x)).collect())
}

pub(super) fn float(case: &Case, name: &str) -> Result<f32, Error> {
	case.one(name).map(canon)
}

/// A dimension.
pub(super) fn count(case: &Case, name: &str) -> Result<usize, Error> {
	Ok(case.one::<u32>(name)? as usize)
}

/// The codes of an operand and their digits.
pub(super) fn codes(case: &Case, name: &str) -> Result<(Vec<i16>, Digits), Error> {
	match case.values(name) {
		Some(Values::I8(codes)) => {
			Ok((codes.iter().copied().map(i16::from).collect(), Digits::One))
		}
		_ => Ok((case.all::<i16>(name)?.to_vec(), Digits::Two)),
	}
}

/// Codes of one digit as bytes.
pub(super) fn bytes(codes: impl IntoIterator<Item = i16>) -> Vec<i8> {
	codes.into_iter().map(|code| code as i8).collect()
}

/// The member of an enumeration that an operand names by its number.
pub(super) fn one_of<T: Copy>(case: &Case, name: &str, members: &[T]) -> Result<T, Error> {
	let number = case.one::<u8>(name)?;
	members.get(usize::from(number)).copied().ok_or_else(|| Error {
		line: case.line,
		reason: format!("input '{name}' has no meaning for {number}"),
	})
}

pub(super) fn activation(case: &Case) -> Result<Activation, Error> {
	use Activation::{Gelu, GeluTanh, Relu, Silu, Tanh};
	one_of(case, "activation", &[Relu, Silu, Gelu, GeluTanh, Tanh])
}
