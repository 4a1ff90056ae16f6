//! The engines: what each does with the same work, and how long it takes.

pub(crate) mod assay;
pub(crate) mod candle;
pub(crate) mod llama_cpp;

use std::time::Instant;

use anyhow::Result;
use serde::{Deserialize, Serialize};

/// Tokens of the prompt whose reading is measured.
pub(crate) const PROMPT: u16 = 512;
/// Tokens that are generated, from an empty context.
pub(crate) const GENERATED: u16 = 128;
/// Texts that an encoder is given at a time, besides one by one.
pub(crate) const BATCH: usize = 32;

/// What a decoder took.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DecoderRun {
	/// Reading [`PROMPT`] tokens, in seconds.
	pub(crate) prefill_seconds: f64,
	/// Generating [`GENERATED`] tokens, in seconds.
	pub(crate) decode_seconds: f64,
	/// Most memory in use by the process, in bytes, where the system tells.
	pub(crate) peak_bytes: Option<u64>,
}

/// What an encoder took for all texts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct EncoderRun {
	/// Text by text, in seconds.
	pub(crate) single_seconds: f64,
	/// [`BATCH`] texts of about the same length at a time, in seconds.
	pub(crate) batch_seconds: f64,
	/// The embeddings that came out of batches, in the order of the texts.
	pub(crate) vectors: Vec<Vec<f32>>,
}

/// What re-checking an answer took.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RecheckRun {
	/// Generating the answer after the prompt, in seconds.
	pub(crate) generate_seconds: f64,
	/// One pass over prompt and answer, in seconds.
	pub(crate) recheck_seconds: f64,
	/// The tokens that were generated.
	pub(crate) generated: Vec<u32>,
	/// The tokens that the pass chose in the same places.
	pub(crate) rechecked: Vec<u32>,
}

/// The result of some work, and the seconds that it took.
fn timed<R>(work: impl FnOnce() -> Result<R>) -> Result<(R, f64)> {
	let begin = Instant::now();
	let result = work()?;
	Ok((result, begin.elapsed().as_secs_f64()))
}

/// Measures an encoder, given what embeds some texts: all of them one by one, and in batches of texts
/// of about the same length. Each way is gone once before it counts.
fn encoder_run(
	texts: &[Vec<u32>],
	mut embed: impl FnMut(&[&[u32]]) -> Result<Vec<Vec<f32>>>,
) -> Result<EncoderRun> {
	let mut single = || texts.iter().try_for_each(|text| embed(&[text.as_slice()]).map(drop));
	single()?;
	let ((), single_seconds) = timed(single)?;

	let mut order: Vec<usize> = (0..texts.len()).collect();
	order.sort_by_key(|&index| texts[index].len());
	let mut batches = || {
		let mut vectors = Vec::with_capacity(texts.len());
		for batch in order.chunks(BATCH) {
			let batch: Vec<&[u32]> = batch.iter().map(|&index| texts[index].as_slice()).collect();
			vectors.extend(embed(&batch)?);
		}
		Ok(vectors)
	};
	batches()?;
	let (sorted, batch_seconds) = timed(batches)?;
	let mut placed: Vec<(usize, Vec<f32>)> = order.iter().copied().zip(sorted).collect();
	placed.sort_by_key(|(index, _)| *index);
	let vectors = placed.into_iter().map(|(_, vector)| vector).collect();
	Ok(EncoderRun { single_seconds, batch_seconds, vectors })
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn embeddings_come_back_in_the_order_of_the_texts() {
		let text = |i: u8| vec![u32::from(i); 70 - usize::from(i)];
		let texts: Vec<Vec<u32>> = (0..70).map(text).collect();
		let mut sizes = Vec::new();
		let run = encoder_run(&texts, |batch| {
			sizes.push(batch.len());
			Ok(batch.iter().map(|text| vec![f32::from(u8::try_from(text[0]).unwrap())]).collect())
		});
		let vectors = run.expect("nothing fails").vectors;
		assert_eq!(vectors, (0..70_u8).map(|i| vec![f32::from(i)]).collect::<Vec<_>>());
		assert_eq!(sizes[..140], [1; 140]);
		assert_eq!(sizes[140..], [32, 32, 6, 32, 32, 6]);
	}
}
