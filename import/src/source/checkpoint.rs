//! The weights of a source: one safetensors file or several.

use std::{
	collections::{BTreeMap, BTreeSet},
	path::Path,
};

use assay_model::{SafetensorsFile, TensorPlace};
use safetensors::Dtype;
use serde_json::Value;

use super::{
	element::{decode, float_bytes, FLOATS},
	Folder,
};
use crate::{ImportError, TensorFault};

const SINGLE: &str = "model.safetensors";
const INDEX: &str = "model.safetensors.index.json";

/// All tensors of a source.
#[derive(Debug)]
pub(crate) struct Checkpoint {
	folder: Folder,
	/// Names of the files, in order, and what they hold.
	shards: Vec<(String, SafetensorsFile)>,
	/// Which shard has a tensor.
	tensors: BTreeMap<String, usize>,
}

/// A tensor of a source, in a form that is known to fit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SourceTensor<'c> {
	name: &'c str,
	file: &'c SafetensorsFile,
	place: &'c TensorPlace,
	/// Elements of a row; 1 for a vector.
	columns: usize,
}

impl Checkpoint {
	/// Opens all files of the weights.
	pub(crate) fn open(folder: &Folder) -> Result<Self, ImportError> {
		let mut names = BTreeSet::new();
		let mut index = BTreeMap::new();
		if let Some(entries) = folder.object(INDEX)? {
			let map = entries.get("weight_map").and_then(Value::as_object);
			let wrong = |what: &str| ImportError::Json {
				path: folder.file(INDEX),
				source: serde::de::Error::custom(what),
			};
			for (tensor, file) in map.ok_or_else(|| wrong("weight_map is missing"))? {
				let file = file.as_str().ok_or_else(|| wrong("weight_map holds no file name"))?;
				if Path::new(file).components().count() != 1 || file.starts_with('.') {
					return Err(wrong(&format!("{file} is no file beside the index")));
				}
				names.insert(file.to_owned());
				index.insert(tensor.clone(), file.to_owned());
			}
		} else if folder.has(SINGLE) {
			names.insert(SINGLE.to_owned());
		} else {
			return Err(ImportError::NoFile {
				folder: folder.path().to_path_buf(),
				file: SINGLE,
				fix: "weights are read from safetensors files only; download or convert them",
			});
		}
		let mut shards = Vec::new();
		let mut tensors = BTreeMap::new();
		for name in names {
			let path = folder.file(&name);
			let file = SafetensorsFile::open(&path)?;
			for tensor in file.tensors().keys() {
				if let Some(other) = tensors.insert(tensor.clone(), shards.len()) {
					let (other, _): &(String, _) = &shards[other];
					let fault = TensorFault::Twice { other: folder.file(other) };
					return Err(ImportError::tensor(&path, tensor, fault));
				}
			}
			shards.push((name, file));
		}
		let checkpoint = Self { folder: folder.clone(), shards, tensors };
		for (tensor, file) in index {
			let shard = checkpoint.tensors.get(&tensor).map(|shard| &checkpoint.shards[*shard].0);
			if shard != Some(&file) {
				let path = checkpoint.folder.file(&file);
				return Err(ImportError::tensor(&path, &tensor, TensorFault::NotInShard));
			}
		}
		Ok(checkpoint)
	}

	/// Names of the files.
	pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
		self.shards.iter().map(|(name, _)| name.as_str())
	}

	/// Names of all tensors.
	pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
		self.tensors.keys().map(String::as_str)
	}

	/// Whether there is a tensor of this name.
	pub(crate) fn has(&self, name: &str) -> bool {
		self.tensors.contains_key(name)
	}

	/// The element type of a tensor, if it is there.
	pub(crate) fn dtype(&self, name: &str) -> Option<Dtype> {
		Some(self.find(name)?.1.dtype)
	}

	/// The file of a tensor, or the folder.
	pub(crate) fn path_of(&self, name: &str) -> &Path {
		self.find(name).map_or(self.folder.path(), |(file, _)| file.path())
	}

	/// A tensor of floats with this shape.
	pub(crate) fn floats<'c>(
		&'c self,
		name: &'c str,
		shape: &[usize],
	) -> Result<SourceTensor<'c>, ImportError> {
		let tensor = self.tensor(name, shape)?;
		if float_bytes(tensor.place.dtype).is_none() {
			let found = tensor.place.dtype.to_string();
			return Err(tensor.fault(TensorFault::Dtype { found, expected: FLOATS }));
		}
		Ok(tensor)
	}

	/// A tensor of signed bytes with this shape.
	pub(crate) fn bytes<'c>(
		&'c self,
		name: &'c str,
		shape: &[usize],
	) -> Result<SourceTensor<'c>, ImportError> {
		let tensor = self.tensor(name, shape)?;
		if tensor.place.dtype != Dtype::I8 {
			let found = tensor.place.dtype.to_string();
			return Err(tensor.fault(TensorFault::Dtype { found, expected: "I8" }));
		}
		Ok(tensor)
	}

	fn find(&self, name: &str) -> Option<(&SafetensorsFile, &TensorPlace)> {
		let (_, file) = self.shards.get(*self.tensors.get(name)?)?;
		Some((file, file.tensors().get(name)?))
	}

	fn tensor<'c>(
		&'c self,
		name: &'c str,
		shape: &[usize],
	) -> Result<SourceTensor<'c>, ImportError> {
		let Some((file, place)) = self.find(name) else {
			return Err(ImportError::tensor(self.folder.path(), name, TensorFault::Missing));
		};
		let columns = if shape.len() < 2 { 1 } else { shape[1..].iter().product() };
		let tensor = SourceTensor { name, file, place, columns };
		if place.shape != shape {
			let (expected, found) = (shape.to_vec(), place.shape.clone());
			return Err(tensor.fault(TensorFault::Shape { expected, found }));
		}
		Ok(tensor)
	}
}

impl SourceTensor<'_> {
	/// Size in bytes.
	pub(crate) fn bytes(&self) -> u64 {
		self.place.bytes
	}

	/// Bytes of a row.
	pub(crate) fn row_bytes(&self) -> usize {
		self.columns * self.place.dtype.bitsize() / 8
	}

	/// Reads whole rows from `first` on; their number follows from the length of `raw`.
	pub(crate) fn read_raw(&self, first: usize, raw: &mut [u8]) -> Result<(), ImportError> {
		let start = self.place.start + (first * self.row_bytes()) as u64;
		Ok(self.file.read_at(start, raw)?)
	}

	/// Reads `rows` rows from `first` on as finite f32. `raw` is working space.
	pub(crate) fn read_floats(
		&self,
		first: usize,
		rows: usize,
		raw: &mut Vec<u8>,
		out: &mut Vec<f32>,
	) -> Result<(), ImportError> {
		raw.resize(rows * self.row_bytes(), 0);
		self.read_raw(first, raw)?;
		out.clear();
		decode(self.place.dtype, raw, out);
		match out.iter().position(|value| !value.is_finite()) {
			None => Ok(()),
			Some(at) => {
				let (row, column) =
					((first + at / self.columns) as u64, (at % self.columns) as u64);
				let index = if self.place.shape.len() < 2 { vec![row] } else { vec![row, column] };
				let value = out[at].to_string();
				Err(self.fault(TensorFault::NotFinite { index, value }))
			}
		}
	}

	/// The error for a fault of this tensor.
	pub(crate) fn fault(&self, fault: TensorFault) -> ImportError {
		ImportError::tensor(self.file.path(), self.name, fault)
	}
}
