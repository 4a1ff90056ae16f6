//! The properties of the crate's documentation, one check of the same name each.

use alloc::collections::{BTreeMap, BTreeSet};

use assay_market::{
	traits::{ModelStatus, Models},
	Balance, ModelId,
};
use assay_programs::Program;
use frame_support::{
	ensure,
	traits::{fungible::InspectHold, Get},
};
use sp_runtime::TryRuntimeError;

use crate::{
	availability::RequestState,
	hashing::HostHasher,
	registration::{describe, Described},
	types::ModelRecord,
	AllClaims, Availabilities, Config, Curations, Error, HoldReason, OpenJobs, Pallet, Programs,
	Records, StopIds,
};

type Sums<T> = BTreeMap<<T as frame_system::Config>::AccountId, Balance>;

impl<T: Config> Pallet<T> {
	/// Checks every property that the crate's documentation promises.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::deposits_match_holds()?;
		Self::facts_match_program()?;
		Self::ids_match_manifests()?;
		Self::listed_has_attestations()?;
		Self::missing_weights_freeze()?;
		Self::frozen_takes_no_jobs()?;
		Self::jobs_counted()?;
		Self::nothing_left_behind()?;
		Self::requests_are_numbered()
	}

	fn deposits_match_holds() -> Result<(), TryRuntimeError> {
		let deposits = Records::<T>::iter_values()
			.filter_map(|record| Some((record.registrant?, record.deposit)));
		Self::are_on_hold(HoldReason::Deposit, deposits)?;
		let fees = Availabilities::<T>::iter_values().flat_map(|availability| {
			availability.requests.into_iter().filter_map(|(_, request)| match request.state {
				RequestState::Open { by, fee, surcharge, .. } => {
					Some((by, fee.saturating_add(surcharge)))
				}
				RequestState::Missing => None,
			})
		});
		Self::are_on_hold(HoldReason::RequestFee, fees)?;
		let curations = Curations::<T>::iter().flat_map(|(curator, list)| {
			list.into_iter().map(move |(_, entry)| (curator.clone(), entry.deposit))
		});
		Self::are_on_hold(HoldReason::Curation, curations)
	}

	fn are_on_hold(
		reason: HoldReason,
		amounts: impl Iterator<Item = (T::AccountId, Balance)>,
	) -> Result<(), TryRuntimeError> {
		let mut sums = Sums::<T>::new();
		for (who, amount) in amounts {
			let sum = sums.entry(who).or_default();
			*sum = sum.checked_add(amount).ok_or("deposits_match_holds")?;
		}
		let reason = reason.into();
		let matches =
			sums.iter().all(|(who, sum)| T::Currency::balance_on_hold(&reason, who) == *sum);
		ensure!(matches, "deposits_match_holds");
		Ok(())
	}

	fn facts_match_program() -> Result<(), TryRuntimeError> {
		for (model, record) in Records::<T>::iter() {
			let bytes = Programs::<T>::get(model).ok_or("facts_match_program")?;
			let program = Program::from_bytes(&bytes).map_err(|_| "facts_match_program")?;
			// Not validated: a later version of the arithmetic refuses an earlier one's programs.
			let typed = program.types().map_err(|_| "facts_match_program")?;
			let Described { kind, stop_ids, size, weight_leaves } = describe(&typed, bytes.len());
			let facts = record.facts;
			let matches = facts.kind == kind
				&& facts.vocabulary == program.vocabulary
				&& facts.max_positions == program.max_positions
				&& facts.numerics_version == program.numerics_version
				&& facts.program_bytes == size
				&& record.weight_leaves == weight_leaves
				&& StopIds::<T>::get(model) == stop_ids;
			ensure!(matches, "facts_match_program");
		}
		Ok(())
	}

	fn ids_match_manifests() -> Result<(), TryRuntimeError> {
		for (model, record) in Records::<T>::iter() {
			let program = Programs::<T>::get(model).ok_or("ids_match_manifests")?;
			let claims = AllClaims::<T>::get(model).ok_or("ids_match_manifests")?;
			let manifest = claims.into_manifest(program, &record);
			ensure!(manifest.id::<HostHasher>() == model, "ids_match_manifests");
		}
		Ok(())
	}

	fn listed_has_attestations() -> Result<(), TryRuntimeError> {
		for (model, record) in Records::<T>::iter() {
			let counted = Availabilities::<T>::get(model).counted();
			let attested = counted >= T::RequiredAttestations::get();
			let is_listed = record.facts.status == ModelStatus::Listed;
			ensure!(attested || !is_listed, "listed_has_attestations");
		}
		Ok(())
	}

	fn missing_weights_freeze() -> Result<(), TryRuntimeError> {
		for (model, availability) in Availabilities::<T>::iter() {
			let frozen = Records::<T>::get(model)
				.is_some_and(|record| record.facts.status == ModelStatus::Frozen);
			ensure!(frozen || !availability.has_missing(), "missing_weights_freeze");
		}
		Ok(())
	}

	fn frozen_takes_no_jobs() -> Result<(), TryRuntimeError> {
		let is_frozen = |record: &ModelRecord<T::AccountId>| {
			record.frozen || record.facts.status == ModelStatus::Frozen
		};
		for (model, _) in Records::<T>::iter().filter(|(_, record)| is_frozen(record)) {
			let refusal = Self::ensure_takes_jobs(&model).err();
			ensure!(refusal == Some(Error::<T>::Frozen.into()), "frozen_takes_no_jobs");
		}
		Ok(())
	}

	fn jobs_counted() -> Result<(), TryRuntimeError> {
		for (model, jobs) in OpenJobs::<T>::iter() {
			ensure!(jobs > 0 && Records::<T>::contains_key(model), "jobs_counted");
		}
		Ok(())
	}

	fn nothing_left_behind() -> Result<(), TryRuntimeError> {
		let is_registered = |model: ModelId| Records::<T>::contains_key(model);
		let all = Programs::<T>::iter_keys().all(is_registered)
			&& AllClaims::<T>::iter_keys().all(is_registered)
			&& StopIds::<T>::iter_keys().all(is_registered)
			&& Availabilities::<T>::iter()
				.all(|(model, one)| is_registered(model) && !one.is_empty())
			&& Curations::<T>::iter_values().all(|list| !list.is_empty());
		ensure!(all, "nothing_left_behind");
		Ok(())
	}

	fn requests_are_numbered() -> Result<(), TryRuntimeError> {
		for availability in Availabilities::<T>::iter_values() {
			let numbers: BTreeSet<u32> =
				availability.requests.values().map(|request| request.number).collect();
			let distinct = numbers.len() == availability.requests.len();
			let below = numbers.last().is_none_or(|last| *last < availability.next_request);
			ensure!(distinct && below, "requests_are_numbered");
		}
		Ok(())
	}
}
