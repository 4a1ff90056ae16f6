//! Layouts of whole runs: every leaf is one tile and back, and a stream of tiles fills them.
#![cfg(feature = "std")]
#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "counts are small, and a failed `unwrap` in a test is a failed test"
)]

use assay_kernels_exact::verdict;
use assay_primitives::{merkle::Tree, Native};
use assay_programs::{
	op::{Mask, TakeRows},
	samples::{Decoder, Encoder},
	Program,
};
use assay_trace::{BuildError, EpilogueLeaf, Layout, Leaf, TraceBuilder};

/// Programs with the lengths of a run each.
fn runs() -> Vec<(Program, u32, u32)> {
	let decoder = || Decoder {
		vocabulary: 40,
		hidden: 16,
		heads: 4,
		key_heads: 2,
		head_dim: 4,
		inner: 24,
		..Decoder::default()
	};
	let wide = Decoder { vocabulary: 2100, heads: 1, key_heads: 1, head_dim: 192, ..decoder() };
	let sliding = Decoder { mask: Mask::Sliding { window: 520 }, layers: 1, ..decoder() };
	let encoder = || Encoder { hidden: 16, inner: 24, ..Encoder::default() };
	vec![
		(decoder().program(), 1, 1),
		(decoder().program(), 5, 4),
		(wide.program(), 3, 3),
		(sliding.program(), 1040, 3),
		(encoder().program(), 1, 0),
		(encoder().program(), 300, 0),
		(Encoder { take: Some(TakeRows::Last), ..encoder() }.program(), 9, 0),
	]
}

#[test]
fn every_leaf_is_one_tile_and_back() {
	for (program, inputs, outputs) in runs() {
		let typed = program.admit().unwrap();
		let layout = Layout::new(&typed, inputs, outputs).unwrap();
		let mut bytes = 0;
		for index in 0..layout.leaves() {
			let leaf = layout.locate(index).unwrap();
			assert_eq!(layout.index(&leaf), Some(index), "{leaf:?}");
			let size = layout.bytes(index).unwrap();
			assert!((1..=4096).contains(&size), "{leaf:?}");
			bytes += if matches!(leaf, Leaf::Program(_)) { size } else { 0 };
			assert_eq!(matches!(leaf, Leaf::Program(_)), index < layout.program().leaves());
		}
		assert_eq!(bytes, layout.program().bytes());
		assert_eq!(layout.locate(layout.leaves()), None);
		assert_eq!(layout.bytes(u64::MAX), None);
		assert!(matches!(
			layout.locate(layout.last()),
			Some(Leaf::Epilogue(EpilogueLeaf::Conjunction { .. }))
		));
		assert_eq!(layout.bytes(layout.last()), Some(1));
	}
}

#[test]
fn leaves_of_other_runs_have_no_place() {
	let programs = runs();
	let (program, inputs, outputs) = &programs[1];
	let typed = program.admit().unwrap();
	let layout = Layout::new(&typed, *inputs, *outputs).unwrap();
	let longer = Layout::new(&typed, inputs + 1, *outputs).unwrap();
	let Some(Leaf::Program(first)) = layout.locate(0) else { panic!("a tile of the program") };
	let beyond = assay_programs::stage::Location { tile: first.section.tiles(), ..first.clone() };
	assert_eq!(layout.index(&Leaf::Program(beyond)), None);
	assert_eq!(longer.index(&Leaf::Program(first)), None);
	for (inputs, outputs) in [(0, 1), (1, 0), (1, 1200), (1200, 2), (u32::MAX, u32::MAX)] {
		let none = Layout::new(&typed, inputs, outputs).is_none();
		assert_eq!(none, (inputs, outputs) != (1, 1200), "{inputs} {outputs}");
	}
}

#[test]
fn the_form_depends_on_lengths_and_vocabulary_alone() {
	let program = Decoder { vocabulary: 2100, ..Decoder::default() }.program();
	let typed = program.admit().unwrap();
	let layout = Layout::new(&typed, 7, 3).unwrap();
	// Three tiles of logits: three best, the greatest, sixteen rounds of three and one, three noisy
	// and the choice for each output; a tile of flags, the verdict.
	assert_eq!(layout.epilogue().leaves(), 3 * (3 + 1 + 16 * 4 + 3 + 1) + 1 + 1);
}

#[test]
fn a_stream_of_tiles_gives_the_tree_over_them() {
	for (program, inputs, outputs) in runs() {
		let typed = program.admit().unwrap();
		let layout = Layout::new(&typed, inputs, outputs).unwrap();
		let mut builder = TraceBuilder::<Native>::new(&layout, 100);
		let mut hashes = Vec::new();
		for index in 0..layout.leaves() {
			let mut tile = vec![index as u8; layout.bytes(index).unwrap() as usize];
			assert_eq!(builder.next_leaf(), index);
			hashes.push(assay_primitives::merkle::leaf::<Native>(&tile));
			builder.push(&tile).unwrap();
			if index.is_multiple_of(100) {
				tile.push(0);
				let refused = builder.clone().push(&tile);
				assert!(refused.is_err(), "{index}");
			}
		}
		let leaves = layout.leaves();
		assert_eq!(builder.push(&[verdict::OK]), Err(BuildError::Complete { leaves }));
		let tree = builder.finish().unwrap();
		assert_eq!(tree.root(), Tree::<Native>::new(hashes).root());
		assert!(tree.kept() <= 100);
	}
}

#[test]
fn tiles_of_another_size_and_missing_tiles_are_refused() {
	let (program, inputs, outputs) = runs().swap_remove(0);
	let typed = program.admit().unwrap();
	let layout = Layout::new(&typed, inputs, outputs).unwrap();
	let mut builder = TraceBuilder::<Native>::new(&layout, 0);
	let (leaf, expected, found) = (0, 64, 63);
	assert_eq!(builder.push(&[0; 63]), Err(BuildError::TileBytes { leaf, expected, found }));
	builder.push(&[0; 64]).unwrap();
	let leaves = layout.leaves();
	assert_eq!(builder.finish().unwrap_err(), BuildError::Incomplete { leaves, found: 1 });
}
