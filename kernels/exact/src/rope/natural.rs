//! Non-negative integers of any size, as far as the derivation of the phases needs them.

use alloc::vec::Vec;

/// A non-negative integer: 64-bit limbs, least significant first, no zero limb at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Natural(Vec<u64>);

impl Natural {
	pub(super) fn from_u64(value: u64) -> Self {
		Self(if value == 0 { Vec::new() } else { alloc::vec![value] })
	}

	/// `self * factor`.
	pub(super) fn times(&self, factor: u64) -> Self {
		let mut carry = 0_u64;
		let mut limbs = Vec::with_capacity(self.0.len() + 1);
		for &limb in &self.0 {
			let product = u128::from(limb) * u128::from(factor) + u128::from(carry);
			limbs.push(product as u64);
			carry = (product >> 64) as u64;
		}
		limbs.push(carry);
		while limbs.last() == Some(&0) {
			limbs.pop();
		}
		Self(limbs)
	}

	/// Whether `self` <= 2^(64 * limbs).
	pub(super) fn at_most_power(&self, limbs: usize) -> bool {
		let (low, high) = self.0.split_at(self.0.len().min(limbs));
		match high {
			[] => true,
			[1] => low.iter().all(|&limb| limb == 0),
			_ => false,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn products_and_comparison_with_powers_of_the_base() {
		let max = Natural::from_u64(u64::MAX);
		let square = max.times(u64::MAX);
		assert_eq!(square, Natural(alloc::vec![1, u64::MAX - 1]));
		assert!(square.at_most_power(2) && !square.at_most_power(1));
		let half = Natural::from_u64(1 << 63);
		assert!(half.times(2).at_most_power(1));
		assert!(!half.times(2).at_most_power(0) && !half.times(3).at_most_power(1));
		assert!(max.times(0).at_most_power(0));
	}
}
