//! Balance of queries and keys.
//!
//! Some families have key biases far above what the weights contribute, so that one pair of channels
//! takes the whole range of a key head's codes. Queries and keys meet only in their product: the rows
//! of the query's pair can be multiplied by λ and those of the key's divided by it. λ evens out what
//! the two ranges can be expected to be; it lives in scales and biases and costs nothing at run time.

use crate::{
	plan::{copy_name, Balance, Plan, Projection},
	progress::Meter,
	quantise::{each_chunk, is_quantised, matrix_tensor, Factors},
	source::Checkpoint,
	ImportError,
};

/// How far an element of a normalised row's product is expected to reach, in standard deviations.
const REACH: f64 = 4.0;

/// λ stays within 2^-12..=2^12.
const LIMIT: f64 = 4096.0;

/// Computes the factors of the rows of queries and keys.
pub(crate) fn balance(
	plan: &Plan,
	checkpoint: &Checkpoint,
	factors: &mut Factors,
	meter: &mut Meter<'_>,
) -> Result<(), ImportError> {
	let Some(balance) = &plan.balance else { return Ok(()) };
	let (mut query_rows, mut key_rows) = (Vec::new(), Vec::new());
	for copy in 0..plan.matrix(balance.query.matrix).copies {
		let source = Source { plan, checkpoint, balance, copy };
		let query = source.ranges(&balance.query, meter)?;
		let key = source.ranges(&balance.key, meter)?;
		let lambda = lambda(balance, &query, &key);
		query_rows.push(per_row(balance, &lambda, balance.query.heads));
		key_rows.push(per_row(balance, &lambda, balance.key.heads));
	}
	factors.set(balance.query.factor, query_rows);
	factors.set(balance.key.factor, key_rows);
	Ok(())
}

/// Bytes of the source that [`balance`] reads.
pub(crate) fn source_bytes(plan: &Plan, checkpoint: &Checkpoint) -> Result<u64, ImportError> {
	let Some(balance) = &plan.balance else { return Ok(0) };
	let mut bytes = 0;
	for projection in [&balance.query, &balance.key] {
		let matrix = plan.matrix(projection.matrix);
		for copy in 0..matrix.copies {
			let name = copy_name(&matrix.source, copy);
			bytes += matrix_tensor(checkpoint, matrix, &name)?.bytes();
		}
	}
	Ok(bytes)
}

struct Source<'a> {
	plan: &'a Plan,
	checkpoint: &'a Checkpoint,
	balance: &'a Balance,
	copy: u16,
}

impl Source<'_> {
	/// How far each row of a projection is expected to reach on rows of norm 1: its bias, and some
	/// standard deviations of the product with the gain. Codes of a quantised matrix count without
	/// gain, as their scale does.
	fn ranges(
		&self,
		projection: &Projection,
		meter: &mut Meter<'_>,
	) -> Result<Vec<f64>, ImportError> {
		let matrix = self.plan.matrix(projection.matrix);
		let (rows, columns) = (matrix.rows as usize, matrix.columns as usize);
		let bias = self.vector(&projection.bias, rows)?;
		let name = copy_name(&matrix.source, self.copy);
		let tensor = matrix_tensor(self.checkpoint, matrix, &name)?;
		let mut ranges: Vec<f64> = bias.iter().map(|&bias| f64::from(bias).abs()).collect();
		if is_quantised(self.checkpoint, &name) {
			return Ok(ranges);
		}
		let gain = self.vector(&self.balance.gain, columns)?;
		each_chunk(&tensor, matrix, |first, chunk| {
			for (range, row) in ranges[first..].iter_mut().zip(chunk.chunks(columns)) {
				let mut sum = 0.0;
				// In order: an f64 sum depends on it.
				for (&weight, &gain) in row.iter().zip(&gain) {
					let product = f64::from(weight) * f64::from(gain);
					sum += product * product;
				}
				*range += REACH * sum.sqrt();
			}
			let rows = chunk.len() / columns;
			meter.advance((rows * tensor.row_bytes()) as u64)
		})?;
		Ok(ranges)
	}

	fn vector(&self, name: &str, length: usize) -> Result<Vec<f32>, ImportError> {
		let name = copy_name(name, self.copy);
		let (mut raw, mut elements) = (Vec::new(), Vec::new());
		self.checkpoint.floats(&name, &[length])?.read_floats(
			0,
			length,
			&mut raw,
			&mut elements,
		)?;
		Ok(elements)
	}
}

/// λ for each pair of each key head. Channels i and i + head_dim / 2 are a pair; all query heads of a
/// group share their key head's.
fn lambda(balance: &Balance, query: &[f64], key: &[f64]) -> Vec<f64> {
	let (dim, pairs) = (balance.head_dim as usize, balance.head_dim as usize / 2);
	let group = (balance.query.heads / balance.key.heads) as usize;
	let pair_range = |ranges: &[f64], head: usize, pair: usize| {
		let (first, second) = (ranges[head * dim + pair], ranges[head * dim + pair + pairs]);
		if first > second {
			first
		} else {
			second
		}
	};
	let one = |head: usize, pair: usize| {
		let key_range = pair_range(key, head, pair);
		let mut query_range = 0.0;
		for member in head * group..(head + 1) * group {
			let range = pair_range(query, member, pair);
			query_range = if range > query_range { range } else { query_range };
		}
		let ratio = key_range / query_range;
		// Not a number where both are zero.
		if ratio > 0.0 && ratio < f64::INFINITY {
			ratio.sqrt().clamp(1.0 / LIMIT, LIMIT)
		} else {
			1.0
		}
	};
	let heads = 0..balance.key.heads as usize;
	heads
		.flat_map(|head| (0..pairs).map(move |pair| (head, pair)))
		.map(|(h, p)| one(h, p))
		.collect()
}

/// λ of the pair and key head that each row of a projection belongs to.
#[allow(clippy::cast_possible_truncation, reason = "a factor is an f32, rounded to nearest")]
fn per_row(balance: &Balance, lambda: &[f64], heads: u32) -> Vec<f32> {
	let (dim, pairs) = (balance.head_dim as usize, balance.head_dim as usize / 2);
	let group = (heads / balance.key.heads) as usize;
	let row = |row: usize| lambda[row / dim / group * pairs + row % dim % pairs] as f32;
	(0..heads as usize * dim).map(row).collect()
}
