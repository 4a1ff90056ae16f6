//! Starts real `assay-node` processes on this machine and talks to them as a client would.
//!
//! The tests of this crate, its program `assay-localnet` (the demo, a local network) and the
//! measurements in `benches/node/` share the pieces:
//!
//! - [`artifacts`]: where the node and the Wasm runtimes are found;
//! - [`process`], [`command`], [`node`], [`network`]: processes that never outlive this program, a
//!   command that ends by itself, one node, a network of nodes;
//! - [`rpc`], [`client`]: plain JSON-RPC, and transactions, events and storage through subxt;
//! - [`wait`]: conditions with a limit; [`interrupt`]: an early end;
//! - [`demo`], [`up`]: what the program's commands do;
//! - [`units`], [`progress`]: what people read.

pub mod artifacts;
pub mod client;
pub mod command;
pub mod demo;
pub mod interrupt;
mod log;
pub mod network;
pub mod node;
pub mod process;
pub mod progress;
pub mod rpc;
pub mod units;
pub mod up;
pub mod wait;
