//! What the calls and hooks cost, at their worst.

use crate::{
	Call, Config, Configuration, EraSupply, Eras, Lot, Lots, OldestEra, Pallet, SaleTerms,
	Settings, Supply,
};
use assay_market::{
	traits::{BurnReason, Clock, Exchange, MintReason, Split},
	AssetId, Balance, Quote,
};
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	traits::{
		fungible::{Inspect as _, Mutate as _},
		EnsureOrigin, Get, Hooks,
	},
	weights::WeightMeter,
};
use sp_runtime::{FixedPointNumber, FixedU128, Permill};

/// What the runtime has to set up before lots can be sold.
pub trait BenchmarkHelper<AccountId> {
	/// Makes an asset with a pool that buys it, and gives `who` this much of it.
	fn make_asset_with_pool(asset: AssetId, who: &AccountId, amount: Balance);
}

/// An asset that no genesis has.
const ASSET: AssetId = 7_000_002;
const UNITS: Balance = 1_000_000_000;

/// An era in which something happened for every reason.
fn full_era() -> EraSupply {
	let mut era = EraSupply::default();
	for reason in MintReason::ALL {
		assert!(era.minted.try_insert(reason, 1).is_ok());
	}
	for reason in BurnReason::ALL {
		assert!(era.burned.try_insert(reason, 1).is_ok());
	}
	era
}

fn admin<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
	T::AdminOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn set_shares() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		let shares = Split {
			provider: Permill::zero(),
			burn: Permill::one(),
			validators: Permill::zero(),
			treasury: Permill::zero(),
		};

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, shares);

		assert_eq!(Settings::<T>::get().shares, shares);
		Ok(())
	}

	#[benchmark]
	fn set_emission_rate() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, Permill::one());

		assert_eq!(Settings::<T>::get().emission_rate, Permill::one());
		Ok(())
	}

	#[benchmark]
	fn set_sale_terms() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		let terms = SaleTerms { period: 7, ..SaleTerms::default() };

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, terms);

		assert_eq!(Settings::<T>::get().sale, terms);
		Ok(())
	}

	#[benchmark]
	fn collect() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		assert_ok!(Pallet::<T>::endow());
		let insurance = T::Insurance::get();
		assert_ok!(T::Native::mint_into(&insurance, T::Native::minimum_balance()));
		T::BenchmarkHelper::make_asset_with_pool(ASSET, &insurance, UNITS);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, ASSET);

		assert!(Lots::<T>::get(ASSET).is_some_and(|lot| lot.insurance > 0));
		Ok(())
	}

	#[benchmark]
	fn give_up_lot() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		assert_ok!(Pallet::<T>::endow());
		let account = Pallet::<T>::settlement_account();
		T::BenchmarkHelper::make_asset_with_pool(ASSET, &account, UNITS);
		Lots::<T>::insert(ASSET, Lot { burn: UNITS, ..Lot::open(T::Clock::now(), 0) });

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, ASSET);

		assert_eq!(Lots::<T>::count(), 0);
		Ok(())
	}

	#[benchmark]
	fn on_poll() {
		#[block]
		{
			Pallet::<T>::on_poll(1u32.into(), &mut WeightMeter::new());
		}

		assert_eq!(Lots::<T>::count(), 0);
	}

	#[benchmark]
	fn forget_era() {
		let era = OldestEra::<T>::get();
		Eras::<T>::insert(era, full_era());

		#[block]
		{
			Pallet::<T>::forget(era);
		}

		assert!(!Eras::<T>::contains_key(era));
		assert_eq!(OldestEra::<T>::get(), era.saturating_add(1));
	}

	#[benchmark]
	fn visit_lot() {
		assert_ok!(Pallet::<T>::endow());
		let account = Pallet::<T>::settlement_account();
		assert_ok!(T::Native::mint_into(&T::Insurance::get(), T::Native::minimum_balance()));
		T::BenchmarkHelper::make_asset_with_pool(ASSET, &account, UNITS);
		let average = T::Exchange::reserves(Quote::Asset(ASSET))
			.and_then(|(native, asset)| FixedU128::checked_from_rational(native, asset));
		let lot = Lot {
			burn: UNITS / 2,
			validators: UNITS / 4,
			insurance: UNITS / 4,
			average,
			..Lot::open(T::Clock::now(), 0)
		};
		Lots::<T>::insert(ASSET, lot);
		// The widest tolerance, so that the pool's fee does not matter.
		Settings::<T>::put(Configuration {
			sale: SaleTerms { tolerance: crate::TOLERANCE_MAX, ..SaleTerms::default() },
			..Configuration::default()
		});
		Eras::<T>::insert(T::Era::get(), full_era());
		let burned = Supply::<T>::get().burned;

		#[block]
		{
			if let Some((asset, lot)) = Pallet::<T>::next_lot() {
				Pallet::<T>::visit(asset, lot);
			}
		}

		assert!(Supply::<T>::get().burned > burned, "nothing was sold");
		assert!(Lots::<T>::get(ASSET).and_then(|lot| lot.units()) < Some(UNITS));
	}

	#[benchmark]
	fn on_finalize() {
		Pallet::<T>::record_genesis();
		Eras::<T>::insert(T::Era::get(), full_era());
		let who: T::AccountId = whitelisted_caller();
		let amount = T::Native::minimum_balance();
		assert_ok!(T::Native::mint_into(&who, amount));

		#[block]
		{
			Pallet::<T>::on_finalize(1u32.into());
		}

		assert_eq!(Supply::<T>::get().minted, amount);
	}

	#[benchmark]
	fn take_for_era() {
		assert_ok!(Pallet::<T>::endow());
		let pot = Pallet::<T>::pot();
		assert_ok!(T::Native::mint_into(&pot, T::Native::minimum_balance()));
		Eras::<T>::insert(T::Era::get(), full_era());
		let taken;

		#[block]
		{
			taken = Pallet::<T>::take_for_era();
		}

		assert!(taken >= T::Native::minimum_balance());
		assert_eq!(T::Native::balance(&pot), T::Native::minimum_balance());
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
