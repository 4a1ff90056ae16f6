//! Writing weights: pieces of any size, and what cannot be written.
#![allow(
	clippy::unwrap_used,
	reason = "a helper of tests that cannot go on has to fail, and the sizes are small"
)]

mod support;

use std::{fs::File, path::Path};

use assay_model::{Assembly, Layout, ModelError, WeightsFault, WeightsWriter};
use proptest::prelude::*;
use support::{append_all, copy_bytes, program, NAMES};

proptest! {
	#![proptest_config(ProptestConfig::with_cases(30))]

	#[test]
	fn how_bytes_arrive_does_not_show(piece in 1_usize..5000) {
		let folder = tempfile::tempdir().unwrap();
		let program = program();
		let [(root, hashes), expected] = [piece, usize::MAX].map(|piece| {
			let out = folder.path().join(piece.to_string());
			let assembly = Assembly::create(&out).unwrap();
			let mut writer = assembly.weights(&program, &NAMES).unwrap();
			append_all(&mut writer, &program, piece);
			writer.finish().unwrap()
		});
		prop_assert_eq!((root, hashes), expected);
	}
}

#[test]
fn more_or_fewer_bytes_than_the_table_are_refused() {
	let folder = tempfile::tempdir().unwrap();
	let program = program();
	let assembly = Assembly::create(&folder.path().join("out")).unwrap();
	let mut writer = assembly.weights(&program, &NAMES).unwrap();
	let first = copy_bytes(&program, 0, 0);
	let across = writer.append(&[&first[..], &[0]].concat());
	assert!(matches!(across, Err(ModelError::Weights { fault: WeightsFault::Surplus { .. }, .. })));
	writer.append(&first).unwrap();
	let error = writer.finish().unwrap_err();
	assert!(matches!(error, ModelError::Weights { fault: WeightsFault::Missing { .. }, .. }));

	drop(assembly);
	let assembly = Assembly::create(&folder.path().join("out")).unwrap();
	let mut writer = assembly.weights(&program, &NAMES).unwrap();
	append_all(&mut writer, &program, 777);
	assert!(writer.append(&[0]).is_err());
}

#[test]
fn names_must_fit_the_table() {
	let program = program();
	for names in
		[&NAMES[..3], &["a", "a", "b*", "c*"], &["a", "b", "c", "d*"], &["a", "b", "c**", "d*"]]
	{
		assert!(
			matches!(Layout::new(&program, names), Err(WeightsFault::Names { .. })),
			"{names:?}"
		);
	}
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_has_an_error_of_its_own() {
	// A device on which every write fails for lack of space.
	let path = Path::new("/dev/full");
	let file = File::options().write(true).open(path).unwrap();
	let program = program();
	let error = WeightsWriter::new(file, path, &program, &NAMES).unwrap_err();
	assert!(matches!(error, ModelError::DiskFull { .. }), "{error}");
	assert_eq!(
		error.to_string(),
		"/dev/full: the disk is full; free some space and run the import again"
	);
}
