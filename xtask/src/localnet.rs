//! Commands that build everything and then hand over to one of the programs, such as
//! `cargo xtask demo`.

use crate::{
	build,
	paths::Paths,
	process::line,
	setup::{self, Needs},
};
use anyhow::{Context, Result};
use std::os::unix::process::CommandExt;

/// Builds, then becomes `program` with this subcommand. Returns only when that fails.
///
/// The program takes the place of this process instead of running below it: Ctrl-C and the exit
/// status reach the right one without anybody passing them on.
pub(crate) fn run(paths: &Paths, program: &str, subcommand: &str, args: &[String]) -> Result<()> {
	let environment = setup::prepare(paths, Needs::BUILD)?;
	build::workspace(&environment, paths, build::Profile::Dev)?;
	let mut program = environment.command(build::dev_binary(paths, program));
	program.arg(subcommand).args(args);
	eprintln!("==> {}", line(&program));
	let error = program.exec();
	Err(error).with_context(|| format!("`{}` cannot be started", line(&program)))
}
