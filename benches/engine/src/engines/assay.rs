//! The exact engine on the backend `cpu`.

use std::path::PathBuf;

use anyhow::{bail, Context, Result};
use assay_kernels_backend::{
	Backend, Chunk, Continuation, Executor, Limits, Output, SequenceId, Wanted,
};
use assay_kernels_cpu::backend::Cpu;
use assay_kernels_exact::sampler::Sampling;
use assay_model::Model;
use serde::{Deserialize, Serialize};

use super::{encoder_run, timed, DecoderRun, EncoderRun, RecheckRun, GENERATED, PROMPT};
use crate::{
	child::Job,
	memory,
	recheck::ANSWER,
	shape::{tokens, Noise, Precision},
};

/// The likeliest token.
const GREEDY: Sampling =
	Sampling { temperature: 0.0, top_k: 0, top_p: 65_536, min_p: 0, seed: [0; 4] };

/// Reading a prompt, and generating from an empty context.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DecoderJob {
	/// Digits of the decoder.
	pub(crate) precision: Precision,
	/// Threads.
	pub(crate) threads: u16,
}

impl Job for DecoderJob {
	const NAME: &'static str = "assay-decoder";
	type Outcome = DecoderRun;

	fn measure(self) -> Result<DecoderRun> {
		let mut decoder = Decoder::load(self.precision, self.threads)?;
		let prompt = tokens(PROMPT.into());
		// Each kind of work is done once before it counts, as llama-bench does.
		decoder.choose_last(&prompt, 1)?;
		decoder.restart()?;
		let (_, prefill_seconds) = timed(|| decoder.choose_last(&prompt, 1))?;
		decoder.restart()?;
		decoder.generate(prompt[0], 1)?;
		decoder.restart()?;
		let (_, decode_seconds) = timed(|| decoder.generate(prompt[0], GENERATED))?;
		Ok(DecoderRun {
			prefill_seconds,
			decode_seconds,
			peak_bytes: memory::peak_of_this_process(),
		})
	}
}

/// Generating an answer, and choosing its tokens again in one pass.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RecheckJob {
	/// Digits of the decoder.
	pub(crate) precision: Precision,
	/// Threads.
	pub(crate) threads: u16,
}

impl Job for RecheckJob {
	const NAME: &'static str = "assay-recheck";
	type Outcome = RecheckRun;

	fn measure(self) -> Result<RecheckRun> {
		let mut decoder = Decoder::load(self.precision, self.threads)?;
		let mut positions = tokens(usize::from(ANSWER) * 2);
		decoder.choose_last(&positions, ANSWER)?;
		decoder.restart()?;

		positions.truncate(ANSWER.into());
		let Some((&last, before)) = positions.split_last() else { bail!("the prompt is empty") };
		decoder.append(before)?;
		let (generated, generate_seconds) = timed(|| decoder.generate(last, ANSWER))?;

		// The last token of the answer is chosen after the one before it.
		positions.extend(generated.iter().take(usize::from(ANSWER) - 1));
		decoder.restart()?;
		let (rechecked, recheck_seconds) = timed(|| decoder.choose_last(&positions, ANSWER))?;
		Ok(RecheckRun { generate_seconds, recheck_seconds, generated, rechecked })
	}
}

/// Embedding texts.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EncoderJob {
	/// The model directory.
	pub(crate) model: PathBuf,
	/// The tokens of each text.
	pub(crate) texts: Vec<Vec<u32>>,
	/// Threads.
	pub(crate) threads: u16,
}

impl Job for EncoderJob {
	const NAME: &'static str = "assay-encoder";
	type Outcome = EncoderRun;

	fn measure(self) -> Result<EncoderRun> {
		let model = Model::open(&self.model)?;
		let cpu = Cpu::with_threads(self.threads.into())?;
		let mut executor = cpu.load(&model.program, &model.weights, &Limits::NONE)?;
		encoder_run(&self.texts, |texts| Ok(executor.embed(texts)?))
	}
}

/// A loaded decoder with one sequence.
struct Decoder {
	executor: Box<dyn Executor>,
	sequence: SequenceId,
}

impl Decoder {
	fn load(precision: Precision, threads: u16) -> Result<Self> {
		let program = precision.program();
		let cpu = Cpu::with_threads(threads.into())?;
		let mut executor = cpu.load(&program, &Noise::new(&program), &Limits::NONE)?;
		let sequence = executor.open(program.max_positions)?;
		Ok(Self { executor, sequence })
	}

	/// Forgets all tokens.
	fn restart(&mut self) -> Result<()> {
		Ok(self.executor.truncate(self.sequence, 0)?)
	}

	/// Appends tokens.
	fn append(&mut self, tokens: &[u32]) -> Result<()> {
		let chunk = Chunk { sequence: self.sequence, tokens, wanted: Wanted::Nothing };
		self.executor.step(&[chunk])?;
		Ok(())
	}

	/// Appends tokens in one pass; the token that is chosen after each of the last `rows`.
	fn choose_last(&mut self, tokens: &[u32], rows: u16) -> Result<Vec<u32>> {
		let wanted = Wanted::Tokens { rows: rows.into(), sampling: &GREEDY };
		let chunk = Chunk { sequence: self.sequence, tokens, wanted };
		match self.executor.step(&[chunk])?.pop() {
			Some(Output::Tokens(tokens)) => Ok(tokens),
			other => bail!("asked for tokens, the executor gave {other:?}"),
		}
	}

	/// Chooses so many tokens one after the other, the first one after `token`.
	fn generate(&mut self, token: u32, tokens: u16) -> Result<Vec<u32>> {
		let (sequence, tokens) = (self.sequence, tokens.into());
		let continuation =
			Continuation { sequence, token, tokens, stop_ids: &[], sampling: &GREEDY };
		self.executor.decode(&[continuation])?.pop().context("the executor gave no tokens")
	}
}
