//! Sharing the price of a settled job.

use crate::{Config, Error, Event, Lot, Lots, Pallet, Settings};
use assay_market::{
	traits::{BurnReason, Clock, MintReason, PayoutReason, Payouts, Shares},
	AssetId, Balance, JobId, Price, Quote,
};
use frame_support::{
	ensure,
	traits::{DefensiveOption, Get},
};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_distribute(
		job: &JobId,
		price: Price,
		provider: &T::AccountId,
		listed: bool,
	) -> Result<Shares, DispatchError> {
		ensure!(Self::holds_unspoken(price), Error::<T>::PriceNotOnAccount);
		let shares = Settings::<T>::get().shares_of(price, listed);

		let account = Self::settlement_account();
		let pay = |to: &T::AccountId, amount, reason| {
			T::Payouts::pay(&account, to, Price { quote: price.quote, amount }, reason)
		};
		pay(provider, shares.provider, PayoutReason::Earnings)?;
		pay(&T::Treasury::get(), shares.treasury, PayoutReason::Treasury)?;
		match price.quote {
			Quote::Native => {
				Self::burn_from(&account, shares.burned, BurnReason::Jobs)?;
				Self::fill_pot(shares.validators)?;
				Self::mint(shares.emitted, MintReason::Emission)?;
				pay(provider, shares.emitted, PayoutReason::Emission)?;
			}
			Quote::Asset(asset) => Self::keep_for_sale(asset, shares.burned, shares.validators)?,
		}
		Self::deposit_event(Event::Distributed { job: *job, provider: provider.clone(), shares });
		Ok(shares)
	}

	/// Adds units to the lot of an asset.
	fn keep_for_sale(asset: AssetId, burn: Balance, validators: Balance) -> DispatchResult {
		if burn == 0 && validators == 0 {
			return Ok(());
		}
		let mut lot = match Lots::<T>::get(asset) {
			Some(lot) => lot,
			None => {
				ensure!(Lots::<T>::count() < T::MaxQuotes::get(), Error::<T>::TooManyQuotes);
				Lot::open(T::Clock::now(), Settings::<T>::get().sale.period)
			}
		};
		// The account holds both, so their sum fits.
		lot.burn = lot.burn.checked_add(burn).defensive_ok_or(Error::<T>::Overflow)?;
		lot.validators =
			lot.validators.checked_add(validators).defensive_ok_or(Error::<T>::Overflow)?;
		Lots::<T>::insert(asset, lot);
		Ok(())
	}
}
