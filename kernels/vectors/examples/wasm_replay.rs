//! The golden vectors as a WebAssembly module: `replay(file)` returns how many cases of a data file
//! give the stated bytes, 0 if any differs; `files()` returns how many files there are.
//!
//! `wasm.mjs` runs it. The module imports nothing, so it runs in any engine.

#![cfg_attr(target_family = "wasm", no_std)]
#![allow(unsafe_code, reason = "an exported name counts as unsafe; nothing here is")]

use assay_kernels_vectors::FILES;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

#[cfg(target_family = "wasm")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
	core::arch::wasm32::unreachable()
}

/// Number of data files.
#[no_mangle]
pub extern "C" fn files() -> u32 {
	u32::try_from(FILES.len()).unwrap_or(0)
}

/// Number of cases in data file `file`, or 0 when a case fails or there is no such file.
#[no_mangle]
pub extern "C" fn replay(file: u32) -> u32 {
	FILES
		.get(file as usize)
		.and_then(|(_, text)| assay_kernels_vectors::replay(text).ok())
		.and_then(|cases| u32::try_from(cases).ok())
		.unwrap_or(0)
}
