//! What the benches share: threads and operands.

use assay_kernels_cpu::linear::Linear;
use assay_kernels_exact::linear::Weights;
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
