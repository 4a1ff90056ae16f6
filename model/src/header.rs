//! Headers of safetensors files, and reading at a place without mapping the file.

use std::{
	collections::BTreeMap,
	fmt,
	fs::File,
	os::unix::fs::FileExt,
	path::{Path, PathBuf},
};

use safetensors::{
	tensor::{Metadata, TensorInfo},
	Dtype,
};
use serde::{
	de::{MapAccess, Visitor},
	Deserialize, Deserializer,
};

use crate::{ModelError, WeightsFault};

/// Longest header that readers of the format accept.
const MAX_HEADER: u64 = 100_000_000;
/// Bytes of the header's length.
const LENGTH: u64 = size_of::<u64>() as u64;
/// The entry of the header that is no tensor.
const METADATA: &str = "__metadata__";

/// A safetensors file whose header is known to fit the file.
#[derive(Debug)]
pub struct SafetensorsFile {
	path: PathBuf,
	file: File,
	tensors: BTreeMap<String, TensorPlace>,
}

/// Where a tensor lies and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TensorPlace {
	/// Type of the elements.
	pub dtype: Dtype,
	/// Rows first.
	pub shape: Vec<usize>,
	/// First byte in the file.
	pub start: u64,
	/// Size in bytes.
	pub bytes: u64,
}

/// An entry of the header before its element type is understood, so that an unknown one can be
/// reported with the tensor's name.
#[derive(Deserialize)]
struct RawInfo {
	dtype: String,
	shape: Vec<usize>,
	data_offsets: (usize, usize),
}

/// The entries of a header, in its order. A map would drop all but one of those that share a name.
struct RawEntries(Vec<(String, serde_json::Value)>);

impl<'de> Deserialize<'de> for RawEntries {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		struct Entries;

		impl<'de> Visitor<'de> for Entries {
			type Value = RawEntries;

			fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
				f.write_str("an object of tensors")
			}

			fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawEntries, A::Error> {
				let mut entries = Vec::new();
				while let Some(entry) = map.next_entry()? {
					entries.push(entry);
				}
				Ok(RawEntries(entries))
			}
		}

		deserializer.deserialize_map(Entries)
	}
}

impl SafetensorsFile {
	/// Opens a file and checks its header against its length.
	///
	/// # Errors
	/// If the file cannot be read, its header is malformed, or it is shorter or longer than the header
	/// says.
	pub fn open(path: &Path) -> Result<Self, ModelError> {
		let io = |source| ModelError::io(path, source);
		let file = File::open(path).map_err(io)?;
		let bytes = file.metadata().map_err(io)?.len();
		let fault = |fault| ModelError::weights(path, fault);
		let data = bytes.checked_sub(LENGTH).ok_or(fault(WeightsFault::NoHeader { bytes }))?;
		let mut length = [0; size_of::<u64>()];
		file.read_exact_at(&mut length, 0).map_err(io)?;
		let claimed = u64::from_le_bytes(length);
		let limit = data.min(MAX_HEADER);
		if claimed > limit {
			return Err(fault(WeightsFault::HeaderLength { claimed, limit }));
		}
		let mut header = vec![0; usize_of(claimed)];
		file.read_exact_at(&mut header, LENGTH).map_err(io)?;
		let infos = parse(&header).map_err(fault)?;
		let start = LENGTH + claimed;
		let tensors = places(infos, start);
		check_length(&tensors, start, bytes).map_err(fault)?;
		Ok(Self { path: path.to_path_buf(), file, tensors })
	}

	/// The file.
	pub fn path(&self) -> &Path {
		&self.path
	}

	/// All tensors by name.
	pub fn tensors(&self) -> &BTreeMap<String, TensorPlace> {
		&self.tensors
	}

	/// Fills `out` from the file's byte `start` on.
	///
	/// # Errors
	/// If the file cannot be read there.
	pub fn read_at(&self, start: u64, out: &mut [u8]) -> Result<(), ModelError> {
		self.file.read_exact_at(out, start).map_err(|source| ModelError::io(&self.path, source))
	}
}

/// The tensors that a header names, checked one by one and as a whole.
fn parse(header: &[u8]) -> Result<BTreeMap<String, TensorInfo>, WeightsFault> {
	let malformed = |reason: String| WeightsFault::Header { reason };
	let RawEntries(entries) =
		serde_json::from_slice(header).map_err(|error| malformed(error.to_string()))?;
	let mut infos = BTreeMap::new();
	for (tensor, entry) in entries.into_iter().filter(|(name, _)| name != METADATA) {
		if infos.contains_key(&tensor) {
			return Err(WeightsFault::Twice { tensor });
		}
		let RawInfo { dtype, shape, data_offsets } = serde_json::from_value(entry)
			.map_err(|error| malformed(format!("tensor {tensor}: {error}")))?;
		let Ok(known) = serde_json::from_value::<Dtype>(dtype.as_str().into()) else {
			return Err(WeightsFault::UnknownDtype { tensor, dtype });
		};
		let found = data_offsets.1.saturating_sub(data_offsets.0) as u64;
		let bits = shape.iter().try_fold(known.bitsize(), |bits, &side| bits.checked_mul(side));
		let expected = bits.unwrap_or(usize::MAX).div_ceil(8) as u64;
		if expected != found {
			return Err(WeightsFault::Mislabelled { tensor, shape, dtype, expected, found });
		}
		infos.insert(tensor, TensorInfo { dtype: known, shape, data_offsets });
	}
	// The crate's own check: no holes, no overlaps.
	let mut by_offset: Vec<_> =
		infos.iter().map(|(name, info)| (name.clone(), info.clone())).collect();
	by_offset.sort_by_key(|(_, info)| info.data_offsets);
	Metadata::new(None, by_offset).map_err(|error| malformed(error.to_string()))?;
	Ok(infos)
}

fn places(infos: BTreeMap<String, TensorInfo>, start: u64) -> BTreeMap<String, TensorPlace> {
	let place = |info: TensorInfo| TensorPlace {
		dtype: info.dtype,
		shape: info.shape,
		start: start + info.data_offsets.0 as u64,
		bytes: (info.data_offsets.1 - info.data_offsets.0) as u64,
	};
	infos.into_iter().map(|(name, info)| (name, place(info))).collect()
}

/// That the file ends with its last tensor.
fn check_length(
	tensors: &BTreeMap<String, TensorPlace>,
	start: u64,
	found: u64,
) -> Result<(), WeightsFault> {
	let end = |place: &TensorPlace| place.start + place.bytes;
	let expected = tensors.values().map(end).max().unwrap_or(start);
	let broken = tensors.iter().filter(|(_, place)| end(place) > found);
	if let Some((tensor, _)) = broken.min_by_key(|(_, place)| place.start) {
		return Err(WeightsFault::Truncated { tensor: tensor.clone(), expected, found });
	}
	match found - expected {
		0 => Ok(()),
		surplus => Err(WeightsFault::Surplus { surplus }),
	}
}

/// A length that is known to fit into memory's addresses.
pub(crate) fn usize_of(length: u64) -> usize {
	usize::try_from(length).unwrap_or(usize::MAX)
}
