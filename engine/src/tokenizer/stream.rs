//! Tokens to text while they are made.
//!
//! The text of a token depends on its neighbours: a character may be several tokens, and spaces at the
//! begin of a word are written by some decoders only if something comes before. So a window of
//! the last tokens is decoded again for each new one, and what its text has more than before is new.

use super::Tokenizer;

/// Most tokens whose text is held back because it may not be complete. A character has at most four
/// bytes, so what is still broken after as many tokens stays broken.
const MAX_HELD: usize = 8;

/// Most tokens of a character that is not complete.
const MAX_INCOMPLETE: usize = 3;

/// What a decoder writes for bytes that are no character, or not one yet. It is a character of its own
/// too, which a model may write.
const REPLACEMENT: char = '\u{FFFD}';

/// The text of a growing list of tokens, in pieces of whole characters.
#[derive(Clone, Debug)]
pub struct TextStream {
	tokenizer: Tokenizer,
	window: Vec<u32>,
	/// How many tokens of the window are part of the text so far.
	settled: usize,
	/// The text of those.
	shown: String,
}

impl TextStream {
	/// A stream without any tokens yet.
	pub fn new(tokenizer: &Tokenizer) -> Self {
		let tokenizer = tokenizer.clone();
		Self { tokenizer, window: Vec::new(), settled: 0, shown: String::new() }
	}

	/// Appends a token and returns the text that is certain now, often but not always its own.
	pub fn push(&mut self, token: u32) -> String {
		if self.tokenizer.is_silent(token) {
			return String::new();
		}
		self.window.push(token);
		let text = self.tokenizer.decode(&self.window);
		let is_full = self.window.len() - self.settled >= MAX_HELD;
		let is_broken = text.ends_with(REPLACEMENT);
		if is_broken && !is_full {
			return String::new();
		}
		let (end, text) = if is_broken { self.least_broken() } else { (self.window.len(), text) };
		let piece = added(&self.shown, &text);
		if piece.is_empty() && !is_full {
			return piece;
		}
		self.window.drain(..self.settled);
		self.settled = end - self.settled;
		self.shown = self.tokenizer.decode(&self.window[..self.settled]);
		piece
	}

	/// The window without what may be the begin of a character, and its text: of the ends in question the
	/// one with the fewest broken characters before it, the last of those.
	fn least_broken(&self) -> (usize, String) {
		let tokens = self.window.len();
		let ends = (tokens - MAX_INCOMPLETE..=tokens).rev();
		let texts = ends.map(|end| (end, self.tokenizer.decode(&self.window[..end])));
		let broken = |text: &str| text.chars().filter(|&c| c == REPLACEMENT).count();
		// The first of equals is kept: the last end.
		texts.min_by_key(|(_, text)| broken(text)).unwrap_or_default()
	}

	/// What is still held back when no token follows.
	pub fn finish(self) -> String {
		added(&self.shown, &self.tokenizer.decode(&self.window))
	}
}

/// What `text` has after the characters that it begins with like `shown`. That is all of `shown`,
/// unless broken bytes were shown that later tokens read differently.
fn added(shown: &str, text: &str) -> String {
	let common: usize = shown
		.chars()
		.zip(text.chars())
		.take_while(|(a, b)| a == b)
		.map(|(a, _)| a.len_utf8())
		.sum();
	text[common..].to_owned()
}
