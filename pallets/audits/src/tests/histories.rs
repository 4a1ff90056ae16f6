//! Random histories: whatever is called in whatever order, every property holds after each call,
//! money is where the ledgers say, and in the end nobody answers for anything.

use super::*;
use crate::{Call, Due, KeptClaims, Outcomes, Promised, Roster, RoundOf, Rounds, Tallies};
use assay_market::traits::ClaimEnd;
use frame_support::traits::fungible::Inspect;
use proptest::{
	collection::vec, prelude::*, sample::Index, strategy::ValueTree, test_runner::TestRunner,
};
use sp_runtime::{traits::Dispatchable, Perbill, Permill};

/// Something that happens.
#[derive(Clone, Debug)]
enum Action {
	Answer { share: u32 },
	Close { job: Index, void: bool },
	Lose { job: Index, winner: Option<Index> },
	EndGame { job: Index, game: Index, end: u8 },
	Enrol { auditor: u32, stake: u128 },
	Leave { auditor: u32 },
	Seal { job: Index, who: Index, root: u8, stranger: bool },
	Reveal { job: Index, who: Index, wrong: bool, stranger: bool },
	Poke { job: Index },
	Plant { ahead: u8, count: u8 },
	Open,
	Blocks(u32),
	Jump(u32),
	SetParameters { seal: u32, reveal: u32, redraws: u8, silence: u128 },
	Trouble { games: bool, cashier: bool, jobs: bool, posted: bool, treasury: bool, unbonded: u32 },
	Exposure(u128),
}

fn action() -> impl Strategy<Value = Action> {
	let rarely = || prop::bool::weighted(0.1);
	let pick = any::<Index>;
	prop_oneof![
		8 => (50..=100_u32).prop_map(|share| Action::Answer { share }),
		8 => (pick(), rarely()).prop_map(|(job, void)| Action::Close { job, void }),
		4 => (pick(), prop::option::of(pick())).prop_map(|(job, winner)| Action::Lose { job, winner }),
		8 => (pick(), pick(), 0..3_u8)
			.prop_map(|(job, game, end)| Action::EndGame { job, game, end }),
		6 => (1..10_u32, 2_000..20_000_u128)
			.prop_map(|(auditor, stake)| Action::Enrol { auditor, stake }),
		1 => (1..10_u32).prop_map(|auditor| Action::Leave { auditor }),
		30 => (pick(), pick(), 1..4_u8, rarely())
			.prop_map(|(job, who, root, stranger)| Action::Seal { job, who, root, stranger }),
		30 => (pick(), pick(), rarely(), rarely())
			.prop_map(|(job, who, wrong, stranger)| Action::Reveal { job, who, wrong, stranger }),
		2 => pick().prop_map(|job| Action::Poke { job }),
		3 => (0..3_u8, 1..4_u8).prop_map(|(ahead, count)| Action::Plant { ahead, count }),
		4 => Just(Action::Open),
		10 => (1..20_u32).prop_map(Action::Blocks),
		1 => (1..200_u32).prop_map(Action::Jump),
		1 => (15..40_u32, 8..30_u32, 0..5_u8, 1..3_000_u128).prop_map(
			|(seal, reveal, redraws, silence)| {
				Action::SetParameters { seal, reveal, redraws, silence }
			}
		),
		1 => ([rarely(), rarely(), rarely(), rarely(), rarely()], 0..12_u32).prop_map(
			|([games, cashier, jobs, posted, treasury], unbonded)| {
				Action::Trouble { games, cashier, jobs, posted, treasury, unbonded }
			}
		),
		1 => (1..40_000_u128).prop_map(Action::Exposure),
	]
}

/// What a root says: the first is right, the others are not.
fn finding(root: u8) -> Finding {
	if root == 3 {
		Finding::NotOk
	} else {
		Finding::Ok
	}
}

/// The chain, with the answers that were ever committed, the roots that were sealed, and what was
/// planted.
#[derive(Default)]
struct World {
	answers: u8,
	sealed: std::collections::BTreeMap<(JobId, u32), u8>,
	plants: Vec<Vec<JobId>>,
}

fn call(call: Call<Test>, origin: RuntimeOrigin) -> bool {
	RuntimeCall::Audits(call).dispatch(origin).is_ok()
}

impl World {
	/// An answer that was committed; before there is one, nobody's.
	fn job(&self, index: &Index) -> JobId {
		if self.answers == 0 {
			return job(0);
		}
		job(1 + index.index(self.answers.into()) as u8)
	}

	/// Mostly an answer whose audit is not concluded, sometimes any.
	fn audited(&self, index: &Index) -> JobId {
		let open: Vec<_> = (1..=self.answers)
			.map(job)
			.filter(|job| {
				let audit = StoredAudits::<Test>::get(job);
				audit.is_some_and(|audit| audit.stage != Stage::Concluded)
			})
			.collect();
		if open.is_empty() {
			return self.job(index);
		}
		open[index.index(open.len())]
	}

	/// One of an answer's auditors, or somebody else.
	fn who(&self, job: JobId, index: &Index, stranger: bool) -> u32 {
		let seats = StoredAudits::<Test>::get(job).map(|audit| audit.seats.into_inner());
		match seats.filter(|seats| !seats.is_empty() && !stranger) {
			Some(seats) => seats[index.index(seats.len())].auditor.0,
			None => 1 + index.index(10) as u32,
		}
	}

	/// Does what is asked; that it may fail is part of the history.
	fn act(&mut self, action: Action) {
		match action {
			Action::Answer { share } => {
				if self.answers < 250 {
					self.answers += 1;
					Share::set(Perbill::from_percent(share));
					answer(self.answers);
					Share::set(Perbill::one());
				}
			}
			Action::Close { job, void } => {
				let job = self.job(&job);
				// What is held is not paid, and what is not drawn neither; but it may become void.
				let is_held = Answers::get(job).is_none_or(|answer| answer.open > 0);
				let waits = RoundOf::<Test>::contains_key(job);
				if Answers::contains_key(job) && (void || !(is_held || waits)) {
					close_answer(job);
				}
			}
			Action::Lose { job, winner } => {
				let job = self.job(&job);
				let games = Games::get(job);
				let winner = winner.filter(|_| !games.is_empty());
				let winner = winner.map(|index| games[index.index(games.len())].0);
				if Answers::contains_key(job) && !JobsFail::get() {
					lose(job, winner);
				}
			}
			Action::EndGame { job, game, end } => {
				let job = self.job(&job);
				let games = Games::get(job);
				if !games.is_empty() {
					let end = [ClaimEnd::Won, ClaimEnd::Lost, ClaimEnd::Undecided][end as usize];
					end_game(job, games[game.index(games.len())].0, end);
				}
			}
			Action::Enrol { auditor, stake } => {
				call(Call::enrol { model: MODEL, stake }, signed(owner(auditor)));
			}
			Action::Leave { auditor } => {
				call(Call::leave { model: MODEL }, signed(owner(auditor)));
			}
			Action::Seal { job, who, root, stranger } => {
				let job = self.audited(&job);
				let who = self.who(job, &who, stranger);
				if seal(who, job, root).is_ok() {
					self.sealed.insert((job, who), root);
				}
			}
			Action::Reveal { job, who, wrong, stranger } => {
				let job = self.audited(&job);
				let who = self.who(job, &who, stranger);
				let sealed = self.sealed.get(&(job, who)).copied().unwrap_or(1);
				let root = sealed + u8::from(wrong);
				reveal(who, job, root, finding(root)).ok();
			}
			Action::Poke { job } => {
				call(Call::poke { job: self.job(&job) }, signed(ANYBODY));
			}
			Action::Plant { ahead, count } => {
				// Answers to come, and sometimes one that was committed in this tick.
				let first = (self.answers + ahead).max(1);
				let jobs: Vec<_> = (first..first + count).map(job).collect();
				let hash = hashing::plants(&[1; 32], &jobs);
				let commit = Call::commit_plants { hash, count: count.into() };
				if call(commit, RuntimeOrigin::root()) {
					self.plants.push(jobs);
				}
			}
			Action::Open => {
				self.plants.retain(|jobs| {
					let jobs = frame_support::BoundedVec::truncate_from(jobs.clone());
					!call(Call::open_plants { jobs, salt: [1; 32] }, signed(ANYBODY))
				});
			}
			Action::Blocks(count) => blocks(count),
			Action::Jump(ticks) => block_at(Now::get() + ticks),
			Action::SetParameters { seal, reveal, redraws, silence } => {
				let parameters = crate::AuditParameters {
					seal_ticks: seal,
					reveal_ticks: reveal,
					redraws,
					silence_penalty: silence,
					..DefaultParameters::get()
				};
				call(Call::set_parameters { parameters }, RuntimeOrigin::root());
			}
			Action::Trouble { games, cashier, jobs, posted, treasury, unbonded } => {
				GamesAreRefused::set(games);
				CashierFails::set(cashier);
				JobsFail::set(jobs);
				Posted::set(posted.then_some(Hash([1; 32])));
				let part = if treasury { Permill::zero() } else { Permill::from_percent(80) };
				TreasurySplit::mutate(|split| split.treasury = part);
				Unbonded::set(vec![ProviderId(unbonded)]);
			}
			Action::Exposure(exposure) => AtStake::set(exposure),
		}
	}

	/// Ends everything and lets time pass: nobody answers for anything any more.
	fn wind_up(&self) {
		GamesAreRefused::set(false);
		CashierFails::set(false);
		JobsFail::set(false);
		for number in 1..=self.answers {
			let job = job(number);
			for (claimant, ..) in Games::get(job) {
				end_game(job, claimant, ClaimEnd::Undecided);
			}
			if Answers::contains_key(job) {
				close_answer(job);
			}
		}
		blocks(crate::beacon::DRAW_ROUNDS + 60);
		assert_eq!(RoundOf::<Test>::iter().count() + Rounds::<Test>::iter().count(), 0);
		assert_eq!(StoredAudits::<Test>::iter().count(), 0);
		assert_eq!(KeptClaims::<Test>::iter().count(), 0);
		assert_eq!(Promised::<Test>::get(), 0);
		assert_eq!(Due::<Test>::iter().count(), Outcomes::<Test>::iter().count());
		for entry in Roster::<Test>::get(MODEL) {
			assert_eq!((entry.engaged, entry.is_active), (0, true));
		}
	}
}

/// Nothing was minted and nothing burned: penalties are taken elsewhere.
fn check_money() {
	let all = [TREASURY, CASHIER, Audits::account()].map(|account| Balances::balance(&account));
	assert_eq!(all.iter().sum::<u128>(), FUNDS + 3 * ED);
	let paid: u128 = PaidOut::iter().map(|(_, paid)| paid).sum();
	assert_eq!(Balances::balance(&CASHIER), paid + ED);
}

/// Lets a history happen, with every property checked after each call. Returns how often it was
/// punished for what, how many fees were paid, and what was measured.
fn live(actions: Vec<Action>) -> [usize; 6] {
	new_test_ext().execute_with(|| {
		MaxLists::set(10);
		let mut world = World::default();
		enrol(1..=4);
		for action in actions {
			world.act(action);
			check();
			check_money();
		}
		world.wind_up();
		check();
		check_money();
		let of = |kind| Reports::get().iter().filter(|report| report.kind == kind).count();
		let tallies = Tallies::<Test>::get();
		let tally = tallies.last().map(|era| era.tally).unwrap_or_default();
		[
			of(OffenceKind::Silence),
			of(OffenceKind::FalseAudit),
			PaidOut::iter().count(),
			tally.found as usize,
			tally.missed as usize,
			tally.unchecked as usize,
		]
	})
}

proptest! {
	#[test]
	fn every_history_should_keep_every_property(actions in vec(action(), 1..200)) {
		live(actions);
	}
}

/// Histories that reach nothing would show nothing.
#[test]
fn histories_should_reach_every_end() {
	let mut runner = TestRunner::deterministic();
	let histories = vec(action(), 300..400);
	let mut reached = [0; 6];
	for _ in 0..128 {
		let one = live(histories.new_tree(&mut runner).unwrap().current());
		reached.iter_mut().zip(one).for_each(|(all, one)| *all += one);
	}
	assert!(reached.iter().all(|count| *count >= 10), "{reached:?}");
}
