use crate::{mock::*, LastReading, Reading};
use assay_market::traits::Clock as _;
use frame_support::{assert_ok, traits::OnRuntimeUpgrade};
use proptest::prelude::*;
use sp_runtime::TryRuntimeError;

/// What happens around a block.
#[derive(Clone, Copy, Debug)]
enum Step {
	Normal,
	Full,
	Stopped,
	Migrating,
	Upgrade,
}

fn step() -> impl Strategy<Value = Step> {
	prop_oneof![
		40 => Just(Step::Normal),
		40 => Just(Step::Full),
		10 => Just(Step::Stopped),
		10 => Just(Step::Migrating),
		1 => Just(Step::Upgrade),
	]
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	/// Whatever happens, the clock shows the quarters that a plain sum over the blocks gives, never
	/// goes back and never counts two ticks.
	#[test]
	fn random_histories_should_keep_the_properties(
		steps in prop::collection::vec(step(), 0..200),
	) {
		build_and_execute(|| {
			let (mut quarters, mut pause, mut was_full) = (0u32, 0, false);
			for step in steps {
				let before = Clock::now();
				Stopped::set(matches!(step, Step::Stopped));
				Migrating::set(matches!(step, Step::Migrating));
				match step {
					Step::Upgrade => {
						AllPalletsWithSystem::on_runtime_upgrade();
						pause = PAUSE;
						run_blocks(1);
					},
					Step::Full => run_full_block(),
					_ => run_blocks(1),
				}
				if !matches!(step, Step::Stopped | Step::Migrating) {
					if pause > 0 {
						pause -= 1;
					} else {
						quarters += if was_full { 1 } else { 4 };
					}
				}
				was_full = matches!(step, Step::Full);

				assert!(Clock::now() == before || Clock::now() == before + 1);
				assert_eq!(Clock::now(), quarters / 4);
				assert_ok!(Clock::do_try_state());
			}
		});
	}
}

/// The error that the checks give for a state.
fn error_of(reading: Reading) -> Option<TryRuntimeError> {
	let mut error = None;
	build_and_execute(|| {
		LastReading::<Test>::put(reading);
		error = Clock::do_try_state().err();
		LastReading::<Test>::kill();
	});
	error
}

#[test]
fn try_state_should_name_never_runs_backwards() {
	let reading = Reading { now: 4, before: 5, quarters: 0 };
	assert_eq!(error_of(reading), Some(TryRuntimeError::Other("never_runs_backwards")));
}

#[test]
fn try_state_should_name_at_most_one_tick_a_block() {
	for reading in
		[Reading { now: 7, before: 5, quarters: 0 }, Reading { now: 5, before: 5, quarters: 4 }]
	{
		assert_eq!(error_of(reading), Some(TryRuntimeError::Other("at_most_one_tick_a_block")));
	}
	assert_eq!(error_of(Reading { now: 6, before: 5, quarters: 3 }), None);
}
