//! The program's own generator, so that data and first weights are the same on every machine.

/// `SplitMix64` (Steele, Lea and Flood 2014): 64 bits of state, enough for data and first weights.
#[derive(Clone, Debug)]
pub(crate) struct SplitMix64 {
	state: u64,
}

impl SplitMix64 {
	/// A generator whose whole sequence follows from `seed`.
	pub(crate) fn new(seed: u64) -> Self {
		Self { state: seed }
	}

	/// The next 64 bits.
	pub(crate) fn next_u64(&mut self) -> u64 {
		self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
		let mut z = self.state;
		z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
		z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
		z ^ (z >> 31)
	}

	/// A number in `0..bound`. The bias is below `bound / 2^64`.
	pub(crate) fn below(&mut self, bound: usize) -> usize {
		let scaled = (u128::from(self.next_u64()) * bound as u128) >> 64;
		usize::try_from(scaled).expect("less than `bound`, a usize")
	}

	/// A number in `[-1, 1)`, a multiple of `2^-23`.
	pub(crate) fn symmetric(&mut self) -> f32 {
		// 24 bits are what an f32 holds without rounding.
		(self.next_u64() >> 40) as f32 / (1_u32 << 23) as f32 - 1.0
	}

	/// Puts `items` into an order of which each is equally likely (Fisher-Yates).
	pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
		for last in (1..items.len()).rev() {
			items.swap(last, self.below(last + 1));
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn should_give_the_published_sequence() {
		// The known answers for seed 1234567, as other implementations list them.
		let mut random = SplitMix64::new(1_234_567);
		let expected = [
			6_457_827_717_110_365_317,
			3_203_168_211_198_807_973,
			9_817_491_932_198_370_423,
			4_593_380_528_125_082_431,
			16_408_922_859_458_223_821,
		];
		assert_eq!(expected.map(|_| random.next_u64()), expected);
	}

	#[test]
	fn should_stay_within_bounds() {
		let mut random = SplitMix64::new(1);
		let mut seen = [false; 7];
		for _ in 0..1000 {
			seen[random.below(7)] = true;
			assert!((-1.0..1.0).contains(&random.symmetric()));
		}
		assert_eq!(seen, [true; 7]);
	}

	#[test]
	fn should_keep_every_item_when_shuffling() {
		let mut items: Vec<u32> = (0..100).collect();
		SplitMix64::new(2).shuffle(&mut items);
		assert!(!items.is_sorted());
		items.sort_unstable();
		assert_eq!(items, (0..100).collect::<Vec<_>>());
	}
}
