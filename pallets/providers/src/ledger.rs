//! The arithmetic of one ledger. Nothing here reads or writes storage.
//!
//! `exposed + reserved + pledged + leaving <= bonded` holds before and after every function.

use assay_market::{traits::Subscribed, Balance, Tick};
use frame_support::{ensure, traits::Get};
use sp_runtime::Permill;

use crate::{
	types::{Leaving, Ledger, Standing, Supply},
	Config, Error,
};

impl Ledger {
	/// What is at stake, or set aside to be, for jobs.
	pub fn answering(&self) -> Balance {
		self.exposed.saturating_add(self.reserved)
	}

	/// What neither answers for jobs nor is pledged.
	pub fn unbound(&self) -> Balance {
		self.bonded.saturating_sub(self.answering()).saturating_sub(self.pledged)
	}

	/// What was asked back.
	pub fn leaving_amount(&self) -> Balance {
		self.leaving.map_or(0, |leaving| leaving.amount)
	}

	/// What stays once everything asked back is gone.
	pub fn staying(&self) -> Balance {
		self.bonded.saturating_sub(self.leaving_amount())
	}

	/// What can be put at stake: neither answering, bound, asked back, nor owed.
	pub fn free(&self) -> Balance {
		self.unbound().saturating_sub(self.leaving_amount()).saturating_sub(self.debt)
	}

	/// What must stay free beside what answers, so that penalties on free bond find some.
	pub fn buffer(&self, share: Permill) -> Balance {
		share.mul_ceil(self.answering())
	}

	/// Whether nothing is left that anybody could ask for.
	pub fn is_vacant(&self) -> bool {
		self.bonded == 0 && self.debt == 0 && self.open_jobs == 0
	}

	/// Whether it has an offer whose provider is online, bonded and without debt.
	pub fn is_in_service(&self) -> bool {
		self.offer.is_some_and(|posted| posted.standing != Standing::Idle)
	}

	/// What it adds to the supply.
	pub fn supply(&self) -> Supply {
		match self.offer {
			Some(posted) if posted.standing != Standing::Idle => {
				// The product of 64 and 16 bits.
				let vouchers = Balance::from(posted.offer.units_per_day)
					* Balance::from(posted.offer.multiplier_percent);
				let bond = self.staying().saturating_sub(self.debt);
				Supply { units_per_day: vouchers / 100, bond }
			}
			_ => Supply::default(),
		}
	}

	/// Whether its offer is not listed now, since turns were missed.
	pub fn is_resting(&self, now: Tick) -> bool {
		self.rest.is_some_and(|rest| !rest.is_over(now))
	}

	/// What subscriptions ask of its offer now.
	pub fn undertaken(&self, now: Tick) -> Option<Subscribed> {
		self.subscribed.filter(|subscribed| now < subscribed.until)
	}

	/// Sets `exposure` aside for a job. Whoever accepts one is there: turns that it missed before are
	/// forgotten.
	pub(crate) fn reserve<T: Config>(
		&mut self,
		exposure: Balance,
		trace_bytes: u64,
	) -> Result<(), Error<T>> {
		ensure!(exposure <= self.free(), Error::<T>::TooLittleFreeBond);
		self.reserved = self.reserved.checked_add(exposure).ok_or(Error::<T>::Overflow)?;
		self.open_trace_bytes =
			self.open_trace_bytes.checked_add(trace_bytes).ok_or(Error::<T>::Overflow)?;
		self.open_jobs = self.open_jobs.checked_add(1).ok_or(Error::<T>::Overflow)?;
		self.rest = None;
		self.ensure_buffer()
	}

	/// Puts `exposed` of what a job had `reserved` at stake and frees the rest.
	pub(crate) fn expose<T: Config>(
		&mut self,
		reserved: Balance,
		exposed: Balance,
	) -> Result<(), Error<T>> {
		ensure!(exposed <= reserved, Error::<T>::ExposureAboveReserve);
		self.reserved = self.reserved.checked_sub(reserved).ok_or(Error::<T>::LedgerHasLess)?;
		self.exposed = self.exposed.checked_add(exposed).ok_or(Error::<T>::Overflow)?;
		Ok(())
	}

	/// Frees what a job that ended had set aside and at stake.
	pub(crate) fn release<T: Config>(
		&mut self,
		reserved: Balance,
		exposed: Balance,
		trace_bytes: u64,
	) -> Result<(), Error<T>> {
		self.reserved = self.reserved.checked_sub(reserved).ok_or(Error::<T>::LedgerHasLess)?;
		self.exposed = self.exposed.checked_sub(exposed).ok_or(Error::<T>::LedgerHasLess)?;
		self.open_trace_bytes =
			self.open_trace_bytes.checked_sub(trace_bytes).ok_or(Error::<T>::LedgerHasLess)?;
		self.open_jobs = self.open_jobs.checked_sub(1).ok_or(Error::<T>::LedgerHasLess)?;
		Ok(())
	}

	/// Binds free bond to a subscription, an attestation or an audit.
	pub(crate) fn bind<T: Config>(&mut self, amount: Balance) -> Result<(), Error<T>> {
		ensure!(amount <= self.free(), Error::<T>::TooLittleFreeBond);
		self.pledged = self.pledged.checked_add(amount).ok_or(Error::<T>::Overflow)?;
		self.ensure_buffer()
	}

	/// Frees what [`Self::bind`] bound.
	pub(crate) fn unbind<T: Config>(&mut self, amount: Balance) -> Result<(), Error<T>> {
		self.pledged = self.pledged.checked_sub(amount).ok_or(Error::<T>::LedgerHasLess)?;
		Ok(())
	}

	/// Asks `amount` back, instead of what was asked for before.
	pub(crate) fn leave<T: Config>(
		&mut self,
		amount: Balance,
		ready_at: Tick,
	) -> Result<(), Error<T>> {
		self.leaving = None;
		ensure!(amount <= self.free(), Error::<T>::TooLittleFreeBond);
		self.leaving = Some(Leaving { amount, ready_at });
		self.ensure_buffer()
	}

	/// The most that a slash may take: what answers for other jobs or is pledged stays.
	pub(crate) fn takeable(&self, amount: Balance) -> Balance {
		amount.min(self.unbound())
	}

	/// Takes `amount`, which is [`Self::takeable`], off the bond; at last from what was asked back.
	pub(crate) fn take(&mut self, amount: Balance) {
		self.bonded = self.bonded.saturating_sub(amount);
		let unbound = self.unbound();
		self.leaving = self.leaving.and_then(|leaving| {
			let amount = leaving.amount.min(unbound);
			(amount > 0).then_some(Leaving { amount, ..leaving })
		});
	}

	/// Fails if less is free than the buffer.
	pub(crate) fn ensure_buffer<T: Config>(&self) -> Result<(), Error<T>> {
		let buffer = self.buffer(T::ExposureBuffer::get());
		ensure!(self.free() >= buffer, Error::<T>::TooLittleFreeBond);
		Ok(())
	}
}
