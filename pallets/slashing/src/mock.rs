//! A chain with this pallet, and neighbours that are lists.

use std::{cell::RefCell, collections::BTreeMap};

use assay_market::{
	traits::{
		Bonds, BurnReason, Clock, LostGame, Offence, OffenceKind, Offences as _, Offer,
		OfferSearch, PayoutReason, Payouts, SlashShares, SupplyLedger,
	},
	Balance, JobId, ModelId, Price, ProviderId, Quote, Tick,
};
use frame_support::{
	derive_impl, parameter_types,
	traits::{
		fungible::Mutate,
		tokens::{Fortitude, Precision, Preservation},
	},
	PalletId,
};
use frame_system::EnsureRoot;
use sp_runtime::{traits::IdentityLookup, BuildStorage, DispatchError, DispatchResult, Perbill};

use crate::{
	self as pallet_slashing,
	rules::{BreakerRules, Deterrence, InsuranceRules, Penalties, Rules},
};

pub(crate) type AccountId = u128;

/// Holds what the fake bonds consist of.
pub(crate) const VAULT: AccountId = 1;
/// Owns [`PROVIDER`] and [`OTHERS`].
pub(crate) const OWNER: AccountId = 2;
pub(crate) const USER: AccountId = 3;
pub(crate) const CHALLENGER: AccountId = 4;
/// Anybody.
pub(crate) const ANYBODY: AccountId = 5;
/// Where the fake payouts wait.
pub(crate) const PAYOUTS: AccountId = 6;
pub(crate) const PROVIDER: ProviderId = ProviderId(7);
/// Further providers, whose bonds lie in the vault too.
pub(crate) const OTHERS: [ProviderId; 2] = [ProviderId(10), ProviderId(11)];
pub(crate) const STRANGER: ProviderId = ProviderId(8);
pub(crate) const BOND: Balance = 1_000_000_000;
pub(crate) const ED: Balance = 1;

pub(crate) fn model() -> ModelId {
	ModelId::default()
}

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(2)]
	pub type Slashing = pallet_slashing;
}

type Block = frame_system::mocking::MockBlock<Test>;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	// Wide enough for the names of pallets.
	type AccountId = AccountId;
	type Lookup = IdentityLookup<AccountId>;
	type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = Balance;
	type ExistentialDeposit = ExistentialDeposit;
}

parameter_types! {
	pub const ExistentialDeposit: Balance = ED;
	pub const SlashId: PalletId = PalletId(*b"test/sla");
	pub const InsuranceId: PalletId = PalletId(*b"test/ins");
	pub const MaxPerBlock: u32 = 3;
	pub static Now: Tick = 10;
	pub static Era: u32 = 1;
	pub static MeasuredHonesty: Perbill = Perbill::from_percent(50);
}

parameter_types! {
	pub const DefaultRules: Rules = Rules {
		deterrence: Deterrence {
			audit_share: Perbill::from_percent(4),
			honesty: Perbill::from_percent(50),
			draw_bias: Perbill::from_parts(666_666_666),
			exposure_factor: 160,
			max_exposure_factor: 1_000,
			min_exposure: 10_000,
			dispute_costs: 250,
		},
		shares: SlashShares {
			costs_at_most: Perbill::from_percent(10),
			reward: Perbill::from_percent(5),
			reward_at_most: 20_000,
			insurance: Perbill::from_percent(10),
			burn_at_least: Perbill::from_percent(50),
		},
		penalties: Penalties {
			late: Perbill::from_percent(2),
			false_audit: Perbill::from_percent(25),
			downtime: Perbill::from_parts(500_000),
			downtime_at_most: Perbill::from_percent(5),
			downtime_memory_ticks: 100,
		},
		insurance: InsuranceRules { target: 100_000, per_event: 250, per_era: 625 },
		deferral_ticks: 20,
		breaker: BreakerRules { share: Perbill::from_percent(5), providers: 3, least: 1_000_000 },
	};
}

impl pallet_slashing::Config for Test {
	type Currency = Balances;
	type Bonds = FakeBonds;
	type Payouts = FakePayouts;
	type Supply = FakeSupply;
	type Clock = FakeClock;
	type Era = Era;
	type AdminOrigin = EnsureRoot<AccountId>;
	type MeasuredHonesty = MeasuredHonesty;
	type DefaultRules = DefaultRules;
	type PalletId = SlashId;
	type InsuranceId = InsuranceId;
	type MaxPerBlock = MaxPerBlock;
	type WeightInfo = ();
}

pub struct FakeClock;

impl Clock for FakeClock {
	fn now() -> Tick {
		Now::get()
	}
}

thread_local! {
	/// Who was paid what, and why.
	static PAID: RefCell<BTreeMap<(AccountId, PayoutReason), Balance>> = RefCell::default();
	/// What burned, and why.
	static BURNED: RefCell<BTreeMap<BurnReason, Balance>> = RefCell::default();
}

/// What somebody was paid for a reason.
pub(crate) fn paid(to: AccountId, reason: PayoutReason) -> Balance {
	PAID.with_borrow(|paid| paid.get(&(to, reason)).copied().unwrap_or_default())
}

/// What burned for a reason.
pub(crate) fn burned(reason: BurnReason) -> Balance {
	BURNED.with_borrow(|burned| burned.get(&reason).copied().unwrap_or_default())
}

pub struct FakePayouts;

impl Payouts<AccountId> for FakePayouts {
	fn pay(from: &AccountId, to: &AccountId, price: Price, reason: PayoutReason) -> DispatchResult {
		assert_eq!(price.quote, Quote::Native);
		Balances::transfer(from, &PAYOUTS, price.amount, Preservation::Preserve)?;
		PAID.with_borrow_mut(|paid| *paid.entry((*to, reason)).or_default() += price.amount);
		Ok(())
	}

	fn rotate(_: &AccountId, _: &AccountId) -> DispatchResult {
		unreachable!("slashing rotates nobody")
	}
}

pub struct FakeSupply;

impl SupplyLedger<AccountId> for FakeSupply {
	fn burn(from: &AccountId, amount: Balance, reason: BurnReason) -> DispatchResult {
		let (precision, force) = (Precision::Exact, Fortitude::Polite);
		Balances::burn_from(from, amount, Preservation::Preserve, precision, force)?;
		Self::note_burned(amount, reason);
		Ok(())
	}

	fn note_burned(amount: Balance, reason: BurnReason) {
		BURNED.with_borrow_mut(|burned| *burned.entry(reason).or_default() += amount);
	}
}

/// Three providers, whose bonds lie in the [`VAULT`].
pub struct FakeBonds;

impl Bonds<AccountId> for FakeBonds {
	fn provider_of(_: &AccountId) -> Option<ProviderId> {
		None
	}

	fn owner(provider: ProviderId) -> Option<AccountId> {
		(provider == PROVIDER || OTHERS.contains(&provider)).then_some(OWNER)
	}

	fn offer(_: ProviderId, _: &ModelId) -> Option<Offer> {
		None
	}

	fn best_offers(_: &ModelId, _: &OfferSearch) -> Vec<ProviderId> {
		Vec::new()
	}

	fn is_bonded(_: ProviderId, _: &ModelId) -> bool {
		true
	}

	fn free_bond(_: ProviderId, _: &ModelId) -> Balance {
		Balances::free_balance(VAULT) - ED
	}

	fn reserve(_: ProviderId, _: &ModelId, _: Balance, _: u64) -> DispatchResult {
		Ok(())
	}

	fn expose(_: ProviderId, _: &ModelId, _: Balance, _: Balance) -> DispatchResult {
		Ok(())
	}

	fn release(_: ProviderId, _: &ModelId, _: Balance, _: Balance, _: u64) -> DispatchResult {
		Ok(())
	}

	fn slash(
		provider: ProviderId,
		_: &ModelId,
		amount: Balance,
		to: &AccountId,
	) -> Result<Balance, DispatchError> {
		if Self::owner(provider).is_none() {
			return Err(DispatchError::Other("no such provider"));
		}
		let taken = amount.min(Balances::free_balance(VAULT) - ED);
		Balances::transfer(&VAULT, to, taken, Preservation::Preserve)
	}

	fn total_bonded(_: &ModelId) -> Balance {
		Balances::free_balance(VAULT) - ED
	}

	fn pledge(_: ProviderId, _: &ModelId, _: Balance, _: bool) -> DispatchResult {
		Ok(())
	}

	fn job_ended(_: ProviderId, _: &ModelId, _: Option<(Balance, Balance)>) {}

	fn capacity_units_per_day() -> Balance {
		0
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bond_for_benchmark(_: &AccountId, _: &ModelId, _: Balance) -> ProviderId {
		PROVIDER
	}
}

/// A job's exposure lost in a game, with these costs of the challenger.
pub(crate) fn wrong_result(
	exposure: Balance,
	price: Balance,
	costs: Balance,
) -> Offence<AccountId> {
	Offence {
		kind: OffenceKind::WrongResult,
		provider: PROVIDER,
		model: model(),
		job: Some(JobId::default()),
		numerics_version: 1,
		exposure,
		terms: Slashing::terms(),
		lost: Some(LostGame { user: USER, price, challenger: Some((CHALLENGER, costs)) }),
	}
}

/// An offence that pays nobody.
pub(crate) fn unpaid(kind: OffenceKind, exposure: Balance) -> Offence<AccountId> {
	Offence { kind, lost: None, ..wrong_result(exposure, 0, 0) }
}

/// Builds the chain.
#[derive(Default)]
pub(crate) struct ExtBuilder {
	insurance: Balance,
}

impl ExtBuilder {
	/// What the insurance has at first, beside the existential deposit.
	pub(crate) fn insurance(self, insurance: Balance) -> Self {
		Self { insurance }
	}

	/// Runs a test, then checks all properties.
	pub(crate) fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			test();
			Slashing::do_try_state().expect("a property is broken after the test");
		});
	}

	/// The chain alone, for tests that break a property.
	pub(crate) fn build(self) -> sp_io::TestExternalities {
		PAID.take();
		BURNED.take();
		Now::set(10);
		Era::set(1);
		MeasuredHonesty::set(Perbill::from_percent(50));
		let mut balances = vec![(VAULT, BOND + ED), (PAYOUTS, ED)];
		// The pallet brings the deposits of its accounts itself.
		if self.insurance > 0 {
			balances.push((Slashing::insurance_account(), self.insurance + ED));
		}
		let genesis = RuntimeGenesisConfig {
			balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
			..Default::default()
		};
		let mut externalities: sp_io::TestExternalities =
			genesis.build_storage().expect("a genesis of few balances").into();
		externalities.execute_with(|| System::set_block_number(1));
		externalities
	}
}
