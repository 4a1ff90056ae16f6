//! Mixture of experts: routing by integer weights, combination in ascending expert id (SPEC 14).

use alloc::vec::Vec;

use crate::{
	error::{length, range, Error},
	float::canon,
	sampler::{best, max_of, pack, weight},
};

/// Most experts of a layer.
pub const MAX_EXPERTS: usize = 1024;

/// An expert chosen for a token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Routed {
	/// The expert's index among the router's logits.
	pub expert: u32,
	/// Its share; the shares of a token sum to one, rounding apart.
	pub share: f32,
}

/// The `k` experts with the greatest logits, equal ones by lower index, in ascending index.
///
/// Shares are W_e / sum of W over the chosen, W as in the sampler.
///
/// # Errors
/// [`Error::Range`] unless 1 <= k <= experts <= 1024.
pub fn route(logits: &[f32], k: usize) -> Result<Vec<Routed>, Error> {
	range("moe route", "experts", 1, MAX_EXPERTS, logits.len())?;
	range("moe route", "k", 1, logits.len(), k)?;
	let max = max_of(best(logits, 1.0, 0));
	let mut order: Vec<u32> = (0..logits.len() as u32).collect();
	order.sort_unstable_by_key(|&e| core::cmp::Reverse(pack(canon(logits[e as usize]), e)));
	order.truncate(k);
	order.sort_unstable();
	let weights: Vec<u64> = order.iter().map(|&e| weight(logits[e as usize], max)).collect();
	let total: u64 = weights.iter().sum();
	// The greatest logit is among the chosen and has weight 2^29, so the total is not zero.
	let share = |w: u64| canon(w as i64 as f32 / total as i64 as f32);
	Ok(order
		.into_iter()
		.zip(weights)
		.map(|(expert, w)| Routed { expert, share: share(w) })
		.collect())
}

/// CANON(((share_1 * y_1) + (share_2 * y_2)) + …) per element, in the order given.
///
/// # Errors
/// [`Error::Range`] unless there are 1..=1024 rows, [`Error::Length`] when there is not one share per
/// row or the rows differ in length.
pub fn combine(shares: &[f32], rows: &[&[f32]]) -> Result<Vec<f32>, Error> {
	range("moe combine", "rows", 1, MAX_EXPERTS, rows.len())?;
	length("moe combine", "shares", rows.len(), shares.len())?;
	let columns = rows[0].len();
	for row in rows {
		length("moe combine", "row", columns, row.len())?;
	}
	let element = |j: usize| {
		let mut products =
			rows.iter().zip(shares).map(|(row, &share)| canon(share) * canon(row[j]));
		let first = products.next().unwrap_or(0.0);
		canon(products.fold(first, |sum, product| sum + product))
	};
	Ok((0..columns).map(element).collect())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn ties_go_to_the_lower_index_and_shares_sum_to_one() {
		let routed = route(&[1.0, 2.0, 1.0, 2.0, 1.0], 3).unwrap();
		let experts: Vec<u32> = routed.iter().map(|r| r.expert).collect();
		assert_eq!(experts, [0, 1, 3]);
		let sum: f32 = routed.iter().map(|r| r.share).sum();
		assert!((sum - 1.0).abs() < 1e-6);
		let ratio = f64::from(routed[1].share / routed[0].share);
		assert!((ratio - core::f64::consts::E).abs() < 1e-5, "{ratio}");
	}

	#[test]
	fn combination_adds_in_the_given_order() {
		let rows: [&[f32]; 3] = [&[1.0e8], &[-1.0e8], &[1.0]];
		assert_eq!(combine(&[1.0, 1.0, 1.0], &rows).unwrap(), [1.0]);
		assert_eq!(combine(&[0.5], &[&[3.0, 4.0]]).unwrap(), [1.5, 2.0]);
		assert!(combine(&[1.0], &rows).is_err() && combine(&[], &[]).is_err());
	}

	#[test]
	fn routing_is_total() {
		let routed = route(&[f32::NAN, f32::NEG_INFINITY, f32::INFINITY], 2).unwrap();
		assert_eq!(routed[0], Routed { expert: 0, share: 0.5 });
		assert_eq!(routed[1].expert, 2);
		assert!(route(&[1.0], 2).is_err() && route(&[], 1).is_err());
	}
}
