//! Which chain the node runs: a preset of the runtime or a JSON file.

mod extensions;
mod file;
mod known_keys;
mod presets;

pub use extensions::Extensions;
pub use file::load;
pub use known_keys::well_known_key_in;
pub use presets::{template, Preset};

/// The spec of an Assay chain.
pub type ChainSpec = sc_service::GenericChainSpec<Extensions>;

/// The runtime's Wasm that this node was built with.
pub fn embedded_runtime() -> Result<&'static [u8], String> {
	assay_runtime::WASM_BINARY.ok_or_else(|| {
		"this node was built without a runtime (SKIP_WASM_BUILD was set): build it again with \
		 `cargo xtask build`"
			.into()
	})
}
