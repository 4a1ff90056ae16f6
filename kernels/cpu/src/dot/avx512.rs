//! AVX-512 with VNNI: sixteen outputs a vector.

#![allow(unsafe_code, reason = "vector instructions")]

use core::arch::x86_64::{
	__m512i, _mm512_add_epi32, _mm512_cvtepu8_epi32, _mm512_dpbusd_epi32, _mm512_loadu_si512,
	_mm512_mullo_epi32, _mm512_set1_epi32, _mm512_setzero_si512, _mm512_storeu_si512,
	_mm_loadu_si128, _mm_prefetch, _MM_HINT_T0,
};

use super::{Dot, Kernel};

/// Proof of AVX-512 F, BW, DQ, VL and VNNI.
#[derive(Clone, Copy)]
pub(crate) struct Avx512(());

impl Avx512 {
	/// # Safety
	/// The processor has avx512f, avx512bw, avx512dq, avx512vl and avx512vnni.
	pub(crate) const unsafe fn new() -> Self {
		Self(())
	}
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
fn enter<K: Kernel>(kernel: K, dot: Avx512) -> K::Output {
	kernel.run(dot)
}

// The instructions below exist wherever an `Avx512` does; that is what its constructor demands.
impl Dot for Avx512 {
	const LANES: usize = 16;
	const ROWS: usize = 12;

	type Sum = __m512i;
	type Codes = __m512i;
	type Weights = __m512i;

	#[inline(always)]
	fn enter<K: Kernel>(self, kernel: K) -> K::Output {
		// SAFETY: `self` is the proof.
		unsafe { enter(kernel, self) }
	}

	#[inline(always)]
	fn zero(self) -> Self::Sum {
		// SAFETY: `self` is the proof.
		unsafe { _mm512_setzero_si512() }
	}

	#[inline(always)]
	unsafe fn weights(self, at: *const i8) -> Self::Weights {
		// SAFETY: the caller grants 64 bytes; `self` is the proof.
		unsafe { _mm512_loadu_si512(at.cast()) }
	}

	#[inline(always)]
	unsafe fn codes(self, at: *const u8) -> Self::Codes {
		// SAFETY: the caller grants four bytes; `self` is the proof.
		unsafe { _mm512_set1_epi32(at.cast::<i32>().read_unaligned()) }
	}

	#[inline(always)]
	fn add(self, sum: Self::Sum, codes: Self::Codes, weights: Self::Weights) -> Self::Sum {
		// SAFETY: `self` is the proof.
		unsafe { _mm512_dpbusd_epi32(sum, codes, weights) }
	}

	#[inline(always)]
	unsafe fn add_multiplied(
		self,
		total: Self::Sum,
		sum: Self::Sum,
		multipliers: *const u8,
	) -> Self::Sum {
		// SAFETY: the caller grants 16 bytes; `self` is the proof.
		unsafe {
			let multipliers = _mm512_cvtepu8_epi32(_mm_loadu_si128(multipliers.cast()));
			_mm512_add_epi32(total, _mm512_mullo_epi32(sum, multipliers))
		}
	}

	#[inline(always)]
	unsafe fn store(self, sum: Self::Sum, to: *mut i32) {
		// SAFETY: the caller grants 16 elements; `self` is the proof.
		unsafe { _mm512_storeu_si512(to.cast(), sum) }
	}

	#[inline(always)]
	fn prefetch(self, at: *const i8) {
		// SAFETY: a prefetch reads nothing that a program can see, and faults nowhere.
		unsafe { _mm_prefetch::<_MM_HINT_T0>(at) }
	}
}
