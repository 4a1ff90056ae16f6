//! AVX2 with the four-byte dot product: eight outputs a vector.

#![allow(unsafe_code, reason = "vector instructions")]

use core::arch::x86_64::{
	__m256i, _mm256_add_epi32, _mm256_cvtepu8_epi32, _mm256_dpbusd_avx_epi32, _mm256_loadu_si256,
	_mm256_mullo_epi32, _mm256_set1_epi32, _mm256_setzero_si256, _mm256_storeu_si256,
	_mm_loadl_epi64, _mm_prefetch, _MM_HINT_T0,
};

use super::{Dot, Kernel};

/// Proof of AVX2 and AVX-VNNI.
#[derive(Clone, Copy)]
pub(crate) struct AvxVnni(());

impl AvxVnni {
	/// # Safety
	/// The processor has avx2 and avxvnni.
	pub(crate) const unsafe fn new() -> Self {
		Self(())
	}
}

#[target_feature(enable = "avx2,avxvnni")]
fn enter<K: Kernel>(kernel: K, dot: AvxVnni) -> K::Output {
	kernel.run(dot)
}

// The instructions below exist wherever an `AvxVnni` does; that is what its constructor demands.
impl Dot for AvxVnni {
	const LANES: usize = 8;
	const ROWS: usize = 6;

	type Sum = __m256i;
	type Codes = __m256i;
	type Weights = __m256i;

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
		unsafe { _mm256_loadu_si256(at.cast()) }
	}

	#[inline(always)]
	unsafe fn codes(self, at: *const u8) -> Self::Codes {
		// SAFETY: the caller grants four bytes; `self` is the proof.
		unsafe { _mm256_set1_epi32(at.cast::<i32>().read_unaligned()) }
	}

	#[inline(always)]
	fn add(self, sum: Self::Sum, codes: Self::Codes, weights: Self::Weights) -> Self::Sum {
		// SAFETY: `self` is the proof.
		unsafe { _mm256_dpbusd_avx_epi32(sum, codes, weights) }
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
