//! Whether two lists are in the same order.

/// Ranks from 1; equal values share the mean of the ranks that they take.
pub fn ranks(values: &[f64]) -> Vec<f64> {
	let mut order: Vec<usize> = (0..values.len()).collect();
	order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
	let mut ranks = vec![0.0; values.len()];
	let mut begin = 0;
	for equals in order.chunk_by(|&a, &b| values[a] == values[b]) {
		let end = begin + equals.len();
		let shared = (begin + 1 + end) as f64 / 2.0;
		equals.iter().for_each(|&place| ranks[place] = shared);
		begin = end;
	}
	ranks
}

/// Spearman's rank correlation of two lists of one length; NaN if one has no order.
pub fn spearman(a: &[f64], b: &[f64]) -> f64 {
	pearson(&ranks(a), &ranks(b))
}

fn pearson(a: &[f64], b: &[f64]) -> f64 {
	let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
	let (mean_a, mean_b) = (mean(a), mean(b));
	let (mut both, mut of_a, mut of_b) = (0.0, 0.0, 0.0);
	for (a, b) in a.iter().zip(b) {
		let (a, b) = (a - mean_a, b - mean_b);
		both += a * b;
		of_a += a * a;
		of_b += b * b;
	}
	both / (of_a * of_b).sqrt()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn equal_values_share_a_rank() {
		assert_eq!(ranks(&[10.0, -1.0, 10.0, 3.0]), [3.5, 1.0, 3.5, 2.0]);
		assert_eq!(ranks(&[5.0; 3]), [2.0; 3]);
		assert_eq!(ranks(&[]), [0.0; 0]);
	}

	#[test]
	fn only_the_order_matters() {
		let values = [0.1, 0.5, 0.2, 0.9];
		let curved = values.map(f64::exp);
		assert!((spearman(&values, &curved) - 1.0).abs() < 1e-15);
		assert!((spearman(&values, &curved.map(|x| -x)) + 1.0).abs() < 1e-15);
		// One exchange of neighbours among four: 1 - 6 * 2 / (4 * 15).
		assert!((spearman(&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 4.0]) - 0.8).abs() < 1e-15);
		assert!(spearman(&[1.0, 1.0], &[1.0, 2.0]).is_nan());
	}
}
