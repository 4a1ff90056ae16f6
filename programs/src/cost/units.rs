//! Compute units: the one number that a run is priced by.

use core::fmt;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use super::Cost;

/// What each part of a cost counts for. Governed; a job keeps those of the block that it was accepted
/// in.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Weights {
	/// Of a product of a layer.
	pub layer_product: u32,
	/// Of a product of attention.
	pub attention_product: u32,
	/// Of a step on an f32 element.
	pub element: u32,
	/// Of a byte of the trace. As the price of a run counts them, no run has more than 10^12 ÷ this
	/// bytes per compute unit, so that a trace can be demanded in a time that follows from the price.
	pub trace_byte: u32,
	/// Of a byte of weights read for an output token.
	pub output_byte: u32,
	/// Of an output token, whatever the program.
	pub output_token: u32,
}

impl Default for Weights {
	/// In units of one int8 multiply-accumulate of an accelerator that makes 10^15 of them and moves
	/// 4 · 10^12 bytes a second: a byte takes as long as 250 products, which steps on elements share
	/// by fusion and output tokens by running 16 sequences at once.
	fn default() -> Self {
		Self {
			layer_product: 1,
			attention_product: 1,
			element: 16,
			trace_byte: 64,
			output_byte: 16,
			output_token: 1_000_000,
		}
	}
}

/// An amount of computation, in millionths of a compute unit: 10^6 weighted operations.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct ComputeUnits(pub u64);

/// Weighted operations of a millionth.
const OPERATIONS: u128 = 1_000_000;
/// Millionths of a unit.
const MILLIONTHS: u64 = 1_000_000;

impl Cost {
	/// The compute units of this cost, rounded up to the next millionth. Saturates.
	pub fn compute_units(&self, weights: &Weights) -> ComputeUnits {
		let parts = [
			(self.layer_products, weights.layer_product),
			(self.attention_products, weights.attention_product),
			(self.elements, weights.element),
			(self.trace_bytes, weights.trace_byte),
			(self.output_bytes, weights.output_byte),
			(self.output_tokens, weights.output_token),
		];
		// Six products of less than 2^96.
		let operations: u128 =
			parts.into_iter().map(|(count, weight)| u128::from(count) * u128::from(weight)).sum();
		ComputeUnits(u64::try_from(operations.div_ceil(OPERATIONS)).unwrap_or(u64::MAX))
	}
}

impl fmt::Display for ComputeUnits {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "{}.{:06} CU", self.0 / MILLIONTHS, self.0 % MILLIONTHS)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn units_round_up_and_saturate() {
		let weights = Weights { layer_product: 2, ..Weights::default() };
		let units =
			|layer_products| Cost { layer_products, ..Cost::default() }.compute_units(&weights);
		assert_eq!(units(0), ComputeUnits(0));
		assert_eq!(units(1), ComputeUnits(1));
		assert_eq!(units(500_000), ComputeUnits(1));
		assert_eq!(units(500_001), ComputeUnits(2));
		assert_eq!(alloc::format!("{}", ComputeUnits(1_234_567)), "1.234567 CU");
		let most = u64::MAX;
		let greatest = Cost {
			layer_products: most,
			attention_products: most,
			elements: most,
			trace_bytes: most,
			output_tokens: most,
			output_bytes: most,
		};
		assert_eq!(greatest.compute_units(&Weights::default()), ComputeUnits(u64::MAX));
	}
}
