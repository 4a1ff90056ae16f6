//! Random histories of the market over the real runtime.
//!
//! Anybody does anything, with amounts at the edges, in any order: providers, users, subscribers,
//! attesters, governance, courts, issuers of assets, traders. Every few calls the block ends and every
//! property of every pallet is checked. A call that is refused is part of a history; a property that
//! does not hold after it is a bug.
//!
//! Each test run plays the same histories, a few thousand calls. `ASSAY_HISTORIES_CALLS=100000` plays
//! so many, and others each time. A history that failed goes to `regressions.rs`, as small as it was
//! shrunk to. `fuzz.rs` searches with the same steps for histories that do something new.

mod bytes;
mod fuzz;
mod governance;
mod jobs;
mod models;
mod money;
mod pick;
mod providers;
mod regressions;
mod vouchers;
mod world;

use proptest::{
	collection::vec,
	prelude::*,
	test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use std::{cell::RefCell, collections::BTreeSet, fmt::Debug};
use world::{play, Played};

/// Calls of a run that nobody asked more of.
const CALLS: usize = 4_000;
/// How many calls to play instead.
const CALLS_VARIABLE: &str = "ASSAY_HISTORIES_CALLS";
/// Histories between two looks at how many calls were made.
const CASES: u32 = 8;
/// Steps of a history.
const LENGTH: usize = 200;

/// One thing that happens.
#[derive(Clone, Debug)]
struct Step {
	/// Who does it, among the known accounts; the first ones are providers and users.
	actor: usize,
	act: Act,
}

#[derive(Clone, Debug)]
enum Act {
	Models(models::Act),
	Providers(providers::Act),
	Vouchers(vouchers::Act),
	Jobs(jobs::Act),
	Money(money::Act),
	Governance(governance::Act),
	/// So many ticks pass, in which providers may be resting: offline without harm.
	Pass {
		ticks: assay_market::Tick,
		resting: bool,
	},
}

/// The name of an act, without its arguments.
fn name(act: &impl Debug) -> String {
	let text = format!("{act:?}");
	text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
}

fn step() -> impl Strategy<Value = Step> {
	let actor = prop_oneof![4 => 0..5_usize, 1 => 0..12_usize];
	let ticks = prop_oneof![
		6 => 1..30_u32,
		6 => 100..400_u32,
		1 => Just(14_400),
		1 => 50_000..150_000_u32,
		1 => Just(61 * 14_400),
	];
	let pass = (ticks, prop::bool::weighted(0.8));
	let act = prop_oneof![
		3 => models::act().prop_map(Act::Models),
		5 => providers::act().prop_map(Act::Providers),
		5 => vouchers::act().prop_map(Act::Vouchers),
		14 => jobs::act().prop_map(Act::Jobs),
		4 => money::act().prop_map(Act::Money),
		1 => governance::act().prop_map(Act::Governance),
		2 => pass.prop_map(|(ticks, resting)| Act::Pass { ticks, resting }),
	];
	(actor, act).prop_map(|(actor, act)| Step { actor, act })
}

/// What a run has to contain to say something: these calls, admitted at least once.
const ADMITTED: [&str; 22] = [
	"Accept",
	"AcceptAndCommit",
	"Attest",
	"Bond",
	"Cancel",
	"Claim",
	"Commit",
	"Decline",
	"Donate",
	"Heartbeat",
	"Mint",
	"Open",
	"Poke",
	"Reclaim",
	"RequestData",
	"RequestWithdrawal",
	"SetOffer",
	"Submit",
	"Subscribe",
	"Swap",
	"Transfer",
	"Verdict",
];

/// Plays histories until so many calls were made.
fn play_all(calls: usize, mut runner: TestRunner) -> Played {
	let seen = RefCell::new(Played::default());
	let histories = vec(step(), LENGTH / 2..=LENGTH);
	// A step that finds nothing to be about is no call, so that their number is not known before.
	while seen.borrow().calls < calls {
		let mut round = TestRunner::new_with_rng(runner.config().clone(), runner.new_rng());
		let played = round.run(&histories, |history| {
			seen.borrow_mut().merge(play(&history));
			Ok(())
		});
		if let Err(failed) = played {
			panic!("{failed}\nKeep the minimal history in regressions.rs.");
		}
	}
	seen.into_inner()
}

#[test]
fn every_history_should_keep_every_property_of_the_market() {
	let asked = std::env::var(CALLS_VARIABLE).ok();
	let calls = asked.as_deref().map_or(CALLS, |calls| {
		calls.parse().unwrap_or_else(|_| panic!("{CALLS_VARIABLE}={calls} is no number"))
	});
	let config = Config {
		cases: CASES,
		failure_persistence: None,
		max_shrink_iters: 1_000,
		..Config::default()
	};
	// The same histories for everybody, unless somebody searches.
	let runner = match asked {
		None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
		Some(_) => TestRunner::new(config),
	};
	let Played { calls, admitted, refused, endings } = play_all(calls, runner);
	println!("{calls} calls; admitted: {admitted:#?}; refused: {refused:#?}; jobs: {endings:?}");
	let missing: BTreeSet<_> =
		ADMITTED.iter().filter(|name| !admitted.contains_key(**name)).collect();
	assert!(missing.is_empty(), "never admitted: {missing:?}");
	// Jobs end in every way that does not depend on rare luck.
	assert!(endings.settled > 0 && endings.late > 0 && endings.expired > 0, "{endings:?}");
	assert!(endings.refuted > 0 && endings.silent > 0, "{endings:?}");
}
