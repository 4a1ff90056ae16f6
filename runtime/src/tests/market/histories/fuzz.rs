//! Fuzzing of the market over the whole runtime: inputs are changed at random, and those that did
//! something new are kept and changed further.
//!
//! What an input does is seen in the calls that it made: which were admitted and how often, which were
//! refused and why, and how its jobs ended. That stands in for coverage of the code, and needs no other
//! compiler and no program beside the tests.
//!
//! Each test run plays the inputs of `corpus/` and a few changes of them. `ASSAY_FUZZ_RUNS=100000` plays
//! so many, other ones each time; with `ASSAY_FUZZ_CORPUS=FOLDER` it begins with the inputs of that
//! folder and adds to them. An input that breaks a property is shrunk and printed; it belongs into
//! `corpus/`, under a name that says what broke.

use super::{
	bytes::{from_text, history, to_text, STEP_BYTES},
	world::{play, Played},
	LENGTH,
};
use proptest::{
	collection::vec,
	prelude::*,
	strategy::ValueTree,
	test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use std::{
	collections::BTreeSet,
	fs,
	panic::catch_unwind,
	path::{Path, PathBuf},
};

/// Changed inputs of a run that nobody asked more of.
const RUNS: u32 = 8;
/// How many to play instead.
const RUNS_VARIABLE: &str = "ASSAY_FUZZ_RUNS";
/// The folder to read inputs from, and to add some to, instead of only reading `corpus/`.
const CORPUS_VARIABLE: &str = "ASSAY_FUZZ_CORPUS";
/// How the names of inputs end.
const EXTENSION: &str = "hex";

/// What may be changed in an input at once.
#[derive(Clone, Debug)]
enum Change {
	/// A byte of a step.
	Byte { at: prop::sample::Index, value: u8 },
	/// A new step.
	Insert { at: prop::sample::Index, step: [u8; STEP_BYTES] },
	/// A step less.
	Remove { at: prop::sample::Index },
	/// Steps once more, elsewhere.
	Repeat { from: prop::sample::Index, to: prop::sample::Index, steps: usize },
	/// What follows, from another input.
	Splice { at: prop::sample::Index, other: prop::sample::Index },
}

fn change() -> impl Strategy<Value = Change> {
	let any = any::<prop::sample::Index>;
	prop_oneof![
		4 => (any(), prop::num::u8::ANY).prop_map(|(at, value)| Change::Byte { at, value }),
		3 => (any(), prop::array::uniform16(prop::num::u8::ANY))
			.prop_map(|(at, step)| Change::Insert { at, step }),
		2 => any().prop_map(|at| Change::Remove { at }),
		2 => (any(), any(), 1..12_usize)
			.prop_map(|(from, to, steps)| Change::Repeat { from, to, steps }),
		1 => (any(), any()).prop_map(|(at, other)| Change::Splice { at, other }),
	]
}

impl Change {
	fn apply(&self, input: &mut Vec<u8>, corpus: &[Vec<u8>]) {
		// From the first step to the place behind the last one.
		let step = |at: &prop::sample::Index, input: &[u8]| {
			at.index(input.len() / STEP_BYTES + 1) * STEP_BYTES
		};
		match self {
			Self::Byte { at, value } if !input.is_empty() => {
				let at = at.index(input.len());
				input[at] = *value;
			}
			Self::Byte { .. } => {}
			Self::Insert { at, step: new } => {
				let at = step(at, input);
				input.splice(at..at, *new);
			}
			Self::Remove { at } => {
				let at = step(at, input);
				input.drain(at..(at + STEP_BYTES).min(input.len()));
			}
			Self::Repeat { from, to, steps } => {
				let (from, to) = (step(from, input), step(to, input));
				let until = (from + steps * STEP_BYTES).min(input.len());
				let copy = input[from..until].to_vec();
				input.splice(to..to, copy);
			}
			Self::Splice { at, other } => {
				let other = &corpus[other.index(corpus.len())];
				let at = step(at, input);
				input.truncate(at);
				input.extend(other.iter().skip(at));
			}
		}
	}
}

/// An input of the corpus, with some of it changed.
fn changed(corpus: &[Vec<u8>]) -> impl Strategy<Value = Vec<u8>> + '_ {
	let which = any::<prop::sample::Index>();
	(which, vec(change(), 1..6)).prop_map(move |(which, changes)| {
		let mut input = corpus[which.index(corpus.len())].clone();
		for change in &changes {
			change.apply(&mut input, corpus);
		}
		input.truncate(LENGTH * STEP_BYTES);
		input
	})
}

/// What an input did, in words that can be compared. Counts count by their magnitude, as to do
/// something twice may be new, and to do it 41 times instead of 40 is not.
fn traits_of(played: &Played) -> BTreeSet<String> {
	let magnitude = |count: usize| count.checked_ilog2().map_or(0, |digits| digits + 1);
	let admitted = played.admitted.iter().map(|(name, count)| (name.clone(), *count));
	let refused =
		played.refused.iter().map(|((name, why), count)| (format!("{name}: {why}"), *count));
	let endings = format!("{:?}", played.endings);
	let endings = endings.split([',', '{', '}']).filter(|field| !field.trim().ends_with(": 0"));
	admitted
		.chain(refused)
		.map(|(what, count)| format!("{what} {}", magnitude(count)))
		// How many jobs ended in which way is told by the calls; that some did is new once.
		.chain(endings.filter_map(|field| Some(field.split_once(':')?.0.trim().to_owned())))
		.collect()
}

/// The inputs that a run begins with, in the order of their names.
fn read_corpus(folder: &Path) -> Vec<Vec<u8>> {
	let files = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
	let mut paths: Vec<PathBuf> = files.map(|file| file.expect("a file's name").path()).collect();
	paths.retain(|path| path.extension().is_some_and(|extension| extension == EXTENSION));
	paths.sort();
	let read = |path: &PathBuf| {
		let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
		from_text(&text).unwrap_or_else(|| panic!("{path:?}: not pairs of hexadecimal digits"))
	};
	paths.iter().map(read).collect()
}

/// What an input does, or what it breaks.
fn attempt(input: &[u8]) -> Result<Played, String> {
	catch_unwind(|| play(&history(input))).map_err(|why| {
		let text = why.downcast_ref::<String>().map(String::as_str);
		text.or_else(|| why.downcast_ref().copied()).unwrap_or("a panic without words").to_owned()
	})
}

/// Leaves steps out of an input as long as what is left still breaks something.
fn shrunk(mut input: Vec<u8>) -> Vec<u8> {
	let mut steps = (input.len() / STEP_BYTES).next_power_of_two();
	while steps > 0 {
		let (bytes, mut at) = (steps * STEP_BYTES, 0);
		while at < input.len() {
			let mut shorter = input.clone();
			shorter.drain(at..(at + bytes).min(input.len()));
			if attempt(&shorter).is_err() {
				input = shorter;
			} else {
				at += bytes;
			}
		}
		steps /= 2;
	}
	input
}

/// What an input does; if it breaks something, fails with the shortest that does.
fn play_one(input: &[u8]) -> Played {
	attempt(input).unwrap_or_else(|_| {
		let input = shrunk(input.to_vec());
		let why = attempt(&input).err().unwrap_or_default();
		let (steps, text) = (history(&input), to_text(&input));
		panic!("{why}\n{steps:#?}\nKeep this input, under a name that says what broke:\n{text}")
	})
}

#[test]
fn changed_histories_should_keep_every_property_of_the_market() {
	let asked = std::env::var(RUNS_VARIABLE).ok();
	let runs = asked.as_deref().map_or(RUNS, |runs| {
		runs.parse().unwrap_or_else(|_| panic!("{RUNS_VARIABLE}={runs} is no number"))
	});
	let grown = std::env::var_os(CORPUS_VARIABLE).map(PathBuf::from);
	let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/market/histories/corpus");
	let config = Config { failure_persistence: None, ..Config::default() };
	// The same inputs for everybody, unless somebody searches.
	let mut runner = match asked {
		None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
		Some(_) => TestRunner::new(config),
	};

	let mut corpus = read_corpus(grown.as_deref().unwrap_or(&committed));
	assert!(!corpus.is_empty(), "no input to begin with: the corpus is empty");
	let mut known = BTreeSet::new();
	for input in &corpus {
		known.extend(traits_of(&play_one(input)));
	}
	for run in 0..runs {
		let input = changed(&corpus).new_tree(&mut runner).expect("no input is rejected").current();
		let found = traits_of(&play_one(&input));
		if found.is_subset(&known) {
			continue;
		}
		known.extend(found);
		if let Some(folder) = &grown {
			let name = u64::from_le_bytes(sp_io::hashing::twox_64(&input));
			let path = folder.join(format!("{name:016x}.{EXTENSION}"));
			fs::write(&path, to_text(&input)).unwrap_or_else(|error| panic!("{path:?}: {error}"));
		}
		corpus.push(input);
		println!("run {run}: {} inputs, {} things seen", corpus.len(), known.len());
	}
	// A market in which nothing can be done keeps every property.
	assert!(known.len() > 40, "{known:?}");
}
