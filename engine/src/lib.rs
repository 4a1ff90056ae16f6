//! The engine: text in, tokens or an embedding out, on any backend.
//!
//! | question | owner |
//! | --- | --- |
//! | how text becomes tokens and tokens become text | [`tokenizer`] |
//! | how a chat becomes a prompt | [`chat`] |
//! | which numbers a user's sampling parameters mean | [`sampling`] |
//! | how many requests share one executor, and when an answer ends | [`generation`] |
//! | how texts become vectors | [`embedding`] |
//! | what is hashed of an answer | [`output`] |
//! | which files all of this comes from, and whether they fit | [`text_files`], [`text_model`] |
//!
//! Everything here is a function of its inputs: no clock, no chance, no network. What an answer is
//! depends on the model, the prompt and the sampling parameters only, never on the backend, on other
//! requests or on time.

#![forbid(unsafe_code)]

pub mod chat;
pub mod embedding;
pub mod generation;
pub mod output;
pub mod sampling;
pub mod text_files;
pub mod text_model;
pub mod tokenizer;
