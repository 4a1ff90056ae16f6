//! A manifest becomes a model.

use assay_market::{
	manifest::Manifest,
	traits::{ModelFacts, ModelKind, ModelStatus},
	ModelId,
};
use assay_programs::{cost::Weights, limits::MAX_STEPS, program::Kind, Program, Shape, Typed};
use codec::Encode;
use frame_support::{
	ensure,
	traits::{Contains, Get},
	BoundedVec,
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

use crate::{
	hashing::HostHasher,
	parameters::Parameters,
	refusal::Refusal,
	types::{Claims, ModelRecord},
	AllClaims, Config, CurrentParameters, Error, Event, HoldReason, Pallet, Programs, Records,
	StopIdList, StopIds,
};

/// Bytes that an operation counts for at least, where weights follow a program's size.
const OPERATION_BYTES: usize = 16;

/// Bytes of the shortest encoding of an operation.
const SHORTEST_OPERATION: usize = 3;

/// Millionths of a compute unit.
const MILLIONTHS: u128 = 1_000_000;

/// What follows from a program that can be registered.
pub(crate) struct Described {
	pub(crate) kind: ModelKind,
	pub(crate) stop_ids: StopIdList,
	pub(crate) size: u32,
	pub(crate) weight_leaves: u64,
}

impl<T: Config> Pallet<T> {
	/// See [`Pallet::register`]. Nobody registers the models of genesis, and nothing is held for
	/// them. Returns the id and the program's size.
	pub(crate) fn do_register(
		registrant: Option<T::AccountId>,
		manifest: Manifest,
	) -> Result<(ModelId, u32), DispatchError> {
		let model = manifest.id::<HostHasher>();
		ensure!(!Records::<T>::contains_key(model), Error::<T>::AlreadyRegistered);
		let parameters = CurrentParameters::<T>::get();
		ensure!(manifest.is_printable(), Error::<T>::TextNotPrintable);
		ensure!(manifest.min_bond >= parameters.min_bond_floor, Error::<T>::MinBondTooLow);
		Self::ensure_successor(registrant.as_ref(), &manifest)?;

		let program =
			Program::from_bytes(&manifest.program).map_err(|_| Error::<T>::ProgramUnreadable)?;
		let version = program.numerics_version;
		ensure!(T::NumericsVersions::contains(&version), Error::<T>::NumericsVersionNotAdmitted);
		let typed = program
			.admit()
			.map_err(|fault| Error::<T>::ProgramRefused(Refusal::of(&program, &fault)))?;
		Self::ensure_trace_follows_price(&typed, &parameters)?;
		let Described { kind, stop_ids, size, weight_leaves } =
			describe(&typed, manifest.program.len());

		let deposit = match &registrant {
			Some(who) => {
				let bytes = u32::try_from(manifest.encoded_size())
					.map_err(|_| ArithmeticError::Overflow)?;
				let deposit = parameters.deposit(bytes).ok_or(ArithmeticError::Overflow)?;
				Self::take(HoldReason::Deposit, who, deposit)?;
				deposit
			}
			None => 0,
		};
		let facts = ModelFacts {
			kind,
			vocabulary: program.vocabulary,
			max_positions: program.max_positions,
			numerics_version: version,
			min_bond: manifest.min_bond,
			status: ModelStatus::Unlisted,
			program_bytes: size,
		};
		let record = ModelRecord {
			facts,
			registrant: registrant.clone(),
			deposit,
			weights_root: manifest.weights_root,
			weight_leaves,
			deprecated_until: None,
			frozen: false,
		};
		let Manifest { program, tokenizer_hash, source, quality, previous, .. } = manifest;
		Records::<T>::insert(model, record);
		Programs::<T>::insert(model, program);
		AllClaims::<T>::insert(model, Claims { tokenizer_hash, source, quality, previous });
		if !stop_ids.is_empty() {
			StopIds::<T>::insert(model, stop_ids);
		}
		Self::deposit_event(Event::Registered { model, registrant, deposit, previous });
		Ok((model, size))
	}

	/// Only who registered a model names its next version: a link is an advertisement.
	fn ensure_successor(registrant: Option<&T::AccountId>, manifest: &Manifest) -> DispatchResult {
		let Some(previous) = manifest.previous else { return Ok(()) };
		let previous = Records::<T>::get(previous).ok_or(Error::<T>::UnknownPrevious)?;
		ensure!(previous.registrant.as_ref() == registrant, Error::<T>::NotSuccessor);
		Ok(())
	}

	/// The shortest run, the longest input and the longest output have no more bytes of trace for a
	/// compute unit than admitted.
	///
	/// Between them the share of the trace is less: what grows with the square of the length is
	/// arithmetic. For every run whatsoever the weight of a byte of trace sets a bound.
	fn ensure_trace_follows_price(typed: &Typed<'_>, parameters: &Parameters) -> DispatchResult {
		let weights = T::CostWeights::get();
		let program = typed.program();
		let longest = program.max_positions;
		let lengths = match program.kind {
			Kind::Generate { .. } => [(1, 1), (longest, 1), (1, longest)],
			Kind::Embed => [(1, 0), (longest, 0), (longest, 0)],
		};
		let shapes = lengths.into_iter().filter_map(|(i, o)| Shape::new(program, i, o));
		for shape in shapes {
			ensure!(
				is_trace_admitted(typed, shape, &weights, parameters.max_trace_bytes_per_unit),
				Error::<T>::TraceTooDense
			);
		}
		Ok(())
	}
}

fn is_trace_admitted(typed: &Typed<'_>, shape: Shape, weights: &Weights, most: u64) -> bool {
	let cost = typed.cost(shape);
	// Products of less than 2^64 and 2^64.
	let bytes = u128::from(cost.trace_bytes) * MILLIONTHS;
	bytes <= u128::from(most) * u128::from(cost.compute_units(weights).0)
}

/// What follows from a program of so many bytes.
pub(crate) fn describe(typed: &Typed<'_>, bytes: usize) -> Described {
	let (kind, stop_ids) = match &typed.program().kind {
		Kind::Generate { stop_ids } => (ModelKind::Generate, stop_ids.as_slice()),
		Kind::Embed => {
			let dimension = typed.result().form.columns();
			(ModelKind::Embed { dimension }, [].as_slice())
		}
	};
	Described {
		kind,
		// Admitted programs have no more than fit.
		stop_ids: BoundedVec::truncate_from(stop_ids.to_vec()),
		size: size(bytes, typed.ops().count()),
		weight_leaves: typed.weight_leaves(),
	}
}

/// The size that weights follow; never above 64 KiB for an admitted program.
fn size(bytes: usize, operations: usize) -> u32 {
	let most = usize::try_from(MAX_STEPS).unwrap_or(usize::MAX);
	let size = operations.min(most).saturating_mul(OPERATION_BYTES).max(bytes);
	u32::try_from(size).unwrap_or(u32::MAX)
}

/// The greatest size that a program of so many bytes can have.
pub(crate) fn greatest_size(bytes: usize) -> u32 {
	size(bytes, bytes / SHORTEST_OPERATION)
}
