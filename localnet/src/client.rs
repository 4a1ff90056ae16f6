//! Transactions, events and storage of a running chain, through subxt.
//!
//! Everything is looked up by name in the metadata that the node serves, so no generated code has
//! to follow the runtime. Transaction extensions that carry no data (`AuthorizeCall`,
//! `CheckNonZeroSender`, `WeightReclaim`) need no support here: subxt takes the list from the
//! metadata and skips the empty ones.

use std::fmt::{self, Write};

use anyhow::{bail, Context, Result};
use subxt::{
	client::{OnlineClientAtBlock, OnlineClientAtBlockImpl},
	dynamic::{self, Value},
	events::DecodeAsEvent,
	ext::{
		codec::{Decode, Encode},
		scale_decode::DecodeAsType,
		scale_value::{stringify::to_writer_custom, Composite, ValueDef},
	},
	extrinsics::ExtrinsicEvents,
	tx::{DynamicPayload, Payload, TransactionProgress, TransactionStatus},
	utils::AccountId32,
	OnlineClient, SubstrateConfig,
};
use subxt_signer::sr25519::Keypair;

use crate::rpc::{BlockId, Rpc, SessionKeys};

/// A client of the chain: accounts, addresses, signatures and headers are Substrate's usual ones.
pub type Client = OnlineClient<SubstrateConfig>;
/// The client's view of one block.
pub type AtBlock = OnlineClientAtBlock<SubstrateConfig>;
/// A submitted transaction whose way into a finalised block is followed.
pub type Submitted = TransactionProgress<SubstrateConfig, OnlineClientAtBlockImpl<SubstrateConfig>>;

/// A transaction that succeeded.
pub struct Receipt {
	/// The block that holds it.
	pub block: BlockId,
	/// The events that it caused.
	pub events: ExtrinsicEvents<SubstrateConfig>,
}

impl Receipt {
	/// Each event as `Pallet.Event { fields }`, with bytes in hexadecimal.
	pub fn events_as_text(&self) -> Result<Vec<String>> {
		let mut lines = Vec::new();
		for event in self.events.iter() {
			let event = event.context("cannot decode an event")?;
			let name = format!("{}.{}", event.pallet_name(), event.event_name());
			let fields: Composite<()> = event
				.decode_fields_unchecked_as()
				.with_context(|| format!("cannot decode {name}"))?;
			let mut text = String::new();
			to_writer_custom()
				.add_custom_formatter(hexadecimal)
				.write(&Value { value: ValueDef::Composite(fields), context: () }, &mut text)
				.with_context(|| format!("cannot write {name}"))?;
			lines.push(format!("{name} {text}"));
		}
		Ok(lines)
	}
}

/// Writes lists of bytes, and values around nothing but one, in hexadecimal.
fn hexadecimal(value: &Value, writer: &mut &mut String) -> Option<fmt::Result> {
	let bytes = bytes_of(value)?;
	Some(bytes.iter().fold(writer.write_str("0x"), |written, byte| {
		written.and_then(|()| write!(writer, "{byte:02x}"))
	}))
}

/// The bytes of an account, a hash and the like; `None` for anything else.
fn bytes_of(value: &Value) -> Option<Vec<u8>> {
	let ValueDef::Composite(Composite::Unnamed(parts)) = &value.value else { return None };
	match &parts[..] {
		[] => None,
		[inner] => bytes_of(inner),
		bytes => bytes.iter().map(|byte| u8::try_from(byte.as_u128()?).ok()).collect(),
	}
}

/// Event `Balances.Transfer`.
#[derive(Debug, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Transfer {
	/// The account that paid.
	pub from: AccountId32,
	/// The account that received.
	pub to: AccountId32,
	/// Smallest units of the token.
	pub amount: u128,
}

impl DecodeAsEvent for Transfer {
	fn is_event(pallet: &str, event: &str) -> bool {
		pallet == "Balances" && event == "Transfer"
	}
}

/// Event `TransactionPayment.TransactionFeePaid`.
#[derive(Debug, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct FeePaid {
	/// What the sender paid in all, in the smallest units of the token.
	pub actual_fee: u128,
	/// The part of it that is a tip.
	pub tip: u128,
}

impl DecodeAsEvent for FeePaid {
	fn is_event(pallet: &str, event: &str) -> bool {
		pallet == "TransactionPayment" && event == "TransactionFeePaid"
	}
}

/// Event `Sudo.Sudid`: what became of the call inside.
#[derive(Debug, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct Sudid {
	sudo_result: Result<(), Value>,
}

impl DecodeAsEvent for Sudid {
	fn is_event(pallet: &str, event: &str) -> bool {
		pallet == "Sudo" && event == "Sudid"
	}
}

/// A client over the connection of a node.
pub async fn connect(rpc: &Rpc) -> Result<Client> {
	OnlineClient::from_rpc_client(rpc.client())
		.await
		.context("cannot make a subxt client of a node's connection")
}

/// The account of a key.
pub fn account_id(key: &Keypair) -> AccountId32 {
	key.public_key().to_account_id()
}

/// Call `Balances.transfer_keep_alive`; the amount is in the smallest units.
pub fn transfer(to: &Keypair, amount: u128) -> DynamicPayload<Vec<Value>> {
	let destination = Value::unnamed_variant("Id", [Value::from_bytes(to.public_key())]);
	dynamic::tx("Balances", "transfer_keep_alive", vec![destination, Value::u128(amount)])
}

/// Call `Sudo.sudo` with a call inside.
pub fn sudo(call: DynamicPayload<Composite<()>>) -> DynamicPayload<Vec<Value>> {
	dynamic::tx("Sudo", "sudo", vec![call.into_value()])
}

/// Call `System.authorize_upgrade` for a runtime with this BLAKE2b-256 hash.
pub fn authorize_upgrade(code_hash: [u8; 32]) -> DynamicPayload<Composite<()>> {
	let arguments = Composite::unnamed([Value::from_bytes(code_hash)]);
	dynamic::tx("System", "authorize_upgrade", arguments)
}

/// Call `System.apply_authorized_upgrade` with the runtime itself. Anybody may submit it.
pub fn apply_authorized_upgrade(code: Vec<u8>) -> DynamicPayload<(Vec<u8>,)> {
	// As bytes: a million dynamic values would take hundreds of megabytes.
	dynamic::tx("System", "apply_authorized_upgrade", (code,))
}

/// Call `Session.set_keys` with keys that a node generated.
pub fn set_keys(at: &AtBlock, keys: &SessionKeys) -> Result<DynamicPayload<Composite<()>>> {
	let pallet = at.metadata_ref().pallet_by_name("Session").context("no pallet Session")?;
	let call = pallet.call_variant_by_name("set_keys").context("no call Session.set_keys")?;
	// The keys come encoded, so the call is put together in its encoded form.
	let mut encoded = vec![pallet.call_index(), call.index];
	encoded.extend(&keys.public);
	keys.proof.encode_to(&mut encoded);
	at.tx()
		.from_call_data_bytes(&encoded)
		.context("the node's session keys do not fit the runtime's Session.set_keys")
}

/// Signs the call, submits it and follows it.
pub async fn submit(client: &Client, call: &impl Payload, signer: &Keypair) -> Result<Submitted> {
	client
		.tx()
		.await
		.context("cannot read the chain's state")?
		.sign_and_submit_then_watch_default(call, signer)
		.await
		.with_context(|| format!("cannot submit {}.{}", call.pallet_name(), call.call_name()))
}

/// Signs the call, submits it and waits until it is in a finalised block.
///
/// Errors when the chain rejects the transaction, when the call fails, and, for `Sudo` calls, when
/// the call inside fails.
pub async fn transact(client: &Client, call: &impl Payload, signer: &Keypair) -> Result<Receipt> {
	finalised(submit(client, call, signer).await?).await
}

/// Waits until a submitted transaction is in a finalised block. Errors as [`transact`] does.
pub async fn finalised(mut submitted: Submitted) -> Result<Receipt> {
	loop {
		match next_status(&mut submitted).await? {
			Status::Finalised(receipt) => return Ok(receipt),
			Status::InBlock(_) | Status::Pending => {}
		}
	}
}

/// A step of a transaction on its way.
pub enum Status {
	/// Accepted or passed on to peers; in no block.
	Pending,
	/// In a block of the best chain, which may still change.
	InBlock(BlockId),
	/// In a finalised block, with success.
	Finalised(Receipt),
}

/// Waits for the next step of a submitted transaction.
///
/// Errors as [`transact`] does.
pub async fn next_status(submitted: &mut Submitted) -> Result<Status> {
	let status = submitted.next().await.context("the node stopped reporting the transaction")?;
	match status.context("cannot follow the transaction")? {
		TransactionStatus::Validated
		| TransactionStatus::Broadcasted
		| TransactionStatus::NoLongerInBestBlock => Ok(Status::Pending),
		TransactionStatus::InBestBlock(in_block) => {
			let at = in_block.at().await.context("cannot read the transaction's block")?;
			Ok(Status::InBlock(block_id(&at)))
		}
		TransactionStatus::InFinalizedBlock(in_block) => {
			let at = in_block.at().await.context("cannot read the transaction's block")?;
			let events = in_block.wait_for_success().await.context("the transaction failed")?;
			if let Some(sudid) = events.find_first::<Sudid>() {
				if let Err(error) = sudid.context("cannot decode Sudo.Sudid")?.sudo_result {
					bail!("the call inside Sudo failed: {error}");
				}
			}
			Ok(Status::Finalised(Receipt { block: block_id(&at), events }))
		}
		TransactionStatus::Error { message } => {
			bail!("the node gave the transaction up: {message}")
		}
		TransactionStatus::Invalid { message } => bail!("the transaction is invalid: {message}"),
		TransactionStatus::Dropped { message } => bail!("the transaction was dropped: {message}"),
	}
}

/// Height and hash of the block that a view is of.
pub fn block_id(at: &AtBlock) -> BlockId {
	BlockId { number: at.block_number(), hash: at.block_hash() }
}

/// Free balance of an account in the smallest units; 0 where there is no account.
pub async fn free_balance(at: &AtBlock, account: &AccountId32) -> Result<u128> {
	#[derive(DecodeAsType)]
	#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
	struct AccountInfo {
		data: AccountData,
	}
	#[derive(DecodeAsType)]
	#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
	struct AccountData {
		free: u128,
	}
	let address = dynamic::storage::<([u8; 32],), AccountInfo>("System", "Account");
	let info = at.storage().try_fetch(address, (account.0,)).await;
	match info.context("System.Account")? {
		Some(info) => Ok(info.decode().context("cannot decode System.Account")?.data.free),
		None => Ok(0),
	}
}

/// All tokens that exist, in the smallest units.
pub async fn total_issuance(at: &AtBlock) -> Result<u128> {
	let address = dynamic::storage::<(), u128>("Balances", "TotalIssuance");
	let issuance = at.storage().fetch(address, ()).await.context("Balances.TotalIssuance")?;
	issuance.decode().context("cannot decode Balances.TotalIssuance")
}

/// Asks a view function of a pallet, which may read everything and change nothing.
///
/// subxt 0.51 has a client of its own for them. It neither says how long the arguments are nor takes the
/// answer out of the result around it, as the runtime API wants both.
pub async fn view<Answer: DecodeAsType>(
	at: &AtBlock,
	pallet: &str,
	function: &str,
	arguments: Vec<Value>,
) -> Result<Answer> {
	/// Length of the name by which the chain knows a view function.
	const NAME: usize = 32;
	let named = || format!("view function {pallet}.{function}");
	let views = at.view_functions();
	let payload = dynamic::view_function_call::<_, Answer>(pallet, function, arguments);
	let encoded = views.encode_args(&payload).with_context(named)?;
	let (name, arguments) = encoded.split_at_checked(NAME).with_context(named)?;
	let mut question = name.to_vec();
	arguments.encode_to(&mut question);
	let answer = views.call_raw(Some(&question)).await.with_context(named)?;
	// What is wrong, if anything, is the number of a variant, and perhaps words.
	let answer = Result::<Vec<u8>, u8>::decode(&mut &answer[..]).with_context(named)?;
	let Ok(answer) = answer else { bail!("the chain does not answer the {}", named()) };
	let metadata = at.metadata_ref();
	let output = metadata
		.pallet_by_name(pallet)
		.and_then(|pallet| pallet.view_function_by_name(function))
		.with_context(named)?
		.output_ty();
	Answer::decode_as_type(&mut &answer[..], output, metadata.types()).with_context(named)
}

/// The block before the one that `at` is a view of.
pub async fn parent(at: &AtBlock) -> Result<AtBlock> {
	let header = at.block_header().await.context("cannot read a header")?;
	at.online_client().at_block(header.parent_hash).await.context("cannot read a parent block")
}
