//! A chain with this pallet, and stand-ins for its neighbours that tests steer.

use assay_market::{
	traits::{
		Bonds, Clock, ExposureRule, ExposureTerms, ModelFacts, ModelKind, ModelStatus, Models,
		Offence, Offences, Offer, OfferSearch, PayoutReason, Payouts, PenaltyTerms, Run,
		SlashShares,
	},
	Balance, Lengths, ModelId, Price, ProviderId, Tick,
};
use assay_primitives::Hash;
use assay_programs::cost::Weights;
use frame_support::{
	assert_ok, derive_impl, parameter_types,
	traits::{
		fungible::{InspectHold, Mutate},
		ConstU128, ConstU32, ConstU64,
	},
};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult, Perbill, Permill};

use crate::{self as pallet_providers, types::Ledger, *};

/// Accounts of the tests.
pub(crate) const OWNER: u64 = 1;
pub(crate) const OTHER: u64 = 2;
pub(crate) const STRANGER: u64 = 3;
pub(crate) const KEY: u64 = 11;
pub(crate) const INSURANCE: u64 = 90;
pub(crate) const SLASHER: u64 = 91;

/// What owners have at first.
pub(crate) const FUNDS: Balance = 1_000_000;
pub(crate) const DEPOSIT: Balance = 500;
pub(crate) const EXISTENTIAL_DEPOSIT: Balance = 10;
/// Least bond for [`MODEL`].
pub(crate) const MIN_BOND: Balance = 1_000;
pub(crate) const WITHDRAWAL_TICKS: Tick = 50;
pub(crate) const PERIOD: Tick = 10;
pub(crate) const ALLOWANCE: u32 = 2;
pub(crate) const TICKS_PER_ERA: Tick = 100;
pub(crate) const TICKS_PER_DAY: Tick = 1_000;
pub(crate) const MAX_DEADLINE_TICKS: Tick = 1_000;

pub(crate) const MODEL: ModelId = model(1);
pub(crate) const MODEL_2: ModelId = model(2);
pub(crate) const MODEL_3: ModelId = model(3);
/// No such model.
pub(crate) const NO_MODEL: ModelId = model(200);

pub(crate) const fn model(byte: u8) -> ModelId {
	ModelId(Hash([byte; 32]))
}

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		Providers: pallet_providers,
	}
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = frame_system::mocking::MockBlock<Test>;
	type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type Balance = Balance;
	type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
	type AccountStore = System;
}

parameter_types! {
	/// The tick.
	pub static Now: Tick = 0;
	/// The least bond for every model that exists.
	pub static ModelsMinimum: Balance = MIN_BOND;
	/// Governance's least bond.
	pub static Floor: Balance = 100;
	/// Bonds of which something still waits to be decided.
	pub static Pending: Vec<(ProviderId, ModelId)> = Vec::new();
	/// Offences that were reported.
	pub static Reported: Vec<Offence<u64>> = Vec::new();
	/// Share of the exposure that a report slashes at once.
	pub static SlashedAtReport: Permill = Permill::zero();
	/// Owners whose claimables were handed over.
	pub static HandedOver: Vec<(u64, u64)> = Vec::new();
	/// Native price of a unit of compute.
	pub static UnitPrice: Balance = 2;
	/// Units per day before anything was served.
	pub static ServedFloor: Balance = 7;
	/// Offers that a list holds.
	pub static ListBound: u32 = 4;
	/// Share that has to be free.
	pub const Buffer: Permill = Permill::from_percent(5);
}

pub struct FakeClock;

impl Clock for FakeClock {
	fn now() -> Tick {
		Now::get()
	}
}

pub struct FakeModels;

impl Models for FakeModels {
	fn facts(model: &ModelId) -> Option<ModelFacts> {
		(*model != NO_MODEL).then(|| ModelFacts {
			kind: ModelKind::Generate,
			vocabulary: 100,
			max_positions: 100,
			numerics_version: 1,
			min_bond: ModelsMinimum::get(),
			status: ModelStatus::Listed,
			program_bytes: 100,
		})
	}

	fn ensure_takes_jobs(model: &ModelId) -> Result<ModelFacts, DispatchError> {
		Self::facts(model).ok_or(DispatchError::Unavailable)
	}

	fn run(_: &ModelId, _: Lengths, _: &Weights) -> Result<Run, DispatchError> {
		Err(DispatchError::Unavailable)
	}

	fn is_stop_token(_: &ModelId, _: u32) -> bool {
		false
	}

	fn job_changed(_: &ModelId, _: bool) {}

	#[cfg(feature = "runtime-benchmarks")]
	fn register_for_benchmark(program_bytes: u32) -> ModelId {
		ModelId(Hash(sp_io::hashing::blake2_256(&program_bytes.to_le_bytes())))
	}
}

pub struct FakeOffences;

/// What offences without a job are reported with.
pub(crate) const PENALTIES: PenaltyTerms = PenaltyTerms {
	late: Perbill::from_percent(2),
	false_audit: Perbill::from_percent(25),
	shares: SlashShares {
		costs_at_most: Perbill::from_percent(10),
		reward: Perbill::from_percent(5),
		reward_at_most: 1_000,
		insurance: Perbill::from_percent(10),
		burn_at_least: Perbill::from_percent(50),
	},
	deferral_ticks: 7,
};

impl Offences<u64> for FakeOffences {
	fn terms() -> PenaltyTerms {
		PENALTIES
	}

	fn report(offence: Offence<u64>) -> DispatchResult {
		let Offence { provider, model, exposure, .. } = offence.clone();
		Reported::mutate(|reported| reported.push(offence));
		let penalty = SlashedAtReport::get().mul_floor(exposure);
		if penalty > 0 {
			Providers::slash(provider, &model, penalty, &SLASHER)?;
		}
		Ok(())
	}

	fn is_stopped(_: u32, _: &ModelId) -> bool {
		false
	}

	fn is_faulty(_: u32, _: &ModelId) -> bool {
		false
	}

	fn is_pending(provider: ProviderId, model: &ModelId) -> bool {
		Pending::get().contains(&(provider, *model))
	}
}

pub struct FakePayouts;

impl Payouts<u64> for FakePayouts {
	fn pay(_: &u64, _: &u64, _: Price, _: PayoutReason) -> DispatchResult {
		Err(DispatchError::Unavailable)
	}

	fn rotate(from: &u64, to: &u64) -> DispatchResult {
		HandedOver::mutate(|moves| moves.push((*from, *to)));
		Ok(())
	}
}

pub struct FakeExposure;

impl ExposureRule for FakeExposure {
	fn factor() -> u32 {
		160
	}

	fn max_factor() -> u32 {
		1_000
	}

	fn minimum() -> Balance {
		0
	}
}

impl Config for Test {
	type Currency = Balances;
	type Clock = FakeClock;
	type Models = FakeModels;
	type Offences = FakeOffences;
	type Payouts = FakePayouts;
	type Exposure = FakeExposure;
	type UnitPrice = UnitPrice;
	type InsuranceAccount = ConstU64<INSURANCE>;
	type RegistrationDeposit = ConstU128<DEPOSIT>;
	type BondFloor = Floor;
	type ExposureBuffer = Buffer;
	type WithdrawalTicks = ConstU32<WITHDRAWAL_TICKS>;
	type LockTicks = ConstU32<5>;
	type HeartbeatPeriod = ConstU32<PERIOD>;
	type HeartbeatAllowance = ConstU32<ALLOWANCE>;
	type MaxDeadlineTicks = ConstU32<MAX_DEADLINE_TICKS>;
	type MinTraceBytesPerTick = ConstU64<10>;
	type MaxTraceTicks = ConstU32<20>;
	type TicksPerDay = ConstU32<TICKS_PER_DAY>;
	type TicksPerEra = ConstU32<TICKS_PER_ERA>;
	type ServedFloor = ServedFloor;
	type DemonstratedFactor = ConstU32<2>;
	type ReputationHalvingEras = ConstU32<2>;
	type MaxModels = ConstU32<3>;
	type MaxListedOffers = ListBound;
	type WeightInfo = ();
}

/// A chain on which accounts have [`FUNDS`] and the accounts of the insurance and the slasher exist.
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
	let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
	let owners = (OWNER..10).map(|account| (account, FUNDS));
	let others = [INSURANCE, SLASHER].map(|account| (account, EXISTENTIAL_DEPOSIT));
	let balances = owners.chain(others).collect();
	pallet_balances::GenesisConfig::<Test> { balances, ..Default::default() }
		.assimilate_storage(&mut storage)
		.unwrap();
	// Tests of one thread share the values that they steer.
	Now::set(0);
	ModelsMinimum::set(MIN_BOND);
	Floor::set(100);
	Pending::set(Vec::new());
	Reported::set(Vec::new());
	SlashedAtReport::set(Permill::zero());
	HandedOver::set(Vec::new());
	UnitPrice::set(2);
	ServedFloor::set(7);
	ListBound::set(4);
	let mut ext = sp_io::TestExternalities::new(storage);
	ext.execute_with(|| System::set_block_number(1));
	ext
}

/// Runs `test` on a new chain and checks the pallet's properties afterwards.
pub(crate) fn build_and_execute(test: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		test();
		assert_ok!(Providers::do_try_state());
	});
}

/// An offer that is admitted: room for `max_open_jobs`, 200 bytes of open trace.
pub(crate) fn offer(min_price_per_unit: Balance) -> Offer {
	Offer {
		min_price_per_unit,
		multiplier_percent: 100,
		deadline_base_ticks: 5,
		deadline_ticks_per_1000_tokens: 1,
		max_open_jobs: 3,
		trace_bytes_per_tick: 10,
		units_per_day: 50,
	}
}

/// Registers `owner`.
pub(crate) fn registered(owner: u64) -> ProviderId {
	assert_ok!(Providers::register(RuntimeOrigin::signed(owner)));
	Providers::provider_of(&owner).expect("just registered")
}

/// Registers `owner` with a bond for [`MODEL`].
pub(crate) fn bonded(owner: u64, amount: Balance) -> ProviderId {
	let provider = registered(owner);
	assert_ok!(Providers::bond(RuntimeOrigin::signed(owner), MODEL, amount));
	provider
}

/// The same at a multiplier.
pub(crate) fn offer_at(multiplier_percent: u16) -> Offer {
	Offer { multiplier_percent, ..offer(1) }
}

/// Registers `owner` with a bond and this offer for [`MODEL`], online.
pub(crate) fn serving_with(owner: u64, amount: Balance, offer: Offer) -> ProviderId {
	let provider = bonded(owner, amount);
	assert_ok!(Providers::set_offer(RuntimeOrigin::signed(owner), MODEL, offer));
	assert_ok!(Providers::set_online(RuntimeOrigin::signed(owner), true));
	provider
}

/// Registers `owner` with a bond and an offer for [`MODEL`], online.
pub(crate) fn serving(owner: u64, amount: Balance, price: Balance) -> ProviderId {
	serving_with(owner, amount, offer(price))
}

/// A search that every offer of these tests agrees with, for a run that exposes nothing.
pub(crate) fn search(most: u32) -> OfferSearch {
	OfferSearch {
		tie: [7; 32],
		most,
		run_units: 10,
		run_price: 1_000,
		max_multiplier_percent: MULTIPLIER_PERCENT_MAX,
		lengths: Lengths { inputs: 1, outputs: 1 },
		max_deadline_ticks: MAX_DEADLINE_TICKS,
		trace_bytes: 0,
		exposure: ExposureTerms { factor: 0, minimum: 0 },
	}
}

/// What [`search`] finds.
pub(crate) fn best(most: u32) -> Vec<ProviderId> {
	Providers::best_offers(&MODEL, &search(most))
}

/// Lets time pass a provider by: no heartbeat of it is ever overdue.
pub(crate) fn never_overdue(provider: ProviderId) {
	crate::Providers::<Test>::mutate(provider, |record| {
		let heartbeat = record.as_mut().and_then(|record| record.heartbeat.as_mut());
		heartbeat.expect("an online provider").overdue_from = Tick::MAX;
	});
}

pub(crate) fn ledger(provider: ProviderId) -> Ledger {
	Ledgers::<Test>::get(provider, MODEL).expect("a ledger")
}

pub(crate) fn on_hold(reason: HoldReason, who: u64) -> Balance {
	Balances::balance_on_hold(&reason.into(), &who)
}

/// Gives money to an account that has none.
pub(crate) fn endow(who: u64, amount: Balance) {
	assert_ok!(Balances::mint_into(&who, amount));
}

/// The events of this pallet since the last call.
pub(crate) fn events() -> Vec<Event<Test>> {
	let events = System::read_events_for_pallet::<Event<Test>>();
	System::reset_events();
	events
}
