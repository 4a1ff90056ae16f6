//! `cargo xtask bench`: how much a development node does on this machine.

use crate::{localnet, paths::Paths};
use anyhow::Result;

/// Measures transfers per second of a development node. Returns only when that cannot start.
pub(crate) fn run(paths: &Paths, args: &[String]) -> Result<()> {
	localnet::run(paths, "assay-benches", "throughput", args)
}
