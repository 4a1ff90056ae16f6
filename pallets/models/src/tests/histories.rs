use assay_market::{traits::Models as _, ModelId};
use assay_programs::samples;
use frame_support::{assert_ok, traits::fungible::Inspect};
use proptest::prelude::*;

use super::*;
use crate::Parameters;

/// What may happen.
#[derive(Clone, Copy, Debug)]
enum Action {
	Register { model: usize },
	Attest { model: usize, provider: u32 },
	Withdraw { model: usize, provider: u32 },
	LoseBond { provider: u32 },
	Bond { provider: u32 },
	Refresh { model: usize },
	Request { model: usize, leaf: u64 },
	Post { model: usize, leaf: u64, by: AccountId },
	Expire { model: usize, leaf: u64 },
	Deprecate { model: usize },
	Remove { model: usize },
	Curate { model: usize, approved: bool },
	Uncurate { model: usize },
	Job { model: usize },
	Govern { factor: u8 },
	Pass { ticks: u8 },
}

fn action() -> impl Strategy<Value = Action> {
	let (model, provider, leaf) = (|| 0..2_usize, || 1..=PROVIDERS, || 0..3_u64);
	prop_oneof![
		2 => model().prop_map(|model| Action::Register { model }),
		6 => (model(), provider())
			.prop_map(|(model, provider)| Action::Attest { model, provider }),
		3 => (model(), provider())
			.prop_map(|(model, provider)| Action::Withdraw { model, provider }),
		1 => provider().prop_map(|provider| Action::LoseBond { provider }),
		1 => provider().prop_map(|provider| Action::Bond { provider }),
		2 => model().prop_map(|model| Action::Refresh { model }),
		6 => (model(), leaf()).prop_map(|(model, leaf)| Action::Request { model, leaf }),
		4 => (model(), leaf(), 10..20_u64)
			.prop_map(|(model, leaf, by)| Action::Post { model, leaf, by }),
		5 => (model(), leaf()).prop_map(|(model, leaf)| Action::Expire { model, leaf }),
		1 => model().prop_map(|model| Action::Deprecate { model }),
		2 => model().prop_map(|model| Action::Remove { model }),
		1 => (model(), any::<bool>())
			.prop_map(|(model, approved)| Action::Curate { model, approved }),
		1 => model().prop_map(|model| Action::Uncurate { model }),
		1 => model().prop_map(|model| Action::Job { model }),
		1 => (1..5_u8).prop_map(|factor| Action::Govern { factor }),
		4 => any::<u8>().prop_map(|ticks| Action::Pass { ticks }),
	]
}

/// Two models and their weights.
struct Market {
	manifests: [Manifest; 2],
	weights: [Weights; 2],
}

impl Market {
	fn new() -> Self {
		let programs = [samples::decoder(), samples::encoder()];
		Self {
			manifests: [&programs[0], &programs[1]].map(manifest_of),
			weights: [&programs[0], &programs[1]].map(Weights::of),
		}
	}

	/// Registers both, the first one attested by as many as it needs, so that histories reach far.
	fn open(&self) {
		for manifest in &self.manifests {
			register(manifest.clone());
		}
		attested_by(self.model(0), 1..=3);
	}

	fn model(&self, index: usize) -> ModelId {
		self.manifests[index].id::<HostHasher>()
	}

	/// Tries an action; whether it is refused is another test's matter.
	fn act(&self, action: Action) {
		let id = |index| self.model(index);
		let result = match action {
			Action::Register { model } => {
				let manifest = Box::new(self.manifests[model].clone());
				Models::register(signed(REGISTRANT), manifest).map(drop).map_err(|e| e.error)
			}
			Action::Attest { model, provider } => {
				Models::attest(signed(owner(provider)), id(model))
			}
			Action::Withdraw { model, provider } => {
				Models::withdraw_attestation(signed(owner(provider)), id(model))
			}
			Action::LoseBond { provider } => {
				Unbonded::mutate(|unbonded| unbonded.extend([provider]));
				Ok(())
			}
			Action::Bond { provider } => {
				Unbonded::mutate(|unbonded| unbonded.retain(|one| *one != provider));
				Ok(())
			}
			Action::Refresh { model } => {
				Models::refresh(signed(USER), id(model)).map(drop).map_err(|e| e.error)
			}
			Action::Request { model, leaf } => {
				Models::request_weights(signed(USER), id(model), leaf, u128::MAX)
					.map(drop)
					.map_err(|e| e.error)
			}
			Action::Post { model, leaf, by } => {
				let weights = &self.weights[model];
				let (bytes, siblings) = (weights.leaf(leaf), weights.siblings(leaf));
				Models::post_weights(signed(by), id(model), leaf, bytes, siblings)
			}
			Action::Expire { model, leaf } => {
				Models::expire_request(signed(OTHER), id(model), leaf)
					.map(drop)
					.map_err(|e| e.error)
			}
			Action::Deprecate { model } => {
				Models::announce_deprecation(signed(REGISTRANT), id(model))
			}
			Action::Remove { model } => {
				Models::remove(signed(OTHER), id(model)).map(drop).map_err(|e| e.error)
			}
			Action::Curate { model, approved } => Models::curate(signed(USER), id(model), approved),
			Action::Uncurate { model } => Models::uncurate(signed(USER), id(model)),
			Action::Job { model } => {
				if Models::ensure_takes_jobs(&id(model)).is_ok() {
					Models::job_changed(&id(model), true);
					Models::job_changed(&id(model), false);
				}
				Ok(())
			}
			Action::Govern { factor } => {
				let by = u128::from(factor);
				let parameters = Parameters {
					deposit_per_byte: by * PARAMETERS.deposit_per_byte,
					curation_deposit: by * PARAMETERS.curation_deposit,
					request_fee_base: by * PARAMETERS.request_fee_base,
					silence_exposure: by * PARAMETERS.silence_exposure,
					request_ticks: factor.into(),
					..PARAMETERS
				};
				Models::set_parameters(RuntimeOrigin::root(), parameters)
			}
			Action::Pass { ticks } => {
				pass_ticks(ticks.into());
				Ok(())
			}
		};
		if let Err(error) = result {
			assert!(
				!matches!(error, DispatchError::Corruption | DispatchError::Arithmetic(_)),
				"{action:?}: {error:?}"
			);
		}
	}

	/// What providers have bound is what they risk by attestations, and no money is made, or lost
	/// but by surcharges.
	fn check(&self, issuance: u128) {
		for index in 0..2 {
			let model = self.model(index);
			let availability = Availabilities::<Test>::get(model);
			for provider in 1..=PROVIDERS {
				let attestation = availability.attestations.get(&ProviderId(provider));
				let risk = attestation.map_or(0, |attestation| attestation.exposure);
				assert_eq!(pledged(provider, model), risk);
			}
		}
		assert_eq!(Balances::total_issuance() + Burned::get(), issuance);
		assert_eq!(Balances::total_balance(&Models::account()), MINIMUM_BALANCE);
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(128))]

	/// After each step of every history, every property holds, attesters' bonds are bound to exactly
	/// what they risk, and money only changes hands.
	#[test]
	fn every_history_should_keep_the_properties(
		actions in prop::collection::vec(action(), 1..80),
	) {
		let market = Market::new();
		ExtBuilder::default().build_and_execute(|| {
			let issuance = Balances::total_issuance();
			market.open();
			for action in actions {
				market.act(action);
				assert_ok!(Models::do_try_state());
				market.check(issuance);
			}
		});
	}
}
