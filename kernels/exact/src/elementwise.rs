//! Operations on corresponding elements (SPEC 6). All apply CANON to what they read and write.

use alloc::vec::Vec;

use crate::{
	error::{length, Error},
	float::canon,
};

/// CANON(f(CANON(x))) for each element.
pub(crate) fn map(x: &[f32], f: impl Fn(f32) -> f32) -> Vec<f32> {
	x.iter().map(|&x| canon(f(canon(x)))).collect()
}

/// CANON(f(CANON(a), CANON(b))) for each pair.
pub(crate) fn zip(
	op: &'static str,
	operand: &'static str,
	a: &[f32],
	b: &[f32],
	f: impl Fn(f32, f32) -> f32,
) -> Result<Vec<f32>, Error> {
	length(op, operand, a.len(), b.len())?;
	Ok(a.iter().zip(b).map(|(&a, &b)| canon(f(canon(a), canon(b)))).collect())
}

/// CANON(x + y): the residual connection.
///
/// # Errors
/// [`Error::Length`] when the operands differ in length.
pub fn add(x: &[f32], y: &[f32]) -> Result<Vec<f32>, Error> {
	zip("add", "y", x, y, |x, y| x + y)
}

/// CANON(x * y).
///
/// # Errors
/// [`Error::Length`] when the operands differ in length.
pub fn mul(x: &[f32], y: &[f32]) -> Result<Vec<f32>, Error> {
	zip("mul", "y", x, y, |x, y| x * y)
}

/// CANON(x * factor) with one factor for the whole tile.
pub fn scale(x: &[f32], factor: f32) -> Vec<f32> {
	let factor = canon(factor);
	map(x, |x| x * factor)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn results_leave_no_negative_zero_and_stay_in_range() {
		assert_eq!(add(&[1.5, -1.5], &[-1.5, 1.5]).unwrap()[0].to_bits(), 0);
		assert_eq!(mul(&[-0.0], &[5.0]).unwrap()[0].to_bits(), 0);
		let big = f32::from_bits(crate::float::MAX_MAG);
		assert_eq!(mul(&[big], &[-big]).unwrap(), [-big]);
		assert_eq!(add(&[big], &[big]).unwrap(), [big]);
		assert_eq!(scale(&[f32::NAN], 0.5), [big * 0.5]);
	}

	#[test]
	fn operands_of_different_length_are_refused() {
		assert_eq!(
			add(&[1.0], &[]),
			Err(Error::Length { op: "add", operand: "y", expected: 1, got: 0 })
		);
	}
}
