//! Random histories of everything that moves a bond, with all properties checked after each step and a
//! plain account of who should have what beside them.

use std::{cell::RefCell, collections::HashSet, mem::discriminant};

use assay_market::{
	traits::{Bonds, ExposureTerms, Offer, OfferSearch, Subscribed},
	Balance, ModelId, ProviderId,
};
use frame_support::assert_ok;
use proptest::{collection::vec, prelude::*, test_runner::TestRunner};
use sp_runtime::Permill;

use crate::{mock::*, types::Ledger, HoldReason, Ledgers, Providers as Records};

/// Accounts that own a provider at first; two more may take one over.
const OWNERS: u64 = 3;
const MODELS: [ModelId; 2] = [MODEL, MODEL_2];

/// One thing that happens; numbers are taken modulo what there is.
#[derive(Clone, Debug)]
enum Step {
	Register,
	Deregister,
	Bond(Balance),
	RequestWithdrawal(Balance),
	/// Asks all back that is bonded.
	Leave,
	CancelWithdrawal,
	Withdraw,
	CollectDebt,
	SetOffer {
		price: Balance,
		room: u32,
	},
	WithdrawOffer,
	Refresh,
	Online(bool),
	Heartbeat,
	ReportDowntime,
	Rotate(u64),
	Accept {
		exposure: Balance,
		trace_bytes: u64,
	},
	Commit {
		job: usize,
		part: u8,
	},
	End {
		job: usize,
		slashed: u8,
	},
	Slash(Balance),
	Pledge(Balance),
	Unpledge(usize),
	Pass(u32),
	SetFloor(Balance),
	MissTurn,
	Subscribe {
		price: Balance,
		ticks: u32,
	},
	Unsubscribe,
}

/// How many kinds of steps there are.
const STEP_KINDS: usize = 26;

/// Where a job stands.
#[derive(Clone, Copy, Debug)]
struct Job {
	provider: ProviderId,
	model: ModelId,
	reserved: Balance,
	exposed: Balance,
	trace_bytes: u64,
}

/// What the neighbours of the pallet know.
#[derive(Default)]
struct Neighbours {
	jobs: Vec<Job>,
	pledges: Vec<(ProviderId, ModelId, Balance)>,
}

fn amount() -> impl Strategy<Value = Balance> {
	prop_oneof![
		1 => Just(0),
		3 => 1..20_u128,
		8 => 0..800_u128,
		3 => 900..1_100_u128,
		2 => 0..6_000_u128,
		1 => prop_oneof![Just(FUNDS), Just(u128::MAX)],
	]
}

fn step() -> impl Strategy<Value = Step> {
	prop_oneof![
		2 => Just(Step::Register),
		2 => Just(Step::Deregister),
		5 => amount().prop_map(Step::Bond),
		4 => amount().prop_map(Step::RequestWithdrawal),
		4 => Just(Step::Leave),
		3 => Just(Step::CancelWithdrawal),
		6 => Just(Step::Withdraw),
		6 => Just(Step::CollectDebt),
		4 => (0..5_u128, 1..4_u32).prop_map(|(price, room)| Step::SetOffer { price, room }),
		1 => Just(Step::WithdrawOffer),
		1 => Just(Step::Refresh),
		2 => any::<bool>().prop_map(Step::Online),
		6 => Just(Step::Heartbeat),
		3 => Just(Step::ReportDowntime),
		2 => (1..=OWNERS + 2).prop_map(Step::Rotate),
		14 => (amount(), 0..120_u64)
			.prop_map(|(exposure, trace_bytes)| Step::Accept { exposure, trace_bytes }),
		8 => (any::<usize>(), any::<u8>()).prop_map(|(job, part)| Step::Commit { job, part }),
		8 => (any::<usize>(), any::<u8>()).prop_map(|(job, slashed)| Step::End { job, slashed }),
		1 => amount().prop_map(Step::Slash),
		2 => (2_000..6_000_u128).prop_map(Step::Slash),
		3 => amount().prop_map(Step::Pledge),
		3 => any::<usize>().prop_map(Step::Unpledge),
		6 => (1..20_u32).prop_map(Step::Pass),
		1 => (1..100_u32).prop_map(Step::Pass),
		1 => (0..1_200_u128).prop_map(Step::SetFloor),
		2 => Just(Step::MissTurn),
		2 => (0..5_u128, 1..60_u32).prop_map(|(price, ticks)| Step::Subscribe { price, ticks }),
		1 => Just(Step::Unsubscribe),
	]
}

/// `of`, scaled by a byte.
fn part_of(of: Balance, part: u8) -> Balance {
	Permill::from_rational(u32::from(part), 255).mul_floor(of)
}

fn provider_of(owner: u64) -> ProviderId {
	Providers::provider_of(&owner).unwrap_or(ProviderId(u32::MAX))
}

/// Anybody may collect from every bond; returns whether a debt was paid.
fn collect_debts(who: u64) -> bool {
	let ledgers: Vec<_> = Ledgers::<Test>::iter_keys().collect();
	let collect = |(provider, model)| {
		Providers::collect_debt(RuntimeOrigin::signed(who), provider, model).is_ok()
	};
	// Not lazily: one payment does not end the search.
	ledgers.into_iter().map(collect).fold(false, |any, paid| any | paid)
}

impl Neighbours {
	/// Does one step, and says whether it was admitted: refused calls are part of a history.
	fn take(&mut self, owner: u64, model: ModelId, step: Step) -> bool {
		let origin = RuntimeOrigin::signed(owner);
		let provider = provider_of(owner);
		match step {
			Step::Register => Providers::register(origin).is_ok(),
			Step::Deregister => Providers::deregister(origin).is_ok(),
			Step::Bond(amount) => Providers::bond(origin, model, amount).is_ok(),
			Step::RequestWithdrawal(amount) => {
				Providers::request_withdrawal(origin, model, amount).is_ok()
			}
			Step::Leave => {
				let all = Ledgers::<Test>::get(provider, model).map_or(0, |ledger| ledger.bonded);
				Providers::request_withdrawal(origin, model, all).is_ok()
			}
			Step::CancelWithdrawal => Providers::cancel_withdrawal(origin, model).is_ok(),
			Step::Withdraw => self.withdraw(owner, provider, model),
			Step::CollectDebt => collect_debts(owner),
			Step::SetOffer { price, room } => {
				let multiplier_percent = if price > 2 { 200 } else { 100 };
				let offer = Offer { max_open_jobs: room, multiplier_percent, ..offer(price) };
				Providers::set_offer(origin, model, offer).is_ok()
			}
			Step::WithdrawOffer => Providers::withdraw_offer(origin, model).is_ok(),
			Step::Refresh => Providers::refresh_offer(origin, provider, model).is_ok(),
			Step::Online(online) => Providers::set_online(origin, online).is_ok(),
			Step::Heartbeat => Providers::heartbeat(origin).is_ok(),
			Step::ReportDowntime => Providers::report_downtime(origin, provider).is_ok(),
			Step::Rotate(new_owner) => self.rotate(owner, provider, new_owner),
			Step::Accept { exposure, trace_bytes } => {
				self.accept(provider, model, exposure, trace_bytes)
			}
			Step::Commit { job, part } => self.commit(job, part),
			Step::End { job, slashed } => self.end(job, slashed),
			Step::Slash(amount) => Providers::slash(provider, &model, amount, &SLASHER).is_ok(),
			Step::Pledge(bond) => self.pledge(provider, model, bond),
			Step::Unpledge(which) => self.unpledge(which),
			Step::Pass(ticks) => {
				Now::mutate(|now| *now += ticks);
				true
			}
			Step::SetFloor(floor) => {
				Floor::set(floor);
				true
			}
			Step::MissTurn => {
				let before = Ledgers::<Test>::get(provider, model);
				Providers::turn_missed(provider, &model);
				before != Ledgers::<Test>::get(provider, model)
			}
			Step::Subscribe { price, ticks } => {
				let bounds = Subscribed {
					max_min_price_per_unit: price,
					max_multiplier_percent: 150,
					until: Now::get() + ticks,
				};
				Providers::set_subscribed(provider, &model, Some(bounds)).is_ok()
			}
			Step::Unsubscribe => Providers::set_subscribed(provider, &model, None).is_ok(),
		}
	}

	fn pledge(&mut self, provider: ProviderId, model: ModelId, bond: Balance) -> bool {
		let pledged = bond > 0 && Providers::pledge(provider, &model, bond, true).is_ok();
		if pledged {
			self.pledges.push((provider, model, bond));
		}
		pledged
	}

	/// What was pledged can be freed, whatever happened before.
	fn unpledge(&mut self, which: usize) -> bool {
		let Some((provider, model, bond)) = picked(&mut self.pledges, which) else { return false };
		assert_eq!(Providers::pledge(provider, &model, bond, false), Ok(()));
		true
	}

	/// A withdrawal never takes what answers for something.
	fn withdraw(&mut self, owner: u64, provider: ProviderId, model: ModelId) -> bool {
		let withdrawn = Providers::withdraw(RuntimeOrigin::signed(owner), model).is_ok();
		if withdrawn {
			let left = Ledgers::<Test>::get(provider, model).unwrap_or_default();
			assert!(left.bonded >= self.answering(provider, model));
			let serves = left.bonded >= MIN_BOND;
			assert!(serves || !self.jobs.iter().any(|job| job.is_of(provider, model)));
		}
		withdrawn
	}

	/// A rotation changes nothing but the owner.
	fn rotate(&mut self, owner: u64, provider: ProviderId, new_owner: u64) -> bool {
		let of = |owner: u64| {
			let holds = [HoldReason::Bond, HoldReason::Registration];
			(holds.map(|reason| on_hold(reason, owner)), Balances::free_balance(owner))
		};
		let ledgers = MODELS.map(|model| Ledgers::<Test>::get(provider, model));
		let (old, new) = (of(owner), of(new_owner));
		let proposed = Providers::propose_rotation(RuntimeOrigin::signed(owner), new_owner).is_ok();
		if proposed {
			let accepted = Providers::accept_rotation(RuntimeOrigin::signed(new_owner), provider);
			assert_eq!(accepted, Ok(()), "both sides agreed");
			assert_eq!(of(new_owner), (old.0, new.1));
			assert_eq!(of(owner), ([0, 0], old.1));
			assert_eq!(ledgers, MODELS.map(|model| Ledgers::<Test>::get(provider, model)));
		}
		proposed
	}

	fn accept(
		&mut self,
		provider: ProviderId,
		model: ModelId,
		exposure: Balance,
		trace_bytes: u64,
	) -> bool {
		let offered = Providers::offer(provider, &model).is_some();
		let free = Providers::free_bond(provider, &model);
		let terms = ExposureTerms { factor: 0, minimum: exposure };
		let run = OfferSearch { trace_bytes, exposure: terms, ..search(u32::MAX) };
		let found = Providers::best_offers(&model, &run).contains(&provider);
		let accepted = Providers::reserve(provider, &model, exposure, trace_bytes).is_ok();
		assert!(accepted || !found, "whoever is found could accept");
		if accepted {
			assert!(offered && exposure <= free);
			let job = Job { provider, model, reserved: exposure, exposed: 0, trace_bytes };
			self.jobs.push(job);
		}
		accepted
	}

	/// A job's own figures are in the ledger, whatever happened before.
	fn commit(&mut self, which: usize, part: u8) -> bool {
		let place = which.checked_rem(self.jobs.len());
		let Some(job) = place.map(|place| &mut self.jobs[place]) else { return false };
		let exposed = part_of(job.reserved, part);
		let committed = Providers::expose(job.provider, &job.model, job.reserved, exposed);
		assert_eq!(committed, Ok(()));
		// A second time there is nothing reserved, and nothing more is exposed.
		job.reserved = 0;
		job.exposed += exposed;
		true
	}

	/// The exposure of a job that is lost is there in full, whatever happened before.
	fn end(&mut self, which: usize, slashed: u8) -> bool {
		let Some(job) = picked(&mut self.jobs, which) else { return false };
		let Job { provider, model, reserved, exposed, trace_bytes } = job;
		let released = Providers::release(provider, &model, reserved, exposed, trace_bytes);
		assert_eq!(released, Ok(()));
		let lost = slashed > 127;
		if lost {
			assert_eq!(Providers::slash(provider, &model, exposed, &SLASHER), Ok(exposed));
		}
		Providers::job_ended(provider, &model, (!lost).then_some((exposed, 0)));
		true
	}

	/// What a bond answers for, by what the neighbours know.
	fn answering(&self, provider: ProviderId, model: ModelId) -> Balance {
		let jobs = self.jobs.iter().filter(|job| job.is_of(provider, model));
		let pledges = self.pledges.iter().filter(|(p, m, _)| (*p, *m) == (provider, model));
		let at_stake: Balance = jobs.map(|job| job.reserved + job.exposed).sum();
		at_stake + pledges.map(|(_, _, bond)| bond).sum::<Balance>()
	}

	/// The ledgers say what the neighbours know.
	fn agree_with_ledgers(&self) {
		for provider in Records::<Test>::iter_keys() {
			for model in MODELS {
				let ledger = Ledgers::<Test>::get(provider, model).unwrap_or_default();
				let Ledger { reserved, exposed, pledged, .. } = ledger;
				assert_eq!(reserved + exposed + pledged, self.answering(provider, model));
				let open = self.jobs.iter().filter(|job| job.is_of(provider, model)).count();
				assert_eq!(usize::try_from(ledger.open_jobs), Ok(open));
			}
		}
	}
}

impl Job {
	fn is_of(&self, provider: ProviderId, model: ModelId) -> bool {
		(self.provider, self.model) == (provider, model)
	}
}

/// Takes one of `items`, if there are any.
fn picked<Item>(items: &mut Vec<Item>, which: usize) -> Option<Item> {
	which.checked_rem(items.len()).map(|place| items.swap_remove(place))
}

/// A market in which every owner but the last has a provider that serves both models.
fn market() {
	registered(OWNERS);
	for owner in 1..OWNERS {
		serving(owner, 5_000, owner.into());
		let origin = RuntimeOrigin::signed(owner);
		assert_ok!(Providers::bond(origin.clone(), MODEL_2, 3_000));
		assert_ok!(Providers::set_offer(origin, MODEL_2, offer(1)));
	}
}

#[test]
fn every_history_should_keep_every_property() {
	let admitted = RefCell::new(HashSet::new());
	let steps = vec((1..=OWNERS, 0..MODELS.len(), step()), 1..160);
	let config = ProptestConfig::with_source_file(file!());
	let tried = TestRunner::new(config).run(&(steps, 0..=100_u32), |(steps, penalty)| {
		new_test_ext().execute_with(|| {
			market();
			SlashedAtReport::set(Permill::from_percent(penalty));
			let issuance = Balances::total_issuance();
			let mut neighbours = Neighbours::default();
			for (owner, model, step) in steps {
				if neighbours.take(owner, MODELS[model], step.clone()) {
					admitted.borrow_mut().insert(discriminant(&step));
				}
				assert_eq!(Providers::do_try_state(), Ok(()), "after {step:?}");
				neighbours.agree_with_ledgers();
				assert_eq!(Balances::total_issuance(), issuance);
			}
		});
		Ok(())
	});
	if let Err(failed) = tried {
		panic!("{failed}");
	}
	// A property that nothing could break would tell nothing.
	assert_eq!(admitted.into_inner().len(), STEP_KINDS, "every kind of step is admitted sometimes");
}
