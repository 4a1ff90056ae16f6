//! What a run of a model costs, from its program and the lengths alone.

use assay_market::{
	traits::{ModelFacts, ModelKind, Run},
	Lengths, ModelId,
};
use assay_programs::{cost::Weights, Program, Shape};
use frame_support::{defensive, ensure};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{types::ModelRecord, Config, Error, Pallet, Programs, Records};

impl<T: Config> Pallet<T> {
	/// What is stored of a model.
	pub(crate) fn record(model: &ModelId) -> Result<ModelRecord<T::AccountId>, DispatchError> {
		Ok(Records::<T>::get(model).ok_or(Error::<T>::UnknownModel)?)
	}

	/// The program of a model. Takes time in its length.
	pub(crate) fn program(model: &ModelId) -> Result<Program, DispatchError> {
		let bytes = Programs::<T>::get(model).ok_or(Error::<T>::UnknownModel)?;
		Program::from_bytes(&bytes).map_err(|_| {
			defensive!("a stored program cannot be read");
			DispatchError::Corruption
		})
	}

	/// What a run costs.
	pub(crate) fn price_of(
		model: &ModelId,
		lengths: Lengths,
		weights: &Weights,
	) -> Result<Run, DispatchError> {
		Self::ensure_lengths(&Self::record(model)?.facts, lengths)?;
		let program = Self::program(model)?;
		let typed = program.types().map_err(|_| {
			defensive!("a stored program is not well typed");
			DispatchError::Corruption
		})?;
		let shape = Shape::new(&program, lengths.inputs, lengths.outputs)
			.ok_or(Error::<T>::TooManyPositions)?;
		let cost = typed.cost(shape);
		Ok(Run { units: cost.compute_units(weights), trace_bytes: cost.trace_bytes })
	}

	/// Refuses lengths that no run of the model has, before its program is read.
	fn ensure_lengths(facts: &ModelFacts, Lengths { inputs, outputs }: Lengths) -> DispatchResult {
		ensure!(inputs > 0, Error::<T>::NoInput);
		let positions = match facts.kind {
			ModelKind::Generate => {
				// The last token of an answer is not read again.
				let read_again = outputs.checked_sub(1).ok_or(Error::<T>::NoOutput)?;
				inputs.checked_add(read_again)
			}
			ModelKind::Embed { .. } => {
				ensure!(outputs == 0, Error::<T>::EmbeddingHasNoOutput);
				Some(inputs)
			}
		};
		let is_admitted = positions.is_some_and(|positions| positions <= facts.max_positions);
		ensure!(is_admitted, Error::<T>::TooManyPositions);
		Ok(())
	}
}
