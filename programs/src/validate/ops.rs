//! Checks of single operations whose types fit.

use crate::{
	bound::Bound,
	constant::Constant,
	dataflow::{Typed, TypedOp},
	fault::{Fault, Reason},
	limits::{MAX_HASHED_LEAVES, MAX_HEAD_DIM, MAX_ROW, MAX_TILE_WORK, MAX_WITNESS},
	op::{Attention, Elementwise, HeadNorm, Heads, Mask, Norm, OpKind, Quantise, TakeRows},
	program::{Kind, Program},
	stage::Stage,
};

/// Powers of two between which the magnitude of a constant lies.
type Range = (i8, i8);

/// Below, an epsilon vanishes beside the squares of the rows' least admitted maxima; above, it is no
/// correction.
const EPSILON: Range = (-40, 0);
/// Constants of attention are of the order of log₂ e ÷ √(head dimension).
const ATTENTION: Range = (-20, 4);
/// Factors and caps.
const FACTOR: Range = (-20, 20);

impl Program {
	pub(super) fn check_op(&self, kind: &OpKind, types: &TypedOp) -> Result<(), Reason> {
		match kind {
			OpKind::Normalise { norm, .. } => {
				whole_row(types)?;
				check_norm(norm)
			}
			OpKind::Quantise(Quantise { norm, .. }) => {
				whole_row(types)?;
				norm.as_ref().map_or(Ok(()), check_norm)
			}
			OpKind::Linear(_) | OpKind::Gated(_) => whole_row(types),
			OpKind::Heads(heads) => check_heads(heads, types),
			OpKind::Attention(attention) => self.check_attention(attention),
			OpKind::Elementwise(Elementwise::Scale { factor, .. }) => {
				check_constant("factor", *factor, FACTOR)
			}
			OpKind::Elementwise(Elementwise::Softcap { cap, .. }) => {
				check_constant("cap", *cap, FACTOR)
			}
			OpKind::Embed(_) | OpKind::Elementwise(_) => Ok(()),
			OpKind::Take { rows: TakeRows::Outputs, .. } => match self.kind {
				Kind::Generate { .. } => Ok(()),
				Kind::Embed => Err(Reason::NoOutputs),
			},
			OpKind::Take { rows: TakeRows::First, .. } => self.not_causal("the first position"),
			OpKind::Take { rows: TakeRows::Last, .. } => self.not_causal("the last position"),
			OpKind::MeanPool { .. } => self.not_causal("the mean over all positions"),
		}
	}

	fn check_attention(&self, attention: &Attention) -> Result<(), Reason> {
		check_constant("constant", attention.constant, ATTENTION)?;
		match attention.mask {
			Mask::Causal => Ok(()),
			Mask::Sliding { window: 0 } => Err(Reason::EmptyWindow),
			Mask::Sliding { .. } => Ok(()),
			Mask::Full => self.not_causal("the full mask"),
		}
	}

	/// Only programs that embed may look at all positions at once. Otherwise the pass over a finished
	/// output would compute something else than the passes that generated it.
	const fn not_causal(&self, what: &'static str) -> Result<(), Reason> {
		match self.kind {
			Kind::Generate { .. } => Err(Reason::NotCausal { what }),
			Kind::Embed => Ok(()),
		}
	}

	/// Every tile of the longest run can be checked.
	pub(super) fn check_bounds(&self, typed: &Typed<'_>) -> Result<(), Fault> {
		for (place, op, types) in typed.ops() {
			let bounds = typed.bounds_of(place.block, &op.kind, types, self.max_positions);
			for (stage, bound) in bounds.into_iter().flatten() {
				check_bound(stage, bound).map_err(|reason| place.fault(reason))?;
			}
		}
		Ok(())
	}
}

const fn check_bound(stage: Stage, bound: Bound) -> Result<(), Reason> {
	if bound.leaves > MAX_HASHED_LEAVES {
		Err(Reason::HashedLeaves { stage, found: bound.leaves })
	} else if bound.bytes > MAX_WITNESS {
		Err(Reason::WitnessBytes { stage, found: bound.bytes })
	} else if bound.work > MAX_TILE_WORK {
		Err(Reason::TileWork { stage, found: bound.work })
	} else {
		Ok(())
	}
}

/// Operand 0 is read by the row.
fn whole_row(types: &TypedOp) -> Result<(), Reason> {
	let found = types.operand(0).map_or(0, |input| input.form.columns());
	if found > MAX_ROW {
		return Err(Reason::RowWidth { operand: "input", found });
	}
	Ok(())
}

fn check_norm(norm: &Norm) -> Result<(), Reason> {
	match norm {
		Norm::Rms { eps, .. } | Norm::Layer { eps, .. } => check_constant("eps", *eps, EPSILON),
		Norm::L2 => Ok(()),
	}
}

fn check_heads(heads: &Heads, types: &TypedOp) -> Result<(), Reason> {
	let found = types.output.form.head_dim();
	if !(1..=MAX_HEAD_DIM).contains(&found) {
		return Err(Reason::HeadWidth { found });
	}
	match heads.norm {
		Some(HeadNorm { eps, .. }) => check_constant("eps", eps, EPSILON),
		None => Ok(()),
	}
}

fn check_constant(
	operand: &'static str,
	found: Constant,
	(low, high): Range,
) -> Result<(), Reason> {
	if !found.is_canonical() {
		return Err(Reason::ConstantForm { operand, found });
	}
	// Magnitudes order like their bits.
	let power = |exponent: i8| assay_kernels_exact::float::pow2(exponent.into()).to_bits();
	if (power(low)..=power(high)).contains(&(found.0 & 0x7fff_ffff)) {
		Ok(())
	} else {
		Err(Reason::ConstantRange { operand, found, low, high })
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	/// No admitted width reaches the limit of work, bytes being the narrower one; the check stays for
	/// operations to come.
	#[test]
	fn each_limit_of_a_tile_is_inclusive() {
		let most = Bound { bytes: MAX_WITNESS, leaves: MAX_HASHED_LEAVES, work: MAX_TILE_WORK };
		let stage = Stage::Range;
		assert_eq!(check_bound(stage, most), Ok(()));
		let found = MAX_TILE_WORK + 1;
		let excess = Reason::TileWork { stage, found };
		assert_eq!(check_bound(stage, Bound { work: found, ..most }), Err(excess));
		assert_eq!(
			alloc::format!("{excess}"),
			"a tile of its range can take 1048577 operations, at most 1048576 are admitted"
		);
		let found = MAX_WITNESS + 1;
		let excess = Reason::WitnessBytes { stage, found };
		assert_eq!(check_bound(stage, Bound { bytes: found, ..most }), Err(excess));
		let found = MAX_HASHED_LEAVES + 1;
		let excess = Reason::HashedLeaves { stage, found };
		assert_eq!(check_bound(stage, Bound { leaves: found, ..most }), Err(excess));
	}
}
