//! The page says what the search finds now.

use assay_coalitions::{known::KNOWN, page::page};
use std::{fs, path::Path};

fn document(name: &str) -> String {
	let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
	fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_page_should_be_what_the_search_finds() {
	assert!(
		document("coalitions.md") == page(),
		"docs/coalitions.md is stale: cargo run -p assay-coalitions > docs/coalitions.md"
	);
}

#[test]
fn every_known_gain_should_be_among_the_open_findings() {
	let findings = document("market-open-findings.md");
	for known in &KNOWN {
		let head = format!("**{}**", known.number);
		assert!(findings.contains(&head), "{} is not in market-open-findings.md", known.number);
	}
}
