//! Small programs of both kinds for tests, with knobs for their dimensions.

mod decoder;
mod encoder;
mod table;

pub use decoder::Decoder;
pub use encoder::Encoder;
pub use table::TensorTable;

use crate::{
	op::{Op, OpKind, Register},
	program::Program,
};

/// A program of the Llama family with dimensions of a few dozen.
pub fn decoder() -> Program {
	Decoder::default().program()
}

/// A program of the BERT family with dimensions of a few dozen.
pub fn encoder() -> Program {
	Encoder::default().program()
}

const fn op(output: Register, kind: OpKind) -> Op {
	Op { output, kind }
}
