//! Training: batches, the loss, the schedule and the loop.

use crate::{
	config::Config,
	data::{Problem, Problems},
	log::Log,
	model::{initial_weights, Llama, Weights},
	random::SplitMix64,
	vocabulary::{self, BEGIN, END, PADDING},
};
use candle_core::{Device, Result, Tensor};
use candle_nn::{ops::log_softmax, AdamW, Optimizer, ParamsAdamW};

/// Problems in one step.
const BATCH: usize = 128;

/// The highest learning rate.
const PEAK_RATE: f64 = 3e-3;

/// The part of all steps over which the rate rises from 0 to [`PEAK_RATE`]; over the rest it falls
/// back along a cosine.
const WARM_UP: f64 = 0.05;

/// How strongly matrices are drawn to zero. Without it the model learns its problems by heart.
const WEIGHT_DECAY: f64 = 0.1;

/// What a token of the problem counts in the loss, when one of the answer counts 1. The problem is
/// random: there is little to learn from it, but enough to know what a problem looks like.
const WEIGHT_OF_PROBLEM: f32 = 0.1;

/// The longest text, `99+99=198`, with begin and end.
const LONGEST: usize = 11;

/// Lines of progress in the log.
const REPORTS: usize = 20;

/// What a run of the training depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
	/// Steps of the optimizer.
	pub(crate) steps: usize,
	/// First weights and the order of the problems follow from it.
	pub(crate) seed: u64,
}

/// Trains a model of `config` and returns its weights.
pub(crate) fn train(config: &Config, options: Options, log: &mut Log) -> Result<Weights> {
	let Options { steps, seed } = options;
	let mut random = SplitMix64::new(seed);
	let weights = initial_weights(config, &mut random)?;
	let model = Llama::new(config, &weights)?;
	let mut optimizers = Optimizers::new(&weights)?;
	let Problems { training, held_out } = Problems::new();
	log.line(format_args!(
		"{} weights; {} problems to learn from, {} held out",
		config.parameters(),
		training.len(),
		held_out.len()
	));
	// Progress shows in the answers; the rest of the loss is chance.
	let held_out = Batch::new(&held_out, 0.0)?;
	let mut deck = Deck::new(training, random);
	for step in 1..=steps {
		let loss = Batch::new(&deck.draw(BATCH), WEIGHT_OF_PROBLEM)?.loss(&model)?;
		optimizers.step(&loss, rate(step, steps))?;
		if step % steps.div_ceil(REPORTS) == 0 || step == steps {
			log.line(format_args!(
				"step {step:5}: loss {:.5} in training, {:.5} in held-out answers",
				loss.to_scalar::<f32>()?,
				held_out.loss(&model)?.to_scalar::<f32>()?
			));
		}
	}
	Ok(weights)
}

/// The learning rate of a step in `1..=steps`.
fn rate(step: usize, steps: usize) -> f64 {
	let done = step as f64 / steps as f64;
	if done < WARM_UP {
		PEAK_RATE * done / WARM_UP
	} else {
		let fall = (done - WARM_UP) / (1.0 - WARM_UP);
		PEAK_RATE * 0.5 * (1.0 + (std::f64::consts::PI * fall).cos())
	}
}

/// AdamW twice, as the gains of norms must not be drawn to zero.
struct Optimizers {
	matrices: AdamW,
	gains: AdamW,
}

impl Optimizers {
	fn new(weights: &Weights) -> Result<Self> {
		let (gains, matrices) = weights.values().cloned().partition(|weight| weight.rank() == 1);
		// A run is short: a second moment over the last 1000 steps would remember too much.
		let parameters = ParamsAdamW { beta2: 0.98, ..ParamsAdamW::default() };
		Ok(Self {
			matrices: AdamW::new(
				matrices,
				ParamsAdamW { weight_decay: WEIGHT_DECAY, ..parameters.clone() },
			)?,
			gains: AdamW::new(gains, ParamsAdamW { weight_decay: 0.0, ..parameters })?,
		})
	}

	fn step(&mut self, loss: &Tensor, rate: f64) -> Result<()> {
		let gradients = loss.backward()?;
		for optimizer in [&mut self.matrices, &mut self.gains] {
			optimizer.set_learning_rate(rate);
			optimizer.step(&gradients)?;
		}
		Ok(())
	}
}

/// Deals the problems in random order, each once before any comes again.
struct Deck {
	problems: Vec<Problem>,
	next: usize,
	random: SplitMix64,
}

impl Deck {
	fn new(problems: Vec<Problem>, random: SplitMix64) -> Self {
		let next = problems.len();
		Self { problems, next, random }
	}

	fn draw(&mut self, count: usize) -> Vec<Problem> {
		(0..count)
			.map(|_| {
				if self.next == self.problems.len() {
					self.random.shuffle(&mut self.problems);
					self.next = 0;
				}
				self.next += 1;
				self.problems[self.next - 1]
			})
			.collect()
	}
}

/// Texts side by side, each token with the one that has to follow.
struct Batch {
	/// `[batch, LONGEST - 1]`.
	inputs: Tensor,
	/// `[batch, LONGEST - 1]`.
	targets: Tensor,
	/// What each target counts, `[batch, LONGEST - 1]`; sums to 1.
	importance: Tensor,
}

impl Batch {
	/// `weight_of_problem` is what a token of the problem counts, when one of the answer counts 1.
	fn new(problems: &[Problem], weight_of_problem: f32) -> Result<Self> {
		let mut inputs = Vec::new();
		let mut targets = Vec::new();
		let mut importance = Vec::new();
		for problem in problems {
			let prompt = vocabulary::encode(&problem.prompt());
			let answer = vocabulary::encode(&problem.answer());
			let mut weights = vec![weight_of_problem; prompt.len()];
			weights.resize(prompt.len() + answer.len() + 1, 1.0);
			weights.resize(LONGEST - 1, 0.0);
			let mut text = [vec![BEGIN], prompt, answer, vec![END]].concat();
			text.resize(LONGEST, PADDING);
			inputs.extend_from_slice(&text[..LONGEST - 1]);
			targets.extend_from_slice(&text[1..]);
			importance.extend(weights);
		}
		let total: f32 = importance.iter().sum();
		importance.iter_mut().for_each(|weight| *weight /= total);
		let shape = (problems.len(), LONGEST - 1);
		Ok(Self {
			inputs: Tensor::from_vec(inputs, shape, &Device::Cpu)?,
			targets: Tensor::from_vec(targets, shape, &Device::Cpu)?,
			importance: Tensor::from_vec(importance, shape, &Device::Cpu)?,
		})
	}

	/// Mean negative log likelihood of the targets by their importance, in nats.
	fn loss(&self, model: &Llama) -> Result<Tensor> {
		log_softmax(&model.forward(&self.inputs)?, 2)?
			.gather(&self.targets.unsqueeze(2)?, 2)?
			.squeeze(2)?
			.mul(&self.importance)?
			.sum_all()?
			.neg()
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn small() -> Config {
		Config { num_hidden_layers: 1, intermediate_size: 64, ..Config::adder() }
	}

	#[test]
	fn should_deal_each_problem_once_a_round() {
		let problems = Problems::new().held_out;
		let mut deck = Deck::new(problems.clone(), SplitMix64::new(3));
		for _ in 0..2 {
			let mut round = deck.draw(problems.len());
			assert!(!round.is_sorted());
			round.sort_unstable();
			assert_eq!(round, problems);
		}
	}

	#[test]
	fn should_raise_the_rate_to_its_peak_and_lower_it_to_zero() {
		let rates: Vec<f64> = (1..=1000).map(|step| rate(step, 1000)).collect();
		assert!(rates[..50].is_sorted());
		assert!((rates[49] - PEAK_RATE).abs() < 1e-12);
		assert!(rates[49..].is_sorted_by(|a, b| a >= b));
		assert!(rates[999].abs() < 1e-12);
	}

	#[test]
	fn should_ask_for_the_next_token_and_count_answers_most() {
		let problems = [Problem { left: 9, right: 8 }, Problem { left: 99, right: 99 }];
		let batch = Batch::new(&problems, 0.25).unwrap();
		let inputs = batch.inputs.to_vec2::<u32>().unwrap();
		let targets = batch.targets.to_vec2::<u32>().unwrap();
		let whole = |text: &str| [vocabulary::encode(text), vec![END]].concat();
		assert_eq!(inputs[1], [vec![BEGIN], vocabulary::encode("99+99=198")].concat());
		assert_eq!(targets[1], whole("99+99=198"));
		assert_eq!(targets[0], [whole("9+8=17"), vec![PADDING; 3]].concat());
		let importance = batch.importance.to_vec2::<f32>().unwrap();
		assert!((importance.concat().iter().sum::<f32>() - 1.0).abs() < 1e-6);
		let relative: Vec<f32> = importance[0].iter().map(|one| one / importance[0][4]).collect();
		assert_eq!(relative, [0.25, 0.25, 0.25, 0.25, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
	}

	#[test]
	fn should_learn() {
		let weights = train(&small(), Options { steps: 30, seed: 1 }, &mut Log::default()).unwrap();
		let untrained = initial_weights(&small(), &mut SplitMix64::new(1)).unwrap();
		let batch = Batch::new(&Problems::new().held_out, 0.0).unwrap();
		let loss = |weights: &Weights| {
			let model = Llama::new(&small(), weights).unwrap();
			batch.loss(&model).unwrap().to_scalar::<f32>().unwrap()
		};
		// Guessing among the 16 tokens costs 2.77 nats, guessing a digit 2.30.
		assert!(loss(&untrained) > 2.3, "{}", loss(&untrained));
		assert!(loss(&weights) < 2.0, "{}", loss(&weights));
	}

	#[test]
	fn should_repeat_itself_with_the_same_seed_only() {
		let head = |seed| {
			let options = Options { steps: 2, seed };
			let weights = train(&small(), options, &mut Log::default()).unwrap();
			weights["lm_head.weight"].flatten_all().unwrap().to_vec1::<f32>().unwrap()
		};
		let first = head(1);
		assert!(first == head(1));
		assert!(first != head(2));
	}
}
