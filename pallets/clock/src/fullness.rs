//! Whether a block left room for those who owe an answer.

use crate::{Config, Pallet};
use frame_support::{dispatch::DispatchClass, traits::Get, weights::Weight};
use sp_runtime::Perbill;

impl<T: Config> Pallet<T> {
	/// Whether the block, at its end, has used more than [`Config::FullBlock`] of its weight, or of
	/// the weight or the bytes that ordinary transactions may use.
	///
	/// The limits for ordinary transactions are looked at on their own because they are lower: who
	/// exhausts them shuts every ordinary call out, while the block as a whole never looks full.
	pub(crate) fn is_block_full() -> bool {
		let share = T::FullBlock::get();
		let weights = T::BlockWeights::get();
		let used = frame_system::Pallet::<T>::block_weight();
		let normal = DispatchClass::Normal;

		let bytes_max = *T::BlockLength::get().max.get(normal);
		used.total().any_gt(part_of(share, weights.max_block))
			|| weights
				.get(normal)
				.max_total
				.is_some_and(|max| used.get(normal).any_gt(part_of(share, max)))
			|| frame_system::Pallet::<T>::block_size() > share.mul_floor(bytes_max)
	}
}

fn part_of(share: Perbill, weight: Weight) -> Weight {
	Weight::from_parts(share.mul_floor(weight.ref_time()), share.mul_floor(weight.proof_size()))
}
