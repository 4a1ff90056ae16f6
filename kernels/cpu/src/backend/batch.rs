//! How the chunks of a step, or texts, are cut into passes.

use super::cache::Pages;

/// Rows of a pass: enough that the weights are read seldom, few enough that what is computed of
/// them has its place in memory however long a prompt is.
pub(super) const PASS_ROWS: usize = 1024;
/// Texts of a pass. Each takes a page of the cache, however short it is.
const PASS_TEXTS: usize = 64;

/// Consecutive positions of one sequence that go through the program together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'a> {
	/// Which chunk of the step, or which text.
	pub(super) chunk: usize,
	/// Position of the first token.
	pub(super) first: usize,
	/// A token for each position.
	pub(super) tokens: &'a [u32],
	/// How many of the last positions are outputs.
	pub(super) outputs: usize,
	/// Where keys and values are.
	pub(super) pages: &'a Pages,
}

impl<'a> Part<'a> {
	/// The first `count` positions, and the others.
	fn split_at(self, count: usize) -> (Self, Self) {
		let (head, tail) = self.tokens.split_at(count);
		let outputs = self.outputs.min(tail.len());
		let first = Self { tokens: head, outputs: self.outputs - outputs, ..self };
		(first, Self { first: self.first + count, tokens: tail, outputs, ..self })
	}

	/// The positions that are outputs.
	pub(super) fn output_positions(&self) -> core::ops::Range<usize> {
		let end = self.first + self.tokens.len();
		end - self.outputs..end
	}
}

/// Passes over chunks, which may be cut anywhere because no position sees a later one.
pub(super) fn cut<'a>(chunks: impl IntoIterator<Item = Part<'a>>) -> Vec<Vec<Part<'a>>> {
	let mut passes = Vec::new();
	let (mut pass, mut room) = (Vec::new(), PASS_ROWS);
	for mut rest in chunks {
		while rest.tokens.len() > room {
			let (part, others) = rest.split_at(room);
			if room > 0 {
				pass.push(part);
			}
			passes.push(core::mem::take(&mut pass));
			(rest, room) = (others, PASS_ROWS);
		}
		room -= rest.tokens.len();
		pass.push(rest);
	}
	if !pass.is_empty() {
		passes.push(pass);
	}
	passes
}

/// Passes of at most `most_rows` rows over texts, each of which stays whole.
pub(super) fn group<'t, 'a>(
	texts: &'t [&'a [u32]],
	most_rows: usize,
) -> impl Iterator<Item = &'t [&'a [u32]]> {
	let mut rest = texts;
	core::iter::from_fn(move || {
		let mut rows = 0;
		let mut fits = |text: &&[u32]| {
			rows += text.len();
			rows <= most_rows
		};
		// One text longer than a pass is a pass of its own.
		let count = rest.iter().take(PASS_TEXTS).take_while(|text| fits(text)).count().max(1);
		let (group, others) = rest.split_at_checked(count)?;
		rest = others;
		Some(group)
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	fn part<'a>(chunk: usize, tokens: &'a [u32], outputs: usize, pages: &'a Pages) -> Part<'a> {
		Part { chunk, first: 10 * chunk, tokens, outputs, pages }
	}

	#[test]
	fn chunks_are_cut_at_full_passes_and_keep_their_outputs() {
		let (pages, tokens) = (Pages::default(), vec![7; 2 * PASS_ROWS + 1]);
		let all = [(5, 5), (PASS_ROWS - 5, 0), (2 * PASS_ROWS + 1, PASS_ROWS + 2), (1, 1)];
		let chunks = all
			.iter()
			.enumerate()
			.map(|(chunk, &(count, outputs))| part(chunk, &tokens[..count], outputs, &pages));
		let seen: Vec<Vec<_>> = cut(chunks)
			.iter()
			.map(|pass| {
				pass.iter().map(|p| (p.chunk, p.first, p.tokens.len(), p.outputs)).collect()
			})
			.collect();
		let second = 20 + PASS_ROWS;
		assert_eq!(
			seen,
			[
				vec![(0, 0, 5, 5), (1, 10, PASS_ROWS - 5, 0)],
				vec![(2, 20, PASS_ROWS, 1)],
				vec![(2, second, PASS_ROWS, PASS_ROWS)],
				vec![(2, second + PASS_ROWS, 1, 1), (3, 30, 1, 1)],
			]
		);
		assert!(cut([]).is_empty());
	}

	#[test]
	fn texts_stay_whole() {
		let long = vec![0; PASS_ROWS + 1];
		let mut texts: Vec<&[u32]> = vec![&long[..1]; PASS_TEXTS + 1];
		texts.extend([&long[..], &long[..PASS_ROWS - 1], &long[..1], &long[..1]]);
		let groups: Vec<usize> = group(&texts, PASS_ROWS).map(<[_]>::len).collect();
		assert_eq!(groups, [PASS_TEXTS, 1, 1, 2, 1]);
		assert_eq!(group(&[], PASS_ROWS).count(), 0);
	}
}
