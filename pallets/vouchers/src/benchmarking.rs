//! Benchmarks: every call in its dearest case, which pays in an asset.

use crate::{pallet::*, *};
use assay_market::{
	traits::{Bonds, Clock, Subscribed, Vouchers as _},
	AssetId, Balance, ModelId, ProviderId, Quote, SeriesId, Tick,
};
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	traits::{
		fungible::{Inspect as _, Mutate as _},
		fungibles::{Create as _, Destroy as _, Inspect as _, Mutate as _},
		EnsureOrigin, Get,
	},
};
use frame_system::RawOrigin;
use sp_runtime::FixedU128;

/// What the benchmarks cannot set up by themselves.
pub trait BenchmarkHelper {
	/// A listed model that providers can be bonded for.
	fn model() -> ModelId;

	/// Makes an asset of minimum balance 1, below the vouchers' numbers, with a pool of both sides.
	fn quoted_asset() -> AssetId;
}

/// Vouchers that the benchmarks mint.
const UNITS: Balance = 1_000_000;
/// Price of one of them, in the smallest units of the asset, of which one is worth one of the
/// native token.
const PRICE: Balance = 1_000;

/// Gives `who` far more native tokens than any benchmark moves.
fn fund<T: Config>(who: &T::AccountId) {
	let amount = T::Native::minimum_balance().saturating_mul(1_000_000);
	T::Native::mint_into(who, amount).expect("benchmarks mint little");
}

/// Gives the accounts that must own the existential deposit more than that.
fn fund_accounts<T: Config>() {
	fund::<T>(&Pallet::<T>::account());
	fund::<T>(&Pallet::<T>::owner_account());
	fund::<T>(&T::InsuranceAccount::get());
	fund::<T>(&T::TreasuryAccount::get());
}

/// Makes a series that takes jobs and gives `who` so many of its units, and the one more that stays
/// free.
pub(crate) fn endow<T: Config>(who: &T::AccountId, units: Balance) -> SeriesId {
	fund_accounts::<T>();
	fund::<T>(who);
	if !Quotes::<T>::contains_key(Quote::Native) {
		assert_ok!(Pallet::<T>::do_register_quote(NewQuote::Native, LEAST_FLOOR, LEAST_FLOOR));
	}
	let (id, mut series) = Pallet::<T>::create_series(Quote::Native, LEAST_FLOOR)
		.expect("the number of the next series is free");
	Quotes::<T>::mutate(Quote::Native, |record| {
		record.as_mut().expect("registered above").live_series += 1;
	});
	let minted = units.saturating_add(1);
	// As if a provider had served all of it already.
	series.subscribed = minted;
	series.released = minted;
	series.issue(minted, 0).expect("benchmarks mint little");
	T::Native::mint_into(&Pallet::<T>::account(), series.reserve).expect("benchmarks mint little");
	assert_ok!(Pallet::<T>::issue_vouchers(series.asset, who, minted));
	AllSeries::<T>::insert(id, series);
	id
}

/// Registers an asset as a quote, a day before now.
fn quoted<T: Config>() -> (AssetId, Quote) {
	fund_accounts::<T>();
	let id = T::BenchmarkHelper::quoted_asset();
	let new = NewQuote::Asset { id, rate: FixedU128::from_u32(1), statement: Statement::default() };
	T::Clock::set_for_benchmark(T::TicksPerDay::get());
	assert_ok!(Pallet::<T>::do_register_quote(new, PRICE, LEAST_FLOOR));
	T::Clock::set_for_benchmark(T::TicksPerDay::get().saturating_mul(2));
	Pallet::<T>::observe_pool(id);
	assert_ok!(Pallet::<T>::do_update_rate(id));
	(id, Quote::Asset(id))
}

/// Opens a series to which `owner`'s provider has subscribed [`UNITS`].
fn subscribed<T: Config>(owner: &T::AccountId) -> (SeriesId, ProviderId, ModelId) {
	let (_, quote) = quoted::<T>();
	let id = Pallet::<T>::do_open_series(quote).expect("the quote has no series");
	fund::<T>(owner);
	let model = T::BenchmarkHelper::model();
	let bond = T::Native::minimum_balance().saturating_mul(1_000_000).max(PRICE * UNITS * 2);
	let provider = T::Bonds::bond_for_benchmark(owner, &model, bond);
	CurrentParameters::<T>::mutate(|parameters| {
		parameters.least_subscription = 1;
		parameters.max_multiplier_percent = u16::MAX;
		parameters.mint_limit_per_day = UNITS;
		parameters.sweep_fee = T::Native::minimum_balance();
	});
	fill_duties::<T>(provider, &model);
	assert_ok!(Pallet::<T>::do_subscribe(owner, id, model, UNITS));
	(id, provider, model)
}

/// Gives a provider as many duties as leave room for one more.
fn fill_duties<T: Config>(provider: ProviderId, model: &ModelId) {
	let terms = Subscribed {
		max_min_price_per_unit: Balance::MAX,
		max_multiplier_percent: u16::MAX,
		until: Tick::MAX,
	};
	for number in 1..T::MaxSubscriptions::get() {
		let series = SeriesId(u32::MAX.saturating_sub(number));
		DutiesOf::<T>::mutate(provider, model, |duties| {
			duties.try_push(Duty { series, terms }).expect("fewer than the bound");
		});
	}
}

/// Mints all of a subscribed series for `buyer`.
fn minted<T: Config>(buyer: &T::AccountId) -> (SeriesId, ProviderId, ModelId) {
	let owner: T::AccountId = account("owner", 0, 0);
	let (id, provider, model) = subscribed::<T>(&owner);
	pay_for::<T>(buyer, id);
	assert_ok!(Pallet::<T>::do_mint(buyer, id, UNITS, Balance::MAX));
	(id, provider, model)
}

/// Gives `buyer` what minting all of a series costs.
fn pay_for<T: Config>(buyer: &T::AccountId, id: SeriesId) {
	fund::<T>(buyer);
	let Some(Series { quote: Quote::Asset(asset), .. }) = AllSeries::<T>::get(id) else { return };
	T::Assets::mint_into(asset, buyer, PRICE * UNITS * 2).expect("benchmarks mint little");
}

/// Lets time pass until `tick_of` a series.
fn wait<T: Config>(id: SeriesId, tick_of: impl FnOnce(&Series) -> Tick) -> Series {
	let series = AllSeries::<T>::get(id).expect("opened before");
	T::Clock::set_for_benchmark(tick_of(&series));
	series
}

#[benchmarks]
mod calls {
	use super::*;

	/// The admin's origin.
	fn admin<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
		T::AdminOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
	}

	#[benchmark]
	fn set_parameters() -> Result<(), BenchmarkError> {
		let parameters = Parameters { sweep_fee: 12_345, ..CurrentParameters::<T>::get() };
		let origin = admin::<T>()?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, parameters.clone());
		assert_eq!(CurrentParameters::<T>::get(), parameters);
		Ok(())
	}

	#[benchmark]
	fn register_quote() -> Result<(), BenchmarkError> {
		fund_accounts::<T>();
		let id = T::BenchmarkHelper::quoted_asset();
		let statement = alloc::vec![0; 256].try_into().map_err(|_| BenchmarkError::Weightless)?;
		let new = NewQuote::Asset { id, rate: FixedU128::from_u32(1), statement };
		let origin = admin::<T>()?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, new, PRICE, LEAST_FLOOR);
		assert!(Quotes::<T>::contains_key(Quote::Asset(id)));
		Ok(())
	}

	#[benchmark]
	fn set_floor() -> Result<(), BenchmarkError> {
		let (_, quote) = quoted::<T>();
		let origin = admin::<T>()?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, quote, PRICE);
		assert_eq!(Quotes::<T>::get(quote).map(|record| record.floor), Some(PRICE));
		Ok(())
	}

	#[benchmark]
	fn remove_quote() -> Result<(), BenchmarkError> {
		let (_, quote) = quoted::<T>();
		let origin = admin::<T>()?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, quote);
		assert!(!Quotes::<T>::contains_key(quote));
		Ok(())
	}

	#[benchmark]
	fn step_price() {
		let (_, quote) = quoted::<T>();
		#[extrinsic_call]
		_(RawOrigin::Signed(whitelisted_caller::<T::AccountId>()), quote);
		let stepped_at = Quotes::<T>::get(quote).map(|record| record.stepped_at);
		assert_eq!(stepped_at, Some(T::Clock::now()));
	}

	#[benchmark]
	fn update_rate() {
		let (asset, _) = quoted::<T>();
		T::Clock::set_for_benchmark(T::TicksPerDay::get().saturating_mul(3));
		Pallet::<T>::observe_pool(asset);
		#[extrinsic_call]
		_(RawOrigin::Signed(whitelisted_caller::<T::AccountId>()), asset);
		assert_eq!(Rates::<T>::get(asset).map(|rate| rate.updated_at), Some(T::Clock::now()));
	}

	#[benchmark]
	fn open_series() {
		let (_, quote) = quoted::<T>();
		let squatter: T::AccountId = account("squatter", 0, 0);
		fund::<T>(&squatter);
		let id = NextSeriesId::<T>::get().0;
		for number in 0..SKIPPED_MAX {
			let asset = T::FirstAssetId::get() + id + number;
			assert_ok!(T::Assets::create(asset, squatter.clone(), false, 1));
		}
		#[extrinsic_call]
		_(RawOrigin::Signed(whitelisted_caller::<T::AccountId>()), quote);
		assert!(AllSeries::<T>::contains_key(SeriesId(id + SKIPPED_MAX)));
	}

	#[benchmark]
	fn subscribe() {
		let caller: T::AccountId = whitelisted_caller();
		let (id, provider, model) = subscribed::<T>(&caller);
		assert_ok!(Pallet::<T>::do_unsubscribe(&caller, id, model, UNITS));
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), id, model, UNITS);
		assert_eq!(Subscriptions::<T>::get((id, provider, model)).units, UNITS);
	}

	#[benchmark]
	fn unsubscribe() {
		let caller: T::AccountId = whitelisted_caller();
		let (id, provider, model) = subscribed::<T>(&caller);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), id, model, UNITS / 2);
		assert_eq!(Subscriptions::<T>::get((id, provider, model)).units, UNITS / 2);
	}

	#[benchmark]
	fn release_subscription() {
		let caller: T::AccountId = whitelisted_caller();
		let (id, provider, model) = subscribed::<T>(&caller);
		wait::<T>(id, |series| series.expires_at);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), id, provider, model);
		assert!(!Subscriptions::<T>::contains_key((id, provider, model)));
	}

	#[benchmark]
	fn mint() {
		let owner: T::AccountId = account("owner", 0, 0);
		let (id, ..) = subscribed::<T>(&owner);
		let caller: T::AccountId = whitelisted_caller();
		pay_for::<T>(&caller, id);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), id, UNITS, Balance::MAX);
		let asset = AllSeries::<T>::get(id).map(|series| series.asset);
		assert_eq!(asset.map(|asset| T::Assets::balance(asset, &caller)), Some(UNITS));
	}

	#[benchmark]
	fn reclaim() {
		let caller: T::AccountId = whitelisted_caller();
		let (id, ..) = minted::<T>(&caller);
		let series = wait::<T>(id, |series| series.expires_at);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), id, UNITS);
		assert_eq!(T::Assets::balance(series.asset, &caller), 0);
	}

	#[benchmark]
	fn sweep_forfeits() {
		let caller: T::AccountId = whitelisted_caller();
		let (id, ..) = minted::<T>(&caller);
		wait::<T>(id, |series| series.expires_at);
		assert_ok!(Pallet::<T>::do_reclaim(&caller, id, UNITS / 2));
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), id);
		assert_eq!(AllSeries::<T>::get(id).map(|series| series.forfeited), Some(0));
	}

	#[benchmark]
	fn close_series() {
		let caller: T::AccountId = whitelisted_caller();
		let (id, ..) = minted::<T>(&caller);
		wait::<T>(id, |series| series.grace_ends_at);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), id);
		let status = AllSeries::<T>::get(id).map(|series| series.status);
		assert_eq!(status, Some(SeriesStatus::Closed));
	}

	#[benchmark]
	fn forget_series() {
		let caller: T::AccountId = whitelisted_caller();
		let (id, provider, model) = minted::<T>(&caller);
		let series = wait::<T>(id, |series| series.grace_ends_at);
		assert_ok!(Pallet::<T>::do_close_series(&caller, id));
		assert_ok!(Pallet::<T>::do_release_subscription(&caller, id, provider, model));
		assert_ok!(T::Assets::destroy_accounts(series.asset, 10));
		assert_ok!(T::Assets::finish_destroy(series.asset));
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), id);
		assert!(!AllSeries::<T>::contains_key(id));
	}

	#[benchmark]
	fn accept_team() -> Result<(), BenchmarkError> {
		let (asset, quote) = quoted::<T>();
		let statement: Statement =
			alloc::vec![1; 256].try_into().map_err(|_| BenchmarkError::Weightless)?;
		let origin = admin::<T>()?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, asset, statement.clone());
		let backing = Quotes::<T>::get(quote).and_then(|record| record.backing);
		assert_eq!(backing.map(|backing| backing.statement), Some(statement));
		Ok(())
	}

	#[benchmark]
	fn pay_owed() {
		let creditor: T::AccountId = account("creditor", 0, 0);
		let (asset, quote) = quoted::<T>();
		let account = Pallet::<T>::account();
		T::Assets::mint_into(asset, &account, UNITS).expect("benchmarks mint little");
		Owed::<T>::insert(&creditor, quote, UNITS);
		let caller: T::AccountId = whitelisted_caller();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), creditor.clone(), quote);
		assert!(!Owed::<T>::contains_key(&creditor, quote));
		assert_eq!(T::Assets::balance(asset, &account), 0);
	}

	#[benchmark]
	fn observe_pool() {
		let (asset, _) = quoted::<T>();
		#[block]
		{
			Pallet::<T>::observe_pool(asset);
		}
		assert_eq!(PoolMeans::<T>::get(asset).observations, 1);
	}

	/// Not a call, hence not among the weights: that vouchers for other pallets' benchmarks work.
	#[benchmark(extra)]
	fn escrow_and_release() {
		let caller: T::AccountId = whitelisted_caller();
		let id = Pallet::<T>::endow_for_benchmark(&caller, UNITS);
		#[block]
		{
			assert_ok!(Pallet::<T>::escrow(&caller, id, UNITS));
			assert_ok!(Pallet::<T>::release(&caller, id, UNITS));
		}
		assert_eq!(AllSeries::<T>::get(id).map(|series| series.escrowed), Some(0));
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
