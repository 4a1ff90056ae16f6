//! Numbers of a configuration that the program holds as integers.

use serde_json::Value;

/// 2^53: up to here an f64 holds every integer.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A number without fraction, written `10000` or `10000.0`.
pub(crate) fn integer(value: &Value) -> Option<u64> {
	value.as_u64().or_else(|| exact(value.as_f64()?))
}

/// A number in units of 2^-32, if it is a whole number of them.
pub(crate) fn fixed_point(value: &Value) -> Option<u64> {
	exact(value.as_f64()? * 4_294_967_296.0)
}

#[allow(
	clippy::cast_possible_truncation,
	clippy::cast_sign_loss,
	reason = "the number is checked to be a non-negative integer below 2^53"
)]
fn exact(number: f64) -> Option<u64> {
	let whole = (0.0..EXACT).contains(&number) && number % 1.0 == 0.0;
	whole.then_some(number as u64)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn only_whole_numbers_are_integers() {
		for (text, expected) in
			[("10000.0", Some(10_000)), ("7", Some(7)), ("1e6", Some(1_000_000))]
		{
			assert_eq!(integer(&serde_json::from_str(text).unwrap()), expected, "{text}");
		}
		for text in ["10000.5", "-1", "1e300", "\"1\"", "null"] {
			assert_eq!(integer(&serde_json::from_str(text).unwrap()), None, "{text}");
		}
	}

	#[test]
	fn fixed_point_is_exact_or_refused() {
		assert_eq!(fixed_point(&8.0.into()), Some(8 << 32));
		assert_eq!(fixed_point(&0.5.into()), Some(1 << 31));
		assert_eq!(fixed_point(&0.1.into()), None);
		assert_eq!(fixed_point(&(-1.0).into()), None);
	}
}
