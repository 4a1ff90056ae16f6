//! What calls and hooks cost.

use alloc::vec::Vec;

use assay_market::{
	traits::{Bonds, Clock, Disputable, Models, Verdict, Vouchers},
	Assignment, Balance, CommitmentHash, JobId, ModelId, Request, TokenList,
};
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{fungible::Mutate, EnsureOrigin, Hooks},
	weights::WeightMeter,
};
use frame_system::RawOrigin;
use sp_runtime::DispatchError;

use crate::{
	data::MAX_POSTED_LEAVES, instantiator::Instantiator, parameters::JobParameters, Call, Config,
	DeclineReason, Jobs, Pallet, Parameters, Publication, QueueCursor, Side, State, Totals,
	MAX_CANDIDATES, MAX_PROGRAM_BYTES,
};

/// Vouchers of the user: enough for any run of the registry's benchmark model.
const UNITS: Balance = 1_000_000_000_000_000;
/// Bond of each provider: enough for any exposure to such a run.
const BOND: Balance = 1_000_000_000_000_000_000_000_000;
/// Native tokens of whoever asks or demands data.
const FUNDS: Balance = 1_000_000_000_000_000_000;
/// Most words of a measured list. What a word costs does not change beyond, and the registry's
/// benchmark model need not admit longer runs.
const WORDS: u32 = 1_000;

/// A user, as many providers as there may be candidates, and a model with a program of about so many
/// bytes. The driver's provider is the first.
fn world<T: Config>(program_bytes: u32) -> Instantiator<T> {
	let (user, owner): (T::AccountId, T::AccountId) =
		(account("user", 0, 0), account("owner", 0, 0));
	let model = T::Models::register_for_benchmark(program_bytes);
	let series = T::Vouchers::endow_for_benchmark(&user, UNITS);
	let provider = T::Bonds::bond_for_benchmark(&owner, &model, BOND);
	for other in 1..MAX_CANDIDATES {
		T::Bonds::bond_for_benchmark(&account("owner", other, 0), &model, BOND);
	}
	for rich in [user.clone(), watcher::<T>(0), watcher::<T>(1), Pallet::<T>::account()] {
		T::Currency::set_balance(&rich, FUNDS);
	}
	let token = (0..).find(|token| !T::Models::is_stop_token(&model, *token)).unwrap_or_default();
	Instantiator { user, owner, provider, model, series, token }
}

/// An answered job, for the benchmarks of those who dispute answers.
pub(crate) fn committed<T: Config>(
	user: &T::AccountId,
	owner: &T::AccountId,
	model: ModelId,
) -> Result<(JobId, CommitmentHash), DispatchError> {
	let series = T::Vouchers::endow_for_benchmark(user, UNITS);
	let provider = match T::Bonds::provider_of(owner) {
		Some(provider) => provider,
		None => T::Bonds::bond_for_benchmark(owner, &model, BOND),
	};
	for rich in [user.clone(), Pallet::<T>::account()] {
		T::Currency::set_balance(&rich, FUNDS);
	}
	let token = (0..).find(|token| !T::Models::is_stop_token(&model, *token)).unwrap_or_default();
	let (user, owner) = (user.clone(), owner.clone());
	let driver = Instantiator::<T> { user, owner, provider, model, series, token };
	let job = driver.committed(5)?;
	Ok((job, driver.commitment_hash(job)))
}

/// Who demands data and pokes.
fn watcher<T: Config>(index: u32) -> T::AccountId {
	account("watcher", index, 0)
}

/// An answered job, for pallets that are told of answers.
pub(crate) fn answered<T: Config>() -> Result<(ModelId, JobId, CommitmentHash), DispatchError> {
	let driver = world::<T>(1_024);
	let id = driver.committed(5)?;
	Ok((driver.model, id, driver.commitment_hash(id)))
}

/// Lets time pass until something is due for a job.
fn make_due<T: Config>(id: JobId) {
	let due = Jobs::<T>::get(id).and_then(|job| job.due_at()).expect("the job is stored");
	T::Clock::set_for_benchmark(due);
}

/// A job for the best offer that all candidates let pass, in the second turn of the driver's provider.
fn passed_over<T: Config>(driver: &Instantiator<T>) -> Result<JobId, BenchmarkError> {
	let request = Request {
		assignment: Assignment::BestOffer,
		accept_within: Parameters::<T>::get().accept_within_max,
		..driver.request(driver.by_root(5), 2)
	};
	let id = driver.submit(request)?;
	let job = Jobs::<T>::get(id).ok_or("the job is stored")?;
	let State::Submitted(search) = &job.state else {
		return Err("the job was not accepted".into());
	};
	let place = search.place_of(driver.provider).ok_or("the provider is a candidate")?;
	let turns = u32::try_from(search.candidates.len() + place).map_err(|_| "few turns")?;
	T::Clock::set_for_benchmark(job.submitted_at + turns * search.turn_ticks);
	Ok(id)
}

/// An answered job whose input has so many full leaves, the same word over and over, demanded.
fn demanded<T: Config>(driver: &Instantiator<T>, leaves: u32) -> Result<JobId, BenchmarkError> {
	let id = driver.committed(5)?;
	// Longer than the registry's benchmark model admits.
	Jobs::<T>::mutate(id, |job| {
		let tokens = driver.tokens(leaves * assay_market::terms::TOKENS_PER_LEAF);
		let job = job.as_mut().expect("the job is stored");
		job.request.input = TokenList::of::<crate::Blake2>(&tokens);
	});
	driver.request_data(watcher::<T>(0), id, Side::Input)?;
	Ok(id)
}

/// Whether a job is over, and one more has ended than before.
fn is_over<T: Config>(id: JobId) -> bool {
	!Jobs::<T>::contains_key(id) && Totals::<T>::get().ended.all() == Some(1)
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn submit(
		n: Linear<1, WORDS>,
		b: Linear<1_024, MAX_PROGRAM_BYTES>,
	) -> Result<(), BenchmarkError> {
		let driver = world::<T>(b);
		let mut request = driver.request(driver.inline(n), 2);
		request.assignment = Assignment::BestOffer;
		request.accept_within = Parameters::<T>::get().accept_within_max;
		let user = driver.user.clone();

		#[extrinsic_call]
		_(RawOrigin::Signed(user), 0, request);

		assert_eq!(Jobs::<T>::iter_keys().count(), 1);
		Ok(())
	}

	#[benchmark]
	fn cancel() -> Result<(), BenchmarkError> {
		let driver = world::<T>(1_024);
		let id = passed_over(&driver)?;

		#[extrinsic_call]
		_(RawOrigin::Signed(driver.user.clone()), id);

		assert!(is_over::<T>(id));
		Ok(())
	}

	#[benchmark]
	fn decline() -> Result<(), BenchmarkError> {
		let driver = world::<T>(1_024);
		let id = driver.submitted(5)?;

		#[extrinsic_call]
		_(RawOrigin::Signed(driver.owner.clone()), id, DeclineReason::Busy);

		assert!(is_over::<T>(id));
		Ok(())
	}

	#[benchmark]
	fn accept() -> Result<(), BenchmarkError> {
		let driver = world::<T>(1_024);
		let id = passed_over(&driver)?;
		let terms = driver.terms_hash(id);

		#[extrinsic_call]
		_(RawOrigin::Signed(driver.owner.clone()), id, terms);

		assert_eq!(Totals::<T>::get().open.accepted, 1);
		Ok(())
	}

	#[benchmark]
	fn commit(
		n: Linear<1, WORDS>,
		b: Linear<1_024, MAX_PROGRAM_BYTES>,
	) -> Result<(), BenchmarkError> {
		let driver = world::<T>(b);
		let id = driver.submit(driver.request(driver.by_root(5), n))?;
		driver.accept(id)?;
		let (terms, output) = (driver.terms_hash(id), driver.inline(n));

		#[extrinsic_call]
		_(RawOrigin::Signed(driver.owner.clone()), id, terms, output);

		assert_eq!(Totals::<T>::get().open.committed, 1);
		Ok(())
	}

	#[benchmark]
	fn accept_and_commit(b: Linear<1_024, MAX_PROGRAM_BYTES>) -> Result<(), BenchmarkError> {
		let driver = world::<T>(b);
		let id = passed_over(&driver)?;
		let (terms, output) = (driver.terms_hash(id), driver.by_root(2).list());

		#[extrinsic_call]
		_(RawOrigin::Signed(driver.owner.clone()), id, terms, output);

		assert_eq!(Totals::<T>::get().open.committed, 1);
		Ok(())
	}

	#[benchmark]
	fn request_data() -> Result<(), BenchmarkError> {
		let driver = world::<T>(1_024);
		let id = driver.committed(5)?;
		let commitment = driver.commitment_hash(id);

		#[extrinsic_call]
		_(RawOrigin::Signed(watcher::<T>(0)), id, commitment, Side::Input);

		let job = Jobs::<T>::get(id).ok_or(BenchmarkError::Weightless)?;
		assert!(job.input_data.request().is_some());
		Ok(())
	}

	#[benchmark]
	fn post_data(l: Linear<1, MAX_POSTED_LEAVES>) -> Result<(), BenchmarkError> {
		let driver = world::<T>(1_024);
		let id = demanded(&driver, l)?;
		let commitment = driver.commitment_hash(id);
		let leaves = driver.leaves(l * assay_market::terms::TOKENS_PER_LEAF, 0, l - 1);

		#[extrinsic_call]
		_(RawOrigin::Signed(driver.owner.clone()), id, commitment, Side::Input, leaves);

		let job = Jobs::<T>::get(id).ok_or(BenchmarkError::Weightless)?;
		assert_eq!(job.input_data, Publication::Posted);
		Ok(())
	}

	#[benchmark]
	fn poke_expire() -> Result<(), BenchmarkError> {
		let driver = world::<T>(1_024);
		let id = passed_over(&driver)?;
		make_due::<T>(id);

		#[extrinsic_call]
		poke(RawOrigin::Signed(watcher::<T>(0)), id);

		assert!(is_over::<T>(id));
		assert_eq!(Totals::<T>::get().ended.expired, 1);
		Ok(())
	}

	#[benchmark]
	fn poke_late() -> Result<(), BenchmarkError> {
		let driver = world::<T>(1_024);
		let id = driver.accepted(5)?;
		make_due::<T>(id);

		#[extrinsic_call]
		poke(RawOrigin::Signed(watcher::<T>(0)), id);

		assert!(is_over::<T>(id));
		assert_eq!(Totals::<T>::get().ended.late, 1);
		Ok(())
	}

	/// With deposits on both sides to return.
	#[benchmark]
	fn poke_silent() -> Result<(), BenchmarkError> {
		let driver = world::<T>(1_024);
		let id = demanded(&driver, 1)?;
		driver.request_data(watcher::<T>(1), id, Side::Output)?;
		make_due::<T>(id);

		#[extrinsic_call]
		poke(RawOrigin::Signed(watcher::<T>(0)), id);

		assert!(is_over::<T>(id));
		assert_eq!(Totals::<T>::get().ended.silent, 1);
		Ok(())
	}

	/// Whatever makes jobs void is a neighbour's affair; the game's verdict takes the same way.
	#[benchmark]
	fn poke_void() -> Result<(), BenchmarkError> {
		let driver = world::<T>(1_024);
		let id = driver.held(5)?;
		driver.request_data(watcher::<T>(0), id, Side::Input)?;
		driver.request_data(watcher::<T>(1), id, Side::Output)?;

		#[block]
		{
			Pallet::<T>::decide(&id, Verdict::Void)?;
		}

		assert!(is_over::<T>(id));
		assert_eq!(Totals::<T>::get().ended.void, 1);
		Ok(())
	}

	#[benchmark]
	fn poke_settle() -> Result<(), BenchmarkError> {
		let driver = world::<T>(1_024);
		let id = driver.committed(5)?;
		make_due::<T>(id);

		#[extrinsic_call]
		poke(RawOrigin::Signed(watcher::<T>(0)), id);

		assert!(is_over::<T>(id));
		assert_eq!(Totals::<T>::get().ended.settled, 1);
		Ok(())
	}

	#[benchmark]
	fn set_parameters() -> Result<(), BenchmarkError> {
		let origin =
			T::AdminOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
		let parameters = JobParameters { window_ticks: 200, ..JobParameters::default() };

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, parameters.clone());

		assert_eq!(Parameters::<T>::get(), parameters);
		Ok(())
	}

	#[benchmark]
	fn on_poll_base() {
		let now = T::Clock::now();
		QueueCursor::<T>::put(now);

		#[block]
		{
			Pallet::<T>::on_poll(1_u32.into(), &mut WeightMeter::new());
		}

		assert_eq!(QueueCursor::<T>::get(), now);
	}

	#[benchmark]
	fn on_poll_tick() {
		let now = T::Clock::now();
		let mut found: Vec<JobId> = Vec::new();

		#[block]
		{
			found.extend(crate::Queue::<T>::iter_key_prefix(now));
		}

		assert!(found.is_empty());
	}

	/// Users, providers, models and series of their own: at their dearest, jobs share only the books.
	#[benchmark]
	fn on_poll_settle(n: Linear<1, 32>) -> Result<(), BenchmarkError> {
		let mut last = None;
		for number in 0..n {
			let user = account("user", number, 0);
			let owner = account("owner", number, 0);
			let model = T::Models::register_for_benchmark(1_024_u32.saturating_mul(number + 1));
			last = Some(committed::<T>(&user, &owner, model)?);
		}
		let (last, _) = last.ok_or("there is at least one")?;
		make_due::<T>(last);
		QueueCursor::<T>::put(T::Clock::now());

		#[block]
		{
			Pallet::<T>::on_poll(1_u32.into(), &mut WeightMeter::new());
		}

		assert_eq!(Totals::<T>::get().ended.settled, u64::from(n));
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
