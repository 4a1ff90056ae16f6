//! Builds the runtime's Wasm: `WASM_BINARY` of the crate.

fn main() {
	#[cfg(feature = "std")]
	wasm::build();
}

#[cfg(feature = "std")]
mod wasm {
	use substrate_wasm_builder::WasmBuilder;

	pub(super) fn build() {
		let builder = WasmBuilder::init_with_defaults();
		#[cfg(feature = "metadata-hash")]
		let builder = builder.enable_metadata_hash("ASY", 12);
		builder.build();

		// Tests of an upgrade need the same sources with the next version. Both builds share their
		// dependencies, so this costs seconds; what is shipped does without it.
		let dev_profile = std::env::var("PROFILE").as_deref() == Ok("debug");
		if dev_profile && !cfg!(feature = "runtime-benchmarks") {
			WasmBuilder::init_with_defaults()
				.enable_feature("next-spec-version")
				.set_file_name("next_runtime")
				.build();
		}
	}
}
