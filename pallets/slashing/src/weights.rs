//! What the calls cost.

use frame_support::weights::Weight;

/// Weights of the calls and of the work in hooks. The runtime has the measured ones.
pub trait WeightInfo {
	/// Replacing the rules.
	fn set_rules() -> Weight;
	/// Distributing a slash, with all parts.
	fn distribute() -> Weight;
	/// Giving a slash back.
	fn give_back() -> Weight;
	/// Declaring a version faulty.
	fn declare_faulty() -> Weight;
	/// Ending a pause.
	fn resume() -> Weight;
	/// Burning what the insurance has too much.
	fn burn_excess() -> Weight;
	/// Looking at the queue in a hook, without distributing anything.
	fn look_at_queue() -> Weight;
}

/// For tests only: nothing was measured.
impl WeightInfo for () {
	fn set_rules() -> Weight {
		Weight::from_parts(10_000_000, 1_000)
	}

	fn distribute() -> Weight {
		Weight::from_parts(200_000_000, 20_000)
	}

	fn give_back() -> Weight {
		Weight::from_parts(200_000_000, 20_000)
	}

	fn declare_faulty() -> Weight {
		Weight::from_parts(10_000_000, 1_000)
	}

	fn resume() -> Weight {
		Weight::from_parts(10_000_000, 1_000)
	}

	fn burn_excess() -> Weight {
		Weight::from_parts(50_000_000, 5_000)
	}

	fn look_at_queue() -> Weight {
		Weight::from_parts(10_000_000, 5_000)
	}
}
