//! How fast the memory of this machine is read: what bounds decoding, which reads every weight once
//! for a token.

use std::{hint::black_box, thread, time::Instant};

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::child::Job;

/// Elements of what is read, together 1 GiB: more than any cache holds, about what a token of the
/// decoder reads.
const ELEMENTS: usize = 1 << 27;
/// How often it is read; the fastest counts.
const PASSES: usize = 5;

/// Reading a gibibyte with all threads.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct BandwidthJob {
	/// Threads.
	pub(crate) threads: u16,
}

impl Job for BandwidthJob {
	const NAME: &'static str = "bandwidth";
	/// Bytes per second.
	type Outcome = f64;

	fn measure(self) -> Result<f64> {
		let memory: Vec<u64> = (0..).take(ELEMENTS).collect();
		let share = ELEMENTS.div_ceil(usize::from(self.threads.max(1)));
		let mut fastest = f64::INFINITY;
		for _ in 0..PASSES {
			let begin = Instant::now();
			thread::scope(|scope| {
				for part in memory.chunks(share) {
					scope.spawn(|| black_box(sum(black_box(part))));
				}
			});
			fastest = fastest.min(begin.elapsed().as_secs_f64());
		}
		Ok(size_of_val(memory.as_slice()) as f64 / fastest)
	}
}

/// Reads everything, eight cache lines side by side, which the optimiser turns into vectors.
fn sum(words: &[u64]) -> u64 {
	const WIDTH: usize = 64;
	let mut sums = [0_u64; WIDTH];
	for line in words.chunks_exact(WIDTH) {
		for (sum, word) in sums.iter_mut().zip(line) {
			*sum = sum.wrapping_add(*word);
		}
	}
	sums.iter().fold(0, |all, sum| all.wrapping_add(*sum))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn every_word_of_whole_lines_is_read() {
		let words: Vec<u64> = (0..128).collect();
		assert_eq!(sum(&words), 127 * 64);
		assert_eq!(sum(&words[1..65]), 64 * 65 / 2);
	}
}
