//! Questions that pallets answer without a transaction, as wallets find and ask them.

use super::{development_chain, dispatch, signed};
use crate::{AccountId, Block, Runtime};
use codec::{Decode, DecodeAll, Encode};
use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed};
use frame_support::{
	assert_ok,
	view_functions::{
		runtime_api::runtime_decl_for_runtime_view_function::RuntimeViewFunction,
		ViewFunctionDispatchError, ViewFunctionId,
	},
};
use pallet_assets::Instance1;
use sp_keyring::Sr25519Keyring::{Alice, Bob};

/// The id of a view function, from the metadata.
fn find(pallet: &str, function: &str) -> Option<ViewFunctionId> {
	let opaque = Runtime::metadata_at_version(16)?;
	let metadata = RuntimeMetadataPrefixed::decode_all(&mut &opaque[..]).unwrap();
	let RuntimeMetadata::V16(metadata) = metadata.1 else { panic!("asked for version 16") };
	let pallet = metadata.pallets.into_iter().find(|listed| listed.name == pallet)?;
	let function = pallet.view_functions.into_iter().find(|listed| listed.name == function)?;
	Some(ViewFunctionId::decode(&mut &function.id[..]).unwrap())
}

fn ask(id: ViewFunctionId, input: impl Encode) -> Result<Vec<u8>, ViewFunctionDispatchError> {
	<Runtime as RuntimeViewFunction<Block>>::execute_view_function(id, input.encode())
}

#[test]
fn a_listed_view_function_should_answer() {
	development_chain().execute_with(|| {
		let admin = Alice.to_account_id().into();
		let create = pallet_assets::Call::<_, Instance1>::create { id: 7, admin, min_balance: 1 };
		assert_ok!(dispatch(create, signed(Alice)));
		let beneficiary = Bob.to_account_id().into();
		let mint = pallet_assets::Call::<_, Instance1>::mint { id: 7, beneficiary, amount: 1_234 };
		assert_ok!(dispatch(mint, signed(Alice)));

		let balance_of = |who: AccountId| {
			let id = find("Assets", "balance_of").expect("the metadata lists it");
			let answer = ask(id, (who, 7_u32)).unwrap();
			Option::<u128>::decode_all(&mut &answer[..]).unwrap()
		};
		assert_eq!(balance_of(Bob.to_account_id()), Some(1_234));
		assert_eq!(balance_of(Alice.to_account_id()), None);
	});
}

#[test]
fn pools_should_be_quoted_by_a_view_function_too() {
	let mut chain = development_chain();
	assert!(chain.execute_with(|| find("AssetConversion", "get_reserves")).is_some());
}

#[test]
fn a_wrong_question_should_be_an_error() {
	development_chain().execute_with(|| {
		let id = find("Assets", "balance_of").unwrap();
		assert!(matches!(ask(id.clone(), 1_u8), Err(ViewFunctionDispatchError::Codec)));
		let unknown = ViewFunctionId { suffix: [0; 16], ..id };
		assert!(matches!(ask(unknown, ()), Err(ViewFunctionDispatchError::NotFound(_))));
	});
}
