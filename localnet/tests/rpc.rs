//! JSON-RPC of a development node beyond what the other tests use, and the folder of `--dev`.

use std::{fs, time::Duration};

use anyhow::{ensure, Context, Result};
use assay_localnet::{
	artifacts,
	node::NodeConfig,
	rpc::{BlockId, Rpc},
	wait::{self, Probe},
};
use serde_json::{json, Value};
use subxt::{
	config::{
		substrate::{BlakeTwo256, SubstrateHeader, H256},
		Hasher,
	},
	ext::codec::{Decode, Encode},
	rpcs::{client::RpcParams, methods::legacy::Bytes, rpc_params},
};
use subxt_signer::sr25519::dev;
use tokio::time::timeout;

/// Limit of everything that takes a few blocks.
const BLOCKS_LIMIT: Duration = Duration::from_secs(120);
/// Finalised blocks before the node is asked.
const FINALISED: u64 = 2;

#[tokio::test]
async fn a_development_node_should_answer_and_leave_nothing_behind() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let config = NodeConfig::new("dev", &artifacts::node_binary()?, folder.path());
	// `archive_v1_*` are answered only by nodes that keep everything.
	let keep = ["--state-pruning", "archive", "--blocks-pruning", "archive"];
	let config = config.arguments([&["--dev"][..], &keep].concat()).own_base_path();
	let temporary = config.temporary_folder();
	let mut node = config.start().await?;
	let finalised = wait::until("finalised blocks", BLOCKS_LIMIT, async || {
		let finalised = node.rpc().finalised().await?;
		Ok(Probe::when(finalised.number >= FINALISED, finalised, finalised.to_string()))
	})
	.await?;

	let rpc = node.rpc();
	own_methods(rpc).await.context("assay_*")?;
	babe(rpc).await.context("babe_*")?;
	grandpa(rpc, finalised).await.context("grandpa_*")?;
	light_client_checkpoint(rpc, finalised).await.context("sync_state_*")?;
	archive(rpc, finalised).await.context("archive_v1_*")?;

	let is_empty = || Ok::<_, std::io::Error>(fs::read_dir(&temporary)?.next().is_none());
	ensure!(!is_empty()?, "--dev keeps its chain elsewhere than in a temporary folder");
	node.stop().await?;
	let log = fs::read_to_string(node.log_path())?;
	ensure!(!log.contains("Essential task"), "a stop in order looks like a failure:\n{log}");
	ensure!(is_empty()?, "--dev leaves its temporary folder in {}", temporary.display());
	Ok(())
}

async fn own_methods(rpc: &Rpc) -> Result<()> {
	let version = rpc.request("assay_version", rpc_params![]).await?;
	let node = version["node"].as_str().context("no version of the node")?;
	assert!(rpc.version().await?.ends_with(node), "{node}");
	let runtime = rpc.request("state_getRuntimeVersion", rpc_params![]).await?;
	assert_eq!(version["specName"], runtime["specName"]);
	assert_eq!(version["specVersion"], runtime["specVersion"]);
	assert_eq!(version["slotDurationMs"], 1_000);
	ensure!(version["epochDurationSlots"].as_u64().is_some_and(|slots| slots > 0), "{version}");
	Ok(())
}

async fn babe(rpc: &Rpc) -> Result<()> {
	let authorship = rpc.request("babe_epochAuthorship", rpc_params![]).await?;
	let keys = authorship.as_object().context("not an object by key")?;
	assert_eq!(keys.len(), 1, "one validator: {authorship}");
	let alice = dev::alice().public_key().to_account_id().to_string();
	let slots = &keys.get(&alice).with_context(|| format!("no slots of {alice}"))?;
	let claimed = ["primary", "secondary", "secondary_vrf"]
		.map(|kind| slots[kind].as_array().map_or(0, Vec::len));
	let [primary, without_vrf, secondary] = claimed;
	ensure!(primary + secondary > 0, "the only validator claims no slot: {slots}");
	assert_eq!(without_vrf, 0, "{slots}");
	Ok(())
}

async fn grandpa(rpc: &Rpc, finalised: BlockId) -> Result<()> {
	let state = rpc.request("grandpa_roundState", rpc_params![]).await?;
	assert_eq!(state["best"]["totalWeight"], 1, "{state}");
	ensure!(state["best"]["round"].as_u64().is_some_and(|round| round > 0), "{state}");

	// How finality is proven is in network.rs: it takes a change of authorities.
	let names = ("grandpa_subscribeJustifications", "grandpa_unsubscribeJustifications");
	let client = rpc.client();
	let mut justifications = client.subscribe::<Bytes>(names.0, rpc_params![], names.1).await?;
	let next = timeout(BLOCKS_LIMIT, justifications.next()).await.context("no block is final")?;
	let justification = next.context("the node ends the subscription")??;
	// The round and the block that it finalised.
	let (round, block) = <(u64, H256)>::decode(&mut &justification.0[..])?;
	ensure!(round > 0, "there is no round 0");
	ensure!(rpc.header(block).await?.number > finalised.number, "{block:?} was final before");
	Ok(())
}

async fn light_client_checkpoint(rpc: &Rpc, finalised: BlockId) -> Result<()> {
	let spec = rpc.request("sync_state_genSyncSpec", rpc_params![true]).await?;
	assert_eq!(spec["id"], "assay_dev");
	ensure!(spec["genesis"]["raw"]["top"]["0x3a636f6465"].is_string(), "no runtime");
	let header = hex(&spec["lightSyncState"]["finalizedBlockHeader"])?;
	let header = SubstrateHeader::<H256>::decode(&mut &header[..])?;
	ensure!(header.number >= finalised.number, "it is of #{}", header.number);
	Ok(())
}

async fn archive(rpc: &Rpc, finalised: BlockId) -> Result<()> {
	let call = async |method: &str, params: RpcParams| -> Result<Value> {
		rpc.request(&format!("archive_v1_{method}"), params).await
	};
	let genesis = rpc.hash_at(0).await?.context("the node lost its genesis")?;
	assert_eq!(call("genesisHash", rpc_params![]).await?, json!(genesis));
	let height = call("finalizedHeight", rpc_params![]).await?;
	ensure!(height.as_u64().is_some_and(|height| height >= finalised.number), "{height}");
	let hashes = call("hashByHeight", rpc_params![finalised.number]).await?;
	assert_eq!(hashes, json!([finalised.hash]));

	let header = hex(&call("header", rpc_params![finalised.hash]).await?)?;
	assert_eq!(BlakeTwo256.hash(&header), finalised.hash);
	let body = call("body", rpc_params![finalised.hash]).await?;
	ensure!(body.as_array().is_some_and(|body| !body.is_empty()), "a block has inherents: {body}");
	let unknown = call("body", rpc_params![H256::zero()]).await?;
	assert_eq!(unknown, Value::Null);

	let runtime_call = rpc_params![finalised.hash, "AccountNonceApi_account_nonce", {
		let account = dev::alice().public_key().to_account_id().encode();
		format!("0x{}", account.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
	}];
	let nonce = call("call", runtime_call).await?;
	assert_eq!(nonce["value"], "0x00000000", "{nonce}");
	Ok(())
}

/// The bytes of a JSON text in hexadecimal.
fn hex(value: &Value) -> Result<Vec<u8>> {
	let bytes: Bytes = serde_json::from_value(value.clone())
		.with_context(|| format!("not bytes in hexadecimal: {value}"))?;
	Ok(bytes.0)
}
