//! A trace across a restart.
#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "lengths are small, and a failed `unwrap` in a test is a failed test"
)]

mod common;

use std::fs;

use assay_kernels_backend::reference::Reference;
use assay_kernels_exact::sampler::Sampling;
use assay_primitives::Native;
use assay_prover::{load, save, trace, Keep, Prover, ProverError};
use assay_trace::Node;
use common::{decoders, Model};

const SAMPLING: Sampling =
	Sampling { temperature: 0.7, top_k: 12, top_p: 50_000, min_p: 900, seed: [1, 2, 3, 4] };

#[test]
fn a_saved_trace_goes_on_where_it_was() {
	let model = Model::new(decoders().remove(0));
	let run = model.run(&Reference, 5, 2, SAMPLING);
	let typed = model.program.admit().unwrap();
	let folder = tempfile::tempdir().unwrap();
	let folder = folder.path().join("of/a/job");
	let mut executor = model.load(&Reference);
	let keep = Keep { nodes: 30, lie: None };
	let traced = trace(&typed, &run, &mut *executor, &keep).unwrap();
	let root = traced.root();
	assert!(load(&folder, &typed, &run, &root).unwrap().is_none());
	// A second time replaces the first.
	for _ in 0..2 {
		save(&folder, &typed, &run, &traced).unwrap();
		assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "no file in the making is left");
	}
	let loaded = load(&folder, &typed, &run, &root).unwrap().unwrap();
	assert_eq!((loaded.root(), loaded.verdict()), (root, traced.verdict()));
	assert_eq!(loaded.last_path(), traced.last_path());

	let mut again = model.load(&Reference);
	let mut before = Prover::resume(&typed, &run, &mut *executor, traced).unwrap();
	let mut after = Prover::resume(&typed, &run, &mut *again, loaded).unwrap();
	let shape = before.layout().tree();
	for level in 1..=shape.depth() {
		let node = Node { level, index: shape.width(level) / 2 };
		assert_eq!(before.opening(node).unwrap(), after.opening(node).unwrap());
	}
}

#[test]
fn what_was_computed_again_last_is_not_computed_another_time() {
	let model = Model::new(decoders().remove(0));
	let run = model.run(&Reference, 5, 2, SAMPLING);
	let typed = model.program.admit().unwrap();
	let mut executor = model.load(&Reference);
	let keep = Keep { nodes: 30, lie: None };
	let mut prover = Prover::new(&typed, &run, &mut *executor, &keep).unwrap();
	let node = Node { level: 1, index: 3 };
	let opening = prover.opening(node).unwrap();
	assert_eq!(prover.passes(), 2);
	let path = prover.path(16 * node.index + 1).unwrap();
	assert_eq!(prover.passes(), 2);
	let traced = prover.into_traced();
	let mut later = Prover::resume(&typed, &run, &mut *executor, traced).unwrap();
	assert_eq!(later.opening(node).unwrap(), opening);
	assert_eq!(later.path(16 * node.index + 1).unwrap(), path);
	assert_eq!(later.passes(), 0);
	assert_eq!(path.root::<Native>(opening.0[1]), Some(later.traced().root()));
}

#[test]
fn files_that_were_tampered_with_are_refused() {
	let model = Model::new(decoders().remove(0));
	let run = model.run(&Reference, 3, 2, SAMPLING);
	let typed = model.program.admit().unwrap();
	let folder = tempfile::tempdir().unwrap();
	let folder = folder.path();
	let mut executor = model.load(&Reference);
	let keep = Keep { nodes: 30, lie: None };
	let traced = trace(&typed, &run, &mut *executor, &keep).unwrap();
	let root = traced.root();
	save(folder, &typed, &run, &traced).unwrap();
	let file = folder.join("trace");
	let whole = fs::read(&file).unwrap();
	let refused = |bytes: &[u8]| {
		fs::write(&file, bytes).unwrap();
		let error = load(folder, &typed, &run, &root).unwrap_err();
		assert!(matches!(error, ProverError::Stored { .. }), "{error}");
	};
	// Every byte matters, and none can be missing or more.
	for at in 0..whole.len() {
		let mut bytes = whole.clone();
		bytes[at] ^= 1 << (at % 8);
		refused(&bytes);
	}
	for end in (0..whole.len()).step_by(7) {
		refused(&whole[..end]);
	}
	refused(&[&whole[..], &[0]].concat());

	// A whole file of another run, and the right one where another root is expected.
	let other = model.run(&Reference, 3, 3, SAMPLING);
	let trace_of_other = trace(&typed, &other, &mut *executor, &keep).unwrap();
	save(folder, &typed, &other, &trace_of_other).unwrap();
	let error = load(folder, &typed, &run, &root).unwrap_err();
	assert!(matches!(error, ProverError::Stored { .. }), "{error}");
	save(folder, &typed, &run, &traced).unwrap();
	let error = load(folder, &typed, &run, &trace_of_other.root()).unwrap_err();
	assert!(matches!(error, ProverError::Stored { .. }), "{error}");
	assert!(load(folder, &typed, &run, &root).unwrap().is_some());
}
