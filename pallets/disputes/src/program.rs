//! Programs of disputed runs.

use assay_market::{manifest::ProgramBytes, traits::Models, Lengths, ModelId};
use assay_primitives::WeightsRoot;
use assay_programs::Program;
use assay_trace::Layout;
use sp_runtime::DispatchError;

use crate::{Config, Error, Pallet};

/// A registered program, read.
pub(crate) struct Registered {
	/// The program.
	pub program: Program,
	/// Its bytes, on which the weight of reading it depends.
	pub bytes: u32,
	/// Root over the weights.
	pub weights: WeightsRoot,
}

impl<T: Config> Pallet<T> {
	/// The program of a model.
	pub(crate) fn registered(model: &ModelId) -> Result<Registered, DispatchError> {
		let (bytes, weights): (ProgramBytes, _) =
			T::Models::program(model).ok_or(Error::<T>::UnknownModel)?;
		let program = Program::from_bytes(&bytes).map_err(|_| Error::<T>::ImpossibleProgram)?;
		// At most 64 KiB.
		let bytes = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
		Ok(Registered { program, bytes, weights })
	}

	/// Leaves of the trace of a run.
	pub(crate) fn leaves_of(program: &Program, lengths: Lengths) -> Result<u64, DispatchError> {
		let typed = program.types().map_err(|_| Error::<T>::ImpossibleProgram)?;
		let layout = Layout::new(&typed, lengths.inputs, lengths.outputs)
			.ok_or(Error::<T>::ImpossibleProgram)?;
		Ok(layout.leaves())
	}
}
