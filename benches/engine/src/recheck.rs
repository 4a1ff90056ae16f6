//! `recheck`: what checking an answer costs, in parts of what generating it cost.

use anyhow::{bail, ensure, Result};
use serde_json::json;

use crate::{
	child,
	cli::Common,
	engines::{assay::RecheckJob, RecheckRun},
	machine::Machine,
	report::{Bound, Report, Table, Target},
	rounds::{alternate, median},
	shape::Precision,
};

/// Tokens of the answer, and of the prompt before it.
pub(crate) const ANSWER: u16 = 128;

/// Checking over generating.
const TARGET: f64 = 1.0 / 3.0;

/// Measures, and fails if the pass ever chose another token than the generation.
pub(crate) fn run(args: &Common) -> Result<Report> {
	let threads = args.threads;
	let precisions = [Precision::W8A8, Precision::OneDigit];
	let runs = alternate(args.rounds, &precisions, |&precision| {
		let run = child::measure(&RecheckJob { precision, threads }, threads)?;
		check(&run)?;
		Ok(run)
	})?;
	let mut table = Table::new(["engine", "generating, ms", "re-checking, ms"]);
	let (mut targets, mut figures) = (Vec::new(), Vec::new());
	for (precision, runs) in precisions.iter().zip(&runs) {
		let generate = median(runs.iter().map(|run| run.generate_seconds));
		let recheck = median(runs.iter().map(|run| run.recheck_seconds));
		let milliseconds = |seconds: f64| format!("{:.1}", seconds * 1_000.0);
		table.push([precision.to_string(), milliseconds(generate), milliseconds(recheck)]);
		targets.push(Target {
			what: format!("{precision}: re-checking / generating"),
			ratio: recheck / generate,
			bound: Bound::AtMost(TARGET),
		});
		figures.push(json!({
			"engine": precision.to_string(),
			"generate_seconds": generate,
			"recheck_seconds": recheck,
			"runs": runs,
		}));
	}
	Ok(Report {
		title: format!(
			"Re-checking {ANSWER} tokens after a prompt of {ANSWER}: one pass that chose the same tokens"
		),
		machine: Machine::detect(threads),
		rounds: args.rounds,
		table,
		targets,
		remarks: Vec::new(),
		not_compared: Vec::new(),
		figures: json!({ "prompt_tokens": ANSWER, "answer_tokens": ANSWER, "engines": figures }),
	})
}

/// That the pass chose the same tokens, and that they are not all the same one, which any pass might
/// have chosen.
fn check(run: &RecheckRun) -> Result<()> {
	let RecheckRun { generated, rechecked, .. } = run;
	ensure!(
		generated.len() == usize::from(ANSWER) && rechecked.len() == generated.len(),
		"{ANSWER} tokens were asked for, {} generated and {} re-checked",
		generated.len(),
		rechecked.len()
	);
	let differs = generated.iter().zip(rechecked).position(|(one, other)| one != other);
	if let Some(place) = differs {
		bail!(
			"the pass differs from the generation at token {place} of the answer: {} instead of {}",
			rechecked[place],
			generated[place]
		);
	}
	let is_varied = generated.iter().any(|token| Some(token) != generated.first());
	ensure!(is_varied, "the answer is one token again and again, which proves nothing");
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;

	fn run(generated: Vec<u32>, rechecked: Vec<u32>) -> RecheckRun {
		RecheckRun { generate_seconds: 1.0, recheck_seconds: 1.0, generated, rechecked }
	}

	fn complaint(generated: Vec<u32>, rechecked: Vec<u32>) -> String {
		check(&run(generated, rechecked)).expect_err("a difference").to_string()
	}

	#[test]
	fn only_the_same_tokens_are_a_result() {
		let answer: Vec<u32> = (0..ANSWER.into()).collect();
		check(&run(answer.clone(), answer.clone())).expect("the same tokens");
		let mut other = answer.clone();
		other[100] = 7;
		let differs = complaint(answer.clone(), other);
		assert!(differs.contains("token 100 of the answer: 7 instead of 100"), "{differs}");
		assert!(complaint(answer.clone(), answer[1..].to_vec()).contains("127 re-checked"));
		let same = vec![5; ANSWER.into()];
		assert!(complaint(same.clone(), same).contains("again and again"));
	}
}
