//! candle, as its own examples use it: quantised Llama from a GGUF file, and BERT in f32.

use std::{
	fs::{self, File},
	path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use candle_core::{quantized::gguf_file, DType, Device, Tensor, D};
use candle_nn::VarBuilder;
use candle_transformers::models::{
	bert::{BertModel, Config},
	quantized_llama::ModelWeights,
};
use serde::{Deserialize, Serialize};

use super::{encoder_run, timed, DecoderRun, EncoderRun, GENERATED, PROMPT};
use crate::{child::Job, memory, shape::tokens};

/// Reading a prompt, and generating from an empty context.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DecoderJob {
	/// The GGUF file.
	pub(crate) model: PathBuf,
}

impl Job for DecoderJob {
	const NAME: &'static str = "candle-decoder";
	type Outcome = DecoderRun;

	fn measure(self) -> Result<DecoderRun> {
		let mut decoder = Decoder::load(&self.model)?;
		let prompt = tokens(PROMPT.into());
		// Position 0 makes it forget what was before.
		decoder.step(&prompt, 0)?;
		let (_, prefill_seconds) = timed(|| decoder.step(&prompt, 0))?;
		decoder.step(&prompt[..1], 0)?;
		let (_, decode_seconds) = timed(|| {
			(0..GENERATED).try_fold(prompt[0], |token, position| decoder.step(&[token], position))
		})?;
		Ok(DecoderRun {
			prefill_seconds,
			decode_seconds,
			peak_bytes: memory::peak_of_this_process(),
		})
	}
}

struct Decoder {
	model: ModelWeights,
}

impl Decoder {
	fn load(path: &Path) -> Result<Self> {
		let load = || -> Result<Self> {
			let mut file = File::open(path)?;
			let content = gguf_file::Content::read(&mut file)?;
			Ok(Self { model: ModelWeights::from_gguf(content, &mut file, &Device::Cpu)? })
		};
		load().with_context(|| format!("loading {}", path.display()))
	}

	/// The likeliest token after these, of which the first has this position.
	fn step(&mut self, tokens: &[u32], position: u16) -> Result<u32> {
		let tokens = Tensor::new(tokens, &Device::Cpu)?.unsqueeze(0)?;
		let logits = self.model.forward(&tokens, position.into())?;
		Ok(logits.squeeze(0)?.argmax(D::Minus1)?.to_scalar()?)
	}
}

/// Embedding texts.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EncoderJob {
	/// The Hugging Face folder.
	pub(crate) source: PathBuf,
	/// The tokens of each text.
	pub(crate) texts: Vec<Vec<u32>>,
}

impl Job for EncoderJob {
	const NAME: &'static str = "candle-encoder";
	type Outcome = EncoderRun;

	fn measure(self) -> Result<EncoderRun> {
		let encoder = Encoder::load(&self.source)?;
		encoder_run(&self.texts, |texts| encoder.embed(texts))
	}
}

struct Encoder {
	model: BertModel,
	padding: u32,
}

impl Encoder {
	fn load(folder: &Path) -> Result<Self> {
		let load = || -> Result<Self> {
			let config: Config = serde_json::from_slice(&fs::read(folder.join("config.json"))?)?;
			let tensors =
				candle_core::safetensors::load(folder.join("model.safetensors"), &Device::Cpu)?;
			let weights = VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu);
			let padding = u32::try_from(config.pad_token_id)?;
			Ok(Self { model: BertModel::load(weights, &config)?, padding })
		};
		load().with_context(|| format!("loading {}", folder.display()))
	}

	/// The normalised means of the texts' rows.
	fn embed(&self, texts: &[&[u32]]) -> Result<Vec<Vec<f32>>> {
		let longest = texts.iter().map(|text| text.len()).max().unwrap_or(0);
		let padded = |text: &[u32]| -> Vec<u32> {
			text.iter().copied().chain(std::iter::repeat(self.padding)).take(longest).collect()
		};
		let ids: Vec<Vec<u32>> = texts.iter().map(|text| padded(text)).collect();
		let ids = Tensor::new(ids, &Device::Cpu)?;
		let kinds = ids.zeros_like()?;
		let vectors = if texts.iter().all(|text| text.len() == longest) {
			self.model.forward(&ids, &kinds, None)?.mean(1)?
		} else {
			let mask: Vec<Vec<f32>> = texts
				.iter()
				.map(|text| (0..longest).map(|i| if i < text.len() { 1.0 } else { 0.0 }).collect())
				.collect();
			let mask = Tensor::new(mask, &Device::Cpu)?;
			let rows = self.model.forward(&ids, &kinds, Some(&mask))?;
			let mask = mask.unsqueeze(2)?;
			rows.broadcast_mul(&mask)?.sum(1)?.broadcast_div(&mask.sum(1)?)?
		};
		let lengths = vectors.sqr()?.sum_keepdim(1)?.sqrt()?;
		Ok(vectors.broadcast_div(&lengths)?.to_vec2()?)
	}
}
