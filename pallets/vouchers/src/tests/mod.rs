//! One file per call or concern.

mod close;
mod duties;
mod escrow;
mod histories;
mod hostile;
mod mint;
mod open_series;
mod owed;
mod parameters;
mod properties;
mod quotes;
mod rates;
mod reclaim;
mod redeem;
mod step_price;
mod subscriptions;
mod views;
