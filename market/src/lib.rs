//! The vocabulary of the market: what its pallets, its clients and its workers call things, and the
//! traits by which the pallets know each other.
//!
//! | question | owner |
//! | --- | --- |
//! | how models, jobs, series and providers are named | [`ids`] |
//! | in what compute, money and time are counted | [`units`] |
//! | what is registered of a model | [`manifest`] |
//! | what a user asks for, and the id that its job has | [`request`] |
//! | what a job promises, and what its hash covers | [`terms`] |
//! | what one pallet may ask of another | [`traits`] |
//!
//! No pallet depends on another pallet's crate: each asks for a trait of [`traits`], and the runtime
//! says who answers.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod ids;
pub mod manifest;
pub mod request;
pub mod terms;
pub mod traits;
pub mod units;

pub use ids::{CommitmentHash, JobId, ModelId, ProviderId, SeriesId, TermsHash};
pub use manifest::Manifest;
pub use request::{Assignment, Request};
pub use terms::{Commitment, Conditions, Lengths, Limits, Sampling, Terms, TokenList};
pub use units::{AssetId, Balance, Price, Quote, Tick};
