//! What the hooks cost.

use crate::{Config, LastBlockFull, LastReading, Pallet, PauseLeft};
use frame_benchmarking::v2::*;
use frame_support::{
	dispatch::DispatchClass,
	traits::{Get, Hooks},
	weights::WeightMeter,
};

#[benchmarks]
mod benchmarks {
	use super::*;

	/// The longest path: a pause is read and written.
	#[benchmark]
	fn on_poll() {
		PauseLeft::<T>::put(2);
		let before = LastReading::<T>::get();

		#[block]
		{
			Pallet::<T>::on_poll(1u32.into(), &mut WeightMeter::new());
		}

		assert_eq!(PauseLeft::<T>::get(), 1);
		assert_eq!(LastReading::<T>::get().now, before.now);
	}

	#[benchmark]
	fn on_finalize() {
		let all = T::BlockWeights::get().max_block;
		frame_system::Pallet::<T>::register_extra_weight_unchecked(all, DispatchClass::Mandatory);

		#[block]
		{
			Pallet::<T>::on_finalize(1u32.into());
		}

		assert!(LastBlockFull::<T>::get());
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
