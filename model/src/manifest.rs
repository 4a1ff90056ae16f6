//! `manifest.json`: what a model is and where it comes from.

use std::{fs, io::ErrorKind, path::Path};

use assay_primitives::hash::{Hash, ProgramHash, WeightsRoot};
use assay_programs::{self as programs, Program};
use serde::{Deserialize, Serialize};

use crate::{text, ModelError, Quality};

/// Name of the file in a model directory.
pub const MANIFEST: &str = "manifest.json";

/// What a model is and where it comes from. All but [`source`](Self::source), [`notes`](Self::notes)
/// and [`quality`](Self::quality) can be checked against the directory; those are the importer's
/// claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
	/// Of the directory.
	pub format: Format,
	/// What goes in and what comes out.
	pub kind: Kind,
	/// As the source names it, such as `LlamaForCausalLM`.
	pub architecture: String,
	/// Name of the profile of precisions.
	pub profile: String,
	/// How channels were smoothed, if they were.
	pub smoothing: Option<SmoothingRecord>,
	/// Version of the arithmetic.
	pub numerics_version: u32,
	/// Hash of `program.scale`.
	#[serde(with = "text")]
	pub program_hash: ProgramHash,
	/// Root over the weights.
	#[serde(with = "text")]
	pub weights_root: WeightsRoot,
	/// Hash of `tokenizer.json`.
	#[serde(with = "text")]
	pub tokenizer_hash: Hash,
	/// Token ids that end an output; none for a model that embeds.
	pub stop_ids: Vec<u32>,
	/// What was imported.
	pub source: Source,
	/// What the model lacks of the source, or what looks wrong about it, in a sentence each, for people.
	#[serde(default, skip_serializing_if = "Vec::is_empty")]
	pub notes: Vec<String>,
	/// What runs of some usual lengths cost.
	pub costs: Vec<RunCost>,
	/// How the model compares with the float model, once measured.
	pub quality: Option<Quality>,
	/// The program's table of tensors by name, in order.
	pub tensors: Vec<TensorEntry>,
}

/// Version of the directory's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "u32", try_from = "u32")]
pub enum Format {
	/// The only one so far.
	V1,
}

impl From<Format> for u32 {
	fn from(format: Format) -> Self {
		match format {
			Format::V1 => 1,
		}
	}
}

impl TryFrom<u32> for Format {
	type Error = String;

	fn try_from(format: u32) -> Result<Self, String> {
		match format {
			1 => Ok(Self::V1),
			other => Err(format!("format {other} is unknown; this program reads format 1")),
		}
	}
}

/// What goes in and what comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
	/// Tokens in, tokens out.
	Generate,
	/// Tokens in, one vector out.
	Embed,
}

impl From<&programs::Kind> for Kind {
	fn from(kind: &programs::Kind) -> Self {
		match kind {
			programs::Kind::Generate { .. } => Self::Generate,
			programs::Kind::Embed => Self::Embed,
		}
	}
}

/// How channels were smoothed: with the source, all that the weights depend on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmoothingRecord {
	/// Share of the range that weights take over, in percent.
	pub percent: u8,
	/// Hash of the calibration text.
	#[serde(with = "text")]
	pub calibration_blake2_256: Hash,
}

/// What was imported, as the importer claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
	/// Name of the folder or repository.
	pub name: String,
	/// Revision of the repository, if given.
	pub revision: Option<String>,
	/// Every file that was read, by path.
	pub files: Vec<SourceFile>,
}

/// A file of the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
	/// Relative to the source's folder.
	pub path: String,
	/// Size.
	pub bytes: u64,
	/// Hash of the content.
	#[serde(with = "text")]
	pub blake2_256: Hash,
}

/// An entry of the program's table of tensors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TensorEntry {
	/// `*` stands for the number of the copy.
	pub name: String,
	/// Root over the leaves of this entry alone.
	#[serde(with = "text")]
	pub hash: Hash,
}

/// What a run of given lengths costs, by the function that the chain uses and the weights that it
/// begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunCost {
	/// Length of the input.
	pub input_tokens: u32,
	/// Length of the output; 0 for a model that embeds.
	pub output_tokens: u32,
	/// The price, in millionths of a compute unit.
	pub compute_units_millionths: u64,
	/// Multiply-accumulates of layers.
	pub layer_products: u64,
	/// Multiply-accumulates of attention.
	pub attention_products: u64,
	/// Steps on f32 elements.
	pub elements: u64,
	/// Bytes of the trace.
	pub trace_bytes: u64,
	/// Bytes of weights read for the output.
	pub output_bytes: u64,
}

/// Lengths that [`RunCost::of`] prices, input and output of a model that generates. One that embeds
/// has the inputs alone.
const PRICED: [(u32, u32); 3] = [(16, 16), (128, 128), (512, 256)];

impl RunCost {
	/// What runs of some usual lengths cost, as far as the program admits them.
	///
	/// # Errors
	/// If the program is not well typed.
	pub fn of(program: &Program) -> Result<Vec<Self>, programs::Fault> {
		let types = program.types()?;
		let weights = programs::cost::Weights::default();
		let lengths = PRICED.map(|(input, output)| match program.kind {
			programs::Kind::Generate { .. } => (input, output),
			programs::Kind::Embed => (input, 0),
		});
		let priced = lengths.into_iter().filter_map(|(input_tokens, output_tokens)| {
			let cost = types.cost(programs::Shape::new(program, input_tokens, output_tokens)?);
			Some(Self {
				input_tokens,
				output_tokens,
				compute_units_millionths: cost.compute_units(&weights).0,
				layer_products: cost.layer_products,
				attention_products: cost.attention_products,
				elements: cost.elements,
				trace_bytes: cost.trace_bytes,
				output_bytes: cost.output_bytes,
			})
		});
		Ok(priced.collect())
	}
}

impl Manifest {
	/// Reads the manifest of a model directory.
	///
	/// # Errors
	/// If there is none, or it is not one of this version.
	pub fn read(folder: &Path) -> Result<Self, ModelError> {
		let path = folder.join(MANIFEST);
		let bytes = fs::read(&path).map_err(|source| match source.kind() {
			ErrorKind::NotFound | ErrorKind::NotADirectory => {
				ModelError::NotAModel { path: folder.to_path_buf(), file: MANIFEST }
			}
			_ => ModelError::io(&path, source),
		})?;
		serde_json::from_slice(&bytes).map_err(|source| ModelError::Manifest { path, source })
	}

	/// Replaces the manifest of a model directory; readers see the old one or the new one.
	///
	/// # Errors
	/// If it cannot be written.
	pub fn replace(&self, folder: &Path) -> Result<(), ModelError> {
		let (path, next) = (folder.join(MANIFEST), folder.join("manifest.json.partial"));
		self.write(&next)?;
		fs::rename(&next, &path).map_err(|source| ModelError::io(&path, source))?;
		crate::partial::sync(folder).map_err(|source| ModelError::io(folder, source))
	}

	/// Writes the manifest and waits until it is on the disk.
	pub(crate) fn write(&self, path: &Path) -> Result<(), ModelError> {
		let mut text = serde_json::to_string_pretty(self)
			.map_err(|source| ModelError::Manifest { path: path.to_path_buf(), source })?;
		text.push('\n');
		crate::assembly::write_synced(path, text.as_bytes())
	}

	/// Names of the program's tensors, in order.
	pub fn names(&self) -> Vec<&str> {
		self.tensors.iter().map(|entry| entry.name.as_str()).collect()
	}

	/// Field, value as stated and value as it is of the first field that the program contradicts.
	pub(crate) fn contradiction(
		&self,
		program: &Program,
		hash: ProgramHash,
	) -> Option<(&'static str, String, String)> {
		let stop_ids: &[u32] = match &program.kind {
			programs::Kind::Generate { stop_ids } => stop_ids,
			programs::Kind::Embed => &[],
		};
		let differs = |field, stated: String, found: String| {
			(stated != found).then_some((field, stated, found))
		};
		differs("program_hash", self.program_hash.to_string(), hash.to_string())
			.or_else(|| {
				let (stated, found) = (self.numerics_version, program.numerics_version);
				differs("numerics_version", stated.to_string(), found.to_string())
			})
			.or_else(|| {
				let found = Kind::from(&program.kind);
				differs("kind", format!("{:?}", self.kind), format!("{found:?}"))
			})
			.or_else(|| {
				differs("stop_ids", format!("{:?}", self.stop_ids), format!("{stop_ids:?}"))
			})
	}
}
