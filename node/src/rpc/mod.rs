//! JSON-RPC beyond what every Substrate node has: accounts' nonces, fees, consensus, light-client
//! checkpoints, and Assay's own methods.

mod assay;

use assay_runtime::{opaque::Block, AccountId, Balance, BlockNumber, Hash, Nonce};
use jsonrpsee::RpcModule;
use sc_client_api::AuxStore;
use sc_consensus_babe::BabeWorkerHandle;
use sc_consensus_grandpa::{
	FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_rpc::SubscriptionTaskExecutor;
use sc_service::ChainSpec;
use sc_transaction_pool_api::TransactionPool;
use sp_api::ProvideRuntimeApi;
use sp_block_builder::BlockBuilder;
use sp_blockchain::{Error as BlockChainError, HeaderBackend, HeaderMetadata};
use sp_consensus::SelectChain;
use sp_consensus_babe::BabeApi;
use sp_keystore::KeystorePtr;
use std::{error::Error, sync::Arc};

/// What GRANDPA's methods read.
pub(crate) struct GrandpaDeps<B> {
	/// How far the current round is.
	pub(crate) shared_voter_state: SharedVoterState,
	/// Who votes.
	pub(crate) shared_authority_set: SharedAuthoritySet<Hash, BlockNumber>,
	/// New justifications.
	pub(crate) justification_stream: GrandpaJustificationStream<Block>,
	/// Past justifications.
	pub(crate) finality_provider: Arc<FinalityProofProvider<B, Block>>,
}

/// What the methods read.
pub(crate) struct FullDeps<C, P, SC, B> {
	/// Blocks and runtime.
	pub(crate) client: Arc<C>,
	/// Transactions that wait.
	pub(crate) pool: Arc<P>,
	/// Which fork is best.
	pub(crate) select_chain: SC,
	/// The spec that the node runs.
	pub(crate) chain_spec: Arc<dyn ChainSpec>,
	/// BABE's epochs.
	pub(crate) babe_worker: BabeWorkerHandle<Block>,
	/// The node's keys.
	pub(crate) keystore: KeystorePtr,
	/// Finality.
	pub(crate) grandpa: GrandpaDeps<B>,
}

/// All methods of this module; made anew for each server that listens.
pub(crate) fn create_full<C, P, SC, B>(
	deps: &FullDeps<C, P, SC, B>,
	subscription_executor: SubscriptionTaskExecutor,
) -> Result<RpcModule<()>, Box<dyn Error + Send + Sync>>
where
	C: ProvideRuntimeApi<Block>
		+ HeaderBackend<Block>
		+ AuxStore
		+ HeaderMetadata<Block, Error = BlockChainError>
		+ Send
		+ Sync
		+ 'static,
	C::Api: substrate_frame_rpc_system::AccountNonceApi<Block, AccountId, Nonce>
		+ pallet_transaction_payment_rpc::TransactionPaymentRuntimeApi<Block, Balance>
		+ BabeApi<Block>
		+ BlockBuilder<Block>,
	P: TransactionPool + 'static,
	SC: SelectChain<Block> + 'static,
	B: sc_client_api::Backend<Block> + 'static,
{
	use assay::{Assay, AssayApiServer};
	use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
	use sc_consensus_babe_rpc::{Babe, BabeApiServer};
	use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
	use sc_sync_state_rpc::{SyncState, SyncStateApiServer};
	use substrate_frame_rpc_system::{System, SystemApiServer};

	let FullDeps { client, pool, select_chain, chain_spec, babe_worker, keystore, grandpa } = deps;
	let mut module = RpcModule::new(());
	module.merge(System::new(client.clone(), pool.clone()).into_rpc())?;
	module.merge(TransactionPayment::new(client.clone()).into_rpc())?;
	module.merge(
		Babe::new(client.clone(), babe_worker.clone(), keystore.clone(), select_chain.clone())
			.into_rpc(),
	)?;
	module.merge(
		Grandpa::new(
			subscription_executor,
			grandpa.shared_authority_set.clone(),
			grandpa.shared_voter_state.clone(),
			grandpa.justification_stream.clone(),
			grandpa.finality_provider.clone(),
		)
		.into_rpc(),
	)?;
	module.merge(
		SyncState::new(
			chain_spec.cloned_box(),
			client.clone(),
			grandpa.shared_authority_set.clone(),
			babe_worker.clone(),
		)?
		.into_rpc(),
	)?;
	module.merge(Assay::new(client.clone()).into_rpc())?;
	Ok(module)
}
