//! Sharing the price of a settled job.

use crate::{filling::Units, Config, Error, Event, Pallet};
use assay_market::{
	traits::{BurnReason, MintReason, PayoutReason, Payouts, Shares, SplitTerms},
	JobId, Price, Quote,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_distribute(
		job: &JobId,
		price: Price,
		provider: &T::AccountId,
		listed: bool,
		terms: &SplitTerms,
	) -> Result<Shares, DispatchError> {
		ensure!(Self::holds_unspoken(price), Error::<T>::PriceNotOnAccount);
		let shares = Self::shares_now(price, listed, terms);

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
			Quote::Asset(asset) => {
				let (burn, validators) = (shares.burned, shares.validators);
				Self::keep_for_sale(asset, Units { burn, validators, ..Units::default() })?;
			}
		}
		Self::deposit_event(Event::Distributed { job: *job, provider: provider.clone(), shares });
		Ok(shares)
	}

	/// The shares of a price by these terms, if it were shared now.
	pub(crate) fn shares_now(price: Price, listed: bool, terms: &SplitTerms) -> Shares {
		let shares = terms.shares_of(price, listed);
		match price.quote {
			Quote::Asset(asset) if !Self::has_room(asset) => Self::without_sale(shares),
			_ => shares,
		}
	}
}
