//! How a sentence-transformers folder makes one vector of many.

use std::path::Path;

use serde_json::Value;

use super::read_json;
use crate::QualityError;

/// How the encoder's rows become the embedding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pooling {
	pub(super) rows: PooledRows,
	/// Whether the vector is scaled to length 1.
	pub(super) normalise: bool,
}

/// Which rows make the vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PooledRows {
	/// The mean of all.
	Mean,
	/// That of the first token.
	First,
	/// That of the last token.
	Last,
}

/// The modes that can be computed, by the name of their switch.
const MODES: [(&str, PooledRows); 3] = [
	("pooling_mode_mean_tokens", PooledRows::Mean),
	("pooling_mode_cls_token", PooledRows::First),
	("pooling_mode_lasttoken", PooledRows::Last),
];

impl Pooling {
	/// Reads `modules.json` and the file of its pooling module. A folder without is a bare encoder, for
	/// which the normalised mean is the custom.
	pub(super) fn read(folder: &Path) -> Result<Self, QualityError> {
		let path = folder.join("modules.json");
		if !path.is_file() {
			return Ok(Self { rows: PooledRows::Mean, normalise: true });
		}
		let modules: Vec<Value> = read_json(&path)?;
		let module = |name: &str| {
			modules
				.iter()
				.find(|module| module["type"].as_str().is_some_and(|ty| ty.ends_with(name)))
		};
		let Some(pooling) = module(".Pooling").and_then(|module| module["path"].as_str()) else {
			let expected = "a module of type Pooling with a path is needed";
			let found = Value::from(modules.clone()).to_string();
			return Err(QualityError::Option { path, option: "type", found, expected });
		};
		let path = folder.join(pooling).join("config.json");
		let switches: Value = read_json(&path)?;
		let on: Vec<PooledRows> = MODES
			.iter()
			.filter(|(name, _)| switches[name] == true)
			.map(|(_, rows)| *rows)
			.collect();
		let &[rows] = on.as_slice() else {
			let expected = "exactly one of mean, cls and lasttoken can be compared";
			let found = switches.to_string();
			return Err(QualityError::Option { path, option: "pooling_mode", found, expected });
		};
		Ok(Self { rows, normalise: module(".Normalize").is_some() })
	}

	/// The vector of a text, from its tokens' rows. At least one row.
	pub(super) fn apply(self, rows: &[Vec<f32>]) -> Vec<f64> {
		let single = |row: Option<&Vec<f32>>| -> Vec<f64> {
			row.into_iter().flatten().copied().map(f64::from).collect()
		};
		let mut vector = match self.rows {
			PooledRows::First => single(rows.first()),
			PooledRows::Last => single(rows.last()),
			PooledRows::Mean => {
				let column =
					|column| rows.iter().map(move |row| f64::from(row[column])).sum::<f64>();
				let columns = rows.first().map_or(0, Vec::len);
				(0..columns).map(|index| column(index) / rows.len() as f64).collect()
			}
		};
		if self.normalise {
			let length = vector.iter().map(|element| element * element).sum::<f64>().sqrt();
			vector.iter_mut().for_each(|element| *element /= length);
		}
		vector
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn rows_become_the_vector_that_is_asked_for() {
		let rows = [vec![1.0, 2.0], vec![3.0, 0.0], vec![2.0, 10.0]];
		let apply = |rows_of, normalise| Pooling { rows: rows_of, normalise }.apply(&rows);
		assert_eq!(apply(PooledRows::Mean, false), [2.0, 4.0]);
		assert_eq!(apply(PooledRows::First, false), [1.0, 2.0]);
		assert_eq!(apply(PooledRows::Last, false), [2.0, 10.0]);
		let normalised =
			Pooling { rows: PooledRows::Mean, normalise: true }.apply(&[vec![3.0, 4.0]]);
		assert_eq!(normalised, [0.6, 0.8]);
	}
}
