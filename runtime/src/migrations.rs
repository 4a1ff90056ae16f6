//! What an upgrade changes in storage.
//!
//! A migration enters [`Unreleased`], moves to [`Released`] with the release that carries it, and
//! is removed once every public chain has run it. Migrations over many blocks are listed in
//! `configs/migrations.rs`.

/// Migrations that no released runtime has run yet.
pub type Unreleased = ();
/// Migrations of the current release.
pub type Released = ();
/// What a new runtime runs in its first block.
pub type SingleBlock = (Released, Unreleased);
