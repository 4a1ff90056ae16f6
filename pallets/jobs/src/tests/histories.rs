//! Random histories: whatever is called in whatever order, every property holds after each call, and
//! in the end every job is over and everybody has what is theirs.

use super::*;
use crate::{
	totals::EndedJobs, Call, DeclineReason, JobParameters, JobTotals, Jobs as StoredJobs, Side,
	Totals,
};
use assay_market::{
	traits::{ModelStatus, Verdict},
	Assignment, ProviderId, Quote,
};
use frame_system::RawOrigin;
use proptest::{
	collection::vec, prelude::*, sample::Index, strategy::ValueTree, test_runner::TestRunner,
};

/// Which job: mostly one that is open, sometimes one that is over.
#[derive(Clone, Debug)]
struct Pick {
	of_all: bool,
	index: Index,
}

/// By whom: mostly by the provider who may, sometimes by this one.
type By = Option<u32>;

/// Something that happens.
#[derive(Clone, Debug)]
enum Action {
	Submit { watcher: bool, input: (bool, u32), limit: u32, provider: u32, within: u32, more: u32 },
	Accept { job: Pick, by: By, wrong: bool },
	Commit { job: Pick, by: By, inline: bool, outputs: u32 },
	AcceptAndCommit { job: Pick, by: By, outputs: u32 },
	Decline { job: Pick, by: By },
	Cancel { job: Pick, watcher: bool },
	Request { job: Pick, watcher: bool, output: bool },
	Post { job: Pick, output: bool, first: u32, last: u32 },
	Hold { job: Pick },
	Extend { job: Pick, by: u32 },
	Decide { job: Pick, verdict: u8 },
	Poke { job: Pick },
	Blocks(u32),
	Jump(u32),
	SetParameters { window: u32, data: u32, check: u32, turn: u32 },
	Rule { factor: u32, minimum: u128 },
	Prices { unit: u128, weight: u32, rate: u128, asset: bool },
	Trouble { stopped: bool, faulty: bool, frozen: bool, stale: bool, splitter: bool },
}

fn pick() -> impl Strategy<Value = Pick> {
	(prop::bool::weighted(0.1), any::<Index>()).prop_map(|(of_all, index)| Pick { of_all, index })
}

fn submission() -> impl Strategy<Value = Action> {
	let input = (any::<bool>(), 1..2_100_u32);
	(any::<bool>(), input, 1..4_u32, 0..=3_u32, 5..60_u32, 0..2_u32).prop_map(
		|(watcher, input, limit, provider, within, more)| Action::Submit {
			watcher,
			input,
			limit,
			provider,
			within,
			more,
		},
	)
}

fn action() -> impl Strategy<Value = Action> {
	let by = || prop::option::weighted(0.1, 1..=3_u32);
	let rarely = || prop::bool::weighted(0.2);
	prop_oneof![
		8 => submission(),
		10 => (pick(), by(), prop::bool::weighted(0.1))
			.prop_map(|(job, by, wrong)| Action::Accept { job, by, wrong }),
		10 => (pick(), by(), rarely(), 1..4_u32)
			.prop_map(|(job, by, inline, outputs)| Action::Commit { job, by, inline, outputs }),
		3 => (pick(), by(), 1..4_u32)
			.prop_map(|(job, by, outputs)| Action::AcceptAndCommit { job, by, outputs }),
		2 => (pick(), by()).prop_map(|(job, by)| Action::Decline { job, by }),
		1 => (pick(), any::<bool>()).prop_map(|(job, watcher)| Action::Cancel { job, watcher }),
		4 => (pick(), any::<bool>(), any::<bool>())
			.prop_map(|(job, watcher, output)| Action::Request { job, watcher, output }),
		8 => (pick(), any::<bool>(), 0..2_u32, 0..3_u32)
			.prop_map(|(job, output, first, last)| Action::Post { job, output, first, last }),
		4 => pick().prop_map(|job| Action::Hold { job }),
		1 => (pick(), 0..300_u32).prop_map(|(job, by)| Action::Extend { job, by }),
		6 => (pick(), 0..6_u8).prop_map(|(job, verdict)| Action::Decide { job, verdict }),
		3 => pick().prop_map(|job| Action::Poke { job }),
		8 => (1..10_u32).prop_map(Action::Blocks),
		1 => (1..200_u32).prop_map(Action::Jump),
		1 => (60..200_u32, 10..60_u32, 30..90_u32, 0..9_u32).prop_map(
			|(window, data, check, turn)| Action::SetParameters { window, data, check, turn }
		),
		1 => (1..400_u32, 0..100_000_u128)
			.prop_map(|(factor, minimum)| Action::Rule { factor, minimum }),
		1 => (1..9_u128, 0..3_u32, 1..9_u128, any::<bool>())
			.prop_map(|(unit, weight, rate, asset)| Action::Prices { unit, weight, rate, asset }),
		2 => [rarely(), rarely(), rarely(), rarely(), rarely()].prop_map(
			|[stopped, faulty, frozen, stale, splitter]| {
				Action::Trouble { stopped, faulty, frozen, stale, splitter }
			}
		),
	]
}

/// The chain, with the jobs that were ever submitted and how long their inputs are.
#[derive(Default)]
struct World {
	jobs: Vec<(JobId, u32)>,
}

impl World {
	/// A job that was submitted; before there is one, its name is nobody's.
	fn job(&self, pick: &Pick) -> (JobId, u32) {
		let is_open = |job: &JobId| StoredJobs::<Test>::contains_key(job);
		let jobs: Vec<_> =
			self.jobs.iter().filter(|(job, _)| pick.of_all || is_open(job)).collect();
		if jobs.is_empty() {
			return Default::default();
		}
		**pick.index.get(&jobs)
	}

	/// Does what is asked; that it may fail is part of the history.
	fn act(&mut self, action: Action) {
		match action {
			Action::Submit { watcher, input: (inline, length), limit, provider, within, more } => {
				let user = if watcher { WATCHER } else { USER };
				let nonce = crate::NextNonce::<Test>::get(user);
				let input = if inline { driver().inline(length) } else { driver().by_root(length) };
				let request = Request {
					assignment: match provider {
						0 => Assignment::BestOffer,
						provider => Assignment::Named(ProviderId(provider)),
					},
					accept_within: within,
					exposure_factor: (more > 0).then(|| Factor::get() * (1 + more)),
					..driver().request(input, limit)
				};
				let (named, _) = request.clone().with_input(request.input.list());
				if dispatch(Call::submit { nonce, request }, user).is_ok() {
					self.jobs.push((named.job::<crate::Blake2>(&user, nonce), length));
				}
			}
			Action::Accept { job, by, wrong } => {
				let (job, _) = self.job(&job);
				let provider = acting(job, by);
				let terms_hash = if wrong { TermsHash::default() } else { terms(job, provider) };
				dispatch(Call::accept { job, terms_hash }, owner(provider)).ok();
			}
			Action::Commit { job, by, inline, outputs } => {
				let (job, _) = self.job(&job);
				let provider = acting(job, by);
				let output =
					if inline { driver().inline(outputs) } else { driver().by_root(outputs) };
				let terms_hash = terms(job, provider);
				dispatch(Call::commit { job, terms_hash, output }, owner(provider)).ok();
			}
			Action::AcceptAndCommit { job, by, outputs } => {
				let (job, _) = self.job(&job);
				let provider = acting(job, by);
				let (terms_hash, output) = (terms(job, provider), driver().by_root(outputs).list());
				let call = Call::accept_and_commit { job, terms_hash, output };
				dispatch(call, delegate(provider)).ok();
			}
			Action::Decline { job, by } => {
				let (job, _) = self.job(&job);
				let reason = DeclineReason::Busy;
				dispatch(Call::decline { job, reason }, owner(acting(job, by))).ok();
			}
			Action::Cancel { job, watcher } => {
				let (job, _) = self.job(&job);
				dispatch(Call::cancel { job }, if watcher { WATCHER } else { USER }).ok();
			}
			Action::Request { job, watcher, output } => {
				let (job, _) = self.job(&job);
				let commitment_hash = driver().commitment_hash(job);
				let call = Call::request_data { job, commitment_hash, side: side(output) };
				dispatch(call, if watcher { WATCHER } else { USER }).ok();
			}
			Action::Post { job, output, first, last } => {
				let (job, length) = self.job(&job);
				let length =
					match StoredJobs::<Test>::get(job).as_ref().and_then(|job| job.answer()) {
						Some(answer) if output => answer.commitment.output().length,
						_ => length,
					};
				let call = Call::post_data {
					job,
					commitment_hash: driver().commitment_hash(job),
					side: side(output),
					leaves: driver().leaves(length, first, last),
				};
				dispatch(call, owner(acting(job, None))).ok();
			}
			Action::Hold { job } => {
				let (job, _) = self.job(&job);
				let commitment = driver().commitment_hash(job);
				within_a_call(|| Jobs::hold(&job, &commitment)).ok();
			}
			Action::Extend { job, by } => {
				let (job, _) = self.job(&job);
				within_a_call(|| Jobs::extend_window(&job, Now::get() + by)).ok();
			}
			Action::Decide { job, verdict } => {
				let (job, _) = self.job(&job);
				let verdict = match verdict {
					0 => Verdict::Upheld,
					1 => Verdict::Refuted { challenger: Some((WATCHER, 1)) },
					2 => Verdict::Silent { challenger: None },
					_ => Verdict::Void,
				};
				within_a_call(|| Jobs::decide(&job, verdict)).ok();
			}
			Action::Poke { job } => {
				let (job, _) = self.job(&job);
				dispatch(Call::poke { job }, WATCHER).ok();
			}
			Action::Blocks(ticks) => run_to(Now::get() + ticks),
			Action::Jump(ticks) => block_at(Now::get() + ticks),
			Action::SetParameters { window, data, check, turn } => {
				let parameters = JobParameters {
					window_ticks: window,
					data_ticks: data,
					check_ticks: check,
					turn_ticks: turn,
					..JobParameters::default()
				};
				let call = RuntimeCall::Jobs(Call::set_parameters { parameters });
				call.dispatch(RawOrigin::Root.into()).ok();
			}
			Action::Rule { factor, minimum } => {
				Factor::set(factor);
				LeastExposure::set(minimum);
			}
			Action::Prices { unit, weight, rate, asset } => {
				// What a series promises never changes; here there is only one.
				if StoredJobs::<Test>::iter_keys().next().is_none() {
					UnitPrice::set(unit);
					SeriesQuote::set(if asset { Quote::Asset(7) } else { Quote::Native });
				}
				LayerProduct::set(weight);
				Rate::set(rate);
			}
			Action::Trouble { stopped, faulty, frozen, stale, splitter } => {
				Stopped::set(stopped);
				Faulty::set(faulty && stopped);
				Status::set(if frozen && stale {
					ModelStatus::Frozen
				} else {
					ModelStatus::Listed
				});
				RateIsStale::set(stale);
				SplitterFails::set(splitter);
			}
		}
	}

	/// Ends every game and lets time pass: nothing may be left.
	fn wind_up(&self) {
		self.calm();
		for (job, _) in &self.jobs {
			while within_a_call(|| Jobs::decide(job, Verdict::Upheld)).is_ok() {}
		}
		for _ in 0..30 {
			// More in all than the longest wait after a failure.
			block_at(Now::get() + 400);
		}
		assert_eq!(StoredJobs::<Test>::iter_keys().count(), 0, "every job ends");
		let totals = Totals::<Test>::get();
		assert_eq!(totals.submitted, self.jobs.len() as u64);
		assert_eq!(totals.units_in_escrow(), Some(0));
		assert_eq!(BurnedUnits::get(), totals.units_paid);
		assert_eq!(Distributed::get().len() as u64, totals.ended.settled);
		let offences = totals.ended.late + totals.ended.refuted + totals.ended.silent;
		assert_eq!(Reports::get().len() as u64, offences);
	}

	fn calm(&self) {
		Stopped::set(false);
		Faulty::set(false);
		SplitterFails::set(false);
		RateIsStale::set(false);
		Status::set(ModelStatus::Listed);
	}
}

fn side(output: bool) -> Side {
	if output {
		Side::Output
	} else {
		Side::Input
	}
}

/// Who acts: the one who is named, or the provider whose job or turn it is.
fn acting(job: JobId, by: By) -> u32 {
	let may = || Jobs::job(job).and_then(|view| view.provider).map(|provider| provider.0);
	by.or_else(may).unwrap_or(1)
}

/// The hash of what is promised, or what a provider would promise now.
fn terms(job: JobId, provider: u32) -> TermsHash {
	driver().terms_hash_of(job, ProviderId(provider))
}

fn within_a_call(call: impl FnOnce() -> Result<(), DispatchError>) -> Result<(), DispatchError> {
	frame_support::storage::with_storage_layer(call)
}

/// Lets a history happen, with every property checked after each call. Returns the counts.
fn live(actions: Vec<Action>) -> JobTotals {
	new_test_ext().execute_with(|| {
		let mut world = World::default();
		for action in actions {
			world.act(action);
			check();
		}
		world.wind_up();
		check();
		Totals::<Test>::get()
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
fn histories_should_reach_every_ending() {
	let mut runner = TestRunner::deterministic();
	let histories = vec(action(), 100..200);
	let mut reached = EndedJobs::default();
	for _ in 0..128 {
		let EndedJobs { settled, cancelled, declined, expired, late, refuted, silent, void } =
			live(histories.new_tree(&mut runner).unwrap().current()).ended;
		reached.settled += settled;
		reached.cancelled += cancelled;
		reached.declined += declined;
		reached.expired += expired;
		reached.late += late;
		reached.refuted += refuted;
		reached.silent += silent;
		reached.void += void;
	}
	let EndedJobs { settled, cancelled, declined, expired, late, refuted, silent, void } = reached;
	let each = [settled, cancelled, declined, expired, late, refuted, silent, void];
	assert!(each.iter().all(|jobs| *jobs >= 10), "{reached:?}");
}
