//! NEON: four outputs a vector, products of signed bytes.
//!
//! The baseline has no product of an unsigned and a signed byte. A code less 128 is signed, and the
//! 128 * weight that this leaves out is summed once per step of weights instead of once per row.

#![allow(unsafe_code, reason = "vector instructions")]

use core::arch::aarch64::{
	int32x4_t, int8x16_t, int8x8_t, vaddq_s32, vdup_n_s8, vdup_n_u32, vdupq_n_s32, veor_s8,
	vget_high_s8, vget_low_s8, vld1q_s8, vmlaq_s32, vmull_s8, vpaddlq_s16, vpaddlq_s8, vpaddq_s32,
	vreinterpret_s8_u32, vshlq_n_s32, vst1q_s32,
};

use super::{Dot, Kernel, OFFSET};

/// Every AArch64 processor has NEON.
#[derive(Clone, Copy)]
pub(crate) struct Neon;

/// A step of weights, and the sum of each output's four weights times [`OFFSET`].
#[derive(Clone, Copy)]
pub(crate) struct Weights {
	bytes: int8x16_t,
	offset: int32x4_t,
}

const _: () = assert!(OFFSET == 1 << 7);

impl Dot for Neon {
	const LANES: usize = 4;
	const ROWS: usize = 6;

	type Sum = int32x4_t;
	type Codes = int8x8_t;
	type Weights = Weights;

	#[inline(always)]
	fn enter<K: Kernel>(self, kernel: K) -> K::Output {
		kernel.run(self)
	}

	#[inline(always)]
	fn zero(self) -> Self::Sum {
		// SAFETY: every AArch64 processor has NEON; so below.
		unsafe { vdupq_n_s32(0) }
	}

	#[inline(always)]
	unsafe fn weights(self, at: *const i8) -> Self::Weights {
		// SAFETY: the caller grants 16 bytes.
		unsafe {
			let bytes = vld1q_s8(at);
			let sums = vpaddlq_s16(vpaddlq_s8(bytes));
			Weights { bytes, offset: vshlq_n_s32::<7>(sums) }
		}
	}

	#[inline(always)]
	unsafe fn codes(self, at: *const u8) -> Self::Codes {
		// SAFETY: the caller grants four bytes.
		unsafe {
			let bytes = vreinterpret_s8_u32(vdup_n_u32(at.cast::<u32>().read_unaligned()));
			veor_s8(bytes, vdup_n_s8(i8::MIN))
		}
	}

	#[inline(always)]
	fn add(self, sum: Self::Sum, codes: Self::Codes, weights: Self::Weights) -> Self::Sum {
		// SAFETY: as in `zero`. A product of two signed bytes fits 16 bits, two of them need 32.
		unsafe {
			let low = vpaddlq_s16(vmull_s8(vget_low_s8(weights.bytes), codes));
			let high = vpaddlq_s16(vmull_s8(vget_high_s8(weights.bytes), codes));
			vaddq_s32(vaddq_s32(sum, weights.offset), vpaddq_s32(low, high))
		}
	}

	#[inline(always)]
	unsafe fn add_multiplied(
		self,
		total: Self::Sum,
		sum: Self::Sum,
		multipliers: *const u8,
	) -> Self::Sum {
		// SAFETY: the caller grants 4 bytes.
		unsafe {
			let bytes = multipliers.cast::<[u8; 4]>().read();
			let multipliers = bytes.map(i32::from);
			vmlaq_s32(total, sum, core::arch::aarch64::vld1q_s32(multipliers.as_ptr()))
		}
	}

	#[inline(always)]
	unsafe fn store(self, sum: Self::Sum, to: *mut i32) {
		// SAFETY: the caller grants 4 elements.
		unsafe { vst1q_s32(to, sum) }
	}

	#[inline(always)]
	fn prefetch(self, _: *const i8) {}
}
