//! What posting and demanding data cost, by the formula of the chain's fees: no deposit above it, so
//! that nobody earns by making others demand what they should have had.

use assay_market::{terms::TOKENS_PER_LEAF, Balance, TokenList};
use assay_primitives::merkle::ARITY;
use frame_support::weights::Weight;
use sp_runtime::traits::Convert;

use crate::{data::MAX_POSTED_LEAVES, Config, Pallet, WeightInfo};

/// Bytes of a call that demands or posts data, without the leaves: signature, extensions, the job's
/// and the commitment's name.
const CALL_BYTES: u32 = 190;
/// Bytes of a posted leaf beside its words and siblings: its index and two lengths.
const LEAF_BYTES: u32 = 10;
/// Bytes of a word and of a sibling.
const WORD_BYTES: u32 = 4;
const SIBLING_BYTES: u32 = 32;
/// Words of the longest call.
const WORDS_PER_CALL: u32 = MAX_POSTED_LEAVES * TOKENS_PER_LEAF;

/// Siblings on the way of a leaf of a list with so many.
fn siblings(leaves: u32) -> u32 {
	// The arity is 16.
	let arity = u32::try_from(ARITY).unwrap_or(u32::MAX);
	let in_node = leaves.min(arity).saturating_sub(1);
	in_node.saturating_add(leaves.div_ceil(arity).saturating_sub(1))
}

impl<T: Config> Pallet<T> {
	/// What it costs to post a list, in as few calls as possible.
	pub fn posting_fee(list: &TokenList) -> Balance {
		let siblings_bytes = siblings(list.leaves()).saturating_mul(SIBLING_BYTES);
		let call = |words: u32| {
			let leaves = words.div_ceil(TOKENS_PER_LEAF);
			let bytes = LEAF_BYTES
				.saturating_add(siblings_bytes)
				.saturating_mul(leaves)
				.saturating_add(words.saturating_mul(WORD_BYTES));
			Self::fee(T::WeightInfo::post_data(leaves), bytes)
		};
		let (calls, rest) = (list.length / WORDS_PER_CALL, list.length % WORDS_PER_CALL);
		let last = if rest > 0 { call(rest) } else { 0 };
		call(WORDS_PER_CALL).saturating_mul(calls.into()).saturating_add(last)
	}

	/// What it costs to demand a list.
	pub fn request_fee() -> Balance {
		Self::fee(T::WeightInfo::request_data(), 0)
	}

	/// Fee of a call about data of this weight with so many bytes of leaves.
	fn fee(weight: Weight, bytes: u32) -> Balance {
		T::CallFee::convert((weight, bytes.saturating_add(CALL_BYTES)))
	}
}
