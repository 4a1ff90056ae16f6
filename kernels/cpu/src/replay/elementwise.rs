//! Elementwise operations, activations and rotation.

use assay_kernels_exact::rope::Pairing;
use assay_kernels_vectors::{Case, Error};

use super::{
	operands::{activation, checked, float, floats, one_of, own},
	Op, Replay,
};
use crate::{
	elementwise,
	rope::{rotate, Angles},
	Engine,
};

pub(super) const OPS: &[Op] = &[
	("scale", |engine, case| {
		let factor = float(case, "factor")?;
		replaced(case, "x", |x| {
			elementwise::scale(engine, x, factor);
			Ok(())
		})
	}),
	("softcap", |engine, case| {
		let cap = float(case, "cap")?;
		replaced(case, "x", |x| {
			elementwise::softcap(engine, cap, x);
			Ok(())
		})
	}),
	("activate", |engine, case| {
		let activation = activation(case)?;
		replaced(case, "x", |x| {
			elementwise::activate(engine, activation, x);
			Ok(())
		})
	}),
	("gated", |engine, case| {
		let (activation, up) = (activation(case)?, floats(case, "up")?);
		replaced(case, "gate", |gate| elementwise::gated(engine, activation, gate, &up))
	}),
	("embedding_sum", |engine, case| {
		let (position, kind) = (floats(case, "position")?, floats(case, "kind")?);
		replaced(case, "word", |word| elementwise::embedding_sum(engine, word, &position, &kind))
	}),
	("add", |engine, case| {
		let (mut x, y) = (floats(case, "x")?, floats(case, "y")?);
		checked(case, elementwise::add(engine, &mut x, &y))?;
		Ok(own("z", x))
	}),
	("mul", |engine, case| {
		let (mut x, y) = (floats(case, "x")?, floats(case, "y")?);
		checked(case, elementwise::mul(engine, &mut x, &y))?;
		Ok(own("z", x))
	}),
	("rope_rotate", rope_rotate),
];

/// The output `y` of an operation that replaces its first operand.
fn replaced(
	case: &Case,
	first: &str,
	operation: impl FnOnce(&mut [f32]) -> Result<(), crate::Error>,
) -> Result<Replay, Error> {
	let mut y = floats(case, first)?;
	checked(case, operation(&mut y))?;
	Ok(own("y", y))
}

fn rope_rotate(engine: Engine<'_>, case: &Case) -> Result<Replay, Error> {
	let pairing = one_of(case, "pairing", &[Pairing::Halves, Pairing::Interleaved])?;
	let mut head = floats(case, "head")?;
	let mut angles = Angles::new();
	angles.fill(engine, case.all("phases")?, &[case.one("position")?]);
	let d = head.len();
	checked(case, rotate(engine, &mut head, d, d, &angles, pairing))?;
	Ok(own("y", head))
}
