//! Jobs by their names, as far as a move needs them to be.

use assay_market::{CommitmentHash, JobId};
use frame_support::ensure;
use sp_runtime::DispatchError;

use crate::{Answer, Config, Error, JobOf, Jobs, Pallet, Promise, Search, State};

impl<T: Config> Pallet<T> {
	/// The job of this name.
	pub(crate) fn open_job(id: &JobId) -> Result<JobOf<T>, DispatchError> {
		Ok(Jobs::<T>::get(id).ok_or(Error::<T>::UnknownJob)?)
	}

	/// The search of a job that nobody has accepted.
	pub(crate) fn searched(job: &JobOf<T>) -> Result<&Search, DispatchError> {
		match &job.state {
			State::Submitted(search) => Ok(search),
			State::Accepted(_) | State::Committed(..) | State::Unpaid(..) => {
				Err(Error::<T>::AlreadyAccepted.into())
			}
		}
	}

	/// The promise and the answer of a job whose answer may still fall.
	pub(crate) fn answered(
		job: &JobOf<T>,
	) -> Result<(Promise, Answer<T::AccountId>), DispatchError> {
		match &job.state {
			State::Committed(promise, answer) => Ok((*promise, answer.clone())),
			State::Submitted(_) | State::Accepted(_) => Err(Error::<T>::NotCommitted.into()),
			State::Unpaid(..) => Err(Error::<T>::WindowOver.into()),
		}
	}

	/// The same of a job that was answered like this.
	pub(crate) fn answered_as(
		id: &JobId,
		job: &JobOf<T>,
		commitment_hash: &CommitmentHash,
	) -> Result<(Promise, Answer<T::AccountId>), DispatchError> {
		let answered = Self::answered(job)?;
		let known = job.commitment_hash(id) == Some(*commitment_hash);
		ensure!(known, Error::<T>::CommitmentMismatch);
		Ok(answered)
	}
}
