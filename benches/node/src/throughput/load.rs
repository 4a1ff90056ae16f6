//! The accounts and the transfers of a run.

use std::{sync::Arc, thread, time::Duration};

use anyhow::{ensure, Context, Result};
use subxt::{dynamic, ext::scale_decode::DecodeAsType};
use subxt_signer::{
	sr25519::{dev, Keypair},
	DeriveJunction,
};

use assay_localnet::{
	client::{self, AtBlock, Client},
	rpc::Rpc,
	wait::{self, Probe},
};

use crate::transactions::{send, sign};

/// How long the funding of the accounts may take.
const FUNDING_LIMIT: Duration = Duration::from_secs(300);

/// Senders that each pay their right neighbour the same number of times.
pub(super) struct Load {
	senders: Arc<[Keypair]>,
	transfers_per_sender: u32,
}

impl Load {
	/// `transfers` transfers, rounded up to the same number for each of `senders` accounts.
	pub(super) fn new(senders: u32, transfers: u32) -> Result<Self> {
		ensure!(senders >= 2, "at least two senders are needed: each pays the next one");
		let root = dev::alice();
		let derive =
			|index| root.derive([DeriveJunction::hard("throughput"), DeriveJunction::hard(index)]);
		Ok(Self {
			senders: (0..senders).map(derive).collect(),
			transfers_per_sender: transfers.div_ceil(senders),
		})
	}

	/// All transfers of the run.
	pub(super) fn transfers(&self) -> u64 {
		self.senders.len() as u64 * u64::from(self.transfers_per_sender)
	}

	/// Number of sending accounts.
	pub(super) fn senders(&self) -> usize {
		self.senders.len()
	}

	/// Gives each sender an equal share of half of what Alice has, and waits until all have it.
	pub(super) async fn fund(&self, chain: &Client, rpc: &Rpc) -> Result<()> {
		let alice = dev::alice();
		let at = chain.at_current_block().await.context("cannot read the chain's state")?;
		let account = client::account_id(&alice);
		let nonce = at.tx().account_nonce(&account).await.context("Alice's nonce")?;
		let share = client::free_balance(&at, &account).await? / 2 / self.senders.len() as u128;
		let mut funding = Vec::new();
		for (nonce, sender) in (nonce..).zip(self.senders.iter()) {
			funding.push(sign(&at, &client::transfer(sender, share), &alice, nonce)?);
		}
		send(rpc, funding).await.context("cannot fund the senders")?;

		let last = self.senders.last().map(client::account_id).context("there are senders")?;
		wait::until("the funding of the senders", FUNDING_LIMIT, async || {
			let at = chain.at_current_block().await?;
			let funded = client::free_balance(&at, &last).await? == share;
			Ok(Probe::when(funded, (), "the last sender has nothing"))
		})
		.await
	}

	/// Signs all transfers, on all cores: first the first one of each sender, and so on, so that
	/// the node can take them in this order.
	pub(super) async fn sign(&self, chain: &Client) -> Result<Vec<Vec<u8>>> {
		let at = chain.at_current_block().await.context("cannot read the chain's state")?;
		let deposit = dynamic::constant::<u128>("Balances", "ExistentialDeposit");
		let amount = at.constants().entry(deposit).context("Balances.ExistentialDeposit")?;
		let workers = thread::available_parallelism().map_or(1, usize::from);
		let chunk = self.senders.len().div_ceil(workers);
		let mut signing = Vec::new();
		for start in (0..self.senders.len()).step_by(chunk) {
			let (at, senders, count) =
				(at.clone(), self.senders.clone(), self.transfers_per_sender);
			signing.push(tokio::task::spawn_blocking(move || {
				let mine = start..(start + chunk).min(senders.len());
				let mut signed = Vec::with_capacity(mine.len() * count as usize);
				for nonce in 0..count {
					for index in mine.clone() {
						let call = client::transfer(&senders[(index + 1) % senders.len()], amount);
						let bytes = sign(&at, &call, &senders[index], nonce.into())?;
						signed.push((nonce, bytes));
					}
				}
				anyhow::Ok(signed)
			}));
		}
		let mut all = Vec::new();
		for part in signing {
			all.extend(part.await.context("the signing was interrupted")??);
		}
		all.sort_by_key(|(nonce, _)| *nonce);
		Ok(all.into_iter().map(|(_, bytes)| bytes).collect())
	}

	/// Whether all transfers of a sender are in blocks up to this one.
	pub(super) async fn is_complete(&self, at: &AtBlock, sender: usize) -> Result<bool> {
		#[derive(DecodeAsType)]
		#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
		struct AccountInfo {
			nonce: u32,
		}
		let address = dynamic::storage::<([u8; 32],), AccountInfo>("System", "Account");
		let account = client::account_id(&self.senders[sender]);
		let info = at.storage().fetch(address, (account.0,)).await.context("System.Account")?;
		Ok(info.decode().context("System.Account")?.nonce == self.transfers_per_sender)
	}
}
