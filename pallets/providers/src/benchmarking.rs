//! What the calls cost. Every list of best offers that a call touches is full, and the offer takes the
//! place of another.

use alloc::vec::Vec;

use assay_market::{
	traits::{Bonds, Models, Offer},
	Balance, ModelId, ProviderId, Tick,
};
use frame_benchmarking::v2::*;
use frame_support::traits::{
	fungible::{Inspect, Mutate},
	Get,
};
use frame_system::RawOrigin;

use crate::{
	types::{Candidate, Heartbeat, Ledger, PostedOffer, Standing, MAX_DELEGATES},
	BestOffers, Call, Config, Event, Ledgers, Members, Pallet, Providers, MULTIPLIER_PERCENT_MAX,
};

/// Cheaper than every offer of [`fill_list`].
const CHEAP: u16 = 100;
/// What offers of [`fill_list`] ask for.
const DEAR: u16 = MULTIPLIER_PERCENT_MAX;
/// Numbers of the providers of [`fill_list`]; far from those that are registered.
const FIRST_FILLER: u32 = 1_000_000;

/// An offer that takes any job.
fn offer<T: Config>(multiplier_percent: u16) -> Offer {
	Offer {
		min_price_per_unit: 0,
		multiplier_percent,
		deadline_base_ticks: T::MaxDeadlineTicks::get().saturating_sub(1).clamp(1, 100),
		deadline_ticks_per_1000_tokens: 1,
		max_open_jobs: u32::MAX,
		trace_bytes_per_tick: T::MinTraceBytesPerTick::get().max(1 << 32),
		units_per_day: 1,
	}
}

/// Gives an account more than any call here takes.
fn endow<T: Config>(who: &T::AccountId, amount: Balance) {
	let amount = amount.saturating_add(T::Currency::minimum_balance().saturating_mul(1_000));
	T::Currency::mint_into(who, amount).expect("an amount far below the greatest");
}

fn registered<T: Config>(name: &'static str) -> (T::AccountId, ProviderId) {
	let owner: T::AccountId = account(name, 0, 0);
	endow::<T>(&owner, T::RegistrationDeposit::get());
	let provider = Pallet::<T>::do_register(owner.clone()).expect("a new account with money");
	(owner, provider)
}

/// A provider, owned by `owner`, with so much more bond for a model and an offer, online.
pub(crate) fn bonded_provider<T: Config>(
	owner: &T::AccountId,
	model: &ModelId,
	bond: Balance,
) -> ProviderId {
	endow::<T>(owner, bond.saturating_add(T::RegistrationDeposit::get()));
	let provider = match Members::<T>::get(owner) {
		Some(member) => member.provider,
		None => Pallet::<T>::do_register(owner.clone()).expect("a new account with money"),
	};
	let before = Ledgers::<T>::get(provider, model).unwrap_or_else(|| {
		Providers::<T>::mutate(provider, |record| record.as_mut().map(|it| it.models += 1));
		Ledger::default()
	});
	Pallet::<T>::hold_bond(owner, model, bond).expect("an account with money");
	let ledger = Ledger { bonded: before.bonded.saturating_add(bond), ..before };
	Pallet::<T>::put_ledger_after_change(provider, model, &before, ledger);
	Pallet::<T>::do_set_offer(owner.clone(), *model, offer::<T>(CHEAP)).expect("a bonded owner");
	if Providers::<T>::get(provider).is_some_and(|record| record.heartbeat.is_none()) {
		Pallet::<T>::do_set_online(owner.clone(), true).expect("it was offline");
	}
	provider
}

/// A provider as by [`bonded_provider`] with four times the least bond.
fn serving<T: Config>() -> (T::AccountId, ProviderId, ModelId, Balance) {
	let owner: T::AccountId = account("owner", 0, 0);
	let model = T::Models::register_for_benchmark(1_000);
	let minimum = Pallet::<T>::minimum_bond(&model).expect("a model");
	endow::<T>(&owner, minimum.saturating_mul(4));
	endow::<T>(&T::InsuranceAccount::get(), 0);
	let provider = bonded_provider::<T>(&owner, &model, minimum.saturating_mul(4));
	(owner, provider, model, minimum)
}

/// Fills the list of a model's best offers.
fn fill_list<T: Config>(model: &ModelId) {
	let mut list = BestOffers::<T>::get(model);
	while !list.is_full() {
		// After the last filler, if there are some.
		let number = list.last().map_or(0, |last| last.provider.0.saturating_sub(FIRST_FILLER - 1));
		let provider = ProviderId(FIRST_FILLER.saturating_add(number));
		let offer = Offer { min_price_per_unit: number.into(), ..offer::<T>(DEAR) };
		list.try_push(Candidate::of(provider, &offer)).expect("there is room");
		let offer = PostedOffer { offer, standing: Standing::Listed };
		let ledger = Ledger { bonded: 1, offer: Some(offer), ..Ledger::default() };
		Ledgers::<T>::insert(provider, model, ledger);
	}
	BestOffers::<T>::insert(model, list);
}

/// Registers so many models and bonds for them, with offers and full lists.
fn serving_many<T: Config>(models: u32) -> (T::AccountId, ProviderId, Vec<ModelId>) {
	let (owner, provider) = registered::<T>("owner");
	let models: Vec<_> = (0..models)
		.map(|number| {
			// Programs of different sizes are different models.
			let model = T::Models::register_for_benchmark(1_000 + number * 64);
			let minimum = Pallet::<T>::minimum_bond(&model).expect("a model");
			bonded_provider::<T>(&owner, &model, minimum);
			fill_list::<T>(&model);
			model
		})
		.collect();
	(owner, provider, models)
}

fn standing<T: Config>(provider: ProviderId, model: &ModelId) -> Option<Standing> {
	Some(Ledgers::<T>::get(provider, model)?.offer?.standing)
}

/// Puts the last sign of life of a provider back to the genesis.
fn last_heard_at_genesis<T: Config>(provider: ProviderId, overdue_from: Tick) {
	Providers::<T>::mutate(provider, |record| {
		let given = Heartbeat { at: 0, next_from: 0, overdue_from };
		record.as_mut().expect("just registered").heartbeat = Some(given);
	});
}

fn assert_last_event<T: Config>(event: Event<T>) {
	frame_system::Pallet::<T>::assert_last_event(<T as frame_system::Config>::RuntimeEvent::from(
		event,
	));
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn register() -> Result<(), BenchmarkError> {
		let owner: T::AccountId = account("owner", 0, 0);
		endow::<T>(&owner, T::RegistrationDeposit::get());

		#[extrinsic_call]
		_(RawOrigin::Signed(owner.clone()));

		assert!(Members::<T>::contains_key(&owner));
		Ok(())
	}

	#[benchmark]
	fn deregister() -> Result<(), BenchmarkError> {
		let (owner, provider) = registered::<T>("owner");
		for number in 0..MAX_DELEGATES {
			Pallet::<T>::do_add_delegate(owner.clone(), account("delegate", number, 0))?;
		}

		#[extrinsic_call]
		_(RawOrigin::Signed(owner.clone()));

		assert!(!Providers::<T>::contains_key(provider));
		assert!(!Members::<T>::contains_key(&owner));
		Ok(())
	}

	#[benchmark]
	fn add_delegate() -> Result<(), BenchmarkError> {
		let (owner, provider) = registered::<T>("owner");
		for number in 1..MAX_DELEGATES {
			Pallet::<T>::do_add_delegate(owner.clone(), account("delegate", number, 0))?;
		}
		let delegate: T::AccountId = account("delegate", 0, 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), delegate.clone());

		assert_eq!(Pallet::<T>::provider_of(&delegate), Some(provider));
		Ok(())
	}

	#[benchmark]
	fn remove_delegate() -> Result<(), BenchmarkError> {
		let (owner, _) = registered::<T>("owner");
		for number in 0..MAX_DELEGATES {
			Pallet::<T>::do_add_delegate(owner.clone(), account("delegate", number, 0))?;
		}
		let last: T::AccountId = account("delegate", MAX_DELEGATES - 1, 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), last.clone());

		assert_eq!(Pallet::<T>::provider_of(&last), None);
		Ok(())
	}

	/// A debt is paid, and the offer is in service again.
	#[benchmark]
	fn bond() -> Result<(), BenchmarkError> {
		let (owner, provider, model, minimum) = serving::<T>();
		let insurance = T::InsuranceAccount::get();
		Pallet::<T>::pledge(provider, &model, minimum * 4, true)?;
		Pallet::<T>::slash(provider, &model, minimum, &insurance)?;
		fill_list::<T>(&model);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), model, minimum * 2);

		assert_eq!(Pallet::<T>::free_bond(provider, &model), minimum);
		assert_eq!(standing::<T>(provider, &model), Some(Standing::Listed));
		Ok(())
	}

	#[benchmark]
	fn collect_debt() -> Result<(), BenchmarkError> {
		let (owner, provider, model, minimum) = serving::<T>();
		let insurance = T::InsuranceAccount::get();
		Pallet::<T>::pledge(provider, &model, minimum * 4, true)?;
		Pallet::<T>::slash(provider, &model, minimum, &insurance)?;
		Pallet::<T>::pledge(provider, &model, minimum * 4, false)?;
		fill_list::<T>(&model);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), provider, model);

		assert_eq!(Pallet::<T>::free_bond(provider, &model), minimum * 3);
		assert_eq!(standing::<T>(provider, &model), Some(Standing::Listed));
		Ok(())
	}

	#[benchmark]
	fn request_withdrawal() -> Result<(), BenchmarkError> {
		let (owner, provider, model, minimum) = serving::<T>();
		fill_list::<T>(&model);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), model, minimum * 4);

		assert_eq!(Pallet::<T>::free_bond(provider, &model), 0);
		assert_eq!(standing::<T>(provider, &model), Some(Standing::Idle));
		Ok(())
	}

	#[benchmark]
	fn cancel_withdrawal() -> Result<(), BenchmarkError> {
		let (owner, provider, model, minimum) = serving::<T>();
		Pallet::<T>::do_request_withdrawal(owner.clone(), model, minimum * 4)?;
		fill_list::<T>(&model);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), model);

		assert_eq!(Pallet::<T>::free_bond(provider, &model), minimum * 4);
		assert_eq!(standing::<T>(provider, &model), Some(Standing::Listed));
		Ok(())
	}

	/// All of a bond leaves, and its offer with it.
	#[benchmark]
	fn withdraw() -> Result<(), BenchmarkError> {
		let (owner, provider, model, minimum) = serving::<T>();
		Pallet::<T>::do_request_withdrawal(owner.clone(), model, minimum * 4)?;
		Ledgers::<T>::mutate(provider, model, |ledger| {
			if let Some(leaving) = ledger.as_mut().and_then(|ledger| ledger.leaving.as_mut()) {
				leaving.ready_at = 0;
			}
		});

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), model);

		assert!(!Ledgers::<T>::contains_key(provider, model));
		Ok(())
	}

	/// A listed offer becomes dearer but still finds a place.
	#[benchmark]
	fn set_offer() -> Result<(), BenchmarkError> {
		let (owner, provider, model, _) = serving::<T>();
		fill_list::<T>(&model);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), model, offer::<T>(CHEAP + 1));

		assert_eq!(Pallet::<T>::offer(provider, &model), Some(offer::<T>(CHEAP + 1)));
		assert_eq!(standing::<T>(provider, &model), Some(Standing::Listed));
		Ok(())
	}

	#[benchmark]
	fn withdraw_offer() -> Result<(), BenchmarkError> {
		let (owner, provider, model, _) = serving::<T>();
		fill_list::<T>(&model);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), model);

		assert_eq!(standing::<T>(provider, &model), None);
		Ok(())
	}

	/// A displaced offer displaces another.
	#[benchmark]
	fn refresh_offer() -> Result<(), BenchmarkError> {
		let (owner, provider, model, _) = serving::<T>();
		Ledgers::<T>::mutate(provider, model, |ledger| {
			let ledger = ledger.as_mut().expect("just bonded");
			Pallet::<T>::strike(provider, &model, ledger);
		});
		fill_list::<T>(&model);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), provider, model);

		assert_eq!(standing::<T>(provider, &model), Some(Standing::Listed));
		Ok(())
	}

	#[benchmark]
	fn set_online(n: Linear<0, { T::MaxModels::get() }>) -> Result<(), BenchmarkError> {
		let (owner, provider, models) = serving_many::<T>(n);
		if n > 0 {
			Pallet::<T>::do_set_online(owner.clone(), false)?;
		}
		for model in &models {
			fill_list::<T>(model);
		}

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), true);

		for model in &models {
			assert_eq!(standing::<T>(provider, model), Some(Standing::Listed));
		}
		assert!(Providers::<T>::get(provider).is_some_and(|record| record.heartbeat.is_some()));
		Ok(())
	}

	#[benchmark]
	fn heartbeat() -> Result<(), BenchmarkError> {
		let (owner, provider, _, _) = serving::<T>();
		let delegate: T::AccountId = account("delegate", 0, 0);
		Pallet::<T>::do_add_delegate(owner, delegate.clone())?;
		last_heard_at_genesis::<T>(provider, u32::MAX);

		#[extrinsic_call]
		_(RawOrigin::Signed(delegate));

		let given = Providers::<T>::get(provider).and_then(|record| record.heartbeat);
		assert!(given.is_some_and(|given| given.next_from > 0));
		Ok(())
	}

	#[benchmark]
	fn report_downtime(n: Linear<0, { T::MaxModels::get() }>) -> Result<(), BenchmarkError> {
		let (owner, provider, models) = serving_many::<T>(n);
		last_heard_at_genesis::<T>(provider, 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), provider);

		for model in &models {
			assert_eq!(Pallet::<T>::offer(provider, model), None);
		}
		assert!(Providers::<T>::get(provider).is_some_and(|record| record.heartbeat.is_none()));
		Ok(())
	}

	#[benchmark]
	fn propose_rotation() -> Result<(), BenchmarkError> {
		let (owner, provider) = registered::<T>("owner");
		let new_owner: T::AccountId = account("new owner", 0, 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), new_owner.clone());

		assert_last_event::<T>(Event::RotationProposed { provider, new_owner });
		Ok(())
	}

	#[benchmark]
	fn cancel_rotation() -> Result<(), BenchmarkError> {
		let (owner, provider) = registered::<T>("owner");
		Pallet::<T>::do_propose_rotation(owner.clone(), account("new owner", 0, 0))?;

		#[extrinsic_call]
		_(RawOrigin::Signed(owner));

		assert_last_event::<T>(Event::RotationCancelled { provider });
		Ok(())
	}

	#[benchmark]
	fn accept_rotation() -> Result<(), BenchmarkError> {
		let (owner, provider, _, _) = serving::<T>();
		for number in 0..MAX_DELEGATES {
			Pallet::<T>::do_add_delegate(owner.clone(), account("delegate", number, 0))?;
		}
		let new_owner: T::AccountId = account("new owner", 0, 0);
		endow::<T>(&new_owner, 0);
		Pallet::<T>::do_propose_rotation(owner, new_owner.clone())?;

		#[extrinsic_call]
		_(RawOrigin::Signed(new_owner.clone()), provider);

		assert_eq!(Pallet::<T>::owner(provider), Some(new_owner));
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
