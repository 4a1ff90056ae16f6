//! What the market is told of models.

use assay_market::{
	manifest::ProgramBytes,
	traits::{Clock, ModelFacts, ModelStatus, Models, Offences, Run},
	Lengths, ModelId,
};
use assay_primitives::WeightsRoot;
use assay_programs::cost::Weights;
use frame_support::{defensive, ensure, traits::Contains};
use sp_runtime::DispatchError;

use crate::{Config, CurrentParameters, Error, OpenJobs, Pallet, Programs, Records, StopIds};

impl<T: Config> Pallet<T> {
	/// The facts with a bond that is at least today's floor.
	pub(crate) fn effective(facts: ModelFacts) -> ModelFacts {
		let floor = CurrentParameters::<T>::get().min_bond_floor;
		ModelFacts { min_bond: facts.min_bond.max(floor), ..facts }
	}
}

impl<T: Config> Models for Pallet<T> {
	fn facts(model: &ModelId) -> Option<ModelFacts> {
		Records::<T>::get(model).map(|record| Self::effective(record.facts))
	}

	fn ensure_takes_jobs(model: &ModelId) -> Result<ModelFacts, DispatchError> {
		let facts = <Self as Models>::facts(model).ok_or(Error::<T>::UnknownModel)?;
		match facts.status {
			ModelStatus::Frozen => return Err(Error::<T>::Frozen.into()),
			ModelStatus::Deprecated { until } => {
				ensure!(T::Clock::now() <= until, Error::<T>::Retired);
			}
			ModelStatus::Unlisted | ModelStatus::Listed => {}
		}
		let version = facts.numerics_version;
		ensure!(T::NumericsVersions::contains(&version), Error::<T>::NumericsVersionNotAdmitted);
		ensure!(!T::Offences::is_stopped(version, model), Error::<T>::ArithmeticStopped);
		Ok(facts)
	}

	fn run(model: &ModelId, lengths: Lengths, weights: &Weights) -> Result<Run, DispatchError> {
		Self::price_of(model, lengths, weights)
	}

	fn program(model: &ModelId) -> Option<(ProgramBytes, WeightsRoot)> {
		let root = Records::<T>::get(model)?.weights_root;
		Some((Programs::<T>::get(model)?, root))
	}

	fn is_stop_token(model: &ModelId, token: u32) -> bool {
		StopIds::<T>::get(model).contains(&token)
	}

	fn first_stop_token(model: &ModelId, tokens: &[u32]) -> Option<usize> {
		let stop_ids = StopIds::<T>::get(model);
		tokens.iter().position(|token| stop_ids.contains(token))
	}

	fn job_changed(model: &ModelId, opened: bool) {
		if opened && !Records::<T>::contains_key(model) {
			defensive!("a job of an unknown model");
			return;
		}
		OpenJobs::<T>::mutate_exists(model, |stored| {
			let jobs = stored.unwrap_or_default();
			let next = if opened { jobs.checked_add(1) } else { jobs.checked_sub(1) };
			match next {
				Some(0) => *stored = None,
				Some(jobs) => *stored = Some(jobs),
				None => {
					defensive!("more jobs of a model ended than were opened");
				}
			}
		});
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn register_for_benchmark(program_bytes: u32) -> ModelId {
		let min_bond = CurrentParameters::<T>::get().min_bond_floor;
		let program = crate::fixtures::long_program(program_bytes);
		let manifest = assay_market::Manifest { min_bond, ..crate::fixtures::manifest(&program) };
		let model = manifest.id::<crate::hashing::HostHasher>();
		if !Records::<T>::contains_key(model) {
			Self::do_register(None, manifest).expect("a program that is admitted");
		}
		model
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn register_program_for_benchmark(program: ProgramBytes) -> Option<ModelId> {
		let min_bond = CurrentParameters::<T>::get().min_bond_floor;
		let program = assay_programs::Program::from_bytes(&program).ok()?;
		let manifest = assay_market::Manifest { min_bond, ..crate::fixtures::manifest(&program) };
		let model = manifest.id::<crate::hashing::HostHasher>();
		if !Records::<T>::contains_key(model) {
			Self::do_register(None, manifest).ok()?;
		}
		Some(model)
	}
}
