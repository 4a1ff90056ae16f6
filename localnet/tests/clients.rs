//! Clients of both ecosystems against a development node: a transfer, its event, its fee; and the
//! documentation's example, which drives a job through the market.
//!
//! The JavaScript clients need Node.js 20 or newer with npm; their packages are installed from the
//! `package-lock.json` of their folder into its `node_modules` once.

use std::{
	fs::{self, File},
	path::{Path, PathBuf},
	process::Command,
	time::Duration,
};

use anyhow::{ensure, Context, Result};
use assay_localnet::{
	artifacts,
	client::{self, account_id, AtBlock, FeePaid, Transfer},
	command, demo,
	node::{Node, NodeConfig},
};
use serde_json::Value;
use subxt::{
	config::DefaultExtrinsicParamsBuilder,
	dynamic,
	ext::scale_decode::DecodeAsType,
	utils::{AccountId32, H256},
	SubstrateConfig,
};
use subxt_signer::sr25519::dev;

/// How long the installation of the packages may take.
const INSTALL_LIMIT: Duration = Duration::from_secs(300);
/// How long a JavaScript client may take from its start to the finalised transfer.
const CLIENT_LIMIT: Duration = Duration::from_secs(180);
/// How long the example of a job may take: a dozen finalised transactions, and the window in which the
/// answer may be challenged.
const JOB_LIMIT: Duration = Duration::from_secs(600);
/// What is transferred, in the smallest unit; more than a JavaScript number holds exactly.
const AMOUNT: u128 = 12_345_678_901_234_567;

#[tokio::test]
async fn the_demo_should_pass_and_burn_the_fee() -> Result<()> {
	let seen = demo::run().await?;
	assert!(seen.transfer.fee > 0);
	assert_eq!(seen.transfer.burned, seen.transfer.fee);
	Ok(())
}

#[tokio::test]
async fn subxt_should_transfer_and_read_the_event() -> Result<()> {
	const TIP: u128 = 7_000_000_000;
	let folder = artifacts::scratch_folder()?;
	let mut node = dev_node(folder.path()).await?;
	let chain = client::connect(node.rpc()).await?;
	let (alice, bob) = (dev::alice(), dev::bob());

	let params = DefaultExtrinsicParamsBuilder::<SubstrateConfig>::new().tip(TIP).build();
	let receipt = chain
		.tx()
		.await?
		.sign_and_submit_then_watch(&client::transfer(&bob, AMOUNT), &alice, params)
		.await?;
	let receipt = client::finalised(receipt).await?;

	let transfer: Transfer = receipt.events.find_first().context("no Transfer event")??;
	assert_eq!(transfer.from, account_id(&alice));
	assert_eq!(transfer.to, account_id(&bob));
	assert_eq!(transfer.amount, AMOUNT);
	let fee: FeePaid = receipt.events.find_first().context("no TransactionFeePaid event")??;
	assert_eq!(fee.tip, TIP);

	let after = chain.at_block(receipt.block.hash).await?;
	let before = client::parent(&after).await?;
	let burned = client::total_issuance(&before).await? - client::total_issuance(&after).await?;
	assert_eq!(burned, fee.actual_fee - TIP, "the fee burns, the tip does not");
	node.stop().await
}

#[tokio::test]
async fn polkadot_api_should_transfer_and_read_the_event() -> Result<()> {
	javascript_client_should_transfer("papi.mjs").await?;
	Ok(())
}

#[tokio::test]
async fn polkadot_js_should_sign_for_the_chosen_transaction_extensions() -> Result<()> {
	let seen = javascript_client_should_transfer("polkadot-js.mjs").await?;
	let unknown = &seen["unknownExtensions"];
	assert_eq!(
		*unknown,
		serde_json::json!(["AuthorizeCall"]),
		"js/polkadot-js.mjs lists the extensions that polkadot-js does not know; correct the list",
	);
	Ok(())
}

#[tokio::test]
async fn the_documented_example_should_drive_a_job_to_its_end() -> Result<()> {
	let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/one-job");
	install_packages(&example).await?;
	let folder = artifacts::scratch_folder()?;
	let mut node = dev_node(folder.path()).await?;

	let mut command = Command::new("node");
	command.current_dir(&example).args(["one-job.mjs", "--json", node.rpc_url()]);
	let finished = command::run(&mut command, JOB_LIMIT).await?;
	ensure!(finished.status.success(), "the example failed:\n{}", finished.stderr);
	let seen: Value = serde_json::from_str(&finished.stdout)
		.with_context(|| format!("the example printed no JSON object: {}", finished.stdout))?;

	let outcome = &seen["ended"]["outcome"];
	assert_eq!(outcome["type"], "Settled", "{outcome}");
	let amount = |value: &Value| -> Result<u128> {
		value
			.as_str()
			.and_then(|text| text.parse().ok())
			.with_context(|| format!("{value}: no amount"))
	};
	let shares = &outcome["value"]["shares"];
	let (price, burned) =
		(amount(&outcome["value"]["price"]["amount"])?, amount(&shares["burned"])?);
	assert!(price > 0, "an answer costs something");
	// Of a hundred, 70 are the provider's, and 15 burn.
	assert_eq!(amount(&shares["provider"])?, price * 70 / 100);
	assert_eq!(burned, price * 15 / 100);
	assert!(amount(&seen["claimed"])? >= amount(&shares["provider"])?);
	// What the example counts is what the node has. Nobody else sends transactions, but validators'
	// parts burn at the ends of eras too.
	assert!(amount(&seen["burned"])? >= amount(&seen["fees"])? + burned);
	let head = node.rpc().finalised().await?;
	let settled =
		jobs_settled(&client::connect(node.rpc()).await?.at_block(head.hash).await?).await?;
	assert_eq!(settled, 1);
	node.stop().await
}

/// How many jobs were ever settled.
async fn jobs_settled(at: &AtBlock) -> Result<u64> {
	#[derive(DecodeAsType)]
	#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
	struct Totals {
		ended: Ended,
	}
	#[derive(DecodeAsType)]
	#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
	struct Ended {
		settled: u64,
	}
	let totals = dynamic::storage::<(), Totals>("Jobs", "Totals");
	let totals = at.storage().fetch(totals, ()).await.context("Jobs.Totals")?;
	Ok(totals.decode().context("cannot decode Jobs.Totals")?.ended.settled)
}

/// Runs a client against a new node and checks what it reports against the node's own state.
async fn javascript_client_should_transfer(script: &str) -> Result<Value> {
	install_packages(&js_folder()).await?;
	let folder = artifacts::scratch_folder()?;
	let mut node = dev_node(folder.path()).await?;

	let mut command = Command::new("node");
	command.current_dir(js_folder()).arg(script).arg(node.rpc_url()).arg(AMOUNT.to_string());
	let finished = command::run(&mut command, CLIENT_LIMIT).await?;
	ensure!(finished.status.success(), "{script} failed:\n{}", finished.stderr);
	// Warnings too: a wallet that warns about the chain's extensions frightens its users. That
	// polkadot-js has no functions for the newer RPC methods it says of every Substrate node.
	let mut complaints = finished.stderr.lines().filter(|line| !line.trim().is_empty());
	let complaint = complaints.find(|line| !line.contains("RPC methods not decorated"));
	ensure!(complaint.is_none(), "{script} complains:\n{}", finished.stderr);
	let seen: Value = serde_json::from_str(&finished.stdout)
		.with_context(|| format!("{script} printed no JSON object: {}", finished.stdout))?;

	let (alice, bob) = (account_id(&dev::alice()), account_id(&dev::bob()));
	let transfers = seen["transfers"].as_array().context("no list of transfers")?;
	ensure!(transfers.len() == 1, "not one transfer event: {transfers:?}");
	assert_eq!(transfers[0]["from"], alice.to_string());
	assert_eq!(transfers[0]["to"], bob.to_string());
	assert_eq!(transfers[0]["amount"], AMOUNT.to_string());
	let number = seen["block"].as_u64().context("no block number")?;
	assert_eq!(seen["bob"], balance_at(&node, number, &bob).await?.to_string());
	node.stop().await?;
	Ok(seen)
}

async fn balance_at(node: &Node, number: u64, account: &AccountId32) -> Result<u128> {
	let hash: H256 = node.rpc().hash_at(number).await?.context("the node lost a block")?;
	let chain = client::connect(node.rpc()).await?;
	client::free_balance(&chain.at_block(hash).await?, account).await
}

async fn dev_node(folder: &Path) -> Result<Node> {
	NodeConfig::new("dev", &artifacts::node_binary()?, folder).arguments(["--dev"]).start().await
}

fn js_folder() -> PathBuf {
	Path::new(env!("CARGO_MANIFEST_DIR")).join("js")
}

/// Installs the packages of a folder's lock file, unless that was done before.
async fn install_packages(folder: &Path) -> Result<()> {
	// Tests run at the same time, in other threads or processes: one of them installs.
	let lock = File::create(Path::new(env!("CARGO_TARGET_TMPDIR")).join("npm.lock"))?;
	let lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await??;
	let wanted = fs::read(folder.join("package-lock.json"))?;
	let installed = folder.join("node_modules/.assay-installed");
	if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
		return Ok(());
	}
	let mut npm = Command::new("npm");
	npm.current_dir(folder).arg("ci");
	let finished = command::run(&mut npm, INSTALL_LIMIT)
		.await
		.context("the JavaScript clients need Node.js 20 or newer with npm")?;
	ensure!(finished.status.success(), "`npm ci` failed:\n{}", finished.stderr);
	fs::write(installed, wanted)?;
	drop(lock);
	Ok(())
}
