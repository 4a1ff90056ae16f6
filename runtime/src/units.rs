//! Amounts of the native token and what storage costs in it.

use crate::Balance;

/// One token.
pub const ASY: Balance = 1_000_000_000_000;
/// A thousandth of a token.
pub const MILLI_ASY: Balance = ASY / 1_000;
/// A millionth of a token.
pub const MICRO_ASY: Balance = MILLI_ASY / 1_000;

/// Least balance of an account: below it the account is removed and the rest burns.
pub const EXISTENTIAL_DEPOSIT: Balance = MILLI_ASY;

/// What must be deposited to keep `items` entries with `bytes` bytes in all in storage, returned
/// when they go.
pub const fn deposit(items: u32, bytes: u32) -> Balance {
	items as Balance * 20 * MILLI_ASY + bytes as Balance * 100 * MICRO_ASY
}
