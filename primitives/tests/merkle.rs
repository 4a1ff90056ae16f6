//! Roots and paths: golden values, the definition written out, and properties.
#![cfg(feature = "std")]

use assay_primitives::{
	merkle::{leaf, Builder, Path, Tree, ARITY},
	tokens::{leaf_bytes, TOKENS_PER_LEAF},
	Hash, Hasher, Native, TokenRoot,
};
use proptest::prelude::*;

/// The definition, word by word.
fn root_by_definition(leaves: &[Vec<u8>]) -> Hash {
	let prefixed = |prefix: u8, bytes: &[u8]| Native::hash(&[&[prefix], bytes].concat());
	let mut level: Vec<Hash> = leaves.iter().map(|bytes| prefixed(0, bytes)).collect();
	while level.len() > 1 {
		let node = |children: &[Hash]| {
			prefixed(1, &children.iter().flat_map(|hash| hash.0).collect::<Vec<_>>())
		};
		level = level.chunks(16).map(node).collect();
	}
	let top = level.first().copied().unwrap_or_default();
	prefixed(2, &[&(leaves.len() as u64).to_le_bytes()[..], &top.0].concat())
}

fn leaves(count: usize) -> Vec<Vec<u8>> {
	(0..count).map(|index| index.to_le_bytes()[..index % 9].to_vec()).collect()
}

fn stream(leaves: &[Vec<u8>]) -> Hash {
	let mut builder = Builder::<Native>::default();
	leaves.iter().for_each(|bytes| builder.push(bytes));
	builder.finish()
}

fn tree(leaves: &[Vec<u8>]) -> Tree<Native> {
	Tree::new(leaves.iter().map(|bytes| leaf::<Native>(bytes)).collect())
}

#[test]
fn stream_and_tree_follow_the_definition_around_every_change_of_form() {
	for count in (0..=40).chain([255, 256, 257, 271, 272, 273, 4095, 4096, 4097]) {
		let leaves = leaves(count);
		let expected = root_by_definition(&leaves);
		assert_eq!(stream(&leaves), expected, "{count}");
		assert_eq!(tree(&leaves).root(), expected, "{count}");
	}
}

#[test]
fn every_leaf_has_a_path() {
	for count in [1, 2, 15, 16, 17, 33, 256, 257, 300] {
		let leaves = leaves(count);
		let tree = tree(&leaves);
		for (index, bytes) in leaves.iter().enumerate() {
			let path = tree.path(index as u64).unwrap();
			assert!(path.verify::<Native>(bytes, &tree.root()), "{index} of {count}");
		}
		assert_eq!(tree.path(count as u64), None);
	}
	assert_eq!(tree(&[]).path(0), None);
}

#[test]
fn leaves_nodes_and_roots_are_told_apart() {
	// The bytes that are hashed for a node, given as a leaf, do not give the node.
	let two = leaves(2);
	let node: Vec<u8> = two.iter().flat_map(|bytes| leaf::<Native>(bytes).0).collect();
	assert_ne!(stream(&[node]), stream(&two));
	assert_ne!(stream(&[]), stream(&[Vec::new()]));
}

proptest! {
	#[test]
	fn any_change_breaks_a_path(
		count in 1_usize..600,
		at in any::<proptest::sample::Index>(),
		byte in any::<proptest::sample::Index>(),
		flip in 1_u8..=255,
		shift in 1_u64..600,
	) {
		let leaves = leaves(count);
		let tree = tree(&leaves);
		let root = tree.root();
		let index = at.index(count);
		let bytes = &leaves[index];
		let path = tree.path(index as u64).unwrap();
		prop_assert!(path.verify::<Native>(bytes, &root));

		let mut longer = bytes.clone();
		longer.push(flip);
		prop_assert!(!path.verify::<Native>(&longer, &root));

		let mut wrong_root = root;
		wrong_root.0[byte.index(32)] ^= flip;
		prop_assert!(!path.verify::<Native>(bytes, &wrong_root));

		for changed in [
			Path { leaves: path.leaves + shift, ..path.clone() },
			Path { leaves: path.leaves.saturating_sub(shift), ..path.clone() },
			Path { leaves: u64::MAX, ..path.clone() },
			Path { index: (path.index + shift) % (path.leaves + shift), ..path.clone() },
			Path { siblings: [&path.siblings[..], &[Hash::default()]].concat(), ..path.clone() },
		] {
			let same = changed.index == path.index && changed.leaves == path.leaves
				&& changed.siblings == path.siblings;
			// Leaves of equal bytes are told apart by their siblings or by their index alone.
			prop_assert!(same || !changed.verify::<Native>(bytes, &root), "{changed:?}");
		}
		if !path.siblings.is_empty() {
			let place = byte.index(path.siblings.len());
			let mut changed = path.clone();
			changed.siblings[place].0[at.index(32)] ^= flip;
			prop_assert!(!changed.verify::<Native>(bytes, &root));
			changed = path;
			changed.siblings.remove(place);
			prop_assert!(!changed.verify::<Native>(bytes, &root));
		}
	}

	#[test]
	fn verification_is_total(
		index in any::<u64>(),
		leaves in any::<u64>(),
		siblings in 0_usize..300,
		bytes in proptest::collection::vec(any::<u8>(), 0..9),
	) {
		let path = Path { index, leaves, siblings: vec![Hash([7; 32]); siblings] };
		prop_assert!(!path.verify::<Native>(&bytes, &Hash::default()));
	}
}

#[test]
fn token_roots_cut_leaves_of_1024_tokens() {
	let tokens: Vec<u32> = (0..2500).collect();
	let leaves: Vec<_> = tokens.chunks(TOKENS_PER_LEAF).map(leaf_bytes).collect();
	assert_eq!(leaves.iter().map(Vec::len).collect::<Vec<_>>(), [4096, 4096, 1808]);
	assert_eq!(TokenRoot::of::<Native>(&tokens).0, root_by_definition(&leaves));
	assert_eq!(TokenRoot::of::<Native>(&[]).0, root_by_definition(&[]));
}

/// Values made with Python's `hashlib.blake2b(digest_size=32)` from the definition.
#[test]
fn golden_roots() {
	assert_eq!(ARITY, 16);
	for (count, expected) in GOLDEN {
		assert_eq!(stream(&leaves(count)).to_string(), expected, "{count}");
	}
	let tokens: Vec<u32> = (0..2500).map(|index| index * index).collect();
	assert_eq!(TokenRoot::of::<Native>(&tokens).to_string(), GOLDEN_TOKENS);
}

const GOLDEN: [(usize, &str); 5] = [
	(0, "0x43eef4c3b1d1ab172d0e67b4343716cd593b650761af8abd368840bce94828dc"),
	(1, "0xfe663f1795341861876a31c0c0aa80868b5d61b1b8b51444e6be1d3953999464"),
	(16, "0x1dbea0e2418cdef72420eeef4f6e12d3e9ad06aec543ab6b2f2b8598a84bc55f"),
	(17, "0x07638a5055e7d86e45af0204799950ee7738b542068e20a4543d8e0018e0be8f"),
	(300, "0x1394a2a38bde9d24b2fef906439ca99a455d1cbda3a5a033e43b4179edcbbfdb"),
];
const GOLDEN_TOKENS: &str = "0x5dd3fdd4a118c8f90b2d01a0c6aa07daa603b4a31228b010de5178379ac638aa";
