use crate::{mock::*, LastBlockFull};
use frame_support::dispatch::DispatchClass;
use frame_system::BlockSize;
use sp_runtime::Perbill;

/// Whether a block of these transactions is full.
fn is_full(transactions: impl FnOnce()) -> bool {
	run_block_with(transactions);
	LastBlockFull::<Test>::get()
}

fn per_mill(parts: u32) -> Perbill {
	Perbill::from_parts(parts * 1_000_000)
}

#[test]
fn an_empty_block_should_not_be_full() {
	build_and_execute(|| assert!(!is_full(|| {})));
}

#[test]
fn every_class_should_count_towards_the_whole_block() {
	build_and_execute(|| {
		for class in [DispatchClass::Operational, DispatchClass::Mandatory] {
			assert!(!is_full(|| use_weight(class, per_mill(890))));
			assert!(is_full(|| use_weight(class, per_mill(901))));
		}
		assert!(is_full(|| {
			use_weight(DispatchClass::Normal, per_mill(301));
			use_weight(DispatchClass::Operational, per_mill(300));
			use_weight(DispatchClass::Mandatory, per_mill(300));
		}));
	});
}

#[test]
fn ordinary_transactions_that_leave_no_room_for_others_should_fill_a_block() {
	build_and_execute(|| {
		// 90 % of the 75 % that they may use.
		assert!(!is_full(|| use_weight(DispatchClass::Normal, per_mill(675))));
		assert!(is_full(|| use_weight(DispatchClass::Normal, per_mill(676))));
	});
}

#[test]
fn bytes_that_leave_no_room_for_ordinary_transactions_should_fill_a_block() {
	build_and_execute(|| {
		let limit = per_mill(675) * BLOCK_BYTES;
		assert!(!is_full(|| BlockSize::<Test>::put(limit)));
		assert!(is_full(|| BlockSize::<Test>::put(limit + 1)));
	});
}

#[test]
fn fullness_should_be_forgotten_with_the_next_block() {
	build_and_execute(|| {
		run_full_block();
		assert!(LastBlockFull::<Test>::get());
		run_blocks(1);
		assert!(!LastBlockFull::<Test>::get());
	});
}
