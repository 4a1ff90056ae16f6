//! The verdict, and the width of tiles.

use alloc::vec;

use assay_kernels_exact::{tile, verdict};

use super::{many, quantise::digits_of, single, Op};

pub(super) const OPS: &[Op] = &[
	("verdict", |c| {
		let committed = c.all::<u32>("committed")?;
		let computed = c.all::<u32>("computed")?;
		let flags: vec::Vec<u8> =
			computed.iter().zip(committed).map(|(&a, &b)| verdict::compare(a, b)).collect();
		let verdict = verdict::all(&flags);
		Ok(vec![many("flags", flags), single("verdict", verdict)])
	}),
	("verdict_all", |c| Ok(vec![single("verdict", verdict::all(c.all("flags")?))])),
	("linear_columns", |c| {
		let (inputs, weights) = (c.all::<u8>("input_digits")?, c.all::<u8>("weight_digits")?);
		let matrices = c.all::<u32>("matrices")?;
		let shapes = c.all::<u32>("k")?.iter().zip(inputs).zip(weights).zip(matrices);
		let mut columns = vec::Vec::new();
		for (((&k, &input), &weights), &matrices) in shapes {
			let (input, weights) = (digits_of(c, input)?, digits_of(c, weights)?);
			// 0 stands for a layer that is not admitted.
			let width = tile::linear_columns(k as usize, input, weights, matrices as usize);
			columns.push(width.unwrap_or(0) as u32);
		}
		Ok(vec![many("columns", columns)])
	}),
];
