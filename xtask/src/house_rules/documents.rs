//! Rules about documentation.

use super::repository::Repository;

/// The map of the repository.
const LAYOUT: &str = "docs/layout.md";

/// The compiler asks for a doc comment on every public item, in every crate.
///
/// That each crate inherits the lints is a rule of its own; here, that nobody turned this one off.
pub(super) fn public_items(repository: &Repository) -> Vec<String> {
	let mut violations = Vec::new();
	let level = ["workspace", "lints", "rust", "missing_docs"]
		.iter()
		.try_fold(None::<&toml::Value>, |table, key| match table {
			None => repository.workspace_manifest.get(*key).map(Some),
			Some(table) => table.get(*key).map(Some),
		})
		.flatten()
		.and_then(toml::Value::as_str);
	if !matches!(level, Some("warn" | "deny" | "forbid")) {
		violations.push("Cargo.toml does not set the lint `missing_docs`".to_owned());
	}
	let off = concat!("#![allow(", "missing_docs");
	for (path, text) in &repository.files {
		if path.ends_with(".rs") && !super::sources::is_generated(text) && text.contains(off) {
			violations.push(format!("{path} turns `missing_docs` off"));
		}
	}
	violations
}

/// `docs/layout.md` has a line for the folder of every crate.
pub(super) fn layout_names_every_crate(repository: &Repository) -> Vec<String> {
	let Some(layout) = repository.files.get(LAYOUT) else {
		return vec![format!("{LAYOUT} is missing")];
	};
	repository
		.members
		.iter()
		.filter(|member| !layout.contains(&format!("`{}/`", member.folder)))
		.map(|member| format!("no line for `{}/`", member.folder))
		.collect()
}

#[cfg(test)]
mod tests {
	use super::{super::repository::Member, *};

	fn repository(lints: &str, path: &str, text: &str) -> Repository {
		Repository {
			workspace_manifest: lints.parse().expect("a manifest"),
			files: [(path.to_owned(), text.to_owned())].into(),
			..Repository::default()
		}
	}

	#[test]
	fn should_ask_for_the_lint() {
		let on = "[workspace.lints.rust]\nmissing_docs = \"warn\"\n";
		assert_eq!(public_items(&repository(on, "a.rs", "")), Vec::<String>::new());
		for off in ["", "[workspace.lints.rust]\nmissing_docs = \"allow\"\n"] {
			assert_eq!(
				public_items(&repository(off, "a.rs", "")),
				["Cargo.toml does not set the lint `missing_docs`"]
			);
		}
	}

	#[test]
	fn should_catch_a_file_that_turns_the_lint_off() {
		let on = "[workspace.lints.rust]\nmissing_docs = \"deny\"\n";
		let off = concat!("#![allow(", "missing_docs, reason = \"later\")]\n");
		assert_eq!(public_items(&repository(on, "a.rs", off)), ["a.rs turns `missing_docs` off"]);
		let generated = format!("//! @generated\n{off}");
		assert_eq!(public_items(&repository(on, "a.rs", &generated)), Vec::<String>::new());
	}

	#[test]
	fn should_catch_a_crate_that_the_map_lacks() {
		let mut repository = repository("", "docs/layout.md", "| `node/` | the node |\n");
		let member = |folder: &str| Member { folder: folder.to_owned(), ..Member::default() };
		repository.members = vec![member("node"), member("pallets/jobs")];
		assert_eq!(layout_names_every_crate(&repository), ["no line for `pallets/jobs/`"]);
		repository.files.clear();
		assert_eq!(layout_names_every_crate(&repository), ["docs/layout.md is missing"]);
	}
}
