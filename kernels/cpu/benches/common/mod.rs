//! What the benches share: threads, operands and weights.

#![allow(dead_code, reason = "each bench uses a part")]

use assay_kernels_backend::{WeightError, WeightSource};
use assay_kernels_cpu::linear::Linear;
use assay_kernels_exact::linear::Weights;
use assay_programs::{Element, Program, TensorId};
use rayon::{ThreadPool, ThreadPoolBuilder};

pub(crate) fn pool(threads: usize) -> ThreadPool {
	ThreadPoolBuilder::new().num_threads(threads).build().expect("threads")
}

/// Numbers that look random, in -1.0..1.0.
pub(crate) fn values(count: usize, seed: u32) -> Vec<f32> {
	let word = |i: usize| (i as u32 ^ seed).wrapping_mul(2_654_435_769);
	(0..count).map(|i| (word(i) >> 15) as f32 / 65_536.0 - 1.0).collect()
}

/// A layer of one-digit weights that look random.
pub(crate) fn weights(inputs: usize, outputs: usize, seed: u32) -> Linear {
	let codes: Vec<i8> = values(inputs * outputs, seed).iter().map(|x| (x * 127.0) as i8).collect();
	let scales = vec![0.001; outputs];
	let weights = Weights { codes: &codes, scales: &scales, groups: None, bias: None };
	Linear::pack(inputs, &weights).expect("shape")
}

/// Tokens of a program.
pub(crate) fn tokens(program: &Program, count: usize) -> Vec<u32> {
	(0..program.vocabulary).cycle().step_by(37).take(count).collect()
}

/// Weights of a program that look random. They are made when they are read, so that only the packed
/// ones are in memory.
pub(crate) struct Noise<'p>(pub(crate) &'p Program);

impl WeightSource for Noise<'_> {
	fn read(&self, tensor: TensorId, copy: u16, out: &mut [u8]) -> Result<(), WeightError> {
		let seed = u32::from(tensor.0) << 8 | u32::from(copy);
		let word = |i: u32| (i ^ seed).wrapping_mul(2_654_435_769);
		if self.0.tensors[usize::from(tensor.0)].element == Element::F32 {
			for (i, element) in (0..).zip(out.chunks_exact_mut(4)) {
				let scale = 0.001 + f32::from((word(i) >> 16) as u16) / 65_536_000.0;
				element.copy_from_slice(&scale.to_le_bytes());
			}
		} else {
			for (i, byte) in (0..).zip(out) {
				*byte = (word(i) >> 24) as u8;
			}
		}
		Ok(())
	}
}
