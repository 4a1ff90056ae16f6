//! Feature propagation: a feature of one of our crates turns on the feature of the same name in
//! each dependency that has it.
//!
//! A runtime whose `runtime-benchmarks` misses a pallet compiles and measures nothing there; one
//! whose `std` misses a pallet breaks the build in ways that do not name the cause.

use super::{
	dependencies::covers,
	repository::{Dependency, Kind, Member, Repository},
};

/// The features that have to reach the dependencies.
const FEATURES: [&str; 3] = ["std", "runtime-benchmarks", "try-runtime"];

/// The folders of the crates that become part of the runtime's Wasm. Only there `std` is a choice;
/// elsewhere a feature of this name merely pleases macros of the SDK that ask for it.
const IN_WASM: [&str; 8] = [
	"primitives",
	"kernels/exact",
	"programs",
	"trace",
	"referee",
	"market",
	"pallets/",
	"runtime",
];

/// Every crate that has one of [`FEATURES`] passes it on; and `std` stays optional below a crate
/// that can do without it.
pub(super) fn reach_dependencies(repository: &Repository) -> Vec<String> {
	let mut violations = Vec::new();
	for member in &repository.members {
		for feature in FEATURES {
			let is_in_wasm = IN_WASM.iter().any(|folder| covers(folder, &member.folder));
			if feature == "std" && !is_in_wasm {
				continue;
			}
			let Some(enables) = member.features.get(feature) else { continue };
			for dependency in member.dependencies.iter().filter(|one| one.kind == Kind::Normal) {
				violations.extend(violation(member, feature, enables, dependency));
			}
		}
	}
	violations
}

fn violation(
	member: &Member,
	feature: &str,
	enables: &[String],
	dependency: &Dependency,
) -> Option<String> {
	if !dependency.features.contains_key(feature) {
		return None;
	}
	let Dependency { alias, .. } = dependency;
	let file = format!("{}/Cargo.toml", member.folder);
	if is_always_on(dependency, feature) {
		return Some(format!(
			"{file} turns `{alias}/{feature}` on even without its own `{feature}`"
		));
	}
	let passed_on = enables.iter().any(|enabled| {
		enabled
			.strip_suffix(feature)
			.and_then(|rest| rest.strip_suffix('/'))
			.is_some_and(|dependency| dependency.strip_suffix('?').unwrap_or(dependency) == alias)
	});
	(!passed_on).then(|| format!("{file}: `{feature}` lacks \"{alias}/{feature}\""))
}

fn is_always_on(dependency: &Dependency, feature: &str) -> bool {
	let by_default = dependency.default_features
		&& dependency
			.features
			.get("default")
			.is_some_and(|list| list.iter().any(|one| one == feature));
	by_default || dependency.requested.iter().any(|one| one == feature)
}

#[cfg(test)]
mod tests {
	use super::*;

	fn pallet() -> Dependency {
		let features = [("std", &[][..]), ("default", &["std"][..]), ("try-runtime", &[][..])];
		Dependency {
			alias: "pallet".to_owned(),
			package: "pallet-of-somebody".to_owned(),
			features: features
				.map(|(name, list)| {
					(name.to_owned(), list.iter().map(|one| (*one).to_owned()).collect())
				})
				.into(),
			..Dependency::default()
		}
	}

	fn violations(features: &[(&str, &[&str])], dependency: Dependency) -> Vec<String> {
		violations_in("runtime", features, dependency)
	}

	fn violations_in(
		folder: &str,
		features: &[(&str, &[&str])],
		dependency: Dependency,
	) -> Vec<String> {
		let features = features
			.iter()
			.map(|(name, list)| {
				((*name).to_owned(), list.iter().map(|one| (*one).to_owned()).collect())
			})
			.collect();
		let member = Member {
			folder: folder.to_owned(),
			features,
			dependencies: vec![dependency],
			..Member::default()
		};
		reach_dependencies(&Repository { members: vec![member], ..Repository::default() })
	}

	#[test]
	fn should_accept_features_that_are_passed_on() {
		for list in [&["pallet/std"], &["pallet?/std"]] {
			assert_eq!(violations(&[("std", list)], pallet()), Vec::<String>::new());
		}
	}

	#[test]
	fn should_catch_a_feature_that_is_not_passed_on() {
		assert_eq!(
			violations(&[("std", &["other-pallet/std", "pallet/try-runtime"])], pallet()),
			["runtime/Cargo.toml: `std` lacks \"pallet/std\""]
		);
		assert_eq!(
			violations(&[("std", &["pallet/std"]), ("try-runtime", &[])], pallet()),
			["runtime/Cargo.toml: `try-runtime` lacks \"pallet/try-runtime\""]
		);
	}

	#[test]
	fn should_pass_over_features_that_one_side_lacks() {
		assert_eq!(violations(&[], pallet()), Vec::<String>::new());
		let list: &[(&str, &[&str])] = &[("runtime-benchmarks", &[])];
		assert_eq!(violations(list, pallet()), Vec::<String>::new());
		let tool = Dependency { kind: Kind::Build, ..pallet() };
		assert_eq!(violations(&[("std", &[])], tool), Vec::<String>::new());
	}

	#[test]
	fn should_ask_for_std_only_in_the_runtime() {
		assert_eq!(violations_in("node", &[("std", &[])], pallet()), Vec::<String>::new());
		let list: &[(&str, &[&str])] = &[("try-runtime", &[])];
		assert_eq!(
			violations_in("node", list, pallet()),
			["node/Cargo.toml: `try-runtime` lacks \"pallet/try-runtime\""]
		);
	}

	#[test]
	fn should_catch_std_that_cannot_be_turned_off() {
		let wrong = ["runtime/Cargo.toml turns `pallet/std` on even without its own `std`"];
		let list: &[(&str, &[&str])] = &[("std", &["pallet/std"])];
		let by_default = Dependency { default_features: true, ..pallet() };
		assert_eq!(violations(list, by_default), wrong);
		let requested = Dependency { requested: vec!["std".to_owned()], ..pallet() };
		assert_eq!(violations(list, requested), wrong);
	}
}
