//! Which chain the node runs: a preset of the runtime or a JSON file.

mod extensions;
mod file;
pub(crate) mod genesis;
mod known_keys;
mod presets;

pub(crate) use extensions::Extensions;
pub(crate) use file::{load, shown};
pub(crate) use presets::{template, Preset};

/// The spec of an Assay chain.
pub(crate) type ChainSpec = sc_service::GenericChainSpec<Extensions>;

/// The runtime's Wasm that this node was built with.
pub(crate) fn embedded_runtime() -> Result<&'static [u8], String> {
	assay_runtime::WASM_BINARY.ok_or_else(|| {
		"this node was built without a runtime (SKIP_WASM_BUILD was set): build it again with \
		 `cargo xtask build`"
			.into()
	})
}
