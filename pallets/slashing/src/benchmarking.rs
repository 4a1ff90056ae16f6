//! What the calls cost.

use assay_market::{
	traits::{Bonds, Clock, LostGame, Offence, OffenceKind, Offences},
	Balance, JobId, ModelId,
};
use frame_benchmarking::v2::*;
use frame_support::traits::{fungible::Mutate, EnsureOrigin, Get};
use frame_system::RawOrigin;

use super::*;

/// A slash of a new provider, with a user and a challenger to pay.
fn slashed<T: Config>() -> SlashId {
	let owner: T::AccountId = account("owner", 0, 0);
	let model = ModelId::default();
	let exposure = CurrentRules::<T>::get().deterrence.min_exposure;
	let bond: Balance = exposure.saturating_mul(100);
	T::Currency::set_balance(&owner, bond.saturating_mul(2));
	let provider = T::Bonds::bond_for_benchmark(&owner, &model, bond);
	for account in [Pallet::<T>::account(), Pallet::<T>::insurance_account()] {
		T::Currency::set_balance(&account, exposure.saturating_mul(10));
	}
	let challenger = (account("challenger", 0, 0), exposure);
	let id = NextId::<T>::get();
	Pallet::<T>::report(Offence {
		kind: OffenceKind::WrongResult,
		provider,
		model,
		job: Some(JobId::default()),
		numerics_version: 1,
		exposure,
		terms: CurrentRules::<T>::get().terms(),
		lost: Some(LostGame {
			user: account("user", 0, 0),
			price: exposure / 100,
			challenger: Some(challenger),
		}),
	})
	.expect("a provider that exists");
	id
}

/// Makes every waiting slash due.
fn due<T: Config>(id: SlashId) {
	Pending::<T>::mutate(id, |slash| {
		if let Some(slash) = slash {
			slash.due_at = T::Clock::now();
		}
	});
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn set_rules() -> Result<(), BenchmarkError> {
		let origin =
			T::AdminOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
		let mut rules = T::DefaultRules::get();
		rules.deferral_ticks += 1;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, rules);
		assert_eq!(CurrentRules::<T>::get(), rules);
		Ok(())
	}

	#[benchmark]
	fn distribute() {
		let id = slashed::<T>();
		due::<T>(id);
		// A pause that is over is forgotten.
		let pause = types::Pause { since: 0, until: 0, numerics_version: 1 };
		Paused::<T>::insert(ModelId::default(), pause);
		#[extrinsic_call]
		_(RawOrigin::Signed(whitelisted_caller()), id);
		assert!(!Pending::<T>::contains_key(id));
		assert!(!Paused::<T>::contains_key(ModelId::default()));
	}

	#[benchmark]
	fn give_back() {
		let id = slashed::<T>();
		FaultyVersions::<T>::insert(1, ());
		#[extrinsic_call]
		distribute(RawOrigin::Signed(whitelisted_caller()), id);
		assert!(!Pending::<T>::contains_key(id));
	}

	#[benchmark]
	fn declare_faulty() -> Result<(), BenchmarkError> {
		let origin =
			T::AdminOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, 1);
		assert!(FaultyVersions::<T>::contains_key(1));
		Ok(())
	}

	#[benchmark]
	fn resume() -> Result<(), BenchmarkError> {
		let origin =
			T::AdminOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
		let model = ModelId::default();
		let until = T::Clock::now() + 1;
		Paused::<T>::insert(model, types::Pause { since: 0, until, numerics_version: 1 });
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, model);
		assert!(!Paused::<T>::contains_key(model));
		Ok(())
	}

	#[benchmark]
	fn burn_excess() {
		let target = CurrentRules::<T>::get().insurance.target;
		let account = Pallet::<T>::insurance_account();
		T::Currency::set_balance(&account, target.saturating_mul(2));
		#[extrinsic_call]
		_(RawOrigin::Signed(whitelisted_caller()));
		assert!(Pallet::<T>::insured() <= target);
	}

	#[benchmark]
	fn look_at_queue() {
		let id = slashed::<T>();
		Pending::<T>::mutate(id, |slash| {
			if let Some(slash) = slash {
				slash.due_at = Tick::MAX;
			}
		});
		#[block]
		{
			Pallet::<T>::distribute_some(&mut frame_support::weights::WeightMeter::new());
		}
		assert!(Pending::<T>::contains_key(id));
	}

	impl_benchmark_test_suite!(
		Pallet,
		crate::mock::ExtBuilder::default().build(),
		crate::mock::Test
	);
}
