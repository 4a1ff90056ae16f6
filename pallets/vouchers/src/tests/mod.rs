//! One file per call or concern.

mod close;
mod escrow;
mod histories;
mod hostile;
mod mint;
mod open_series;
mod parameters;
mod properties;
mod quotes;
mod rates;
mod reclaim;
mod redeem;
mod step_price;
mod subscriptions;
mod views;
