//! The weights of a Hugging Face folder as f32 tensors.

use std::{
	collections::{BTreeMap, BTreeSet},
	path::{Path, PathBuf},
};

use assay_model::{SafetensorsFile, TensorPlace};
use candle_core::{DType, Device, Tensor};
use safetensors::Dtype;
use serde::Deserialize;

use super::read_json;
use crate::QualityError;

const SINGLE: &str = "model.safetensors";
const INDEX: &str = "model.safetensors.index.json";

/// The files of the weights.
pub(super) struct Checkpoint {
	folder: PathBuf,
	files: Vec<SafetensorsFile>,
}

/// The index of weights in several files, as far as it is needed: every file names its tensors itself.
#[derive(Deserialize)]
struct Index {
	weight_map: BTreeMap<String, String>,
}

impl Checkpoint {
	/// Opens the files that the folder's weights are in.
	pub(super) fn open(folder: &Path) -> Result<Self, QualityError> {
		let (index, single) = (folder.join(INDEX), folder.join(SINGLE));
		let names: BTreeSet<String> = if index.is_file() {
			read_json::<Index>(&index)?.weight_map.into_values().collect()
		} else if single.is_file() {
			BTreeSet::from([SINGLE.to_owned()])
		} else {
			return Err(QualityError::NoWeights { folder: folder.to_path_buf() });
		};
		let open = |name: String| SafetensorsFile::open(&folder.join(name));
		let files = names.into_iter().map(open).collect::<Result<_, _>>()?;
		Ok(Self { folder: folder.to_path_buf(), files })
	}

	/// Whether there is a tensor of this name.
	pub(super) fn has(&self, name: &str) -> bool {
		self.find(name).is_some()
	}

	/// The tensor of this name, which must have this shape and hold floats.
	///
	/// Checked here because candle-transformers panics on what is missing.
	pub(super) fn tensor(&self, name: &str, shape: &[usize]) -> Result<Tensor, QualityError> {
		let Some((file, place)) = self.find(name) else {
			let (folder, tensor) = (self.folder.clone(), name.to_owned());
			return Err(QualityError::MissingTensor { folder, tensor });
		};
		let dtype = float(place.dtype).filter(|_| place.shape == shape);
		let dtype = dtype.ok_or_else(|| QualityError::Tensor {
			path: file.path().to_path_buf(),
			tensor: name.to_owned(),
			found: format!("{:?} of {}", place.shape, place.dtype),
			expected: format!("{shape:?} of F32, F16 or BF16"),
		})?;
		let mut bytes = vec![0; usize::try_from(place.bytes).unwrap_or(usize::MAX)];
		file.read_at(place.start, &mut bytes)?;
		let tensor = Tensor::from_raw_buffer(&bytes, dtype, shape, &Device::Cpu)?;
		Ok(tensor.to_dtype(DType::F32)?)
	}

	fn find(&self, name: &str) -> Option<(&SafetensorsFile, &TensorPlace)> {
		self.files.iter().find_map(|file| Some((file, file.tensors().get(name)?)))
	}
}

/// The candle type of floats.
fn float(dtype: Dtype) -> Option<DType> {
	match dtype {
		Dtype::F32 => Some(DType::F32),
		Dtype::F16 => Some(DType::F16),
		Dtype::BF16 => Some(DType::BF16),
		_ => None,
	}
}
