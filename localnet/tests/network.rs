//! Three validators on loopback: finality, a crash, late nodes, new session keys, a new runtime.
//!
//! GRANDPA needs the votes of more than two thirds, of three validators all three: every block
//! that becomes final here proves that each of them votes.

use std::{fs, time::Duration};

use anyhow::{ensure, Context, Result};
use assay_localnet::{
	artifacts,
	client::{self, AtBlock, Client},
	network::{Network, VALIDATORS},
	rpc::{BlockId, Rpc},
	wait::{self, Probe},
};
use subxt::{
	config::{
		substrate::{DigestItem, H256},
		Hasher,
	},
	dynamic,
	ext::codec::Decode,
	rpcs::{methods::legacy::Bytes, rpc_params},
};
use subxt_signer::{sr25519::dev, DeriveJunction};

/// Limit of everything that takes a few blocks. A slot is three seconds, but the nodes may share
/// few cores with other tests.
const BLOCKS_LIMIT: Duration = Duration::from_secs(180);
/// Limit of a change of session keys, which waits for the ends of two epochs of half a minute.
const SESSIONS_LIMIT: Duration = Duration::from_secs(300);
/// Blocks before and after a runtime upgrade that are looked at.
const BLOCKS_AROUND_UPGRADE: u64 = 4;
/// Thirty slots without a block are a stall (milliseconds). All nodes compile the new runtime in the
/// same moment: where they share few cores with other work, that alone takes several slots.
const STALL: u64 = 90_000;
/// Mark of BABE's entries in a header's digest.
const BABE_ENGINE: [u8; 4] = *b"BABE";
/// Length of one session key.
const KEY_LENGTH: usize = 32;

#[tokio::test]
async fn a_killed_validator_should_catch_up_and_late_nodes_should_sync() -> Result<()> {
	let mut network = Network::start(VALIDATORS.len()).await?;
	all_finalise(&network, 2).await.context("three validators")?;

	network.kill("bob")?;
	let crash = best_of(&network, "alice").await?.number;
	wait::until("three blocks without Bob", BLOCKS_LIMIT, async || {
		let best = best_of(&network, "alice").await?;
		Ok(Probe::when(best.number >= crash + 3, (), best.to_string()))
	})
	.await?;
	network.restart("bob").await?;
	let missed = best_of(&network, "alice").await?.number;
	all_finalise(&network, missed + 1).await.context("after Bob's crash")?;

	network.join("full", ["--sync", "full"]).await?;
	network.join("warp", ["--sync", "warp"]).await?;
	// Beyond the head at their start, so they must follow new blocks as well.
	let head = best_of(&network, "alice").await?.number;
	all_finalise(&network, head + 1).await.context("with late nodes")?;
	let log = fs::read_to_string(network.node("warp")?.log_path())?;
	ensure!(log.contains("Warp sync is complete"), "the node did not sync by warp:\n{log}");

	let metrics = network.node("alice")?.metrics().await?;
	ensure!(metrics.contains("substrate_block_height{status=\"finalized\""), "{metrics}");
	network.stop().await
}

#[tokio::test]
async fn a_change_of_session_keys_should_not_stop_finality() -> Result<()> {
	let network = Network::start(VALIDATORS.len()).await?;
	let bob_stash = dev::bob().derive([DeriveJunction::hard("stash")]);
	let owner = client::account_id(&bob_stash);
	let keys = network.node("bob")?.rpc().rotate_keys(&owner.0).await?;
	let (babe_key, grandpa_key) = keys.public.split_at(KEY_LENGTH);

	let alice = network.node("alice")?.rpc();
	let chain = client::connect(alice).await?;
	let call = client::set_keys(&chain.at_current_block().await?, &keys)?;
	client::transact(&chain, &call, &bob_stash).await?;

	let (changed, babe_index) = wait::until("Bob's new keys", SESSIONS_LIMIT, async || {
		let at = chain.at_current_block().await?;
		let grandpa = index_in(&grandpa_authorities(&at).await?, grandpa_key);
		let babe = index_in(&babe_authorities(&at).await?, babe_key);
		let seen = format!("{}: BABE {babe:?}, GRANDPA {grandpa:?}", client::block_id(&at));
		Ok(match (babe, grandpa) {
			(Some(index), Some(_)) => Probe::Holds((at.block_number(), index)),
			_ => Probe::NotYet(seen),
		})
	})
	.await?;

	all_finalise(&network, changed + 3).await.context("with Bob's new keys")?;
	wait::until("a block by Bob with the new key", BLOCKS_LIMIT, async || {
		let head = alice.finalised().await?.number;
		for number in changed + 1..=head {
			if author_of(alice, number).await? == babe_index {
				return Ok(Probe::Holds(()));
			}
		}
		Ok(Probe::NotYet(format!("none in #{}..=#{head}", changed + 1)))
	})
	.await?;

	// Those who were away are led over the change by a proof that the block before it is final.
	let proof = alice.request("grandpa_proveFinality", rpc_params![1]).await?;
	let proof: Bytes = serde_json::from_value(proof).context("no proof of finality")?;
	let proven = H256::decode(&mut &proof.0[..])?;
	let proven = alice.header(proven).await?.number;
	ensure!(
		(1..=changed).contains(&proven),
		"#{proven} is proven, not the block before #{changed}"
	);
	network.stop().await
}

#[tokio::test]
async fn a_runtime_upgrade_should_apply_without_a_stall() -> Result<()> {
	let network = Network::start(VALIDATORS.len()).await?;
	let chain = client::connect(network.node("alice")?.rpc()).await?;
	let path = artifacts::next_runtime_wasm()?;
	let code = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;

	let at = chain.at_current_block().await?;
	let (version, code_hash) = (at.spec_version(), at.hasher().hash(&code).0);
	let authorize = client::sudo(client::authorize_upgrade(code_hash));
	client::transact(&chain, &authorize, &dev::alice()).await?;
	let apply = client::apply_authorized_upgrade(code);
	let upgrade = client::transact(&chain, &apply, &dev::alice()).await?.block.number;

	all_finalise(&network, upgrade + BLOCKS_AROUND_UPGRADE).await.context("the upgrade")?;
	for node in network.nodes() {
		let head = node.rpc().finalised().await?;
		let seen = node.rpc().spec_version(head.hash).await?;
		ensure!(seen == version + 1, "{} runs spec_version {seen} at {head}", node.name());
	}
	let first = upgrade.saturating_sub(BLOCKS_AROUND_UPGRADE).max(1);
	let pause = longest_pause(&chain, first, upgrade + BLOCKS_AROUND_UPGRADE).await?;
	ensure!(pause < STALL, "{pause} ms without a block around the upgrade in #{upgrade}");

	// A client that starts now takes its metadata from the new runtime.
	let chain = client::connect(network.node("bob")?.rpc()).await?;
	client::transact(&chain, &client::transfer(&dev::bob(), 1), &dev::alice()).await?;
	network.stop().await
}

/// Waits until every node has finalised this height, all with the same block.
async fn all_finalise(network: &Network, number: u64) -> Result<()> {
	wait::until(&format!("finality of #{number} on all nodes"), BLOCKS_LIMIT, async || {
		let mut heads = Vec::new();
		for node in network.nodes() {
			heads.push((node.name(), node.rpc().finalised().await?.number));
		}
		let reached = heads.iter().all(|(_, head)| *head >= number);
		Ok(Probe::when(reached, (), format!("finalised heights {heads:?}")))
	})
	.await
	.with_context(|| network.log_tails())?;
	let expected = network.node(VALIDATORS[0])?.rpc().hash_at(number).await?;
	for node in network.nodes() {
		let hash = node.rpc().hash_at(number).await?;
		ensure!(hash == expected, "{} has {hash:?} at #{number}, not {expected:?}", node.name());
	}
	Ok(())
}

async fn best_of(network: &Network, name: &str) -> Result<BlockId> {
	network.node(name)?.rpc().best().await
}

/// The encoded list of BABE authorities: keys with their weights.
async fn babe_authorities(at: &AtBlock) -> Result<Vec<u8>> {
	let address = dynamic::storage::<(), dynamic::Value>("Babe", "Authorities");
	Ok(at.storage().fetch(address, ()).await.context("Babe.Authorities")?.into_bytes())
}

/// The encoded list of GRANDPA authorities: keys with their weights.
async fn grandpa_authorities(at: &AtBlock) -> Result<Vec<u8>> {
	let authorities = at.runtime_apis().call_raw("GrandpaApi_grandpa_authorities", None).await;
	authorities.context("GrandpaApi_grandpa_authorities")
}

/// Index of a key in an encoded list of at most 63 authorities.
fn index_in(authorities: &[u8], key: &[u8]) -> Option<u32> {
	/// Bytes of the list's length.
	const LENGTH_PREFIX: usize = 1;
	/// A key and a weight of 64 bits.
	const AUTHORITY_LENGTH: usize = KEY_LENGTH + 8;
	let mut entries = authorities.get(LENGTH_PREFIX..)?.chunks(AUTHORITY_LENGTH);
	entries.position(|entry| entry.starts_with(key)).and_then(|index| u32::try_from(index).ok())
}

/// Index of the authority that made a block, from the block's BABE digest.
async fn author_of(rpc: &Rpc, number: u64) -> Result<u32> {
	let hash = rpc.hash_at(number).await?.with_context(|| format!("no block #{number}"))?;
	let logs = rpc.header(hash).await?.digest.logs;
	let claim = logs.iter().find_map(|log| match log {
		DigestItem::PreRuntime(BABE_ENGINE, claim) => Some(claim),
		_ => None,
	});
	// One byte for the kind of slot, then the index.
	let index = claim.and_then(|claim| claim.get(1..5)).context("no BABE claim in a header")?;
	Ok(u32::from_le_bytes(index.try_into()?))
}

/// Longest time (milliseconds) between the timestamps of two consecutive blocks.
async fn longest_pause(chain: &Client, first: u64, last: u64) -> Result<u64> {
	let mut timestamps = Vec::new();
	for number in first..=last {
		let at = chain.at_block(number).await?;
		let now = dynamic::storage::<(), u64>("Timestamp", "Now");
		timestamps.push(at.storage().fetch(now, ()).await?.decode()?);
	}
	let pauses = timestamps.windows(2).map(|pair| pair[1].saturating_sub(pair[0]));
	pauses.max().context("fewer than two blocks")
}
