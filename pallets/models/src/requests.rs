//! Demands of weights: anybody asks for a leaf, an attester shows it or all of them are reported.

use alloc::vec::Vec;

use assay_market::{
	traits::{Bonds, Clock},
	Balance, ModelId,
};
use assay_primitives::{
	merkle::{Path, ARITY},
	Hash,
};
use assay_programs::Tensor;
use frame_support::ensure;
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

use crate::{
	availability::{Request, RequestState},
	hashing::HostHasher,
	Availabilities, Config, CurrentParameters, Error, Event, HoldReason, Pallet,
};

/// Bytes of a hash.
const HASH_BYTES: u64 = core::mem::size_of::<Hash>() as u64;

impl<T: Config> Pallet<T> {
	/// See [`Pallet::request_weights`]. Returns the [size](assay_market::traits::ModelFacts) of the
	/// program that was read.
	pub(crate) fn do_request_weights(
		who: &T::AccountId,
		model: &ModelId,
		leaf: u64,
		most: Balance,
	) -> Result<u32, DispatchError> {
		Self::ensure_fees_can_pass()?;
		let record = Self::record(model)?;
		let now = T::Clock::now();
		// Requests would keep a model from being removed.
		ensure!(!record.is_retired(now), Error::<T>::Retired);
		let mut availability = Availabilities::<T>::get(model);
		ensure!(availability.counted() > 0, Error::<T>::NoAttesters);
		ensure!(!availability.requests.contains_key(&leaf), Error::<T>::AlreadyRequested);
		let program = Self::program(model)?;
		let bytes = leaf_bytes(&program.tensors, leaf).ok_or(Error::<T>::NoSuchLeaf)?;

		let parameters = CurrentParameters::<T>::get();
		let posted = bytes.saturating_add(path_bytes(leaf, record.weight_leaves));
		let fee = parameters.request_fee(posted).ok_or(ArithmeticError::Overflow)?;
		let surcharge = surcharge(fee, availability.open()).ok_or(ArithmeticError::Overflow)?;
		let held = fee.checked_add(surcharge).ok_or(ArithmeticError::Overflow)?;
		ensure!(held <= most, Error::<T>::FeeAboveMaximum);
		let until = now.checked_add(parameters.request_ticks).ok_or(ArithmeticError::Overflow)?;
		let number = availability.next_request;
		availability.next_request = number.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		let request = Request {
			number,
			bytes: u32::try_from(bytes).map_err(|_| ArithmeticError::Overflow)?,
			state: RequestState::Open { by: who.clone(), fee, surcharge, until },
		};
		availability.requests.try_insert(leaf, request).map_err(|_| Error::<T>::TooManyRequests)?;
		Self::take(HoldReason::RequestFee, who, held)?;
		let (model, by, size) = (*model, who.clone(), record.facts.program_bytes);
		Self::deposit_event(Event::WeightsRequested { model, leaf, by, fee, surcharge, until });
		Self::store(&model, record, &availability);
		Ok(size)
	}

	/// See [`Pallet::post_weights`].
	pub(crate) fn do_post_weights(
		who: &T::AccountId,
		model: &ModelId,
		leaf: u64,
		bytes: &[u8],
		siblings: Vec<Hash>,
	) -> DispatchResult {
		let record = Self::record(model)?;
		let mut availability = Availabilities::<T>::get(model);
		let request = availability.requests.remove(&leaf).ok_or(Error::<T>::NotRequested)?;
		ensure!(u32::try_from(bytes.len()) == Ok(request.bytes), Error::<T>::WrongLeafSize);
		let path = Path { index: leaf, leaves: record.weight_leaves, siblings };
		ensure!(path.verify::<HostHasher>(bytes, &record.weights_root.0), Error::<T>::WrongLeaf);
		let fee = match request.state {
			RequestState::Open { by, fee, surcharge, .. } => {
				let attests = T::Bonds::provider_of(who)
					.is_some_and(|provider| availability.attestations.contains_key(&provider));
				ensure!(attests, Error::<T>::NotAttester);
				Self::pay_fee(&by, who, fee, surcharge)?
			}
			// Whoever saves the model may; there is no fee left to compete for.
			RequestState::Missing => 0,
		};
		let (model, by) = (*model, who.clone());
		Self::deposit_event(Event::WeightsPosted { model, leaf, by, fee });
		Self::store(&model, record, &availability);
		Ok(())
	}

	/// See [`Pallet::expire_request`]. Returns how many attesters were reported.
	pub(crate) fn do_expire_request(model: &ModelId, leaf: u64) -> Result<u32, DispatchError> {
		let record = Self::record(model)?;
		let mut availability = Availabilities::<T>::get(model);
		let request = availability.requests.get_mut(&leaf).ok_or(Error::<T>::NotRequested)?;
		let (number, state) = (request.number, RequestState::Missing);
		let RequestState::Open { by, fee, surcharge, until } =
			core::mem::replace(&mut request.state, state)
		else {
			return Err(Error::<T>::AlreadyExpired.into());
		};
		ensure!(T::Clock::now() > until, Error::<T>::RequestRunning);
		Self::give_back(HoldReason::RequestFee, &by, fee.saturating_add(surcharge))?;

		let model = *model;
		let silent = availability.take_answering(number);
		let reported = u32::try_from(silent.len()).unwrap_or(u32::MAX);
		Self::deposit_event(Event::RequestExpired { model, leaf, reported });
		for (provider, exposure) in silent {
			if let Err(error) = Self::report_silence(provider, &model, exposure) {
				Self::deposit_event(Event::ReportFailed { model, provider, error });
			}
		}
		Self::store(&model, record, &availability);
		Ok(reported)
	}
}

/// What burns with the answer to a request, while so many others are open; `None` on overflow.
///
/// With each open request the next one costs twice as much, and whoever answers earns no more by it. So
/// whoever lets the model be asked for what it can show, to leave no room for what it cannot, loses
/// more with every place that it takes.
pub fn surcharge(fee: Balance, open: u32) -> Option<Balance> {
	let times = 1_u128.checked_shl(open)?.checked_sub(1)?;
	fee.checked_mul(times)
}

/// Bytes of the hashes beside the way from a leaf to the root of a tree of so many leaves.
pub(crate) fn path_bytes(leaf: u64, leaves: u64) -> u64 {
	const WIDTH: u64 = ARITY as u64;
	let (mut place, mut width, mut siblings) = (leaf, leaves, 0_u64);
	while width > 1 {
		let group = place / WIDTH;
		let children = width.saturating_sub(group.saturating_mul(WIDTH)).min(WIDTH);
		siblings = siblings.saturating_add(children.saturating_sub(1));
		(place, width) = (group, width.div_ceil(WIDTH));
	}
	siblings.saturating_mul(HASH_BYTES)
}

/// Bytes of a leaf of the tree over these tensors; `None` if there is no such leaf.
pub(crate) fn leaf_bytes(tensors: &[Tensor], leaf: u64) -> Option<u64> {
	// The leaf's number, counted from the tensor that is looked at.
	let mut number = leaf;
	for tensor in tensors {
		let per_copy = tensor.leaves_per_copy();
		match number.checked_sub(per_copy.checked_mul(tensor.copies.into())?) {
			Some(rest) => number = rest,
			None => {
				// Leaves do not cross copies.
				let leaf_of_copy = number.checked_rem(per_copy)?;
				let first_row = leaf_of_copy.checked_mul(tensor.rows_per_leaf())?;
				let rows = u64::from(tensor.rows).checked_sub(first_row)?;
				return rows.min(tensor.rows_per_leaf()).checked_mul(tensor.row_bytes());
			}
		}
	}
	None
}
