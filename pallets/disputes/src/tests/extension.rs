//! The pool takes moves that are possible now, and no others.

use assay_kernels_exact::verdict::OK;
use frame_support::{
	assert_ok,
	dispatch::{DispatchClass, GetDispatchInfo},
	pallet_prelude::TransactionSource,
};
use sp_runtime::{
	traits::{TransactionExtension, TxBaseImplication},
	transaction_validity::{InvalidTransaction, TransactionValidityError},
};

use crate::{
	extension::{CheckDisputeMove, IMPOSSIBLE_MOVE},
	mock::*,
	Call, Due,
};

fn offered(call: Call<Test>, who: u64, source: TransactionSource) -> bool {
	let call = RuntimeCall::Disputes(call);
	let (info, origin) = (call.get_dispatch_info(), RuntimeOrigin::signed(who));
	let implication = TxBaseImplication(());
	let found = CheckDisputeMove::<Test>::new()
		.validate(origin, &call, &info, 0, (), &implication, source)
		.map(drop);
	let impossible = InvalidTransaction::Custom(IMPOSSIBLE_MOVE);
	match found {
		Ok(()) => true,
		Err(error) => {
			assert_eq!(error, TransactionValidityError::Invalid(impossible));
			false
		}
	}
}

#[test]
fn the_pool_should_take_a_move_exactly_if_it_is_possible_and_nothing_should_change() {
	let truth = wrong_run();
	let posted = lie(&truth, 9, OK);
	build_and_execute(|| {
		System::set_block_number(0);
		let dispute = committed(&truth, 0);
		let (job, commitment_hash) = (dispute.job, dispute.commitment);
		let (root, last_leaf) = (posted.trace().root(), posted.path(posted.leaves() - 1));
		let post = Call::post_trace { job, commitment_hash, root, last_leaf };
		let seal = crate::seal(&truth.trace().root(), &salt(1), &1_u64);
		let challenge = Call::challenge { job, commitment_hash, seal, stake_at_most: u128::MAX };
		let timeout = Call::timeout { job, due: Due::Trace };
		let state = || sp_io::storage::root(sp_runtime::StateVersion::V1);
		let before = state();
		for source in [TransactionSource::External, TransactionSource::Local] {
			assert!(offered(challenge.clone(), 1, source));
			assert!(!offered(challenge.clone(), 99, source), "without funds");
			assert!(!offered(post.clone(), owner(1), source), "nothing is disputed");
		}
		assert_eq!(state(), before);
		assert_ok!(dispatch(challenge, 1));
		assert!(offered(post.clone(), owner(1), TransactionSource::External));
		assert!(!offered(post, 5, TransactionSource::External), "not the provider");
		assert!(!offered(timeout.clone(), 5, TransactionSource::External), "not due");
		// A block checks nothing here: the call itself does.
		assert!(offered(timeout.clone(), 5, TransactionSource::InBlock));
		pass(1_000);
		assert!(offered(timeout, 5, TransactionSource::External));
	});
}

#[test]
fn the_pool_should_refuse_false_witnesses() {
	let truth = wrong_run();
	let posted = lie(&truth, 9, OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.begin(1, &posted, &truth));
		dispute.walk(&posted, &truth).unwrap();
		let typed = truth.typed();
		let referee = truth.referee(&typed);
		let (witness, _) = truth.witness(&referee, 9);
		let kind = crate::LeafKind::of(referee.layout(), 9).unwrap();
		let call = |witness: assay_referee::Witness| Call::witness {
			job: dispute.job,
			commitment_hash: dispute.commitment,
			root: truth.trace().root(),
			kind,
			witness: Box::new(witness),
		};
		assert!(offered(call(witness.clone()), 5, TransactionSource::External));
		assert!(dispute.game(&truth).is_some(), "nothing happened");
		let mut spam = witness;
		spam.weights.leaves.push(0);
		assert!(!offered(call(spam), 5, TransactionSource::External));
	});
}

#[test]
fn moves_should_be_operational_and_parameters_not() {
	let class = |call: Call<Test>| call.get_dispatch_info().class;
	let due = Call::timeout { job: Default::default(), due: Due::Trace };
	assert_eq!(class(due), DispatchClass::Operational);
	let set = Call::set_parameters { parameters: Default::default() };
	assert_eq!(class(set.clone()), DispatchClass::Normal);
	build_and_execute(|| assert!(offered(set.clone(), 1, TransactionSource::External)));
}
