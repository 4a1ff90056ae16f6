//! Generation: answers depend on nothing but the request; what cannot run is refused.

#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;

use std::collections::BTreeMap;

use assay_engine::{
	generation::{
		Answer, BatchLimits, Batcher, Event, FinishReason, Generator, Request, RequestError,
		RequestId, TextEvent,
	},
	output::hash_of_tokens,
	sampling::GREEDY,
};
use assay_kernels_backend::{Chunk, Limits, Output, Wanted};
use assay_kernels_exact::sampler::Sampling;
use common::{decoder, executor, tokenizer, Words};
use proptest::prelude::*;

const MODEL: u64 = 7;

fn request(prompt: &[u32], max_tokens: u32) -> Request {
	Request { prompt: prompt.to_vec(), max_tokens, sampling: GREEDY }
}

fn batcher(limits: BatchLimits, executor_limits: Limits) -> Batcher {
	let program = decoder();
	Batcher::new(executor(&program, MODEL, executor_limits), &program, limits)
}

/// The answer by the definition: the prompt in one piece, then token by token, alone.
fn alone(request: &Request) -> (Vec<u32>, FinishReason) {
	let program = decoder();
	let mut executor = executor(&program, MODEL, Limits::NONE);
	let sequence = executor.open(request.positions(&program).unwrap()).unwrap();
	let mut unread = request.prompt.clone();
	let mut answer = Vec::new();
	loop {
		let wanted = Wanted::Tokens { rows: 1, sampling: &request.sampling };
		let outputs = executor.step(&[Chunk { sequence, tokens: &unread, wanted }]).unwrap();
		let [Output::Tokens(tokens)] = outputs.as_slice() else { panic!("{outputs:?}") };
		answer.push(tokens[0]);
		unread.clone_from(tokens);
		if [2, 7].contains(&tokens[0]) {
			return (answer, FinishReason::Stop);
		}
		if answer.len() == request.max_tokens as usize {
			return (answer, FinishReason::Length);
		}
	}
}

/// Random requests, as a stream decides.
fn requests(words: &mut Words, count: usize) -> Vec<Request> {
	let request = |words: &mut Words| {
		let prompt = (0..1 + words.below(20)).map(|_| words.below(96)).collect();
		let chance = words.below(2) == 1;
		let sampling = Sampling {
			temperature: if chance { 0.5 + words.below(4) as f32 } else { 0.0 },
			top_k: words.below(20),
			top_p: 40_000 + words.below(30_000),
			min_p: words.below(3000),
			seed: [words.next(), 1, 2, 3],
		};
		Request { prompt, max_tokens: 1 + words.below(20), sampling }
	};
	(0..count).map(|_| request(words)).collect()
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(24))]

	/// Whatever the batch, the passes, the arrivals and the departures of others.
	#[test]
	fn an_answer_depends_on_its_request_only(
		seed: u64,
		sequences in prop::sample::select(vec![1_u32, 3, 8]),
		step_tokens in prop::sample::select(vec![1_u32, 5, 16, 512]),
		decode_tokens in prop::sample::select(vec![1_u32, 4]),
		room in prop::sample::select(vec![40_u64, 100, u64::MAX]),
	) {
		let mut words = Words(seed);
		let requests = requests(&mut words, 10);
		let limits = BatchLimits { sequences, step_tokens, decode_tokens, queue: 10 };
		let mut batcher = batcher(limits, Limits { positions: room, ..Limits::NONE });
		let mut expected = BTreeMap::new();
		let mut told: BTreeMap<RequestId, Vec<u32>> = BTreeMap::new();
		let mut finished = BTreeMap::new();
		let mut arriving = requests.iter();
		loop {
			let count = words.below(3) as usize;
			for request in arriving.by_ref().take(count) {
				let id = batcher.submit(request.clone()).unwrap();
				if words.below(5) == 0 {
					// Somebody changes their mind, at once or after the next pass.
					if words.below(2) == 0 {
						batcher.step().unwrap().into_iter().for_each(|event| {
							record(event, &mut told, &mut finished);
						});
					}
					batcher.cancel(id);
					finished.remove(&id);
				} else {
					expected.insert(id, alone(request));
				}
			}
			for event in batcher.step().unwrap() {
				record(event, &mut told, &mut finished);
			}
			if batcher.is_idle() && arriving.len() == 0 {
				break;
			}
		}
		prop_assert_eq!(&finished, &expected);
		for (id, (tokens, _)) in &expected {
			prop_assert_eq!(&told[id], tokens);
		}
	}
}

fn record(
	event: Event,
	told: &mut BTreeMap<RequestId, Vec<u32>>,
	finished: &mut BTreeMap<RequestId, (Vec<u32>, FinishReason)>,
) {
	match event {
		Event::Token { request, token } => told.entry(request).or_default().push(token),
		Event::Finished { request, tokens, reason } => {
			finished.insert(request, (tokens, reason));
		}
		Event::Failed { request, error } => panic!("{request:?}: {error}"),
	}
}

#[test]
fn what_can_never_run_is_refused_before_any_work() {
	let mut batcher = batcher(
		BatchLimits { queue: 2, ..BatchLimits::default() },
		Limits { positions: 30, ..Limits::NONE },
	);
	let mut refused =
		|prompt: &[u32], max_tokens| batcher.submit(request(prompt, max_tokens)).unwrap_err();
	assert_eq!(refused(&[], 1), RequestError::EmptyPrompt);
	assert_eq!(refused(&[1], 0), RequestError::NoTokens);
	assert_eq!(refused(&[1, 96], 1), RequestError::Token { token: 96, vocabulary: 96 });
	let context = RequestError::Context { prompt: 1, max_tokens: 65, positions: 65, limit: 64 };
	assert_eq!(refused(&[1], 65), context);
	let context = RequestError::Context {
		prompt: 1,
		max_tokens: u32::MAX,
		positions: u32::MAX.into(),
		limit: 64,
	};
	assert_eq!(refused(&[1], u32::MAX), context);
	assert_eq!(refused(&[1], 31), RequestError::Room { positions: 31, limit: 30 });
	assert!(batcher.is_idle());

	for _ in 0..2 {
		batcher.submit(request(&[1], 30)).unwrap();
	}
	let overloaded = RequestError::Overloaded { waiting: 2 };
	assert_eq!(batcher.submit(request(&[1], 1)).unwrap_err(), overloaded);
	batcher.step().unwrap();
	batcher.submit(request(&[1], 1)).unwrap();
}

#[test]
fn a_long_prompt_does_not_hold_up_others() {
	let limits = BatchLimits { step_tokens: 4, ..BatchLimits::default() };
	let mut batcher = batcher(limits, Limits::NONE);
	let long = batcher.submit(request(&[3; 40], 1)).unwrap();
	let short = batcher.submit(request(&[5, 6], 4)).unwrap();
	let mut order = Vec::new();
	batcher
		.run(|event| {
			if let Event::Finished { request, .. } = event {
				order.push(request);
			}
		})
		.unwrap();
	assert_eq!(order, [short, long]);
}

#[test]
fn a_cancelled_request_leaves_its_tokens_and_its_room() {
	let limits = BatchLimits { sequences: 1, ..BatchLimits::default() };
	let mut batcher = batcher(limits, Limits { positions: 20, ..Limits::NONE });
	let first = batcher.submit(request(&[3], 20)).unwrap();
	let second = batcher.submit(request(&[4], 20)).unwrap();
	let third = batcher.submit(request(&[4], 1)).unwrap();
	batcher.step().unwrap();
	batcher.step().unwrap();
	assert_eq!(batcher.cancel(second), Some(Vec::new()));
	assert_eq!(batcher.cancel(first).map(|tokens| tokens.len()), Some(2));
	assert_eq!(batcher.cancel(first), None);
	let mut finished = Vec::new();
	batcher
		.run(|event| {
			if let Event::Finished { request, .. } = event {
				finished.push(request);
			}
		})
		.unwrap();
	assert_eq!(finished, [third]);
}

/// The pieces of text and the answer of one request.
fn answer(prompt: &str, max_tokens: u32, stops: &[&str], decode_tokens: u32) -> (String, Answer) {
	let program = decoder();
	let tokenizer = tokenizer(&program);
	let limits = BatchLimits { decode_tokens, ..BatchLimits::default() };
	let request = Request {
		sampling: Sampling { temperature: 1.0, seed: [5; 4], ..GREEDY },
		..request(&tokenizer.encode(prompt).unwrap(), max_tokens)
	};
	let stops: Vec<String> = stops.iter().map(|stop| (*stop).to_owned()).collect();
	let mut generator = Generator::new(batcher(limits, Limits::NONE), tokenizer);
	generator.submit(request, &stops).unwrap();
	let mut streamed = String::new();
	loop {
		for event in generator.step().unwrap() {
			match event {
				TextEvent::Text { text, .. } => streamed.push_str(&text),
				TextEvent::Finished { answer, .. } => {
					assert!(generator.is_idle());
					return (streamed, answer);
				}
				TextEvent::Failed { error, .. } => panic!("{error}"),
			}
		}
	}
}

#[test]
fn text_comes_in_pieces_and_ends_at_a_stop_string() {
	let (streamed, whole) = answer("w10 w20", 12, &[], 1);
	assert_eq!(streamed, whole.text);
	assert_eq!(whole.reason, FinishReason::Length);
	assert_eq!(whole.tokens.len(), 12);
	assert_eq!(whole.hash, hash_of_tokens(&whole.tokens));

	let words: Vec<&str> = whole.text.split(' ').collect();
	let stop = format!("{} {}", words[5], words[6]);
	let before = whole.text.find(&stop).unwrap();
	for decode_tokens in [1, 5] {
		let (streamed, stopped) = answer("w10 w20", 12, &["none", &stop], decode_tokens);
		assert_eq!(streamed, whole.text[..before]);
		assert_eq!(stopped.text, streamed);
		assert_eq!(stopped.reason, FinishReason::StopString);
		assert!(whole.tokens.starts_with(&stopped.tokens));
		assert!(stopped.tokens.len() <= 7, "{:?}", stopped.tokens);
	}
}
