//! Model programs: a model is a short list of operations over a table of weight tensors.
//!
//! A [`Program`] is data. The chain stores and [validates](Program::validate) it once, providers
//! execute it, and a dispute ends at one tile of one of its operations. All three read it through this
//! crate, so that there is one answer to every question about a program:
//!
//! | question | owner |
//! | --- | --- |
//! | what can be said | [`program`], [`op`], [`operands`], [`tensor`], [`constant`] |
//! | which value an operand is, of what type, and who wrote it | [`dataflow`], [`value`] |
//! | how many rows a value has for given lengths | [`shape`] |
//! | what an operation computes, stage by stage, and where it lies in a trace | [`stage`] |
//! | how many elements tiles have | [`grid`] |
//! | which rows a leaf of the weights' tree holds | [`weight_tree`] |
//! | what one tile of a stage reads at worst | [`bound`] |
//! | what a run costs | [`cost`] |
//! | which programs are admitted, and why another is not | [`validate`], [`limits`], [`fault`] |
//!
//! `kernels/SPEC.md`, sections 16, 19, 20 and 23, says the same in words.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod bound;
pub mod constant;
pub mod cost;
pub mod dataflow;
pub mod fault;
pub mod grid;
pub mod limits;
pub mod op;
pub mod operands;
pub mod program;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
pub mod shape;
pub mod stage;
pub mod tensor;
pub mod validate;
pub mod value;
pub mod weight_tree;

#[cfg(test)]
mod tests;

pub use constant::Constant;
pub use dataflow::Typed;
pub use fault::{Fault, Place, Reason};
pub use op::Op;
pub use program::{Block, Kind, Program};
pub use shape::Shape;
pub use tensor::{Element, Tensor, TensorId};
pub use value::Value;
pub use weight_tree::WeightLeaf;
