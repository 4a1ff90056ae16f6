//! What the tests share: every engine of this machine, operands, comparison by bits.

#![allow(dead_code, reason = "each test file uses a part")]

use std::sync::OnceLock;

use assay_kernels_cpu::{Codes, Engine, Level};
use assay_kernels_exact::{float::canon, quantise::Digits};
use assay_kernels_vectors::stream;
use proptest::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Calls `f` with every level of instructions that this machine has, on one and on two threads. Which it
/// lacks is told by the golden vectors' tests, of which there is one for each level.
pub(crate) fn on_every_engine(f: impl Fn(Engine<'_>)) {
	static POOLS: OnceLock<[ThreadPool; 2]> = OnceLock::new();
	let pool = |threads| ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
	for pool in POOLS.get_or_init(|| [pool(1), pool(2)]) {
		for level in Level::available() {
			f(Engine::with_level(pool, level).unwrap());
		}
	}
}

/// Compares f32 by their bits; `what` names the operands.
#[track_caller]
pub(crate) fn assert_bits(got: &[f32], expected: &[f32], engine: Engine<'_>, what: &str) {
	assert_eq!(got.len(), expected.len(), "{what}");
	for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
		let (level, threads) = (engine.level(), engine.pool().current_num_threads());
		assert_eq!(
			got.to_bits(),
			expected.to_bits(),
			"{what}, element {i}: {got:e} instead of {expected:e} on {level}, {threads} threads"
		);
	}
}

/// What f32 operands look like.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Values {
	/// -2 to 2.
	Unit,
	/// All magnitudes of F.
	Wide,
	/// One element in 50 is a thousand times the others.
	Outliers,
	/// Multiples of 1/2, so that many lie between two integers.
	Halves,
	/// Around the threshold of a zero row.
	Tiny,
	/// Zeros and one other value.
	Sparse,
	/// A great mean, small differences.
	Shifted,
}

pub(crate) fn values() -> impl Strategy<Value = Values> {
	use Values::{Halves, Outliers, Shifted, Sparse, Tiny, Unit, Wide};
	prop::sample::select(vec![Unit, Unit, Wide, Outliers, Halves, Tiny, Sparse, Shifted])
}

impl Values {
	pub(crate) fn take(self, count: usize, seed: u64) -> Vec<f32> {
		(0..count as u64).map(|i| self.element(stream(seed, i))).collect()
	}

	fn element(self, word: u64) -> f32 {
		let unit = ((word >> 40) as i32 - (1 << 23)) as f32 / 4_194_304.0;
		canon(match self {
			Self::Unit => unit,
			Self::Wide => {
				let exponent = 47 + (word >> 33) as u32 % 120;
				let sign = (word >> 32) as u32 & 1;
				f32::from_bits((sign << 31) | (exponent << 23) | (word as u32 & 0x007f_ffff))
			}
			Self::Outliers if word.is_multiple_of(50) => unit * 1000.0,
			Self::Outliers => unit,
			Self::Halves => ((word % 511) as f32 - 255.0) * 0.5,
			Self::Tiny => {
				f32::from_bits(0x2b7f_fffe + (word % 4) as u32 + ((word as u32 & 64) << 25))
			}
			Self::Sparse if word.is_multiple_of(40) => -3.25,
			Self::Sparse => 0.0,
			Self::Shifted => 1.0e4 + unit,
		})
	}
}

/// What codes look like.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CodeClass {
	/// Any code.
	Any,
	/// Both ends of the range; of one digit -128 too.
	Saturated,
	/// One end only, so that sums are as great as they can be.
	Greatest,
	/// Mostly zeros.
	Sparse,
}

pub(crate) fn code_class() -> impl Strategy<Value = CodeClass> {
	use CodeClass::{Any, Greatest, Saturated, Sparse};
	prop::sample::select(vec![Any, Any, Saturated, Greatest, Sparse])
}

impl CodeClass {
	pub(crate) fn take(self, digits: Digits, count: usize, seed: u64) -> Vec<i16> {
		let (low, high) = match digits {
			Digits::One => (-128_i64, 127),
			Digits::Two => (-32_512, 32_512),
		};
		let element = |word: u64| -> i16 {
			let code = match self {
				Self::Any => low + ((word >> 20) % (high - low + 1).unsigned_abs()) as i64,
				Self::Saturated if word >> 63 == 0 => low,
				Self::Saturated => high,
				Self::Greatest => low,
				Self::Sparse if word.is_multiple_of(9) => high,
				Self::Sparse => 0,
			};
			code as i16
		};
		(0..count as u64).map(|i| element(stream(seed, i))).collect()
	}
}

pub(crate) fn digits() -> impl Strategy<Value = Digits> {
	prop::sample::select(vec![Digits::One, Digits::Two])
}

/// All codes, row after row.
pub(crate) fn all_codes(codes: &Codes) -> Vec<i16> {
	(0..codes.rows()).flat_map(|row| codes.row(row)).collect()
}

/// Codes of one digit as bytes.
pub(crate) fn bytes(codes: &[i16]) -> Vec<i8> {
	codes.iter().map(|&code| code as i8).collect()
}
