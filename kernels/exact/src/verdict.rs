//! The end of every trace: comparison with the committed output, and the conjunction (SPEC 15).

/// The last leaf of a trace whose output is the committed one.
pub const OK: u8 = 1;
/// The last leaf of a trace whose output differs.
pub const NOT_OK: u8 = 0;
/// Flags per tile, and tiles per conjunction.
pub const TILE: usize = 1024;

/// [`OK`] if a computed word equals the committed one, else [`NOT_OK`].
///
/// Words are token ids, or the bits of an embedding's elements.
pub const fn compare(computed: u32, committed: u32) -> u8 {
	if computed == committed {
		OK
	} else {
		NOT_OK
	}
}

/// [`OK`] if every flag is [`OK`]; every other byte counts as [`NOT_OK`]. No flags give [`OK`].
pub fn all(flags: &[u8]) -> u8 {
	if flags.iter().all(|&flag| flag == OK) {
		OK
	} else {
		NOT_OK
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn one_difference_decides() {
		assert_eq!(all(&[compare(5, 5), compare(6, 6)]), OK);
		assert_eq!(all(&[OK, compare(6, 7), OK]), NOT_OK);
		assert_eq!(all(&[OK, 255]), NOT_OK);
	}
}
