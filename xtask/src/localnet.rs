//! Commands that build everything and then hand over to one of the programs, such as
//! `cargo xtask demo`.

use crate::{
	build,
	paths::Paths,
	process::replace_this_process,
	setup::{self, Needs},
};
use anyhow::Result;

/// Builds, then becomes `program` with this subcommand. Returns only when that fails.
pub(crate) fn run(paths: &Paths, program: &str, subcommand: &str, args: &[String]) -> Result<()> {
	let environment = setup::prepare(paths, Needs::BUILD)?;
	build::workspace(&environment, paths, build::Profile::Dev, build::Targets::Programs)?;
	let mut program = environment.command(build::dev_binary(paths, program));
	program.arg(subcommand).args(args);
	replace_this_process(&mut program)
}
