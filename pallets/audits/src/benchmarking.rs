//! What calls and hooks cost.

use alloc::vec::Vec;

use assay_kernels_exact::verdict::OK;
use assay_market::{
	traits::{Auditable, Audits as _, Bonds, Clock, Disputable, Finding, OpenGame, TraceClaim},
	Balance, CommitmentHash, JobId, ModelId, ProviderId,
};
use assay_primitives::Hash;
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{fungible::Mutate, EnsureOrigin, Get},
	weights::WeightMeter,
	BoundedVec,
};
use frame_system::RawOrigin;

use super::*;
use crate::{
	beacon::DRAW_ROUNDS,
	plants::{AuditOutcome, PLANTS_MAX},
	types::PendingDraw,
};

/// Bond of each auditor, and what the treasury has: more than any stake and any fee.
const FUNDS: Balance = 1_000_000_000_000_000_000_000_000;

/// The salt of seals and lists.
const SALT: [u8; 32] = [7; 32];

/// An answered job, and a full roster of auditors with this stake, each with its owner.
struct World<T: Config> {
	model: ModelId,
	job: JobId,
	commitment: CommitmentHash,
	auditors: Vec<(ProviderId, T::AccountId)>,
	stake: Balance,
}

fn world<T: Config>(auditors: u32) -> Result<World<T>, BenchmarkError> {
	let (model, job, commitment) = T::Jobs::answered_for_benchmark()?;
	T::Currency::set_balance(&T::Treasury::get(), FUNDS);
	let terms = T::Jobs::dispute_terms(&job, &commitment)?;
	let stake = terms.exposure.saturating_mul(4).max(Parameters::<T>::get().min_stake);
	let auditors = (0..auditors)
		.map(|index| {
			let owner: T::AccountId = account("auditor", index, 0);
			let provider =
				T::Bonds::bond_for_benchmark(&owner, &model, stake.saturating_mul(1_000));
			Pallet::<T>::enrol(RawOrigin::Signed(owner.clone()).into(), model, stake)?;
			Ok::<_, BenchmarkError>((provider, owner))
		})
		.collect::<Result<_, _>>()?;
	Ok(World { model, job, commitment, auditors, stake })
}

impl<T: Config> World<T> {
	/// Lets the answer wait for its draw, which is sure to hit it, in the first round.
	fn wait(&self) {
		let share = sp_runtime::Perbill::one();
		// Where answers of benchmarks are told of already, this is the only round that counts.
		if let Some(round) = RoundOf::<T>::take(self.job) {
			InRound::<T>::remove(round, self.job);
			Rounds::<T>::remove(round);
		}
		Pallet::<T>::answered(&self.job, &self.commitment, share);
	}

	/// The answer, drawn.
	fn draw(&self) -> Result<AuditOf<T>, BenchmarkError> {
		self.wait();
		author::<T>(DRAW_ROUNDS);
		Pallet::<T>::do_poke(&self.job)?;
		Ok(Audits::<T>::get(self.job).ok_or("the answer is audited")?)
	}

	/// The owner of an auditor.
	fn owner(&self, auditor: ProviderId) -> Result<T::AccountId, BenchmarkError> {
		let known = self.auditors.iter().find(|(provider, _)| *provider == auditor);
		Ok(known.ok_or("who was drawn is known")?.1.clone())
	}

	/// A claim of OK; each number has a root of its own.
	fn claim(&self, number: u8) -> Result<TraceClaim, BenchmarkError> {
		let mut claim = T::Games::claim_for_benchmark(&self.job, &self.commitment, Finding::Ok)?;
		if number > 0 {
			// Another leaf beside the last one: another root, of the same shape.
			let sibling = claim.last_leaf.siblings.first_mut().ok_or("a trace has leaves")?;
			sibling.0[0] ^= number;
			let last = assay_primitives::merkle::leaf::<hashing::Blake2>(&[OK]);
			if let Some(root) = claim.last_leaf.root::<hashing::Blake2>(last) {
				claim.root = root;
			}
		}
		Ok(claim)
	}

	/// Seals a claim as one of the auditors.
	fn seal(&self, auditor: ProviderId, claim: &TraceClaim) -> Result<(), BenchmarkError> {
		let owner = self.owner(auditor)?;
		let seal = hashing::seal(&claim.root, &SALT, &owner);
		Pallet::<T>::do_seal(owner, self.job, self.commitment, seal)?;
		Ok(())
	}
}

/// So many blocks are authored; nothing is drawn.
fn author<T: Config>(count: u32) {
	for _ in 0..count {
		Pallet::<T>::collect(&mut WeightMeter::new());
	}
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn enrol() -> Result<(), BenchmarkError> {
		let world = world::<T>(T::MaxAuditors::get())?;
		let owner: T::AccountId = account("newcomer", 0, 0);
		let stake = world.stake + 1;
		let bond = stake.saturating_mul(1_000);
		let newcomer = T::Bonds::bond_for_benchmark(&owner, &world.model, bond);
		#[extrinsic_call]
		_(RawOrigin::Signed(owner), world.model, stake);
		assert!(Pallet::<T>::enrolment(&world.model, newcomer).is_some());
		assert_eq!(Roster::<T>::get(world.model).len(), T::MaxAuditors::get() as usize);
		Ok(())
	}

	#[benchmark]
	fn leave() -> Result<(), BenchmarkError> {
		let world = world::<T>(T::MaxAuditors::get())?;
		let (last, owner) = world.auditors.last().cloned().ok_or("there are auditors")?;
		#[extrinsic_call]
		_(RawOrigin::Signed(owner), world.model);
		assert!(Pallet::<T>::enrolment(&world.model, last).is_none());
		Ok(())
	}

	#[benchmark]
	fn seal() -> Result<(), BenchmarkError> {
		let world = world::<T>(SEATS)?;
		let audit = world.draw()?;
		let claim = world.claim(0)?;
		let [first, last] = [audit.seats[0].auditor, audit.seats[1].auditor];
		world.seal(first, &claim)?;
		let owner = world.owner(last)?;
		let sealed = hashing::seal(&claim.root, &SALT, &owner);
		#[extrinsic_call]
		_(RawOrigin::Signed(owner), world.job, world.commitment, sealed);
		assert!(Audits::<T>::get(world.job).is_some_and(|audit| audit.stage == Stage::Revealing));
		Ok(())
	}

	#[benchmark]
	fn reveal() -> Result<(), BenchmarkError> {
		let world = world::<T>(SEATS)?;
		let audit = world.draw()?;
		let claims = [world.claim(0)?, world.claim(1)?];
		let [first, last] = [audit.seats[0].auditor, audit.seats[1].auditor];
		world.seal(first, &claims[0])?;
		world.seal(last, &claims[1])?;
		let [one, other] = [world.owner(first)?, world.owner(last)?];
		Pallet::<T>::do_reveal(&one, world.job, world.commitment, &SALT, &claims[0])?;
		#[extrinsic_call]
		_(RawOrigin::Signed(other), world.job, world.commitment, SALT, claims[1].clone());
		let audit = Audits::<T>::get(world.job).ok_or("the audit is stored")?;
		assert_eq!(audit.stage, Stage::Concluded);
		assert!(audit.seats.iter().all(|seat| seat.game.is_some()));
		Ok(())
	}

	/// Both fall silent and are replaced, on a full roster: dearer than closing, which pays or
	/// punishes as many and draws nobody.
	#[benchmark]
	fn poke() -> Result<(), BenchmarkError> {
		let world = world::<T>(T::MaxAuditors::get())?;
		let audit = world.draw()?;
		T::Clock::set_for_benchmark(audit.due_at.ok_or("the audit waits for a clock")?);
		#[extrinsic_call]
		_(RawOrigin::Signed(account("anybody", 0, 0)), world.job);
		let audit = Audits::<T>::get(world.job).ok_or("the audit is stored")?;
		assert_eq!((audit.silent.len(), audit.seats.len()), (2, 2));
		Ok(())
	}

	#[benchmark]
	fn commit_plants() -> Result<(), BenchmarkError> {
		let origin =
			T::PlantOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
		for number in 1..T::MaxPlantLists::get() {
			Pallet::<T>::do_commit_plants(Hash([0; 32]), number.min(PLANTS_MAX)).ok();
		}
		let hash = Hash([1; 32]);
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, hash, PLANTS_MAX);
		assert!(PlantLists::<T>::get().iter().any(|list| list.hash == hash));
		Ok(())
	}

	#[benchmark]
	fn open_plants(n: Linear<1, PLANTS_MAX>) -> Result<(), BenchmarkError> {
		let job = |number: u32| JobId(Hash([u8::try_from(number).unwrap_or(u8::MAX); 32]));
		let jobs: Plants = BoundedVec::truncate_from((1..=n).map(job).collect());
		Pallet::<T>::do_commit_plants(hashing::plants(&SALT, &jobs), n)?;
		let answered_at = T::Clock::now() + 1;
		let forgotten_at = answered_at + 100;
		for job in &jobs {
			let outcome = AuditOutcome { answered_at, forgotten_at, found: 1, missed: 1 };
			Outcomes::<T>::insert(job, outcome);
			Due::<T>::insert(forgotten_at, job, ());
		}
		#[extrinsic_call]
		_(RawOrigin::Signed(account("anybody", 0, 0)), jobs, SALT);
		assert_eq!((Outcomes::<T>::iter().count(), Pallet::<T>::honesty().found), (0, n));
		Ok(())
	}

	#[benchmark]
	fn set_parameters() -> Result<(), BenchmarkError> {
		let origin =
			T::AdminOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
		let mut parameters = T::DefaultParameters::get();
		parameters.reveal_ticks -= 1;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, parameters);
		assert_eq!(Parameters::<T>::get(), parameters);
		Ok(())
	}

	#[benchmark]
	fn on_poll_base() -> Result<(), BenchmarkError> {
		let world = world::<T>(1)?;
		world.wait();
		let round = RoundOf::<T>::get(world.job).ok_or("the answer waits")?;
		author::<T>(DRAW_ROUNDS - 1);
		#[block]
		{
			Pallet::<T>::collect(&mut WeightMeter::new());
		}
		assert!(Rounds::<T>::get(round).seed.is_some());
		Ok(())
	}

	#[benchmark]
	fn on_poll_round() {
		author::<T>(DRAW_ROUNDS);
		let start = OldestRound::<T>::get();
		#[block]
		{
			Pallet::<T>::work_off_draws(&mut WeightMeter::new());
		}
		assert!(OldestRound::<T>::get() > start);
	}

	#[benchmark]
	fn on_poll_tick() {
		let now = T::Clock::now();
		DueCursor::<T>::put(now);
		#[block]
		{
			Pallet::<T>::work_off_queue(&mut WeightMeter::new());
		}
		assert_eq!(DueCursor::<T>::get(), now);
	}

	#[benchmark]
	fn draw() -> Result<(), BenchmarkError> {
		let world = world::<T>(T::MaxAuditors::get())?;
		world.wait();
		author::<T>(DRAW_ROUNDS);
		#[block]
		{
			Pallet::<T>::do_poke(&world.job)?;
		}
		let audit = Audits::<T>::get(world.job).ok_or("the audit is stored")?;
		assert_eq!(audit.seats.len(), SEATS as usize);
		Ok(())
	}

	#[benchmark]
	fn draw_without_audit() -> Result<(), BenchmarkError> {
		let world = world::<T>(1)?;
		world.wait();
		author::<T>(DRAW_ROUNDS);
		let round = RoundOf::<T>::get(world.job).ok_or("the answer waits")?;
		InRound::<T>::mutate(round, world.job, |pending| {
			if let Some(PendingDraw { share, .. }) = pending {
				*share = sp_runtime::Perbill::zero();
			}
		});
		#[block]
		{
			Pallet::<T>::do_poke(&world.job)?;
		}
		assert!(!RoundOf::<T>::contains_key(world.job));
		assert!(!Audits::<T>::contains_key(world.job));
		Ok(())
	}

	#[benchmark]
	fn forget() {
		let (job, tick) = (JobId::default(), T::Clock::now());
		let outcome = AuditOutcome { answered_at: 0, forgotten_at: tick, found: 0, missed: 2 };
		Outcomes::<T>::insert(job, outcome);
		Due::<T>::insert(tick, job, ());
		#[block]
		{
			Pallet::<T>::do_or_delay(&job, tick);
		}
		assert!(!Outcomes::<T>::contains_key(job));
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
