//! What is registered of a model.
//!
//! The chain checks what it can: the program, the floor of the bond, the link. Names, figures and
//! hashes of files are claims, and are shown as such.

use alloc::{string::String, vec::Vec};

use assay_primitives::{Hash, Hasher, WeightsRoot};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::{traits::ConstU32, BoundedVec};

use crate::{Balance, ModelId};

/// Most bytes of a program.
pub const MAX_PROGRAM_BYTES: u32 = 64 * 1024;

/// Most figures of a claim of quality.
pub const MAX_FIGURES: u32 = 16;

const _: () = assert!(MAX_PROGRAM_BYTES as usize == assay_programs::program::MAX_BYTES);

/// First bytes of what is hashed, so that no hash of one meaning is one of another.
const FILES: &[u8] = b"assay/files/1";

/// The SCALE encoding of a [`Program`](assay_programs::Program).
pub type ProgramBytes = BoundedVec<u8, ConstU32<MAX_PROGRAM_BYTES>>;

/// A line of printable ASCII, of at most `N` bytes.
pub type Text<const N: u32> = BoundedVec<u8, ConstU32<N>>;

/// What is registered of a model. Its hash is the model's id, so that nothing of it can change. It
/// does not name who registers it: whoever copies a manifest registers the same model.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Manifest {
	/// The program, as bytes.
	pub program: ProgramBytes,
	/// Root of the tree over the weights.
	pub weights_root: WeightsRoot,
	/// Hash of the tokenizer's file.
	pub tokenizer_hash: Hash,
	/// What was imported, as claimed.
	pub source: Source,
	/// How near the model is to its source, as claimed.
	pub quality: Option<Quality>,
	/// Least bond of its providers, in the native token.
	pub min_bond: Balance,
	/// The model that this one is a new version of.
	pub previous: Option<ModelId>,
}

/// What was imported, as claimed.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Source {
	/// Name of the folder or repository.
	pub name: Text<128>,
	/// Revision of the repository.
	pub revision: Option<Text<64>>,
	/// Hash over the files, by [`files_hash`].
	pub files: Hash,
}

/// How near a model is to its source, as claimed.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Quality {
	/// Hash of the text that both read.
	pub text: Hash,
	/// What was measured.
	pub figures: BoundedVec<Figure, ConstU32<MAX_FIGURES>>,
}

/// One figure, as claimed.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Figure {
	/// Its name in the model directory's manifest, such as `perplexity_ratio`.
	pub name: Text<32>,
	/// Its value, in millionths.
	pub millionths: i64,
}

/// A file of the source.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct SourceFile {
	/// Relative to the source's folder.
	pub path: String,
	/// Size.
	pub bytes: u64,
	/// Hash of the content.
	pub hash: Hash,
}

impl Manifest {
	/// The model's id.
	pub fn id<H: Hasher>(&self) -> ModelId {
		ModelId(H::hash(&self.encode()))
	}

	/// Whether every text is [printable](is_printable) and not empty.
	pub fn is_printable(&self) -> bool {
		let figures = self.quality.iter().flat_map(|quality| &quality.figures);
		let names = figures.map(|figure| figure.name.as_slice());
		let revision = self.source.revision.iter().map(|revision| revision.as_slice());
		core::iter::once(self.source.name.as_slice()).chain(revision).chain(names).all(is_printable)
	}
}

/// Whether a text consists of one or more visible characters of ASCII and spaces. Others can make
/// one name look like another's.
pub fn is_printable(text: &[u8]) -> bool {
	!text.is_empty() && text.iter().all(|byte| (b' '..=b'~').contains(byte))
}

/// The hash over a source's files, in the order of their paths.
pub fn files_hash<H: Hasher>(mut files: Vec<SourceFile>) -> Hash {
	files.sort_by(|one, other| one.path.cmp(&other.path));
	H::hash_parts(&[FILES, &files.encode()])
}

#[cfg(all(test, feature = "std"))]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
	use super::*;
	use alloc::{string::ToString, vec};
	use assay_primitives::Native;

	fn manifest() -> Manifest {
		let text = |text: &str| text.as_bytes().to_vec();
		Manifest {
			program: ProgramBytes::default(),
			weights_root: WeightsRoot::default(),
			tokenizer_hash: Hash::default(),
			source: Source {
				name: text("org/name").try_into().unwrap(),
				revision: Some(text("main").try_into().unwrap()),
				files: Hash::default(),
			},
			quality: Some(Quality {
				text: Hash::default(),
				figures: vec![Figure {
					name: text("perplexity_ratio").try_into().unwrap(),
					millionths: 1_004_000,
				}]
				.try_into()
				.unwrap(),
			}),
			min_bond: 0,
			previous: None,
		}
	}

	#[test]
	fn the_id_should_be_the_hash_of_the_encoding_and_change_with_every_field() {
		let one = manifest();
		assert_eq!(one.id::<Native>(), ModelId(Native::hash(&one.encode())));
		let changes: [fn(&mut Manifest); 7] = [
			|m| m.program = vec![0].try_into().unwrap(),
			|m| m.weights_root.0 .0[0] = 1,
			|m| m.tokenizer_hash.0[0] = 1,
			|m| m.source.files.0[0] = 1,
			|m| m.quality = None,
			|m| m.min_bond = 1,
			|m| m.previous = Some(ModelId::default()),
		];
		for change in changes {
			let mut other = manifest();
			change(&mut other);
			assert_ne!(one.id::<Native>(), other.id::<Native>());
		}
	}

	#[test]
	fn only_visible_ascii_should_be_printable() {
		assert!(manifest().is_printable());
		for text in ["a", "Qwen/Qwen3-0.6B", "a b~"] {
			assert!(is_printable(text.as_bytes()), "{text}");
		}
		for text in ["", "a\n", "\u{7f}", "naïve", "a\u{202e}b"] {
			assert!(!is_printable(text.as_bytes()), "{text:?}");
		}
		let changes: [fn(&mut Manifest); 3] = [
			|m| m.source.name = Text::default(),
			|m| m.source.revision = Some(Text::default()),
			|m| m.quality.as_mut().unwrap().figures[0].name = vec![0].try_into().unwrap(),
		];
		for change in changes {
			let mut other = manifest();
			change(&mut other);
			assert!(!other.is_printable());
		}
	}

	#[test]
	fn the_hash_over_files_should_not_depend_on_their_order() {
		let file = |path: &str, bytes| SourceFile {
			path: path.to_string(),
			bytes,
			hash: Native::hash(path.as_bytes()),
		};
		let (a, b) = (file("a", 1), file("b", 2));
		let hash = files_hash::<Native>(vec![a.clone(), b.clone()]);
		assert_eq!(hash, files_hash::<Native>(vec![b.clone(), a.clone()]));
		assert_ne!(hash, files_hash::<Native>(vec![a, file("b", 3)]));
		assert_ne!(hash, files_hash::<Native>(vec![b]));
	}
}
