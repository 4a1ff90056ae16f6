//! The pallets that jobs deal with, as ledgers in storage, so that what fails is rolled back here too.
//! What they answer is set by tests.

use std::collections::BTreeMap;

use assay_market::{
	traits::{
		Audits, Bonds, Clock, ExposureRule, ModelFacts, ModelKind, ModelStatus, Models, Offence,
		Offences, Offer, OfferSearch, OpenStake, PayoutReason, Payouts, PenaltyTerms, Redeemed,
		Run, SeriesTerms, Settlement, Shares, SlashShares, SplitTerms, Vouchers,
	},
	Balance, CommitmentHash, JobId, Lengths, ModelId, Price, ProviderId, Quote, SeriesId, Tick,
};
use assay_primitives::Hash;
use assay_programs::cost::{ComputeUnits, Weights};
use frame_support::{
	dispatch::DispatchResult,
	ensure, parameter_types,
	storage::types::ValueQuery,
	storage_alias,
	traits::{fungible::Mutate, tokens::Preservation, Get},
	Twox64Concat,
};
use sp_runtime::{DispatchError, Perbill, Permill};

use super::{delegate, owner, Balances, Test, PROVIDERS};
use crate::Stage;

/// A model that generates.
pub(crate) const GENERATOR: ModelId = ModelId(Hash([1; 32]));
/// A model that embeds.
pub(crate) const EMBEDDER: ModelId = ModelId(Hash([2; 32]));
/// Elements of its vectors.
pub(crate) const DIMENSION: u32 = 4;
/// Token ids are below this.
pub(crate) const VOCABULARY: u32 = 1_000;
/// Positions of a run.
pub(crate) const MAX_POSITIONS: u32 = 32_768;
/// Ends an answer.
pub(crate) const STOP: u32 = 2;
/// Size of the programs.
pub(crate) const PROGRAM_BYTES: u32 = 1_000;
/// On which the reserve of redeemed vouchers lies.
pub(crate) const SPLITTER: u64 = 50;
/// From which claims are paid.
pub(crate) const CASHIER: u64 = 60;

parameter_types! {
	pub static Now: Tick = 1;
	pub static Factor: u32 = 160;
	pub static MaxFactor: u32 = 1_600;
	pub static LeastExposure: Balance = 1_000;
	pub static LayerProduct: u32 = 1;
	pub static Stopped: bool = false;
	pub static Faulty: bool = false;
	pub static Status: ModelStatus = ModelStatus::Listed;
	pub static SeriesQuote: Quote = Quote::Native;
	pub static UnitPrice: Balance = 3;
	/// Native tokens for an asset's unit.
	pub static Rate: Balance = 1;
	pub static RateIsStale: bool = false;
	pub static SeriesExpired: bool = false;
	pub static SplitterFails: bool = false;
	pub static ModelIsGone: bool = false;
	pub static OwnersAreGone: bool = false;
	pub static MoreOffersThanAsked: bool = false;
	pub static CashierFails: bool = false;
	/// What was asked of the offers last.
	pub static Searched: Option<OfferSearch> = None;
	/// When the breaker lets the models go on.
	pub static PausedUntil: Option<Tick> = None;
	pub static AuditShare: Perbill = Perbill::from_percent(4);
	/// Whether no draw of an audit has happened.
	pub static DrawsAreLate: bool = false;
	pub static SplitNow: SplitTerms = split();
	pub static PenaltiesNow: PenaltyTerms = penalties();
	pub static Offers: BTreeMap<ProviderId, Offer> = BTreeMap::new();
	pub static BondOfEach: Balance = 1_000_000_000;
}

/// A split that emits a fifth of what burns.
pub(crate) fn split() -> SplitTerms {
	SplitTerms { emission_rate: Permill::from_percent(20), ..Default::default() }
}

/// Some penalties.
pub(crate) fn penalties() -> PenaltyTerms {
	PenaltyTerms {
		late: Perbill::from_percent(2),
		false_audit: Perbill::from_percent(25),
		shares: SlashShares {
			costs_at_most: Perbill::from_percent(10),
			reward: Perbill::from_percent(5),
			reward_at_most: 1_000,
			insurance: Perbill::from_percent(10),
			burn_at_least: Perbill::from_percent(50),
		},
		deferral_ticks: 300,
	}
}

/// Sets the answers back, for tests that run in one thread.
pub(super) fn reset() {
	Now::set(1);
	Factor::set(160);
	MaxFactor::set(1_600);
	LeastExposure::set(1_000);
	LayerProduct::set(1);
	Stopped::set(false);
	Faulty::set(false);
	Status::set(ModelStatus::Listed);
	SeriesQuote::set(Quote::Native);
	UnitPrice::set(3);
	Rate::set(1);
	RateIsStale::set(false);
	SeriesExpired::set(false);
	SplitterFails::set(false);
	ModelIsGone::set(false);
	OwnersAreGone::set(false);
	MoreOffersThanAsked::set(false);
	CashierFails::set(false);
	Searched::set(None);
	PausedUntil::set(None);
	AuditShare::set(Perbill::from_percent(4));
	DrawsAreLate::set(false);
	SplitNow::set(split());
	PenaltiesNow::set(penalties());
	Offers::set((1..=PROVIDERS).map(|provider| (ProviderId(provider), super::offer())).collect());
	BondOfEach::set(1_000_000_000);
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

/// The weights of compute.
pub struct MockWeights;

impl Get<Weights> for MockWeights {
	fn get() -> Weights {
		Weights { layer_product: LayerProduct::get(), ..Weights::default() }
	}
}

/// The rule of exposure.
pub struct Rule;

impl ExposureRule for Rule {
	fn factor() -> u32 {
		Factor::get()
	}

	fn max_factor() -> u32 {
		MaxFactor::get()
	}

	fn minimum() -> Balance {
		LeastExposure::get()
	}
}

/// Open jobs of models, as told.
#[storage_alias]
pub type ModelJobs = StorageMap<MockModels, Twox64Concat, ModelId, u32, ValueQuery>;

/// The registry of models.
pub struct Registry;

impl Models for Registry {
	fn facts(model: &ModelId) -> Option<ModelFacts> {
		let kind = match *model {
			_ if ModelIsGone::get() => return None,
			GENERATOR => ModelKind::Generate,
			EMBEDDER => ModelKind::Embed { dimension: DIMENSION },
			_ => return None,
		};
		Some(ModelFacts {
			kind,
			vocabulary: VOCABULARY,
			max_positions: MAX_POSITIONS,
			numerics_version: 1,
			min_bond: 0,
			status: Status::get(),
			program_bytes: PROGRAM_BYTES,
		})
	}

	fn ensure_takes_jobs(model: &ModelId) -> Result<ModelFacts, DispatchError> {
		let facts = Self::facts(model).ok_or("unknown model")?;
		ensure!(facts.status != ModelStatus::Frozen, "frozen");
		Ok(facts)
	}

	/// A unit for a token in, ten for a token out.
	fn run(_: &ModelId, lengths: Lengths, weights: &Weights) -> Result<Run, DispatchError> {
		let work = u64::from(lengths.inputs) + 10 * u64::from(lengths.outputs);
		Ok(Run {
			units: ComputeUnits(work * u64::from(weights.layer_product)),
			trace_bytes: 100 * work,
		})
	}

	fn is_stop_token(_: &ModelId, token: u32) -> bool {
		token == STOP
	}

	fn job_changed(model: &ModelId, opened: bool) {
		ModelJobs::mutate(model, |jobs| *jobs = if opened { *jobs + 1 } else { *jobs - 1 });
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn register_for_benchmark(_: u32) -> ModelId {
		GENERATOR
	}
}

/// Vouchers that may be spent.
#[storage_alias]
pub type FreeUnits = StorageMap<MockVouchers, Twox64Concat, (u64, SeriesId), Balance, ValueQuery>;
/// Vouchers in escrow.
#[storage_alias]
pub type EscrowedUnits =
	StorageMap<MockVouchers, Twox64Concat, (u64, SeriesId), Balance, ValueQuery>;
/// Vouchers that were burned.
#[storage_alias]
pub type BurnedUnits = StorageValue<MockVouchers, Balance, ValueQuery>;
/// Of these, those that counted as demand.
#[storage_alias]
pub type Demand = StorageValue<MockVouchers, Balance, ValueQuery>;

/// The vouchers' pallet.
pub struct VoucherLedger;

impl Vouchers<u64> for VoucherLedger {
	fn terms(series: SeriesId) -> Result<SeriesTerms, DispatchError> {
		ensure!(series == super::SERIES, "unknown series");
		ensure!(!SeriesExpired::get(), "expired series");
		ensure!(!RateIsStale::get(), "stale rate");
		Ok(SeriesTerms {
			quote: SeriesQuote::get(),
			price_per_unit: UnitPrice::get(),
			expires_at: Tick::MAX,
		})
	}

	fn native_value(price: Price) -> Result<Balance, DispatchError> {
		ensure!(!RateIsStale::get(), "stale rate");
		let rate = if price.quote == Quote::Native { 1 } else { Rate::get() };
		Ok(price.amount.checked_mul(rate).ok_or("too much")?)
	}

	fn escrow(who: &u64, series: SeriesId, units: Balance) -> DispatchResult {
		FreeUnits::try_mutate((*who, series), |free| lower(free, units, "too few vouchers"))?;
		EscrowedUnits::mutate((*who, series), |escrowed| *escrowed += units);
		Ok(())
	}

	fn release(who: &u64, series: SeriesId, units: Balance) -> DispatchResult {
		let escrow = (*who, series);
		EscrowedUnits::try_mutate(escrow, |held| lower(held, units, "too few in escrow"))?;
		FreeUnits::mutate((*who, series), |free| *free += units);
		Ok(())
	}

	fn escrowed(who: &u64, series: SeriesId) -> Option<Balance> {
		Some(EscrowedUnits::get((*who, series)))
	}

	fn redeem(
		who: &u64,
		series: SeriesId,
		units: Balance,
		_: (ProviderId, ModelId),
		to: &u64,
		counts_as_demand: bool,
	) -> Result<Redeemed, DispatchError> {
		assert_eq!(*to, SPLITTER);
		Demand::mutate(|demand| *demand += if counts_as_demand { units } else { 0 });
		let escrow = (*who, series);
		EscrowedUnits::try_mutate(escrow, |held| lower(held, units, "too few in escrow"))?;
		BurnedUnits::mutate(|burned| *burned += units);
		let price = Price { quote: SeriesQuote::get(), amount: units * UnitPrice::get() };
		Reserve::mutate(|reserve| *reserve += price.amount);
		Ok(Redeemed { units, price })
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn endow_for_benchmark(who: &u64, units: Balance) -> SeriesId {
		FreeUnits::mutate((*who, super::SERIES), |free| *free += units);
		super::SERIES
	}
}

/// Takes from an amount what it must have.
fn lower(amount: &mut Balance, by: Balance, why: &'static str) -> DispatchResult {
	*amount = amount.checked_sub(by).ok_or(why)?;
	Ok(())
}

/// What open jobs reserved, exposed and may trace.
#[storage_alias]
pub type Stakes =
	StorageMap<MockBonds, Twox64Concat, (ProviderId, ModelId), (Balance, Balance, u64), ValueQuery>;
/// Ends of jobs, as told.
#[storage_alias]
pub type EndedJobs =
	StorageValue<MockBonds, Vec<(ProviderId, Option<(Balance, Balance)>)>, ValueQuery>;
/// Who let a turn pass, as told.
#[storage_alias]
pub type Missed = StorageValue<MockBonds, Vec<ProviderId>, ValueQuery>;
/// Vouchers for which providers served, as told.
#[storage_alias]
pub type Served = StorageMap<MockBonds, Twox64Concat, ProviderId, Balance, ValueQuery>;
/// Owners that are not those of the start.
#[storage_alias]
pub type NewOwners = StorageMap<MockBonds, Twox64Concat, ProviderId, u64>;

/// The providers' pallet.
pub struct BondLedger;

impl Bonds<u64> for BondLedger {
	fn provider_of(who: &u64) -> Option<ProviderId> {
		(1..=PROVIDERS)
			.find(|provider| {
				Self::owner(ProviderId(*provider)) == Some(*who) || delegate(*provider) == *who
			})
			.map(ProviderId)
	}

	fn owner(provider: ProviderId) -> Option<u64> {
		if OwnersAreGone::get() {
			return None;
		}
		NewOwners::get(provider).or(Some(owner(provider.0)))
	}

	fn offer(provider: ProviderId, _: &ModelId) -> Option<Offer> {
		Offers::get().get(&provider).copied()
	}

	fn best_offers(_: &ModelId, search: &OfferSearch) -> Vec<ProviderId> {
		Searched::set(Some(*search));
		let fits = |offer: &Offer| {
			search.agrees(offer.multiplier_percent, offer.min_price_per_unit)
				&& search.is_in_time(offer)
		};
		let mut offers: Vec<_> =
			Offers::get().into_iter().filter(|(_, offer)| fits(offer)).collect();
		offers.sort_by_key(|(provider, offer)| (offer.multiplier_percent, *provider));
		let most = if MoreOffersThanAsked::get() { PROVIDERS } else { search.most };
		offers.into_iter().map(|(provider, _)| provider).take(most as usize).collect()
	}

	fn turn_missed(provider: ProviderId, _: &ModelId) {
		Missed::append(provider);
	}

	fn is_bonded(_: ProviderId, _: &ModelId) -> bool {
		true
	}

	fn free_bond(provider: ProviderId, model: &ModelId) -> Balance {
		let (reserved, exposed, _) = Stakes::get((provider, *model));
		BondOfEach::get().saturating_sub(reserved + exposed)
	}

	fn reserve(
		provider: ProviderId,
		model: &ModelId,
		exposure: Balance,
		trace_bytes: u64,
	) -> DispatchResult {
		ensure!(Offers::get().contains_key(&provider), "offline");
		ensure!(Self::free_bond(provider, model) >= exposure, "too little bond");
		Stakes::mutate((provider, *model), |(reserved, _, trace)| {
			*reserved += exposure;
			*trace += trace_bytes;
		});
		Ok(())
	}

	fn expose(
		provider: ProviderId,
		model: &ModelId,
		reserved: Balance,
		exposed: Balance,
	) -> DispatchResult {
		Stakes::try_mutate((provider, *model), |(all_reserved, all_exposed, _)| {
			ensure!(exposed <= reserved, "less was reserved");
			lower(all_reserved, reserved, "less was reserved")?;
			*all_exposed += exposed;
			Ok(())
		})
	}

	fn release(
		provider: ProviderId,
		model: &ModelId,
		reserved: Balance,
		exposed: Balance,
		trace_bytes: u64,
	) -> DispatchResult {
		Stakes::try_mutate((provider, *model), |(all_reserved, all_exposed, trace)| {
			lower(all_reserved, reserved, "less is reserved")?;
			lower(all_exposed, exposed, "less is exposed")?;
			*trace = trace.checked_sub(trace_bytes).ok_or("less is traced")?;
			Ok(())
		})
	}

	fn open_stake(provider: ProviderId, model: &ModelId) -> Option<OpenStake> {
		let (reserved, exposed, trace_bytes) = Stakes::get((provider, *model));
		Some(OpenStake { reserved, exposed, trace_bytes })
	}

	fn slash(_: ProviderId, _: &ModelId, _: Balance, _: &u64) -> Result<Balance, DispatchError> {
		Err("jobs do not slash".into())
	}

	fn total_bonded(_: &ModelId) -> Balance {
		BondOfEach::get()
	}

	fn pledge(_: ProviderId, _: &ModelId, _: Balance, _: bool) -> DispatchResult {
		Err("jobs do not pledge".into())
	}

	fn job_ended(provider: ProviderId, _: &ModelId, settled: Option<(Balance, Balance)>) {
		EndedJobs::append((provider, settled));
	}

	fn units_served(provider: ProviderId, _: &ModelId, units: Balance) {
		Served::mutate(provider, |served| *served += units);
	}

	fn capacity_units_per_day() -> Balance {
		0
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bond_for_benchmark(who: &u64, _: &ModelId, _: Balance) -> ProviderId {
		let known = (1..=PROVIDERS).map(ProviderId).find(|one| !NewOwners::contains_key(one));
		let provider = known.expect("benchmarks need few providers");
		NewOwners::insert(provider, who);
		provider
	}
}

/// Reserve that waits to be shared.
#[storage_alias]
pub type Reserve = StorageValue<MockSettlement, Balance, ValueQuery>;
/// What was shared: job, price, the provider's account, whether listed.
#[storage_alias]
pub type Distributed = StorageValue<MockSettlement, Vec<(JobId, Balance, u64, bool)>, ValueQuery>;

/// The split.
pub struct Splitter;

impl Settlement<u64> for Splitter {
	fn account() -> u64 {
		SPLITTER
	}

	fn terms() -> SplitTerms {
		SplitNow::get()
	}

	fn distribute(
		job: &JobId,
		price: Price,
		provider: &u64,
		listed: bool,
		terms: &SplitTerms,
	) -> Result<Shares, DispatchError> {
		ensure!(!SplitterFails::get(), "the splitter fails");
		Reserve::try_mutate(|reserve| lower(reserve, price.amount, "less was redeemed"))?;
		Distributed::append((job, price.amount, provider, listed));
		Ok(terms.shares_of(price, listed))
	}
}

/// Answers that were told of, with the probability of their audits.
#[storage_alias]
pub type ToldAnswers = StorageValue<MockAudits, Vec<(JobId, CommitmentHash, Perbill)>, ValueQuery>;
/// Answers whose ends were told of.
#[storage_alias]
pub type ToldEnds = StorageValue<MockAudits, Vec<JobId>, ValueQuery>;

/// The audits' pallet.
pub struct AuditDesk;

impl Audits for AuditDesk {
	fn share() -> Perbill {
		AuditShare::get()
	}

	fn answered(job: &JobId, commitment: &CommitmentHash, share: Perbill) {
		ToldAnswers::append((job, commitment, share));
	}

	fn awaits_draw(_: &JobId) -> bool {
		DrawsAreLate::get()
	}

	fn answer_closed(job: &JobId) {
		assert!(!ToldEnds::get().contains(job), "an answer ends once");
		ToldEnds::append(job);
	}
}

/// Reported offences.
#[storage_alias]
pub type Reports = StorageValue<MockOffences, Vec<Offence<u64>>, ValueQuery>;

/// The slashing pallet.
pub struct Court;

impl Offences<u64> for Court {
	fn terms() -> PenaltyTerms {
		PenaltiesNow::get()
	}

	fn report(offence: Offence<u64>) -> DispatchResult {
		Reports::append(offence);
		Ok(())
	}

	fn is_stopped(_: u32, _: &ModelId) -> bool {
		Stopped::get()
	}

	fn is_faulty(_: u32, _: &ModelId) -> bool {
		Faulty::get()
	}

	fn paused_until(_: &ModelId) -> Option<Tick> {
		PausedUntil::get()
	}

	fn is_pending(_: ProviderId, _: &ModelId) -> bool {
		false
	}
}

/// What waits to be claimed.
#[storage_alias]
pub type Claims = StorageMap<MockPayouts, Twox64Concat, u64, Balance, ValueQuery>;

/// Pull payments.
pub struct Cashier;

impl Payouts<u64> for Cashier {
	fn pay(from: &u64, to: &u64, price: Price, reason: PayoutReason) -> DispatchResult {
		assert_eq!((price.quote, reason), (Quote::Native, PayoutReason::DataFee));
		ensure!(!CashierFails::get(), "the cashier fails");
		<Balances as Mutate<u64>>::transfer(from, &CASHIER, price.amount, Preservation::Preserve)?;
		Claims::mutate(to, |claim| *claim += price.amount);
		Ok(())
	}

	fn rotate(_: &u64, _: &u64) -> DispatchResult {
		Err("jobs do not rotate".into())
	}
}

/// What neighbours' ledgers must say whatever jobs do.
pub(super) fn check_neighbours() {
	let jobs: Vec<_> = crate::Jobs::<Test>::iter_values().collect();
	for model in [GENERATOR, EMBEDDER] {
		let open = jobs.iter().filter(|job| job.request.model == model).count();
		assert_eq!(ModelJobs::get(model) as usize, open, "models keep count of open jobs");
	}
	let escrowed: Balance = EscrowedUnits::iter_values().sum();
	let free: Balance = FreeUnits::iter_values().sum();
	assert_eq!(free + escrowed + BurnedUnits::get(), 2 * super::UNITS, "no voucher is lost");
	assert_eq!(escrowed, jobs.iter().map(|job| job.escrow).sum(), "escrow is of open jobs only");
	assert_eq!(Reserve::get(), 0, "all that was redeemed was shared");
	let (reserved, exposed, trace) =
		Stakes::iter_values().fold((0, 0, 0), |(a, b, c), (x, y, z)| (a + x, b + y, c + z));
	let open = |stage| jobs.iter().filter(move |job| job.state.stage() == stage);
	let promised: Balance =
		open(Stage::Accepted).filter_map(|job| job.promise()).map(|p| p.reserved).sum();
	assert_eq!(reserved, promised, "bonds are reserved for open promises only");
	let at_stake: Balance =
		open(Stage::Committed).filter_map(|job| job.answer()).map(|a| a.exposed).sum();
	assert_eq!(exposed, at_stake, "bonds are exposed for answers only that may fall");
	let traced: u64 = open(Stage::Accepted)
		.chain(open(Stage::Committed))
		.map(|job| job.longest.trace_bytes)
		.sum();
	assert_eq!(trace, traced, "traces are of open promises only");
	let account = crate::Pallet::<Test>::account();
	assert_eq!(Balances::free_balance(account), 10, "deposits only pass through");
}
