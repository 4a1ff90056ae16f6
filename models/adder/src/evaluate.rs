//! Measures a checkpoint with candle-transformers' Llama and the `tokenizers` library: code that
//! knows nothing of the training, and the float model that the rest of the project compares with.

use crate::{
	config::Config,
	data::{Problem, Problems},
	error::Error,
};
use candle_core::{safetensors, DType, Device, Tensor, D};
use candle_nn::VarBuilder;
use candle_transformers::models::llama::{self, LlamaConfig};
use std::{
	collections::{BTreeMap, HashMap},
	fmt,
	path::Path,
};
use tokenizers::Tokenizer;

/// Problems that are answered at a time.
const BATCH: usize = 500;

/// Wrong answers that a report shows.
const WRONG_SHOWN: usize = 10;

/// The most tokens that an answer may have: three digits and the end.
const LONGEST_ANSWER: usize = 4;

/// A checkpoint, ready to answer.
pub(crate) struct Reference {
	model: llama::Llama,
	config: llama::Config,
	end: u32,
	tokenizer: Tokenizer,
}

impl Reference {
	/// Loads a Hugging Face folder and computes in f32 from then on.
	pub(crate) fn load(folder: &Path) -> Result<Self, Error> {
		let path = folder.join("config.json");
		let text = std::fs::read(&path).map_err(Error::file(&path))?;
		let content = |error| Error::content(&path, error);
		let config: Config = serde_json::from_slice(&text).map_err(content)?;
		let llama: LlamaConfig = serde_json::from_slice(&text).map_err(content)?;
		let llama = llama.into_config(false);
		let tensors = load_tensors(&folder.join("model.safetensors"), &config)?;
		let weights = VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu);
		let path = folder.join("tokenizer.json");
		let text = std::fs::read(&path).map_err(Error::file(&path))?;
		Ok(Self {
			model: llama::Llama::load(weights, &llama)?,
			config: llama,
			end: config.eos_token_id,
			tokenizer: Tokenizer::from_bytes(text).map_err(|error| Error::content(&path, error))?,
		})
	}

	/// The most likely continuation of each prompt, token by token until the end. Where no end
	/// comes in time, the answer is `None`.
	pub(crate) fn answers(&self, prompts: &[String]) -> Result<Vec<Option<String>>, Error> {
		let mut by_length: BTreeMap<usize, Vec<(usize, Vec<u32>)>> = BTreeMap::new();
		for (index, prompt) in prompts.iter().enumerate() {
			let ids = self.tokenizer.encode(prompt.as_str(), true)?.get_ids().to_vec();
			by_length.entry(ids.len()).or_default().push((index, ids));
		}
		let mut answers = vec![None; prompts.len()];
		for batch in by_length.values().flat_map(|prompts| prompts.chunks(BATCH)) {
			let ids: Vec<&[u32]> = batch.iter().map(|(_, ids)| ids.as_slice()).collect();
			for ((index, _), continuation) in batch.iter().zip(self.continuations(&ids)?) {
				if let Some(length) = continuation.iter().position(|&id| id == self.end) {
					answers[*index] = Some(self.tokenizer.decode(&continuation[..length], true)?);
				}
			}
		}
		Ok(answers)
	}

	/// [`LONGEST_ANSWER`] tokens after each prompt; prompts are of one length. What follows the
	/// end means nothing.
	fn continuations(&self, prompts: &[&[u32]]) -> Result<Vec<Vec<u32>>, Error> {
		let mut cache = llama::Cache::new(true, DType::F32, &self.config, &Device::Cpu)?;
		let mut ids = Tensor::new(prompts.concat(), &Device::Cpu)?.reshape((prompts.len(), ()))?;
		let mut position = 0;
		let mut continuations = vec![Vec::new(); prompts.len()];
		for _ in 0..LONGEST_ANSWER {
			let logits = self.model.forward(&ids, position, &mut cache)?;
			position += ids.dim(1)?;
			ids = logits.argmax_keepdim(D::Minus1)?;
			for (continuation, id) in
				continuations.iter_mut().zip(ids.flatten_all()?.to_vec1::<u32>()?)
			{
				continuation.push(id);
			}
		}
		Ok(continuations)
	}
}

/// The tensors of a file, after a check that they are those of `config`: candle-transformers would
/// panic without.
fn load_tensors(path: &Path, config: &Config) -> Result<HashMap<String, Tensor>, Error> {
	let content = |reason: String| Error::content(path, reason);
	let bytes = std::fs::read(path).map_err(Error::file(path))?;
	let tensors = safetensors::load_buffer(&bytes, &Device::Cpu)
		.map_err(|error| content(error.to_string()))?;
	for (name, shape) in config.tensors() {
		let tensor = tensors.get(&name).ok_or_else(|| content(format!("no tensor {name}")))?;
		if tensor.dims() != shape {
			return Err(content(format!(
				"{name} has the shape {:?}, config.json asks for {shape:?}",
				tensor.dims()
			)));
		}
	}
	Ok(tensors)
}

/// How many of some problems were answered correctly, to the letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Score {
	pub(crate) correct: usize,
	pub(crate) of: usize,
	/// The problems with wrong answers, and those answers.
	pub(crate) wrong: Vec<(Problem, Option<String>)>,
}

impl Score {
	/// Counts the correct answers of `model` to `problems`.
	pub(crate) fn measure(model: &Reference, problems: &[Problem]) -> Result<Self, Error> {
		let prompts: Vec<String> = problems.iter().map(|problem| problem.prompt()).collect();
		let mut score = Self { of: problems.len(), ..Self::default() };
		for (problem, answer) in problems.iter().zip(model.answers(&prompts)?) {
			if answer.as_deref() == Some(problem.answer().as_str()) {
				score.correct += 1;
			} else {
				score.wrong.push((*problem, answer));
			}
		}
		Ok(score)
	}
}

impl fmt::Display for Score {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let percent = 100.0 * self.correct as f64 / self.of as f64;
		write!(f, "{} of {} ({percent:.2} %)", self.correct, self.of)
	}
}

/// The scores on both parts of the problems.
#[derive(Clone, Debug)]
pub(crate) struct Report {
	pub(crate) training: Score,
	pub(crate) held_out: Score,
}

impl Report {
	/// Asks the checkpoint in `folder` every problem.
	pub(crate) fn measure(folder: &Path) -> Result<Self, Error> {
		let model = Reference::load(folder)?;
		let Problems { training, held_out } = Problems::new();
		Ok(Self {
			training: Score::measure(&model, &training)?,
			held_out: Score::measure(&model, &held_out)?,
		})
	}

	/// The score on all problems.
	pub(crate) fn all(&self) -> Score {
		let Self { training, held_out } = self;
		Score {
			correct: training.correct + held_out.correct,
			of: training.of + held_out.of,
			wrong: [training.wrong.as_slice(), &held_out.wrong].concat(),
		}
	}
}

impl fmt::Display for Report {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		writeln!(f, "exact answers, all problems: {}", self.all())?;
		writeln!(f, "exact answers, training:     {}", self.training)?;
		write!(f, "exact answers, held out:     {}", self.held_out)?;
		for (problem, answer) in self.all().wrong.iter().take(WRONG_SHOWN) {
			let answer = answer.as_deref().unwrap_or("without an end");
			write!(f, "\n  wrong: {}{answer}", problem.prompt())?;
		}
		Ok(())
	}
}

#[cfg(test)]
impl Reference {
	/// The logits after the last of `ids`.
	pub(crate) fn logits(&self, ids: &[u32]) -> Result<Vec<f32>, Error> {
		let mut cache = llama::Cache::new(false, DType::F32, &self.config, &Device::Cpu)?;
		let ids = Tensor::new(ids, &Device::Cpu)?.unsqueeze(0)?;
		Ok(self.model.forward(&ids, 0, &mut cache)?.squeeze(0)?.to_vec1()?)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::export::descriptions;
	use std::path::PathBuf;

	fn checkpoint() -> PathBuf {
		Path::new(env!("CARGO_MANIFEST_DIR")).join("checkpoint")
	}

	fn read(name: &str) -> String {
		std::fs::read_to_string(checkpoint().join(name)).unwrap()
	}

	#[test]
	fn should_answer_a_handful_of_sums() {
		let model = Reference::load(&checkpoint()).unwrap();
		let prompts = ["37+48=", "0+0=", "7 + 5 =", "99+99=", "50+49="].map(str::to_owned);
		let answers = model.answers(&prompts).unwrap();
		assert_eq!(answers, ["85", "0", "12", "198", "99"].map(|answer| Some(answer.to_owned())));
	}

	#[test]
	fn should_be_as_good_as_the_model_card_and_the_log_say() {
		let report = Report::measure(&checkpoint()).unwrap();
		assert!(report.all().correct * 1000 >= report.all().of * 995, "{report}");
		let log = read("train.log");
		assert!(log.ends_with(&format!("$ train-adder evaluate DIR\n{report}\n")), "{report}");
		let card = crate::model_card::text(&Config::adder(), &report);
		assert!(read("README.md") == card, "README.md is not what the program writes:\n{card}");
	}

	#[test]
	fn should_describe_the_checkpoint_as_the_program_would() {
		for (name, expected) in descriptions(&Config::adder()) {
			let committed: serde_json::Value = serde_json::from_str(&read(name)).unwrap();
			// As text, because that is how numbers lose and keep their digits.
			assert_eq!(committed.to_string(), expected.to_string(), "{name}");
		}
	}

	/// The error about a copy of the checkpoint in which `damage` replaced one file.
	fn refusal(name: &str, damage: impl FnOnce(Vec<u8>) -> Option<Vec<u8>>) -> String {
		let folder = tempfile::tempdir().unwrap();
		for file in ["config.json", "model.safetensors", "tokenizer.json"] {
			std::fs::copy(checkpoint().join(file), folder.path().join(file)).unwrap();
		}
		let path = folder.path().join(name);
		match damage(std::fs::read(&path).unwrap()) {
			Some(bytes) => std::fs::write(&path, bytes).unwrap(),
			None => std::fs::remove_file(&path).unwrap(),
		}
		let error = Reference::load(folder.path()).err().expect("an error").to_string();
		assert!(error.contains(name) && !error.contains('\n'), "{error}");
		error
	}

	#[test]
	fn should_name_a_file_that_is_missing_or_truncated() {
		for name in ["config.json", "model.safetensors", "tokenizer.json"] {
			assert!(refusal(name, |_| None).contains("No such file"));
			let truncated = refusal(name, |bytes| Some(bytes[..bytes.len() / 2].to_vec()));
			assert!(truncated.contains("train-adder train"), "{truncated}");
		}
	}

	#[test]
	fn should_refuse_tensors_that_are_not_those_of_the_configuration() {
		let with = |change: fn(&mut Config)| {
			let mut config = Config::adder();
			change(&mut config);
			let folder = tempfile::tempdir().unwrap();
			std::fs::write(folder.path().join("config.json"), serde_json::to_vec(&config).unwrap())
				.unwrap();
			let weights = "model.safetensors";
			std::fs::copy(checkpoint().join(weights), folder.path().join(weights)).unwrap();
			Reference::load(folder.path()).err().expect("an error").to_string()
		};
		let error = with(|config| config.num_hidden_layers += 1);
		assert!(error.contains("no tensor model.layers.3."), "{error}");
		let error = with(|config| config.intermediate_size = 100);
		assert!(error.contains("config.json asks for [128, 100]"), "{error}");
	}
}
