//! A chain of this pallet, balances, and fakes of what the market's other pallets do.

use std::collections::{BTreeMap, BTreeSet};

use assay_market::{
	traits::{
		Bonds, BurnReason, Clock, Offence, Offences, Offer, OfferSearch, PayoutReason, Payouts,
		PenaltyTerms, SlashShares, SupplyLedger,
	},
	Balance, ModelId, Price, ProviderId, Quote, Tick,
};
use assay_programs::cost::Weights;
use frame_support::{
	derive_impl, parameter_types,
	traits::{
		fungible::Mutate,
		tokens::{Fortitude, Precision, Preservation},
		ConstU32,
	},
	PalletId,
};
use frame_system::EnsureRoot;
use sp_core::Bytes;
use sp_runtime::{BuildStorage, DispatchError, DispatchResult, Perbill};

use crate::{self as pallet_models, Parameters, PostingCost};

pub(crate) type AccountId = u64;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		Models: pallet_models,
	}
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = frame_system::mocking::MockBlock<Test>;
	type AccountData = pallet_balances::AccountData<Balance>;
}

/// The least balance of an account.
pub(crate) const MINIMUM_BALANCE: Balance = 10;

parameter_types! {
	pub const ExistentialDeposit: Balance = MINIMUM_BALANCE;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = Balance;
	type ExistentialDeposit = ExistentialDeposit;
	type FreezeIdentifier = u32;
	type MaxFreezes = ConstU32<1>;
}

/// The parameters that tests begin with.
pub(crate) const PARAMETERS: Parameters = Parameters {
	min_bond_floor: 100,
	max_trace_bytes_per_unit: 12_000_000_000,
	deposit_base: 500,
	deposit_per_byte: 2,
	curation_deposit: 50,
	request_fee_base: 20,
	request_fee_per_byte: 1,
	request_ticks: 10,
	silence_exposure: 300_000,
	notice_ticks: 100,
};

/// What posting costs.
pub(crate) const POSTING: PostingCost = PostingCost { base: 500, per_byte: 1 };

parameter_types! {
	pub const RegistryPalletId: PalletId = PalletId(*b"assay/mo");
	pub const InitialParameters: Parameters = PARAMETERS;
	pub const Posting: PostingCost = POSTING;
	/// Today's weights.
	pub static CostWeights: Weights = Weights::default();
	/// Versions that are admitted.
	pub static NumericsVersions: BTreeSet<u32> = BTreeSet::from([1]);
	/// The tick.
	pub static Now: Tick = 0;
	/// Providers beyond those of the formulas, by owner.
	pub static Further: BTreeMap<AccountId, u32> = BTreeMap::new();
	/// Providers that have no bond, or a debt.
	pub static Unbonded: BTreeSet<u32> = BTreeSet::new();
	/// What attesters risk.
	pub static Pledged: BTreeMap<(ProviderId, ModelId), Balance> = BTreeMap::new();
	/// What was reported.
	pub static Reports: Vec<Offence<AccountId>> = Vec::new();
	/// Providers that the other pallets no longer know.
	pub static Unknown: BTreeSet<u32> = BTreeSet::new();
	/// Whether the arithmetic was stopped.
	pub static Stopped: bool = false;
	/// What burned of requests' costs.
	pub static Burned: Balance = 0;
	/// What can be claimed.
	pub static Claimable: BTreeMap<AccountId, Balance> = BTreeMap::new();
}

pub struct Versions;

impl frame_support::traits::Contains<u32> for Versions {
	fn contains(version: &u32) -> bool {
		NumericsVersions::get().contains(version)
	}
}

pub struct FakeClock;

impl Clock for FakeClock {
	fn now() -> Tick {
		Now::get()
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn set_for_benchmark(tick: Tick) {
		Now::set(tick);
	}
}

/// What one provider has free for attestations of one model.
pub(crate) const FREE_BOND: Balance = 1_000_000;

/// The first provider that there is.
const FIRST: u32 = 1;
/// How many there are.
pub(crate) const PROVIDERS: u32 = 6;

/// The account that owns a provider.
pub(crate) fn owner(provider: u32) -> AccountId {
	10 + AccountId::from(provider)
}

/// A delegate of a provider.
pub(crate) fn delegate(provider: u32) -> AccountId {
	20 + AccountId::from(provider)
}

pub struct FakeBonds;

impl Bonds<AccountId> for FakeBonds {
	fn provider_of(who: &AccountId) -> Option<ProviderId> {
		(FIRST..=PROVIDERS)
			.find(|provider| [owner(*provider), delegate(*provider)].contains(who))
			.or_else(|| Further::get().get(who).copied())
			.map(ProviderId)
	}

	fn owner(provider: ProviderId) -> Option<AccountId> {
		let further = Further::get();
		let known = further.into_iter().find(|(_, number)| *number == provider.0);
		Some(known.map_or_else(|| owner(provider.0), |(owner, _)| owner))
	}

	fn offer(_: ProviderId, _: &ModelId) -> Option<Offer> {
		None
	}

	fn best_offers(_: &ModelId, _: &OfferSearch) -> Vec<ProviderId> {
		Vec::new()
	}

	fn is_bonded(provider: ProviderId, _: &ModelId) -> bool {
		!Unbonded::get().contains(&provider.0)
	}

	fn free_bond(provider: ProviderId, model: &ModelId) -> Balance {
		FREE_BOND - Pledged::get().get(&(provider, *model)).copied().unwrap_or_default()
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
		_: ProviderId,
		_: &ModelId,
		_: Balance,
		_: &AccountId,
	) -> Result<Balance, DispatchError> {
		Ok(0)
	}

	fn total_bonded(_: &ModelId) -> Balance {
		1
	}

	fn pledge(provider: ProviderId, model: &ModelId, bond: Balance, bind: bool) -> DispatchResult {
		let free = Self::free_bond(provider, model);
		let mut pledged = Pledged::get();
		let sum = pledged.entry((provider, *model)).or_default();
		if bind {
			frame_support::ensure!(bond <= free, DispatchError::Other("too little free bond"));
			*sum += bond;
		} else {
			*sum = sum.checked_sub(bond).ok_or(DispatchError::Other("not pledged"))?;
		}
		Pledged::set(pledged);
		Ok(())
	}

	fn job_ended(_: ProviderId, _: &ModelId, _: Option<(Balance, Balance)>) {}

	fn capacity_units_per_day() -> Balance {
		0
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bond_for_benchmark(owner: &AccountId, _: &ModelId, _: Balance) -> ProviderId {
		let provider = Further::mutate(|further| {
			let next = 100 + u32::try_from(further.len()).unwrap();
			ProviderId(*further.entry(*owner).or_insert(next))
		});
		// The fake's ledger is not rolled back between two runs.
		Pledged::mutate(|pledged| pledged.retain(|(one, _), _| *one != provider));
		provider
	}
}

pub struct FakeOffences;

/// What whoever reports hands over; this pallet has no jobs whose terms could differ.
pub(crate) const TERMS: PenaltyTerms = PenaltyTerms {
	late: Perbill::from_percent(2),
	false_audit: Perbill::from_percent(25),
	shares: SlashShares {
		costs_at_most: Perbill::from_percent(10),
		reward: Perbill::from_percent(5),
		reward_at_most: 20_000,
		insurance: Perbill::from_percent(10),
		burn_at_least: Perbill::from_percent(50),
	},
	deferral_ticks: 20,
};

impl Offences<AccountId> for FakeOffences {
	fn terms() -> PenaltyTerms {
		TERMS
	}

	fn report(offence: Offence<AccountId>) -> DispatchResult {
		frame_support::ensure!(
			!Unknown::get().contains(&offence.provider.0),
			DispatchError::Other("unknown provider")
		);
		Reports::mutate(|reports| reports.push(offence));
		Ok(())
	}

	fn is_stopped(_: u32, _: &ModelId) -> bool {
		Stopped::get()
	}

	fn is_faulty(_: u32, _: &ModelId) -> bool {
		false
	}

	fn is_pending(_: ProviderId, _: &ModelId) -> bool {
		false
	}
}

pub struct FakePayouts;

/// Where claimable money lies.
pub(crate) const PAYOUTS: AccountId = 999;

impl Payouts<AccountId> for FakePayouts {
	fn pay(from: &AccountId, to: &AccountId, price: Price, reason: PayoutReason) -> DispatchResult {
		assert_eq!((price.quote, reason), (Quote::Native, PayoutReason::DataFee));
		<Balances as Mutate<_>>::transfer(from, &PAYOUTS, price.amount, Preservation::Preserve)?;
		Claimable::mutate(|claimable| *claimable.entry(*to).or_default() += price.amount);
		Ok(())
	}

	fn rotate(_: &AccountId, _: &AccountId) -> DispatchResult {
		Ok(())
	}
}

pub struct FakeSupply;

impl SupplyLedger<AccountId> for FakeSupply {
	fn burn(from: &AccountId, amount: Balance, reason: BurnReason) -> DispatchResult {
		assert_eq!(reason, BurnReason::WeightRequests);
		let (precision, force) = (Precision::Exact, Fortitude::Polite);
		Balances::burn_from(from, amount, Preservation::Preserve, precision, force)?;
		Self::note_burned(amount, reason);
		Ok(())
	}

	fn note_burned(amount: Balance, _: BurnReason) {
		Burned::mutate(|burned| *burned += amount);
	}
}

impl pallet_models::Config for Test {
	type WeightInfo = ();
	type Currency = Balances;
	type AdminOrigin = EnsureRoot<AccountId>;
	type Bonds = FakeBonds;
	type Offences = FakeOffences;
	type Payouts = FakePayouts;
	type Supply = FakeSupply;
	type Clock = FakeClock;
	type NumericsVersions = Versions;
	type CostWeights = CostWeights;
	type InitialParameters = InitialParameters;
	type PostingCost = Posting;
	type PalletId = RegistryPalletId;
	type RequiredAttestations = ConstU32<3>;
	type MaxAttesters = ConstU32<5>;
	type MaxRequests = ConstU32<4>;
	type MaxCurations = ConstU32<3>;
}

/// Brings the fakes back to what they begin with.
fn forget() {
	CostWeights::set(Weights::default());
	NumericsVersions::set([1].into());
	Now::set(0);
	Further::set([].into());
	Unbonded::set([].into());
	Pledged::set([].into());
	Burned::set(0);
	Reports::set(vec![]);
	Unknown::set([].into());
	Stopped::set(false);
	Claimable::set([].into());
}

/// What every account of the tests begins with.
pub(crate) const ENDOWMENT: Balance = 1_000_000_000;

/// A chain for a test.
#[derive(Default)]
pub(crate) struct ExtBuilder {
	models: Vec<Bytes>,
}

impl ExtBuilder {
	/// With these manifests in its genesis.
	pub(crate) fn models(self, models: Vec<Vec<u8>>) -> Self {
		Self { models: models.into_iter().map(Bytes).collect() }
	}

	/// The chain at its first block, before any test.
	pub(crate) fn build(self) -> sp_io::TestExternalities {
		forget();
		let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
		let accounts = (1..=30).chain(100..=110);
		pallet_balances::GenesisConfig::<Test> {
			// Payouts endows its own account.
			balances: accounts
				.map(|who| (who, ENDOWMENT))
				.chain([(PAYOUTS, MINIMUM_BALANCE)])
				.collect(),
			..Default::default()
		}
		.assimilate_storage(&mut storage)
		.unwrap();
		pallet_models::GenesisConfig::<Test> { models: self.models, ..Default::default() }
			.assimilate_storage(&mut storage)
			.unwrap();
		let mut chain = sp_io::TestExternalities::new(storage);
		chain.execute_with(|| System::set_block_number(1));
		chain
	}

	/// Runs a test and checks every property afterwards.
	pub(crate) fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			test();
			frame_support::assert_ok!(Models::do_try_state());
		});
	}
}
