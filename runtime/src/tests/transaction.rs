//! Signed transactions, through the checks that a block's transactions meet.

use super::chain::Chain;
use crate::{
	units::ASY, Balances, Executive, Runtime, RuntimeCall, SignedPayload, TxExtension,
	UncheckedExtrinsic, NATIVE_TOKEN_DECIMALS, NATIVE_TOKEN_SYMBOL,
};
use codec::{Decode, Encode};
use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed};
use frame_metadata_hash_extension::CheckMetadataHash;
use frame_support::traits::fungible::Inspect;
use frame_system::{offchain::CreateAuthorizedTransaction, ChainContext};
use pallet_transaction_payment::ChargeTransactionPayment;
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::{
	generic::Preamble,
	traits::Checkable,
	transaction_validity::{InvalidTransaction, UnknownTransaction},
	ApplyExtrinsicResult,
};

fn transfer() -> RuntimeCall {
	let dest = Bob.to_account_id().into();
	pallet_balances::Call::transfer_keep_alive { dest, value: ASY }.into()
}

/// Extensions of a first, immortal transaction with a tip and this check of the metadata.
fn extension(tip: u128, metadata: CheckMetadataHash<Runtime>) -> TxExtension {
	let mut extension = <Runtime as CreateAuthorizedTransaction<RuntimeCall>>::create_extension();
	extension.8 = ChargeTransactionPayment::from(tip);
	extension.9 = metadata;
	extension
}

/// A transfer by Alice, signed for `extension`.
fn signed(extension: TxExtension) -> UncheckedExtrinsic {
	let payload = SignedPayload::new(transfer(), extension).expect("a wallet knows what it signs");
	let signature = payload.using_encoded(|bytes| Alice.sign(bytes));
	let (call, extension, _) = payload.deconstruct();
	UncheckedExtrinsic::new_signed(call, Alice.to_account_id().into(), signature.into(), extension)
}

/// The transaction as a block carries it: the hash that its wallet compared is not part of it.
fn as_received(transaction: &UncheckedExtrinsic) -> UncheckedExtrinsic {
	UncheckedExtrinsic::decode(&mut &transaction.encode()[..]).unwrap()
}

fn apply(transaction: impl FnOnce() -> UncheckedExtrinsic) -> ApplyExtrinsicResult {
	Chain::local().block(|| Executive::apply_extrinsic(transaction()))
}

#[test]
fn a_fee_should_burn_and_its_tip_should_reach_the_author() {
	const TIP: u128 = 5 * ASY;
	let mut chain = Chain::local();
	chain.block(|| {
		let author = crate::Authorship::author().unwrap();
		let before = (
			Balances::total_issuance(),
			Balances::balance(&author),
			Balances::balance(&Alice.to_account_id()),
		);
		let transaction = signed(extension(TIP, CheckMetadataHash::new(false)));
		assert_eq!(Executive::apply_extrinsic(transaction), Ok(Ok(())));
		assert_eq!(Balances::balance(&author), before.1 + TIP);
		let paid = before.2 - Balances::balance(&Alice.to_account_id());
		let fee = paid - ASY - TIP;
		assert!(fee > 0);
		assert_eq!(Balances::total_issuance(), before.0 - fee);
	});
}

#[test]
fn a_wallet_should_be_free_not_to_check_the_metadata() {
	let transaction = || as_received(&signed(extension(0, CheckMetadataHash::new(false))));
	assert_eq!(apply(transaction), Ok(Ok(())));
}

#[test]
fn a_build_without_the_hash_should_refuse_to_check_the_metadata() {
	// Tests are such a build; a release has the hash, see the feature `metadata-hash`.
	let wallet = CheckMetadataHash::new_with_custom_hash([1; 32]);
	let transaction = || as_received(&signed(extension(0, wallet)));
	assert_eq!(apply(transaction), Err(UnknownTransaction::CannotLookup.into()));
}

#[test]
fn metadata_should_be_that_which_the_wallet_saw() {
	let hash = CheckMetadataHash::new_with_custom_hash;
	let checked_by_release_with = |by_release: [u8; 32]| {
		Chain::local().block(|| {
			let transaction = signed(extension(0, hash([1; 32])));
			let Preamble::Signed(account, signature, _) = transaction.preamble else {
				panic!("it is signed");
			};
			// What a release with this hash makes of the bytes that it receives.
			let received = extension(0, hash(by_release));
			UncheckedExtrinsic::new_signed(transfer(), account, signature, received)
				.check(&ChainContext::<Runtime>::default())
				.map(|_| ())
		})
	};
	assert_eq!(checked_by_release_with([1; 32]), Ok(()));
	assert_eq!(checked_by_release_with([2; 32]), Err(InvalidTransaction::BadProof.into()));
}

#[test]
fn a_releases_hash_should_be_made_for_this_token() {
	// The build script cannot read the crate's constants.
	let script = include_str!("../../build.rs");
	let token = format!("enable_metadata_hash(\"{NATIVE_TOKEN_SYMBOL}\", {NATIVE_TOKEN_DECIMALS})");
	assert!(script.contains(&token), "runtime/build.rs lacks {token}");
}

#[test]
fn wallets_should_find_the_extensions_that_they_expect() {
	let opaque = Chain::local()
		.between_blocks(|| Runtime::metadata_at_version(16))
		.expect("version 16 is served");
	let metadata = RuntimeMetadataPrefixed::decode(&mut &opaque[..]).unwrap();
	let RuntimeMetadata::V16(metadata) = metadata.1 else { panic!("asked for version 16") };
	let listed = metadata.extrinsic.transaction_extensions;
	// A new one breaks every wallet that does not know it.
	assert_eq!(
		listed.iter().map(|extension| extension.identifier.as_str()).collect::<Vec<_>>(),
		[
			"AuthorizeCall",
			"CheckNonZeroSender",
			"CheckSpecVersion",
			"CheckTxVersion",
			"CheckGenesis",
			"CheckMortality",
			"CheckNonce",
			"CheckWeight",
			"ChargeTransactionPayment",
			"CheckMetadataHash",
			"WeightReclaim",
		]
	);
}
