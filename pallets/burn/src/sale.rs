//! Selling what jobs paid in assets, a little at a time.

use crate::{lot::Sale, Config, Error, Event, LastVisited, Lot, Lots, Pallet, SaleTerms, Settings};
use assay_market::{
	traits::{BurnReason, Clock, Exchange},
	AssetId, Balance, Quote,
};
use frame_support::{ensure, storage::with_storage_layer, traits::DefensiveOption};
use sp_runtime::{traits::Zero, DispatchError, FixedPointNumber, FixedU128};

impl<T: Config> Pallet<T> {
	/// The lot whose turn it is.
	pub(crate) fn next_lot() -> Option<(AssetId, Lot)> {
		LastVisited::<T>::get()
			.and_then(|last| Lots::<T>::iter_from(Lots::<T>::hashed_key_for(last)).next())
			.or_else(|| Lots::<T>::iter().next())
	}

	/// Notes the price of a lot's asset, and places an order if one is due.
	pub(crate) fn visit(asset: AssetId, mut lot: Lot) {
		LastVisited::<T>::put(asset);
		let Some(units) = lot.units().filter(|units| *units > 0) else {
			// Sold out. The average is forgotten with it: the next lot takes a period to open.
			Lots::<T>::remove(asset);
			return;
		};
		let now = T::Clock::now();
		let terms = Settings::<T>::get().sale;
		let reserves = T::Exchange::reserves(Quote::Asset(asset));
		lot.observe(reserves.and_then(price_in), now, &terms);
		let is_due = now >= lot.order_at;
		if is_due {
			lot.order_at = now.saturating_add(terms.period);
		}
		Lots::<T>::insert(asset, lot);
		if is_due {
			let reserve = reserves.map_or(0, |(_, of_asset)| of_asset);
			Self::place_order(asset, lot, terms.order(units, reserve), terms);
		}
	}

	fn place_order(asset: AssetId, lot: Lot, amount: Balance, terms: SaleTerms) {
		let average: Option<Balance> =
			lot.average.and_then(|average| average.checked_mul_int(amount));
		let least = average.map(|average| terms.least(average));
		// Less than a unit of the native token would be given away.
		if least == Some(0) && amount > 0 {
			return;
		}
		let sold = with_storage_layer(|| -> Result<(Balance, Sale), DispatchError> {
			ensure!(amount > 0, Error::<T>::NoPool);
			Self::sell(asset, lot, amount, least.ok_or(Error::<T>::NoPool)?)
		});
		Self::deposit_event(match sold {
			Ok((proceeds, Sale { burned, to_pot, to_insurance, .. })) => Event::Sold {
				asset,
				amount,
				proceeds,
				burned,
				validators: to_pot,
				insurance: to_insurance,
			},
			Err(error) => {
				Event::SaleFailed { asset, amount, least: least.unwrap_or_default(), error }
			}
		});
	}

	fn sell(
		asset: AssetId,
		mut lot: Lot,
		amount: Balance,
		least: Balance,
	) -> Result<(Balance, Sale), DispatchError> {
		let account = Self::settlement_account();
		let proceeds = T::Exchange::sell(&account, Quote::Asset(asset), amount, least)?;
		ensure!(proceeds >= least, Error::<T>::SoldTooCheap);

		// The order is at most the lot.
		let sale = lot.split(amount, proceeds).defensive_ok_or(Error::<T>::Overflow)?;
		let less = |one: Balance, by| one.checked_sub(by).defensive_ok_or(Error::<T>::Overflow);
		lot.burn = less(lot.burn, sale.burn)?;
		lot.validators = less(lot.validators, sale.validators)?;
		lot.insurance = less(lot.insurance, sale.insurance)?;
		Lots::<T>::insert(asset, lot);

		Self::burn_from(&account, sale.burned, BurnReason::Sales)?;
		Self::fill_pot(sale.to_pot)?;
		Self::insure(sale.to_insurance)?;
		Ok((proceeds, sale))
	}
}

/// Native tokens for a unit of the asset; none if a side of the pool is empty.
fn price_in((native, of_asset): (Balance, Balance)) -> Option<FixedU128> {
	FixedU128::checked_from_rational(native, of_asset).filter(|price| !price.is_zero())
}
