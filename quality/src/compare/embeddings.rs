//! How both models embed the same texts.

use assay_model::EmbedFigures;

use crate::{
	metrics::{cosine, quantile, spearman},
	QualityError,
};

/// Fewest texts whose pairs have an order that can differ.
const LEAST_TEXTS: usize = 3;

/// Texts whose pairs are compared: the first so many. The pairs grow with the square of the texts.
const PAIRED_TEXTS: usize = 1000;

/// Compares embeddings text by text, and the order of the similarities of all pairs of texts.
///
/// # Errors
/// If there are too few.
pub fn compare_embeddings(
	float: &[Vec<f64>],
	exact: &[Vec<f64>],
) -> Result<EmbedFigures, QualityError> {
	if float.len() < LEAST_TEXTS {
		let found = format!("{} texts", float.len());
		return Err(QualityError::TooFew { found, least: LEAST_TEXTS });
	}
	let mut cosines: Vec<f64> = float.iter().zip(exact).map(|(a, b)| cosine(a, b)).collect();
	cosines.sort_by(f64::total_cmp);
	Ok(EmbedFigures {
		cosine_min: quantile(&cosines, 0.0),
		cosine_percentile_1: quantile(&cosines, 0.01),
		cosine_median: quantile(&cosines, 0.5),
		rank_correlation: spearman(&similarities(float), &similarities(exact)),
	})
}

/// The cosines of all pairs.
fn similarities(vectors: &[Vec<f64>]) -> Vec<f64> {
	let vectors = &vectors[..vectors.len().min(PAIRED_TEXTS)];
	let pairs = (0..vectors.len()).flat_map(|a| (a + 1..vectors.len()).map(move |b| (a, b)));
	pairs.map(|(a, b)| cosine(&vectors[a], &vectors[b])).collect()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn equal_embeddings_are_perfect() {
		let vectors = vec![vec![1.0, 0.0], vec![0.8, 0.6], vec![0.0, 1.0]];
		let figures = compare_embeddings(&vectors, &vectors).unwrap();
		assert!((figures.cosine_min - 1.0).abs() < 1e-15);
		assert!((figures.rank_correlation - 1.0).abs() < 1e-15);
	}

	#[test]
	fn one_turned_embedding_shows() {
		let float = vec![vec![1.0, 0.0], vec![0.8, 0.6], vec![0.0, 1.0]];
		let mut exact = float.clone();
		exact[0] = vec![0.0, 1.0];
		let figures = compare_embeddings(&float, &exact).unwrap();
		assert_eq!(figures.cosine_min, 0.0);
		assert_eq!(figures.cosine_median, 1.0);
		// Similarities 0.8, 0, 0.6 became 0.6, 1, 0.6.
		assert!(figures.rank_correlation < 0.0);
	}

	#[test]
	fn two_texts_have_no_order() {
		let vectors = vec![vec![1.0, 0.0]; 2];
		assert!(compare_embeddings(&vectors, &vectors).is_err());
	}
}
