//! Slot and epoch from genesis.

use crate::Runtime;

impl pallet_timing::Config for Runtime {}
