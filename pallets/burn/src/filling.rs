//! What joins a lot, and what leaves it unsold.

use crate::{Config, Error, Event, Lot, Lots, Pallet, Settings};
use assay_market::{
	traits::{Clock, PayoutReason, Payouts, Shares},
	AssetId, Balance, Price, Quote,
};
use frame_support::{
	ensure,
	storage::with_storage_layer,
	traits::{DefensiveOption, Get},
};
use sp_runtime::DispatchResult;

/// Units that join a lot, by whom their proceeds are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Units {
	/// Whose proceeds burn.
	pub(crate) burn: Balance,
	/// Whose proceeds go to the validators.
	pub(crate) validators: Balance,
	/// Whose proceeds go to the insurance.
	pub(crate) insurance: Balance,
}

impl<T: Config> Pallet<T> {
	/// Whether units of an asset can join a lot.
	pub(crate) fn has_room(asset: AssetId) -> bool {
		Lots::<T>::contains_key(asset) || Lots::<T>::count() < T::MaxQuotes::get()
	}

	/// The shares of a price in an asset for which there is no room: what would be sold is the
	/// treasury's. Lots that nobody buys must not keep jobs from being settled.
	pub(crate) fn without_sale(shares: Shares) -> Shares {
		let unsold = shares.burned.saturating_add(shares.validators);
		let treasury = shares.treasury.saturating_add(unsold);
		Shares { burned: 0, validators: 0, treasury, ..shares }
	}

	/// Adds units, which lie on the pallet's account, to the lot of an asset.
	pub(crate) fn keep_for_sale(asset: AssetId, units: Units) -> DispatchResult {
		if units == Units::default() {
			return Ok(());
		}
		ensure!(Self::has_room(asset), Error::<T>::TooManyQuotes);
		let mut lot = Lots::<T>::get(asset)
			.unwrap_or_else(|| Lot::open(T::Clock::now(), Settings::<T>::get().sale.period));
		// The account holds all of them, so their sum fits.
		let sum =
			|one: Balance, other| one.checked_add(other).defensive_ok_or(Error::<T>::Overflow);
		lot.burn = sum(lot.burn, units.burn)?;
		lot.validators = sum(lot.validators, units.validators)?;
		lot.insurance = sum(lot.insurance, units.insurance)?;
		Lots::<T>::insert(asset, lot);
		Ok(())
	}

	/// See [`Pallet::collect`].
	pub(crate) fn do_collect(asset: AssetId) -> DispatchResult {
		let amount = Self::take_from_insurance(asset)?;
		ensure!(amount > 0, Error::<T>::NothingToCollect);
		Self::keep_for_sale(asset, Units { insurance: amount, ..Units::default() })?;
		Self::deposit_event(Event::Collected { asset, amount });
		Ok(())
	}

	/// See [`Pallet::give_up_lot`].
	pub(crate) fn do_give_up_lot(asset: AssetId) -> DispatchResult {
		let lot = Lots::<T>::take(asset).ok_or(Error::<T>::NoLot)?;
		let amount = lot.units().defensive_ok_or(Error::<T>::Overflow)?;
		let price = Price { quote: Quote::Asset(asset), amount };
		let (account, treasury) = (Self::settlement_account(), T::Treasury::get());
		// What is frozen cannot be paid either; the room is needed all the same.
		let paid = with_storage_layer(|| {
			T::Payouts::pay(&account, &treasury, price, PayoutReason::Treasury)
		});
		Self::deposit_event(Event::LotGivenUp { asset, amount, error: paid.err() });
		Ok(())
	}
}
