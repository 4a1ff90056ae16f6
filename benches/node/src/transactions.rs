//! Transactions that are signed before the clock starts, and sent as fast as the node takes them.

use anyhow::{Context, Result};
use futures::{stream, StreamExt, TryStreamExt};
use subxt::{config::DefaultExtrinsicParamsBuilder, tx::Payload, SubstrateConfig};
use subxt_signer::sr25519::Keypair;

use assay_localnet::{client::AtBlock, rpc::Rpc};

/// Transactions that are on their way to the node at the same time.
const IN_FLIGHT: usize = 256;

/// Arguments of a node whose pool has room for so many transactions at once, so that a full pool never
/// limits a rate and no transaction is lost.
///
/// A tenth of the limit is for transactions that wait for others of their account. With each block the
/// pool takes all of them in anew, in any order, so that for a moment almost all may be such.
pub(crate) fn pool_arguments(transactions: u32) -> [String; 4] {
	let limit = transactions.saturating_mul(20).to_string();
	["--pool-limit".into(), limit, "--pool-kbytes".into(), "10000000".into()]
}

/// A signed transaction that is valid in any block.
pub(crate) fn sign(
	at: &AtBlock,
	call: &impl Payload,
	signer: &Keypair,
	nonce: u64,
) -> Result<Vec<u8>> {
	let params =
		DefaultExtrinsicParamsBuilder::<SubstrateConfig>::new().nonce(nonce).immortal().build();
	let transaction = at
		.tx()
		.create_signable_offline(call, params)
		.and_then(|mut signable| signable.sign(signer))
		.with_context(|| format!("cannot sign {}.{}", call.pallet_name(), call.call_name()))?;
	Ok(transaction.into_encoded())
}

/// Sends transactions to the node, a bounded number at a time.
pub(crate) async fn send(rpc: &Rpc, transactions: Vec<Vec<u8>>) -> Result<()> {
	stream::iter(transactions)
		.map(|transaction| async move { rpc.submit(&transaction).await })
		.buffer_unordered(IN_FLIGHT)
		.try_for_each(|_| async { Ok(()) })
		.await
}
