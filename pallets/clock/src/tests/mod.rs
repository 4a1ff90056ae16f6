//! - `ticks`: what a block counts
//! - `pauses`: when the clock stands still, and what the view function says about it
//! - `fullness`: which blocks are full
//! - `properties`: random histories, and the checks of the state

mod fullness;
mod pauses;
mod properties;
mod ticks;
