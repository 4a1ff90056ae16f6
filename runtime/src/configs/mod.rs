//! How each pallet is configured: one file per pallet.

pub mod asset_conversion;
pub mod assets;
pub mod authorship;
pub mod babe;
pub mod bags_list;
pub mod balances;
pub mod grandpa;
pub mod migrations;
pub mod multisig;
pub mod offences;
pub mod parameters;
pub mod preimage;
pub mod proxy;
pub mod referenda;
pub mod safe_mode;
pub mod scheduler;
pub mod session;
pub mod staking;
pub mod sudo;
pub mod system;
pub mod technical_committee;
pub mod timestamp;
pub mod timing;
pub mod transaction_payment;
pub mod treasury;
pub mod utility;
