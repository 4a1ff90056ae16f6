//! Integer codes of one and two signed digits.

use crate::float::clamp;

/// Precision of a quantised row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
	/// One signed byte: codes -127..=127.
	One,
	/// Two signed bytes, 256 * high + low: codes -32512..=32512.
	Two,
}

impl Digits {
	/// Q: the code of the row's greatest magnitude, 127 or 32512 = 127 * 256.
	#[inline]
	pub const fn max_code(self) -> i32 {
		match self {
			Self::One => 127,
			Self::Two => 32_512,
		}
	}

	/// How many signed bytes a code has.
	pub const fn count(self) -> usize {
		match self {
			Self::One => 1,
			Self::Two => 2,
		}
	}

	/// The signed bytes (high, low) of a two-digit code, both in -128..=127.
	///
	/// Tensor cores multiply digits; the digits are no part of any result. The code is limited to
	/// +-32512 first.
	pub const fn split(code: i16) -> (i8, i8) {
		let code = clamp(code as i32, -Self::Two.max_code(), Self::Two.max_code());
		let high = (code + 128) >> 8;
		(high as i8, (code - 256 * high) as i8)
	}
}

mod sealed {
	pub trait Sealed {}
	impl Sealed for i8 {}
	impl Sealed for i16 {}
}

/// A stored code: `i8` holds one digit, `i16` holds two.
///
/// Tiles may hold any bytes, so reading maps every pattern to a defined code: all of -128..=127
/// for one digit, and -32512..=32512 for two, the range whose digits are signed bytes.
pub trait Code: Copy + sealed::Sealed {
	/// Greatest magnitude that [`read`](Code::read) returns.
	const MAX_MAGNITUDE: i64;

	/// The code's value after limiting it to its range.
	fn read(self) -> i32;
}

impl Code for i8 {
	const MAX_MAGNITUDE: i64 = 128;

	#[inline]
	fn read(self) -> i32 {
		self.into()
	}
}

impl Code for i16 {
	const MAX_MAGNITUDE: i64 = Digits::Two.max_code() as i64;

	#[inline]
	fn read(self) -> i32 {
		clamp(self.into(), -Digits::Two.max_code(), Digits::Two.max_code())
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn digits_recombine_for_every_code() {
		for code in i16::MIN..=i16::MAX {
			let (high, low) = Digits::split(code);
			assert_eq!(256 * i32::from(high) + i32::from(low), code.read(), "{code}");
			assert!((-127..=127).contains(&high), "{code}");
		}
	}
}
