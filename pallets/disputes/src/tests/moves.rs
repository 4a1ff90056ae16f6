//! Openings, witnesses, clocks.

use assay_kernels_exact::verdict::OK;
use assay_market::traits::Verdict;
use assay_primitives::Hash;
use assay_referee::Witness;
use assay_trace::{tree::Opening, Node};
use codec::Encode;
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo};

use crate::{mock::*, Call, Error, Expected, LeafKind, OpenGames, Side, WitnessFault};

/// A game about a lie at this leaf.
fn game_about(at: u64, test: impl FnOnce(Dispute, &Run, &Run)) {
	let truth = wrong_run();
	let posted = lie(&truth, at, OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.begin(1, &posted, &truth));
		test(dispute, &posted, &truth);
	});
}

#[test]
fn openings_should_be_of_the_node_in_question_and_hash_to_it() {
	game_about(9, |dispute, posted, truth| {
		let top = dispute.play(truth).node;
		let below = Node { level: top.level - 1, index: 0 };
		let other = dispute.reveal_node(truth, Side::Provider, posted, below);
		assert_noop!(other, Error::<Test>::OtherNode);
		let of_the_other_side = dispute.reveal(truth, Side::Provider, truth);
		assert_noop!(of_the_other_side, Error::<Test>::WrongOpening);
		let Dispute { job, commitment: commitment_hash } = dispute;
		let root = truth.trace().root();
		for hashes in [vec![], vec![Hash::default()], vec![Hash::default(); 10_000]] {
			let (side, node, opening) = (Side::Challenger, top, Opening(hashes));
			let call = Call::reveal { job, commitment_hash, root, side, node, opening };
			assert_noop!(dispatch(call, 1), Error::<Test>::WrongOpening);
		}
		let unknown = dispute.reveal_node(posted, Side::Provider, posted, top);
		assert_noop!(unknown, Error::<Test>::UnknownGame);
		let early = dispute.witness(truth, LeafKind::Embed, Witness::default());
		assert_noop!(early, Error::<Test>::RevealDue);
		dispute.walk(posted, truth).unwrap();
		let leaf = dispute.play(truth).node;
		let call = Call::reveal {
			job,
			commitment_hash,
			root,
			side: Side::Provider,
			node: leaf,
			opening: Opening(vec![]),
		};
		assert_noop!(dispatch(call, 1), Error::<Test>::WitnessDue);
	});
}

#[test]
fn both_sides_may_move_in_any_order() {
	game_about(9, |dispute, posted, truth| {
		assert_ok!(dispute.reveal(truth, Side::Provider, posted));
		assert_ok!(dispute.reveal(truth, Side::Challenger, truth));
		assert_ok!(dispute.reveal(truth, Side::Challenger, truth));
		assert_ok!(dispute.reveal(truth, Side::Provider, posted));
		dispute.walk(posted, truth).unwrap();
		assert_eq!(dispute.play(truth).node, Node { level: 0, index: 9 });
	});
}

#[test]
fn moves_within_the_minimum_should_leave_the_budget_alone() {
	game_about(9, |dispute, posted, truth| {
		let clocks = dispute.play(truth).clocks;
		// One game is open: a tick more for its witness.
		assert_eq!((clocks.minimum, clocks.provider, clocks.challenger), (21, 100, 100));
		pass(21);
		assert_ok!(dispute.reveal(truth, Side::Challenger, truth));
		pass(30);
		assert_ok!(dispute.reveal(truth, Side::Provider, posted));
		let clocks = dispute.play(truth).clocks;
		assert_eq!((clocks.since, clocks.provider, clocks.challenger), (52, 70, 100));
	});
}

#[test]
fn a_move_at_the_last_tick_should_count_and_leave_the_minimum_for_the_next() {
	game_about(9, |dispute, posted, truth| {
		assert_ok!(dispute.reveal(truth, Side::Challenger, truth));
		Now::set(dispute.play(truth).clocks.deadline(Side::Provider));
		assert_ok!(dispute.reveal(truth, Side::Provider, posted));
		let clocks = dispute.play(truth).clocks;
		assert_eq!((clocks.provider, clocks.challenger), (0, 100));
		assert_eq!(clocks.deadline(Side::Provider), Now::get() + clocks.minimum);
	});
}

#[test]
fn while_the_clock_stands_still_nobody_should_lose_time() {
	game_about(9, |dispute, posted, truth| {
		// Blocks without ticks, as in a migration or after an upgrade.
		for block in 2..500 {
			System::set_block_number(block);
		}
		assert_ok!(dispute.reveal(truth, Side::Challenger, truth));
		assert_ok!(dispute.reveal(truth, Side::Provider, posted));
		assert_eq!(dispute.play(truth).clocks.provider, 100);
	});
}

#[test]
fn minima_should_grow_with_the_number_of_games() {
	game_about(9, |dispute, posted, truth| {
		OpenGames::<Test>::put(1_000);
		assert_ok!(dispute.reveal(truth, Side::Challenger, truth));
		assert_ok!(dispute.reveal(truth, Side::Provider, posted));
		// Five witnesses fit into a block.
		assert_eq!(dispute.play(truth).clocks.minimum, 20 + 200);
		OpenGames::<Test>::put(1);
	});
}

#[test]
fn a_game_should_last_no_longer_than_its_formula_says() {
	let truth = wrong_run();
	let posted = lie(&truth, 9, OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		let cost = Disputes::cost_of_challenge(dispute.job, dispute.commitment).unwrap();
		assert_ok!(dispute.begin(1, &posted, &truth));
		let began = Now::get();
		// Both sides wait as long as they may.
		while dispute.play(&truth).node.level > 0 {
			Now::set(dispute.play(&truth).clocks.deadline(Side::Challenger));
			assert_ok!(dispute.reveal(&truth, Side::Challenger, &truth));
			assert_ok!(dispute.reveal(&truth, Side::Provider, &posted));
		}
		Now::set(dispute.play(&truth).clocks.witness_deadline());
		assert_ok!(dispute.judge(&truth, &truth));
		assert!(Now::get() - began <= cost.longest_game);
	});
}

#[test]
fn a_witness_should_be_of_the_leaf_in_question_and_prove_everything() {
	// A leaf that reads the trace and the weights.
	let truth = wrong_run();
	let typed = truth.typed();
	let referee = truth.referee(&typed);
	let at = (0..truth.leaves())
		.find(|leaf| LeafKind::of(referee.layout(), *leaf) == Some(LeafKind::Linear))
		.unwrap();
	let (good, _) = truth.witness(&referee, at);
	game_about(at, |dispute, posted, truth| {
		dispute.walk(posted, truth).unwrap();
		assert_eq!(dispute.play(truth).node.index, at);
		let give = |kind, change: &dyn Fn(&mut Witness)| {
			let mut witness = good.clone();
			change(&mut witness);
			dispute.witness(truth, kind, witness)
		};
		for kind in LeafKind::ALL.into_iter().filter(|kind| *kind != LeafKind::Linear) {
			assert_noop!(give(kind, &|_| ()), Error::<Test>::OtherKind);
		}
		let changes: [(&dyn Fn(&mut Witness), WitnessFault); 6] = [
			(&|w| w.weights.leaves.resize(230_000, 0), WitnessFault::TooLong),
			(&|w| w.trace.leaves.truncate(1), WitnessFault::MissingLeaf),
			(&|w| w.trace.leaves.push(0), WitnessFault::SurplusBytes),
			(&|w| w.trace.beside.truncate(w.trace.beside.len() - 1), WitnessFault::Proof),
			(&|w| w.trace.beside.push(Hash::default()), WitnessFault::Proof),
			(&|w| w.weights.leaves[0] ^= 1, WitnessFault::OtherRoot),
		];
		for (change, fault) in changes {
			let given = give(LeafKind::Linear, change);
			assert_noop!(given, Error::<Test>::BadWitness(fault));
		}
		assert_ok!(give(LeafKind::Linear, &|_| ()));
	});
}

#[test]
fn the_weight_of_a_witness_should_be_known_before_it_is_judged() {
	game_about(9, |dispute, posted, truth| {
		dispute.walk(posted, truth).unwrap();
		let weight = |kind, bytes: usize| {
			let mut witness = Witness::default();
			witness.weights.leaves = vec![0; bytes];
			let call = Call::<Test>::witness {
				job: dispute.job,
				commitment_hash: dispute.commitment,
				root: truth.trace().root(),
				kind,
				witness: Box::new(witness),
			};
			call.get_dispatch_info().call_weight.ref_time()
		};
		assert!(weight(LeafKind::Linear, 200_000) > weight(LeafKind::Linear, 1_000));
		assert!(weight(LeafKind::Linear, 1_000) > weight(LeafKind::Embed, 1_000));
	});
}

#[test]
fn parties_should_read_what_is_expected_of_them() {
	let truth = wrong_run();
	let posted = lie(&truth, 9, OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_eq!(Disputes::case(dispute.job), None);
		assert_ok!(dispute.challenge(1, &truth));
		let expected = || {
			let view = Disputes::case(dispute.job).unwrap();
			view.expected.into_iter().map(|one| (one.what, one.until)).collect::<Vec<_>>()
		};
		let provider = assay_market::ProviderId(1);
		let root_of = || Expected::Root { challenger: 1 };
		assert_eq!(expected(), [(Expected::Trace { provider }, Some(61)), (root_of(), None)]);
		assert_ok!(dispute.post(&posted));
		assert_eq!(expected(), [(root_of(), Some(52))]);
		assert_ok!(dispute.show(1, &truth));
		let node = dispute.shape().top();
		let moves_left = node.level.div_ceil(2) - 1;
		let opening = |side| (Expected::Opening { side, node, moves_left }, Some(122));
		assert_eq!(expected(), [Side::Provider, Side::Challenger].map(opening));
		assert_ok!(dispute.reveal(&truth, Side::Provider, &posted));
		assert_eq!(expected(), [opening(Side::Challenger)]);
		assert_ok!(dispute.reveal(&truth, Side::Challenger, &truth));
		dispute.walk(&posted, &truth).unwrap();
		let kind = Some(LeafKind::of(truth.referee(&truth.typed()).layout(), 9).unwrap());
		assert_eq!(expected(), [(Expected::Witness { leaf: 9, kind }, Some(122))]);
		let claims = Disputes::claims_of(1);
		assert_eq!(claims.iter().map(|(job, _)| *job).collect::<Vec<_>>(), [dispute.job]);
		assert!(Disputes::claims_of(2).is_empty());
		assert_ok!(dispute.judge(&truth, &truth));
		assert!(Disputes::case(dispute.job).is_none());
	});
}

#[test]
fn a_running_game_should_fit_into_what_its_deposit_pays_for() {
	game_about(9, |dispute, posted, truth| {
		assert_ok!(dispute.reveal(truth, Side::Provider, posted));
		assert!(dispute.game(truth).unwrap().encoded_size() <= 9 * 1_024);
		assert!(dispute.case().unwrap().encoded_size() <= 700);
		use codec::MaxEncodedLen;
		assert!(crate::Game::<[u8; 32]>::max_encoded_len() <= 9 * 1_024);
		assert!(crate::Claim::max_encoded_len() <= 120);
		assert!(crate::Case::<[u8; 32]>::max_encoded_len() <= 700);
	});
}

#[test]
fn lies_of_every_kind_of_leaf_should_be_found_in_both_kinds_of_programs() {
	let mut kinds = std::collections::BTreeSet::new();
	let runs = [
		Run::committing(&decoders()[0], 3, 2, greedy(), |output| output[1] ^= 1),
		Run::committing(&encoders()[0], 3, 0, greedy(), |output| output[0] ^= 1),
	];
	for (number, truth) in (0..).zip(&runs) {
		let typed = truth.typed();
		let referee = truth.referee(&typed);
		for kind in LeafKind::ALL {
			let of_kind = |leaf: &u64| LeafKind::of(referee.layout(), *leaf) == Some(kind);
			let Some(at) = (0..truth.leaves() - 1).find(of_kind) else { continue };
			kinds.insert(format!("{kind:?}"));
			build_and_execute(|| {
				let dispute = committed(truth, number);
				let posted = lie(truth, at, OK);
				assert_ok!(dispute.begin(1, &posted, truth));
				let costs = dispute.case().unwrap().costs.challenge;
				assert_ok!(dispute.walk(&posted, truth).map(drop));
				assert_ok!(dispute.judge(truth, truth));
				let refuted = Verdict::Refuted { challenger: Some((1, costs)) };
				assert_eq!(Verdicts::get(), [(dispute.job, refuted)], "{kind:?}");
				assert_eq!(Balances::free_balance(1), FUNDS);
			});
		}
	}
	// `Norm` stands in programs that normalise in a step of its own or quantise after a norm.
	assert_eq!(kinds.len(), LeafKind::ALL.len(), "{kinds:?}");
}
