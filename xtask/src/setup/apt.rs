//! Installing packages of Debian and Ubuntu, where this user may.

use crate::process::{find_program, run, succeeds_quietly, Step};
use anyhow::{bail, Result};
use std::process::Command;

/// Installs `packages`; `reason` says what they are for.
///
/// Fails when there is no `apt-get`, when this user is neither root nor able to use sudo without
/// a password, or when the installation fails.
pub(crate) fn install(reason: &str, packages: &[&str]) -> Result<()> {
	let Some(prefix) = privilege() else {
		bail!("apt-get is missing, or this user may not use it");
	};
	let step = Step::begin(
		&format!("Installing {} with apt-get: {reason}", packages.join(", ")),
		"up to 2 min",
	);
	let install = || {
		let mut command = apt_get(&prefix);
		command.args(["install", "--yes", "--no-install-recommends"]).args(packages);
		command
	};
	// The lists of a fresh machine are empty and those of an old one name versions that are gone;
	// fetching them first each time would cost minutes on machines where they are fine.
	if run(&mut install()).is_err() {
		run(apt_get(&prefix).arg("update"))?;
		run(&mut install())?;
	}
	step.done();
	Ok(())
}

/// The words in front of `apt-get`, or nothing when this user may not install packages.
fn privilege() -> Option<Vec<&'static str>> {
	find_program("apt-get")?;
	let is_root =
		crate::process::capture(Command::new("id").arg("-u")).is_ok_and(|user| user.trim() == "0");
	if is_root {
		return Some(Vec::new());
	}
	find_program("sudo")?;
	succeeds_quietly(Command::new("sudo").args(["--non-interactive", "true"]))
		.then(|| vec!["sudo", "--non-interactive"])
}

fn apt_get(prefix: &[&str]) -> Command {
	// `env` sets the variable behind sudo, which would drop it.
	let mut words = prefix.to_vec();
	words.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet=2"]);
	let mut command = Command::new(words[0]);
	command.args(&words[1..]);
	command
}
