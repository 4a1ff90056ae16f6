//! One file per concern.

/// Bonding, topping up, debts.
mod bonding;
/// What can be sold.
mod capacity;
/// What other pallets ask.
mod exposure;
/// Any history of calls keeps the properties.
mod histories;
/// Online, heartbeats, downtime.
mod liveness;
/// Owners and delegates.
mod members;
/// Offers, their standing, the list of the best.
mod offers;
/// Each property, broken and noticed.
mod properties;
/// Numbers that fade.
mod reputation;
/// Turns that were missed.
mod rest;
/// Another owner.
mod rotation;
/// Who is found for a job.
mod search;
/// Slashes and what they leave owed.
mod slash;
/// What subscriptions ask of offers.
mod subscribed;
/// What users see.
mod views;
/// The way out.
mod withdrawal;
