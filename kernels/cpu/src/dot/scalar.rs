//! Products without vector instructions of our choosing.

#![allow(unsafe_code, reason = "the pointers of the trait")]

use super::{Dot, Kernel, STEP};

const LANES: usize = 8;

/// What every processor has.
#[derive(Clone, Copy)]
pub(crate) struct Scalar;

impl Dot for Scalar {
	const LANES: usize = LANES;
	const ROWS: usize = 4;

	type Sum = [i32; LANES];
	type Codes = [u8; STEP];
	type Weights = [[i8; STEP]; LANES];

	#[inline(always)]
	fn enter<K: Kernel>(self, kernel: K) -> K::Output {
		kernel.run(self)
	}

	#[inline(always)]
	fn zero(self) -> Self::Sum {
		[0; LANES]
	}

	#[inline(always)]
	unsafe fn weights(self, at: *const i8) -> Self::Weights {
		// SAFETY: the caller grants the bytes; arrays of bytes have no alignment.
		unsafe { at.cast::<Self::Weights>().read() }
	}

	#[inline(always)]
	unsafe fn codes(self, at: *const u8) -> Self::Codes {
		// SAFETY: as above.
		unsafe { at.cast::<Self::Codes>().read() }
	}

	#[inline(always)]
	fn add(self, mut sum: Self::Sum, codes: Self::Codes, weights: Self::Weights) -> Self::Sum {
		for (sum, weights) in sum.iter_mut().zip(weights) {
			for (code, weight) in codes.into_iter().zip(weights) {
				*sum = sum.wrapping_add(i32::from(code) * i32::from(weight));
			}
		}
		sum
	}

	#[inline(always)]
	unsafe fn add_multiplied(
		self,
		mut total: Self::Sum,
		sum: Self::Sum,
		multipliers: *const u8,
	) -> Self::Sum {
		// SAFETY: the caller grants the bytes.
		let multipliers = unsafe { multipliers.cast::<[u8; LANES]>().read() };
		for ((total, sum), multiplier) in total.iter_mut().zip(sum).zip(multipliers) {
			*total = total.wrapping_add(sum.wrapping_mul(multiplier.into()));
		}
		total
	}

	#[inline(always)]
	unsafe fn store(self, sum: Self::Sum, to: *mut i32) {
		// SAFETY: the caller grants the elements, which are aligned as any i32.
		unsafe { to.cast::<Self::Sum>().write(sum) }
	}

	#[inline(always)]
	fn prefetch(self, _: *const i8) {}
}
