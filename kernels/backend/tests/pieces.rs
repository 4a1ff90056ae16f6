//! Pieces of weights, from sources that read them and from those that read whole tensors.

#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

use assay_kernels_backend::{MemoryWeights, Piece, WeightError, WeightSource};
use assay_programs::TensorId;

const TENSOR: TensorId = TensorId(3);
const SIZE: usize = 7;

/// A source that knows nothing of pieces.
struct Whole(MemoryWeights);

impl WeightSource for Whole {
	fn read(&self, tensor: TensorId, copy: u16, out: &mut [u8]) -> Result<(), WeightError> {
		self.0.read(tensor, copy, out)
	}
}

fn with_sources(check: impl Fn(&dyn WeightSource, &[u8])) {
	let bytes: Vec<u8> = (10..).take(SIZE).collect();
	let mut memory = MemoryWeights::default();
	memory.insert(TENSOR, 1, bytes.clone());
	check(&memory, &bytes);
	check(&Whole(memory), &bytes);
}

#[test]
fn every_piece_is_that_of_the_whole() {
	with_sources(|source, bytes| {
		for start in 0..SIZE {
			for end in start..=SIZE {
				let mut out = vec![0; end - start];
				let piece = Piece { start: start as u64, of: SIZE as u64 };
				source.read_piece(TENSOR, 1, piece, &mut out).unwrap();
				assert_eq!(out, bytes[start..end]);
			}
		}
	});
}

#[test]
fn pieces_of_something_else_are_refused() {
	with_sources(|source, _| {
		let of = SIZE as u64;
		for (start, of) in [(0, of + 1), (1, of - 1), (of - 1, of), (of + 1, of), (u64::MAX, of)] {
			let error = source.read_piece(TENSOR, 1, Piece { start, of }, &mut [0; 2]).unwrap_err();
			assert!(matches!(error, WeightError::Size { .. }), "{start} of {of}: {error}");
		}
		let error = source.read_piece(TENSOR, 0, Piece { start: 0, of }, &mut [0; 2]).unwrap_err();
		assert!(matches!(error, WeightError::Missing { copy: 0, .. }), "{error}");
	});
}
