//! Values and elementary functions, which other operations consist of.

use assay_kernels_exact::{elementary as exact, float, sqrt};
use assay_kernels_vectors::{Case, Element, Error};

use super::{
	operands::{floats, own},
	Op, Replay,
};
use crate::{
	elementary::{exp2, phi, sigmoid, sincos, tanh},
	float::{canon, mag, rne, signed_key, SIGN},
};

/// A function of each element.
macro_rules! each {
	($engine:expr, $x:expr, $input:ty => $output:ty, $function:expr) => {{
		let x: &[$input] = $x;
		at_level!($engine, x: &'a [$input] => Vec<$output>, {
			x.iter().map(|&x| $function(x)).collect()
		})
	}};
}

pub(super) const OPS: &[Op] = &[
	("canon", |engine, case| Ok(own("y", each!(engine, case.all("x")?, f32 => f32, canon)))),
	("key", |engine, case| Ok(own("key", each!(engine, case.all("x")?, f32 => u32, key)))),
	("rne", |engine, case| {
		let ours = each!(engine, case.all("x")?, f32 => i32, rne);
		let admits = |x: f32| mag(x) <= (float::RNE_LIMIT as f32).to_bits();
		within(case, "n", ours, admits, float::rne)
	}),
	("sqrt", |engine, case| {
		let ours = each!(engine, case.all("x")?, f32 => f32, f32::sqrt);
		within(case, "y", ours, |x| x > 0.0 && x.is_normal(), sqrt)
	}),
	("exp2", |engine, case| {
		let ours = each!(engine, &floats(case, "x")?, f32 => f32, exp2);
		within(case, "y", ours, |x| x.abs() <= 126.0, exact::exp2)
	}),
	("sigmoid", |engine, case| {
		Ok(own("y", each!(engine, &floats(case, "x")?, f32 => f32, sigmoid)))
	}),
	("phi", |engine, case| Ok(own("y", each!(engine, &floats(case, "x")?, f32 => f32, phi)))),
	("tanh", |engine, case| Ok(own("y", each!(engine, &floats(case, "x")?, f32 => f32, tanh)))),
	("sincos", |engine, case| {
		let both = each!(engine, case.all("turns")?, u32 => (f32, f32), sincos);
		let (cos, sin) = both.into_iter().unzip();
		Ok(Replay::Own(vec![("cos", f32::wrap(cos)), ("sin", f32::wrap(sin))]))
	}),
];

/// KEY: [`signed_key`] counted from the least value instead of from zero.
#[inline(always)]
fn key(x: f32) -> u32 {
	signed_key(x.to_bits() as i32) as u32 ^ SIGN
}

/// Outputs of a function whose bounds here are narrower than those of its definition, which gives the
/// elements beyond them.
fn within<T: Element>(
	case: &Case,
	name: &'static str,
	ours: Vec<T>,
	admits: impl Fn(f32) -> bool,
	exact: impl Fn(f32) -> T,
) -> Result<Replay, Error> {
	let x = case.all::<f32>("x")?.iter();
	let y = x.zip(ours).map(|(&x, y)| if admits(x) { y } else { exact(x) });
	Ok(Replay::Within(vec![(name, T::wrap(y.collect()))]))
}
