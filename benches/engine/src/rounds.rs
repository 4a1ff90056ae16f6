//! Rounds: the engines take turns, so that what slows the machine for a while slows all of them.

use std::fmt::Display;

use anyhow::{Context, Result};

use crate::say;

/// Measures every engine once in each of `count` rounds, in the same order. The outcomes of each
/// engine, one for each round.
pub(crate) fn alternate<E: Display, R>(
	count: u16,
	engines: &[E],
	mut measure: impl FnMut(&E) -> Result<R>,
) -> Result<Vec<Vec<R>>> {
	let mut outcomes: Vec<Vec<R>> = engines.iter().map(|_| Vec::new()).collect();
	for round in 1..=count {
		for (engine, outcomes) in engines.iter().zip(&mut outcomes) {
			say(format_args!("round {round} of {count}: {engine}"));
			outcomes.push(measure(engine).with_context(|| format!("measuring {engine}"))?);
		}
	}
	Ok(outcomes)
}

/// The middle one of some numbers, the mean of the middle two where there are two; NaN of none.
pub(crate) fn median(numbers: impl IntoIterator<Item = f64>) -> f64 {
	let mut sorted: Vec<f64> = numbers.into_iter().collect();
	sorted.sort_by(f64::total_cmp);
	match sorted.as_slice() {
		[] => f64::NAN,
		numbers => {
			let middle = numbers.len() / 2;
			let below = numbers[(numbers.len() - 1) / 2];
			(below + numbers[middle]) / 2.0
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn engines_take_turns() {
		let mut order = Vec::new();
		let outcomes = alternate(2, &["a", "b"], |engine| {
			order.push(*engine);
			Ok(order.len())
		});
		assert_eq!(outcomes.expect("nothing fails"), [[1, 3], [2, 4]]);
		assert_eq!(order, ["a", "b", "a", "b"]);
	}

	#[test]
	fn the_median_is_in_the_middle() {
		assert_eq!(median([3.0, 100.0, 1.0]), 3.0);
		assert_eq!(median([4.0, 1.0, 2.0, 100.0]), 3.0);
		assert!(median([]).is_nan());
	}
}
