//! Which tokens both models read.

use assay_engine::tokenizer::Tokenizer;

use super::Problem;
use crate::{error::TextFault, text::Texts, QualityError};

/// Share in percent of one token, of which on a text tells nothing about a model.
const MOST_OF_ONE_TOKEN: usize = 50;

/// Tokens, and from where on their predictions count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
	/// At least two.
	pub tokens: Vec<u32>,
	/// The first token whose prediction counts: the second, or the first of an answer.
	pub first_predicted: usize,
	/// The problem, where the text is one.
	pub problem: Option<Problem>,
}

/// The sequences of texts: a text that is longer than `limit` tokens becomes several, and of a problem
/// the answer alone counts.
///
/// # Errors
/// If a text has no tokens, a problem is too long, or the built-in text means nothing to the model.
pub fn sequences(
	tokenizer: &Tokenizer,
	texts: &Texts,
	limit: usize,
) -> Result<Vec<Sequence>, QualityError> {
	let mut sequences = Vec::new();
	for (index, text) in texts.texts.iter().enumerate() {
		match &text.answer {
			Some(answer) => {
				let problem = problem(tokenizer, &text.prompt, answer, limit);
				sequences.push(problem.map_err(|fault| QualityError::text(index, fault))?);
			}
			None => {
				let tokens = tokenizer.encode(&text.prompt);
				let tokens = tokens.map_err(|error| QualityError::text(index, error))?;
				let pieces = tokens.chunks(limit.max(2)).filter(|piece| piece.len() > 1);
				sequences.extend(pieces.map(|piece| Sequence {
					tokens: piece.to_vec(),
					first_predicted: 1,
					problem: None,
				}));
			}
		}
	}
	if sequences.is_empty() {
		return Err(QualityError::TooFew { found: "texts of one token each".to_owned(), least: 2 });
	}
	match texts.is_built_in.then(|| most_frequent_percent(&sequences)) {
		Some(percent) if percent > MOST_OF_ONE_TOKEN => Err(QualityError::ForeignText { percent }),
		_ => Ok(sequences),
	}
}

fn problem(
	tokenizer: &Tokenizer,
	prompt: &str,
	answer: &str,
	limit: usize,
) -> Result<Sequence, TextFault> {
	let tokens = tokenizer.encode(&format!("{prompt}{answer}"))?;
	let prompt = tokenizer.encode(prompt)?;
	// A token that spans the end of the prompt is predicted with the answer.
	let shared = prompt.iter().zip(&tokens).take_while(|(a, b)| a == b).count();
	if shared == tokens.len() {
		return Err(TextFault::NoAnswer);
	}
	// With the token that ends an answer.
	let positions = prompt.len() + tokens.len() - shared + 1;
	if positions > limit {
		return Err(TextFault::TooLong { tokens: positions, limit });
	}
	let (answer, max_tokens) = (answer.to_owned(), tokens.len() - shared + 1);
	let problem = Some(Problem { prompt, answer, max_tokens });
	Ok(Sequence { tokens, first_predicted: shared.max(1), problem })
}

fn most_frequent_percent(sequences: &[Sequence]) -> usize {
	let predicted = |sequence: &Sequence| sequence.tokens[sequence.first_predicted..].to_vec();
	let mut tokens: Vec<u32> = sequences.iter().flat_map(predicted).collect();
	tokens.sort_unstable();
	let most = tokens.chunk_by(|a, b| a == b).map(<[u32]>::len).max().unwrap_or(0);
	100 * most / tokens.len().max(1)
}
