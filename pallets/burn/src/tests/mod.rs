//! - `configuration`: what governance may set, and what it may not
//! - `distribute`: where the price of a job goes
//! - `emission`: what is minted for a job
//! - `filling`: what the insurance's assets do, and lots that are given up
//! - `lot`: the average price, and the split of an order
//! - `sale`: when orders are placed, and how they fail
//! - `supply`: what the ledger notes, takes up and forgets
//! - `staking`: the pot, and what staking reports
//! - `accounts`: deposits and gifts
//! - `properties`: random histories, and the checks of the state

mod accounts;
mod configuration;
mod distribute;
mod emission;
mod filling;
mod lot;
mod properties;
mod sale;
mod staking;
mod supply;
