//! Versions of the referee: code that decides nothing about open jobs must not become the chain's.
//!
//! A runtime that can judge games of version n of the arithmetic has the runtime API `RefereeV{n}`. A
//! version is retired in two steps: first no new jobs of it are admitted; when the last one has ended,
//! code without the API is admitted. Lacking a referee, correct claims would time out.

use core::marker::PhantomData;

use alloc::{format, vec::Vec};

use assay_market::traits::OpenVersions;
use codec::Decode;
use frame_support::{dispatch::DispatchResult, ensure};
use frame_system::SetCode;
use sp_version::RuntimeVersion;

use crate::{Config, Error};

/// The version of the arithmetic whose games this code judges, and of its referee.
pub const REFEREE_VERSION: u32 = assay_kernels_exact::NUMERICS_VERSION;

/// The id of the runtime API that says that code judges games of a version of the arithmetic: the
/// 64-bit blake2 hash of `RefereeV{n}`, as of every runtime API of that name.
pub fn referee_api_id(version: u32) -> [u8; 8] {
	sp_crypto_hashing::blake2_64(format!("RefereeV{version}").as_bytes())
}

/// The first of some versions whose games a runtime with these APIs cannot judge.
pub fn missing_referee(apis: &[([u8; 8], u32)], versions: &[u32]) -> Option<u32> {
	let judges = |version: u32| {
		let id = referee_api_id(version);
		apis.iter().any(|(api, _)| *api == id)
	};
	versions.iter().copied().find(|version| !judges(*version))
}

/// Lets new code pass to `Inner` only if it judges the games of every open job. All calls that set code
/// come here, those without other checks included.
pub struct RefereeGuard<T, Inner = ()>(PhantomData<(T, Inner)>);

impl<T: Config, Inner: SetCode<T>> SetCode<T> for RefereeGuard<T, Inner> {
	fn set_code(code: Vec<u8>) -> DispatchResult {
		let version = sp_io::misc::runtime_version(&code)
			.and_then(|version| RuntimeVersion::decode(&mut &version[..]).ok())
			.ok_or(Error::<T>::UnreadableCode)?;
		let missing = missing_referee(&version.apis, &T::Jobs::open_versions());
		ensure!(missing.is_none(), Error::<T>::RefereeMissing);
		Inner::set_code(code)
	}
}
