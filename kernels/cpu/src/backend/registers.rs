//! The registers of a pass, kept as memory for the next one.

use assay_programs::op::Register;

use crate::Codes;

/// What has been computed. A register has a place for either form of value; the program's types say
/// which of them is meant.
#[derive(Debug)]
pub(super) struct Registers {
	floats: Vec<Vec<f32>>,
	codes: Vec<Codes>,
	/// Where the next result goes that cannot replace its operand.
	spare: Vec<f32>,
}

impl Registers {
	pub(super) fn new() -> Self {
		let all = 0..=Register::MAX;
		Self {
			floats: all.clone().map(|_| Vec::new()).collect(),
			codes: all.map(|_| Codes::new()).collect(),
			spare: Vec::new(),
		}
	}

	#[cfg(test)]
	pub(super) fn memory(&self) -> usize {
		let floats = self.floats.iter().chain([&self.spare]).map(|rows| size_of_val(&rows[..]));
		let codes = self.codes.iter();
		let codes = codes.map(|rows| rows.rows() * Codes::row_memory(rows.inputs(), rows.digits()));
		floats.chain(codes).sum()
	}

	/// f32 rows.
	pub(super) fn floats(&self, register: Register) -> &[f32] {
		&self.floats[usize::from(register)]
	}

	/// Rows of codes, or of heads.
	pub(super) fn codes(&self, register: Register) -> &Codes {
		&self.codes[usize::from(register)]
	}

	/// The f32 rows of a register, to be changed and [given back](Self::set_floats).
	pub(super) fn take_floats(&mut self, register: Register) -> Vec<f32> {
		core::mem::take(&mut self.floats[usize::from(register)])
	}

	/// The codes of a register, to be changed and [given back](Self::set_codes).
	pub(super) fn take_codes(&mut self, register: Register) -> Codes {
		core::mem::take(&mut self.codes[usize::from(register)])
	}

	/// Memory of unspecified content for a result that does not replace its operand.
	pub(super) fn take_spare(&mut self) -> Vec<f32> {
		core::mem::take(&mut self.spare)
	}

	/// Sets f32 rows. The memory of those before is spare if there is no other.
	pub(super) fn set_floats(&mut self, register: Register, rows: Vec<f32>) {
		let before = core::mem::replace(&mut self.floats[usize::from(register)], rows);
		if before.capacity() > self.spare.capacity() {
			self.spare = before;
		}
	}

	/// Drops a value that nobody reads any more. The memory of f32 rows is spare if there is no other.
	pub(super) fn clear(&mut self, register: Register) {
		let rows = self.take_floats(register);
		if rows.capacity() > self.spare.capacity() {
			self.spare = rows;
		}
		self.take_codes(register);
	}

	/// Sets codes.
	pub(super) fn set_codes(&mut self, register: Register, codes: Codes) {
		self.codes[usize::from(register)] = codes;
	}
}
