//! Types of values.

use core::fmt;

use crate::op::{Codes, Digits, Role};

/// What a register holds: so many rows of such a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
	/// How many rows.
	pub rows: Rows,
	/// What a row is.
	pub form: Form,
}

/// How many rows a value has, in terms of the run's [`Shape`](crate::Shape).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
	/// One per position.
	Positions,
	/// One per output token.
	Outputs,
	/// One.
	One,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
	/// f32 elements.
	Float {
		/// How many.
		columns: u32,
	},
	/// Codes with the statistics of their row.
	Codes {
		/// How many codes.
		columns: u32,
		/// Their precision.
		codes: Codes,
	},
	/// Codes in heads, with a scale per head.
	Heads {
		/// What they are for.
		role: Role,
		/// How many heads.
		heads: u16,
		/// Channels per head.
		head_dim: u32,
		/// Digits of the codes.
		digits: Digits,
	},
}

impl Value {
	/// f32 rows.
	pub const fn float(rows: Rows, columns: u32) -> Self {
		Self { rows, form: Form::Float { columns } }
	}
}

impl Form {
	/// Columns of a row; of heads, those of all heads together.
	pub const fn columns(&self) -> u32 {
		match *self {
			Self::Float { columns } | Self::Codes { columns, .. } => columns,
			Self::Heads { heads, head_dim, .. } => head_dim.saturating_mul(heads as u32),
		}
	}

	/// Channels of a head; of rows without heads, their columns.
	pub const fn head_dim(&self) -> u32 {
		match *self {
			Self::Float { columns } | Self::Codes { columns, .. } => columns,
			Self::Heads { head_dim, .. } => head_dim,
		}
	}
}

impl fmt::Display for Value {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "{}, {}", self.form, self.rows)
	}
}

impl fmt::Display for Rows {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::Positions => "a row per position",
			Self::Outputs => "a row per output token",
			Self::One => "one row",
		})
	}
}

impl fmt::Display for Form {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Float { columns } => write!(f, "f32 rows of {columns} columns"),
			Self::Codes { columns, codes } => {
				let window = if *codes == Codes::OneAsymmetric { "asymmetric " } else { "" };
				write!(f, "{window}{} codes of {columns} columns", codes.digits())
			}
			Self::Heads { role, heads, head_dim, digits } => {
				write!(f, "{heads} {role} heads of {head_dim} {digits} codes")
			}
		}
	}
}

impl fmt::Display for Digits {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::One => "one-digit",
			Self::Two => "two-digit",
		})
	}
}

impl fmt::Display for Role {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::Query => "query",
			Self::Key => "key",
			Self::Value => "value",
		})
	}
}
