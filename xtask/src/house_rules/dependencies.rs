//! Rules about who may depend on what, and how manifests say so.

use super::repository::{Kind, Repository};

/// What the crates of a folder may depend on among our own: `(folder, allowed folders)`. An entry
/// that ends with `/` stands for every crate below it.
const LAYERS: [(&str, &[&str]); 26] = [
	("primitives", &[]),
	("kernels/exact", &["primitives"]),
	("programs", &["primitives", "kernels/exact"]),
	("trace", &["primitives", "kernels/exact", "programs"]),
	("referee", &["primitives", "kernels/exact", "programs", "trace", "kernels/backend"]),
	("kernels/vectors", &["kernels/exact", "programs", "kernels/backend"]),
	("kernels/backend", &["primitives", "kernels/exact", "programs"]),
	(
		"kernels/cpu",
		&["primitives", "kernels/exact", "kernels/vectors", "kernels/backend", "programs"],
	),
	(
		"kernels/cuda",
		&["primitives", "kernels/exact", "kernels/vectors", "kernels/backend", "programs"],
	),
	("prover", &["primitives", "programs", "trace", "referee", "kernels/"]),
	("model", &["primitives", "programs", "kernels/"]),
	("engine", &["primitives", "programs", "trace", "kernels/", "model"]),
	("import", &["primitives", "programs", "kernels/", "model", "engine"]),
	("quality", &["primitives", "programs", "kernels/", "model", "import", "engine"]),
	("models/", &[]),
	("market", &["primitives", "programs"]),
	(
		"pallets/disputes",
		&[
			"primitives",
			"kernels/exact",
			"programs",
			"market",
			"trace",
			"referee",
			"kernels/backend",
		],
	),
	("pallets/", &["primitives", "kernels/exact", "programs", "market", "trace", "referee"]),
	("coalitions", &["market", "pallets/"]),
	(
		"runtime",
		&[
			"primitives",
			"kernels/exact",
			"programs",
			"market",
			"trace",
			"referee",
			"pallets/",
			"coalitions",
		],
	),
	("node", &["primitives", "runtime"]),
	(
		"worker",
		&[
			"primitives",
			"programs",
			"trace",
			"referee",
			"prover",
			"kernels/",
			"model",
			"import",
			"engine",
			"quality",
		],
	),
	("localnet", &["primitives", "runtime"]),
	(
		"benches/engine",
		&["primitives", "programs", "kernels/", "model", "import", "engine", "quality"],
	),
	("benches/node", &["primitives", "runtime", "localnet"]),
	("xtask", &[]),
];

/// Dependencies of [`LAYERS`] that only the tests of a folder's crates may have.
const IN_TESTS: [(&str, &str); 3] = [
	("referee", "kernels/backend"),
	("pallets/disputes", "kernels/backend"),
	("runtime", "coalitions"),
];

/// Our own crates depend on each other along [`LAYERS`] only.
pub(super) fn point_inwards(repository: &Repository) -> Vec<String> {
	let mut violations = Vec::new();
	for member in &repository.members {
		let layer = LAYERS.iter().find(|(folder, _)| covers(folder, &member.folder));
		let Some((_, allowed)) = layer else {
			violations.push(format!(
				"{}/ has no layer; add it to the table in xtask/src/house_rules/dependencies.rs",
				member.folder
			));
			continue;
		};
		for dependency in &member.dependencies {
			let own = repository.members.iter().find(|other| other.name == dependency.package);
			let Some(other) = own else { continue };
			let in_tests = IN_TESTS.contains(&(member.folder.as_str(), other.folder.as_str()));
			let is_allowed = allowed.iter().any(|folder| covers(folder, &other.folder));
			if !is_allowed || (in_tests && dependency.kind != Kind::Dev) {
				violations.push(format!("{}/ depends on {}/", member.folder, other.folder));
			}
		}
	}
	violations
}

/// The lock file names no source but the crate registry: what git serves today may be gone
/// tomorrow.
pub(super) fn come_from_the_registry(repository: &Repository) -> Vec<String> {
	const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";
	repository
		.lock
		.lines()
		.filter_map(|line| line.strip_prefix("source = \"")?.strip_suffix('"'))
		.filter(|source| *source != REGISTRY)
		.map(|source| format!("Cargo.lock holds a package from {source}"))
		.collect()
}

/// Versions, edition, licence, lints and dependencies are written once, in the root manifest.
pub(super) fn inherit_from_the_workspace(repository: &Repository) -> Vec<String> {
	const FIELDS: [&str; 5] = ["version", "edition", "rust-version", "license", "publish"];
	let mut violations = Vec::new();
	for member in &repository.members {
		let file = format!("{}/Cargo.toml", member.folder);
		let package = member.manifest.get("package").and_then(toml::Value::as_table);
		for field in FIELDS {
			if !package.is_some_and(|package| is_inherited(package.get(field))) {
				violations.push(format!("{file} lacks `{field}.workspace = true`"));
			}
		}
		if !is_inherited(member.manifest.get("lints")) {
			violations.push(format!("{file} lacks `[lints] workspace = true`"));
		}
		for (name, dependency) in dependency_tables(&member.manifest) {
			if !is_inherited(Some(dependency)) {
				violations.push(format!("{file} gives `{name}` a version of its own"));
			}
		}
	}
	violations
}

/// Building the tests asks for no feature of a dependency that the build does not ask for.
///
/// Otherwise cargo compiles that dependency, and all that depends on it, twice; for a feature of
/// a small crate at the bottom that means the whole node.
pub(super) fn keep_features_in_tests(repository: &Repository) -> Vec<String> {
	let package = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
	repository
		.features_in_tests
		.difference(&repository.features_in_builds)
		.filter(|line| {
			// Packages that only tests use have no other form.
			repository.features_in_builds.iter().any(|built| package(built) == package(line))
		})
		.map(|line| {
			format!(
				"tests turn on features of {}; enable them in an ordinary dependency instead: {line}",
				package(line)
			)
		})
		.collect()
}

/// Whether `pattern`, written as in [`LAYERS`], stands for `folder`.
pub(super) fn covers(pattern: &str, folder: &str) -> bool {
	match pattern.strip_suffix('/') {
		Some(parent) => folder.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/')),
		None => folder == pattern,
	}
}

/// Whether a value of a manifest is `{ workspace = true, .. }`.
fn is_inherited(value: Option<&toml::Value>) -> bool {
	value.and_then(|value| value.get("workspace")).and_then(toml::Value::as_bool) == Some(true)
}

/// The entries of all tables of dependencies, those for one platform included.
fn dependency_tables(manifest: &toml::Table) -> Vec<(&str, &toml::Value)> {
	const TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];
	let platforms = manifest
		.get("target")
		.and_then(toml::Value::as_table)
		.into_iter()
		.flat_map(|platforms| platforms.values())
		.filter_map(toml::Value::as_table);
	std::iter::once(manifest)
		.chain(platforms)
		.flat_map(|table| TABLES.iter().filter_map(|name| table.get(*name)?.as_table()))
		.flatten()
		.map(|(name, dependency)| (name.as_str(), dependency))
		.collect()
}

#[cfg(test)]
mod tests {
	use super::{
		super::repository::{Dependency, Member},
		*,
	};

	fn member(folder: &str, dependencies: &[&str]) -> Member {
		let name = |folder: &str| format!("assay-{}", folder.replace('/', "-"));
		Member {
			name: name(folder),
			folder: folder.to_owned(),
			dependencies: dependencies
				.iter()
				.map(|folder| Dependency { package: name(folder), ..Dependency::default() })
				.collect(),
			..Member::default()
		}
	}

	fn directions(members: Vec<Member>) -> Vec<String> {
		point_inwards(&Repository { members, ..Repository::default() })
	}

	#[test]
	fn should_allow_dependencies_that_point_inwards() {
		let members = vec![
			member("primitives", &[]),
			member("kernels/exact", &["primitives"]),
			member("pallets/jobs", &["primitives", "kernels/exact"]),
			member("runtime", &["pallets/jobs", "primitives"]),
			member("node", &["runtime"]),
			member("worker", &["kernels/exact"]),
		];
		assert_eq!(directions(members), Vec::<String>::new());
	}

	#[test]
	fn should_refuse_a_pallet_that_depends_on_a_pallet() {
		let members =
			vec![member("pallets/jobs", &["pallets/models"]), member("pallets/models", &[])];
		assert_eq!(directions(members), ["pallets/jobs/ depends on pallets/models/"]);
	}

	#[test]
	fn should_refuse_to_depend_on_tools_and_outwards() {
		for (from, to) in [
			("node", "xtask"),
			("node", "localnet"),
			("runtime", "node"),
			("primitives", "runtime"),
		] {
			let members = vec![member(from, &[to]), member(to, &[])];
			assert_eq!(directions(members), [format!("{from}/ depends on {to}/")]);
		}
	}

	#[test]
	fn should_refuse_a_backend_below_the_referee_outside_of_tests() {
		let of_kind = |kind| {
			let mut referee = member("referee", &["kernels/backend"]);
			referee.dependencies[0].kind = kind;
			directions(vec![referee, member("kernels/backend", &[])])
		};
		assert_eq!(of_kind(Kind::Dev), Vec::<String>::new());
		assert_eq!(of_kind(Kind::Normal), ["referee/ depends on kernels/backend/"]);
	}

	#[test]
	fn should_ask_for_the_layer_of_a_new_folder() {
		let violations = directions(vec![member("gateway", &[])]);
		assert!(violations[0].starts_with("gateway/ has no layer"), "{violations:?}");
	}

	#[test]
	fn should_refuse_git_dependencies() {
		let lock = "[[package]]\nname = \"a\"\n\
			source = \"registry+https://github.com/rust-lang/crates.io-index\"\n\
			[[package]]\nname = \"b\"\nsource = \"git+https://example.org/b#1234\"\n";
		let repository = Repository { lock: lock.to_owned(), ..Repository::default() };
		assert_eq!(
			come_from_the_registry(&repository),
			["Cargo.lock holds a package from git+https://example.org/b#1234"]
		);
	}

	fn inheritance(manifest: &str) -> Vec<String> {
		let manifest = manifest.parse().expect("a manifest");
		let member = Member { folder: "node".to_owned(), manifest, ..Member::default() };
		inherit_from_the_workspace(&Repository { members: vec![member], ..Repository::default() })
	}

	const INHERITING: &str = "[package]\nversion.workspace = true\nedition.workspace = true\n\
		rust-version.workspace = true\nlicense.workspace = true\npublish.workspace = true\n\
		[lints]\nworkspace = true\n";

	#[test]
	fn should_refuse_versions_and_lints_of_a_crates_own() {
		assert_eq!(inheritance(INHERITING), Vec::<String>::new());
		let own = INHERITING.replace("edition.workspace = true", "edition = \"2021\"");
		assert_eq!(inheritance(&own), ["node/Cargo.toml lacks `edition.workspace = true`"]);
		let own =
			INHERITING.replace("[lints]\nworkspace = true", "[lints.rust]\ndead_code = \"allow\"");
		assert_eq!(inheritance(&own), ["node/Cargo.toml lacks `[lints] workspace = true`"]);
	}

	#[test]
	fn should_refuse_dependencies_with_a_version_of_their_own() {
		for table in ["dependencies", "dev-dependencies", "target.'cfg(unix)'.build-dependencies"] {
			let inherited = format!("{INHERITING}[{table}]\nlog = {{ workspace = true }}\n");
			assert_eq!(inheritance(&inherited), Vec::<String>::new());
			let own = format!("{INHERITING}[{table}]\nlog = \"0.4\"\n");
			assert_eq!(inheritance(&own), ["node/Cargo.toml gives `log` a version of its own"]);
		}
	}

	#[test]
	fn should_refuse_features_that_only_tests_enable() {
		let set = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
		let mut repository = Repository {
			features_in_builds: set(&["rand v0.8.5 std", "log v0.4.28 "]),
			features_in_tests: set(&[
				"rand v0.8.5 std",
				"log v0.4.28 ",
				"tempfile v3.23.0 default",
			]),
			..Repository::default()
		};
		assert_eq!(keep_features_in_tests(&repository), Vec::<String>::new());
		repository.features_in_tests.insert("log v0.4.28 std".to_owned());
		let violations = keep_features_in_tests(&repository);
		assert!(
			violations[0].starts_with("tests turn on features of log v0.4.28"),
			"{violations:?}"
		);
	}
}
