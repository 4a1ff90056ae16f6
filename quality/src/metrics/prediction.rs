//! Predictions of the next token beside each other.

/// Logarithms of the probabilities that logits stand for.
pub fn log_softmax(logits: &[f32]) -> Vec<f64> {
	let greatest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
	let shifted = logits.iter().map(|&logit| f64::from(logit) - f64::from(greatest));
	let total: f64 = shifted.clone().map(f64::exp).sum();
	shifted.map(|logit| logit - total.ln()).collect()
}

/// The place of the greatest logit, the first of equals; 0 of none.
pub fn argmax(logits: &[f32]) -> usize {
	let first_or_greater = |best: usize, place: usize| {
		if logits[place] > logits[best] {
			place
		} else {
			best
		}
	};
	(0..logits.len()).fold(0, first_or_greater)
}

/// Sums over the positions at which a float and an exact model predicted the next token.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Predictions {
	positions: u64,
	agreements: u64,
	/// Sums of minus the logarithm of the probability of the token that came.
	float_surprise: f64,
	exact_surprise: f64,
	divergence: f64,
}

impl Predictions {
	/// Adds a position: the logits of both models and the token that came.
	pub fn add(&mut self, float: &[f32], exact: &[f32], token: usize) {
		let (p, q) = (log_softmax(float), log_softmax(exact));
		self.positions += 1;
		self.agreements += u64::from(argmax(float) == argmax(exact));
		self.float_surprise -= p[token];
		self.exact_surprise -= q[token];
		let terms = p.iter().zip(&q).map(|(p, q)| {
			let share = p.exp();
			// A share that vanishes counts nothing, however much less likely the other finds it.
			if share == 0.0 {
				0.0
			} else {
				share * (p - q)
			}
		});
		self.divergence += terms.sum::<f64>();
	}

	/// How many there are.
	pub fn positions(&self) -> u64 {
		self.positions
	}

	/// Perplexity of the float model.
	pub fn float_perplexity(&self) -> f64 {
		self.mean(self.float_surprise).exp()
	}

	/// Perplexity of the exact model.
	pub fn exact_perplexity(&self) -> f64 {
		self.mean(self.exact_surprise).exp()
	}

	/// Share of positions at which both put the same token first.
	pub fn top1_agreement(&self) -> f64 {
		self.mean(self.agreements as f64)
	}

	/// Mean Kullback-Leibler divergence of the exact from the float distribution, in nats.
	pub fn mean_divergence(&self) -> f64 {
		self.mean(self.divergence)
	}

	fn mean(&self, sum: f64) -> f64 {
		sum / self.positions as f64
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	/// Logits of these probabilities, shifted, which must not matter.
	fn logits(probabilities: &[f32]) -> Vec<f32> {
		probabilities.iter().map(|p| p.ln() + 3.0).collect()
	}

	fn is_near(found: f64, expected: f64) {
		assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
	}

	#[test]
	fn log_softmax_keeps_far_logits_finite() {
		let found = log_softmax(&[1e9, 0.0, -1e9]);
		assert_eq!(found[0], 0.0);
		assert_eq!(found[2], -2e9);
	}

	#[test]
	fn the_first_of_equal_logits_is_the_greatest() {
		assert_eq!(argmax(&[1.0, 3.0, 3.0, 2.0]), 1);
		assert_eq!(argmax(&[]), 0);
	}

	#[test]
	fn known_distributions_have_known_figures() {
		let mut predictions = Predictions::default();
		let (uniform, skewed) = (logits(&[0.25; 4]), logits(&[0.5, 0.25, 0.125, 0.125]));
		predictions.add(&uniform, &skewed, 0);
		predictions.add(&uniform, &skewed, 2);
		assert_eq!(predictions.positions(), 2);
		is_near(predictions.float_perplexity(), 4.0);
		// The geometric mean of 2 and 8.
		is_near(predictions.exact_perplexity(), 4.0);
		assert_eq!(predictions.top1_agreement(), 1.0);
		// A quarter of ln(1/2) + ln 1 + ln 2 + ln 2.
		is_near(predictions.mean_divergence(), 2.0_f64.ln() / 4.0);
	}

	#[test]
	fn disagreement_is_counted() {
		let mut predictions = Predictions::default();
		predictions.add(&logits(&[0.9, 0.1]), &logits(&[0.1, 0.9]), 0);
		predictions.add(&logits(&[0.9, 0.1]), &logits(&[0.8, 0.2]), 0);
		assert_eq!(predictions.top1_agreement(), 0.5);
		is_near(predictions.float_perplexity(), 1.0 / 0.9);
		is_near(predictions.exact_perplexity(), (0.1_f64 * 0.8).powf(-0.5));
	}

	#[test]
	fn equal_models_do_not_diverge() {
		let mut predictions = Predictions::default();
		let row = logits(&[0.7, 0.2, 0.1]);
		predictions.add(&row, &row, 1);
		assert_eq!(predictions.mean_divergence(), 0.0);
		assert_eq!(predictions.float_perplexity(), predictions.exact_perplexity());
	}
}
