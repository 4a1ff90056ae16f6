//! Weight rows with a multiplier per group of 64 inputs. A row without groups is imported by
//! [`symmetric`](super::symmetric).

use alloc::vec::Vec;

use super::Digits;
use crate::float::{absmax, canon, clamp, is_zero_row, rne};

/// Inputs that share one multiplier. The last group of a row may be shorter.
pub const GROUP: usize = 64;

/// Greatest multiplier; the least is 1.
const MAX_MULTIPLIER: u8 = 16;

/// A weight row whose value at input k is code * multiplier(k / 64) * scale.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupedRow {
	/// s_w: the value of one code step at multiplier 1; +0 for a zero row.
	pub scale: f32,
	/// One code per input, in -Q..=Q.
	pub codes: Vec<i16>,
	/// Multipliers packed two to a byte, see [`group_multiplier`].
	pub multipliers: Vec<u8>,
}

/// Bytes of packed multipliers for a row of `inputs` inputs.
pub const fn group_multipliers_len(inputs: usize) -> usize {
	inputs.div_ceil(GROUP).div_ceil(2)
}

/// The multiplier 1..=16 of group `group`: one more than its four bits, low half of a byte first.
/// Groups beyond the end have multiplier 1.
pub fn group_multiplier(packed: &[u8], group: usize) -> i64 {
	let byte = packed.get(group / 2).copied().unwrap_or(0);
	i64::from((byte >> (4 * (group % 2))) & 15) + 1
}

/// Quantises a weight row with groups.
///
/// Each group gets the least multiplier m whose range m * a / 16 holds the group's maximum, a being
/// the row's maximum. A row with a < 2^-40 becomes zeros with multiplier 1.
pub fn import_grouped_row(weights: &[f32], digits: Digits) -> GroupedRow {
	let limit = digits.max_code();
	let max = absmax(weights);
	let zero = is_zero_row(max);
	let scale = if zero { 0.0 } else { canon(max / (limit * i32::from(MAX_MULTIPLIER)) as f32) };
	let unit = max * 0.0625;
	let mut codes = Vec::with_capacity(weights.len());
	let mut multipliers = alloc::vec![0; group_multipliers_len(weights.len())];
	if zero {
		codes.resize(weights.len(), 0);
		return GroupedRow { scale, codes, multipliers };
	}
	for (index, group) in weights.chunks(GROUP).enumerate() {
		let group_max = absmax(group);
		// The sixteenth range is the row's maximum itself, so one always fits.
		let multiplier = (1..MAX_MULTIPLIER)
			.find(|&m| f32::from(m) * unit >= group_max)
			.unwrap_or(MAX_MULTIPLIER);
		let inverse = limit as f32 / (f32::from(multiplier) * unit);
		codes.extend(group.iter().map(|&w| clamp(rne(canon(w) * inverse), -limit, limit) as i16));
		multipliers[index / 2] |= (multiplier - 1) << (4 * (index % 2));
	}
	GroupedRow { scale, codes, multipliers }
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn groups_of_small_weights_get_small_multipliers() {
		let mut weights = alloc::vec![0.01_f32; 3 * GROUP];
		weights[0] = -1.6;
		weights[GROUP] = 0.1;
		weights[2 * GROUP] = 0.11;
		let row = import_grouped_row(&weights, Digits::One);
		let multipliers: Vec<_> = (0..3).map(|g| group_multiplier(&row.multipliers, g)).collect();
		assert_eq!(multipliers, [16, 1, 2]);
		for (k, (&w, &code)) in weights.iter().zip(&row.codes).enumerate() {
			let step = f64::from(row.scale) * multipliers[k / GROUP] as f64;
			assert!((f64::from(w) - f64::from(code) * step).abs() <= step * 0.5001, "{k}");
		}
	}

	#[test]
	fn a_zero_row_has_scale_zero() {
		let row = import_grouped_row(&[1.0e-20; 65], Digits::Two);
		assert_eq!(
			(row.scale.to_bits(), row.codes.len(), row.multipliers),
			(0, 65, alloc::vec![0])
		);
	}

	#[test]
	fn every_packed_nibble_is_a_multiplier() {
		assert_eq!(group_multiplier(&[0xf0], 0), 1);
		assert_eq!(group_multiplier(&[0xf0], 1), 16);
		assert_eq!(group_multiplier(&[0xf0], 2), 1);
	}
}
