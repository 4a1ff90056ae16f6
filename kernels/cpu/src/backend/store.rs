//! What operations do with weights, wherever these are.

use assay_kernels_backend::BackendError;
use assay_kernels_exact::activation::Activation;

use super::weights::{MatrixId, VectorId, Weights};
use crate::{
	linear::{self, Epilogue, Shape},
	Codes, Engine,
};

/// The weights of a program.
pub(super) trait Store {
	/// A vector.
	fn vector(&self, id: VectorId) -> &[f32];

	/// What a matrix is.
	fn shape(&self, id: MatrixId) -> Shape;

	/// As [`Linear::apply`](linear::Linear::apply).
	fn apply(
		&self,
		engine: Engine<'_>,
		layer: MatrixId,
		input: &Codes,
		epilogue: Epilogue,
		out: &mut [f32],
	) -> Result<(), Failure>;

	/// As [`linear::gated`].
	fn gated(
		&self,
		engine: Engine<'_>,
		activation: Activation,
		gate_and_up: [MatrixId; 2],
		input: &Codes,
		out: &mut [f32],
	) -> Result<(), Failure>;

	/// As [`Linear::embed`](linear::Linear::embed).
	fn embed(
		&self,
		engine: Engine<'_>,
		table: MatrixId,
		ids: &[u32],
		out: &mut [f32],
	) -> Result<(), Failure>;
}

impl Store for Weights {
	fn vector(&self, id: VectorId) -> &[f32] {
		Self::vector(self, id)
	}

	fn shape(&self, id: MatrixId) -> Shape {
		self.matrix(id).shape()
	}

	fn apply(
		&self,
		engine: Engine<'_>,
		layer: MatrixId,
		input: &Codes,
		epilogue: Epilogue,
		out: &mut [f32],
	) -> Result<(), Failure> {
		Ok(self.matrix(layer).apply(engine, input, epilogue, out)?)
	}

	fn gated(
		&self,
		engine: Engine<'_>,
		activation: Activation,
		gate_and_up: [MatrixId; 2],
		input: &Codes,
		out: &mut [f32],
	) -> Result<(), Failure> {
		let [gate, up] = gate_and_up.map(|id| self.matrix(id));
		Ok(linear::gated(engine, activation, gate, up, input, out)?)
	}

	fn embed(
		&self,
		engine: Engine<'_>,
		table: MatrixId,
		ids: &[u32],
		out: &mut [f32],
	) -> Result<(), Failure> {
		Ok(self.matrix(table).embed(engine, ids, out)?)
	}
}

/// Why an operation has no result.
#[derive(Debug)]
pub(super) enum Failure {
	/// Operands that do not fit.
	Kernel(crate::Error),
	/// Weights that cannot be read.
	Weights(BackendError),
}

impl From<crate::Error> for Failure {
	fn from(error: crate::Error) -> Self {
		Self::Kernel(error)
	}
}

impl From<BackendError> for Failure {
	fn from(error: BackendError) -> Self {
		Self::Weights(error)
	}
}
