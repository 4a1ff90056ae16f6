//! Sampling parameters as people write them, and the integers of SPEC 13.2 that they mean.
//!
//! Probabilities become multiples of 1/65536 by exact rounding of the decimal, never through a float, so
//! that every client that reads the same text signs the same job.

use assay_kernels_exact::sampler::{Sampling, ONE_16};

/// The choice without chance: the greatest logit, all filters off.
pub const GREEDY: Sampling =
	Sampling { temperature: 0.0, top_k: 0, top_p: ONE_16, min_p: 0, seed: [0; 4] };

/// Least and greatest temperature besides 0; the sampler reads others as these.
const TEMPERATURES: (f32, f32) = (1.0 / 1024.0, 1024.0);

/// Most significant digits of a probability: what keeps the rounding inside of 128 bits.
const MAX_DIGITS: usize = 28;

/// Why a text is no sampling parameter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SamplingError {
	/// No temperature.
	#[error("'{0}' is no temperature; give 0 for no chance, or a number from 1/1024 to 1024")]
	Temperature(String),
	/// No probability.
	#[error("'{0}' is no probability; give a decimal number from 0 to 1 of at most 28 digits")]
	Probability(String),
	/// No seed.
	#[error(
		"'{0}' is no seed; give an integer below 2^128, or 0x and the 32 or 64 hexadecimal digits of \
		 its bytes"
	)]
	Seed(String),
}

/// A temperature: the f32 nearest to the decimal.
///
/// # Errors
/// For anything but 0 and numbers from 1/1024 to 1024.
pub fn parse_temperature(text: &str) -> Result<f32, SamplingError> {
	let (least, greatest) = TEMPERATURES;
	text.parse()
		.ok()
		.filter(|&value: &f32| value == 0.0 || (least..=greatest).contains(&value))
		// The text "-0" means the same and is another job.
		.map(|value| if value == 0.0 { 0.0 } else { value })
		.ok_or_else(|| SamplingError::Temperature(text.to_owned()))
}

/// A probability in units of 1/65536, halves rounded up: what `top_p` and `min_p` are.
///
/// # Errors
/// For anything but a decimal number from 0 to 1.
pub fn parse_probability(text: &str) -> Result<u32, SamplingError> {
	decimal(text)
		.and_then(|(digits, scale)| in_65536ths(digits, scale))
		.ok_or_else(|| SamplingError::Probability(text.to_owned()))
}

/// The first 16 bytes of a seed as four little-endian words.
///
/// An integer stands for its 16 little-endian bytes, hexadecimal digits for bytes in their order; of
/// 32 bytes, which is what a job carries, the sampler reads the first 16.
///
/// # Errors
/// For anything else.
pub fn parse_seed(text: &str) -> Result<[u32; 4], SamplingError> {
	let bytes = match text.strip_prefix("0x") {
		Some(digits) => hexadecimal(digits),
		None => text.parse().ok().map(u128::to_le_bytes),
	};
	let bytes = bytes.ok_or_else(|| SamplingError::Seed(text.to_owned()))?;
	let word = |n: usize| {
		u32::from_le_bytes([bytes[4 * n], bytes[4 * n + 1], bytes[4 * n + 2], bytes[4 * n + 3]])
	};
	Ok([word(0), word(1), word(2), word(3)])
}

/// The seed's 16 bytes in the form that [`parse_seed`] reads.
pub fn seed_text(seed: [u32; 4]) -> String {
	let digits: String =
		seed.iter().flat_map(|word| word.to_le_bytes()).map(|byte| format!("{byte:02x}")).collect();
	format!("0x{digits}")
}

fn hexadecimal(digits: &str) -> Option<[u8; 16]> {
	let is_seed = matches!(digits.len(), 32 | 64) && digits.bytes().all(|b| b.is_ascii_hexdigit());
	let first = digits.get(..32).filter(|_| is_seed)?;
	u128::from_str_radix(first, 16).ok().map(u128::to_be_bytes)
}

/// The number as digits / 10^scale. Signs are refused; an exponent is not, as JSON writes one.
fn decimal(text: &str) -> Option<(u128, i32)> {
	let (mantissa, exponent) = match text.split_once(['e', 'E']) {
		Some((mantissa, exponent)) => (mantissa, exponent.parse::<i16>().ok()?),
		None => (text, 0),
	};
	let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
	let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
	if whole.len() + fraction.len() == 0 || !is_digits(whole) || !is_digits(fraction) {
		return None;
	}
	let digits = format!("{whole}{fraction}");
	let digits = digits.trim_start_matches('0');
	if digits.len() > MAX_DIGITS {
		return None;
	}
	let scale = i32::try_from(fraction.len()).ok()? - i32::from(exponent);
	Some((if digits.is_empty() { 0 } else { digits.parse().ok()? }, scale))
}

fn in_65536ths(digits: u128, scale: i32) -> Option<u32> {
	if digits == 0 {
		return Some(0);
	}
	let one = match u32::try_from(scale) {
		// Fewer than 28 digits behind so many zeros are nearer to 0 than to 1/65536.
		Ok(scale) if scale > 36 => return Some(0),
		Ok(scale) => 10_u128.pow(scale),
		// A positive integer times a power of ten.
		Err(_) => return None,
	};
	if digits > one {
		return None;
	}
	u32::try_from((2 * digits * u128::from(ONE_16) + one) / (2 * one)).ok()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn probabilities_are_rounded_once_and_exactly() {
		for (text, expected) in [
			("0", 0),
			("0.0", 0),
			("1", 65_536),
			("1.000", 65_536),
			(".5", 32_768),
			("0.95", 62_259), // 62259.2
			("0.9", 58_982),  // 58982.4
			("0.05", 3277),   // 3276.8
			("5e-2", 3277),
			("10e-1", 65_536),
			("0.00000762939453125", 1), // half of 1/65536
			("0.00000762939453124", 0),
			("0.9999999999999999999999999999", 65_536),
			("0.0000000000000000000000000000000000000000000000001", 0),
			("1e-300", 0),
		] {
			assert_eq!(parse_probability(text), Ok(expected), "{text}");
		}
	}

	#[test]
	fn every_multiple_of_the_unit_is_read_as_itself() {
		for n in (0..=ONE_16).step_by(97) {
			let exact = format!("{:.16}", f64::from(n) / 65_536.0);
			assert_eq!(parse_probability(&exact), Ok(n), "{exact}");
		}
	}

	#[test]
	fn what_is_no_probability_is_refused() {
		for text in [
			"",
			".",
			"-0.1",
			"+0.1",
			"1.01",
			"2",
			"1e1",
			"nan",
			"inf",
			"0,9",
			"0x1",
			"1e99999",
			"0.12345678901234567890123456789",
			"٠",
		] {
			let refused = Err(SamplingError::Probability(text.to_owned()));
			assert_eq!(parse_probability(text), refused, "{text}");
		}
	}

	#[test]
	fn temperatures_are_the_nearest_f32() {
		assert_eq!(parse_temperature("0.7").unwrap().to_bits(), 0x3f33_3333);
		assert_eq!(parse_temperature("-0").unwrap().to_bits(), 0);
		assert_eq!(parse_temperature("1024").unwrap(), 1024.0);
		for text in ["", "-1", "nan", "inf", "1025", "0.0001", "hot"] {
			assert!(parse_temperature(text).is_err(), "{text}");
		}
	}

	#[test]
	fn seeds_are_sixteen_bytes() {
		assert_eq!(parse_seed("0"), Ok([0; 4]));
		assert_eq!(parse_seed("4294967298"), Ok([2, 1, 0, 0]));
		let hex = "0x01000000020000000300000004000000";
		assert_eq!(parse_seed(hex), Ok([1, 2, 3, 4]));
		assert_eq!(parse_seed(&format!("{hex}{}", "f".repeat(32))), Ok([1, 2, 3, 4]));
		assert_eq!(seed_text([1, 2, 3, 4]), hex);
		let too_great = "340282366920938463463374607431768211456";
		for text in
			["", "0x", "0x01", "-1", too_great, &hex.replace('1', "g"), &hex.replace('1', "+")]
		{
			assert!(parse_seed(text).is_err(), "{text}");
		}
	}
}
