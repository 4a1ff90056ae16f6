//! Vectors beside vectors.

/// The cosine of the angle between two vectors of one length; NaN if one of them is zero.
pub fn cosine(a: &[f64], b: &[f64]) -> f64 {
	let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
	dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

/// The value that the share `q`, from 0 to 1, of `sorted` lies below: between two neighbours, linearly.
/// NaN of nothing.
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
	let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
	let place = q.clamp(0.0, 1.0) * last as f64;
	#[allow(
		clippy::cast_possible_truncation,
		clippy::cast_sign_loss,
		reason = "a place in the list: not negative, and at most its length"
	)]
	let below = place.floor() as usize;
	let above = (below + 1).min(last);
	sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn cosines_of_known_angles() {
		assert_eq!(cosine(&[2.0, 0.0], &[5.0, 0.0]), 1.0);
		assert_eq!(cosine(&[2.0, 0.0], &[0.0, 5.0]), 0.0);
		assert_eq!(cosine(&[1.0, 2.0, 2.0], &[-1.0, -2.0, -2.0]), -1.0);
		assert!((cosine(&[1.0, 0.0], &[1.0, 1.0]) - 0.5_f64.sqrt()).abs() < 1e-15);
		assert!(cosine(&[0.0], &[1.0]).is_nan());
	}

	#[test]
	fn quantiles_lie_between_neighbours() {
		let sorted = [1.0, 2.0, 4.0, 8.0];
		assert_eq!(quantile(&sorted, 0.0), 1.0);
		assert_eq!(quantile(&sorted, 0.5), 3.0);
		assert_eq!(quantile(&sorted, 1.0), 8.0);
		assert!((quantile(&sorted, 0.1) - 1.3).abs() < 1e-12);
		assert_eq!(quantile(&[7.0], 0.5), 7.0);
		assert!(quantile(&[], 0.5).is_nan());
	}
}
