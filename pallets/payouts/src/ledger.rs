//! Who may claim what.

use crate::{Claim, Claims, Config, Error, Event, Pallet, Totals};
use alloc::vec::Vec;
use assay_market::{traits::PayoutReason, Balance, Price, Quote};
use frame_support::{
	ensure,
	traits::{DefensiveOption, Get},
};
use sp_runtime::{traits::Zero, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_pay(
		from: &T::AccountId,
		to: &T::AccountId,
		price: Price,
		reason: PayoutReason,
	) -> DispatchResult {
		if price.amount.is_zero() {
			return Ok(());
		}
		Self::ensure_room(to, price.quote)?;
		Self::transfer(from, &Self::account(), price)?;
		Self::raise_total(price)?;
		Self::add(to, price, reason)?;
		Self::deposit_event(Event::Paid { from: from.clone(), to: to.clone(), price, reason });
		Ok(())
	}

	pub(crate) fn do_claim(
		owner: &T::AccountId,
		to: &T::AccountId,
		quote: Quote,
	) -> DispatchResult {
		let claim = Claims::<T>::take(owner, quote);
		ensure!(!claim.is_empty(), Error::<T>::NothingToClaim);
		let amount = sum(&claim).ok_or(Error::<T>::Overflow)?;
		let price = Price { quote, amount };
		Self::lower_total(price)?;
		Self::transfer(&Self::account(), to, price)?;
		Self::deposit_event(Event::Claimed { owner: owner.clone(), to: to.clone(), price });
		Ok(())
	}

	/// Walks over at most [`Config::MaxQuotes`] claims and the native one: no account has more.
	pub(crate) fn do_rotate(from: &T::AccountId, to: &T::AccountId) -> DispatchResult {
		if from == to {
			return Ok(());
		}
		let claims: Vec<(Quote, Claim)> = Claims::<T>::drain_prefix(from).collect();
		if claims.is_empty() {
			return Ok(());
		}
		for (quote, claim) in claims {
			for (reason, amount) in claim {
				Self::add(to, Price { quote, amount }, reason)?;
			}
		}
		ensure!(Self::assets_of(to) <= T::MaxQuotes::get(), Error::<T>::TooManyQuotes);
		Self::deposit_event(Event::Rotated { from: from.clone(), to: to.clone() });
		Ok(())
	}

	/// Fails if a claim of an account in a quote would be one too many.
	///
	/// The bound is the account's own, so that nobody who leaves a claim where it is stands in the way of
	/// others. The native token needs no room: it must never fail.
	fn ensure_room(to: &T::AccountId, quote: Quote) -> DispatchResult {
		let needs_room = quote != Quote::Native && !Claims::<T>::contains_key(to, quote);
		if needs_room {
			ensure!(Self::assets_of(to) < T::MaxQuotes::get(), Error::<T>::TooManyQuotes);
		}
		Ok(())
	}

	/// Assets in which an account has a claim.
	pub(crate) fn assets_of(owner: &T::AccountId) -> u32 {
		let assets =
			Claims::<T>::iter_key_prefix(owner).filter(|quote| *quote != Quote::Native).count();
		u32::try_from(assets).unwrap_or(u32::MAX)
	}

	/// Notes that an account may claim more; the total knows already.
	fn add(to: &T::AccountId, price: Price, reason: PayoutReason) -> DispatchResult {
		Claims::<T>::try_mutate(to, price.quote, |claim| {
			let waiting = claim.get(&reason).copied().unwrap_or_default();
			let waiting = waiting.checked_add(price.amount).ok_or(Error::<T>::Overflow)?;
			// The bound exceeds the number of reasons.
			claim.try_insert(reason, waiting).ok().defensive_ok_or(Error::<T>::Overflow)?;
			Ok(())
		})
	}

	fn raise_total(price: Price) -> DispatchResult {
		let waiting = Totals::<T>::get(price.quote).unwrap_or_default();
		let waiting = waiting.checked_add(price.amount).ok_or(Error::<T>::Overflow)?;
		Totals::<T>::insert(price.quote, waiting);
		Ok(())
	}

	fn lower_total(price: Price) -> DispatchResult {
		let waiting = Totals::<T>::get(price.quote).unwrap_or_default();
		// The total is the sum of the claims.
		let waiting = waiting.checked_sub(price.amount).defensive_ok_or(Error::<T>::Overflow)?;
		if waiting.is_zero() {
			Totals::<T>::remove(price.quote);
		} else {
			Totals::<T>::insert(price.quote, waiting);
		}
		Ok(())
	}
}

/// What waits under all reasons together.
pub(crate) fn sum(claim: &Claim) -> Option<Balance> {
	claim.values().try_fold(0, |sum: Balance, amount| sum.checked_add(*amount))
}
