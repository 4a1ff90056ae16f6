//! The few JSON-RPC methods of a node that a harness needs, over one WebSocket.

use std::fmt;

use anyhow::{Context, Result};
use serde_json::Value;
use subxt::{
	config::{
		substrate::{SubstrateHeader, H256},
		RpcConfigFor,
	},
	rpcs::{
		client::RpcParams,
		methods::legacy::{Bytes, LegacyRpcMethods, NumberOrHex},
		rpc_params, RpcClient,
	},
	SubstrateConfig,
};

/// A connection to the JSON-RPC server of one node.
#[derive(Clone)]
pub struct Rpc {
	client: RpcClient,
	methods: LegacyRpcMethods<RpcConfigFor<SubstrateConfig>>,
}

/// A block known by its height and its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockId {
	/// Height; the genesis block is 0.
	pub number: u64,
	/// Hash of the header.
	pub hash: H256,
}

impl fmt::Display for BlockId {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "block #{} {:?}", self.number, self.hash)
	}
}

/// Session keys that a node generated and keeps in its keystore.
pub struct SessionKeys {
	/// The public keys, SCALE-encoded as the runtime's `SessionKeys` type.
	pub public: Vec<u8>,
	/// The proof that the owner's node holds the secret keys, SCALE-encoded.
	pub proof: Vec<u8>,
}

impl Rpc {
	/// Connects to a node's WebSocket URL.
	pub async fn connect(url: &str) -> Result<Self> {
		let client = RpcClient::from_insecure_url(url)
			.await
			.with_context(|| format!("cannot connect to the node at {url}"))?;
		Ok(Self { methods: LegacyRpcMethods::new(client.clone()), client })
	}

	/// The connection itself, for clients that share it.
	pub fn client(&self) -> RpcClient {
		self.client.clone()
	}

	/// Number of connected peers.
	pub async fn peers(&self) -> Result<usize> {
		Ok(self.methods.system_health().await.context("system_health")?.peers)
	}

	/// Name and version of the node program.
	pub async fn version(&self) -> Result<String> {
		let name = self.methods.system_name().await.context("system_name")?;
		let version = self.methods.system_version().await.context("system_version")?;
		Ok(format!("{name} {version}"))
	}

	/// Name of the chain, from its specification.
	pub async fn chain(&self) -> Result<String> {
		self.methods.system_chain().await.context("system_chain")
	}

	/// The properties of the chain specification (token symbol, decimals, address format).
	pub async fn properties(&self) -> Result<serde_json::Map<String, Value>> {
		self.methods.system_properties().await.context("system_properties")
	}

	/// The head of the best chain.
	pub async fn best(&self) -> Result<BlockId> {
		let hash = self
			.methods
			.chain_get_block_hash(None)
			.await
			.context("chain_getBlockHash")?
			.context("the node has no best block")?;
		Ok(BlockId { number: self.header(hash).await?.number, hash })
	}

	/// The last finalised block.
	pub async fn finalised(&self) -> Result<BlockId> {
		let hash =
			self.methods.chain_get_finalized_head().await.context("chain_getFinalizedHead")?;
		Ok(BlockId { number: self.header(hash).await?.number, hash })
	}

	/// Hash of the block of this height on the best chain, if the node has it.
	pub async fn hash_at(&self, number: u64) -> Result<Option<H256>> {
		self.methods
			.chain_get_block_hash(Some(NumberOrHex::Number(number)))
			.await
			.with_context(|| format!("chain_getBlockHash({number})"))
	}

	/// The header of a block.
	pub async fn header(&self, hash: H256) -> Result<SubstrateHeader<H256>> {
		self.methods
			.chain_get_header(Some(hash))
			.await
			.context("chain_getHeader")?
			.with_context(|| format!("the node does not have block {hash:?}"))
	}

	/// The `spec_version` of the runtime at the given block.
	pub async fn spec_version(&self, hash: H256) -> Result<u32> {
		let version = self.methods.state_get_runtime_version(Some(hash)).await;
		Ok(version.context("state_getRuntimeVersion")?.spec_version)
	}

	/// Submits a signed, encoded transaction to the pool.
	pub async fn submit(&self, transaction: &[u8]) -> Result<H256> {
		self.methods.author_submit_extrinsic(transaction).await.context("author_submitExtrinsic")
	}

	/// Multiaddresses on which the node listens for peers, with its peer id.
	pub async fn listen_addresses(&self) -> Result<Vec<String>> {
		let answer = self.request("system_localListenAddresses", rpc_params![]).await?;
		serde_json::from_value(answer).context("system_localListenAddresses: not a list of texts")
	}

	/// Lets the node generate new session keys in its keystore.
	///
	/// `owner` is the encoded account that will register them; the proof is made for it. The
	/// method is unsafe in the sense of Substrate: a node answers it on loopback only.
	pub async fn rotate_keys(&self, owner: &[u8]) -> Result<SessionKeys> {
		let method = "author_rotateKeysWithOwner";
		let mut answer = self.request(method, rpc_params![Bytes(owner.to_vec())]).await?;
		let mut take = |field: &str| -> Result<Vec<u8>> {
			let value = answer[field].take();
			let bytes: Bytes = serde_json::from_value(value)
				.with_context(|| format!("{method}: no bytes in `{field}`"))?;
			Ok(bytes.0)
		};
		Ok(SessionKeys { public: take("keys")?, proof: take("proof")? })
	}

	/// Calls a method by its name. Errors name the method.
	pub async fn request(&self, method: &str, params: RpcParams) -> Result<Value> {
		self.client.request(method, params).await.with_context(|| method.to_owned())
	}
}
