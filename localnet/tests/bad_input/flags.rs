//! Wrong flags, occupied ports, an impossible base path.

use std::{fs, net::TcpListener, process::Command};

use anyhow::{ensure, Context, Result};
use assay_localnet::{artifacts, command};

use crate::refusal::{refuse, text, REFUSAL_LIMIT};

#[tokio::test]
async fn an_occupied_port_should_be_named() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	for flag in ["--rpc-port", "--port", "--prometheus-port"] {
		let occupied = TcpListener::bind("127.0.0.1:0")?;
		let port = occupied.local_addr()?.port().to_string();
		let refused = refuse(folder.path(), &["--dev", flag, &port]).await;
		refused.with_context(|| format!("{flag} {port}"))?.names(&[&port, flag])?;
	}
	Ok(())
}

#[tokio::test]
async fn an_impossible_base_path_should_be_named() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let file = folder.path().join("notes.txt");
	fs::write(&file, "not a folder")?;
	for (base_path, chain) in
		[(file.clone(), "dev"), (file.clone(), "local"), (file.join("data"), "local")]
	{
		let refused = refuse(&base_path, &["--chain", chain]).await?;
		refused.names(&[text(&base_path)?, "notes.txt is not a folder", "another --base-path"])?;
	}
	assert_eq!(fs::read_to_string(&file)?, "not a folder");
	Ok(())
}

#[tokio::test]
async fn wrong_flags_should_be_named() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	for (arguments, flag) in [
		(&["--dev", "--no-such-flag"][..], "--no-such-flag"),
		(&["--dev", "--port", "many"][..], "--port"),
		(&["--chain", "local", "--alice", "--bob"][..], "--bob"),
		(&["--dev", "--base-path"][..], "--base-path"),
		(&["no-such-command"][..], "no-such-command"),
	] {
		let mut command = Command::new(artifacts::node_binary()?);
		command.current_dir(folder.path()).args(arguments);
		let finished = command::run(&mut command, REFUSAL_LIMIT).await?;
		// The command line parser ends with 2 and shows the usage after the line with the cause.
		assert_eq!(finished.status.code(), Some(2), "{arguments:?}");
		let first = finished.stderr.lines().next().unwrap_or_default();
		ensure!(first.starts_with("error: ") && first.contains(flag), "{}", finished.stderr);
	}
	ensure!(fs::read_dir(folder.path())?.next().is_none(), "something was written");
	Ok(())
}
