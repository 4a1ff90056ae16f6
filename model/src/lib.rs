//! The model directory: what an imported model is on disk.
//!
//! | file | content |
//! | --- | --- |
//! | `manifest.json` | what the model is, where it comes from, its hashes and roots: [`Manifest`] |
//! | `program.scale` | the program, SCALE-encoded |
//! | `weights.safetensors` | a tensor for each copy of each entry of the program's table: [`WeightsFile`] |
//! | `tokenizer.json` and others | as the source has them |
//!
//! A directory is [opened](Model::open) by those who run it and [verified](Model::verify) by those who
//! do not trust it. It comes into being in one step, when an [`Assembly`] is finished.

#![forbid(unsafe_code)]

mod assembly;
mod error;
mod hashing;
mod header;
mod layout;
mod manifest;
mod model;
mod parents;
mod partial;
mod quality;
mod text;
mod weights;
mod writer;

pub use assembly::Assembly;
pub use error::{ModelError, WeightsFault};
pub use hashing::{hash_file, WeightsTree};
pub use header::{SafetensorsFile, TensorPlace};
pub use layout::Layout;
pub use manifest::{
	Format, Kind, Manifest, RunCost, SmoothingRecord, Source, SourceFile, TensorEntry, MANIFEST,
};
pub use model::{Model, PROGRAM, TOKENIZER, WEIGHTS};
pub use parents::ParentFolders;
pub use quality::{Accuracy, EmbedFigures, EvaluationText, Figures, GenerateFigures, Quality};
pub use weights::WeightsFile;
pub use writer::WeightsWriter;
