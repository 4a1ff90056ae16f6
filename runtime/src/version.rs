//! Which runtime this is, and how wallets show its token.

use crate::apis::RUNTIME_API_VERSIONS;
use alloc::borrow::Cow;
use sp_version::RuntimeVersion;

/// Symbol of the native token.
pub const NATIVE_TOKEN_SYMBOL: &str = "ASY";
/// Decimal places of the native token: one token is 10¹² of its smallest unit.
pub const NATIVE_TOKEN_DECIMALS: u8 = 12;
/// Prefix of SS58 addresses: Substrate's generic one.
pub const SS58_PREFIX: u16 = 42;

// The attribute reads the version from the source text, so it takes a literal and no constant.
macro_rules! runtime_version {
	($spec_version:tt) => {
		/// The version of this runtime.
		#[sp_version::runtime_version]
		pub const VERSION: RuntimeVersion = RuntimeVersion {
			spec_name: Cow::Borrowed("assay"),
			impl_name: Cow::Borrowed("assay-node"),
			authoring_version: 1,
			spec_version: $spec_version,
			impl_version: 0,
			apis: RUNTIME_API_VERSIONS,
			// Raise when the encoding of transactions changes: a call's index, its arguments or
			// the extensions.
			transaction_version: 1,
			system_version: 1,
		};
	};
}

// Raise both with every change of behaviour that reaches a chain: the second is what the test of
// an upgrade installs, built from the same sources.
#[cfg(not(feature = "next-spec-version"))]
runtime_version!(1);
#[cfg(feature = "next-spec-version")]
runtime_version!(2);
