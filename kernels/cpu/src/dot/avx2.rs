//! AVX2: eight outputs a vector, products of 16-bit pairs.
//!
//! The instruction that multiplies bytes saturates at 16 bits, so bytes are widened instead: inputs
//! 0 and 2 of a step in one vector, 1 and 3 in another. A pair's sum is at most 2 * 255 * 128.

#![allow(unsafe_code, reason = "vector instructions")]

use core::arch::x86_64::{
	__m256i, _mm256_add_epi32, _mm256_and_si256, _mm256_cvtepu8_epi32, _mm256_loadu_si256,
	_mm256_madd_epi16, _mm256_mullo_epi32, _mm256_set1_epi16, _mm256_set1_epi32,
	_mm256_setzero_si256, _mm256_slli_epi16, _mm256_srai_epi16, _mm256_srli_epi16,
	_mm256_storeu_si256, _mm_loadl_epi64, _mm_prefetch, _MM_HINT_T0,
};

use super::{Dot, Kernel};

/// Proof of AVX2.
#[derive(Clone, Copy)]
pub(crate) struct Avx2(());

impl Avx2 {
	/// # Safety
	/// The processor has avx2.
	pub(crate) const unsafe fn new() -> Self {
		Self(())
	}
}

/// The bytes of a step as 16-bit numbers.
#[derive(Clone, Copy)]
pub(crate) struct Widened {
	even: __m256i,
	odd: __m256i,
}

#[target_feature(enable = "avx2")]
fn enter<K: Kernel>(kernel: K, dot: Avx2) -> K::Output {
	kernel.run(dot)
}

// The instructions below exist wherever an `Avx2` does; that is what its constructor demands.
impl Dot for Avx2 {
	const LANES: usize = 8;
	const ROWS: usize = 4;

	type Sum = __m256i;
	type Codes = Widened;
	type Weights = Widened;

	#[inline(always)]
	fn enter<K: Kernel>(self, kernel: K) -> K::Output {
		// SAFETY: `self` is the proof.
		unsafe { enter(kernel, self) }
	}

	#[inline(always)]
	fn zero(self) -> Self::Sum {
		// SAFETY: `self` is the proof.
		unsafe { _mm256_setzero_si256() }
	}

	#[inline(always)]
	unsafe fn weights(self, at: *const i8) -> Self::Weights {
		// SAFETY: the caller grants 32 bytes; `self` is the proof.
		unsafe {
			let bytes = _mm256_loadu_si256(at.cast());
			let even = _mm256_srai_epi16::<8>(_mm256_slli_epi16::<8>(bytes));
			Widened { even, odd: _mm256_srai_epi16::<8>(bytes) }
		}
	}

	#[inline(always)]
	unsafe fn codes(self, at: *const u8) -> Self::Codes {
		// SAFETY: the caller grants four bytes; `self` is the proof.
		unsafe {
			let bytes = _mm256_set1_epi32(at.cast::<i32>().read_unaligned());
			let even = _mm256_and_si256(bytes, _mm256_set1_epi16(0xff));
			Widened { even, odd: _mm256_srli_epi16::<8>(bytes) }
		}
	}

	#[inline(always)]
	fn add(self, sum: Self::Sum, codes: Self::Codes, weights: Self::Weights) -> Self::Sum {
		// SAFETY: `self` is the proof.
		unsafe {
			let sum = _mm256_add_epi32(sum, _mm256_madd_epi16(codes.even, weights.even));
			_mm256_add_epi32(sum, _mm256_madd_epi16(codes.odd, weights.odd))
		}
	}

	#[inline(always)]
	unsafe fn add_multiplied(
		self,
		total: Self::Sum,
		sum: Self::Sum,
		multipliers: *const u8,
	) -> Self::Sum {
		// SAFETY: the caller grants 8 bytes; `self` is the proof.
		unsafe {
			let multipliers = _mm256_cvtepu8_epi32(_mm_loadl_epi64(multipliers.cast()));
			_mm256_add_epi32(total, _mm256_mullo_epi32(sum, multipliers))
		}
	}

	#[inline(always)]
	unsafe fn store(self, sum: Self::Sum, to: *mut i32) {
		// SAFETY: the caller grants 8 elements; `self` is the proof.
		unsafe { _mm256_storeu_si256(to.cast(), sum) }
	}

	#[inline(always)]
	fn prefetch(self, at: *const i8) {
		// SAFETY: a prefetch reads nothing that a program can see, and faults nowhere.
		unsafe { _mm_prefetch::<_MM_HINT_T0>(at) }
	}
}
