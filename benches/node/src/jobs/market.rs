//! A market on a fresh development chain: providers with bonds, users with vouchers.

use std::time::Duration;

use anyhow::{Context, Result};
use subxt::{dynamic::Value, events::DecodeAsEvent, ext::scale_decode::DecodeAsType};
use subxt_signer::{
	sr25519::{dev, Keypair},
	DeriveJunction,
};

use super::{
	calls::{self, Hash},
	Plan,
};
use crate::{
	blocks,
	transactions::{send, sign},
};
use assay_localnet::{
	client::{self, AtBlock, Client},
	rpc::Rpc,
	wait::{self, Probe},
};

/// One token, in its smallest unit.
const ASY: u128 = 1_000_000_000_000;
/// What a user gets for vouchers, deposits and fees.
const USER_FUNDS: u128 = 100 * ASY;
/// Bond behind each open job: the least exposure, and what has to stay free beside it.
const BOND_PER_JOB: u128 = 11 * ASY;
/// Bond behind attestations and subscriptions.
const BOND_BASE: u128 = 1_000 * ASY;
/// What a provider has besides its bond, for the deposit and for fees.
const PROVIDER_FUNDS: u128 = 1_000 * ASY;
/// Least units of a subscription.
const LEAST_SUBSCRIPTION: u128 = 100_000_000;
/// Providers that make a model listed.
const ATTESTERS: usize = 3;
/// How long the funding of the accounts may take.
const FUNDING_LIMIT: Duration = Duration::from_secs(300);
/// Blocks in which the accounts must have done their part of the opening.
const OPENING_BLOCKS: u64 = 100;

/// A provider of the run.
pub(super) struct Provider {
	/// Its owner, which has sent one transaction.
	pub(super) owner: Keypair,
	/// Its number.
	pub(super) number: u32,
}

/// A market in which jobs can be asked for.
pub(super) struct Market {
	/// A listed model that generates.
	pub(super) model: Hash,
	/// A series of vouchers, of which the users have enough.
	pub(super) series: u32,
	/// Units that the longest answer costs.
	pub(super) units_per_job: u128,
	/// Who answers. The first one has sent two transactions, the others one.
	pub(super) providers: Vec<Provider>,
	/// Who asks. Each has sent one transaction.
	pub(super) users: Vec<Keypair>,
}

/// Opens a market that is wide enough for a plan.
pub(super) async fn open(chain: &Client, rpc: &Rpc, plan: &Plan) -> Result<Market> {
	let users = accounts("user", plan.users);
	let owners = accounts("provider", plan.providers);
	let jobs_per_provider = plan.jobs.div_ceil(plan.providers);
	let bond = BOND_BASE + u128::from(jobs_per_provider) * BOND_PER_JOB;
	let shares = users.iter().map(|user| (user, USER_FUNDS));
	let shares = shares.chain(owners.iter().map(|owner| (owner, bond + PROVIDER_FUNDS)));
	fund(chain, rpc, &shares.collect::<Vec<_>>()).await.context("cannot fund the accounts")?;

	let model = generating_model(chain).await?;
	let joining = (0..).zip(&owners).map(|(place, owner)| {
		let attests = place < ATTESTERS;
		(calls::become_provider(&model, bond, jobs_per_provider, attests), owner)
	});
	at_once(chain, rpc, joining.collect(), ("Providers", "WentOnline")).await?;
	let at = blocks::newest(chain, rpc).await?;
	let mut providers = Vec::new();
	for owner in owners {
		let number = number_of(&at, &owner).await?;
		providers.push(Provider { owner, number });
	}
	let first = providers.first().context("a plan has providers")?;

	let opened = client::transact(chain, &calls::open_series(), &dev::alice()).await?;
	let opened: SeriesOpened = opened.events.find_first().context("no SeriesOpened event")??;
	let series = opened.series;
	let units_per_job = quote(chain, &model, series, first.number).await?;
	let jobs_per_user = u128::from(plan.jobs.div_ceil(plan.users));
	// One unit always stays free.
	let units_per_user = jobs_per_user * units_per_job + 1;
	let units = (units_per_user * u128::from(plan.users)).max(LEAST_SUBSCRIPTION);
	client::transact(chain, &calls::subscribe(series, &model, units), &first.owner).await?;
	let minting = users.iter().map(|user| (calls::mint(series, units_per_user), user));
	at_once(chain, rpc, minting.collect(), ("Vouchers", "Minted")).await?;
	Ok(Market { model, series, units_per_job, providers, users })
}

/// So many accounts of a kind.
fn accounts(kind: &str, count: u32) -> Vec<Keypair> {
	let root = dev::alice();
	let derive = |index| root.derive([DeriveJunction::hard(kind), DeriveJunction::hard(index)]);
	(0..count).map(derive).collect()
}

/// Sends each account its share of what Alice has, and waits until all have it.
async fn fund(chain: &Client, rpc: &Rpc, shares: &[(&Keypair, u128)]) -> Result<()> {
	let alice = dev::alice();
	let at = chain.at_current_block().await.context("cannot read the chain's state")?;
	let nonce =
		at.tx().account_nonce(&client::account_id(&alice)).await.context("Alice's nonce")?;
	let mut transfers = Vec::new();
	for (nonce, (account, share)) in (nonce..).zip(shares) {
		transfers.push(sign(&at, &client::transfer(account, *share), &alice, nonce)?);
	}
	send(rpc, transfers).await?;
	let (last, share) = shares.last().context("there are accounts")?;
	wait::until("the funding of the accounts", FUNDING_LIMIT, async || {
		let at = chain.at_current_block().await?;
		let funded = client::free_balance(&at, &client::account_id(last)).await? == *share;
		Ok(Probe::when(funded, (), "the last account has nothing"))
	})
	.await
}

/// Sends the first transaction of each account, and waits until each has caused its event.
async fn at_once(
	chain: &Client,
	rpc: &Rpc,
	calls: Vec<(calls::Call, &Keypair)>,
	event: blocks::Counted,
) -> Result<()> {
	let at = chain.at_current_block().await.context("cannot read the chain's state")?;
	let signed: Vec<_> =
		calls.iter().map(|(call, signer)| sign(&at, call, signer, 0)).collect::<Result<_>>()?;
	let (first, expected) = (rpc.best().await?.number, signed.len() as u64);
	send(rpc, signed).await?;
	blocks::until(chain, rpc, (first, OPENING_BLOCKS), event, expected).await?;
	Ok(())
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct SeriesOpened {
	series: u32,
}

impl DecodeAsEvent for SeriesOpened {
	fn is_event(pallet: &str, event: &str) -> bool {
		pallet == "Vouchers" && event == "SeriesOpened"
	}
}

/// The first model that generates; genesis registers one.
async fn generating_model(chain: &Client) -> Result<Hash> {
	#[derive(DecodeAsType)]
	#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
	struct Page {
		models: Vec<(Hash, Facts)>,
	}
	#[derive(DecodeAsType)]
	#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
	struct Facts {
		kind: Value,
	}
	let at = chain.at_current_block().await.context("cannot read the chain's state")?;
	let arguments = vec![calls::none(), calls::none(), Value::u128(100)];
	let page: Page = client::view(&at, "Models", "models", arguments)
		.await
		.context("has the chain a market?")?;
	let generates = |facts: &Facts| format!("{}", facts.kind).starts_with("Generate");
	let found = page.models.into_iter().find(|(_, facts)| generates(facts));
	found.map(|(model, _)| model).context("no model of the chain generates")
}

async fn number_of(at: &AtBlock, owner: &Keypair) -> Result<u32> {
	#[derive(DecodeAsType)]
	#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
	struct Membership {
		provider: u32,
	}
	let arguments = vec![Value::from_bytes(owner.public_key())];
	let membership: Option<Membership> =
		client::view(at, "Providers", "membership", arguments).await?;
	membership.map(|one| one.provider).context("an account did not become a provider")
}

/// Units that the longest answer costs at a provider.
async fn quote(chain: &Client, model: &Hash, series: u32, provider: u32) -> Result<u128> {
	#[derive(DecodeAsType)]
	#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
	struct Quotation {
		units: u128,
	}
	let at = chain.at_current_block().await.context("cannot read the chain's state")?;
	let arguments = calls::quote_arguments(model, series, provider);
	let quotation: Result<Quotation, Value> = client::view(&at, "Jobs", "quote", arguments).await?;
	let quotation = quotation.map_err(|error| anyhow::anyhow!("no quote: {error}"))?;
	Ok(quotation.units)
}
