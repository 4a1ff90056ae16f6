//! Embedding: a text's vector is its own, and no text is cut.

#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;

use assay_engine::{
	embedding::{Embedder, EmbeddingError},
	output::hash_of_embedding,
	tokenizer::TokenizerError,
};
use assay_kernels_backend::Limits;
use common::{encoder, executor, tokenizer};

fn embedder(step_tokens: u32) -> Embedder {
	let program = encoder();
	let limits = Limits { step_tokens, ..Limits::NONE };
	Embedder::new(executor(&program, 3, limits), &program, tokenizer(&program))
}

#[test]
fn vectors_do_not_depend_on_other_texts() {
	let texts = ["w5", "w5 w6 w9", "w11 w12", "w5"];
	let tokens = |embedder: &Embedder, text: &str| embedder.tokens(text).unwrap();
	let mut one = embedder(u32::MAX);
	let alone: Vec<_> = texts
		.iter()
		.map(|text| one.embed(vec![tokens(&one, text)], |_| {}).unwrap().remove(0))
		.collect();
	for step_tokens in [1, 6, 512] {
		let mut embedder = embedder(step_tokens);
		let all = texts.iter().map(|text| tokens(&embedder, text)).collect();
		let mut done = Vec::new();
		let together = embedder.embed(all, |count| done.push(count)).unwrap();
		assert_eq!(together, alone);
		assert_eq!(done.last(), Some(&4));
		assert!(done.is_sorted());
	}
	assert_eq!(alone[0].hash, alone[3].hash);
	assert_ne!(alone[0].hash, alone[1].hash);
	assert_eq!(alone[1].hash, hash_of_embedding(&alone[1].vector));
	assert_eq!(alone[1].tokens, [0, 5, 6, 9]);
}

#[test]
fn texts_that_do_not_fit_are_refused_with_the_limit() {
	let mut embedder = embedder(512);
	let fits = ["w5"; 15].join(" ");
	assert_eq!(embedder.tokens(&fits).unwrap().len(), 16);
	let long = embedder.tokens(&format!("{fits} w5")).unwrap_err();
	assert!(matches!(long, EmbeddingError::TooLong { tokens: 17, limit: 16 }), "{long}");
	let empty = embedder.tokens("").unwrap_err();
	assert!(matches!(empty, EmbeddingError::Tokenizer(TokenizerError::Empty)), "{empty}");
	let unknown = embedder.embed(vec![vec![0, 96]], |_| {}).unwrap_err();
	assert!(
		matches!(unknown, EmbeddingError::Tokenizer(TokenizerError::Unknown { token: 96, .. })),
		"{unknown}"
	);
}
