//! What the calls cost.

use alloc::{boxed::Box, vec};

use assay_market::{
	manifest::{Manifest, MAX_PROGRAM_BYTES},
	traits::{Bonds, Clock, Models as _},
	Balance, ModelId,
};
use assay_primitives::{
	merkle::{leaf, Path},
	Hash, WeightsRoot,
};
use codec::MaxEncodedLen;
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{
		fungible::{Inspect, Mutate},
		EnsureOrigin, Get,
	},
	BoundedVec,
};
use frame_system::RawOrigin;

use super::*;

/// Leaves of the greatest tree of weights, and the hashes beside a leaf's way to its root.
const LEAVES: u64 = 1 << 52;
const SIBLINGS: usize = 13 * 15;

/// An account that can pay whatever this pallet asks for.
fn rich<T: Config>(name: &'static str, index: u32) -> T::AccountId {
	let who = account(name, index, 0);
	let parameters = CurrentParameters::<T>::get();
	let bytes = u32::try_from(Manifest::max_encoded_len()).expect("a manifest is short");
	let amount = [
		parameters.deposit(bytes).expect("valid parameters"),
		// Of two requests, of which the second costs twice as much.
		parameters.request_fee(MAX_LEAF_BYTES.into()).expect("valid parameters").saturating_mul(3),
		parameters.curation_deposit.saturating_mul(T::MaxCurations::get().into()),
		parameters.silence_exposure.saturating_mul(10),
		parameters.min_bond_floor.saturating_mul(10),
		T::Currency::minimum_balance().saturating_mul(100),
	];
	let amount = amount.into_iter().fold(0_u128, u128::saturating_add);
	T::Currency::set_balance(&who, amount);
	who
}

/// The owner of a provider with a bond for the model.
fn provider<T: Config>(index: u32, model: &ModelId) -> T::AccountId {
	let owner = rich::<T>("provider", index);
	let parameters = CurrentParameters::<T>::get();
	let bond = parameters.min_bond_floor.saturating_add(parameters.silence_exposure);
	T::Bonds::bond_for_benchmark(&owner, model, bond.saturating_mul(2));
	owner
}

/// A model with this many attesters, as far as fit.
fn attested<T: Config>(attesters: u32) -> (ModelId, u32) {
	Pallet::<T>::endow().expect("the account takes its deposit");
	let model = Pallet::<T>::register_for_benchmark(1_024);
	let attesters = attesters.min(T::MaxAttesters::get());
	for index in 0..attesters {
		let owner = provider::<T>(index, &model);
		Pallet::<T>::do_attest(&owner, &model).expect("a bonded provider");
	}
	(model, attesters)
}

/// Moves the time beyond a deadline.
fn pass<T: Config>(ticks: assay_market::Tick) {
	T::Clock::set_for_benchmark(T::Clock::now().saturating_add(ticks).saturating_add(1));
}

/// Puts entries of models that are gone on a list, each with its deposit.
fn fill_list<T: Config>(curator: &T::AccountId, entries: u32) -> Result<(), BenchmarkError> {
	let deposit = CurrentParameters::<T>::get().curation_deposit;
	Curations::<T>::mutate(curator, |list| {
		for entry in 0..entries {
			let mut id = Hash::default();
			id.0[..4].copy_from_slice(&entry.to_le_bytes());
			let curation = types::Curation { approved: false, deposit };
			list.try_insert(ModelId(id), curation).map_err(|_| BenchmarkError::Weightless)?;
		}
		Ok::<_, BenchmarkError>(())
	})?;
	let amount = deposit.saturating_mul(entries.into());
	Ok(Pallet::<T>::take(HoldReason::Curation, curator, amount)?)
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn register(s: Linear<1_024, { MAX_PROGRAM_BYTES }>) -> Result<(), BenchmarkError> {
		let registrant = rich::<T>("registrant", 0);
		let first = fixtures::manifest(&fixtures::long_program(1_024));
		let min_bond = CurrentParameters::<T>::get().min_bond_floor;
		let first = Manifest { min_bond, tokenizer_hash: Hash([9; 32]), ..first };
		let (previous, _) = Pallet::<T>::do_register(Some(registrant.clone()), first)?;
		let registrant_again = rich::<T>("registrant", 0);
		let program = fixtures::long_program(s);
		let manifest = fixtures::manifest(&program);
		let manifest = Manifest { min_bond, previous: Some(previous), ..manifest };
		let model = manifest.id::<HostHasher>();

		#[extrinsic_call]
		_(RawOrigin::Signed(registrant_again), Box::new(manifest));

		assert!(Records::<T>::contains_key(model));
		Ok(())
	}

	#[benchmark]
	fn attest() -> Result<(), BenchmarkError> {
		let (model, others) = attested::<T>(T::MaxAttesters::get().saturating_sub(1));
		let owner = provider::<T>(others, &model);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), model);

		assert_eq!(Availabilities::<T>::get(model).counted(), others + 1);
		Ok(())
	}

	#[benchmark]
	fn withdraw_attestation() -> Result<(), BenchmarkError> {
		let (model, attesters) = attested::<T>(T::MaxAttesters::get());

		#[extrinsic_call]
		_(RawOrigin::Signed(account::<T::AccountId>("provider", 0, 0)), model);

		assert_eq!(Availabilities::<T>::get(model).counted(), attesters - 1);
		Ok(())
	}

	#[benchmark]
	fn refresh(a: Linear<1, 16>) -> Result<(), BenchmarkError> {
		let (model, _) = attested::<T>(a);
		Availabilities::<T>::mutate(model, |availability| {
			for (_, attestation) in availability.attestations.iter_mut() {
				attestation.answers_below = Some(0);
			}
		});

		#[extrinsic_call]
		_(RawOrigin::Signed(whitelisted_caller::<T::AccountId>()), model);

		assert!(!Availabilities::<T>::contains_key(model));
		Ok(())
	}

	#[benchmark]
	fn request_weights(s: Linear<1_024, { MAX_PROGRAM_BYTES }>) -> Result<(), BenchmarkError> {
		Pallet::<T>::endow()?;
		let model = Pallet::<T>::register_for_benchmark(s);
		let owner = provider::<T>(0, &model);
		Pallet::<T>::do_attest(&owner, &model)?;
		let user = rich::<T>("user", 0);
		let last = Records::<T>::get(model).map_or(0, |record| record.weight_leaves - 1);

		#[extrinsic_call]
		_(RawOrigin::Signed(user), model, last, Balance::MAX);

		assert!(Availabilities::<T>::get(model).has_open());
		Ok(())
	}

	#[benchmark]
	fn post_weights(b: Linear<1, { MAX_LEAF_BYTES }>) -> Result<(), BenchmarkError> {
		let (model, _) = attested::<T>(T::MaxAttesters::get());
		let user = rich::<T>("user", 0);
		Pallet::<T>::do_request_weights(&user, &model, 1, Balance::MAX)?;
		// With another one open, there is a surcharge to burn.
		Pallet::<T>::do_request_weights(&user, &model, 0, Balance::MAX)?;
		// The request becomes one of the first leaf of the greatest tree.
		let length = usize::try_from(b).expect("usize has 32 bits or more");
		let (bytes, siblings) = (vec![7; length], vec![Hash([8; 32]); SIBLINGS]);
		let path = Path { index: 0, leaves: LEAVES, siblings: siblings.clone() };
		let root = path.root::<HostHasher>(leaf::<HostHasher>(&bytes));
		Records::<T>::mutate_extant(model, |record| {
			record.weight_leaves = LEAVES;
			record.weights_root = WeightsRoot(root.expect("a path of the right length"));
		});
		Availabilities::<T>::mutate(model, |availability| {
			if let Some(request) = availability.requests.get_mut(&0) {
				request.bytes = b;
			}
		});
		let attester: T::AccountId = account("provider", 0, 0);
		let bytes = BoundedVec::truncate_from(bytes);
		let siblings = BoundedVec::truncate_from(siblings);

		#[extrinsic_call]
		_(RawOrigin::Signed(attester), model, 0, bytes, siblings);

		assert_eq!(Availabilities::<T>::get(model).open(), 1);
		Ok(())
	}

	#[benchmark]
	fn expire_request(a: Linear<1, 16>) -> Result<(), BenchmarkError> {
		let (model, attesters) = attested::<T>(a);
		Pallet::<T>::do_request_weights(&rich::<T>("user", 0), &model, 0, Balance::MAX)?;
		assert_eq!(Availabilities::<T>::get(model).counted(), attesters);
		pass::<T>(CurrentParameters::<T>::get().request_ticks);

		#[extrinsic_call]
		_(RawOrigin::Signed(whitelisted_caller::<T::AccountId>()), model, 0);

		let availability = Availabilities::<T>::get(model);
		assert!(availability.has_missing() && availability.attestations.is_empty());
		Ok(())
	}

	#[benchmark]
	fn announce_deprecation() -> Result<(), BenchmarkError> {
		let (model, _) = attested::<T>(T::MaxAttesters::get());
		let registrant: T::AccountId = whitelisted_caller();
		Records::<T>::mutate_extant(model, |record| record.registrant = Some(registrant.clone()));

		#[extrinsic_call]
		_(RawOrigin::Signed(registrant), model);

		assert!(Records::<T>::get(model).is_some_and(|record| record.deprecated_until.is_some()));
		Ok(())
	}

	#[benchmark]
	fn remove(a: Linear<0, 16>) -> Result<(), BenchmarkError> {
		let registrant = rich::<T>("registrant", 0);
		let min_bond = CurrentParameters::<T>::get().min_bond_floor;
		let manifest = fixtures::manifest(&fixtures::long_program(MAX_PROGRAM_BYTES));
		let manifest = Manifest { min_bond, ..manifest };
		let (model, _) = Pallet::<T>::do_register(Some(registrant.clone()), manifest)?;
		for index in 0..a.min(T::MaxAttesters::get()) {
			let owner = provider::<T>(index, &model);
			Pallet::<T>::do_attest(&owner, &model)?;
		}
		let origin = RawOrigin::Signed(registrant.clone());
		Pallet::<T>::announce_deprecation(origin.into(), model)?;
		pass::<T>(CurrentParameters::<T>::get().notice_ticks);

		#[extrinsic_call]
		_(RawOrigin::Signed(whitelisted_caller::<T::AccountId>()), model);

		assert!(!Records::<T>::contains_key(model));
		Ok(())
	}

	#[benchmark]
	fn curate() -> Result<(), BenchmarkError> {
		let (model, curator) =
			(Pallet::<T>::register_for_benchmark(1_024), rich::<T>("curator", 0));
		fill_list::<T>(&curator, T::MaxCurations::get().saturating_sub(1))?;

		#[extrinsic_call]
		_(RawOrigin::Signed(curator.clone()), model, true);

		assert!(Curations::<T>::get(curator).contains_key(&model));
		Ok(())
	}

	#[benchmark]
	fn uncurate() -> Result<(), BenchmarkError> {
		let (model, curator) =
			(Pallet::<T>::register_for_benchmark(1_024), rich::<T>("curator", 0));
		fill_list::<T>(&curator, T::MaxCurations::get().saturating_sub(1))?;
		Pallet::<T>::do_curate(&curator, &model, true)?;

		#[extrinsic_call]
		_(RawOrigin::Signed(curator.clone()), model);

		assert!(!Curations::<T>::get(curator).contains_key(&model));
		Ok(())
	}

	#[benchmark]
	fn set_parameters() -> Result<(), BenchmarkError> {
		let origin =
			T::AdminOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
		let parameters = T::InitialParameters::get();

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, parameters);

		assert_eq!(CurrentParameters::<T>::get(), parameters);
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, mock::ExtBuilder::default().build(), mock::Test);
}
