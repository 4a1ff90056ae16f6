//! Manifests for tests and benchmarks.

use alloc::vec;

use assay_market::manifest::{Figure, Manifest, ProgramBytes, Quality, Source};
use assay_primitives::{Hash, WeightsRoot};
use assay_programs::{
	op::{Op, Register},
	samples::Decoder,
	Block, Program,
};

/// Bytes of a block of one quantisation with a norm: three stages in few bytes, so that no other
/// operation takes much longer to check and to price for its size.
const BLOCK_BYTES: usize = 16;

/// A register that nothing reads.
const UNREAD: Register = 9;

/// A manifest of a program, with claims of every kind.
pub(crate) fn manifest(program: &Program) -> Manifest {
	let name = |text: &str| text.as_bytes().to_vec();
	Manifest {
		program: ProgramBytes::try_from(program.to_bytes()).expect("a program that fits"),
		weights_root: WeightsRoot::default(),
		tokenizer_hash: Hash([1; 32]),
		source: Source {
			name: name("org/model").try_into().expect("a short name"),
			revision: Some(name("main").try_into().expect("a short revision")),
			files: Hash([2; 32]),
		},
		quality: Some(Quality {
			text: Hash([3; 32]),
			figures: vec![Figure {
				name: name("perplexity_ratio").try_into().expect("a short name"),
				millionths: 1_004_000,
			}]
			.try_into()
			.expect("one figure"),
		}),
		min_bond: 1_000,
		previous: None,
	}
}

/// A program that is admitted, of about so many bytes, but at least those of the sample. The blocks
/// beyond it quantise the stream, each anew.
pub(crate) fn long_program(bytes: u32) -> Program {
	let mut program = Decoder { layers: 1, ..Decoder::default() }.program();
	let bytes = usize::try_from(bytes).expect("usize has 32 bits or more");
	// The number of blocks takes a byte more than in the sample.
	let rest = bytes.saturating_sub(program.to_bytes().len() + 1);
	let first = program.blocks[1].ops.first().expect("a layer has operations");
	let ops = vec![Op { output: UNREAD, ..*first }];
	let blocks = vec![Block { repeat: 1, ops }; rest / BLOCK_BYTES];
	program.blocks.splice(2..2, blocks);
	program
}
