//! - `pay`: what a payment notes, and which ones are refused
//! - `claim`: what a claim moves, to whom, and which ones are refused and stay
//! - `rotate`: claims that change their owner
//! - `account`: the existential deposit and gifts
//! - `properties`: random histories, and the checks of the state

mod account;
mod claim;
mod pay;
mod properties;
mod rotate;
