//! Amounts of the chain's token, written for people.

use anyhow::{Context, Result};
use serde_json::{Map, Value};

/// The name and the decimals of the chain's token, as its specification states them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
	/// Symbol, for example `ASY`.
	pub symbol: String,
	/// Decimal places of one token: its smallest unit is 10 to the power of minus this.
	pub decimals: u32,
}

impl Token {
	/// Reads the token from the answer of `system_properties`.
	pub fn from_properties(properties: &Map<String, Value>) -> Result<Self> {
		let symbol = properties
			.get("tokenSymbol")
			.and_then(Value::as_str)
			.context("the chain specification states no tokenSymbol")?;
		let decimals = properties
			.get("tokenDecimals")
			.and_then(Value::as_u64)
			.and_then(|decimals| u32::try_from(decimals).ok())
			// Above this one token no longer fits the balance type.
			.filter(|decimals| *decimals <= u128::MAX.ilog10())
			.context("the chain specification states no usable tokenDecimals")?;
		Ok(Self { symbol: symbol.to_owned(), decimals })
	}

	/// One token, in its smallest unit.
	pub fn one(&self) -> u128 {
		10_u128.pow(self.decimals)
	}

	/// The amount (smallest units) in tokens, with thousands separated and the fraction without
	/// trailing zeros: `1,234.5 ASY`.
	pub fn format(&self, amount: u128) -> String {
		let whole = group_thousands(amount / self.one());
		let fraction = amount % self.one();
		let symbol = &self.symbol;
		if fraction == 0 {
			return format!("{whole} {symbol}");
		}
		let digits = format!("{fraction:0width$}", width = self.decimals as usize);
		format!("{whole}.{} {symbol}", digits.trim_end_matches('0'))
	}
}

fn group_thousands(number: u128) -> String {
	let digits = number.to_string();
	let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
	for (index, digit) in digits.chars().enumerate() {
		if index > 0 && (digits.len() - index).is_multiple_of(3) {
			grouped.push(',');
		}
		grouped.push(digit);
	}
	grouped
}

#[cfg(test)]
mod tests {
	use super::*;
	use serde_json::json;

	fn properties(value: Value) -> Map<String, Value> {
		value.as_object().cloned().unwrap_or_default()
	}

	#[test]
	fn should_write_tokens_with_a_short_fraction() {
		let token = Token { symbol: "ASY".into(), decimals: 12 };
		assert_eq!(token.format(0), "0 ASY");
		assert_eq!(token.format(1), "0.000000000001 ASY");
		assert_eq!(token.format(1_500_000_000_000), "1.5 ASY");
		assert_eq!(token.format(1_234_567 * token.one()), "1,234,567 ASY");
		assert_eq!(token.format(u128::MAX), "340,282,366,920,938,463,463,374,607.431768211455 ASY");
	}

	#[test]
	fn should_read_the_token_of_a_chain_specification() -> Result<()> {
		let stated = properties(json!({ "tokenSymbol": "ASY", "tokenDecimals": 12 }));
		assert_eq!(Token::from_properties(&stated)?, Token { symbol: "ASY".into(), decimals: 12 });
		Ok(())
	}

	#[test]
	fn should_refuse_missing_or_impossible_decimals() {
		for unusable in [
			json!({ "tokenSymbol": "ASY" }),
			json!({ "tokenSymbol": "ASY", "tokenDecimals": 39 }),
			json!({ "tokenDecimals": 12 }),
		] {
			assert!(Token::from_properties(&properties(unusable)).is_err());
		}
	}
}
