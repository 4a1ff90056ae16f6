//! Stop strings: where the text of an answer ends.

/// Releases text up to the first stop string, and holds back what may become one.
///
/// What is released does not depend on how the text is cut into pieces: the stop string that is
/// complete first ends the text, of several that end at the same place the longest.
#[derive(Clone, Debug)]
pub struct StopFilter {
	stops: Vec<String>,
	held: String,
	has_stopped: bool,
}

impl StopFilter {
	/// A filter for these strings; empty ones never match.
	pub fn new(stops: &[String]) -> Self {
		let stops = stops.iter().filter(|stop| !stop.is_empty()).cloned().collect();
		Self { stops, held: String::new(), has_stopped: false }
	}

	/// Whether a stop string was seen. Nothing is released from then on.
	pub fn has_stopped(&self) -> bool {
		self.has_stopped
	}

	/// Takes the next piece of text and returns what can be shown by now.
	pub fn push(&mut self, piece: &str) -> String {
		if self.has_stopped {
			return String::new();
		}
		self.held.push_str(piece);
		let first = self
			.stops
			.iter()
			.filter_map(|stop| self.held.find(stop).map(|start| (start + stop.len(), start)))
			.min();
		if let Some((_, start)) = first {
			self.has_stopped = true;
			self.held.truncate(start);
			return std::mem::take(&mut self.held);
		}
		let kept = self.held.split_off(self.begin_of_candidate());
		std::mem::replace(&mut self.held, kept)
	}

	/// What is still held back when the text ends.
	pub fn finish(self) -> String {
		self.held
	}

	/// Where the longest end of the held text begins that a stop string begins with.
	fn begin_of_candidate(&self) -> usize {
		let is_candidate = |&start: &usize| {
			let end = &self.held[start..];
			self.stops.iter().any(|stop| stop.starts_with(end))
		};
		self.held
			.char_indices()
			.map(|(start, _)| start)
			.find(is_candidate)
			.unwrap_or(self.held.len())
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn filter(stops: &[&str]) -> StopFilter {
		StopFilter::new(&stops.iter().map(|stop| (*stop).to_owned()).collect::<Vec<_>>())
	}

	#[test]
	fn holds_back_only_what_may_become_a_stop_string() {
		let mut filter = filter(&["\n\nUser:"]);
		assert_eq!(filter.push("Yes.\n"), "Yes.");
		assert_eq!(filter.push("No.\n\nUs"), "\nNo.");
		assert_eq!(filter.push("eful.\n\nUser: more"), "\n\nUseful.");
		assert!(filter.has_stopped());
		assert_eq!(filter.push("more"), "");
		assert_eq!(filter.finish(), "");
	}

	#[test]
	fn gives_the_rest_at_the_end() {
		let mut filter = filter(&["END"]);
		assert_eq!(filter.push("the E"), "the ");
		assert_eq!(filter.clone().finish(), "E");
		assert_eq!(filter.push("N"), "");
		assert_eq!(filter.push("TER"), "ENTER");
	}

	#[test]
	fn of_several_matches_the_one_that_ends_first_cuts() {
		assert_eq!(filter(&["bcd", "c"]).push("abcde"), "ab");
		assert_eq!(filter(&["bc", "c"]).push("abcde"), "a");
	}

	#[test]
	fn without_stop_strings_all_is_shown_at_once() {
		assert_eq!(filter(&[""]).push("text"), "text");
	}

	/// One character at a time, by the definition.
	fn expected(text: &str, stops: &[String]) -> String {
		let ends = text.char_indices().map(|(start, c)| start + c.len_utf8());
		for end in ends {
			let seen = &text[..end];
			let stop =
				stops.iter().filter(|stop| seen.ends_with(stop.as_str())).map(String::len).max();
			if let Some(length) = stop {
				return seen[..end - length].to_owned();
			}
		}
		text.to_owned()
	}

	proptest! {
		#[test]
		fn the_pieces_do_not_matter(
			pieces in prop::collection::vec("[abé]{0,4}", 0..12),
			stops in prop::collection::vec("[abé]{1,4}", 0..4),
		) {
			let mut filter = StopFilter::new(&stops);
			let mut shown = String::new();
			for piece in &pieces {
				shown.push_str(&filter.push(piece));
			}
			shown.push_str(&filter.finish());
			prop_assert_eq!(shown, expected(&pieces.concat(), &stops));
		}
	}
}
