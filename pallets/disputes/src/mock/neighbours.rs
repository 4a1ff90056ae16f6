//! The pallets that disputes deal with, as ledgers in storage, so that what fails is rolled back here
//! too. What they answer is set by tests.

use std::{cell::RefCell, collections::BTreeMap};

use assay_market::{
	manifest::ProgramBytes,
	traits::{
		Bonds, BurnReason, ClaimEnd, Clock, Disputable, DisputeTerms, GameNotices, ModelFacts,
		Models, Offence, Offences, Offer, OfferSearch, OpenVersions, PayoutReason, Payouts,
		PenaltyTerms, Run as ModelRun, SlashShares, SupplyLedger, Verdict,
	},
	Balance, Commitment, CommitmentHash, JobId, Lengths, ModelId, Price, ProviderId, Terms, Tick,
};
use assay_primitives::WeightsRoot;
use assay_programs::cost::Weights;
use codec::{Decode, Encode};
use frame_support::{
	dispatch::DispatchResult,
	ensure, parameter_types,
	storage::types::ValueQuery,
	storage_alias,
	traits::{
		fungible::{Inspect, Mutate},
		tokens::{Fortitude, Precision, Preservation},
	},
	Identity, Twox64Concat,
};
use sp_runtime::{DispatchError, Perbill};

use super::{Balances, Disputes, ACCOUNTS, FUNDS};

/// From which claims are paid.
pub(crate) const CASHIER: u64 = 60;
/// Who asked for every job.
pub(crate) const USER: u64 = 61;

parameter_types! {
	pub static Now: Tick = 1;
	pub static Faulty: bool = false;
	pub static OwnersAreGone: bool = false;
	pub static CashierFails: bool = false;
	/// Who owns provider 1 in benchmarks, beside its owner.
	pub static BenchmarkOwner: Option<u64> = None;
}

thread_local! {
	static PROGRAMS: RefCell<BTreeMap<ModelId, (ProgramBytes, WeightsRoot)>> = RefCell::default();
}

/// Sets the answers back, for tests that run in one thread.
pub(super) fn reset() {
	Now::set(1);
	Faulty::set(false);
	OwnersAreGone::set(false);
	CashierFails::set(false);
	BenchmarkOwner::set(None);
	PROGRAMS.with_borrow_mut(BTreeMap::clear);
}

/// The account that owns a provider.
pub(crate) const fn owner(provider: u32) -> u64 {
	100 + provider as u64
}

/// A delegate of a provider.
pub(crate) const fn delegate(provider: u32) -> u64 {
	200 + provider as u64
}

/// Some penalties: the reward is 500 000 of an exposure of ten millions.
pub(crate) fn penalties() -> PenaltyTerms {
	PenaltyTerms {
		late: Perbill::from_percent(2),
		false_audit: Perbill::from_percent(25),
		shares: SlashShares {
			costs_at_most: Perbill::from_percent(10),
			reward: Perbill::from_percent(5),
			reward_at_most: 1_000_000,
			insurance: Perbill::from_percent(10),
			burn_at_least: Perbill::from_percent(50),
		},
		deferral_ticks: 300,
	}
}

/// The clock.
pub struct MockClock;

impl Clock for MockClock {
	fn now() -> Tick {
		Now::get()
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn set_for_benchmark(tick: Tick) {
		Now::set(tick);
	}
}

/// A committed job.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct MockJob {
	pub(crate) hash: CommitmentHash,
	pub(crate) terms: Terms,
	pub(crate) commitment: Commitment,
	pub(crate) trace_bytes: u64,
	pub(crate) trace_bytes_per_tick: u64,
	pub(crate) window_ends_at: Tick,
	pub(crate) accepted_at: Tick,
	pub(crate) open_games: u32,
}

/// What every job of the mock has at stake and costs.
pub(crate) const EXPOSURE: Balance = 10_000_000;
pub(crate) const PRICE: Balance = 10_000;

/// Committed jobs.
#[storage_alias]
pub(crate) type OpenJobs = StorageMap<MockJobs, Identity, JobId, MockJob>;
/// Verdicts that were spoken, in order.
#[storage_alias]
pub(crate) type Verdicts = StorageValue<MockJobs, Vec<(JobId, Verdict<u64>)>, ValueQuery>;

/// The pallet of jobs.
pub struct JobLedger;

impl JobLedger {
	fn job(job: &JobId, commitment: &CommitmentHash) -> Result<MockJob, DispatchError> {
		let job = OpenJobs::get(job).ok_or("unknown job")?;
		ensure!(job.hash == *commitment, "another commitment");
		Ok(job)
	}
}

impl OpenVersions for JobLedger {
	fn open_versions() -> Vec<u32> {
		let mut versions: Vec<u32> =
			OpenJobs::iter_values().map(|job| job.terms.numerics_version).collect();
		versions.sort_unstable();
		versions.dedup();
		versions
	}
}

impl Disputable<u64> for JobLedger {
	fn dispute_terms(
		job: &JobId,
		commitment: &CommitmentHash,
	) -> Result<DisputeTerms<u64>, DispatchError> {
		let job = Self::job(job, commitment)?;
		Ok(DisputeTerms {
			terms: job.terms,
			user: USER,
			commitment: job.commitment,
			exposure: EXPOSURE,
			price: PRICE,
			trace_bytes: job.trace_bytes,
			trace_bytes_per_tick: job.trace_bytes_per_tick,
			penalty: penalties(),
			window_ends_at: job.window_ends_at,
			accepted_at: job.accepted_at,
		})
	}

	fn hold(job: &JobId, commitment: &CommitmentHash) -> DispatchResult {
		let found = Self::job(job, commitment)?;
		ensure!(Now::get() <= found.window_ends_at, "the window is over");
		Self::hold_further(job, commitment)
	}

	fn hold_further(job: &JobId, commitment: &CommitmentHash) -> DispatchResult {
		let found = Self::job(job, commitment)?;
		let open = found.open_games > 0 || Now::get() <= found.window_ends_at;
		ensure!(open, "the window is over");
		OpenJobs::insert(job, MockJob { open_games: found.open_games + 1, ..found });
		Ok(())
	}

	fn extend_window(_: &JobId, _: Tick) -> DispatchResult {
		Err("disputes extend no windows".into())
	}

	fn decide(job: &JobId, verdict: Verdict<u64>) -> DispatchResult {
		let found = OpenJobs::get(job).ok_or("unknown job")?;
		let open_games = found.open_games.checked_sub(1).ok_or("no game is open")?;
		Verdicts::append((*job, &verdict));
		match verdict {
			Verdict::Upheld => OpenJobs::insert(job, MockJob { open_games, ..found }),
			_ => OpenJobs::remove(job),
		}
		Ok(())
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn commit_for_benchmark(
		_: &u64,
		owner: &u64,
		model: &ModelId,
	) -> Result<(JobId, CommitmentHash), DispatchError> {
		BenchmarkOwner::set(Some(*owner));
		let number = u32::try_from(OpenJobs::iter_keys().count()).map_err(|_| "few jobs")?;
		Ok(super::committed_for(*model, 1, (5, 1), number))
	}
}

/// The registry of models.
pub struct Registry;

impl Registry {
	/// Registers a program with a root over its weights.
	pub(crate) fn register(model: ModelId, program: ProgramBytes, weights: WeightsRoot) {
		PROGRAMS.with_borrow_mut(|programs| programs.insert(model, (program, weights)));
	}
}

impl Models for Registry {
	fn facts(_: &ModelId) -> Option<ModelFacts> {
		None
	}

	fn ensure_takes_jobs(_: &ModelId) -> Result<ModelFacts, DispatchError> {
		Err("disputes take no jobs".into())
	}

	fn run(_: &ModelId, _: Lengths, _: &Weights) -> Result<ModelRun, DispatchError> {
		Err("disputes price no runs".into())
	}

	fn program(model: &ModelId) -> Option<(ProgramBytes, WeightsRoot)> {
		PROGRAMS.with_borrow(|programs| programs.get(model).cloned())
	}

	fn is_stop_token(_: &ModelId, _: u32) -> bool {
		false
	}

	fn job_changed(_: &ModelId, _: bool) {}

	#[cfg(feature = "runtime-benchmarks")]
	fn register_for_benchmark(_: u32) -> ModelId {
		let program = super::decoders()[0].to_bytes();
		Self::register_program_for_benchmark(program.try_into().expect("a small program"))
			.expect("registered")
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn register_program_for_benchmark(program: ProgramBytes) -> Option<ModelId> {
		let model = ModelId(<crate::Blake2 as assay_primitives::Hasher>::hash(&program));
		Self::register(model, program, WeightsRoot::default());
		Some(model)
	}
}

/// The pallet of providers.
pub struct ProviderList;

impl Bonds<u64> for ProviderList {
	fn provider_of(who: &u64) -> Option<ProviderId> {
		if BenchmarkOwner::get() == Some(*who) {
			return Some(ProviderId(1));
		}
		(1..=2).find(|p| [owner(*p), delegate(*p)].contains(who)).map(ProviderId)
	}

	fn owner(provider: ProviderId) -> Option<u64> {
		(!OwnersAreGone::get()).then(|| owner(provider.0))
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
		0
	}

	fn reserve(_: ProviderId, _: &ModelId, _: Balance, _: u64) -> DispatchResult {
		Err("disputes reserve nothing".into())
	}

	fn expose(_: ProviderId, _: &ModelId, _: Balance, _: Balance) -> DispatchResult {
		Err("disputes expose nothing".into())
	}

	fn release(_: ProviderId, _: &ModelId, _: Balance, _: Balance, _: u64) -> DispatchResult {
		Err("disputes release nothing".into())
	}

	fn slash(_: ProviderId, _: &ModelId, _: Balance, _: &u64) -> Result<Balance, DispatchError> {
		Err("disputes slash nothing".into())
	}

	fn total_bonded(_: &ModelId) -> Balance {
		0
	}

	fn pledge(_: ProviderId, _: &ModelId, _: Balance, _: bool) -> DispatchResult {
		Err("disputes pledge nothing".into())
	}

	fn job_ended(_: ProviderId, _: &ModelId, _: Option<(Balance, Balance)>) {}

	fn capacity_units_per_day() -> Balance {
		0
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bond_for_benchmark(_: &u64, _: &ModelId, _: Balance) -> ProviderId {
		ProviderId(1)
	}
}

/// Costs that the insurance was asked for.
#[storage_alias]
pub(crate) type Covered = StorageValue<MockOffences, Vec<(u64, Balance)>, ValueQuery>;

/// The pallet of slashing.
pub struct Court;

impl Offences<u64> for Court {
	fn terms() -> PenaltyTerms {
		penalties()
	}

	fn report(_: Offence<u64>) -> DispatchResult {
		Err("disputes report by jobs".into())
	}

	fn cover_costs(who: &u64, costs: Balance) -> Result<Balance, DispatchError> {
		Covered::append((who, costs));
		Ok(costs)
	}

	fn is_stopped(_: u32, _: &ModelId) -> bool {
		Faulty::get()
	}

	fn is_faulty(_: u32, _: &ModelId) -> bool {
		Faulty::get()
	}

	fn is_pending(_: ProviderId, _: &ModelId) -> bool {
		false
	}
}

/// What accounts may claim.
#[storage_alias]
pub(crate) type Claimable = StorageMap<MockPayouts, Twox64Concat, u64, Balance, ValueQuery>;

/// Pull payments.
pub struct Cashier;

impl Payouts<u64> for Cashier {
	fn pay(from: &u64, to: &u64, price: Price, reason: PayoutReason) -> DispatchResult {
		ensure!(!CashierFails::get(), "the cashier fails");
		assert_eq!(reason, PayoutReason::DefenceCosts);
		Balances::transfer(from, &CASHIER, price.amount, Preservation::Preserve)?;
		Claimable::mutate(to, |claimable| *claimable += price.amount);
		Ok(())
	}

	fn rotate(_: &u64, _: &u64) -> DispatchResult {
		Err("disputes rotate nothing".into())
	}
}

/// What was burned.
#[storage_alias]
pub(crate) type Burned = StorageValue<MockSupply, Balance, ValueQuery>;

/// The books of what burns.
pub struct Furnace;

impl SupplyLedger<u64> for Furnace {
	fn burn(from: &u64, amount: Balance, reason: BurnReason) -> DispatchResult {
		assert_eq!(reason, BurnReason::Slashes);
		let (preserve, exact) = (Preservation::Preserve, Precision::Exact);
		Balances::burn_from(from, amount, preserve, exact, Fortitude::Polite)?;
		Burned::mutate(|burned| *burned += amount);
		Ok(())
	}

	fn note_burned(_: Balance, _: BurnReason) {}
}

/// What auditors were told.
#[storage_alias]
pub(crate) type Told = StorageValue<MockAudits, Vec<(JobId, u64, ClaimEnd)>, ValueQuery>;
/// Jobs that were shown to be wrong.
#[storage_alias]
pub(crate) type LostJobs = StorageValue<MockAudits, Vec<JobId>, ValueQuery>;

/// The pallet of audits.
pub struct AuditRecord;

impl GameNotices<u64> for AuditRecord {
	fn claim_ended(job: &JobId, auditor: &u64, end: ClaimEnd) {
		Told::append((job, auditor, end));
	}

	fn job_lost(job: &JobId, terms: &DisputeTerms<u64>) {
		assert_eq!(terms.user, USER);
		LostJobs::append(job);
	}
}

/// No money was made or lost, and none stays on the way.
pub(crate) fn check_money() {
	let minimum = Balances::minimum_balance();
	assert_eq!(Balances::total_balance(&Disputes::account()), minimum);
	let endowed = FUNDS * Balance::from(ACCOUNTS + 3) + minimum;
	assert_eq!(Balances::total_issuance() + Burned::get(), endowed);
	let claimable: Balance = Claimable::iter_values().sum();
	assert_eq!(Balances::total_balance(&CASHIER), FUNDS + claimable);
}
