//! Tests of whole programs.

mod costs;
mod dataflow;
mod encoding;
mod fuzz;
mod models;
mod reads;
mod reasons;

/// 64-bit FNV-1a, as in `kernels/SPEC.md` section 17.
fn fnv(bytes: &[u8]) -> u64 {
	bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
		(hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
	})
}
