//! `decoder`: reading a prompt, generating, and memory, beside llama.cpp and candle.

use std::{fmt, path::PathBuf};

use anyhow::Result;
use serde_json::{json, Value};

use crate::{
	bandwidth::BandwidthJob,
	child,
	cli::{DecoderArgs, Peer},
	engines::{assay, candle, llama_cpp, DecoderRun, GENERATED, PROMPT},
	machine::Machine,
	peers,
	report::{Bound, Report, Table, Target},
	rounds::{alternate, median},
	shape::{bytes_per_token, cache_bytes, tiny_llama, weight_bytes, Precision},
};

/// Times as fast as llama.cpp and candle, reading and generating.
const LLAMA_CPP_TARGETS: [f64; 2] = [1.5, 1.0];
const CANDLE_TARGETS: [f64; 2] = [1.5, 1.5];
/// Times the bytes of int8 weights, keys and values.
const MEMORY_TARGET: f64 = 1.15;

/// What is measured.
enum Engine {
	Assay(Precision),
	LlamaCpp { program: PathBuf, model: PathBuf },
	Candle { model: PathBuf },
}

impl Engine {
	/// The exact engine, and those of its peers that are not left out, installed.
	fn all(args: &DecoderArgs) -> Result<Vec<Self>> {
		let cache = &args.common.cache;
		let mut engines = vec![Self::Assay(Precision::W8A8), Self::Assay(Precision::OneDigit)];
		if !args.without.contains(&Peer::LlamaCpp) {
			let program = peers::llama_bench(cache)?;
			engines.push(Self::LlamaCpp { program, model: peers::random_gguf(cache)? });
		}
		if !args.without.contains(&Peer::Candle) {
			engines.push(Self::Candle { model: peers::random_gguf(cache)? });
		}
		Ok(engines)
	}

	fn measure(&self, threads: u16) -> Result<DecoderRun> {
		match self {
			Self::Assay(precision) => {
				child::measure(&assay::DecoderJob { precision: *precision, threads }, threads)
			}
			Self::LlamaCpp { program, model } => llama_cpp::decoder(program, model, threads),
			Self::Candle { model } => {
				child::measure(&candle::DecoderJob { model: model.clone() }, threads)
			}
		}
	}

	/// How much faster the exact engine should be than this one, reading and generating.
	fn targets(&self) -> Option<[f64; 2]> {
		match self {
			Self::Assay(_) => None,
			Self::LlamaCpp { .. } => Some(LLAMA_CPP_TARGETS),
			Self::Candle { .. } => Some(CANDLE_TARGETS),
		}
	}
}

impl fmt::Display for Engine {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Assay(precision) => precision.fmt(f),
			Self::LlamaCpp { .. } => f.write_str("llama.cpp Q8_0"),
			Self::Candle { .. } => f.write_str("candle Q8_0"),
		}
	}
}

/// The medians of an engine.
struct Medians {
	/// Tokens per second, reading and generating.
	rates: [f64; 2],
	/// Most memory in use, in bytes; NaN where the system does not tell.
	peak_bytes: f64,
}

impl Medians {
	fn of(runs: &[DecoderRun]) -> Self {
		let rate = |tokens: u16, seconds: fn(&DecoderRun) -> f64| {
			f64::from(tokens) / median(runs.iter().map(seconds))
		};
		let peak = |run: &DecoderRun| run.peak_bytes.map_or(f64::NAN, |bytes| bytes as f64);
		Self {
			rates: [
				rate(PROMPT, |run| run.prefill_seconds),
				rate(GENERATED, |run| run.decode_seconds),
			],
			peak_bytes: median(runs.iter().map(peak)),
		}
	}
}

/// Measures all engines.
pub(crate) fn run(args: &DecoderArgs) -> Result<Report> {
	let threads = args.common.threads;
	let engines = Engine::all(args)?;
	let runs = alternate(args.common.rounds, &engines, |engine| engine.measure(threads))?;
	let medians: Vec<Medians> = runs.iter().map(|runs| Medians::of(runs)).collect();
	let bandwidth = child::measure(&BandwidthJob { threads }, threads)?;
	Ok(Report {
		title: format!(
			"Decoder of 1.1 billion parameters: {PROMPT} tokens read, {GENERATED} generated"
		),
		machine: Machine::detect(threads),
		rounds: args.common.rounds,
		table: table(&engines, &medians),
		targets: targets(&engines, &medians),
		remarks: remarks(bandwidth, &engines, &medians),
		not_compared: args.without.clone(),
		figures: figures(&engines, &medians, &runs, bandwidth),
	})
}

/// Bytes of int8 weights, and of keys and values of the longest sequence.
fn least_bytes() -> [u64; 2] {
	let weights = weight_bytes(&Precision::W8A8.program());
	[weights, cache_bytes(&tiny_llama(), PROMPT.max(GENERATED).into())]
}

fn table(engines: &[Engine], medians: &[Medians]) -> Table {
	let mut table =
		Table::new(["engine", "prompt, tokens/s", "decode, tokens/s", "peak memory, MB"]);
	for (engine, Medians { rates: [prefill, decode], peak_bytes }) in engines.iter().zip(medians) {
		let peak = if peak_bytes.is_nan() {
			"not told".to_owned()
		} else {
			format!("{:.0}", peak_bytes / 1e6)
		};
		table.push([engine.to_string(), format!("{prefill:.1}"), format!("{decode:.1}"), peak]);
	}
	table
}

/// The exact engine against each peer, in each precision, and its memory.
fn targets(engines: &[Engine], medians: &[Medians]) -> Vec<Target> {
	let all = || engines.iter().zip(medians);
	let mut targets = Vec::new();
	for (engine, ours) in all().filter(|(engine, _)| engine.targets().is_none()) {
		for (peer, theirs) in all() {
			let Some(least) = peer.targets() else { continue };
			for (index, work) in ["prompt", "decode"].into_iter().enumerate() {
				targets.push(Target {
					what: format!("{work}: {engine} / {peer}"),
					ratio: ours.rates[index] / theirs.rates[index],
					bound: Bound::AtLeast(least[index]),
				});
			}
		}
		let least_bytes = least_bytes().iter().sum::<u64>() as f64;
		targets.push(Target {
			what: format!("memory: {engine} / int8 weights, keys and values"),
			ratio: ours.peak_bytes / least_bytes,
			bound: Bound::AtMost(MEMORY_TARGET),
		});
	}
	targets
}

/// How fast any engine with weights of a byte can decode on this memory, also beside each peer.
fn remarks(bandwidth: f64, engines: &[Engine], medians: &[Medians]) -> Vec<String> {
	let bytes = bytes_per_token(&Precision::W8A8.program()) as f64;
	let most = bandwidth / bytes;
	let mut remarks = vec![format!(
		"The memory is read at {:.1} GB/s and a token reads {:.2} GB of int8 weights: at most {most:.1} \
		 tokens/s can be decoded here",
		bandwidth / 1e9,
		bytes / 1e9
	)];
	for (engine, Medians { rates: [_, decode], .. }) in engines.iter().zip(medians) {
		if engine.targets().is_some() {
			remarks.push(format!("That is {:.3} times the decoding of {engine}", most / decode));
		}
	}
	remarks
}

fn figures(
	engines: &[Engine],
	medians: &[Medians],
	runs: &[Vec<DecoderRun>],
	bandwidth: f64,
) -> Value {
	let engines: Vec<Value> = engines
		.iter()
		.zip(medians)
		.zip(runs)
		.map(|((engine, medians), runs)| {
			json!({
				"engine": engine.to_string(),
				"prefill_tokens_per_second": medians.rates[0],
				"decode_tokens_per_second": medians.rates[1],
				// NaN becomes null.
				"peak_bytes": medians.peak_bytes,
				"runs": runs,
			})
		})
		.collect();
	let [weight_bytes, cache_bytes] = least_bytes();
	json!({
		"prompt_tokens": PROMPT,
		"generated_tokens": GENERATED,
		"weight_bytes": weight_bytes,
		"cache_bytes": cache_bytes,
		"memory_bytes_per_second": bandwidth,
		"engines": engines,
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	fn run(prefill_seconds: f64, decode_seconds: f64, peak_bytes: Option<u64>) -> DecoderRun {
		DecoderRun { prefill_seconds, decode_seconds, peak_bytes }
	}

	#[test]
	fn every_precision_is_held_against_every_peer() {
		let engines = [
			Engine::Assay(Precision::W8A8),
			Engine::LlamaCpp { program: PathBuf::new(), model: PathBuf::new() },
			Engine::Candle { model: PathBuf::new() },
		];
		let runs = [run(2.0, 4.0, Some(1_111_111_111)), run(4.0, 4.0, None), run(2.0, 8.0, None)];
		let medians = runs.map(|run| Medians::of(&[run]));
		let targets = targets(&engines, &medians);
		let ratios: Vec<f64> = targets.iter().map(|target| target.ratio).collect();
		assert_eq!(ratios[..4], [2.0, 1.0, 1.0, 2.0]);
		assert!((ratios[4] - 1.005).abs() < 0.001, "{ratios:?}");
		assert_eq!(targets[0].what, "prompt: assay w8a8 / llama.cpp Q8_0");
	}

	#[test]
	fn memory_bounds_decoding() {
		let engines = [Engine::Assay(Precision::W8A8), Engine::Candle { model: PathBuf::new() }];
		let medians = [run(1.0, 4.0, None), run(1.0, 8.0, None)].map(|run| Medians::of(&[run]));
		let remarks = remarks(33_101_447_168.0, &engines, &medians);
		assert!(remarks[0].contains("at most 32.0 tokens/s"), "{remarks:?}");
		assert_eq!(remarks[1], "That is 2.000 times the decoding of candle Q8_0");
		assert_eq!(remarks.len(), 2);
	}

	#[test]
	fn rates_are_those_of_the_median_round() {
		let runs = [run(1.0, 9.0, Some(5)), run(2.0, 2.0, Some(7)), run(9.0, 1.0, Some(6))];
		let medians = Medians::of(&runs);
		assert_eq!(medians.rates, [256.0, 64.0]);
		assert_eq!(medians.peak_bytes, 6.0);
	}
}
