//! Prints how large traces are and what a dispute about them takes, for models of four sizes. The page
//! `docs/disputes-table.md` is what it prints.

use assay_programs::{
	op::{Codes, Digits},
	samples::{Decoder, Encoder},
	Program,
};
use assay_prover::TraceSize;

/// A model by its dimensions, with the runs that are told of.
pub(crate) struct Shape {
	/// What it is called.
	pub(crate) name: &'static str,
	/// Its program.
	pub(crate) program: Program,
	/// Input and output tokens of each run.
	pub(crate) runs: Vec<(u32, u32)>,
}

/// The models, from the smallest.
pub(crate) fn shapes() -> Vec<Shape> {
	let adder = Decoder {
		vocabulary: 16,
		hidden: 128,
		heads: 4,
		key_heads: 2,
		head_dim: 32,
		inner: 256,
		layers: 3,
		max_positions: 32,
		codes: Codes::Two,
		weights: Digits::Two,
		..Decoder::default()
	};
	let minilm = Encoder {
		vocabulary: 30_522,
		hidden: 384,
		heads: 12,
		inner: 1536,
		layers: 6,
		max_positions: 512,
		codes: Codes::Two,
		weights: Digits::Two,
		..Encoder::default()
	};
	let billion = Decoder {
		vocabulary: 32_000,
		hidden: 2048,
		heads: 32,
		key_heads: 4,
		head_dim: 64,
		inner: 5632,
		layers: 22,
		max_positions: 2048,
		codes: Codes::Two,
		..Decoder::default()
	};
	let eight_billion = Decoder {
		vocabulary: 128_256,
		hidden: 4096,
		heads: 32,
		key_heads: 8,
		head_dim: 128,
		inner: 14_336,
		layers: 32,
		max_positions: 8192,
		codes: Codes::Two,
		..Decoder::default()
	};
	vec![
		Shape { name: "tiny (adder)", program: adder.program(), runs: vec![(8, 4), (20, 12)] },
		Shape { name: "MiniLM", program: minilm.program(), runs: vec![(32, 0), (512, 0)] },
		Shape { name: "1.1B", program: billion.program(), runs: vec![(1793, 256), (1, 2048)] },
		Shape { name: "8B", program: eight_billion.program(), runs: vec![(1793, 256), (1, 2048)] },
	]
}

/// The page.
///
/// # Panics
/// If a program is not admitted or has no such run, which no shape above lets happen.
pub(crate) fn page() -> String {
	let mut page = String::from(
		"# How large a dispute is\n\n\
		 Printed by `cargo run -p assay-prover --example trace_sizes`, from shapes alone; a test compares it \
		 with this page.\n\n\
		 A move opens two levels of the tree. Revealed are at most 256 hashes a move. Witness, hashed \
		 leaves and work are those of the worst tile of the program at this length, with the longest \
		 paths; the referee admits 224 KiB, 4096 leaves and 1048576 units of work (`programs/src/limits.rs`).\n\n\
		 | model | input + output | positions | leaves | trace bytes | levels | moves a side | \
		 revealed a side | witness bytes | hashed leaves | work |\n\
		 | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n",
	);
	for Shape { name, program, runs } in shapes() {
		let typed = program.admit().expect("an admitted program");
		for (inputs, outputs) in runs {
			let size = TraceSize::new(&typed, inputs, outputs).expect("a run of the program");
			page.push_str(&format!(
				"| {name} | {inputs} + {outputs} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
				size.positions,
				size.leaves,
				size.bytes,
				size.levels,
				size.moves,
				size.revealed,
				size.witness,
				size.hashed,
				size.work,
			));
		}
	}
	page
}

fn main() {
	print!("{}", page());
}
