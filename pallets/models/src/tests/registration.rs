use assay_market::{
	traits::{ModelFacts, ModelKind, ModelStatus},
	ModelId,
};
use assay_programs::samples::{self, Decoder};
use codec::Encode;
use frame_support::{
	assert_noop, assert_ok, dispatch::GetDispatchInfo, traits::fungible::InspectHold,
};
use sp_runtime::{DispatchError, TokenError};

use super::*;
use crate::{registration::greatest_size, AllClaims, Call, HoldReason, Programs, StopIds};

fn deposit_of(manifest: &Manifest) -> u128 {
	PARAMETERS.deposit(u32::try_from(manifest.encoded_size()).unwrap()).unwrap()
}

#[test]
fn registering_should_store_facts_and_claims_apart_and_hold_a_deposit() {
	ExtBuilder::default().build_and_execute(|| {
		let program = samples::decoder();
		let manifest = manifest_of(&program);
		let deposit = deposit_of(&manifest);
		let model = register(manifest.clone());

		let program_bytes = u32::try_from(program.to_bytes().len()).unwrap();
		let facts = ModelFacts {
			kind: ModelKind::Generate,
			vocabulary: 96,
			max_positions: 1_200,
			numerics_version: 1,
			min_bond: 1_000,
			status: ModelStatus::Unlisted,
			program_bytes,
		};
		assert_eq!(record(model).facts, facts);
		assert_eq!(record(model).registrant, Some(REGISTRANT));
		assert_eq!(record(model).weight_leaves, program.weight_leaves());
		assert_eq!(Programs::<Test>::get(model), Some(manifest.program.clone()));
		assert_eq!(AllClaims::<Test>::get(model).unwrap().source, manifest.source);
		assert_eq!(StopIds::<Test>::get(model).to_vec(), vec![2]);
		assert_eq!(record(model).deposit, deposit);
		assert_eq!(Balances::balance_on_hold(&HoldReason::Deposit.into(), &REGISTRANT), deposit);
		let registrant = Some(REGISTRANT);
		assert_eq!(events(), [Event::Registered { model, registrant, deposit, previous: None }]);
	});
}

#[test]
fn a_model_that_embeds_should_have_its_dimension_and_no_stop_ids() {
	ExtBuilder::default().build_and_execute(|| {
		let model = register(manifest_of(&samples::encoder()));
		assert_eq!(record(model).facts.kind, ModelKind::Embed { dimension: 64 });
		assert!(!StopIds::<Test>::contains_key(model));
	});
}

#[test]
fn the_id_should_not_depend_on_who_registers() {
	ExtBuilder::default().build_and_execute(|| {
		let manifest = manifest_of(&samples::decoder());
		let model = manifest.id::<HostHasher>();
		assert_ok!(Models::register(signed(OTHER), Box::new(manifest.clone())));
		assert_eq!(record(model).registrant, Some(OTHER));
		assert_noop!(
			Models::register(signed(REGISTRANT), Box::new(manifest)),
			error(Error::AlreadyRegistered)
		);
	});
}

#[test]
fn only_accounts_should_register() {
	ExtBuilder::default().build_and_execute(|| {
		for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
			let manifest = Box::new(manifest_of(&samples::decoder()));
			assert_noop!(Models::register(origin, manifest), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn an_account_should_need_the_deposit_and_the_minimum_balance() {
	ExtBuilder::default().build_and_execute(|| {
		let poor: AccountId = 200;
		let manifest = manifest_of(&samples::decoder());
		let least = deposit_of(&manifest) + MINIMUM_BALANCE;
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), poor, least - 1));
		assert_noop!(
			Models::register(signed(poor), Box::new(manifest.clone())),
			TokenError::FundsUnavailable
		);
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), poor, least));
		assert_ok!(Models::register(signed(poor), Box::new(manifest)));
	});
}

#[test]
fn the_greatest_program_should_be_registered() {
	ExtBuilder::default().build_and_execute(|| {
		let program = fixtures::long_program(64 * 1024);
		assert!(program.to_bytes().len() > 64 * 1024 - 16);
		let model = register(fixtures::manifest(&program));
		assert!(record(model).facts.program_bytes > 64 * 1024 - 16);
	});
}

#[test]
fn the_manifest_should_demand_at_least_the_floor_as_bond() {
	ExtBuilder::default().build_and_execute(|| {
		let with = |min_bond| Manifest { min_bond, ..manifest_of(&samples::decoder()) };
		for min_bond in [0, PARAMETERS.min_bond_floor - 1] {
			assert_noop!(
				Models::register(signed(REGISTRANT), Box::new(with(min_bond))),
				error(Error::MinBondTooLow)
			);
		}
		for min_bond in [PARAMETERS.min_bond_floor, u128::MAX] {
			register(with(min_bond));
		}
	});
}

#[test]
fn a_link_should_lead_to_a_registered_model_of_the_same_account() {
	ExtBuilder::default().build_and_execute(|| {
		let first = unlisted();
		events();
		let after = |previous| Manifest {
			previous: Some(previous),
			..manifest_of(&Decoder { layers: 1, ..Decoder::default() }.program())
		};
		assert_noop!(
			Models::register(signed(REGISTRANT), Box::new(after(ModelId::default()))),
			error(Error::UnknownPrevious)
		);
		assert_noop!(
			Models::register(signed(OTHER), Box::new(after(first))),
			error(Error::NotSuccessor)
		);
		let second = register(after(first));
		assert_eq!(AllClaims::<Test>::get(second).unwrap().previous, Some(first));
		assert!(matches!(
			events().as_slice(),
			[Event::Registered { previous: Some(previous), .. }] if *previous == first
		));
	});
}

#[test]
fn the_weight_should_cover_the_worst_program_and_be_corrected() {
	ExtBuilder::default().build_and_execute(|| {
		let manifest = Box::new(manifest_of(&samples::decoder()));
		let call = Call::<Test>::register { manifest: manifest.clone() };
		let charged = call.get_dispatch_info().call_weight;
		let used = Models::register(signed(REGISTRANT), manifest).unwrap().actual_weight.unwrap();
		assert!(used.ref_time() < charged.ref_time());
	});
}

#[test]
fn no_program_should_have_a_greater_size_than_its_bytes_can_hold() {
	for bytes in [0, 1, 3, 100, 12_288, 65_536] {
		let size = greatest_size(bytes);
		assert!(usize::try_from(size).unwrap() >= bytes && size <= 65_536, "{bytes}: {size}");
	}
	// The densest operation there is, alone in its block.
	let densest = assay_programs::op::Op {
		output: 0,
		kind: assay_programs::op::OpKind::MeanPool { input: 0 },
	};
	assert_eq!(densest.encoded_size(), 3);
}
