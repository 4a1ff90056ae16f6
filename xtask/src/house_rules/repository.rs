//! What the house rules look at: manifests, the resolved dependencies and the files.

use crate::{environment::clean_command, process::capture};
use anyhow::{Context, Result};
use serde_json::Value;
use std::{
	collections::{BTreeMap, BTreeSet},
	fs,
	path::{Path, PathBuf},
};

/// Folders that hold nothing written here.
const FOREIGN_FOLDERS: [&str; 3] = [".git", "node_modules", "target"];

/// The repository as the rules see it.
#[derive(Default)]
pub(super) struct Repository {
	/// The root `Cargo.toml`.
	pub(super) workspace_manifest: toml::Table,
	/// The crates of the workspace.
	pub(super) members: Vec<Member>,
	/// The text of `Cargo.lock`.
	pub(super) lock: String,
	/// Every text file, by its path from the root.
	pub(super) files: BTreeMap<String, String>,
	/// Features of each dependency, as `name version features`, in a build.
	pub(super) features_in_builds: BTreeSet<String>,
	/// The same when tests are built.
	pub(super) features_in_tests: BTreeSet<String>,
}

/// A crate of the workspace.
#[derive(Default)]
pub(super) struct Member {
	/// The name of the package.
	pub(super) name: String,
	/// The folder, from the root.
	pub(super) folder: String,
	/// Its `Cargo.toml`.
	pub(super) manifest: toml::Table,
	/// Its features and what they enable.
	pub(super) features: BTreeMap<String, Vec<String>>,
	/// What it depends on, of every kind.
	pub(super) dependencies: Vec<Dependency>,
}

/// A dependency of a crate of the workspace.
#[derive(Default)]
pub(super) struct Dependency {
	/// The name by which the crate calls it.
	pub(super) alias: String,
	/// The name of the package.
	pub(super) package: String,
	/// The role of the dependency.
	pub(super) kind: Kind,
	/// Whether its default features are asked for.
	pub(super) default_features: bool,
	/// The features that are asked for.
	pub(super) requested: Vec<String>,
	/// The features that it has, with what they enable; of the version in the lock file.
	pub(super) features: BTreeMap<String, Vec<String>>,
}

/// The role of a dependency.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) enum Kind {
	/// Compiled into the crate.
	#[default]
	Normal,
	/// For the build script.
	Build,
	/// For tests.
	Dev,
}

impl Repository {
	/// Reads the repository at `root`. Needs cargo and the packages of the lock file.
	pub(super) fn load(root: &Path) -> Result<Self> {
		Ok(Self {
			workspace_manifest: manifest(&root.join("Cargo.toml"))?,
			members: members(root)?,
			lock: fs::read_to_string(root.join("Cargo.lock")).context("reading Cargo.lock")?,
			files: text_files(root)?,
			features_in_builds: features(root, "normal,build")?,
			features_in_tests: features(root, "normal,build,dev")?,
		})
	}
}

fn manifest(path: &Path) -> Result<toml::Table> {
	let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
	text.parse().with_context(|| format!("parsing {}", path.display()))
}

fn members(root: &Path) -> Result<Vec<Member>> {
	let mut cargo = clean_command("cargo");
	// Optional dependencies are resolved only when their features are on.
	cargo
		.args(["metadata", "--format-version=1", "--locked", "--all-features"])
		.args(["--filter-platform", &host()?])
		.current_dir(root);
	let metadata: Value = serde_json::from_str(&capture(&mut cargo)?)
		.context("parsing the output of `cargo metadata`")?;
	let packages: BTreeMap<&str, &Value> = array(&metadata["packages"])
		.filter_map(|package| Some((package["id"].as_str()?, package)))
		.collect();
	let mut members = Vec::new();
	for id in array(&metadata["workspace_members"]).filter_map(Value::as_str) {
		let package = packages.get(id).with_context(|| format!("cargo says nothing about {id}"))?;
		let path = PathBuf::from(text(&package["manifest_path"]));
		let folder = path.parent().and_then(|folder| folder.strip_prefix(root).ok());
		members.push(Member {
			name: text(&package["name"]),
			folder: folder.unwrap_or(Path::new("")).display().to_string(),
			manifest: manifest(&path)?,
			features: feature_table(&package["features"]),
			dependencies: dependencies(package, id, &metadata, &packages),
		});
	}
	Ok(members)
}

fn dependencies(
	package: &Value,
	id: &str,
	metadata: &Value,
	packages: &BTreeMap<&str, &Value>,
) -> Vec<Dependency> {
	let resolved: Vec<&Value> = array(&metadata["resolve"]["nodes"])
		.filter(|node| node["id"] == id)
		.flat_map(|node| array(&node["dependencies"]))
		.filter_map(|id| packages.get(id.as_str()?).copied())
		.collect();
	array(&package["dependencies"])
		.map(|dependency| {
			let name = text(&dependency["name"]);
			let found = resolved.iter().find(|package| package["name"] == name.as_str());
			Dependency {
				alias: dependency["rename"].as_str().map_or_else(|| name.clone(), str::to_owned),
				package: name,
				kind: match dependency["kind"].as_str() {
					Some("build") => Kind::Build,
					Some("dev") => Kind::Dev,
					_ => Kind::Normal,
				},
				default_features: dependency["uses_default_features"] == true,
				requested: array(&dependency["features"]).map(text).collect(),
				features: found.map(|found| feature_table(&found["features"])).unwrap_or_default(),
			}
		})
		.collect()
}

/// The triple of this machine, so that cargo need not download what other systems use.
fn host() -> Result<String> {
	let description = capture(clean_command("rustc").arg("-vV"))?;
	description
		.lines()
		.find_map(|line| line.strip_prefix("host: "))
		.map(str::to_owned)
		.context("`rustc -vV` names no host")
}

fn features(root: &Path, edges: &str) -> Result<BTreeSet<String>> {
	let mut cargo = clean_command("cargo");
	cargo
		.args(["tree", "--workspace", "--locked", "--prefix=none", "--format={p} {f}"])
		.args(["--edges", edges])
		.current_dir(root);
	// A star marks what cargo showed before.
	let lines = capture(&mut cargo)?
		.lines()
		.map(|line| line.strip_suffix(" (*)").unwrap_or(line).to_owned())
		// Crates of the workspace carry their path; only others count.
		.filter(|line| !line.contains(" (/"))
		.collect();
	Ok(lines)
}

fn text_files(root: &Path) -> Result<BTreeMap<String, String>> {
	let mut files = BTreeMap::new();
	let mut folders = vec![root.to_owned()];
	while let Some(folder) = folders.pop() {
		let entries =
			fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
		for entry in entries {
			let entry = entry?;
			let path = entry.path();
			if entry.file_type()?.is_dir() {
				if !FOREIGN_FOLDERS.iter().any(|foreign| entry.file_name() == *foreign) {
					folders.push(path);
				}
			} else if let Ok(text) = fs::read_to_string(&path) {
				// What is not UTF-8 is not text.
				let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
				files.insert(name, text);
			}
		}
	}
	Ok(files)
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
	value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
	value.as_str().unwrap_or_default().to_owned()
}

fn feature_table(value: &Value) -> BTreeMap<String, Vec<String>> {
	let Some(table) = value.as_object() else { return BTreeMap::new() };
	table.iter().map(|(name, enables)| (name.clone(), array(enables).map(text).collect())).collect()
}
