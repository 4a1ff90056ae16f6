//! Specs by name or from a JSON file, checked so far that a wrong file is named as such.

use super::{embedded_runtime, presets, ChainSpec, Preset};
use sc_executor::read_embedded_version;
use sc_executor_common::runtime_blob::RuntimeBlob;
use serde_json::Value;
use sp_core::bytes;
use std::{fs, path::Path};

/// Where a plain spec carries the runtime.
const CODE_POINTER: &str = "/genesis/runtimeGenesis";
/// Where a raw spec carries it: under the storage key `:code`.
const RAW_CODE_POINTER: &str = "/genesis/raw/top/0x3a636f6465";

/// A spec, and where its runtime comes from.
pub(crate) struct Loaded {
	/// The spec.
	pub(crate) spec: ChainSpec,
	/// Whether the file had no runtime and got the node's own.
	pub(crate) runtime_is_embedded: bool,
}

/// The spec with this name (`dev`, `local`) or from this file.
pub(crate) fn load(id: &str) -> Result<Loaded, String> {
	let preset = match id {
		"dev" => Preset::Development,
		"" | "local" => Preset::LocalTestnet,
		path => return read(Path::new(path)),
	};
	Ok(Loaded { spec: presets::spec(preset)?, runtime_is_embedded: true })
}

/// How messages name the chain that `--chain` chose: what a person has to give to choose it again.
pub(crate) fn shown(id: &str) -> &str {
	match id {
		"" => "local",
		id => id,
	}
}

fn read(path: &Path) -> Result<Loaded, String> {
	let shown = path.display();
	let text = fs::read(path).map_err(|error| {
		format!("chain spec {shown}: {error}; give the path of a spec file, or one of: dev, local")
	})?;
	let mut json: Value = serde_json::from_slice(&text).map_err(|error| {
		format!("chain spec {shown} is not complete JSON ({error}): copy or export it again")
	})?;
	let runtime_is_embedded = insert_runtime(&mut json)?;
	check_runtime(&json).map_err(|reason| format!("chain spec {shown}: {reason}"))?;
	let spec = serde_json::to_vec(&json)
		.map_err(|error| error.to_string())
		.and_then(ChainSpec::from_json_bytes)
		.map_err(|error| {
			format!(
				"chain spec {shown} is not one of Assay's ({error}): compare it with the output \
				 of `assay-node export-chain-spec`"
			)
		})?;
	Ok(Loaded { spec, runtime_is_embedded })
}

/// Puts the node's runtime into a plain spec that has none. Says whether it did.
fn insert_runtime(json: &mut Value) -> Result<bool, String> {
	let Some(genesis) = json.pointer_mut(CODE_POINTER).and_then(Value::as_object_mut) else {
		return Ok(false);
	};
	if genesis.contains_key("code") {
		return Ok(false);
	}
	genesis.insert("code".into(), bytes::to_hex(embedded_runtime()?, false).into());
	Ok(true)
}

/// Refuses the runtime of another chain: its blocks would be none of ours.
fn check_runtime(json: &Value) -> Result<(), String> {
	let code = json
		.pointer(&format!("{CODE_POINTER}/code"))
		.or_else(|| json.pointer(RAW_CODE_POINTER))
		.and_then(Value::as_str)
		.ok_or("it has no genesis with a runtime; is it a chain spec?")?;
	let code = bytes::from_hex(code).map_err(|error| format!("its runtime is not hex: {error}"))?;
	let blob = RuntimeBlob::uncompress_if_needed(&code)
		.map_err(|error| format!("its runtime cannot be read ({error}): export it again"))?;
	let version = read_embedded_version(&blob)
		.map_err(|error| format!("its runtime's version cannot be read ({error})"))?
		.ok_or("its runtime does not say its version")?;
	let ours = &assay_runtime::VERSION.spec_name;
	if version.spec_name != *ours {
		return Err(format!(
			"it belongs to the chain `{}`, and this node runs `{ours}`: use that chain's node, or \
			 another spec",
			version.spec_name
		));
	}
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;
	use codec::Encode;
	use serde_json::json;

	fn error_of(text: &str) -> String {
		let file = tempfile::NamedTempFile::new().unwrap();
		fs::write(file.path(), text).unwrap();
		match read(file.path()) {
			Ok(_) => panic!("the spec was accepted"),
			Err(error) => {
				assert!(error.contains(&file.path().display().to_string()), "{error}");
				error
			}
		}
	}

	#[test]
	fn a_missing_file_should_be_named() {
		let error = load("no/such/spec.json").err().unwrap();
		assert!(error.contains("no/such/spec.json"), "{error}");
		assert!(error.contains("dev, local"), "{error}");
	}

	#[test]
	fn a_truncated_file_should_be_told_from_a_wrong_one() {
		assert!(error_of("{\"name\": \"Assay\", \"id\"").contains("not complete JSON"));
		assert!(error_of("{}").contains("no genesis with a runtime"));
	}

	#[test]
	fn a_runtime_that_is_none_should_be_refused() {
		let spec = r#"{"genesis": {"runtimeGenesis": {"code": "0x00010203", "patch": {}}}}"#;
		assert!(error_of(spec).contains("its runtime cannot be read"));
		let spec = r#"{"genesis": {"raw": {"top": {"0x3a636f6465": "zz"}}}}"#;
		assert!(error_of(spec).contains("its runtime is not hex"));
	}

	#[test]
	fn the_runtime_of_another_chain_should_be_refused() {
		let mut version = assay_runtime::VERSION;
		version.spec_name = "elsewhere".into();
		// A module's section has them empty; they stand in a section of their own.
		version.apis = Default::default();
		let code = bytes::to_hex(&module_with_section("runtime_version", &version.encode()), false);
		let plain = json!({ "genesis": { "runtimeGenesis": { "code": code, "patch": {} } } });
		let raw = json!({ "genesis": { "raw": { "top": { "0x3a636f6465": code } } } });
		for spec in [plain, raw] {
			let error = error_of(&spec.to_string());
			assert!(error.contains("it belongs to the chain `elsewhere`"), "{error}");
			assert!(error.contains("use that chain's node, or another spec"), "{error}");
		}
	}

	/// The smallest Wasm module with a custom section; both lengths must be below 128.
	fn module_with_section(name: &str, content: &[u8]) -> Vec<u8> {
		let short = |length: usize| u8::try_from(length).ok().filter(|length| *length < 128);
		let name_length = short(name.len()).unwrap();
		let length = short(1 + name.len() + content.len()).unwrap();
		let head = [b"\0asm".as_slice(), &[1, 0, 0, 0], &[0, length, name_length]].concat();
		[&head, name.as_bytes(), content].concat()
	}

	#[test]
	fn templates_should_load_with_the_embedded_runtime() {
		for preset in [Preset::Development, Preset::LocalTestnet, Preset::Production] {
			let file = tempfile::NamedTempFile::new().unwrap();
			fs::write(file.path(), presets::template(preset).unwrap()).unwrap();
			let loaded = read(file.path()).unwrap();
			assert!(loaded.runtime_is_embedded);
			assert_eq!(
				loaded.spec.as_json(false).unwrap(),
				presets::spec(preset).unwrap().as_json(false).unwrap(),
			);
		}
	}
}
