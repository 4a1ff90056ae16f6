//! Chain specs that are none, that no chain can begin with, and that no public chain should.

use std::fs;

use anyhow::{Context, Result};
use assay_localnet::artifacts;
use serde_json::{json, Value};

use crate::refusal::{refuse, refuse_command, template, text};

#[tokio::test]
async fn an_unusable_chain_spec_should_be_named() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let spec = template("local_testnet").await?;
	let cases = [
		("missing.json", None, "No such file"),
		("truncated.json", Some(&spec[..spec.len() / 2]), "not complete JSON"),
		("empty.json", Some(""), "not complete JSON"),
		("package.json", Some(r#"{ "name": "web-app", "version": "1.0.0" }"#), "no genesis"),
	];
	for (name, content, cause) in cases {
		let path = folder.path().join(name);
		if let Some(content) = content {
			fs::write(&path, content)?;
		}
		let refused = refuse(&folder.path().join("data"), &["--chain", text(&path)?]).await;
		refused.with_context(|| name.to_owned())?.names(&[name, cause])?;
	}
	Ok(())
}

#[tokio::test]
async fn a_genesis_that_the_runtime_refuses_should_be_named_and_begin_nothing() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let path = folder.path().join("mistyped.json");
	let mut spec: Value = serde_json::from_str(&template("local_testnet").await?)?;
	spec["genesis"]["runtimeGenesis"]["patch"]["stakign"] = json!({ "validatorCount": 3 });
	fs::write(&path, spec.to_string())?;
	let path = text(&path)?;

	let named = ["mistyped.json", "`stakign`", "correct genesis.runtimeGenesis"];
	let base_path = folder.path().join("data");
	let of_node = refuse(&base_path, &["--chain", path]).await?;
	of_node.names(&named)?;
	of_node.is_short()?;
	let other = folder.path().join("other");
	let check = ["check-block", "1", "--chain", path, "--base-path", text(&other)?];
	refuse_command(&check).await?.names(&named)?;
	assert!(!other.exists(), "something was begun");
	let of_export = refuse_command(&["export-chain-spec", "--raw", "--chain", path]).await?;
	of_export.names(&named)?;
	of_export.is_short()
}

#[tokio::test]
async fn development_keys_should_be_refused_on_a_public_chain() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let base_path = folder.path().join("data");
	let mut spec: Value = serde_json::from_str(&template("local_testnet").await?)?;
	let named = ["public.json", "development key", "replace"];
	let path = folder.path().join("public.json");
	let path = text(&path)?;
	for chain_type in [json!("Live"), json!({ "Custom": "Testnet" })] {
		spec["chainType"] = chain_type;
		fs::write(path, spec.to_string())?;
		refuse(&base_path, &["--chain", path]).await?.names(&named)?;
	}
	let frozen = refuse_command(&["export-chain-spec", "--raw", "--chain", path]).await?;
	frozen.names(&named)?;

	let with_alice = ["--chain", path, "--alice", "--unsafe-force-node-key-generation"];
	let with_alice = refuse(&base_path, &with_alice).await?;
	with_alice.names(&["public.json", "--alice", "--validator"])
}
