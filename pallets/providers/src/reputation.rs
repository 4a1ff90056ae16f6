//! How providers have served: numbers that fade, and no verdicts.

use assay_market::{traits::Clock, Balance, ProviderId};
use frame_support::traits::Get;

use crate::{types::Reputation, Config, Pallet, Providers, Reputations};

/// What one job counts for, so that a few of them survive some halvings.
const JOB: u64 = 1_000;

impl Reputation {
	/// Halves everything once for every `halving_eras` that passed since it was last halved.
	pub(crate) fn fade(&mut self, era: u32, halving_eras: u32) {
		let halvings = era.saturating_sub(self.era).checked_div(halving_eras).unwrap_or(0);
		if halvings == 0 {
			return;
		}
		self.era = self.era.saturating_add(halvings.saturating_mul(halving_eras));
		self.settled = self.settled.checked_shr(halvings).unwrap_or(0);
		self.failed = self.failed.checked_shr(halvings).unwrap_or(0);
		self.burned = self.burned.checked_shr(halvings).unwrap_or(0);
		self.emitted = self.emitted.checked_shr(halvings).unwrap_or(0);
	}

	/// What its jobs burned beyond what was emitted for them: what nobody gains by serving itself.
	pub fn net_burned(&self) -> Balance {
		self.burned.saturating_sub(self.emitted)
	}
}

impl<T: Config> Pallet<T> {
	pub(crate) fn note_job(provider: ProviderId, settled: Option<(Balance, Balance)>) {
		if !Providers::<T>::contains_key(provider) {
			return;
		}
		Reputations::<T>::mutate(provider, |reputation| {
			reputation.fade(Self::era(), T::ReputationHalvingEras::get());
			// A number that no longer grows still fades: saturation only understates.
			match settled {
				Some((burned, emitted)) => {
					reputation.settled = reputation.settled.saturating_add(JOB);
					reputation.burned = reputation.burned.saturating_add(burned);
					reputation.emitted = reputation.emitted.saturating_add(emitted);
				}
				None => reputation.failed = reputation.failed.saturating_add(JOB),
			}
		});
	}

	pub(crate) fn current_reputation(provider: ProviderId) -> Option<Reputation> {
		Providers::<T>::contains_key(provider).then(|| {
			let mut reputation = Reputations::<T>::get(provider);
			reputation.fade(Self::era(), T::ReputationHalvingEras::get());
			reputation
		})
	}

	/// Eras since genesis.
	pub(crate) fn era() -> u32 {
		T::Clock::now().checked_div(T::TicksPerEra::get()).unwrap_or(0)
	}
}
