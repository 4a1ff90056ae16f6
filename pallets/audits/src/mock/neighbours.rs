//! The pallets that audits deal with, as ledgers in storage, so that what fails is rolled back here
//! too. What they answer is set by tests.

use std::collections::BTreeMap;

use assay_market::{
	traits::{
		AuditRule, Auditable, Audits as _, Bonds, ClaimEnd, Clock, Disputable, DisputeTerms,
		ExposureTerms, Finding, GameNotices, Offence, OffenceKind, Offences, Offer, OfferSearch,
		OpenGame, PayoutReason, Payouts, PenaltyTerms, Settlement, Shares, SlashShares, Split,
		SplitTerms, TraceClaim, Verdict,
	},
	Balance, Commitment, CommitmentHash, Conditions, JobId, Limits, ModelId, Price, ProviderId,
	Quote, Sampling, SeriesId, Terms, Tick, TokenList,
};
use assay_primitives::{merkle::Path, Hash, TokenRoot};
use codec::{Decode, Encode};
use frame_support::{
	dispatch::DispatchResult,
	ensure, parameter_types,
	storage::types::{OptionQuery, ValueQuery},
	storage_alias,
	traits::{fungible::Mutate, tokens::Preservation},
	Twox64Concat,
};
use sp_runtime::{DispatchError, Perbill};

use super::*;

/// Bond of each provider for each model.
pub(crate) const BOND: Balance = 1_000_000;
/// Providers of the mock, the one that answers included.
pub(crate) const PROVIDERS: u32 = 12;
/// What an answer puts at stake.
pub(crate) const EXPOSURE: Balance = 10_000;
/// What a signed falsehood costs: a quarter of it.
pub(crate) const FALSEHOOD: Balance = 2_500;
/// What an answer costs in the native token.
pub(crate) const PRICE: Balance = 1_000;
/// An auditor's fee: 40 percent, and two calls.
pub(crate) const FEE: Balance = 400 + 2 * CALL;

parameter_types! {
	pub static Now: Tick = 1;
	pub static Share: Perbill = Perbill::one();
	pub static AtStake: Balance = EXPOSURE;
	pub static TraceBytes: u64 = 0;
	pub static TreasurySplit: Split = whole();
	pub static Unbonded: Vec<ProviderId> = Vec::new();
	pub static GamesAreRefused: bool = false;
	pub static ClaimsAreWrong: bool = false;
	/// Whether a game is over as soon as it is opened, since the provider showed this root.
	pub static Posted: Option<Hash> = None;
	pub static CashierFails: bool = false;
	pub static JobsFail: bool = false;
}

/// A split of which the treasury has enough for audits of every answer.
fn whole() -> Split {
	let percent = sp_runtime::Permill::from_percent;
	Split {
		provider: percent(10),
		burn: percent(10),
		validators: percent(0),
		treasury: percent(80),
	}
}

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
	Share::set(Perbill::one());
	AtStake::set(EXPOSURE);
	TraceBytes::set(0);
	TreasurySplit::set(whole());
	Unbonded::set(Vec::new());
	GamesAreRefused::set(false);
	ClaimsAreWrong::set(false);
	Posted::set(None);
	CashierFails::set(false);
	JobsFail::set(false);
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

/// The rule of audits.
pub struct Rule;

impl AuditRule for Rule {
	fn audit_share() -> Perbill {
		Share::get()
	}

	fn false_audit() -> Perbill {
		Perbill::from_percent(25)
	}

	fn min_exposure() -> Balance {
		EXPOSURE
	}
}

/// An answer of the mock.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct Answered {
	/// What it is named by.
	pub commitment: CommitmentHash,
	/// Games and audits that hold it.
	pub open: u32,
}

/// Answers that may still fall.
#[storage_alias]
pub(crate) type Answers = StorageMap<MockJobs, Twox64Concat, JobId, Answered, OptionQuery>;

/// The jobs' pallet.
pub struct AnswerLedger;

/// What an answer is named by.
pub(crate) fn commitment(job: JobId) -> CommitmentHash {
	let mut hash = job.0;
	hash.0[0] ^= 0xff;
	CommitmentHash(hash)
}

/// An answer is committed, and told of.
pub(crate) fn answer(number: u8) -> JobId {
	let job = job(number);
	Answers::insert(job, Answered { commitment: commitment(job), open: 0 });
	Audits::answered(&job, &commitment(job), Share::get());
	job
}

/// An answer stands for good, or falls, or is void; nothing holds it any more.
pub(crate) fn close_answer(job: JobId) {
	assert!(Answers::take(job).is_some(), "an answer ends once");
	Audits::answer_closed(&job);
}

impl Auditable for AnswerLedger {
	fn hold_for_audit(job: &JobId, commitment: &CommitmentHash) -> DispatchResult {
		<Self as Disputable<AccountId>>::dispute_terms(job, commitment)?;
		Answers::mutate(job, |answer| answer.as_mut().unwrap().open += 1);
		Ok(())
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn answered_for_benchmark() -> Result<(ModelId, JobId, CommitmentHash), DispatchError> {
		let job = job(77);
		Answers::insert(job, Answered { commitment: commitment(job), open: 0 });
		Ok((MODEL, job, commitment(job)))
	}
}

impl Disputable<AccountId> for AnswerLedger {
	fn dispute_terms(
		job: &JobId,
		commitment: &CommitmentHash,
	) -> Result<DisputeTerms<AccountId>, DispatchError> {
		ensure!(!JobsFail::get(), "jobs fail");
		let answer = Answers::get(job).ok_or("no such job")?;
		ensure!(answer.commitment == *commitment, "another commitment");
		let list = TokenList { root: TokenRoot::default(), length: 1 };
		Ok(DisputeTerms {
			terms: Terms {
				model: MODEL,
				input: list,
				sampling: Sampling::default(),
				limits: Limits { max_tokens: 1 },
				series: SeriesId(1),
				numerics_version: 3,
				conditions: Conditions {
					provider: ANSWERER,
					rate_millionths: 1_000_000,
					unit_price: Price { quote: Quote::Native, amount: 1 },
					deadline_ticks: 10,
					exposure: ExposureTerms { factor: 160, minimum: EXPOSURE },
				},
			},
			user: USER,
			commitment: Commitment::Tokens(list),
			exposure: AtStake::get(),
			price: PRICE,
			trace_bytes: TraceBytes::get(),
			trace_bytes_per_tick: 1,
			penalty: penalties(),
			window_ends_at: 150,
			accepted_at: 0,
		})
	}

	fn hold(_: &JobId, _: &CommitmentHash) -> DispatchResult {
		Err("audits are no games".into())
	}

	fn hold_further(_: &JobId, _: &CommitmentHash) -> DispatchResult {
		Err("audits are no games".into())
	}

	fn extend_window(_: &JobId, _: Tick) -> DispatchResult {
		Err("audits extend nothing".into())
	}

	fn decide(job: &JobId, verdict: Verdict<AccountId>) -> DispatchResult {
		assert_eq!(verdict, Verdict::Upheld, "audits decide nothing else");
		ensure!(!JobsFail::get(), "jobs fail");
		Answers::try_mutate(job, |answer| {
			let answer = answer.as_mut().ok_or("no such job")?;
			answer.open = answer.open.checked_sub(1).ok_or("nothing is open")?;
			Ok(())
		})
	}
}

/// Games that audits opened: the claimant, since when, and the root.
#[storage_alias]
pub type Games =
	StorageMap<MockDisputes, Twox64Concat, JobId, Vec<(AccountId, Tick, TraceClaim)>, ValueQuery>;

/// The disputes' pallet.
pub struct Arena;

impl OpenGame<AccountId> for Arena {
	fn check_claim(_: &JobId, _: &CommitmentHash, _: &TraceClaim) -> DispatchResult {
		ensure!(!ClaimsAreWrong::get(), "the path shows something else");
		Ok(())
	}

	fn open_game(
		job: &JobId,
		commitment: &CommitmentHash,
		auditor: &AccountId,
		sealed_at: Tick,
		claim: &TraceClaim,
	) -> DispatchResult {
		ensure!(!GamesAreRefused::get(), "no games");
		Self::check_claim(job, commitment, claim)?;
		AnswerLedger::hold_for_audit(job, commitment)?;
		Games::mutate(job, |games| games.push((*auditor, sealed_at, claim.clone())));
		if Posted::get() == Some(claim.root) {
			end_game(*job, *auditor, ClaimEnd::Won);
		}
		Ok(())
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn claim_for_benchmark(
		_: &JobId,
		_: &CommitmentHash,
		finding: Finding,
	) -> Result<TraceClaim, DispatchError> {
		Ok(claim(1, finding))
	}
}

/// A game ends: its hold is over, and the audit is told.
pub(crate) fn end_game(job: JobId, claimant: AccountId, end: ClaimEnd) {
	Games::mutate(job, |games| games.retain(|(other, ..)| *other != claimant));
	Answers::mutate(job, |answer| {
		if let Some(answer) = answer {
			answer.open -= 1;
		}
	});
	Audits::claim_ended(&job, &claimant, end);
}

/// A claim beats the answer: the job falls. The winner's game ends with it.
pub(crate) fn lose(job: JobId, winner: Option<AccountId>) {
	let terms = AnswerLedger::dispute_terms(&job, &commitment(job)).unwrap();
	Audits::job_lost(&job, &terms);
	close_answer(job);
	for (claimant, ..) in Games::take(job) {
		let end = if winner == Some(claimant) { ClaimEnd::Won } else { ClaimEnd::Undecided };
		Audits::claim_ended(&job, &claimant, end);
	}
}

/// A claim with the root of this number.
pub(crate) fn claim(root: u8, finding: Finding) -> TraceClaim {
	let last_leaf = Path { index: 8, leaves: 9, siblings: vec![Hash([root; 32]); 8] };
	TraceClaim { root: Hash([root; 32]), finding, last_leaf }
}

/// What providers have pledged.
#[storage_alias]
pub type Pledged = StorageMap<MockBonds, Twox64Concat, (ProviderId, ModelId), Balance, ValueQuery>;
/// What was slashed, each with what was free of pledges then.
#[storage_alias]
pub type Reports = StorageValue<MockOffences, Vec<Offence<AccountId>>, ValueQuery>;

/// The providers' pallet.
pub struct BondLedger;

impl Bonds<AccountId> for BondLedger {
	fn provider_of(who: &AccountId) -> Option<ProviderId> {
		#[cfg(feature = "runtime-benchmarks")]
		if let Some(place) = BenchmarkOwners::get().iter().position(|owner| owner == who) {
			return Some(ProviderId(FIRST_OF_BENCHMARK + place as u32));
		}
		let all = (0..PROVIDERS).map(ProviderId);
		let is = |one: &ProviderId| Self::owner(*one) == Some(*who) || delegate(one.0) == *who;
		all.into_iter().find(is)
	}

	fn owner(provider: ProviderId) -> Option<AccountId> {
		#[cfg(feature = "runtime-benchmarks")]
		if let Some(place) = provider.0.checked_sub(FIRST_OF_BENCHMARK) {
			return BenchmarkOwners::get().get(place as usize).copied();
		}
		// The last provider is the user's own.
		match provider.0 {
			number if number + 1 == PROVIDERS => Some(USER),
			number if number < PROVIDERS => Some(owner(number)),
			_ => None,
		}
	}

	fn offer(_: ProviderId, _: &ModelId) -> Option<Offer> {
		None
	}

	fn best_offers(_: &ModelId, _: &OfferSearch) -> Vec<ProviderId> {
		Vec::new()
	}

	fn is_bonded(provider: ProviderId, _: &ModelId) -> bool {
		!Unbonded::get().contains(&provider)
	}

	fn free_bond(provider: ProviderId, model: &ModelId) -> Balance {
		BOND - Pledged::get((provider, *model))
	}

	fn reserve(_: ProviderId, _: &ModelId, _: Balance, _: u64) -> DispatchResult {
		Err("audits reserve nothing".into())
	}

	fn expose(_: ProviderId, _: &ModelId, _: Balance, _: Balance) -> DispatchResult {
		Err("audits expose nothing".into())
	}

	fn release(_: ProviderId, _: &ModelId, _: Balance, _: Balance, _: u64) -> DispatchResult {
		Err("audits release nothing".into())
	}

	fn slash(
		_: ProviderId,
		_: &ModelId,
		_: Balance,
		_: &AccountId,
	) -> Result<Balance, DispatchError> {
		Err("audits do not slash".into())
	}

	fn total_bonded(_: &ModelId) -> Balance {
		BOND
	}

	fn pledge(provider: ProviderId, model: &ModelId, bond: Balance, bind: bool) -> DispatchResult {
		Pledged::try_mutate((provider, *model), |pledged| {
			let after = if bind { pledged.checked_add(bond) } else { pledged.checked_sub(bond) };
			*pledged = after.filter(|after| *after <= BOND).ok_or("too little free bond")?;
			Ok(())
		})
	}

	fn job_ended(_: ProviderId, _: &ModelId, _: Option<(Balance, Balance)>) {}

	fn capacity_units_per_day() -> Balance {
		0
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bond_for_benchmark(who: &AccountId, _: &ModelId, _: Balance) -> ProviderId {
		BenchmarkOwners::append(who);
		ProviderId(FIRST_OF_BENCHMARK + BenchmarkOwners::get().len() as u32 - 1)
	}
}

/// The first provider that a benchmark makes.
#[cfg(feature = "runtime-benchmarks")]
const FIRST_OF_BENCHMARK: u32 = 1_000;

/// Owners of the providers that benchmarks made, from the first on.
#[cfg(feature = "runtime-benchmarks")]
#[storage_alias]
pub type BenchmarkOwners = StorageValue<MockBonds, Vec<AccountId>, ValueQuery>;

/// The slashing pallet.
pub struct Court;

impl Offences<AccountId> for Court {
	fn terms() -> PenaltyTerms {
		penalties()
	}

	fn report(offence: Offence<AccountId>) -> DispatchResult {
		Reports::append(offence);
		Ok(())
	}

	fn is_stopped(_: u32, _: &ModelId) -> bool {
		false
	}

	fn is_faulty(_: u32, _: &ModelId) -> bool {
		false
	}

	fn is_pending(_: ProviderId, _: &ModelId) -> bool {
		false
	}
}

/// What was punished so far: who, for what, and by how much.
pub(crate) fn punished() -> Vec<(u32, OffenceKind, Balance)> {
	let reports = Reports::get().into_iter().map(|offence| {
		assert_eq!((offence.model, offence.numerics_version), (MODEL, 3));
		assert_eq!((offence.terms, offence.lost), (penalties(), None));
		(offence.provider.0, offence.kind, offence.exposure)
	});
	reports.collect()
}

/// What was paid, by account.
#[storage_alias]
pub type PaidOut = StorageMap<MockPayouts, Twox64Concat, AccountId, Balance, ValueQuery>;

/// Pull payments.
pub struct Cashier;

impl Payouts<AccountId> for Cashier {
	fn pay(from: &AccountId, to: &AccountId, price: Price, reason: PayoutReason) -> DispatchResult {
		assert_eq!((price.quote, reason), (Quote::Native, PayoutReason::AuditFee));
		ensure!(!CashierFails::get(), "the cashier fails");
		Balances::transfer(from, &CASHIER, price.amount, Preservation::Preserve)?;
		PaidOut::mutate(to, |paid| *paid += price.amount);
		Ok(())
	}

	fn rotate(_: &AccountId, _: &AccountId) -> DispatchResult {
		Err("audits rotate nobody".into())
	}
}

/// The split.
pub struct Splitter;

impl Settlement<AccountId> for Splitter {
	fn account() -> AccountId {
		TREASURY
	}

	fn terms() -> SplitTerms {
		SplitTerms { split: TreasurySplit::get(), ..Default::default() }
	}

	fn distribute(
		_: &JobId,
		_: Price,
		_: &AccountId,
		_: bool,
		_: &SplitTerms,
	) -> Result<Shares, DispatchError> {
		Err("audits settle nothing".into())
	}
}

/// Bonds are pledged for stakes and for nothing else; each answer is held by its open audit and its
/// games.
pub(super) fn check_neighbours() {
	let mut stakes = BTreeMap::new();
	for (model, roster) in crate::Roster::<Test>::iter() {
		stakes.extend(roster.into_iter().map(|entry| ((entry.provider, model), entry.stake)));
	}
	let pledged: BTreeMap<_, _> = Pledged::iter().filter(|(_, pledged)| *pledged > 0).collect();
	assert_eq!(stakes, pledged, "pledges are stakes");
	for (job, answer) in Answers::iter() {
		let audited = crate::Audits::<Test>::get(job)
			.is_some_and(|audit| audit.stage != crate::Stage::Concluded);
		let games = Games::get(job).len() as u32;
		assert_eq!(
			answer.open,
			games + u32::from(audited),
			"an answer is held while it is checked"
		);
	}
}
