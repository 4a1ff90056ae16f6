//! Blocks full of what costs the chain most.

use super::{
	check_properties,
	deal::{
		accept, commit, open_market, provider_of, request, submit, terms_hash, words, SERVERS, USER,
	},
	pass,
	room::transaction,
	Chain,
};
use crate::{
	configs::system::RuntimeBlockWeights, genesis_config_presets::market::demo_manifests,
	Executive, Jobs, RuntimeCall, System,
};
use assay_market::{manifest::ProgramBytes, Assignment, Manifest, Request, SeriesId};
use frame_support::dispatch::{DispatchClass, GetDispatchInfo};
use pallet_jobs::Words;
use sp_keyring::Sr25519Keyring::Ferdie;
use sp_runtime::transaction_validity::InvalidTransaction;

/// As many tokens as a call holds.
const TOKENS: usize = 16 * 1_024;

/// The call of those that everybody may send which weighs most, at the largest size of each.
fn dearest(series: SeriesId) -> RuntimeCall {
	let input = Words::Inline(vec![3; TOKENS].try_into().expect("as many as fit"));
	let request = Request { input, ..request(series, Assignment::BestOffer) };
	let [demo, _] = demo_manifests();
	let program = ProgramBytes::truncate_from(vec![1; assay_programs::program::MAX_BYTES]);
	let calls: [RuntimeCall; 2] = [
		pallet_jobs::Call::submit { nonce: 0, request }.into(),
		pallet_models::Call::register { manifest: Box::new(Manifest { program, ..demo }) }.into(),
	];
	let weight = |call: &RuntimeCall| call.get_dispatch_info().call_weight.ref_time();
	calls.into_iter().max_by_key(weight).expect("there are two")
}

#[test]
fn blocks_full_of_the_dearest_call_should_leave_room_for_answers_and_settlements() {
	let mut chain = Chain::local();
	let series = chain.block(open_market);
	let named = || request(series, Assignment::Named(provider_of(SERVERS[0])));
	let answered = chain.block(|| {
		let job = submit(USER, named());
		accept(SERVERS[0], job);
		commit(SERVERS[0], job);
		job
	});
	let accepted = chain.block(|| {
		let job = submit(USER, named());
		accept(SERVERS[0], job);
		job
	});
	let limit = RuntimeBlockWeights::get().get(DispatchClass::Normal).max_total;
	let limit = limit.expect("ordinary transactions have a limit");

	chain.block(|| {
		let mut sent = 0;
		let refused = loop {
			// Refused or not, each takes its weight.
			match Executive::apply_extrinsic(transaction(dearest(series), Ferdie)) {
				Ok(_) => sent += 1,
				Err(error) => break error,
			}
		};
		assert_eq!(refused, InvalidTransaction::ExhaustsResources.into());
		assert!(sent > 0);
		assert!(System::block_weight().get(DispatchClass::Normal).all_lte(limit));

		let (terms_hash, output) = (terms_hash(accepted), words(&[3, 4, 2]));
		let answer = pallet_jobs::Call::commit { job: accepted, terms_hash, output };
		let applied = Executive::apply_extrinsic(transaction(answer.into(), SERVERS[0]));
		assert_eq!(applied, Ok(Ok(())));
	});
	chain.between_blocks(check_properties);

	// Windows end while blocks are full: settlements come before transactions.
	chain.between_blocks(|| pass(400));
	chain.block(|| {
		assert_eq!(Jobs::job(answered), None);
		while Executive::apply_extrinsic(transaction(dearest(series), Ferdie)).is_ok() {}
	});
	chain.between_blocks(check_properties);
}
