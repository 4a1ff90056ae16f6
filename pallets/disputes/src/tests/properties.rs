//! Each property of the documentation, broken by writing storage directly, is noticed by its check.

use assay_kernels_exact::verdict::{NOT_OK, OK};
use assay_market::{JobId, ProviderId};
use assay_primitives::Hash;
use frame_support::{
	assert_ok,
	traits::{fungible::hold::Mutate, tokens::Precision},
};
use sp_runtime::TryRuntimeError;

use crate::{
	mock::*,
	types::{GameState, Loss},
	Cases, Claims, CurrentRules, Games, HoldReason, OpenGames, Rank, Standing, TraceDuties,
	TraceQueues,
};

/// A game, and two traces that are awaited.
fn with_disputes(breaks: impl Fn(&Dispute, &Dispute), property: &'static str) {
	let truth = wrong_run();
	let claim = lie(&truth, 4, NOT_OK);
	new_test_ext().execute_with(|| {
		let [game, awaited, last] = [0, 1, 2].map(|number| committed(&truth, number));
		assert_ok!(game.challenge(1, &truth));
		assert_ok!(game.challenge(2, &claim));
		assert_ok!(game.post(&lie(&truth, 9, OK)));
		assert_ok!(game.show(1, &truth));
		assert_ok!(game.walk(&lie(&truth, 9, OK), &truth).map(drop));
		assert_ok!(awaited.challenge(3, &truth));
		assert_ok!(last.challenge(4, &truth));
		check();
		breaks(&game, &awaited);
		assert_eq!(Disputes::do_try_state(), Err(TryRuntimeError::Other(property)));
	});
}

#[test]
fn stakes_match_claims() {
	const NAME: &str = "stakes_match_claims";
	with_disputes(
		|game, _| {
			Claims::<Test>::mutate(game.job, 2, |claim| claim.as_mut().unwrap().stake.fee += 1);
		},
		NAME,
	);
	let release = || {
		assert_ok!(Balances::release(&HoldReason::Claim.into(), &2, 1, Precision::Exact));
	};
	with_disputes(|_, _| release(), NAME);
}

#[test]
fn cases_match_claims() {
	const NAME: &str = "cases_match_claims";
	let claims = |game: &Dispute, claims| {
		Cases::<Test>::mutate(game.job, |case| case.as_mut().unwrap().claims = claims);
	};
	with_disputes(|game, _| claims(game, 1), NAME);
	with_disputes(|game, _| claims(game, 3), NAME);
	with_disputes(
		|game, _| Cases::<Test>::mutate(game.job, |case| case.as_mut().unwrap().next_seal = 1),
		NAME,
	);
	with_disputes(|_, _| Standing::<Test>::insert(JobId(Hash([9; 32])), [0; 8], 1), NAME);
}

#[test]
fn jobs_wait_for_cases() {
	const NAME: &str = "jobs_wait_for_cases";
	with_disputes(
		|game, _| {
			Cases::<Test>::mutate(game.job, |case| {
				case.as_mut().unwrap().run.output = Hash([9; 32]);
			});
		},
		NAME,
	);
	// The winner is the earliest, and the verdict is not spoken.
	let winner = Some((Rank { sealed_at: 0, number: 0 }, 1));
	with_disputes(
		|game, _| {
			Cases::<Test>::mutate(game.job, |case| {
				case.as_mut().unwrap().loss = Some(Loss { proven: true, winner });
			});
		},
		NAME,
	);
}

#[test]
fn standing_claims_are_undecided() {
	const NAME: &str = "standing_claims_are_undecided";
	let key = |game: &Dispute| Claims::<Test>::get(game.job, 2).unwrap().rank.key();
	with_disputes(|game, _| Standing::<Test>::remove(game.job, key(game)), NAME);
	with_disputes(|game, _| Standing::<Test>::insert(game.job, [9; 8], 2), NAME);
}

#[test]
fn games_match_claims() {
	const NAME: &str = "games_match_claims";
	let change = |game: &Dispute, change: &dyn Fn(&mut crate::Play)| {
		let root = wrong_run().trace().root();
		Games::<Test>::mutate(game.job, root, |game| match &mut game.as_mut().unwrap().state {
			GameState::Playing(play) => change(play),
			GameState::Won => unreachable!("nobody has won"),
		});
	};
	let owner = |game: &Dispute| {
		let root = wrong_run().trace().root();
		Games::<Test>::mutate(game.job, root, |game| game.as_mut().unwrap().owner = 2);
	};
	with_disputes(|game, _| change(game, &|play| play.hashes = None), NAME);
	with_disputes(|game, _| change(game, &|play| play.hashes = Some(Default::default())), NAME);
	with_disputes(|game, _| change(game, &|play| play.node.index = u64::MAX), NAME);
	with_disputes(|game, _| owner(game), NAME);
	with_disputes(|game, _| Games::<Test>::remove(game.job, wrong_run().trace().root()), NAME);
}

#[test]
fn games_are_counted() {
	const NAME: &str = "games_are_counted";
	with_disputes(|_, _| OpenGames::<Test>::put(0), NAME);
	with_disputes(|_, _| OpenGames::<Test>::put(2), NAME);
}

#[test]
fn queues_match_duties() {
	const NAME: &str = "queues_match_duties";
	let queue = |change: &dyn Fn(&mut crate::types::TraceQueue)| {
		TraceQueues::<Test>::mutate(ProviderId(1), |queue| change(queue.as_mut().unwrap()));
	};
	with_disputes(|_, _| queue(&|queue| queue.ticks += 1), NAME);
	with_disputes(|_, _| queue(&|queue| queue.length += 1), NAME);
	with_disputes(|_, _| queue(&|queue| queue.last = queue.first), NAME);
	with_disputes(|_, _| queue(&|queue| queue.since = u32::MAX), NAME);
	with_disputes(|_, _| TraceQueues::<Test>::remove(ProviderId(1)), NAME);
	with_disputes(
		|_, awaited| {
			TraceDuties::<Test>::mutate(awaited.job, |duty| duty.as_mut().unwrap().after = None);
		},
		NAME,
	);
	let duty = |job| TraceDuties::<Test>::get(job).unwrap();
	with_disputes(|game, awaited| TraceDuties::<Test>::insert(game.job, duty(awaited.job)), NAME);
}

#[test]
fn rules_are_valid() {
	const NAME: &str = "rules_are_valid";
	with_disputes(
		|_, _| CurrentRules::<Test>::mutate(|rules| rules.now.parameters.move_ticks = 0),
		NAME,
	);
	with_disputes(
		|_, _| {
			CurrentRules::<Test>::mutate(|rules| {
				let now = rules.now;
				rules.before.try_push(now).unwrap();
			});
		},
		NAME,
	);
}

#[test]
fn the_documentation_should_name_every_property_and_no_other() {
	let docs = include_str!("../lib.rs");
	let (_, properties) = docs.split_once("//! ## Properties\n").unwrap();
	let named: Vec<_> = properties
		.lines()
		.filter_map(|line| line.strip_prefix("//! - **")?.split_once("**:"))
		.map(|(name, _)| name)
		.collect();
	let checks = include_str!("../try_state.rs");
	let checked: Vec<_> = checks
		.lines()
		.filter_map(|line| line.trim().strip_prefix("const NAME: &str = \"")?.strip_suffix("\";"))
		.collect();
	assert_eq!(named, checked);
}
