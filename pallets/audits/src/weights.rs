//! What calls and hooks cost.

use frame_support::weights::Weight;

/// Weights of the calls and of the work in hooks. The runtime has the measured ones.
pub trait WeightInfo {
	/// Enrolling on a full roster, which the least stake leaves.
	fn enrol() -> Weight;
	/// Leaving, with the stake.
	fn leave() -> Weight;
	/// Sealing, the last one.
	fn seal() -> Weight;
	/// Showing a root that differs from the other auditor's: two games open.
	fn reveal() -> Weight;
	/// What is due for an audit, at its dearest: both auditors lose, or fall silent and are
	/// replaced.
	fn poke() -> Weight;
	/// Posting the hash of a list of planted faults.
	fn commit_plants() -> Weight;
	/// Opening a list of `n` planted faults, all of which were audited.
	fn open_plants(n: u32) -> Weight;
	/// Setting the governed values.
	fn set_parameters() -> Weight;
	/// Taking a block's contribution, with the seal of a round.
	fn on_poll_base() -> Weight;
	/// Looking for the answers of a round.
	fn on_poll_round() -> Weight;
	/// Looking for what is due under a tick.
	fn on_poll_tick() -> Weight;
	/// Drawing for an answer that is audited, with two auditors of a full roster.
	fn draw() -> Weight;
	/// Drawing for an answer that is not.
	fn draw_without_audit() -> Weight;
	/// Forgetting what came of an audit.
	fn forget() -> Weight;
}

/// For tests only: nothing was measured.
impl WeightInfo for () {
	fn enrol() -> Weight {
		Weight::from_parts(80_000_000, 20_000)
	}

	fn leave() -> Weight {
		Weight::from_parts(80_000_000, 20_000)
	}

	fn seal() -> Weight {
		Weight::from_parts(50_000_000, 10_000)
	}

	fn reveal() -> Weight {
		Weight::from_parts(400_000_000, 80_000)
	}

	fn poke() -> Weight {
		Weight::from_parts(500_000_000, 80_000)
	}

	fn commit_plants() -> Weight {
		Weight::from_parts(20_000_000, 5_000)
	}

	fn open_plants(n: u32) -> Weight {
		Weight::from_parts(20_000_000, 5_000)
			.saturating_add(Weight::from_parts(20_000_000, 3_000).saturating_mul(n.into()))
	}

	fn set_parameters() -> Weight {
		Weight::from_parts(20_000_000, 5_000)
	}

	fn on_poll_base() -> Weight {
		Weight::from_parts(20_000_000, 5_000)
	}

	fn on_poll_round() -> Weight {
		Weight::from_parts(10_000_000, 4_000)
	}

	fn on_poll_tick() -> Weight {
		Weight::from_parts(10_000_000, 4_000)
	}

	fn draw() -> Weight {
		Weight::from_parts(300_000_000, 60_000)
	}

	fn draw_without_audit() -> Weight {
		Weight::from_parts(20_000_000, 8_000)
	}

	fn forget() -> Weight {
		Weight::from_parts(20_000_000, 4_000)
	}
}
