//! What prices may be quoted in: registration and removal.

use crate::{pallet::*, Backing, NewQuote, QuoteRecord, Rate, Statement, LEAST_FLOOR};
use assay_market::{
	traits::{Clock, Exchange},
	AssetId, Balance, Quote,
};
use frame_support::{
	ensure,
	traits::{fungible::Inspect as _, fungibles::Inspect as _, Get},
};
use sp_runtime::{traits::Zero, DispatchResult, FixedU128};

impl<T: Config> Pallet<T> {
	/// Registers the native quote of a new chain.
	///
	/// A wrong genesis must not become a chain, and genesis has no other way to refuse than to panic.
	pub(crate) fn begin(price: Balance, floor: Balance) {
		assert!(
			Self::ensure_prices(price, floor).is_ok(),
			"vouchers.native = [{price}, {floor}]: choose a floor of at least {LEAST_FLOOR}, and a \
			 price that is not below it",
		);
		// Otherwise the last voucher could not be redeemed.
		let account = Self::account();
		assert!(
			T::Native::balance(&account) >= T::Native::minimum_balance(),
			"vouchers.native: endow {account:?} with the existential deposit",
		);
		if let Err(error) = Self::do_register_quote(NewQuote::Native, price, floor) {
			panic!("vouchers.native cannot be registered: {error:?}");
		}
	}

	/// Registers an asset as a quote of a new chain; panics as [`Self::begin`] does.
	pub(crate) fn begin_in(
		asset: AssetId,
		rate: FixedU128,
		statement: &str,
		price: Balance,
		floor: Balance,
	) {
		let statement = Statement::try_from(statement.as_bytes().to_vec())
			.unwrap_or_else(|_| panic!("vouchers.assets: the statement on {asset} is too long"));
		let new = NewQuote::Asset { id: asset, rate, statement };
		if let Err(error) = Self::do_register_quote(new, price, floor) {
			panic!("vouchers.assets: {asset} cannot be a quote: {error:?}");
		}
	}

	/// See [`Pallet::register_quote`].
	pub(crate) fn do_register_quote(
		new: NewQuote,
		price: Balance,
		floor: Balance,
	) -> DispatchResult {
		let quote = new.quote();
		ensure!(!Quotes::<T>::contains_key(quote), Error::<T>::QuoteExists);
		ensure!(Quotes::<T>::count() < T::MaxQuotes::get(), Error::<T>::TooManyQuotes);
		Self::ensure_prices(price, floor)?;
		let backing = match new {
			NewQuote::Native => None,
			NewQuote::Asset { id, rate, statement } => {
				Some(Self::register_asset(id, rate, statement)?)
			}
		};
		Quotes::<T>::insert(
			quote,
			QuoteRecord {
				price,
				floor,
				stepped_at: T::Clock::now(),
				redeemed_at_step: RedeemedUnits::<T>::get(),
				last: None,
				live_series: 0,
				backing,
			},
		);
		Self::deposit_event(Event::QuoteRegistered { quote, price, floor });
		Ok(())
	}

	/// Checks that an asset can carry reserves, and starts its rate.
	fn register_asset(
		asset: AssetId,
		native_per_unit: FixedU128,
		statement: Statement,
	) -> Result<Backing<T::AccountId>, Error<T>> {
		ensure!(asset < T::FirstAssetId::get(), Error::<T>::QuoteIsVoucher);
		ensure!(T::Assets::asset_exists(asset), Error::<T>::UnknownAsset);
		// With a larger minimum, the last units of a reserve could not be moved.
		ensure!(T::Assets::minimum_balance(asset) == 1, Error::<T>::MinBalanceNotOne);
		ensure!(Self::can_be_owned(asset), Error::<T>::AssetNotOwnable);
		ensure!(T::Exchange::reserves(Quote::Asset(asset)).is_some(), Error::<T>::NoPool);
		ensure!(!native_per_unit.is_zero(), Error::<T>::RateOutOfRange);
		Rates::<T>::insert(asset, Rate { native_per_unit, updated_at: T::Clock::now() });
		Ok(Backing { team: Self::team_of(asset), statement })
	}

	/// See [`Pallet::set_floor`].
	pub(crate) fn do_set_floor(quote: Quote, floor: Balance) -> DispatchResult {
		ensure!(floor >= LEAST_FLOOR, Error::<T>::FloorTooLow);
		Quotes::<T>::try_mutate(quote, |record| -> DispatchResult {
			record.as_mut().ok_or(Error::<T>::UnknownQuote)?.floor = floor;
			Ok(())
		})?;
		Self::deposit_event(Event::FloorSet { quote, floor });
		Ok(())
	}

	/// See [`Pallet::remove_quote`].
	pub(crate) fn do_remove_quote(quote: Quote) -> DispatchResult {
		let record = Quotes::<T>::get(quote).ok_or(Error::<T>::UnknownQuote)?;
		ensure!(record.live_series == 0, Error::<T>::QuoteInUse);
		Quotes::<T>::remove(quote);
		if let Quote::Asset(asset) = quote {
			Rates::<T>::remove(asset);
			PoolMeans::<T>::remove(asset);
		}
		Self::deposit_event(Event::QuoteRemoved { quote });
		Ok(())
	}

	/// See [`Pallet::accept_team`].
	pub(crate) fn do_accept_team(asset: AssetId, statement: Statement) -> DispatchResult {
		let backing = Backing { team: Self::team_of(asset), statement };
		Quotes::<T>::try_mutate(Quote::Asset(asset), |record| -> DispatchResult {
			record.as_mut().ok_or(Error::<T>::UnknownQuote)?.backing = Some(backing);
			Ok(())
		})?;
		Self::deposit_event(Event::TeamAccepted { asset });
		Ok(())
	}

	/// Fails if an asset's roles are not those with which it was registered.
	pub(crate) fn ensure_team_unchanged(
		quote: Quote,
		record: &QuoteRecord<T::AccountId>,
	) -> DispatchResult {
		if let (Quote::Asset(asset), Some(backing)) = (quote, &record.backing) {
			ensure!(Self::team_of(asset) == backing.team, Error::<T>::TeamChanged);
		}
		Ok(())
	}

	/// Fails unless a price and its floor can be stepped.
	pub(crate) fn ensure_prices(price: Balance, floor: Balance) -> Result<(), Error<T>> {
		ensure!(floor >= LEAST_FLOOR, Error::<T>::FloorTooLow);
		ensure!(price >= floor, Error::<T>::PriceBelowFloor);
		Ok(())
	}
}
