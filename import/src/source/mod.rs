//! Reading a Hugging Face folder.

mod checkpoint;
mod config;
mod element;
mod folder;
mod number;
mod pooling;
mod quantised;
mod tokenizer;

pub(crate) use checkpoint::{Checkpoint, SourceTensor};
pub(crate) use config::Config;
pub(crate) use folder::Folder;
pub(crate) use number::{fixed_point, integer};
pub(crate) use pooling::{read_pooling, PooledRows, Pooling};
pub(crate) use quantised::check_quantisation;
pub(crate) use tokenizer::{doubt, read_tokenizer, text_files};
