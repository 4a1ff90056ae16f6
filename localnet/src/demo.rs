//! `assay-localnet demo`: one development node, one transfer, seen until it is final.

use std::{fmt, path::Path, time::Duration};

use anyhow::{ensure, Context, Result};
use serde_json::{json, Value};
use subxt_signer::sr25519::{dev, Keypair};

use crate::{
	artifacts,
	client::{self, AtBlock, Client, FeePaid, Receipt, Status, Submitted, Transfer},
	node::{Node, NodeConfig},
	progress::Progress,
	rpc::BlockId,
	units::Token,
	wait::{self, Probe},
};

/// How long the node may take to make its first block.
const FIRST_BLOCK_LIMIT: Duration = Duration::from_secs(60);
/// How long the transfer may take until it is final.
const TRANSFER_LIMIT: Duration = Duration::from_secs(120);
/// What Alice sends to Bob, in thousandths of a token.
const MILLI_TOKENS: u128 = 12_500;

/// What the demo saw.
pub struct Seen {
	/// The node's name and version.
	pub node: String,
	/// The chain's token, in whose smallest unit all amounts are.
	pub token: Token,
	/// The first block that was seen.
	pub first_block: BlockId,
	/// From the start of the demo to that block.
	pub seconds_to_first_block: f64,
	/// The transfer.
	pub transfer: SeenTransfer,
	/// From the start of the demo to its end.
	pub seconds: f64,
}

/// What a finalised transfer from Alice to Bob changed.
pub struct SeenTransfer {
	/// The block that holds it.
	pub block: BlockId,
	/// What Bob received.
	pub amount: u128,
	/// What Alice paid besides the amount.
	pub fee: u128,
	/// How much less of the token exists after that block than before it.
	pub burned: u128,
	/// Alice's free balance.
	pub alice: Change,
	/// Bob's free balance.
	pub bob: Change,
	/// From the submission to finality.
	pub seconds_to_finality: f64,
}

/// A free balance around one block.
pub struct Change {
	/// At the block before.
	pub before: u128,
	/// At the block.
	pub after: u128,
}

/// Runs the demo: starts a node, shows its first block, sends a transfer, follows it until it is
/// final, checks what it changed, and stops the node.
///
/// Progress goes to standard error. Errors name the step that failed.
pub async fn run() -> Result<Seen> {
	let progress = Progress::start();
	let folder = artifacts::scratch_folder()?;
	let mut node = start_node(&progress, folder.path()).await?;
	let version = node.rpc().version().await?;
	let first_block = first_block(&progress, &node).await?;
	let seconds_to_first_block = progress.seconds();

	let token = Token::from_properties(&node.rpc().properties().await?)?;
	let chain = client::connect(node.rpc()).await?;
	let transfer = transfer(&progress, &chain, &token).await?;

	node.stop().await?;
	drop(folder);
	progress.say("node stopped, its folder removed");
	let seconds = progress.seconds();
	Ok(Seen { node: version, token, first_block, seconds_to_first_block, transfer, seconds })
}

async fn start_node(progress: &Progress, folder: &Path) -> Result<Node> {
	let binary = artifacts::node_binary()?;
	progress.say(format!("starting {} --dev", binary.display()));
	let node = NodeConfig::new("demo", &binary, folder).arguments(["--dev"]).start().await?;
	progress.say(format!("the node answers at {}", node.rpc_url()));
	Ok(node)
}

async fn first_block(progress: &Progress, node: &Node) -> Result<BlockId> {
	let block = wait::until("the first block", FIRST_BLOCK_LIMIT, async || {
		let best = node.rpc().best().await?;
		Ok(Probe::when(best.number > 0, best, "the genesis block"))
	})
	.await
	.with_context(|| format!("the end of the node's log:\n{}", node.log_tail()))?;
	progress.say(format!("first block: {block}"));
	Ok(block)
}

/// Sends the transfer and checks that the balances changed by what the events say.
async fn transfer(progress: &Progress, chain: &Client, token: &Token) -> Result<SeenTransfer> {
	let (alice, bob) = (dev::alice(), dev::bob());
	let amount = token.one() / 1_000 * MILLI_TOKENS;
	let submitted_at = progress.seconds();
	let submitted = client::submit(chain, &client::transfer(&bob, amount), &alice).await?;
	progress.say(format!("Alice sends {} to Bob", token.format(amount)));
	let receipt = tokio::time::timeout(TRANSFER_LIMIT, follow(progress, submitted))
		.await
		.with_context(|| format!("the transfer is not final after {TRANSFER_LIMIT:?}"))??;
	let seconds_to_finality = progress.seconds() - submitted_at;
	for event in receipt.events_as_text()? {
		progress.say(format!("  event {event}"));
	}
	let moved: Transfer = receipt.events.find_first().context("no Balances.Transfer event")??;
	let fee: FeePaid = receipt.events.find_first().context("no TransactionFeePaid event")??;

	let after = chain.at_block(receipt.block.hash).await.context("cannot read the final block")?;
	let before = client::parent(&after).await?;
	let issued_before = client::total_issuance(&before).await?;
	let issued_after = client::total_issuance(&after).await?;
	let seen = SeenTransfer {
		block: receipt.block,
		amount: moved.amount,
		fee: fee.actual_fee,
		burned: issued_before.saturating_sub(issued_after),
		alice: Change::of(&alice, &before, &after).await?,
		bob: Change::of(&bob, &before, &after).await?,
		seconds_to_finality,
	};
	ensure!(moved.amount == amount, "the event reports another amount: {}", moved.amount);
	ensure!(seen.bob.after == seen.bob.before + amount, "Bob did not receive the exact amount");
	ensure!(
		seen.alice.after + amount + seen.fee == seen.alice.before,
		"Alice did not pay exactly the amount and the fee"
	);
	Ok(seen)
}

/// Reports each step of the transaction until it is in a finalised block.
async fn follow(progress: &Progress, mut submitted: Submitted) -> Result<Receipt> {
	loop {
		match client::next_status(&mut submitted).await? {
			Status::Pending => {}
			Status::InBlock(block) => progress.say(format!("included in {block}")),
			Status::Finalised(receipt) => {
				progress.say(format!("final in {}", receipt.block));
				return Ok(receipt);
			}
		}
	}
}

impl Change {
	async fn of(key: &Keypair, before: &AtBlock, after: &AtBlock) -> Result<Self> {
		let account = client::account_id(key);
		Ok(Self {
			before: client::free_balance(before, &account).await?,
			after: client::free_balance(after, &account).await?,
		})
	}

	fn json(&self) -> Value {
		json!({ "before": self.before.to_string(), "after": self.after.to_string() })
	}
}

impl Seen {
	/// The same as one JSON object. Amounts are decimal text, since they exceed the numbers that
	/// JSON readers keep exact.
	pub fn json(&self) -> Value {
		let transfer = &self.transfer;
		json!({
			"node": self.node,
			"token": { "symbol": self.token.symbol, "decimals": self.token.decimals },
			"first_block": self.first_block.number,
			"seconds_to_first_block": self.seconds_to_first_block,
			"transfer": {
				"block": transfer.block.number,
				"block_hash": transfer.block.hash,
				"amount": transfer.amount.to_string(),
				"fee": transfer.fee.to_string(),
				"burned": transfer.burned.to_string(),
				"alice": transfer.alice.json(),
				"bob": transfer.bob.json(),
				"seconds_to_finality": transfer.seconds_to_finality,
			},
			"seconds": self.seconds,
		})
	}
}

impl fmt::Display for Seen {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let Self { token, transfer, .. } = self;
		let mut line = |label: &str, text: String| writeln!(f, "{label:<14}{text}");
		line("node", self.node.clone())?;
		line("first block", format!("after {:.1} s", self.seconds_to_first_block))?;
		line("transferred", token.format(transfer.amount))?;
		line("final", format!("after {:.1} s", transfer.seconds_to_finality))?;
		line("fee", token.format(transfer.fee))?;
		line("burned", token.format(transfer.burned))?;
		for (name, change) in [("Alice", &transfer.alice), ("Bob", &transfer.bob)] {
			let (before, after) = (token.format(change.before), token.format(change.after));
			line(name, format!("{before} -> {after}"))?;
		}
		write!(f, "the demo passed in {:.1} s", self.seconds)
	}
}
