//! House rules: what reviews would otherwise have to say again and again.
//!
//! Each rule is a function from the repository to a list of violations, with a unit test that
//! shows it catching one. `cargo xtask lint` runs them, and so do the tests.

mod dependencies;
mod documents;
mod features;
mod repository;
mod sources;

use anyhow::{bail, Result};
use repository::Repository;
use std::path::Path;

/// A rule: what has to hold, and what violates it.
type Rule = (&'static str, fn(&Repository) -> Vec<String>);

/// All house rules.
const RULES: [Rule; 10] = [
	("dependencies point inwards", dependencies::point_inwards),
	("dependencies come from the crate registry", dependencies::come_from_the_registry),
	("manifests inherit from the workspace", dependencies::inherit_from_the_workspace),
	("tests enable no features of dependencies", dependencies::keep_features_in_tests),
	("features reach dependencies", features::reach_dependencies),
	("public items are documented", documents::public_items),
	("docs/layout.md names every crate", documents::layout_names_every_crate),
	("files are short", sources::files_are_short),
	("no leftovers", sources::no_leftovers),
	("lock files name no registry host", sources::lock_files_name_no_host),
];

/// Checks every rule on the repository at `root`.
///
/// Fails with all violations, each on its line.
pub(crate) fn check(root: &Path) -> Result<()> {
	let repository = Repository::load(root)?;
	let violations: Vec<String> = RULES
		.iter()
		.flat_map(|(rule, violations)| {
			violations(&repository).into_iter().map(move |violation| format!("{rule}: {violation}"))
		})
		.collect();
	if !violations.is_empty() {
		bail!("{} violations\n  {}", violations.len(), violations.join("\n  "));
	}
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn should_hold_in_this_repository() {
		let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a repository");
		if let Err(violations) = check(root) {
			panic!("{violations:#}");
		}
	}
}
