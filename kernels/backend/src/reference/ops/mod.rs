//! What each kind of operation computes, a file for each.

pub(super) mod attention;
pub(super) mod elementwise;
pub(super) mod embed;
pub(super) mod gated;
pub(super) mod heads;
pub(super) mod linear;
pub(super) mod mean_pool;
pub(super) mod normalise;
pub(super) mod quantise;
pub(super) mod take;
