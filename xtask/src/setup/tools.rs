//! Programs that set-up installs into the cache folder, pinned by version.

use super::{install_atomically, report};
use crate::{
	environment::{clean_command, Environment},
	paths::Paths,
	process::{is_executable, run, succeeds_quietly, succeeds_within, Step},
};
use anyhow::{bail, Context, Result};
use std::{
	path::{Path, PathBuf},
	process::Stdio,
	time::Duration,
};

/// A rustup without network may hang instead of failing.
const RUSTUP_TIME_LIMIT: Duration = Duration::from_secs(120);

/// A program at an exact version, which lies in its own folder of the cache.
pub(crate) struct Tool {
	name: &'static str,
	version: &'static str,
	source: Source,
	/// How long the installation may take, for the user.
	expectation: &'static str,
}

/// Where a tool comes from.
enum Source {
	/// The crate of the same name, compiled with this profile.
	Crate { profile: &'static str },
	/// This package of npm.
	Npm { package: &'static str },
}

/// Formats and checks TOML files. From npm: one second to install, where compiling it takes
/// minutes.
pub(crate) const TAPLO: Tool = Tool {
	name: "taplo",
	version: "0.7.0",
	source: Source::Npm { package: "@taplo/cli" },
	expectation: "5 s",
};

/// Checks licences, sources and advisories of dependencies. Compiled without optimisation, which
/// takes a third of the time; it runs for seconds only.
pub(crate) const CARGO_DENY: Tool = Tool {
	name: "cargo-deny",
	version: "0.20.2",
	source: Source::Crate { profile: "dev" },
	expectation: "1 to 2 min",
};

/// Measures the weights of pallets. Optimised: what it measures runs inside of it.
pub(crate) const FRAME_OMNI_BENCHER: Tool = Tool {
	name: "frame-omni-bencher",
	version: "0.28.0",
	source: Source::Crate { profile: "release" },
	expectation: "30 to 60 min on two cores",
};

impl Tool {
	/// The program itself.
	pub(crate) fn program(&self, paths: &Paths) -> PathBuf {
		let bin = match self.source {
			Source::Crate { .. } => "bin",
			Source::Npm { .. } => "node_modules/.bin",
		};
		self.folder(paths).join(bin).join(self.name)
	}

	/// Installs the tool unless this version is there.
	pub(crate) fn require(&self, environment: &Environment, paths: &Paths) -> Result<()> {
		let label = format!("{} {}", self.name, self.version);
		if is_executable(&self.program(paths)) {
			report(&label, "present");
			return Ok(());
		}
		let step = Step::begin(&format!("Installing {label}"), self.expectation);
		install_atomically(&self.folder(paths), |folder| self.install(environment, folder))
			.with_context(|| format!("{label} cannot be installed"))?;
		step.done();
		if !is_executable(&self.program(paths)) {
			bail!("{label} was installed without {}", self.program(paths).display());
		}
		Ok(())
	}

	fn folder(&self, paths: &Paths) -> PathBuf {
		paths.tools().join(format!("{}-{}", self.name, self.version))
	}

	fn install(&self, environment: &Environment, folder: &Path) -> Result<()> {
		match self.source {
			Source::Crate { profile } => run(environment
				.command("cargo")
				.args(["install", "--locked", "--no-track"])
				.args(["--profile", profile, "--config", "profile.dev.debug=false", "--root"])
				.arg(folder)
				.arg(format!("{}@{}", self.name, self.version))
				// Without a target folder of ours, cargo compiles in a temporary one and removes
				// it: gigabytes that nothing would use again.
				.env_remove("CARGO_TARGET_DIR")),
			Source::Npm { package } => run(environment
				.command("npm")
				.args(["install", "--no-audit", "--no-fund", "--no-save", "--loglevel=error"])
				.arg("--prefix")
				.arg(folder)
				.arg(format!("{package}@{}", self.version))),
		}
	}
}

/// Checks that cargo has rustfmt and clippy, which small installations of Rust lack.
pub(crate) fn require_rust_components() -> Result<()> {
	let missing = missing_components();
	if missing.is_empty() {
		report("rustfmt and clippy", "present");
		return Ok(());
	}
	let step = Step::begin(&format!("rustup component add {}", missing.join(" ")), "20 s");
	// A machine without rustup fails here like one without network.
	let mut add = clean_command("rustup");
	add.args(["component", "add"]).args(&missing).stdout(Stdio::null());
	let added = succeeds_within(RUSTUP_TIME_LIMIT, &mut add).unwrap_or(false);
	if !added || !missing_components().is_empty() {
		bail!(
			"{} missing and rustup could not add it. Install it and start again: \
			 `rustup component add rustfmt clippy`, or the packages rustfmt and clippy of your \
			 distribution",
			missing.join(" and ")
		);
	}
	step.done();
	Ok(())
}

fn missing_components() -> Vec<&'static str> {
	[("rustfmt", "rustfmt"), ("clippy", "clippy-driver")]
		.into_iter()
		.filter(|(_, program)| !succeeds_quietly(clean_command(program).arg("--version")))
		.map(|(component, _)| component)
		.collect()
}
