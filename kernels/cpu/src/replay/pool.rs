//! Mean pooling and its stages. Partial sums of a row of tiles are not added here: a sequence is
//! pooled at once.

use assay_kernels_vectors::{Case, Error};

use super::{
	operands::{checked, count, floats, own},
	Op, Replay,
};
use crate::{
	pool::{mean, mean_pool, Channels, CHANNELS},
	Engine,
};

pub(super) const OPS: &[Op] = &[
	("mean_pool", |engine, case| {
		let (x, columns) = (floats(case, "x")?, count(case, "columns")?);
		let mut out = vec![0.0; columns];
		let positions = [x.len() / columns.max(1)];
		checked(case, mean_pool(engine, &x, columns, &positions, &mut out))?;
		Ok(own("y", out))
	}),
	("pool_maxima", |engine, case| {
		Ok(own("maxima", maxima(engine, &floats(case, "x")?, count(case, "columns")?)))
	}),
	("pool_sums", pool_sums),
	("pool_mean", |engine, case| {
		let (sums, maxima) = (case.all::<i64>("sums")?, &floats(case, "maxima")?[..]);
		let positions = count(case, "positions")? as f32;
		Ok(own(
			"y",
			at_level!(engine, sums: &'a [i64], maxima: &'a [f32], positions: f32 => Vec<f32>, {
				let channels = sums.iter().zip(maxima);
				channels.map(|(&sum, &max)| mean(sum, max, positions)).collect()
			}),
		))
	}),
];

/// Some channels at a time, as pooling takes them: the first, and how many.
fn parts(columns: usize) -> impl Iterator<Item = (usize, usize)> {
	(0..columns).step_by(CHANNELS).map(move |first| (first, CHANNELS.min(columns - first)))
}

fn maxima(engine: Engine<'_>, x: &[f32], columns: usize) -> Vec<f32> {
	at_level!(engine, x: &'a [f32], columns: usize => Vec<f32>, {
		let mut maxima = Vec::with_capacity(columns);
		for (first, count) in parts(columns) {
			let channels = Channels { x, columns, first, count };
			maxima.extend_from_slice(&channels.maxima()[..count]);
		}
		maxima
	})
}

fn pool_sums(engine: Engine<'_>, case: &Case) -> Result<Replay, Error> {
	let (x, given) = (&floats(case, "x")?[..], &floats(case, "maxima")?[..]);
	let most = maxima(engine, x, given.len());
	if most.iter().zip(given).any(|(most, given)| most > given) {
		// No maxima: pooling itself has only true ones, within whose bounds it rounds.
		return Ok(Replay::Exact);
	}
	Ok(own(
		"sums",
		at_level!(engine, x: &'a [f32], given: &'a [f32] => Vec<i64>, {
			let columns = given.len();
			let mut sums = Vec::with_capacity(columns);
			for (first, count) in parts(columns) {
				let channels = Channels { x, columns, first, count };
				let mut maxima = [0.0; CHANNELS];
				maxima[..count].copy_from_slice(&given[first..first + count]);
				sums.extend_from_slice(&channels.sums(&maxima)[..count]);
			}
			sums
		}),
	))
}
