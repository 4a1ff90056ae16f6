//! A validator without its keys: each missing key comes with the command that makes it.

use std::{fs, net::TcpListener};

use anyhow::Result;
use assay_localnet::artifacts;

use crate::refusal::{refuse, text};

/// The secret of a validator that nobody knows: for `key insert`, which would ask for it.
const SECRET: &str = "--suri //Nobody";

#[tokio::test]
async fn a_validator_without_keys_should_be_led_to_them_step_by_step() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let base_path = folder.path().join("data");
	let validator = ["--chain", "local", "--validator"];

	let no_network_key = refuse(&base_path, &validator).await?;
	no_network_key.names(&["network key", text(&base_path)?])?;
	no_network_key.follow("key generate-node-key", "").await?;

	let no_babe = refuse(&base_path, &validator).await?;
	no_babe.names(&["keystore", "no babe key"])?;
	no_babe.names(&["--allow-missing-session-keys", "author_rotateKeysWithOwner"])?;
	no_babe.follow("--key-type babe", SECRET).await?;

	let no_grandpa = refuse(&base_path, &validator).await?;
	no_grandpa.names(&["keystore", "no gran key"])?;
	no_grandpa.follow("--key-type gran", SECRET).await?;

	// Nothing is wrong with the keys any more: the node comes to its next check.
	let occupied = TcpListener::bind("127.0.0.1:0")?;
	let port = occupied.local_addr()?.port().to_string();
	let with_port = [&validator[..], &["--rpc-port", &port]].concat();
	refuse(&base_path, &with_port).await?.names(&[&port, "--rpc-port"])
}

#[tokio::test]
async fn missing_session_keys_should_be_allowed_on_demand_only() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let base_path = folder.path().join("data");
	let occupied = TcpListener::bind("127.0.0.1:0")?;
	let port = occupied.local_addr()?.port().to_string();
	let validator = ["--chain", "local", "--validator", "--unsafe-force-node-key-generation"];
	let validator = [&validator[..], &["--rpc-port", &port]].concat();
	refuse(&base_path, &validator).await?.names(&["no babe key"])?;
	// The ports are looked at after the keys.
	let allowed = [&validator[..], &["--allow-missing-session-keys"]].concat();
	refuse(&base_path, &allowed).await?.names(&[&port, "--rpc-port"])
}

#[tokio::test]
async fn a_mistyped_keystore_should_be_named_and_not_be_made() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let base_path = folder.path().join("data");
	let keystore = folder.path().join("my keys");
	let arguments = ["--chain", "local", "--validator", "--unsafe-force-node-key-generation"];
	let arguments = [&arguments[..], &["--keystore-path", text(&keystore)?]].concat();

	let missing = refuse(&base_path, &arguments).await?;
	missing.names(&[text(&keystore)?, "not a folder"])?;
	assert!(!keystore.exists(), "it was made");
	missing.follow("mkdir -p", "").await?;

	let empty = refuse(&base_path, &arguments).await?;
	empty.names(&[text(&keystore)?, "no babe key"])?;
	empty.follow("--key-type babe", SECRET).await?;
	refuse(&base_path, &arguments).await?.names(&["no gran key"])?;

	for key in fs::read_dir(&keystore)? {
		fs::write(key?.path(), "\"half of a phra")?;
	}
	let broken = refuse(&base_path, &arguments).await?;
	broken.names(&[text(&keystore)?, "babe key that cannot be used", "backup"])
}
