//! Mistakes of the person who starts a node: each costs one line that names the cause and the
//! fix, an exit code that is not zero, a few seconds, and no byte of the database. Commands that a line
//! advises are typed as they stand, and have to help.
//!
//! - [`flags`]: flags, ports and the base path;
//! - [`specs`]: chain specs;
//! - [`keys`]: network key and keystore;
//! - [`database`]: databases of other chains, in use, damaged;
//! - [`refusal`]: starting a node that must refuse.

mod database;
mod flags;
mod keys;
mod refusal;
mod specs;
