//! Quantisation of rows to integer codes (SPEC 7).

mod asymmetric;
mod code;
mod symmetric;
mod weights;

pub use asymmetric::{
	asymmetric, asymmetric_codes, asymmetric_stats, AsymmetricRow, AsymmetricStats,
};
pub use code::{Code, Digits};
pub use symmetric::{symmetric, symmetric_codes, symmetric_stats, SymmetricRow, SymmetricStats};
pub use weights::{group_multiplier, group_multipliers_len, import_grouped_row, GroupedRow, GROUP};

use alloc::{borrow::Cow, vec::Vec};

use crate::{
	error::{length, Error},
	float::canon,
};

/// Greatest magnitude of an asymmetric code and of a zero point.
const ONE_DIGIT: i32 = 127;

/// CANON(CANON(x) * CANON(m)) where multipliers are given, else the row as it is.
fn multiplied<'a>(
	op: &'static str,
	x: &'a [f32],
	multipliers: Option<&[f32]>,
) -> Result<Cow<'a, [f32]>, Error> {
	let Some(multipliers) = multipliers else { return Ok(Cow::Borrowed(x)) };
	length(op, "multipliers", x.len(), multipliers.len())?;
	let product = x.iter().zip(multipliers).map(|(&x, &m)| canon(canon(x) * canon(m)));
	Ok(Cow::Owned(product.collect::<Vec<_>>()))
}
