//! How the channels of heads are cut into groups.

use core::ops::Range;

use crate::grid::GROUP;

/// Groups of a head of values, of attention records and of attention rows.
pub(super) const fn groups(head_dim: u32) -> u32 {
	head_dim.div_ceil(GROUP)
}

/// The channels of a group; the last may be shorter.
pub(super) fn channels(head_dim: u32, group: u32) -> Range<u32> {
	let start = group.saturating_mul(GROUP).min(head_dim);
	start..start.saturating_add(GROUP).min(head_dim)
}

/// The group that a channel of a head belongs to.
pub(super) const fn group_of(channel: u32) -> u32 {
	channel / GROUP
}
