//! Trees against their definition: streams, kept levels, openings, paths and proofs of many leaves.
#![cfg(feature = "std")]
#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "counts are small, and a failed `unwrap` in a test is a failed test"
)]

use std::{collections::BTreeMap, convert::Infallible, ops::Range};

use assay_primitives::{
	merkle::{leaf, root, Builder, Tree},
	Hash, Hasher, Native,
};
use assay_trace::{
	tree::{climb, root_of, LEVELS, MAX_HASHES},
	Leaves, Node, Opening, OpeningError, ProofError, Segment, Skeleton, SkeletonBuilder, TreeShape,
};
use proptest::prelude::*;

/// Leaves that are computed again on demand, and how often.
struct Counted {
	computed: u64,
}

fn hash(index: u64) -> Hash {
	leaf::<Native>(&index.to_le_bytes()[..(index % 9) as usize])
}

impl Leaves for Counted {
	type Error = Infallible;

	fn hashes(&mut self, leaves: Range<u64>, take: &mut dyn FnMut(Hash)) -> Result<(), Infallible> {
		self.computed += leaves.end - leaves.start;
		leaves.map(hash).for_each(take);
		Ok(())
	}
}

fn skeleton(leaves: u64, kept: u64) -> Skeleton<Native> {
	let mut builder = SkeletonBuilder::new(TreeShape::new(leaves), kept);
	(0..leaves).for_each(|index| builder.push(hash(index)));
	builder.finish().unwrap()
}

#[test]
fn streams_of_every_length_up_to_1000_agree_with_the_whole_tree() {
	let mut stream = Builder::<Native>::default();
	for leaves in 0..=1000 {
		let whole = Tree::<Native>::new((0..leaves).map(hash).collect());
		assert_eq!(stream.clone().finish(), whole.root(), "{leaves}");
		for kept in [0, 1, 20, 300, u64::MAX] {
			let skeleton = skeleton(leaves, kept);
			assert_eq!(skeleton.root(), whole.root(), "{leaves} {kept}");
			assert!(skeleton.kept() as u64 <= kept.max(1), "{leaves} {kept}");
		}
		stream.push_hash(hash(leaves));
	}
}

#[test]
fn paths_of_every_leaf_agree_with_the_whole_tree_whatever_is_kept() {
	for leaves in [1, 2, 15, 16, 17, 255, 256, 257, 300] {
		let whole = Tree::<Native>::new((0..leaves).map(hash).collect());
		for kept in [0, 20, u64::MAX] {
			let skeleton = skeleton(leaves, kept);
			for index in 0..leaves {
				let path = skeleton.path(index, &mut Counted { computed: 0 }).unwrap();
				assert_eq!(Some(path), whole.path(index), "{index} of {leaves}, {kept}");
			}
			let none = skeleton.path(leaves, &mut Counted { computed: 0 });
			assert!(matches!(none, Err(OpeningError::NoSuchNode(_))));
		}
	}
}

#[test]
fn an_opening_computes_only_what_is_below_the_kept_levels() {
	let skeleton = skeleton(5000, 400);
	// 313 nodes over the leaves, 20, 2 and the top: 336 in all.
	assert_eq!(skeleton.kept(), 336);
	let mut leaves = Counted { computed: 0 };
	skeleton.opening(skeleton.shape().top(), &mut leaves).unwrap();
	skeleton.opening(Node { level: 3, index: 1 }, &mut leaves).unwrap();
	assert_eq!(leaves.computed, 0);
	skeleton.opening(Node { level: 2, index: 1 }, &mut leaves).unwrap();
	assert_eq!(leaves.computed, 256);
	skeleton.path(4000, &mut leaves).unwrap();
	assert_eq!(leaves.computed, 256 + 15);
}

/// Plays a dispute about a tree from its top to the leaf that differs.
fn descend(leaves: u64, wrong: u64) -> (Node, u32) {
	let shape = TreeShape::new(leaves);
	let truth = skeleton(leaves, 1000);
	let lie = |index: u64| if index < wrong { hash(index) } else { hash(index + leaves) };
	let mut builder = SkeletonBuilder::<Native>::new(shape, u64::MAX);
	(0..leaves).for_each(|index| builder.push(lie(index)));
	let lie = builder.finish().unwrap();

	let mut none = Counted { computed: 0 };
	let (mut node, mut moves) = (shape.top(), 0);
	let (mut ours, mut theirs) = (truth.node(node, &mut none), lie.node(node, &mut none));
	assert_eq!(root::<Native>(leaves, &ours.unwrap()), truth.root());
	while node.level > 0 {
		let one = truth.opening(node, &mut none).unwrap();
		let other = lie.opening(node, &mut none).unwrap();
		assert!(one.0.len() <= MAX_HASHES);
		assert_eq!(one.hash::<Native>(shape, node), Some(ours.unwrap()));
		assert_eq!(other.hash::<Native>(shape, node), Some(theirs.unwrap()));
		assert_eq!(one.first_difference(&one, node), None);
		node = one.first_difference(&other, node).unwrap();
		(ours, theirs) = (truth.node(node, &mut none), lie.node(node, &mut none));
		assert_ne!(ours, theirs);
		moves += 1;
	}
	(node, moves)
}

#[test]
fn two_traces_are_followed_to_the_first_leaf_that_differs() {
	for (leaves, expected) in [(2, 1), (16, 1), (17, 1), (256, 1), (257, 2), (5000, 2)] {
		for wrong in [0, 1, leaves / 2, leaves - 1] {
			let (node, moves) = descend(leaves, wrong);
			assert_eq!((node, moves), (Node { level: 0, index: wrong }, expected), "{leaves}");
		}
	}
	assert_eq!(LEVELS, 2);
}

#[test]
fn openings_of_another_shape_give_no_hash() {
	let shape = TreeShape::new(300);
	let top = shape.top();
	let opening = skeleton(300, 0).opening(top, &mut Counted { computed: 0 }).unwrap();
	assert_eq!(opening.0.len(), 19);
	let right = opening.hash::<Native>(shape, top);
	assert!(right.is_some());
	for wrong in [
		Opening(opening.0[1..].to_vec()),
		Opening([&opening.0[..], &[Hash::default()]].concat()),
		Opening(Vec::new()),
	] {
		assert_eq!(wrong.hash::<Native>(shape, top), None);
	}
	let mut changed = opening.clone();
	changed.0.swap(3, 4);
	assert_ne!(changed.hash::<Native>(shape, top), right);
	for none in
		[Node { level: 0, index: 0 }, Node { level: 4, index: 0 }, Node { level: 2, index: 2 }]
	{
		assert_eq!(opening.hash::<Native>(shape, none), None, "{none:?}");
	}
}

#[test]
fn leaves_that_are_handed_out_wrongly_are_noticed() {
	struct Short;
	impl Leaves for Short {
		type Error = Infallible;
		fn hashes(
			&mut self,
			leaves: Range<u64>,
			take: &mut dyn FnMut(Hash),
		) -> Result<(), Infallible> {
			leaves.skip(1).map(hash).for_each(take);
			Ok(())
		}
	}
	let found = skeleton(300, 0).node(Node { level: 1, index: 0 }, &mut Short);
	assert_eq!(found, Err(OpeningError::LeafCount { expected: 16, found: 15 }));
	let mut builder = SkeletonBuilder::<Native>::new(TreeShape::new(2), 9);
	builder.push(hash(0));
	assert!(builder.clone().finish().is_none());
	builder.push(hash(1));
	builder.push(hash(2));
	assert!(builder.finish().is_none());
}

/// The hashes beside some leaves.
fn beside(tree: &Skeleton<Native>, leaves: &BTreeMap<u64, Hash>) -> Vec<Hash> {
	let mut hashes = Vec::new();
	climb::<Native, Infallible>(tree.shape(), leaves, |node| {
		let hash = tree.node(node, &mut Counted { computed: 0 }).unwrap();
		hashes.push(hash);
		Ok(hash)
	})
	.unwrap();
	hashes
}

proptest! {
	#[test]
	fn proofs_of_any_leaves_give_the_root_and_changed_ones_do_not(
		leaves in 1_u64..2000,
		chosen in prop::collection::vec(any::<prop::sample::Index>(), 1..40),
		place in any::<prop::sample::Index>(),
		byte in 0_usize..32,
	) {
		let tree = skeleton(leaves, u64::MAX);
		let known: BTreeMap<u64, Hash> = chosen
			.iter()
			.map(|index| index.index(leaves as usize) as u64)
			.map(|index| (index, hash(index)))
			.collect();
		let hashes = beside(&tree, &known);
		prop_assert_eq!(root_of::<Native>(tree.shape(), &known, &hashes), Ok(tree.root()));
		// A single leaf has the hashes of its path.
		let (&first, _) = known.first_key_value().unwrap();
		let single = BTreeMap::from([(first, hash(first))]);
		let path = tree.path(first, &mut Counted { computed: 0 }).unwrap();
		prop_assert_eq!(beside(&tree, &single), path.siblings);

		let mut moved = known.clone();
		let (last, hash_of_last) = moved.pop_last().unwrap();
		if moved.insert(leaves, hash_of_last).is_none() {
			let found = root_of::<Native>(tree.shape(), &moved, &hashes);
			prop_assert_eq!(found, Err(ProofError::NoSuchLeaf));
		}
		let mut other = known.clone();
		other.insert(last, Native::hash(b"another leaf"));
		prop_assert_ne!(root_of::<Native>(tree.shape(), &other, &hashes), Ok(tree.root()));

		let longer = [&hashes[..], &[Hash::default()]].concat();
		let surplus = Err(ProofError::SurplusHashes { count: 1 });
		prop_assert_eq!(root_of::<Native>(tree.shape(), &known, &longer), surplus);
		if let Some(shorter) = hashes.len().checked_sub(1) {
			let found = root_of::<Native>(tree.shape(), &known, &hashes[..shorter]);
			prop_assert_eq!(found, Err(ProofError::MissingHash));
			let mut changed = hashes.clone();
			changed[place.index(hashes.len())].0[byte] ^= 1;
			prop_assert_ne!(root_of::<Native>(tree.shape(), &known, &changed), Ok(tree.root()));
		}
		let none = root_of::<Native>(tree.shape(), &BTreeMap::new(), &[]);
		prop_assert_eq!(none, Err(ProofError::NoSuchLeaf));
	}
}

proptest! {
	#[test]
	fn segments_join_to_the_whole_tree(
		leaves in 0_u64..3000,
		kept in prop::sample::select(vec![0, 1, 20, 300, u64::MAX]),
		cuts in prop::collection::vec(0_u64..3000, 0..6),
	) {
		let mut cuts: Vec<u64> = cuts.into_iter().filter(|&cut| cut <= leaves).collect();
		cuts.extend([0, leaves]);
		cuts.sort_unstable();
		let whole = skeleton(leaves, kept);
		let mut builder = SkeletonBuilder::<Native>::new(TreeShape::new(leaves), kept);
		let parts: Vec<_> = cuts.windows(2).map(|cut| {
			let mut segment = builder.segment(cut[0]);
			if cut[0].is_multiple_of(3) {
				let hashes: Vec<Hash> = (cut[0]..cut[1]).map(hash).collect();
				// In two parts, so that one begins where the other has ended.
				let (first, second) = hashes.split_at(hashes.len() / 3);
				segment.extend(first);
				segment.extend(second);
			} else {
				(cut[0]..cut[1]).for_each(|index| segment.push(hash(index)));
			}
			segment
		}).collect();
		// The parts first to one, as in a tree of segments, or one after the other.
		if cuts.len().is_multiple_of(2) {
			let mut parts = parts.into_iter();
			let mut all = parts.next().unwrap();
			parts.for_each(|part| all.append(part).unwrap());
			prop_assert!(all.held() <= 31 * 4 + all.leaves() as usize);
			builder.append(all).unwrap();
		} else {
			parts.into_iter().for_each(|part| builder.append(part).unwrap());
		}
		let joined = builder.finish().unwrap();
		prop_assert_eq!(joined.root(), whole.root());
		prop_assert_eq!(joined.nodes(), whole.nodes());
		prop_assert_eq!(joined.edge(), whole.edge());
		if leaves > 0 {
			// The way to the last leaf is known without any leaf.
			let mut none = Counted { computed: 0 };
			let path = joined.path(leaves - 1, &mut none).unwrap();
			prop_assert_eq!(none.computed, 0);
			prop_assert_eq!(path.root::<Native>(hash(leaves - 1)), Some(whole.root()));
		}
		let (nodes, edge) = (joined.nodes().to_vec(), joined.edge().to_vec());
		let again = Skeleton::<Native>::from_parts(joined.shape(), nodes.clone(), edge.clone());
		prop_assert_eq!(again.unwrap().root(), whole.root());
		for level in 0..edge.len() {
			for place in 0..edge[level].len() {
				let mut edge = edge.clone();
				edge[level][place].0[7] ^= 1;
				let none = Skeleton::<Native>::from_parts(joined.shape(), nodes.clone(), edge);
				prop_assert!(none.is_none());
			}
		}
		let other = TreeShape::new(leaves + 1);
		let moved = Skeleton::<Native>::from_parts(other, nodes, edge);
		prop_assert!(moved.is_none_or(|moved| moved.root() != whole.root()));
	}
}

#[test]
fn a_segment_that_is_not_the_next_is_refused() {
	let mut builder = SkeletonBuilder::<Native>::new(TreeShape::new(40), 0);
	builder.push(hash(0));
	for wrong in [builder.segment(0), builder.segment(2), Segment::new(1, 9)] {
		let error = builder.append(wrong).unwrap_err();
		assert_eq!(error.expected, (1, 2), "{error}");
	}
	assert_eq!(builder.leaves(), 1);
}
