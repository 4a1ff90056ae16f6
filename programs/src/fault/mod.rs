//! Why a program is refused.

mod display;
mod reason;

pub use reason::Reason;

/// A refusal: what is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault {
	/// The operation, unless the fault is one of the program as a whole.
	pub place: Option<Place>,
	/// What is wrong.
	pub reason: Reason,
}

/// An operation of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
	/// Index of the block.
	pub block: usize,
	/// Index of the operation in its block.
	pub op: usize,
	/// The operation's name.
	pub name: &'static str,
}

impl Fault {
	/// A fault of the program as a whole.
	pub(crate) const fn of_program(reason: Reason) -> Self {
		Self { place: None, reason }
	}
}

impl Place {
	/// A fault at this place.
	pub(crate) const fn fault(self, reason: Reason) -> Fault {
		Fault { place: Some(self), reason }
	}
}
