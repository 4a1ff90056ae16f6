//! Generation: requests in, tokens or text out.
//!
//! [`Batcher`] knows tokens only; it is all that a job of the chain needs. [`Generator`] adds text around
//! it: prompts, answers in whole characters, stop strings.

mod batcher;
mod request;
mod stop;
mod text;

pub use batcher::{BatchLimits, Batcher, Event};
pub use request::{FinishReason, Request, RequestError, RequestId};
pub use stop::StopFilter;
pub use text::{Answer, Generator, TextEvent};
