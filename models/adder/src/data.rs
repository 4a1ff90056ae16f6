//! The problems: which there are, how they are written, and which the training never sees.

use crate::random::SplitMix64;

/// The largest number that is added.
pub(crate) const LARGEST: u32 = 99;

/// One in so many pairs is held out from training.
const HELD_OUT_ONE_IN: usize = 10;

/// Decides which pairs are held out. Not an option of the program, so that every checkpoint is
/// measured on the same problems.
const HELD_OUT_SEED: u64 = 20;

/// `left` + `right`, each in `0..=LARGEST`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
	pub(crate) left: u32,
	pub(crate) right: u32,
}

impl Problem {
	/// What the model is given, such as `37+48=`.
	pub(crate) fn prompt(self) -> String {
		format!("{}+{}=", self.left, self.right)
	}

	/// What the model has to write, such as `85`.
	pub(crate) fn answer(self) -> String {
		(self.left + self.right).to_string()
	}
}

/// All problems, in two parts that share none.
pub(crate) struct Problems {
	/// The model learns from these.
	pub(crate) training: Vec<Problem>,
	/// The model never sees these before it is measured.
	pub(crate) held_out: Vec<Problem>,
}

impl Problems {
	/// Every problem there is, always divided in the same way.
	///
	/// A pair is held out in both orders: who has learnt 48+37 need not add to answer 37+48.
	pub(crate) fn new() -> Self {
		let mut pairs: Vec<(u32, u32)> = (0..=LARGEST)
			.flat_map(|left| (left..=LARGEST).map(move |right| (left, right)))
			.collect();
		SplitMix64::new(HELD_OUT_SEED).shuffle(&mut pairs);
		let (held_out, training) = pairs.split_at(pairs.len() / HELD_OUT_ONE_IN);
		Self { training: both_orders(training), held_out: both_orders(held_out) }
	}
}

fn both_orders(pairs: &[(u32, u32)]) -> Vec<Problem> {
	let mut problems: Vec<Problem> = pairs
		.iter()
		.flat_map(|&(left, right)| [Problem { left, right }, Problem { left: right, right: left }])
		.collect();
	problems.sort_unstable();
	problems.dedup();
	problems
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::collections::BTreeSet;

	#[test]
	fn should_write_problems_as_a_person_would() {
		let problem = Problem { left: 37, right: 48 };
		assert_eq!((problem.prompt().as_str(), problem.answer().as_str()), ("37+48=", "85"));
		let problem = Problem { left: 0, right: 7 };
		assert_eq!((problem.prompt().as_str(), problem.answer().as_str()), ("0+7=", "7"));
	}

	#[test]
	fn should_hold_every_problem_once() {
		let Problems { training, held_out } = Problems::new();
		assert_eq!(training.len() + held_out.len(), 10_000);
		let all: BTreeSet<Problem> = training.into_iter().chain(held_out).collect();
		assert_eq!(all.len(), 10_000);
	}

	#[test]
	fn should_hold_out_both_orders_of_a_pair() {
		let Problems { training, held_out } = Problems::new();
		assert!((950..1050).contains(&held_out.len()), "{}", held_out.len());
		for Problem { left, right } in held_out {
			assert!(!training.contains(&Problem { left: right, right: left }), "{left}+{right}");
		}
	}
}
