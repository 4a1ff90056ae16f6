//! Roles, and the sets of them that may conspire.

use core::fmt;

/// A part that an account may have in the market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
	/// Answers, and answers for it with a bond.
	Provider,
	/// Has vouchers and asks.
	User,
	/// Refutes answers, or demands the data to do so.
	Challenger,
	/// Is drawn to check answers, and signs what it found.
	Auditor,
	/// Undertook to serve a series, and earns the premium of what it serves.
	Subscriber,
	/// Makes blocks, and earns the validators' share.
	Author,
}

impl Role {
	/// Every role.
	pub const ALL: [Self; 6] = [
		Self::Provider,
		Self::User,
		Self::Challenger,
		Self::Auditor,
		Self::Subscriber,
		Self::Author,
	];

	/// Its letter in tables.
	pub const fn letter(self) -> char {
		match self {
			Self::Provider => 'P',
			Self::User => 'U',
			Self::Challenger => 'C',
			Self::Auditor => 'A',
			Self::Subscriber => 'S',
			Self::Author => 'B',
		}
	}

	const fn bit(self) -> u8 {
		1 << self as u8
	}
}

/// Roles that share what they win and lose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coalition(u8);

impl Coalition {
	/// The coalition of these roles.
	pub const fn of(roles: &[Role]) -> Self {
		let mut bits = 0;
		let mut index = 0;
		while index < roles.len() {
			bits |= roles[index].bit();
			index += 1;
		}
		Self(bits)
	}

	/// Every set of roles but the empty one.
	pub fn all() -> impl Iterator<Item = Self> {
		(1..1 << Role::ALL.len()).map(Self)
	}

	/// Whether it has this role.
	pub const fn has(self, role: Role) -> bool {
		self.0 & role.bit() != 0
	}

	/// Whether it has all roles of another.
	pub const fn includes(self, other: Self) -> bool {
		self.0 & other.0 == other.0
	}

	/// With a role more.
	#[must_use]
	pub const fn and(self, role: Role) -> Self {
		Self(self.0 | role.bit())
	}

	/// Its roles.
	pub fn roles(self) -> impl Iterator<Item = Role> {
		Role::ALL.into_iter().filter(move |role| self.has(*role))
	}
}

impl fmt::Display for Coalition {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		self.roles().try_for_each(|role| write!(f, "{}", role.letter()))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn all_sets_should_be_listed_once() {
		let all: Vec<String> = Coalition::all().map(|one| one.to_string()).collect();
		assert_eq!(all.len(), 63);
		assert_eq!((all[0].as_str(), all[62].as_str()), ("P", "PUCASB"));
		let mut once = all.clone();
		once.sort();
		once.dedup();
		assert_eq!(once.len(), all.len());
	}

	#[test]
	fn inclusion_should_be_that_of_sets() {
		let one = Coalition::of(&[Role::User]);
		let two = one.and(Role::Auditor);
		assert!(two.includes(one) && two.includes(two) && !one.includes(two));
	}
}
