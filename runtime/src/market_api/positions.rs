//! The pallets' views, put together.

use super::{Place, Position, Release};
use crate::{AccountId, Assets, Balance, Payouts, Providers, Runtime, RuntimeHoldReason, Vouchers};
use alloc::vec::Vec;
use assay_market::{AssetId, Price, Quote};
use pallet_jobs::{JobOf, Side};
use pallet_models::availability::RequestState;
use pallet_providers::{types::Role, views::LockReason};
use pallet_slashing::shares::{Claims, Parts};
use pallet_vouchers::Phase;

/// Collects the positions of one account.
struct Positions<'a> {
	who: &'a AccountId,
	list: Vec<Position>,
}

/// Every position of an account.
pub(super) fn of(who: &AccountId) -> Vec<Position> {
	let mut positions = Positions { who, list: Vec::new() };
	positions.on_account();
	positions.assets();
	positions.jobs();
	positions.waiting();
	positions.list
}

impl Positions<'_> {
	fn add(&mut self, quote: Quote, amount: Balance, place: Place, release: Release) {
		if amount > 0 {
			self.list.push(Position { price: Price { quote, amount }, place, release });
		}
	}

	fn add_native(&mut self, amount: Balance, place: Place, release: Release) {
		self.add(Quote::Native, amount, place, release);
	}

	/// Native tokens on the account: free, locked, deposited, on hold.
	fn on_account(&mut self) {
		let account = frame_system::Account::<Runtime>::get(self.who).data;
		let holds = pallet_balances::Holds::<Runtime>::get(self.who);
		// Locks count what is on hold, and only then what is free.
		let locked = account.frozen.saturating_sub(account.reserved).min(account.free);
		self.add_native(account.free.saturating_sub(locked), Place::Free, Release::Now);
		self.add_native(locked, Place::Locked, Release::ByCall);
		let held = holds.iter().map(|hold| hold.amount).fold(0, Balance::saturating_add);
		self.add_native(account.reserved.saturating_sub(held), Place::Deposit, Release::ByCall);
		for hold in holds {
			let named = self.named_parts(hold.id);
			let release = match hold.id {
				RuntimeHoldReason::Jobs(pallet_jobs::HoldReason::Nonce) => Release::Never,
				_ => Release::ByCall,
			};
			self.add_native(hold.amount.saturating_sub(named), Place::Hold(hold.id), release);
		}
	}

	/// Adds the parts of a hold that have a place of their own; returns how much they are together.
	fn named_parts(&mut self, reason: RuntimeHoldReason) -> Balance {
		let before = self.list.len();
		match reason {
			RuntimeHoldReason::Staking(_) => self.stake(),
			RuntimeHoldReason::Providers(pallet_providers::HoldReason::Bond) => self.bonds(),
			RuntimeHoldReason::Models(reason) => self.deposits_of_models(reason),
			RuntimeHoldReason::Jobs(pallet_jobs::HoldReason::DataRequest) => self.data_requests(),
			_ => {}
		}
		let added = self.list.iter().skip(before).map(|position| position.price.amount);
		added.fold(0, Balance::saturating_add)
	}

	fn stake(&mut self) {
		// On this chain, every stash is its own controller.
		let Some(ledger) = pallet_staking::Ledger::<Runtime>::get(self.who) else { return };
		self.add_native(ledger.active, Place::Staked, Release::ByCall);
		for chunk in ledger.unlocking {
			self.add_native(chunk.value, Place::Staked, Release::FromEra(chunk.era));
		}
	}

	fn bonds(&mut self) {
		let membership = pallet_providers::Members::<Runtime>::get(self.who);
		let Some(provider) = membership
			.filter(|membership| membership.role == Role::Owner)
			.map(|membership| membership.provider)
		else {
			return;
		};
		let models: Vec<_> =
			pallet_providers::Ledgers::<Runtime>::iter_key_prefix(provider).collect();
		for model in models {
			let Some(bond) = Providers::bonded(provider, model) else { continue };
			let place = |lock| Place::Bond { provider, model, lock };
			self.add_native(bond.free, place(None), Release::ByCall);
			for lock in bond.locks {
				let release = match lock.reason {
					LockReason::Leaving { ready_at } => Release::FromTick(ready_at),
					LockReason::Owed => Release::ByCall,
					_ => Release::WithObligation,
				};
				self.add_native(lock.amount, place(Some(lock.reason)), release);
			}
		}
	}

	fn deposits_of_models(&mut self, reason: pallet_models::HoldReason) {
		use pallet_models::{Availabilities, Curations, HoldReason, Records};
		match reason {
			HoldReason::Deposit => {
				for (model, record) in Records::<Runtime>::iter() {
					if record.registrant.as_ref() == Some(self.who) {
						let place = Place::ModelDeposit { model };
						self.add_native(record.deposit, place, Release::ByCall);
					}
				}
			}
			HoldReason::RequestFee => {
				for (model, availability) in Availabilities::<Runtime>::iter() {
					for (leaf, request) in availability.requests {
						match request.state {
							RequestState::Open { by, fee, surcharge, until } if by == *self.who => {
								let place = Place::WeightsRequest { model, leaf };
								let held = fee.saturating_add(surcharge);
								self.add_native(held, place, Release::AtTick(until));
							}
							_ => {}
						}
					}
				}
			}
			HoldReason::Curation => {
				for (model, entry) in Curations::<Runtime>::get(self.who) {
					self.add_native(entry.deposit, Place::Curation { model }, Release::ByCall);
				}
			}
		}
	}

	fn data_requests(&mut self) {
		for (job, record) in pallet_jobs::Jobs::<Runtime>::iter() {
			let output = record.answer().map(|answer| &answer.output_data);
			let sides = [(Side::Input, Some(&record.input_data)), (Side::Output, output)];
			for (side, data) in sides {
				let Some(request) = data.and_then(|data| data.request()) else { continue };
				if request.requester == *self.who {
					let place = Place::DataRequest { job, side };
					self.add_native(request.deposit, place, Release::AtTick(request.answer_by));
				}
			}
		}
	}

	/// Assets, vouchers among them; what is in escrow follows with the jobs.
	fn assets(&mut self) {
		for (asset, amount) in Assets::account_balances(self.who.clone()) {
			self.add(Quote::Asset(asset), amount, Place::Free, Release::Now);
		}
		for holding in Vouchers::vouchers_of(self.who.clone()) {
			let Some(reserve) = holding.reserve.filter(|_| holding.phase == Phase::Grace) else {
				continue;
			};
			let place = Place::Reclaimable { series: holding.series };
			let release = Release::BeforeTick(holding.reclaimable_until);
			self.add(reserve.quote, reserve.amount, place, release);
		}
	}

	/// Vouchers in escrow for jobs.
	fn jobs(&mut self) {
		for (job, record) in pallet_jobs::Jobs::<Runtime>::iter() {
			if record.user != *self.who {
				continue;
			}
			let Some(asset) = asset_of(&record) else { continue };
			let release = record.due_at().map_or(Release::WithDispute, Release::AtTick);
			self.add(Quote::Asset(asset), record.escrow, Place::Escrow { job }, release);
		}
	}

	/// What others keep for the account.
	fn waiting(&mut self) {
		for claimable in Payouts::claimable(self.who.clone()) {
			let Price { quote, amount } = claimable.price;
			self.add(quote, amount, Place::Claimable(claimable.reason), Release::ByCall);
		}
		for Price { quote, amount } in Vouchers::owed(self.who.clone()) {
			self.add(quote, amount, Place::Owed, Release::ByCall);
		}
		for (slash, pending) in pallet_slashing::Pending::<Runtime>::iter() {
			let challenger_costs = pending.challenger.as_ref().map(|(_, costs)| *costs);
			let claims = Claims { challenger_costs, price: pending.user.1 };
			let parts = Parts::of(pending.taken, claims, &pending.shares);
			let mut part = 0;
			if pending.user.0 == *self.who {
				part = parts.compensation;
			}
			if pending.challenger.is_some_and(|(challenger, _)| challenger == *self.who) {
				part = part.saturating_add(parts.costs).saturating_add(parts.reward);
			}
			self.add_native(part, Place::PendingSlash { slash }, Release::AtTick(pending.due_at));
		}
	}
}

/// The asset of the vouchers that pay for a job.
fn asset_of(job: &JobOf<Runtime>) -> Option<AssetId> {
	let series = pallet_vouchers::AllSeries::<Runtime>::get(job.request.series)?;
	Some(series.asset)
}
