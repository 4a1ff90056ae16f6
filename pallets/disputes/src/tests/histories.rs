//! Random histories: whatever parties do, every property holds after each move, everything ends, and
//! money is where it belongs. Where somebody moves for the true trace, it wins.

use std::sync::LazyLock;

use assay_kernels_exact::verdict::{NOT_OK, OK};
use assay_market::traits::Verdict;
use proptest::{collection::vec, prelude::*, strategy::ValueTree, test_runner::TestRunner};

use crate::{mock::*, types::GameState, Cases, Claims, Due, Games, OpenGames, Side};

/// Who moves for the true trace.
const GUARDIAN: u64 = 1;

/// What is played about: a run, and the traces that may be claimed of it.
struct Play {
	truth: Run,
	/// Those that end in OK.
	defended: Vec<Run>,
	/// Those that end in `NOT_OK`.
	claimed: Vec<Run>,
}

impl Play {
	fn of(truth: Run) -> Self {
		let last = truth.leaves() - 1;
		let places = [0, 9, 40, last / 2, last];
		let lies = |verdict| {
			let of_truth = (truth.tile(last) == [verdict]).then(|| truth.clone());
			let others = places.iter().map(|at| lie(&truth, *at, verdict));
			of_truth.into_iter().chain(others).collect()
		};
		Self { defended: lies(OK), claimed: lies(NOT_OK), truth }
	}

	/// Any trace of these, by its root.
	fn by_root(&self, root: &assay_primitives::Hash) -> Option<&Run> {
		let mut all = self.defended.iter().chain(&self.claimed);
		all.find(|trace| trace.trace().root() == *root)
	}

	fn is_right(&self) -> bool {
		self.truth.tile(self.truth.leaves() - 1) == [OK]
	}
}

static RIGHT: LazyLock<Play> = LazyLock::new(|| Play::of(right_run()));
static WRONG: LazyLock<Play> = LazyLock::new(|| Play::of(wrong_run()));

#[derive(Clone, Debug)]
enum Action {
	/// An account seals a trace.
	Seal { who: u64, trace: prop::sample::Index },
	/// The provider posts one.
	Post { trace: prop::sample::Index },
	/// An account shows what it may have sealed.
	Show { who: u64, trace: prop::sample::Index },
	/// Somebody opens a node for a side of a game, from a trace that need not be its own.
	Reveal { game: prop::sample::Index, provider: bool, own: bool, other: prop::sample::Index },
	/// Somebody gives the witness in a game.
	Judge { game: prop::sample::Index, from: prop::sample::Index },
	/// Somebody says that time is over.
	Timeout { due: u8, who: u64, game: prop::sample::Index },
	/// Time passes.
	Pass { ticks: u32 },
	/// The job ends by itself.
	Vanish,
}

fn action() -> impl Strategy<Value = Action> {
	let index = any::<prop::sample::Index>;
	let who = || 2_u64..7;
	prop_oneof![
		4 => (who(), index()).prop_map(|(who, trace)| Action::Seal { who, trace }),
		4 => index().prop_map(|trace| Action::Post { trace }),
		6 => (who(), index()).prop_map(|(who, trace)| Action::Show { who, trace }),
		12 => (index(), any::<bool>(), prop::bool::weighted(0.9), index()).prop_map(
			|(game, provider, own, other)| Action::Reveal { game, provider, own, other }
		),
		4 => (index(), index()).prop_map(|(game, from)| Action::Judge { game, from }),
		4 => (0..4_u8, 1..7_u64, index())
			.prop_map(|(due, who, game)| Action::Timeout { due, who, game }),
		5 => (1..40_u32).prop_map(|ticks| Action::Pass { ticks }),
		1 => Just(Action::Vanish),
	]
}

struct World<'p> {
	play: &'p Play,
	dispute: Dispute,
	/// Whether somebody moves for the true trace.
	guarded: bool,
	/// What each account sealed last.
	sealed: std::collections::BTreeMap<u64, Run>,
}

impl World<'_> {
	fn games(&self) -> Vec<assay_primitives::Hash> {
		Games::<Test>::iter_prefix(self.dispute.job).map(|(root, _)| root).collect()
	}

	/// The provider's and the claimed trace of a game that is played.
	fn sides(&self, root: &assay_primitives::Hash) -> Option<(&Run, &Run)> {
		let game = Games::<Test>::get(self.dispute.job, root)?;
		matches!(game.state, GameState::Playing(_)).then_some(())?;
		let posted = self.dispute.case()?.posted()?;
		Some((self.play.by_root(&posted)?, self.play.by_root(root)?))
	}

	/// Does what is asked; that it may fail is part of the history.
	fn act(&mut self, action: Action) {
		let dispute = self.dispute;
		match action {
			Action::Seal { who, trace } => {
				let trace = trace.get(&self.play.claimed);
				if dispute.challenge(who, trace).is_ok() {
					self.sealed.insert(who, trace.clone());
				}
			}
			Action::Post { trace } => {
				// An honest provider posts the truth and nothing else.
				let honest = self.guarded && self.play.is_right();
				let trace = if honest { &self.play.truth } else { trace.get(&self.play.defended) };
				dispute.post(trace).ok();
			}
			Action::Show { who, trace } => {
				let own = self.sealed.get(&who);
				dispute.show(who, own.unwrap_or(trace.get(&self.play.claimed))).ok();
			}
			Action::Reveal { game, provider, own, other } => {
				let games = self.games();
				if games.is_empty() {
					return;
				}
				let Some((posted, claim)) = self.sides(game.get(&games)) else { return };
				let side = if provider { Side::Provider } else { Side::Challenger };
				let mine = if provider { posted } else { claim };
				let trace = if own { mine } else { other.get(&self.play.claimed) };
				if dispute.play(claim).node.level > 0 {
					dispute.reveal(claim, side, trace).ok();
				}
			}
			Action::Judge { game, from } => {
				let games = self.games();
				if games.is_empty() {
					return;
				}
				let Some((_, claim)) = self.sides(game.get(&games)) else { return };
				dispute.judge(claim, from.get(&self.play.claimed)).ok();
			}
			Action::Timeout { due, who, game } => {
				let games = self.games();
				let due = match due {
					0 => Due::Trace,
					1 => Due::Seal(who),
					2 if !games.is_empty() => Due::Game(*game.get(&games)),
					_ => Due::Claim(who),
				};
				dispute.timeout(due).ok();
			}
			Action::Pass { ticks } => {
				for _ in 0..ticks {
					pass(1);
					self.guard();
				}
			}
			Action::Vanish => {
				if !self.guarded {
					OpenJobs::remove(dispute.job);
				}
			}
		}
		self.guard();
	}

	/// Every move that the true trace owes.
	fn guard(&self) {
		if !self.guarded || self.dispute.case().is_none_or(|case| case.over) {
			return;
		}
		let (dispute, truth) = (self.dispute, &self.play.truth);
		if self.play.is_right() {
			dispute.post(truth).ok();
		} else {
			dispute.show(GUARDIAN, truth).ok();
		}
		for root in self.games() {
			let Some((posted, claim)) = self.sides(&root) else { continue };
			let side = if self.play.is_right() { Side::Provider } else { Side::Challenger };
			let mine = if side == Side::Provider { posted } else { claim };
			if mine.trace().root() != truth.trace().root() {
				continue;
			}
			if dispute.play(claim).node.level > 0 {
				dispute.reveal(claim, side, truth).expect("the true side can always move");
			} else {
				dispute.judge(claim, truth).expect("the true side can always show it");
			}
		}
	}

	/// Lets time pass until nothing is left.
	fn wind_up(&self) {
		for _ in 0..60 {
			for _ in 0..20 {
				pass(20);
				self.guard();
			}
			self.dispute.timeout(Due::Trace).ok();
			for who in 1..7 {
				self.dispute.timeout(Due::Seal(who)).ok();
				self.dispute.close(who).ok();
			}
			for root in self.games() {
				self.dispute.timeout(Due::Game(root)).ok();
			}
			check();
			if self.dispute.case().is_none() {
				break;
			}
		}
		assert_eq!(Cases::<Test>::iter().count(), 0, "every dispute ends");
		assert_eq!(Claims::<Test>::iter().count() + Games::<Test>::iter().count(), 0);
		assert_eq!(OpenGames::<Test>::get(), 0);
		if let Some(job) = OpenJobs::get(self.dispute.job) {
			assert_eq!(job.open_games, 0, "nothing holds the job");
		}
		assert!(Verdicts::get().iter().filter(|(_, v)| *v != Verdict::Upheld).count() <= 1);
	}
}

/// How a history ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ended {
	Untouched,
	Upheld,
	Refuted,
	Silent,
	Void,
}

fn live(play: &Play, guarded: bool, actions: Vec<Action>) -> Ended {
	new_test_ext().execute_with(|| {
		let dispute = committed(&play.truth, 0);
		let mut world = World { play, dispute, guarded, sealed: Default::default() };
		if guarded && !play.is_right() {
			dispute.challenge(GUARDIAN, &play.truth).expect("the window is open");
		}
		for action in actions {
			world.act(action);
			check();
		}
		world.wind_up();
		if guarded && !play.is_right() {
			assert_eq!(Balances::free_balance(GUARDIAN), FUNDS, "nobody who is right loses money");
		}
		match Verdicts::get().last().map(|(_, verdict)| verdict.clone()) {
			None => Ended::Untouched,
			Some(Verdict::Upheld) => Ended::Upheld,
			Some(Verdict::Refuted { .. }) => Ended::Refuted,
			Some(Verdict::Silent { .. }) => Ended::Silent,
			Some(Verdict::Void) => Ended::Void,
		}
	})
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(512))]

	#[test]
	fn every_history_should_keep_every_property(
		actions in vec(action(), 1..60), right in any::<bool>(),
	) {
		live(if right { &RIGHT } else { &WRONG }, false, actions);
	}

	#[test]
	fn a_guarded_wrong_answer_should_always_fall(actions in vec(action(), 1..60)) {
		let ended = live(&WRONG, true, actions);
		prop_assert!(matches!(ended, Ended::Refuted | Ended::Silent), "{:?}", ended);
	}

	#[test]
	fn a_guarded_right_answer_should_always_stand(actions in vec(action(), 1..60)) {
		let ended = live(&RIGHT, true, actions);
		prop_assert!(matches!(ended, Ended::Untouched | Ended::Upheld), "{:?}", ended);
	}
}

/// Histories that reach nothing would show nothing.
#[test]
fn histories_should_reach_every_ending() {
	let mut runner = TestRunner::deterministic();
	let histories = vec(action(), 30..60);
	let mut reached = std::collections::BTreeMap::<Ended, u32>::new();
	for number in 0..96 {
		let play: &Play = if number % 2 == 0 { &RIGHT } else { &WRONG };
		let history = histories.new_tree(&mut runner).unwrap().current();
		*reached.entry(live(play, number % 4 > 1, history)).or_default() += 1;
	}
	for ended in [Ended::Upheld, Ended::Refuted, Ended::Silent] {
		assert!(reached.get(&ended).is_some_and(|count| *count >= 5), "{reached:?}");
	}
}
