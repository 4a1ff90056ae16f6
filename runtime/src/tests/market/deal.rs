//! Providers that serve a demo model, vouchers of a series, and jobs: what most tests begin with.

use super::{dispatch, signed};
use crate::{
	genesis_config_presets::market::demo_manifests, units::ASY, AccountId, Balance, Jobs,
	Providers, Runtime, Vouchers,
};
use assay_market::{
	traits::Offer, Assignment, CommitmentHash, JobId, Limits, ModelId, ProviderId, Quote, Request,
	Sampling, SeriesId, TermsHash,
};
use frame_support::assert_ok;
use pallet_jobs::{Blake2, Words};
use sp_keyring::Sr25519Keyring::{self, Bob, Charlie, Dave, Eve};

/// Providers that attest for the model: as many as make it listed. The first one is subscribed.
pub(super) const SERVERS: [Sr25519Keyring; 3] = [Bob, Charlie, Dave];
/// Has vouchers.
pub(super) const USER: Sr25519Keyring = Eve;
/// What each provider bonds.
pub(super) const BOND: Balance = 1_000 * ASY;
/// Units that are subscribed and minted.
pub(super) const UNITS: Balance = 200_000_000;

/// The demo model that generates.
pub(super) fn model() -> ModelId {
	demo_manifests()[0].id::<Blake2>()
}

/// The provider of an account.
pub(super) fn provider_of(owner: Sr25519Keyring) -> ProviderId {
	Providers::membership(owner.to_account_id()).expect("it is registered").provider
}

/// An offer that anybody takes.
pub(super) fn offer() -> Offer {
	Offer {
		min_price_per_unit: 1,
		multiplier_percent: 100,
		deadline_base_ticks: 20,
		deadline_ticks_per_1000_tokens: 10,
		max_open_jobs: 8,
		trace_bytes_per_tick: 1_000_000_000,
		units_per_day: 10_000_000_000,
	}
}

/// Makes an account a provider that is online and offers the model.
pub(super) fn serve(owner: Sr25519Keyring) {
	assert_ok!(dispatch(pallet_providers::Call::register {}, signed(owner)));
	let bond = pallet_providers::Call::bond { model: model(), amount: BOND };
	assert_ok!(dispatch(bond, signed(owner)));
	let set_offer = pallet_providers::Call::set_offer { model: model(), offer: offer() };
	assert_ok!(dispatch(set_offer, signed(owner)));
	assert_ok!(dispatch(pallet_providers::Call::set_online { online: true }, signed(owner)));
}

/// Opens the next series.
pub(super) fn open_series(quote: Quote) -> SeriesId {
	let series = pallet_vouchers::NextSeriesId::<Runtime>::get();
	assert_ok!(dispatch(
		pallet_vouchers::Call::open_series { quote },
		signed(Sr25519Keyring::Ferdie)
	));
	series
}

/// Subscribes the first server to a series and mints what it undertook for the user.
pub(super) fn subscribe_and_mint(series: SeriesId) {
	let subscribe = pallet_vouchers::Call::subscribe { series, model: model(), units: UNITS };
	assert_ok!(dispatch(subscribe, signed(SERVERS[0])));
	let cost = Vouchers::quote_mint(series, UNITS).expect("it is open").cost.total;
	let mint = pallet_vouchers::Call::mint { series, units: UNITS, max_cost: cost };
	assert_ok!(dispatch(mint, signed(USER)));
}

/// A listed model with three providers, and vouchers of a native series in the user's hands.
pub(super) fn open_market() -> SeriesId {
	for owner in SERVERS {
		serve(owner);
		assert_ok!(dispatch(pallet_models::Call::attest { model: model() }, signed(owner)));
	}
	let series = open_series(Quote::Native);
	subscribe_and_mint(series);
	series
}

/// A request for a short answer.
pub(super) fn request(series: SeriesId, assignment: Assignment) -> Request<Words> {
	Request {
		model: model(),
		input: words(&[1, 5, 9]),
		sampling: Sampling::default(),
		limits: Limits { max_tokens: 4 },
		series,
		max_price: UNITS / 4,
		assignment,
		accept_within: 100,
		max_deadline_ticks: 1_000,
		exposure_factor: None,
	}
}

/// Tokens in a call.
pub(super) fn words(tokens: &[u32]) -> Words {
	Words::Inline(tokens.to_vec().try_into().expect("a few tokens"))
}

/// Submits a request; its nonce is the user's next.
pub(super) fn submit(user: Sr25519Keyring, request: Request<Words>) -> JobId {
	let who: AccountId = user.to_account_id();
	let nonce = pallet_jobs::NextNonce::<Runtime>::get(&who);
	let (named, input) = request.clone().with_input(());
	let (named, ()) = named.with_input(input.list());
	let job = named.job::<Blake2>(&who, nonce);
	assert_ok!(dispatch(pallet_jobs::Call::submit { nonce, request }, signed(user)));
	job
}

/// What a job's next acceptance, or its promise, is named by.
pub(super) fn terms_hash(job: JobId) -> TermsHash {
	Jobs::job(job).and_then(|view| view.terms_hash).expect("somebody may accept, or has")
}

/// What a job's answer is named by.
pub(super) fn commitment_hash(job: JobId) -> CommitmentHash {
	Jobs::job(job).and_then(|view| view.commitment_hash).expect("it is answered")
}

/// The provider accepts a job.
pub(super) fn accept(owner: Sr25519Keyring, job: JobId) {
	let accept = pallet_jobs::Call::accept { job, terms_hash: terms_hash(job) };
	assert_ok!(dispatch(accept, signed(owner)));
}

/// The provider answers with fewer tokens than the limit admits.
pub(super) fn commit(owner: Sr25519Keyring, job: JobId) {
	let output = words(&[3, 4, 2]);
	let commit = pallet_jobs::Call::commit { job, terms_hash: terms_hash(job), output };
	assert_ok!(dispatch(commit, signed(owner)));
}
